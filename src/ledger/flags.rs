//! Where a flag comes from: the claim that opened it, with its words and its sum.

use super::book::LegBook;
use super::model::evidence::{Effect, Evidence, Flag};
use super::model::status::LegStatus;
use crate::domain::claim::{Fact, Sign, Slot, Workload};
use crate::domain::text::DisplayText;
use crate::domain::time::Day;

/// A flag that stands, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagView {
    /// The flag.
    pub flag: Flag,
    /// The day of the word that opened it.
    pub since: Day,
    /// The claim that opened it.
    pub claim: String,
    /// Its words.
    pub words: DisplayText,
    /// The money that it is about, in millions of dollars.
    pub amount: Option<Fact>,
}

/// The flags of a leg on a day, each with the claim that opened it.
pub(super) fn flags(book: &LegBook, status: &LegStatus, day: Day) -> Vec<FlagView> {
    let views = status.flags.iter().filter_map(|(&flag, &since)| {
        // In order of id within a day, as the flags themselves are folded.
        let opened =
            book.evidence().iter().find(|e| e.published == since && e.is_novel(day) && opens(e, flag))?;
        let claim = &book.entry(opened)?.claim;
        Some(FlagView {
            flag,
            since,
            claim: claim.id.clone(),
            words: claim.words.clone(),
            amount: amount(flag, &claim.facts),
        })
    });
    views.collect()
}

/// Whether a claim is of the kind that raises a flag.
fn opens(e: &Evidence, flag: Flag) -> bool {
    let work = |workload| e.workload == workload && e.said >= 4 && e.sign == Sign::For;
    match flag {
        Flag::Lab => work(Workload::Lab),
        Flag::Resold => work(Workload::Resold),
        flag => e.effect == Effect::Opens(flag),
    }
}

/// The money that a flag is about: what is missing, or what the vendor puts up.
fn amount(flag: Flag, facts: &[Fact]) -> Option<Fact> {
    let slots: &[Slot] = match flag {
        Flag::Unfunded => &[Slot::UsdFinancing],
        Flag::VendorFunded => &[Slot::UsdFinancing, Slot::UsdEquity],
        _ => &[],
    };
    slots.iter().find_map(|slot| facts.iter().find(|fact| fact.slot == *slot)).cloned()
}
