//! The pressure gauge line by line: which words without a rung push a leg, and how hard.

use std::sync::Arc;

use super::Ledger;
use super::book::{Entry, LegBook};
use super::code::Code;
use super::model::evidence::Evidence;
use super::model::headline::press;
use crate::domain::claim::Claim;
use crate::domain::time::Day;

/// A claim that presses on a leg.
#[derive(Clone, Debug)]
pub struct PressureLine {
    /// What it adds to the gauge, milli-nats; below zero for a headwind.
    pub counts: i32,
    /// The claim.
    pub claim: Arc<Claim>,
    /// Tier and kind of word.
    pub code: Code,
    /// The programme that it is about; `None` where it is about the leg itself.
    pub programme: Option<String>,
}

/// Every claim that moves the gauge of a leg by a milli-nat or more, heaviest first. They sum up to it,
/// save where the gauge is at its end.
pub(super) fn lines(ledger: &Ledger, leg: &LegBook, day: Day) -> Vec<PressureLine> {
    let own = leg.evidence().iter().filter_map(|e| line(e, leg.entry(e)?, None, day));
    let programme = leg.leg.programme.as_deref();
    let entries = programme.and_then(|id| ledger.programme_shelf(id)).map_or(&[][..], |shelf| &shelf.entries);
    let of_programme = leg.programme.iter().filter_map(|e| {
        let entry = entries.iter().find(|entry| entry.claim.id == e.id)?;
        line(e, entry, programme, day)
    });
    let mut lines: Vec<PressureLine> = own.chain(of_programme).collect();
    lines.sort_by(|a, b| (b.counts.abs(), &a.claim.id).cmp(&(a.counts.abs(), &b.claim.id)));
    lines
}

fn line(e: &Evidence, entry: &Entry, programme: Option<&str>, day: Day) -> Option<PressureLine> {
    let counts = press(e, day).filter(|&counts| counts != 0)?;
    Some(PressureLine {
        counts,
        claim: Arc::clone(&entry.claim),
        code: Code::of_claim(e.tier, e.modality),
        programme: programme.map(str::to_owned),
    })
}
