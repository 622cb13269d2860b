//! Which deals an item is evidence about: roles within sentences, then what the item as a whole allows.

use super::plan::DealPlan;
use super::quantity::{Kind, Of, Quantity};
use super::reading::{Mention, Part, Reading, Sentence};
use super::vocabulary::{How, Thing, Vocabulary};
use crate::domain::deal::Class;
use crate::domain::lexicon::{Action, Mood, SiliconClass, Topic};

/// What a name does in its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// What others are measured against: "rival Nvidia", "reliance on Nvidia".
    Compared,
    /// Listed as background: "adds to commitments with Oracle".
    Background,
    /// Named for its shares: "Nvidia stock slips".
    Market,
    /// Whose chips fill something: "Nvidia GPUs".
    Fill,
    /// Takes part.
    Party,
}

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

    /// The silicon of title and summary that takes part, rather than being measured against.
    pub(super) fn live_silicon(&self) -> u64 {
        let mut live = 0;
        for sentence in self.reading.sentences.iter().take_while(|sentence| sentence.part != Part::Body) {
            for name in self.reading.mentions_of(sentence) {
                if let Thing::Silicon(at) = name.thing
                    && self.role(sentence, name, None) != Role::Compared
                    && !self.denied(sentence, name)
                {
                    live |= 1 << at;
                }
            }
        }
        live
    }

    /// Whether a name is denied: "Trainium is not in this deal", "no Nvidia at all".
    fn denied(&self, sentence: &Sentence, name: &Mention) -> bool {
        self.reading.marks_of(sentence).iter().filter(|mark| mark.cues.has(Mood::Negation)).any(|mark| {
            let behind = self.reading.slice(name.end as usize, mark.start as usize);
            let ahead = self.reading.slice(mark.end as usize, name.start as usize);
            let close = |gap: &str, words: usize| {
                !gap.contains([',', '|', ':']) && gap.split_ascii_whitespace().count() <= words
            };
            mark.start >= name.end && behind.len() <= 16 && close(behind, 2)
                || mark.end <= name.start && ahead.len() <= 8 && close(ahead, 1)
        })
    }

    /// Whether the item tells of a look beyond a merchant vendor: "alternatives to Nvidia".
    pub(super) fn looks_beyond(&self) -> bool {
        let head = self.reading.sentences.iter().take_while(|sentence| sentence.part != Part::Body);
        head.filter(|sentence| sentence.cues.has(Action::Exploration)).any(|sentence| {
            self.reading.marks_of(sentence).iter().any(|mark| {
                mark.cues.has(Mood::Comparison)
                    && self.reading.mentions_of(sentence).iter().any(|name| {
                        let gap = (name.start).checked_sub(mark.end);
                        matches!(name.thing, Thing::Company(..) | Thing::Silicon(_))
                            && gap.is_some_and(|gap| gap <= 5)
                    })
            })
        })
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
            return self.speaks(plan.buyer, sentence).then(|| Mention {
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

    /// Whether a clause of its own, with another seller in between, parts buyer and seller:
    /// "Anthropic signed with AMD, and Microsoft will ...".
    fn split(&self, sentence: &Sentence, buyer: usize, seller: usize) -> bool {
        if seller <= buyer {
            return false;
        }
        let gap = self.reading.slice(buyer, seller);
        let clause =
            [", and ", ", while ", ", but ", ", as "].iter().filter_map(|joint| gap.rfind(joint)).max();
        let Some(at) = clause.map(|at| buyer + at) else { return false };
        self.reading.mentions_of(sentence).iter().any(|name| {
            let between = (name.start as usize) > buyer && (name.end as usize) <= at;
            between && matches!(name.thing, Thing::Company(company, _) if self.plans.iter().any(|plan| plan.provider == company))
        }) && !self.own_figure(sentence, seller, seller + 1)
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

    /// Whether a name is set aside: "without the Anthropic agreement", "rival OpenAI".
    fn excluded(&self, sentence: &Sentence, name: &Mention) -> bool {
        let start = name.start as usize;
        self.reading.marks_of(sentence).iter().any(|mark| {
            let end = mark.end as usize;
            mark.cues.has(Mood::Exclusion) && end <= start && start - end <= 5
        })
    }

    /// Whether a sentence recalls the deal from elsewhere: the seller stands behind "recalls", without a
    /// contract's figure of its own.
    fn recalled(&self, plan: &DealPlan, sentence: &Sentence, seller: usize) -> bool {
        let behind = self
            .reading
            .marks_of(sentence)
            .iter()
            .any(|mark| mark.cues.has(Mood::Recall) && (mark.end as usize) <= seller);
        behind
            && !self.reading.mentions_of(sentence).iter().any(|name| {
                matches!(name.thing, Thing::Company(at, _) if plan.sellers & 1 << at != 0)
                    && self.figures(sentence).iter().any(|figure| {
                        figure.of != Of::Equity
                            && (figure.at as usize).abs_diff(name.start as usize) <= 12 + figure.raw.len()
                    })
            })
    }

    /// The strongest role of the seller in a sentence, and how it is named.
    fn seller(&self, plan: &DealPlan, sentence: &Sentence, buyer: Option<u32>) -> Option<(Role, How, u32)> {
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
    fn serves_lab(&self, company: u8) -> bool {
        self.plans
            .iter()
            .any(|other| other.provider == company && self.reading.companies & 1 << other.buyer != 0)
    }

    /// Whether a company sells in some deal.
    fn supplies(&self, company: u8) -> bool {
        self.plans.iter().any(|plan| plan.provider == company)
    }

    /// Companies that buy in some deal.
    fn buyers(&self) -> u64 {
        self.plans.iter().fold(0, |set, plan| set | 1 << plan.buyer)
    }

    /// What a seller's name does in its sentence.
    fn role(&self, sentence: &Sentence, name: &Mention, buyer: Option<u32>) -> Role {
        let end = name.end as usize;
        // What is said of the first of a list is said of all of it: "rivals Blackwell and TPUs".
        let start = self.list_start(sentence, name);
        let after = self.reading.word_after(end);
        // "AWS and Cerebras partner to ..." is no "Microsoft partner".
        let verb = after.starts_with("partner") && {
            let rest = self.reading.slice(end, (end + 24).min(sentence.end));
            [" to ", " with ", " on ", " for "].iter().any(|next| rest.contains(next))
        };
        if COMPARED.contains(&after) && !verb {
            return Role::Compared;
        }
        let mut background = false;
        for mark in self.reading.marks_of(sentence) {
            let (from, to) = (mark.start as usize, mark.end as usize);
            if to > start {
                break;
            }
            let gap = self.reading.slice(to, start);
            if mark.cues.has(Mood::Comparison)
                && gap.len() <= 5
                && gap.bytes().filter(|&b| b == b' ').count() <= 2
            {
                return Role::Compared;
            }
            let after_buyer = buyer.is_none_or(|buyer| (buyer as usize) < from);
            background |= mark.cues.has(Mood::Background) && after_buyer && gap.len() <= 80;
        }
        if background && !self.own_figure(sentence, name.start as usize, end) {
            return Role::Background;
        }
        if MARKET.contains(&after) || MARKET.contains(&self.reading.word_after(self.list_end(sentence, name)))
        {
            // "AMD soars as OpenAI takes six gigawatts of its chips": the deal moved the price.
            let capacity =
                self.figures(sentence).iter().any(|figure| matches!(figure.kind, Kind::Power | Kind::Chips));
            return if capacity { Role::Party } else { Role::Market };
        }
        let own_silicon = self.reading.mentions_of(sentence).iter().any(|next| {
            let Thing::Silicon(line) = next.thing else { return false };
            let line = &self.vocabulary.silicon[line as usize];
            let owned = matches!(name.thing, Thing::Company(at, _) if line.owner == Some(at));
            (owned || line.class == SiliconClass::Gpu)
                && (next.start as usize) >= end
                && matches!(self.reading.slice(end, next.start as usize), " " | "'s " | "' ")
        });
        if own_silicon {
            return Role::Fill;
        }
        if matches!(
            after,
            "gpu"
                | "gpus"
                | "chip"
                | "chips"
                | "accelerators"
                | "processors"
                | "hardware"
                | "silicon"
                | "powered"
                | "systems"
        ) {
            return Role::Fill;
        }
        Role::Party
    }

    /// Whether a figure stands right beside a name: "a $300 billion Oracle contract".
    fn own_figure(&self, sentence: &Sentence, start: usize, end: usize) -> bool {
        self.figures(sentence).iter().any(|figure| {
            let at = figure.at as usize;
            let behind = at.saturating_sub(end);
            let ahead = start.saturating_sub(at + figure.raw.len());
            figure.kind != Kind::Years && (at >= end && behind <= 12 || at < start && ahead <= 12)
        })
    }

    fn figures(&self, sentence: &Sentence) -> &[Quantity] {
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

    /// Where the list begins that a name is part of; the name's own start where it stands alone.
    fn list_start(&self, sentence: &Sentence, name: &Mention) -> usize {
        let mut start = name.start as usize;
        for before in self.reading.mentions_of(sentence).iter().rev() {
            let end = before.end as usize;
            if end > start || before.start as usize >= start {
                continue;
            }
            if !is_glue(self.reading.slice(end, start)) {
                break;
            }
            start = before.start as usize;
        }
        start
    }

    /// Where the list ends that a name is part of.
    fn list_end(&self, sentence: &Sentence, name: &Mention) -> usize {
        let mut end = name.end as usize;
        for next in self.reading.mentions_of(sentence) {
            let start = next.start as usize;
            if start > end && is_glue(self.reading.slice(end, start)) {
                end = next.end as usize;
            }
        }
        end
    }

    /// Whether buyer and seller merely stand in one list ("OpenAI, Meta, Oracle and Microsoft plan to ..."),
    /// rather than dealing with each other.
    fn merely_listed(&self, plan: &DealPlan, sentence: &Sentence) -> bool {
        let mut members = 0_u64;
        let mut size = 0;
        let mut last: Option<usize> = None;
        let mut lists: Vec<(u64, usize)> = Vec::new();
        for name in self.reading.mentions_of(sentence) {
            let Thing::Company(at, _) = name.thing else { continue };
            if last.is_none_or(|end| !is_glue(self.reading.slice(end, name.start as usize))) {
                lists.push((members, size));
                (members, size) = (0, 0);
            }
            members |= 1 << at;
            size += 1;
            last = Some(name.end as usize);
        }
        lists.push((members, size));
        let both = 1_u64 << plan.buyer | 1 << plan.provider;
        let supplier = |at: u8, beyond: u64| {
            self.plans
                .iter()
                .any(|other| other.provider == at && sentence.companies & !beyond & 1 << other.buyer != 0)
        };
        // A supplier among suppliers, each with its figure, is no buyer: "AMD (6 GW), Oracle (4.5 GW)".
        let sellers = self.plans.iter().fold(0, |set, other| set | 1 << other.provider) & sentence.companies;
        // A seller with one tracked deal stands for it, whoever the list is about.
        if self.supplies(plan.buyer)
            && self.plans.iter().filter(|other| other.provider == plan.provider).count() == 1
        {
            return false;
        }
        if self.serves_lab(plan.buyer) && sellers.count_ones() >= 3 {
            return true;
        }
        let apart = lists.iter().all(|(members, _)| members & both != both);
        !apart
            && lists.iter().filter(|(members, _)| members & both == both).all(|&(members, size)| {
                size >= 3 && members & !plan.parties != 0 || supplier(plan.buyer, members)
            })
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

/// What follows a company that is no party itself: what others are measured against, or whose people speak.
const COMPARED: [&str; 26] = [
    "rival",
    "rivals",
    "reliance",
    "dependence",
    "dependency",
    "alternative",
    "alternatives",
    "challenger",
    "killer",
    "competitor",
    "competitors",
    "dominance",
    "grip",
    "monopoly",
    "veteran",
    "veterans",
    "alumni",
    "partner",
    "partners",
    "employees",
    "engineers",
    "workers",
    "holding",
    "holdings",
    "position",
    "free",
];

/// What follows a company that is named for its shares.
const MARKET: [&str; 31] = [
    "aktie",
    "stock",
    "stocks",
    "shares",
    "shareholders",
    "investors",
    "fell",
    "falls",
    "rose",
    "rises",
    "slid",
    "slides",
    "dropped",
    "drops",
    "slips",
    "slipped",
    "closed",
    "tumbles",
    "tumbled",
    "declines",
    "declined",
    "sank",
    "sinks",
    "plunges",
    "jumped",
    "jumps",
    "gained",
    "dips",
    "dipped",
    "down",
    "loses",
];

/// Whether a gap between two names joins them into a list.
fn is_glue(gap: &str) -> bool {
    gap.trim() != ""
        && gap.len() <= 12
        && gap.split([' ', ',']).all(|word| matches!(word, "" | "and" | "or" | "&" | "+" | "the" | "'s"))
}
