//! Milestones: what was promised for when, and whether it has come.
//!
//! The model drops a date as soon as the leg stands on the promised rung. That says nothing of a further
//! tranche of a leg that stood there already, nor of a promise whose letter of intent has lapsed: here a
//! milestone is met by a rung that was reached after it was set, or by words that name it, and each one
//! that is met cites what met it.

use std::collections::BTreeMap;

use super::board::LegView;
use super::book::{DealBook, LegBook};
use super::code::Code;
use super::model::evidence::{Evidence, Flag};
use crate::domain::claim::{Modality, Rung, Sign};
use crate::domain::deal::LegKind;
use crate::domain::time::Day;

/// A milestone on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MilestoneView {
    /// Its leg.
    pub leg: LegKind,
    /// Its name.
    pub name: String,
    /// The rung that reaches it.
    pub rung: Rung,
    /// The first date given.
    pub first: Day,
    /// The latest date given; parties' dates go before anyone else's.
    pub due: Day,
    /// Days between the two.
    pub slip: i32,
    /// Where it stands.
    pub state: MilestoneState,
    /// The claim that gave the latest date; `None` where only the catalog names it.
    pub claim: Option<String>,
    /// What others last said of the same step, where it is another date. Newest first.
    pub others: Vec<OtherDate>,
}

/// Another date given for a milestone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherDate {
    /// The date.
    pub due: Day,
    /// When it was said.
    pub published: Day,
    /// Whose word it is.
    pub code: Code,
    /// The claim.
    pub claim: String,
}

/// Whether a milestone is behind, ahead, missed or void.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MilestoneState {
    /// Reached.
    Met {
        /// Since when, where it is known.
        on: Option<Day>,
        /// The claim that says so; `None` where the catalog says it.
        by: Option<String>,
    },
    /// Days left.
    Ahead(i32),
    /// Days past.
    Overdue(i32),
    /// What promised it has lapsed on that day.
    Void(Day),
}

impl MilestoneView {
    /// Whether it can still come: ahead or overdue.
    pub fn is_open(&self) -> bool {
        matches!(self.state, MilestoneState::Ahead(_) | MilestoneState::Overdue(_))
    }
}

/// A milestone as the words set it, before anyone asks whether it has come.
struct Promise {
    rung: Rung,
    /// The first day on which it was known.
    set: Day,
    first: Day,
    due: Day,
    /// Publication of the latest date, and its claim.
    last: Day,
    claim: Option<String>,
}

/// Every milestone that a claim has dated or the catalog names, by date. `legs` are the deal's on `day`.
pub(super) fn milestones(book: &DealBook, legs: &[LegView], day: Day) -> Vec<MilestoneView> {
    let mut views = Vec::new();
    for leg in &book.legs {
        let kind = leg.leg.kind;
        let Some(now) = legs.iter().find(|view| view.kind == kind) else { continue };
        let lapsed = now.status.flags.get(&Flag::Lapsed).copied();
        for (name, promise) in promises(book, leg, day) {
            let known = book.deal.milestones.iter().find(|m| m.leg == kind && m.name == name);
            let met = known.and_then(|m| m.met).filter(|&met| met <= day);
            let state = if met.is_some() {
                MilestoneState::Met { on: met, by: None }
            } else if let Some(by) = fulfilment(leg, &name, &promise, now.status.rung, day) {
                MilestoneState::Met { on: Some(by.known), by: Some(by.id.clone()) }
            } else if let Some(lapsed) = lapsed.filter(|&lapsed| promise.last < lapsed) {
                MilestoneState::Void(lapsed)
            } else if promise.due < day {
                MilestoneState::Overdue(day.since(promise.due))
            } else {
                MilestoneState::Ahead(promise.due.since(day))
            };
            views.push(MilestoneView {
                leg: kind,
                others: other_dates(leg, &name, promise.due, day),
                name,
                rung: promise.rung,
                first: promise.first,
                due: promise.due,
                slip: promise.due.since(promise.first),
                state,
                claim: promise.claim,
            });
        }
    }
    views.sort_by(|a, b| (a.due, &a.name, a.leg).cmp(&(b.due, &b.name, b.leg)));
    views
}

