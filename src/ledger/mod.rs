//! Claims to status, shares and economics. Pure.
//!
//! [`model`] is the Threshold-Odds Ledger by itself, on any claims. [`Ledger`] puts the catalog's legs and
//! all claims, its own and live ones, through it, and [`Ledger::board`] reads off every deal for any day.
//!
//! Slots that the figures of a claim must use for the roll-ups: `mw_headline` (announced, binding or not;
//! without one the contracted figure stands), `mw_contracted` (counted from CONTRACTED up; give a doubted
//! figure its wide bounds by a second, soft claim), `mw_deployed` (counted as serving from SERVING up),
//! `usd_contracted` and `usd_increment` with `years`, and `serving_share` in permille.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::domain::claim::{Claim, Subject};
use crate::domain::deal::{Catalog, Deal, Leg, Programme};
use crate::domain::time::{Day, Timestamp};

pub mod backtest;
pub mod board;
pub mod book;
pub mod capacity;
pub mod code;
pub mod copies;
pub mod economics;
pub mod event;
mod figures;
pub mod flags;
mod informant;
pub mod milestone;
pub mod model;
pub mod page;
pub mod page_report;
pub mod pin;
pub mod pressure;
pub mod programme;
pub mod report;
pub mod rollup;
pub mod signal;
pub mod timeline;
pub mod words;

pub use board::{Board, DealStatus, LegView};
pub use book::LegPin;
use book::{DealBook, Entry, LegBook, Shelf, Shelves, programme_evidence};
use model::evidence::Evidence;
use model::fold::Pin;
pub use page::DealPage;
use words::Names;

/// Days back from the board's day in which a claim counts as new, where no mark is given.
const NEW_DAYS: i32 = 7;

/// Everything said about the tracked deals, weighed.
///
/// A pure value: equal sets of claims give equal boards, whatever order they came in and however often.
#[derive(Clone, Debug)]
pub struct Ledger {
    deals: Vec<DealBook>,
    programmes: Vec<Programme>,
    programme_entries: Vec<Shelf>,
    names: Names,
    /// Days on which the catalog's own claims became known with the day of their publication, in order.
    catalog_days: Vec<(Day, Day)>,
    unplaced: usize,
}

/// How pieces of work that do not depend on each other are done: `hands(count, work)` calls `work` once for
/// each number below `count`, in any order and on any thread, and comes back when all are done.
pub type Hands<'a> = &'a dyn Fn(usize, &(dyn Fn(usize) + Sync));

/// One pair of hands: one piece after the other.
pub fn one_by_one(count: usize, work: &(dyn Fn(usize) + Sync)) {
    (0..count).for_each(work);
}

/// A leg to be weighed.
struct Job {
    deal: usize,
    leg: Leg,
    entries: Vec<Entry>,
    programme: Arc<Vec<Evidence>>,
    pins: Vec<Pin>,
}

/// Weighs legs, the heaviest first, so that no hand is left with it at the end. Gives them back in the
/// order in which they came, each with the number of its deal.
fn weigh(hands: Hands<'_>, jobs: Vec<Job>) -> Vec<(usize, LegBook)> {
    let mut order: Vec<usize> = (0..jobs.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(jobs[at].entries.len()));
    let jobs: Vec<Mutex<Option<Job>>> = jobs.into_iter().map(|job| Mutex::new(Some(job))).collect();
    let done: Vec<OnceLock<(usize, LegBook)>> = jobs.iter().map(|_| OnceLock::new()).collect();
    hands(jobs.len(), &|number| {
        let at = order[number];
        let job = jobs[at].lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Job { deal, leg, entries, programme, pins }) = job {
            done[at].get_or_init(|| (deal, LegBook::new(leg, entries, programme, pins)));
        }
    });
    done.into_iter().filter_map(OnceLock::into_inner).collect()
}

impl Ledger {
    /// The catalog with its own claims, and `live` ones read from feeds.
    pub fn new(catalog: &Catalog, live: Vec<Claim>) -> Self {
        Self::with_pins(catalog, live, &[])
    }

    /// As [`Self::new`], with the reader's own judgements.
    pub fn with_pins(catalog: &Catalog, live: Vec<Claim>, pins: &[LegPin]) -> Self {
        Self::with_pins_by(&one_by_one, catalog, live, pins)
    }

    /// As [`Self::with_pins`], weighed by several hands.
    pub fn with_pins_by(hands: Hands<'_>, catalog: &Catalog, live: Vec<Claim>, pins: &[LegPin]) -> Self {
        let own = catalog.claims().cloned().map(|claim| Entry { claim: Arc::new(claim), live: false });
        let live = live.into_iter().map(|claim| Entry { claim: Arc::new(claim), live: true });
        Self::assemble(hands, catalog, own.chain(live), pins)
    }

    /// The catalog's deals and legs without its history: what `live` claims alone say.
    pub fn without_history(catalog: &Catalog, live: Vec<Claim>) -> Self {
        let live = live.into_iter().map(|claim| Entry { claim: Arc::new(claim), live: true });
        Self::assemble(&one_by_one, catalog, live, &[])
    }

