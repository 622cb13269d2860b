//! The display code of a source: a letter and a digit, after the Admiralty scale.

use std::collections::BTreeSet;
use std::fmt;

use super::model::evidence::Evidence;
use super::model::status::LegStatus;
use crate::domain::claim::{Modality, Sign};
use crate::domain::outlet::Tier;
use crate::domain::time::Day;

/// What kind of word it is, from best to worst, then the two that are no support.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Digit {
    /// Two informants or more.
    Confirmed = 1,
    /// Stated as fact.
    Asserted = 2,
    /// Hedged.
    Hedged = 3,
    /// Speculative.
    Speculative = 4,
    /// Denied by a party.
    Denied = 5,
    /// A plan, an opinion, a hypothesis: cannot be judged.
    Unknown = 6,
}

/// Tier of the speaker and kind of the word, e.g. `A2`, `C3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    /// How far the source can be relied on.
    pub tier: Tier,
    /// What kind of word.
    pub digit: Digit,
}

impl Code {
    /// The code of one claim by itself.
    pub fn of_claim(tier: Tier, modality: Modality) -> Self {
        let digit = match modality {
            Modality::Asserted => Digit::Asserted,
            Modality::Hedged => Digit::Hedged,
            Modality::Speculative => Digit::Speculative,
            Modality::Denied => Digit::Denied,
            Modality::Scheduled | Modality::Hypothetical | Modality::Opinion => Digit::Unknown,
        };
        Self { tier, digit }
    }

    /// The code of a leg's shown rung: the best word for it, and whether a second informant bears it out.
    pub(super) fn of_leg(evidence: &[Evidence], status: &LegStatus, day: Day) -> Option<Self> {
        let best = support(evidence, status, day).map(|e| Self::of_claim(e.tier, e.modality)).min()?;
        let confirmed = informants(evidence, status, day) > 1;
        Some(if confirmed { Self { digit: Digit::Confirmed, ..best } } else { best })
    }
}

/// How many informants bear out a leg's shown rung. What cannot move a label cannot confirm one: trade
/// press and blogs (tiers D and E) do not count.
pub(super) fn informants(evidence: &[Evidence], status: &LegStatus, day: Day) -> usize {
    let able = support(evidence, status, day).filter(|e| e.tier <= Tier::C);
    able.map(|e| e.origin.as_str()).collect::<BTreeSet<_>>().len()
}

/// The claims for a leg's shown rung that carry weight.
fn support<'a>(
    evidence: &'a [Evidence],
    status: &LegStatus,
    day: Day,
) -> impl Iterator<Item = &'a Evidence> + use<'a> {
    let rung = status.rung.index().max(1) as u8;
    evidence
        .iter()
        .filter(move |e| e.is_novel(day) && e.has_weight() && e.sign == Sign::For && e.covers(rung))
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.tier.letter(), self.digit as u8)
    }
}
