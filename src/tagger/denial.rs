//! What a sentence sets aside, denies or leaves to others: silicon that was not chosen, deeds that were not
//! done, reports that a party calls wrong, figures of a programme of many.

use super::claims::{Statement, Writer};
use super::plan::DealPlan;
use super::quantity::{Kind, Quantity};
use super::reading::{Mark, Mention, Part, Sentence};
use super::role::is_glue;
use super::vocabulary::Thing;
use super::voice::{Informant, modality};
use crate::domain::claim::{ClaimKind, Modality, Rung, Sign, Workload};
use crate::domain::lexicon::{Action, Mood, SiliconClass};

/// Words before a name that put something else in its place.
const IN_ITS_PLACE: [&str; 5] = ["rather than", "instead of", "not", "over", "but not"];

/// Words by which what was agreed goes on.
const GOES_ON: [&str; 16] = [
    "on track",
    "on schedule",
    "as planned",
    "proceeding",
    "proceeds",
    "moving ahead",
    "going ahead",
    "moving forward",
    "stands",
    "unchanged",
    "intact",
    "in place",
    "remains",
    "continues",
    "fully committed",
    "in force",
];

/// Stems of what would be bad news of a deal if it were so.
const BAD_NEWS: [&str; 36] = [
    "cancel",
    "scrap",
    "delay",
    "rift",
    "tension",
    "split",
    "trouble",
    "pulled",
    "pulls",
    "pulling",
    "pullback",
    "withdr",
    "abandon",
    "scaled",
    "terminat",
    "cut",
    "cuts",
    "cutting",
    "reduc",
    "drop",
    "paus",
    "stop",
    "halt",
    "slash",
    "stall",
    "slowdown",
    "slowed",
    "slowing",
    "shelv",
    "collaps",
    "renegotiat",
    "slip",
    "behind",
    "ended",
    "ending",
    "unravel",
];

/// Stems of making less of something.
const REDUCES: [&str; 9] =
    ["cut", "cuts", "reduce", "reducing", "lower", "shrink", "trim", "halve", "downsize"];

