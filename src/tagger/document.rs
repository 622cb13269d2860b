//! Claims from a party's own document, and from its word that capacity stands.

use super::body::Tie;
use super::claims::{MOST, Statement, Writer};
use super::event::Event;
use super::plan::DealPlan;
use super::quantity::period::Period;
use super::reading::{Part, Sentence};
use super::vocabulary::Thing;
use super::voice::{Informant, modality};
use super::whole::{self, Extent, Stands};
use crate::domain::claim::{Claim, ClaimKind, Modality, Rung, Sign, Workload};
use crate::domain::deal::{Class, LegKind};
use crate::domain::lexicon::{Action, Mood};

impl Writer<'_> {
    /// A party's own document: sentences that name both sides, or carry on with them, and say exactly what
    /// was done. A sentence about three deals or more is a list, from which nothing binding is read.
    pub(super) fn of_body(&self, ties: &[Tie], claims: &mut Vec<Claim>) {
        for of_one in ties.chunk_by(|a, b| a.sentence == b.sentence) {
            let Some(sentence) = of_one.first().map(|tie| &self.reading.sentences[tie.sentence]) else {
                continue;
            };
            let rivals: Vec<usize> = of_one.iter().map(|tie| tie.deal).collect();
            // Sellers count even where the speaker has no part in their deals.
            let sellers = self.plans.iter().fold(0_u64, |set, plan| set | 1 << plan.provider);
            let sellers = (sentence.companies & sellers).count_ones() as usize;
            for tie in of_one {
                if claims.len() >= MOST {
                    return;
                }
                let plan = &self.plans[tie.deal];
                if let Some(event) = self.told(plan, sentence, tie.carried, rivals.len().max(sellers)) {
                    self.of_sentence(plan, &rivals, sentence, event, claims);
                }
            }
        }
    }

    /// What a sentence of a party's own document tells of a deal; so many `deals` are spoken of in it.
    fn told(&self, plan: &DealPlan, sentence: &Sentence, carried: bool, deals: usize) -> Option<Event> {
        let informant = self.outlet.informant(self.reading, self.vocabulary, plan, sentence);
        let asserted = modality(sentence, &informant, false) == Modality::Asserted;
        let text = self.reading.slice(sentence.start, sentence.end);
        let boilerplate = BOILERPLATE.iter().any(|phrase| text.contains(phrase));
        if asserted && !boilerplate && deals <= 2 {
            if self.stands(plan, sentence, &informant).is_some() {
                return Some(Event::Milestone);
            }
            if carried {
                return None;
            }
            if sentence.cues.has(Mood::Binding) {
                return Some(Event::Commitment);
            }
            // Use is told in the present: what "will serve" or does "not" serve is no use.
            let ahead = sentence.cues.has(Mood::Future)
                || sentence.cues.has(Mood::Condition)
                || sentence.cues.has(Mood::Negation);
            let used = IN_USE.iter().any(|word| text.contains(word));
            if sentence.cues.has(Action::Adoption) && sentence.silicon != 0 && used && !ahead {
                return Some(Event::Adoption);
            }
        }
        // Figures alone tell something only where the headline is about one of the parties.
        let headed = self.reading.companies & plan.parties != 0;
        (!carried && headed && sentence.quantities.0 < sentence.quantities.1).then_some(Event::None)
    }

    /// What a party says of its own capacity today, if the sentence says that it stands.
    pub(super) fn stands(
        &self,
        plan: &DealPlan,
        sentence: &Sentence,
        informant: &Informant,
    ) -> Option<Stands> {
        let view = self.event == Event::Analysis;
        if !informant.party || modality(sentence, informant, view) != Modality::Asserted {
            return None;
        }
        let terse = sentence.part == Part::Title;
        let stands = whole::stands(&self.reading.folded.text, sentence.start, sentence.end, terse)?;
        // Whose capacity: who is named within these very words, else before them, has it.
        let whose = |start: usize, end: usize| {
            self.reading
                .mentions_of(sentence)
                .iter()
                .filter(|name| name.start as usize >= start && name.end as usize <= end && !name.inside)
                .filter_map(|name| match name.thing {
                    Thing::Company(at, _) if informant.speakers & 1 << at == 0 => Some(1_u64 << at),
                    _ => None,
                })
                .fold(0, |set, bit| set | bit)
        };
        let within = whose(stands.start, stands.end);
        let within = if within == 0 { whose(stands.clause, stands.start) } else { within };
        let theirs = within == 0 || within & plan.parties != 0;
        // A part of it is no step of a leg that has no GPUs: that takes a workload of the buyer's own.
        let told = stands.extent == Extent::All
            || sentence.part == Part::Body
                && plan.class == Class::Hosting
                && plan.legs.contains(&LegKind::Gpu);
        (told && theirs).then_some(stands)
    }

    /// The legs whose capacity stands: by the silicon named with it, by the day on which it was agreed, else
    /// the GPUs, so that nothing is credited to a custom leg that could also be theirs.
    pub(super) fn legs_that_stand(
        &self,
        plan: &DealPlan,
        sentence: &Sentence,
        stands: Stands,
        periods: &[Period],
    ) -> Vec<LegKind> {
        let near = |start: u32, end: u32| start as usize >= stands.clause && end as usize <= stands.end + 40;
        let silicon = self.reading.mentions_of(sentence).iter().fold(0_u64, |set, name| match name.thing {
            Thing::Silicon(at) if near(name.start, name.end) => {
                // Behind the deed only what belongs to it: "is live on Trainium", not "and Trainium follows".
                let gap = self.reading.slice(stands.end, name.start as usize);
                if gap.contains([',', ';']) || gap.contains(" and ") { set } else { set | 1 << at }
            }
            _ => set,
        });
        let named: Vec<LegKind> =
            plan.legs.iter().copied().filter(|&leg| silicon & plan.silicon(leg) != 0).collect();
        if !named.is_empty() {
            return named;
        }
        let within = periods
            .iter()
            .filter(|period| period.start as usize >= stands.start && period.end as usize <= stands.end);
        let agreed = within
            .filter(|period| self.dates_an_agreement(stands, period))
            .find_map(|period| plan.agreed_in(period.due));
        let gpu = plan.legs.iter().copied().find(|leg| *leg == LegKind::Gpu);
        agreed.or(gpu).or(plan.legs.first().copied()).into_iter().collect()
    }

    /// Whether a period is the day of an agreement: "contracted in November 2025", "the November 2025 order".
    fn dates_an_agreement(&self, stands: Stands, period: &Period) -> bool {
        const AGREED: [&str; 7] = ["contract", "sign", "agree", "announce", "commit", "order", "amendment"];
        let (start, end) = (period.start as usize, period.end as usize);
        let text = &self.reading.folded.text;
        let back =
            (start.saturating_sub(32).max(stands.start)..=start).find_map(|from| text.get(from..start));
        let ahead = (end..=(end + 16).min(text.len())).rev().find_map(|to| text.get(end..to));
        [back, ahead].into_iter().flatten().any(|near| AGREED.iter().any(|word| near.contains(word)))
    }
}

/// Capacity that stands, as a statement.
pub(super) fn of_capacity(stands: Stands) -> Statement {
    let (kind, rung, rule) = match stands.extent {
        Extent::All => (ClaimKind::Production, Rung::Serving, "all-capacity"),
        Extent::Part => (ClaimKind::FirstCapacity, Rung::Deployed, "first-capacity"),
    };
    let (sign, modality, workload) = (Sign::For, Modality::Asserted, Workload::Own);
    Statement { kind, rung, sign, modality, workload, rule }
}

/// Words of production: a document's "uses" alone may be a trial.
const IN_USE: [&str; 5] = ["production", "serve", "serving", "inference", "traffic"];

/// Phrases of the parts of a filing that state nothing: warnings and legends.
const BOILERPLATE: [&str; 10] = [
    "forward looking",
    "safe harbor",
    "risk factors",
    "no assurance",
    "cannot assure",
    "cannot guarantee",
    "actual results",
    "materially adverse",
    "adversely affect",
    "duly authorized",
];
