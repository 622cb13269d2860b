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
use std::sync::Arc;

use crate::domain::claim::{Claim, Subject};
use crate::domain::deal::{Catalog, Deal, Programme};
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

impl Ledger {
    /// The catalog with its own claims, and `live` ones read from feeds.
    pub fn new(catalog: &Catalog, live: Vec<Claim>) -> Self {
        Self::with_pins(catalog, live, &[])
    }

    /// As [`Self::new`], with the reader's own judgements.
    pub fn with_pins(catalog: &Catalog, live: Vec<Claim>, pins: &[LegPin]) -> Self {
        let own = catalog.claims().cloned().map(|claim| Entry { claim: Arc::new(claim), live: false });
        let live = live.into_iter().map(|claim| Entry { claim: Arc::new(claim), live: true });
        Self::assemble(catalog, own.chain(live), pins)
    }

    /// The catalog's deals and legs without its history: what `live` claims alone say.
    pub fn without_history(catalog: &Catalog, live: Vec<Claim>) -> Self {
        let live = live.into_iter().map(|claim| Entry { claim: Arc::new(claim), live: true });
        Self::assemble(catalog, live, &[])
    }

    fn assemble(catalog: &Catalog, entries: impl Iterator<Item = Entry>, pins: &[LegPin]) -> Self {
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
        let deals = catalog
            .deals
            .iter()
            .map(|deal| {
                let mut legs: Vec<LegBook> = deal
                    .legs
                    .iter()
                    .map(|leg| {
                        let entries = shelves.legs.remove(&(deal.slug.clone(), leg.kind)).unwrap_or_default();
                        let programme = leg.programme.as_ref().and_then(|id| programmes.get(id)).cloned();
                        let held = |pin: &&LegPin| pin.deal == deal.slug && pin.leg == leg.kind;
                        let pins = pins.iter().filter(held).map(|pin| pin.pin.clone()).collect();
                        LegBook::new(leg.clone(), entries, programme.unwrap_or_default(), pins)
                    })
                    .collect();
                legs.sort_by_key(|leg| leg.leg.kind);
                DealBook { deal: Arc::new(deal.clone()), legs }
            })
            .collect();
        Self {
            deals,
            programmes: catalog.programmes.clone(),
            programme_entries,
            names: Names::of(catalog),
            catalog_days,
            unplaced: shelves.legs.values().map(Vec::len).sum(),
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
