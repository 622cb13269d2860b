//! Which deals an item is evidence about: roles within sentences, then what the item as a whole allows.

use super::plan::DealPlan;
use super::quantity::{Kind, Quantity};
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
    in_title: bool,
}

/// Finds the deals.
pub(super) struct Linker<'a> {
    pub reading: &'a Reading,
    pub vocabulary: &'a Vocabulary,
    pub plans: &'a [DealPlan],
    pub quantities: &'a [Quantity],
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
        let mut offer = |score: i32, sentence: usize, part: Part, rule: &'static str| {
            let better = best.as_ref().is_none_or(|link| score > link.score);
            if score > 0 && better {
                best = Some(Link {
                    deal: at,
                    relevance: 0,
                    sentence,
                    rule,
                    score,
                    in_title: part == Part::Title,
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
                offer(named, index, sentence.part, "name");
            }
            let buyer = self.buyer(plan, sentence);
            let seller = self.seller(plan, sentence, buyer.map(|name| name.start));
            if let (Some(_), Some((role, _))) = (buyer, seller) {
                let pair = self.pair(plan, sentence, role);
                offer(pair, index, sentence.part, "pair");
            }
            if buyer.is_some() && buyer_at.is_none() {
                buyer_at = Some(index);
            }
            if let Some((role, how)) = seller
                && seller_at.is_none_or(|(_, known, _)| role > known)
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
            offer(score, index, self.reading.sentences[buyer.min(seller)].part, "carry");
        }
        best
    }

    /// Strength of the deal's own name in a sentence.
    fn named(&self, plan: &DealPlan, sentence: &Sentence) -> i32 {
        let fits = self.reading.mentions_of(sentence).iter().any(|name| {
            let Thing::DealName(at) = name.thing else { return false };
            let named = &self.vocabulary.names[at as usize];
            named.deal == plan.slug.as_str()
                && (named.needs_companies == 0 && named.needs_silicon == 0
                    || named.needs_companies & self.reading.companies != 0
                    || named.needs_silicon & self.reading.silicon != 0)
        });
        if !fits {
            return 0;
        }
        if sentence.part == Part::Title { 4 } else { 2 + i32::from(self.substance(sentence)) }
    }

    /// The mention of the buyer, if it is there as more than a yardstick.
    fn buyer(&self, plan: &DealPlan, sentence: &Sentence) -> Option<Mention> {
        if sentence.companies & 1 << plan.buyer == 0 {
            return None;
        }
        self.reading
            .mentions_of(sentence)
            .iter()
            .find(|name| matches!(name.thing, Thing::Company(at, _) if at == plan.buyer))
            .copied()
    }

    /// The strongest role of the seller in a sentence, and how it is named.
    fn seller(&self, plan: &DealPlan, sentence: &Sentence, buyer: Option<u32>) -> Option<(Role, How)> {
        if sentence.companies & plan.sellers == 0 && sentence.silicon & plan.signature == 0 {
            return None;
        }
        let mut best: Option<(Role, How)> = None;
        for name in self.reading.mentions_of(sentence) {
            let (role, how) = match name.thing {
                Thing::Company(at, how) if plan.sellers & 1 << at != 0 => {
                    if name.inside {
                        continue;
                    } else {
                        (self.role(sentence, name, buyer), how)
                    }
                }
                Thing::Silicon(at) if plan.signature & 1 << at != 0 => {
                    let role = self.role(sentence, name, buyer);
                    let gpu = self.vocabulary.silicon[at as usize].class == SiliconClass::Gpu;
                    let fills = gpu && plan.slug.as_str() != "" && role == Role::Party;
                    (if fills { Role::Fill } else { role }, How::Name)
                }
                _ => continue,
            };
            if best.is_none_or(|(known, kind)| role > known || role == known && how < kind) {
                best = Some((role, how));
            }
        }
        best
    }

    /// What a seller's name does in its sentence.
    fn role(&self, sentence: &Sentence, name: &Mention, buyer: Option<u32>) -> Role {
        let (start, end) = (name.start as usize, name.end as usize);
        let after = self.reading.word_after(end);
        if matches!(
            after,
            "rival"
                | "rivals"
                | "reliance"
                | "dependence"
                | "dependency"
                | "alternative"
                | "alternatives"
                | "challenger"
                | "killer"
                | "competitor"
                | "competitors"
                | "dominance"
                | "grip"
                | "monopoly"
                | "veteran"
        ) {
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
        if background && !self.own_figure(sentence, start, end) {
            return Role::Background;
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
            Role::Compared => return 0,
            Role::Background => 1,
            Role::Fill => 2,
            Role::Party => 3,
        };
        let chain = self.same_list(plan, sentence);
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
        base - chain + i32::from(self.substance(sentence)) + i32::from(action) - 1
    }

    /// 3 where a supplier of the catalog stands as buyer in a list with its own supplier: no relation.
    fn same_list(&self, plan: &DealPlan, sentence: &Sentence) -> i32 {
        let lab = self.plans.iter().any(|other| {
            other.provider == plan.buyer
                && other.buyer != plan.buyer
                && sentence.companies & 1 << other.buyer != 0
        });
        let apart = |a: u8, b: u8| {
            let mut places = self.reading.mentions_of(sentence).iter().filter_map(|name| match name.thing {
                Thing::Company(at, _) if at == a || at == b => Some(name),
                _ => None,
            });
            let (Some(first), Some(second)) = (places.next(), places.next()) else { return true };
            let gap = self.reading.slice(first.end as usize, second.start as usize);
            let listed = gap.contains(',') || gap.trim() == "and";
            !listed
        };
        if lab && !apart(plan.buyer, plan.provider) { 3 } else { 0 }
    }

    /// Strength of buyer and seller in different sentences.
    fn across(&self, plan: &DealPlan, buyer: usize, seller: usize, role: Role, how: How) -> i32 {
        let sentences = &self.reading.sentences;
        let (first, second) = (&sentences[buyer], &sentences[seller]);
        if role <= Role::Background || how == How::Product {
            return 0;
        }
        let substance = self.substance(first) && self.substance(second);
        let title = first.part == Part::Title || second.part == Part::Title;
        // Another buyer that stands beside the seller takes the sentence for itself.
        let taken = self.plans.iter().any(|other| {
            other.provider == plan.provider
                && other.buyer != plan.buyer
                && second.companies & 1 << other.buyer != 0
        });
        if !substance || taken {
            return 0;
        }
        let base = if role == Role::Fill { 1 } else { 2 };
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
            if off_title {
                link.score -= 3;
            } else if off {
                link.score -= 1;
            }
            if product {
                link.score -= 1;
            }
        }
        links.retain(|link| link.score >= 2);
        // Chips that fill another deal of the same buyer are no deal of their own.
        let strong: Vec<(u8, usize)> = links
            .iter()
            .filter(|link| link.score >= 3)
            .map(|link| (self.plans[link.deal].buyer, link.deal))
            .collect();
        links.retain(|link| {
            link.score >= 3
                || !strong
                    .iter()
                    .any(|&(buyer, deal)| deal != link.deal && buyer == self.plans[link.deal].buyer)
        });
    }
}