    fn assemble(
        hands: Hands<'_>,
        catalog: &Catalog,
        entries: impl Iterator<Item = Entry>,
        pins: &[LegPin],
    ) -> Self {
        let mut shelves = Shelves::default();
        let mut catalog_days = Vec::new();
        for entry in entries {
            if !entry.live {
                catalog_days.push((entry.claim.known.max(entry.claim.published), entry.claim.published));
            }
            shelves.put(entry);
        }
        catalog_days.sort_unstable();
        let mut programme_entries = Vec::new();
        let mut programmes: BTreeMap<String, Arc<Vec<_>>> = BTreeMap::new();
        for (id, mut entries) in std::mem::take(&mut shelves.programmes) {
            let (evidence, copied) = programme_evidence(&mut entries);
            let evidence = Arc::new(evidence);
            programmes.insert(id, Arc::clone(&evidence));
            programme_entries.push(Shelf { entries, copied, evidence });
        }
        let mut jobs: Vec<Job> = Vec::new();
        for (at, deal) in catalog.deals.iter().enumerate() {
            for leg in &deal.legs {
                let of_deal = shelves.legs.get_mut(&deal.slug);
                let entries = of_deal.and_then(|legs| legs.remove(&leg.kind)).unwrap_or_default();
                let programme = leg.programme.as_ref().and_then(|id| programmes.get(id)).cloned();
                let held = |pin: &&LegPin| pin.deal == deal.slug && pin.leg == leg.kind;
                let pins = pins.iter().filter(held).map(|pin| pin.pin.clone()).collect();
                let leg = leg.clone();
                jobs.push(Job { deal: at, leg, entries, programme: programme.unwrap_or_default(), pins });
            }
        }
        let mut deals: Vec<DealBook> = catalog
            .deals
            .iter()
            .map(|deal| DealBook { deal: Arc::new(deal.clone()), legs: Vec::new() })
            .collect();
        for (deal, leg) in weigh(hands, jobs) {
            deals[deal].legs.push(leg);
        }
        for deal in &mut deals {
            deal.legs.sort_by_key(|leg| leg.leg.kind);
        }
        Self {
            deals,
            programmes: catalog.programmes.clone(),
            programme_entries,
            names: Names::of(catalog),
            catalog_days,
            unplaced: shelves.legs.values().flat_map(BTreeMap::values).map(Vec::len).sum(),
        }
    }

    /// Every deal on `as_of`, from nothing but what was known by the end of that day. Claims of the last
    /// week count as new.
    pub fn board(&self, as_of: Day) -> Board {
        self.board_since(as_of, as_of.plus(-NEW_DAYS).end())
    }

    /// As [`Self::board`]; claims known after `mark` count as new.
    pub fn board_since(&self, as_of: Day, mark: Timestamp) -> Board {
        let mut deals: Vec<DealStatus> =
            self.deals.iter().map(|book| DealStatus::of(book, &self.names, as_of, mark)).collect();
        rollup::wallets(&mut deals);
        let rollups = rollup::rollups(&deals);
        let known = self.catalog_days.iter().take_while(|(known, _)| *known <= as_of);
        let catalog_to = known.map(|(_, published)| *published).max();
        Board { as_of, deals, rollups, catalog_to }
    }

    /// The claims and evidence behind each deal, in the order of the catalog.
    pub fn books(&self) -> &[DealBook] {
        &self.deals
    }

    /// A claim by its id, of a deal or a programme.
    pub fn claim(&self, id: &str) -> Option<&Arc<Claim>> {
        let of_deals = self.deals.iter().flat_map(|book| &book.legs).flat_map(|leg| &leg.entries);
        let of_programmes = self.programme_entries.iter().flat_map(|shelf| &shelf.entries);
        of_deals.chain(of_programmes).map(|entry| &entry.claim).find(|claim| claim.id == id)
    }

    /// The claims and evidence behind one deal.
    pub fn book(&self, slug: &str) -> Option<&DealBook> {
        self.deals.iter().find(|book| book.deal.slug.as_str() == slug)
    }

    /// Claims about programmes, by programme.
    fn programme_entries(&self) -> &[Shelf] {
        &self.programme_entries
    }

    /// Claims about one programme.
    fn programme_shelf(&self, id: &str) -> Option<&Shelf> {
        self.programme_entries.iter().find(|shelf| {
            let subject = shelf.entries.first().map(|entry| &entry.claim.subject);
            matches!(subject, Some(Subject::Programme(of)) if of == id)
        })
    }

    /// Names that sentences use.
    fn names(&self) -> &Names {
        &self.names
    }

    /// The catalog's programmes.
    pub fn programmes(&self) -> &[Programme] {
        &self.programmes
    }

    /// The tracked deals.
    pub fn deals(&self) -> impl Iterator<Item = &Deal> {
        self.deals.iter().map(|book| &*book.deal)
    }

    /// How many claims are about a deal or a leg that the catalog does not have.
    pub fn unplaced(&self) -> usize {
        self.unplaced
    }
}

#[cfg(test)]
mod tests;
