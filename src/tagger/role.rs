//! What names do in their sentences: take part, fill, stand in a list, are measured against or set aside.

use super::link::Linker;
use super::plan::DealPlan;
use super::quantity::{Kind, Of};
use super::reading::{Mention, Part, Sentence};
use super::vocabulary::Thing;
use crate::domain::lexicon::{Action, Mood, SiliconClass};

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

impl Linker<'_> {
    /// Whether a name is set aside: "without the Anthropic agreement", "rival OpenAI".
    pub(super) fn excluded(&self, sentence: &Sentence, name: &Mention) -> bool {
        let start = name.start as usize;
        self.reading.marks_of(sentence).iter().any(|mark| {
            let end = mark.end as usize;
            mark.cues.has(Mood::Exclusion) && end <= start && start - end <= 5
        })
    }

    /// Whether a sentence recalls the deal from elsewhere: the seller stands behind "recalls", without a
    /// contract's figure of its own.
    pub(super) fn recalled(&self, plan: &DealPlan, sentence: &Sentence, seller: usize) -> bool {
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

    /// Whether a clause of its own, with another seller in between, parts buyer and seller:
    /// "Anthropic signed with AMD, and Microsoft will ...".
    pub(super) fn split(&self, sentence: &Sentence, buyer: usize, seller: usize) -> bool {
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

    /// What a seller's name does in its sentence.
    pub(super) fn role(&self, sentence: &Sentence, name: &Mention, buyer: Option<u32>) -> Role {
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

    /// Where the list begins that a name is part of; the name's own start where it stands alone.
    pub(super) fn list_start(&self, sentence: &Sentence, name: &Mention) -> usize {
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
    pub(super) fn list_end(&self, sentence: &Sentence, name: &Mention) -> usize {
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
    pub(super) fn merely_listed(&self, plan: &DealPlan, sentence: &Sentence) -> bool {
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

    /// Whether a figure stands right beside a name: "a $300 billion Oracle contract".
    pub(super) fn own_figure(&self, sentence: &Sentence, start: usize, end: usize) -> bool {
        self.figures(sentence).iter().any(|figure| {
            let at = figure.at as usize;
            let behind = at.saturating_sub(end);
            let ahead = start.saturating_sub(at + figure.raw.len());
            figure.kind != Kind::Years && (at >= end && behind <= 12 || at < start && ahead <= 12)
        })
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
    pub(super) fn denied(&self, sentence: &Sentence, name: &Mention) -> bool {
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
pub(super) fn is_glue(gap: &str) -> bool {
    gap.trim() != ""
        && gap.len() <= 12
        && gap.split([' ', ',']).all(|word| matches!(word, "" | "and" | "or" | "&" | "+" | "the" | "'s"))
}