/// The milestones of a leg by name: dated by claims, or by the catalog where no claim dates them.
fn promises(book: &DealBook, leg: &LegBook, day: Day) -> BTreeMap<String, Promise> {
    let mut promises: BTreeMap<String, Promise> = BTreeMap::new();
    // Parties' dates last, so that the latest of them stands; of one side's dates the later is the word.
    for hard in [false, true] {
        let mut dated: Vec<(&Evidence, Day)> = leg
            .evidence()
            .iter()
            .filter(|e| e.is_hard() == hard && e.is_novel(day) && e.modality == Modality::Scheduled)
            .filter_map(|e| Some((e, e.due?)))
            .collect();
        dated.sort_by(|(a, x), (b, y)| (a.published, x, &a.id).cmp(&(b.published, y, &b.id)));
        for (e, due) in dated {
            let rung = Rung::from_index(usize::from(e.rung()));
            let promise = promises.entry(e.milestone.clone()).or_insert_with(|| Promise {
                rung,
                set: e.known,
                first: due,
                due,
                last: e.published,
                claim: None,
            });
            promise.set = promise.set.min(e.known);
            (promise.rung, promise.due, promise.last) = (rung, due, e.published);
            promise.claim = Some(e.id.clone());
        }
    }
    for (name, promise) in &mut promises {
        let dates = leg
            .evidence()
            .iter()
            .filter(|e| e.is_novel(day) && e.modality == Modality::Scheduled && e.milestone == *name);
        if let Some((_, first)) = dates.filter_map(|e| Some((e.published, e.due?))).min() {
            promise.first = first;
        }
    }
    // One that the catalog's claims date is known from those on, and not before.
    let dated_at_all = |name: &str| {
        let mut claims = book.deal.claims.iter();
        claims.any(|claim| claim.due.is_some() && claim.milestone.as_deref() == Some(name))
    };
    let begun = leg.evidence().iter().filter(|e| e.is_seen(day)).map(|e| e.known).min();
    for milestone in book.deal.milestones.iter().filter(|m| m.leg == leg.leg.kind) {
        if let Some(begun) = begun.filter(|_| !dated_at_all(&milestone.name)) {
            promises.entry(milestone.name.clone()).or_insert(Promise {
                rung: milestone.rung,
                set: begun,
                first: milestone.due,
                due: milestone.due,
                last: begun,
                claim: None,
            });
        }
    }
    promises
}

/// Each informant's latest date for a milestone, where it is not the one that stands. An informant's own
/// earlier date is no conflict; it is the slip.
fn other_dates(leg: &LegBook, name: &str, stands: Day, day: Day) -> Vec<OtherDate> {
    let mut latest: BTreeMap<&str, &Evidence> = BTreeMap::new();
    let dated = leg.evidence().iter().filter(|e| {
        e.is_novel(day) && e.modality == Modality::Scheduled && e.due.is_some() && e.milestone == name
    });
    for e in dated {
        let held = latest.entry(&e.origin).or_insert(e);
        if (e.published, &e.id) > (held.published, &held.id) {
            *held = e;
        }
    }
    let mut others: Vec<OtherDate> = latest
        .into_values()
        .filter_map(|e| {
            let due = e.due.filter(|&due| due != stands)?;
            let code = Code::of_claim(e.tier, e.modality);
            Some(OtherDate { due, published: e.published, code, claim: e.id.clone() })
        })
        .collect();
    others.sort_by(|a, b| (b.published, &b.claim).cmp(&(a.published, &a.claim)));
    others
}

/// The words that fulfil a promise: those that name it, or those that took the leg to its rung since.
fn fulfilment<'a>(
    leg: &'a LegBook,
    name: &str,
    promise: &Promise,
    now: Rung,
    day: Day,
) -> Option<&'a Evidence> {
    let k = promise.rung.index() as u8;
    // What is there on the day of the promise is not what is promised.
    let stood = Rung::from_index(usize::from(leg.scales.state(promise.set).rung)) >= promise.rung;
    let risen = !stood && now >= promise.rung;
    let said = |e: &&Evidence| {
        e.is_novel(day)
            && e.sign == Sign::For
            && e.modality == Modality::Asserted
            && e.known > promise.set
            && e.covers(k)
    };
    let words = || leg.evidence().iter().filter(said);
    let named = words().filter(|e| e.is_hard()).find(|e| e.milestone == name && name != NEXT);
    let weightiest = || words().filter(|_| risen).min_by_key(|e| (!e.is_hard(), e.known));
    named.or_else(weightiest)
}

/// What a promise is called where the words name none.
const NEXT: &str = "next";
