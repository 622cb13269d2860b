//! The event table: what a claim's kind is on the wire, how much it matters, and what it does to the ledger.

use crate::domain::claim::{ClaimKind, Modality, Sign};
use crate::domain::outlet::Tier;

/// The type of a line on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignalKind {
    /// First public word of a party.
    Announce,
    /// Definitive agreement.
    Signed,
    /// A filing restates or limits.
    Filing,
    /// Ended by a party.
    Cancel,
    /// Ran out, or replaced by something else.
    Supersede,
    /// More of it.
    Expand,
    /// Less of it.
    Reduce,
    /// Other terms.
    Amend,
    /// In use.
    InUse,
    /// A source changes its own figure.
    Correct,
    /// Two live figures disagree.
    Conflict,
    /// A dated step is set.
    MilestoneSet,
    /// A dated step is met.
    Milestone,
    /// A date moved.
    Delay,
    /// A date passed without evidence.
    Miss,
    /// Money: debt, equity, guarantees, or the lack of it.
    Finance,
    /// A figure alone.
    Figure,
    /// Supply, price, rivals.
    Supply,
    /// Courts and regulators.
    Legal,
    /// An officer's statement.
    Exec,
    /// Unnamed sources.
    Rumour,
    /// A party denies.
    Denial,
    /// Analysts.
    Opinion,
    /// Retold.
    Recap,
}

impl SignalKind {
    /// The word shown, at most eight letters.
    pub fn word(self) -> &'static str {
        match self {
            Self::Announce => "ANNOUNCE",
            Self::Signed => "SIGNED",
            Self::Filing => "FILING",
            Self::Cancel => "CANCEL",
            Self::Supersede => "REPLACED",
            Self::Expand => "EXPAND",
            Self::Reduce => "REDUCE",
            Self::Amend => "AMEND",
            Self::InUse => "IN USE",
            Self::Correct => "CORRECT",
            Self::Conflict => "CONFLICT",
            Self::MilestoneSet => "MILESET",
            Self::Milestone => "MILESTN",
            Self::Delay => "DELAY",
            Self::Miss => "MISS",
            Self::Finance => "FINANCE",
            Self::Figure => "FIGURE",
            Self::Supply => "SUPPLY",
            Self::Legal => "LEGAL",
            Self::Exec => "EXEC",
            Self::Rumour => "RUMOUR",
            Self::Denial => "DENIAL",
            Self::Opinion => "OPINION",
            Self::Recap => "RECAP",
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The event as the tagger names it.
    pub event: &'static str,
    /// What it is on the wire.
    pub signal: SignalKind,
    /// How much it matters, 0 to 100: an editor's weight, not a measurement.
    pub materiality: u8,
}

const fn row(event: &'static str, signal: SignalKind, materiality: u8) -> Row {
    Row { event, signal, materiality }
}

/// The row of a kind. What it opens, closes or reverses is in
/// [`Effect`](super::model::evidence::Effect).
pub const fn event(kind: ClaimKind) -> Row {
    use ClaimKind as K;
    use SignalKind as S;
    match kind {
        K::Announced => row("announcement", S::Announce, 90),
        K::ContractSigned => row("commitment", S::Signed, 90),
        K::Expanded | K::Restored | K::Renewed => row("expansion", S::Expand, 85),
        K::Amended | K::ContractReaffirmed => row("amendment", S::Amend, 60),
        K::FirstCapacity => row("milestone", S::Milestone, 80),
        K::Schedule => row("milestone", S::MilestoneSet, 60),
        K::Production | K::Pilot => row("adoption", S::InUse, 85),
        K::Talks => row("exploration", S::Rumour, 50),
        K::Delayed => row("setback", S::Delay, 85),
        K::Reduced => row("setback", S::Reduce, 85),
        K::NotCustom | K::NotYet => row("setback", S::Exec, 60),
        K::Cancelled | K::Terminated | K::MigratedAway | K::ScaledToZero => row("setback", S::Cancel, 100),
        K::Lapsed => row("setback", S::Supersede, 90),
        K::FinancingSnag => row("financing", S::Finance, 85),
        K::Funded | K::Conditional | K::ConditionMet | K::VendorFinanced | K::SelfFinanced => {
            row("financing", S::Finance, 70)
        }
        K::Filing => row("filing", S::Filing, 60),
        K::Price | K::Competitive | K::Supply => row("competitiveness", S::Supply, 50),
        K::Legal => row("regulatory", S::Legal, 65),
        K::Analysis => row("analysis", S::Opinion, 20),
        K::Quantity => row("none", S::Figure, 40),
    }
}

/// Type and materiality of one claim: the row of its kind, unless who says it and how makes it something
/// else.
pub fn weigh(kind: ClaimKind, modality: Modality, sign: Sign, tier: Tier, recap: bool) -> (SignalKind, u8) {
    let Row { signal, materiality, .. } = event(kind);
    if recap {
        return (SignalKind::Recap, 5);
    }
    match (modality, signal) {
        (Modality::Opinion | Modality::Hypothetical, _) => (SignalKind::Opinion, 20),
        (Modality::Denied, _) => (SignalKind::Denial, 65),
        // A limit set in a filing, or by an officer who takes a word back, matters as much as the word.
        (_, SignalKind::Filing | SignalKind::Exec) if sign == Sign::Against && tier.is_hard() => (signal, 90),
        (_, SignalKind::Supply | SignalKind::Legal | SignalKind::Opinion | SignalKind::Figure) => {
            (signal, materiality)
        }
        // Nobody on record says so: a report of a thing, not the thing.
        (Modality::Hedged | Modality::Speculative, _) if !tier.is_hard() => (SignalKind::Rumour, 50),
        _ => (signal, materiality),
    }
}

/// How much a source's word is worth on the wire, 0 to 100.
pub const fn credit(tier: Tier) -> u8 {
    match tier {
        Tier::A => 100,
        Tier::B => 90,
        Tier::C => 85,
        Tier::D => 60,
        Tier::E => 15,
    }
}
