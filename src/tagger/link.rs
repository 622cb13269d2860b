//! Which deals an item is evidence about: roles within sentences, then what the item as a whole allows.

use super::plan::DealPlan;
use super::quantity::{Kind, Quantity};
use super::reading::{Mention, Part, Reading, Sentence};
use super::role::Role;
use super::vocabulary::{How, Thing, Vocabulary};
use crate::domain::deal::Class;
use crate::domain::lexicon::{Action, Mood, SiliconClass, Topic};

/// One deal that the item is about.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// Position in the plans.
    pub deal: usize,
    /// 0 to 100.
    pub relevance: u8,
    /// The sentence that says most about it.
    pub sentence: usize,
    /// Why.
    pub rule: &'static str,
    score: i32,
    /// It stands in the headline.
    pub in_title: bool,
    role: Role,
}

/// Finds the deals.
pub(super) struct Linker<'a> {
    pub reading: &'a Reading,
    pub vocabulary: &'a Vocabulary,
    pub plans: &'a [DealPlan],
    pub quantities: &'a [Quantity],
    /// Companies whose own channel the item comes from: "we" and "our" are they.
    pub own: u64,
}

impl Linker<'_> {
    /// The deals of the item, most relevant first.
    pub(super) fn links(&self) -> Vec<Link> {
        if self.reading.companies == 0 {
            return Vec::new();
        }
        let mut links: Vec<Link> =
            self.plans.iter().enumerate().filter_map(|(at, plan)| self.score(at, plan)).collect();
        self.settle(&mut links);
        links.sort_by(|a, b| b.score.cmp(&a.score).then(a.deal.cmp(&b.deal)));
        for (place, link) in links.iter_mut().enumerate() {
            let base = match (link.in_title, link.score) {
                (true, 4..) => 100,
                (true, _) => 90,
                (false, 4..) => 80,
                (false, 3) => 60,
                _ => 45,
            };
            let crowd = 15 * place.saturating_sub(2) as i32;
            link.relevance = (base - crowd).clamp(10, 100) as u8;
        }
        links
    }

    /// How strongly the item speaks of one deal, if at all.
    fn score(&self, at: usize, plan: &DealPlan) -> Option<Link> {
        let mut best: Option<Link> = None;
        let mut titled = false;
        let mut offer = |score: i32, sentence: usize, part: Part, role: Role, rule: &'static str| {
            titled |= part == Part::Title && score >= 2;
            let better = best.as_ref().is_none_or(|link| score > link.score);
            if score > 0 && better {
                best = Some(Link {
                    deal: at,
                    relevance: 0,
                    sentence,
                    rule,
                    score,
                    in_title: part == Part::Title,
                    role,
                });
            }
        };
        let (mut buyer_at, mut seller_at) = (None, None);
        for (index, sentence) in self.reading.sentences.iter().enumerate() {
            if sentence.part == Part::Body {
                break;
            }
            let named = self.named(plan, sentence);
            if named > 0 {
                offer(named, index, sentence.part, Role::Party, "name");
            }
            let buyer = self.buyer(plan, sentence).filter(|name| !self.excluded(sentence, name));
            let seller = self.seller(plan, sentence, buyer.map(|name| name.start));
            if let (Some(Mention { thing: bought, start, .. }), Some((role, how, at))) = (buyer, seller) {
                let role = if self.split(sentence, start as usize, at as usize) {
                    Role::Background.min(role)
                } else {
                    role
                };
                let recalled = self.recalled(plan, sentence, at as usize);
                let pair = if recalled { 1 } else { self.pair(plan, sentence, role) };
                // A product on a cloud's shelf is no purchase of its compute.
                let pair = if how == How::Product { pair - 2 } else { pair };
                let model = matches!(bought, Thing::Company(_, How::Product));
                let people = how == How::Person && matches!(bought, Thing::Company(_, How::Person));
                let pair = if people && self.figures(sentence).is_empty() { pair - 2 } else { pair };
                let used = sentence.cues.has(Action::Adoption) || sentence.silicon != 0;
                let pair = if model && !used { pair - 2 } else { pair };
                offer(pair, index, sentence.part, role, "pair");
            }
            if buyer.is_some() && buyer_at.is_none() {
                buyer_at = Some(index);
            }
            if let Some((role, how, at)) = seller
                && seller_at.is_none_or(|(_, known, _)| role > known)
                && !self.recalled(plan, sentence, at as usize)
            {
                seller_at = Some((index, role, how));
            }
        }
        // The two stand in different sentences: one carries on what the other began.
        if let (Some(buyer), Some((seller, role, how))) = (buyer_at, seller_at)
            && buyer != seller
        {
            let index = buyer.max(seller);
            let score = self.across(plan, buyer, seller, role, how);
            offer(score, index, self.reading.sentences[buyer.min(seller)].part, role, "carry");
        }
        best.map(|link| Link { in_title: link.in_title || titled, ..link })
    }

    /// Strength of the deal's own name in a sentence.
    fn named(&self, plan: &DealPlan, sentence: &Sentence) -> i32 {
        let fits = self.reading.mentions_of(sentence).iter().any(|name| {
            let Thing::DealName(at) = name.thing else { return false };
            let named = &self.vocabulary.names[at as usize];
            named.deal == plan.slug.as_str()
                && (named.needs_companies == 0 && named.needs_silicon == 0
                    || named.distinct && self.compute()
                    || named.needs_companies & self.reading.companies != 0
                    || named.needs_silicon & self.reading.silicon != 0)
        });
        if !fits {
            return 0;
        }
        let moved = sentence.cues.has(Action::Setback) || sentence.cues.has(Action::Milestone);
        if sentence.part == Part::Title { 4 } else { 2 + i32::from(self.substance(sentence) || moved) }
    }

    /// Whether headline or summary speak of compute.
    fn compute(&self) -> bool {
        self.reading.sentences.iter().any(|s| s.part != Part::Body && s.cues.has(Topic::Compute))
    }

    /// The mention of the buyer, if it is there as more than a yardstick.
    fn buyer(&self, plan: &DealPlan, sentence: &Sentence) -> Option<Mention> {
        if sentence.companies & 1 << plan.buyer == 0 {
            return self.speaks(plan.buyer, sentence).then_some(Mention {
                start: sentence.start as u32,
                end: sentence.start as u32,
                thing: Thing::Company(plan.buyer, How::Name),
                inside: false,
            });
        }
        self.reading
            .mentions_of(sentence)
            .iter()
            .find(|name| matches!(name.thing, Thing::Company(at, _) if at == plan.buyer))
            .copied()
    }

    /// Whether a company speaks of its own dealings in a sentence of its own channel.
    fn speaks(&self, company: u8, sentence: &Sentence) -> bool {
        self.own & 1 << company != 0
            && !sentence.cues.has(Topic::Product)
            && (sentence.cues.has(Topic::Dealing)
                || sentence.cues.has(Mood::Binding)
                || sentence.cues.has(Topic::Backlog)
                || sentence.cues.has(Action::Commitment)
                || sentence.cues.has(Action::Expansion)
                || sentence.cues.has(Action::Amendment)
                || self.figures(sentence).iter().any(|figure| figure.kind == Kind::Power))
    }

    /// The strongest role of the seller in a sentence, and how it is named.
    pub(super) fn seller(
        &self,
        plan: &DealPlan,
        sentence: &Sentence,
        buyer: Option<u32>,
    ) -> Option<(Role, How, u32)> {
        if sentence.companies & plan.sellers == 0 && sentence.silicon & plan.signature == 0 {
            let own = self.speaks(plan.provider, sentence);
            return own.then_some((Role::Party, How::Name, sentence.start as u32));
        }
        let mut best: Option<(Role, How, u32)> = None;
        for name in self.reading.mentions_of(sentence) {
            let (role, how) = match name.thing {
                Thing::Company(at, how) if plan.sellers & 1 << at != 0 => {
                    if name.inside {
                        continue;
                    }
                    (self.role(sentence, name, buyer), how)
                }
                Thing::Silicon(at) if plan.signature & 1 << at != 0 => {
                    let role = self.role(sentence, name, buyer);
                    let gpu = self.vocabulary.silicon[at as usize].class == SiliconClass::Gpu;
                    let crowd = sentence.companies & plan.sellers == 0
                        && (sentence.companies & self.buyers()).count_ones() >= 3;
                    let role = match role {
                        Role::Party if gpu => Role::Fill,
                        Role::Party if crowd => Role::Background,
                        role => role,
                    };
                    (role, How::Name)
                }
                _ => continue,
            };
            if best.is_none_or(|(known, kind, _)| role > known || role == known && how < kind) {
                best = Some((role, how, name.start));
            }
        }
        best
    }

    /// Whether a company sells to a buyer that the item names: there it is more likely the seller.
    pub(super) fn serves_lab(&self, company: u8) -> bool {
        self.plans
            .iter()
            .any(|other| other.provider == company && self.reading.companies & 1 << other.buyer != 0)
    }

    /// Whether a company sells in some deal.
    pub(super) fn supplies(&self, company: u8) -> bool {
        self.plans.iter().any(|plan| plan.provider == company)
    }

    /// Companies that buy in some deal.
    fn buyers(&self) -> u64 {
        self.plans.iter().fold(0, |set, plan| set | 1 << plan.buyer)
    }

    pub(super) fn figures(&self, sentence: &Sentence) -> &[Quantity] {
        let (from, to) = sentence.quantities;
        self.quantities.get(from as usize..to as usize).unwrap_or_default()
    }

    /// Whether a sentence speaks of compute or of dealings at all.
    fn substance(&self, sentence: &Sentence) -> bool {
        sentence.cues.has(Topic::Compute)
            || sentence.cues.has(Topic::Dealing)
            || sentence.silicon != 0
            || self.figures(sentence).iter().any(|figure| figure.kind != Kind::Years)
    }

    /// Strength of buyer and seller in one sentence.
    fn pair(&self, plan: &DealPlan, sentence: &Sentence, role: Role) -> i32 {
        let base = match role {
            // "Looks past Nvidia": a word on the deal with Nvidia, if nothing else stands in its place.
            Role::Compared => {
                let leaves =
                    plan.gpu_only() && plan.class == Class::Silicon && sentence.cues.has(Action::Exploration);
                return if leaves { 2 } else { 0 };
            }
            Role::Background => 1,
            Role::Market | Role::Fill => 2,
            Role::Party => 3,
        };
        if self.merely_listed(plan, sentence) {
            return 1;
        }
        let action = [
            Action::Announcement,
            Action::Commitment,
            Action::Expansion,
            Action::Amendment,
            Action::Exploration,
            Action::Financing,
            Action::Adoption,
        ]
        .into_iter()
        .any(|action| sentence.cues.has(action));
        let title = sentence.part == Part::Title && role == Role::Party;
        base + i32::from(self.substance(sentence)) + i32::from(action || title) - 1
    }

    /// Strength of buyer and seller in different sentences.
    fn across(&self, plan: &DealPlan, buyer: usize, seller: usize, role: Role, how: How) -> i32 {
        let sentences = &self.reading.sentences;
        let (first, second) = (&sentences[buyer], &sentences[seller]);
        if role <= Role::Background || how == How::Product {
            return 0;
        }
        // A headline that names one of the two alone needs no word on compute if the summary has it.
        let (title_side, other) = if first.part == Part::Title { (first, second) } else { (second, first) };
        let tells = |sentence: &Sentence| {
            sentence.cues.has(Topic::Dealing)
                || sentence.cues.has(Topic::Backlog)
                || sentence.silicon & plan.signature & !plan.gpu != 0
                || self.figures(sentence).iter().any(|figure| figure.kind == Kind::Power)
        };
        let alone = title_side.part == Part::Title
            && title_side.companies.count_ones() <= 1
            && (tells(title_side) || tells(other))
            && !title_side.cues.has(Topic::OffTopic);
        let substance = self.substance(second) && self.substance(first) || alone;
        let title = first.part == Part::Title || second.part == Part::Title;
        // Another buyer that stands beside the seller takes the sentence for itself.
        let taken = self.plans.iter().any(|other| {
            other.provider == plan.provider
                && other.buyer != plan.buyer
                && !self.supplies(other.buyer)
                && second.companies & 1 << other.buyer != 0
        });
        let figure = self.reading.mentions_of(second).iter().any(|name| {
            matches!(name.thing, Thing::Company(at, _) if plan.sellers & 1 << at != 0)
                && self.own_figure(second, name.start as usize, name.end as usize)
        });
        if taken || !substance && !figure {
            return 0;
        }
        let base = if role < Role::Party { 1 } else { 2 };
        base + i32::from(title && seller.abs_diff(buyer) <= 2)
            - i32::from(plan.class == Class::Silicon && !title)
    }

    /// Weighs the deals against each other and against what the item as a whole is about.
    fn settle(&self, links: &mut Vec<Link>) {
        let title = self.reading.sentences.iter().find(|sentence| sentence.part == Part::Title);
        let off_title = title.is_some_and(|title| title.cues.has(Topic::OffTopic));
        let off = self.reading.sentences.iter().any(|s| s.part != Part::Body && s.cues.has(Topic::OffTopic));
        let product =
            self.reading.sentences.iter().any(|s| s.part != Part::Body && s.cues.has(Topic::Product));
        for link in links.iter_mut() {
            let sentence = &self.reading.sentences[link.sentence];
            let apart = !sentence.cues.has(Topic::OffTopic)
                && [Action::Setback, Action::Amendment, Action::Expansion]
                    .iter()
                    .any(|&action| sentence.cues.has(action));
            link.score -= match (off_title, off) {
                (true, _) if apart => 1,
                (true, _) => 3,
                (false, true) => 1,
                _ => 0,
            };
            let firm = sentence.cues.has(Action::Amendment)
                || sentence.silicon != 0
                || self.figures(sentence).iter().any(|figure| matches!(figure.kind, Kind::Usd | Kind::Power));
            if product {
                link.score -= if firm { 1 } else { 3 };
            }
        }
        let exploring = title.is_some_and(|title| title.cues.has(Action::Exploration));
        links.retain(|link| link.score >= 2 && (link.role != Role::Compared || exploring));
        // Chips that fill another deal of the same buyer are no deal of their own.
        let strong: Vec<(u8, usize, Class)> = links
            .iter()
            .filter(|link| link.score >= 3 && link.role == Role::Party)
            .map(|link| (self.plans[link.deal].buyer, link.deal, self.plans[link.deal].class))
            .collect();
        links.retain(|link| {
            let other = |class: Option<Class>| {
                strong.iter().any(|&(buyer, deal, kind)| {
                    deal != link.deal
                        && buyer == self.plans[link.deal].buyer
                        && class.is_none_or(|class| class == kind)
                })
            };
            match link.role {
                Role::Fill if self.hosted_elsewhere(link) || self.serves_lab(self.plans[link.deal].buyer) => {
                    false
                }
                Role::Fill | Role::Market => !other(None),
                Role::Compared => true,
                _ => link.score >= 3 || !other(None),
            }
        });
    }
}

impl Linker<'_> {
    /// Whether the chips of a link fill the halls of a provider that the buyer has no tracked deal with:
    /// "Meta buys from CoreWeave ... GB300s".
    fn hosted_elsewhere(&self, link: &Link) -> bool {
        let plan = &self.plans[link.deal];
        let hosts = self
            .plans
            .iter()
            .filter(|other| other.class == Class::Hosting)
            .fold(0_u64, |set, other| set | 1 << other.provider);
        let tracked = self
            .plans
            .iter()
            .filter(|other| other.buyer == plan.buyer)
            .fold(0_u64, |set, other| set | 1 << other.provider);
        let seller = self.reading.companies & 1 << plan.provider != 0;
        !seller && self.reading.companies & hosts & !tracked & !(1 << plan.buyer) != 0
    }
}
