//! What happened: the event type of an item, weighed from its action words.

use serde::Serialize;

use super::reading::{Part, Reading};
use crate::domain::lexicon::Action;

/// The event type of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// First public word of a deal.
    Announcement,
    /// Signed or ordered.
    Commitment,
    /// More of what stands.
    Expansion,
    /// Other terms.
    Amendment,
    /// A step on the ground.
    Milestone,
    /// In use.
    Adoption,
    /// Talks, tests.
    Exploration,
    /// Delay, dispute, denial.
    Setback,
    /// Equity, debt, guarantees.
    Financing,
    /// Filings and the books.
    Filing,
    /// Price, performance, supply.
    Competitiveness,
    /// Courts and regulators.
    Regulatory,
    /// Opinion, explanation, markets.
    Analysis,
    /// No deal news.
    #[default]
    None,
}

impl Event {
    /// The word used in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Announcement => "announcement",
            Self::Commitment => "commitment",
            Self::Expansion => "expansion",
            Self::Amendment => "amendment",
            Self::Milestone => "milestone",
            Self::Adoption => "adoption",
            Self::Exploration => "exploration",
            Self::Setback => "setback",
            Self::Financing => "financing",
            Self::Filing => "filing",
            Self::Competitiveness => "competitiveness",
            Self::Regulatory => "regulatory",
            Self::Analysis => "analysis",
            Self::None => "none",
        }
    }

    /// An agreement: announced, signed, expanded or amended.
    pub fn is_agreement(self) -> bool {
        matches!(self, Self::Announcement | Self::Commitment | Self::Expansion | Self::Amendment)
    }
}

/// Action, event, weight in the headline, weight in the first sentence behind it, weight later.
///
/// Rare and telling words (a setback, a filing) outweigh the words of agreement that almost every item has.
const WEIGHTS: [(Action, Event, [i32; 3]); 13] = [
    (Action::Announcement, Event::Announcement, [22, 14, 5]),
    (Action::Commitment, Event::Commitment, [20, 10, 4]),
    (Action::Expansion, Event::Expansion, [26, 10, 4]),
    (Action::Amendment, Event::Amendment, [44, 26, 10]),
    (Action::Milestone, Event::Milestone, [28, 14, 6]),
    (Action::Adoption, Event::Adoption, [32, 20, 8]),
    (Action::Exploration, Event::Exploration, [42, 24, 8]),
    (Action::Setback, Event::Setback, [50, 24, 8]),
    (Action::Financing, Event::Financing, [20, 12, 5]),
    (Action::Filing, Event::Filing, [34, 24, 10]),
    (Action::Competitiveness, Event::Competitiveness, [22, 14, 6]),
    (Action::Regulatory, Event::Regulatory, [30, 16, 6]),
    (Action::Analysis, Event::Analysis, [34, 18, 6]),
];

/// Weighs the action words of title and summary.
pub(super) fn weigh(reading: &Reading) -> [(Event, i32); 13] {
    let mut totals = WEIGHTS.map(|(_, event, _)| (event, 0));
    let mut summary = 0;
    for sentence in reading.sentences.iter().take_while(|sentence| sentence.part != Part::Body) {
        let place = match sentence.part {
            Part::Title => 0,
            _ => {
                summary += 1;
                if summary == 1 { 1 } else { 2 }
            }
        };
        for (total, (action, _, weights)) in totals.iter_mut().zip(&WEIGHTS) {
            if sentence.cues.has(*action) {
                total.1 += weights[place];
            }
        }
    }
    totals
}

/// The event type of an item about at least one deal or programme.
pub(super) fn decide(reading: &Reading, deals: usize) -> Event {
    let totals = weigh(reading);
    let best = totals.iter().copied().reduce(|best, next| if next.1 > best.1 { next } else { best });
    match best {
        Some((event, weight)) if weight >= 10 => event,
        _ if deals > 0 => Event::Analysis,
        _ => Event::None,
    }
}