impl Writer<'_> {
    /// Silicon that a sentence names only to set it aside: "Nvidia chips, not Trainium", "rather than TPUs",
    /// "does not include Amazon's own Trainium".
    pub(super) fn set_aside(&self, sentence: &Sentence) -> u64 {
        let (mut aside, mut meant) = (0_u64, 0_u64);
        for name in self.reading.mentions_of(sentence) {
            if let Thing::Silicon(at) = name.thing {
                *(if self.is_set_aside(sentence, name) { &mut aside } else { &mut meant }) |= 1 << at;
            }
        }
        aside & !meant
    }

    fn is_set_aside(&self, sentence: &Sentence, name: &Mention) -> bool {
        let start = name.start as usize;
        // The name's own owner belongs to it: "not Amazon's Trainium".
        let head = self.reading.slice(sentence.start, start).trim_end();
        let words: Vec<&str> = head.rsplit(' ').take(4).collect();
        let owner =
            |word: &&str| word.ends_with("'s") || matches!(*word, "own" | "its" | "their" | "on" | "the");
        let skipped = words.iter().take_while(|word| owner(word)).count();
        let before: Vec<&str> = words.iter().skip(skipped).take(2).rev().copied().collect();
        let before = before.join(" ");
        let placed = IN_ITS_PLACE.iter().any(|phrase| {
            before == *phrase || before.strip_suffix(phrase).is_some_and(|rest| rest.ends_with(' '))
        });
        // "Trainium is not in it" speaks of what stands before, a bare "not" of what follows.
        let says_no = |mark: &Mark| {
            let word = self.reading.slice(mark.start as usize, mark.end as usize);
            ["is", "do", "not part", "not included", "will", "won't"]
                .iter()
                .any(|verb| word.starts_with(verb))
        };
        let negated =
            self.reading.marks_of(sentence).iter().filter(|mark| mark.cues.has(Mood::Negation)).any(|mark| {
                let ahead = self.reading.slice(mark.end as usize, start);
                let behind = self.reading.slice(name.end as usize, mark.start as usize);
                let near = |gap: &str, most: usize| {
                    !gap.contains([',', '|', ':', ';']) && gap.split_ascii_whitespace().count() <= most
                };
                (mark.end as usize) <= start && near(ahead, 4) && !ahead.contains(" only ")
                    || mark.start >= name.end
                        && near(behind, 1)
                        && !matches!(behind.trim(), "and" | "but" | "or")
                        && says_no(mark)
            });
        placed || negated
    }

    /// Whether a sentence is about custom silicon that no leg of the deal is made of: a partner's step with
    /// somebody else's chip says nothing of the deal's own legs.
    pub(super) fn is_of_other_silicon(&self, plan: &DealPlan, sentence: &Sentence, denied: u64) -> bool {
        let other = |set: u64| {
            let named = |at: usize| set & 1 << at != 0;
            let mut lines =
                self.vocabulary.silicon.iter().enumerate().filter(|(at, _)| named(*at)).peekable();
            lines.peek().is_some()
                && lines.all(|(at, line)| {
                    let foreign = matches!(line.class, SiliconClass::Custom | SiliconClass::Other);
                    foreign
                        && line.owner.is_some()
                        && !plan.legs.iter().any(|leg| plan.silicon(*leg) & 1 << at != 0)
                })
        };
        let here = sentence.silicon & !denied;
        if here != 0 {
            return other(here);
        }
        let title = self.reading.sentences.iter().filter(|s| s.part == Part::Title);
        let title = title.fold(0, |set, title| set | title.silicon);
        sentence.part != Part::Title && denied == 0 && other(title)
    }

    /// Whether every deed that a sentence names is one that was not done: "is not its mystery customer".
    pub(super) fn is_negated(&self, sentence: &Sentence) -> bool {
        let marks = self.reading.marks_of(sentence);
        let deeds = [Action::Announcement, Action::Commitment, Action::Expansion];
        let mut told = marks.iter().filter(|mark| deeds.iter().any(|&deed| mark.cues.has(deed))).peekable();
        told.peek().is_some()
            && told.all(|deed| {
                marks.iter().filter(|mark| mark.cues.has(Mood::Negation) && mark.end <= deed.start).any(
                    |mark| {
                        let gap = self.reading.slice(mark.end as usize, deed.start as usize);
                        !gap.contains([',', '|', ':', ';']) && gap.split_ascii_whitespace().count() <= 5
                    },
                )
            })
    }

    /// What a party says that calls a report wrong. Of bad news the opposite is what it says: the deal goes
    /// on. Of a deal that is none, the denial is a denial of the deal, and not read here.
    pub(super) fn rebuttal(
        &self,
        plan: &DealPlan,
        sentence: &Sentence,
        informant: &Informant,
    ) -> Option<Statement> {
        if !informant.party || !sentence.cues.has(Mood::Denial) {
            return None;
        }
        let text = self.reading.slice(sentence.start, sentence.end);
        let goes_on = GOES_ON.iter().any(|phrase| text.contains(phrase));
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        if !goes_on && !words.any(|word| BAD_NEWS.iter().any(|stem| word.starts_with(stem))) {
            return None;
        }
        Some(self.reaffirmed(plan, sentence))
    }

    /// A deal that goes on, against what was said of it. Of several sellers in one sentence it is not plain
    /// whose deal goes on and whose was the rumour: then nothing is read but that somebody spoke.
    fn reaffirmed(&self, plan: &DealPlan, sentence: &Sentence) -> Statement {
        let rivals = self.plans.iter().filter(|other| other.buyer == plan.buyer && other.slug != plan.slug);
        let others = rivals.fold(0_u64, |set, other| set | 1 << other.provider) & !(1 << plan.provider);
        let (kind, rung, rule) = if sentence.companies & others == 0 {
            (ClaimKind::ContractReaffirmed, Rung::Announced, "reaffirm")
        } else {
            (ClaimKind::Filing, Rung::None, "rebut")
        };
        let (sign, modality, workload) = (Sign::For, Modality::Asserted, Workload::Own);
        Statement { kind, rung, sign, modality, workload, rule }
    }

    /// What a party says that has not ended what it agreed to: "has not cancelled its contract".
    pub(super) fn not_ended(
        &self,
        plan: &DealPlan,
        sentence: &Sentence,
        informant: &Informant,
    ) -> Option<Statement> {
        let marks = self.reading.marks_of(sentence);
        let mut ends = marks
            .iter()
            .filter(|mark| mark.cues.has(Action::Setback))
            .filter(|mark| {
                let word = self.reading.slice(mark.start as usize, mark.end as usize);
                BAD_NEWS.iter().any(|stem| word.starts_with(stem))
            })
            .peekable();
        let negated = |end: &Mark| {
            marks.iter().filter(|mark| mark.cues.has(Mood::Negation) && mark.end <= end.start).any(|mark| {
                let gap = self.reading.slice(mark.end as usize, end.start as usize);
                !gap.contains([',', '|', ':', ';']) && gap.split_ascii_whitespace().count() <= 3
            })
        };
        let none = ends.peek().is_some() && ends.all(negated);
        (informant.party && none).then(|| self.reaffirmed(plan, sentence))
    }

    /// Whether a sentence lists the deal's seller with that of a rival in one breath: "Nvidia, AMD and Broadcom
    /// total 26 gigawatts". A figure beside such a list is of all of them, and of none alone.
    pub(super) fn is_listed_with_rivals(
        &self,
        plan: &DealPlan,
        rivals: &[usize],
        sentence: &Sentence,
    ) -> bool {
        let others = rivals.iter().map(|&deal| &self.plans[deal]).filter(|other| other.slug != plan.slug);
        let others = others.fold(0_u64, |set, other| set | 1 << other.provider) & !plan.parties;
        let names: Vec<(u8, &Mention)> = self
            .reading
            .mentions_of(sentence)
            .iter()
            .filter_map(|name| match name.thing {
                Thing::Company(at, _) => Some((at, name)),
                _ => None,
            })
            .collect();
        names.windows(2).any(|pair| {
            let [(first, a), (second, b)] = pair else { return false };
            let both = 1_u64 << first | 1 << second;
            both & 1 << plan.provider != 0
                && both & others != 0
                && is_glue(self.reading.slice(a.end as usize, b.start as usize))
        })
    }

    /// What a party says that it takes back: "cuts its commitment to 1 gigawatt". Nothing else makes less of
    /// what was agreed.
    pub(super) fn reduction(&self, sentence: &Sentence, informant: &Informant) -> Option<Statement> {
        let text = self.reading.slice(sentence.start, sentence.end);
        let words = |stems: &[&str]| {
            text.split(|c: char| !c.is_alphanumeric())
                .any(|word| stems.iter().any(|stem| word.starts_with(stem)))
        };
        let less = words(&REDUCES) && words(&["commitment", "contract", "order", "agreement", "deal"]);
        let (from, to) = sentence.quantities;
        let figures = self.quantities.get(from as usize..to as usize).unwrap_or_default();
        let target = figures.iter().any(|figure| figure.kind == Kind::Power && self.is_target(figure));
        if !informant.party || !less || !target || modality(sentence, informant, false) != Modality::Asserted
        {
            return None;
        }
        let (sign, modality, workload) = (Sign::For, Modality::Asserted, Workload::Own);
        let (kind, rung, rule) = (ClaimKind::Reduced, Rung::Contracted, "reduce");
        Some(Statement { kind, rung, sign, modality, workload, rule })
    }

    /// Whether a figure is what something comes to: "to 3 gigawatts".
    pub(super) fn is_target(&self, figure: &Quantity) -> bool {
        self.reading.word_before(figure.at as usize) == "to"
    }

    /// Whether a sentence stands for the deal only by the name of a programme in which others have a part:
    /// "five sites bring Stargate to nearly 7 gigawatts". Its figures are the programme's.
    pub(super) fn is_of_a_programme(&self, plan: &DealPlan, sentence: &Sentence) -> bool {
        sentence.companies & plan.parties == 0
            && sentence.silicon & plan.signature == 0
            && self.reading.mentions_of(sentence).iter().any(|name| match name.thing {
                Thing::DealName(at) => {
                    let named = &self.vocabulary.names[at as usize];
                    named.deal == plan.slug.as_str() && !named.distinct
                }
                _ => false,
            })
    }
}
