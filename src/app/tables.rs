//! Rows of the screens beside the board: sources, matrix, calendar.

use std::collections::{BTreeMap, BTreeSet};

use super::State;
use super::deals;
use super::world::{Health, Source};
use crate::domain::deal::{Class, LegKind};
use crate::domain::time::Day;

/// Buyers against silicon, MW.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    /// Silicon, in the order of the columns.
    pub silicon: Vec<String>,
    /// One row a buyer.
    pub rows: Vec<MatrixRow>,
}

/// A buyer's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixRow {
    /// Lexicon id.
    pub id: String,
    /// The buyer as shown.
    pub buyer: String,
    /// Announced and contracted MW for each silicon; `None` where there is no leg.
    pub cells: Vec<Option<Cell>>,
}

/// One cell of the matrix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Announced MW; `None` where nobody says.
    pub announced: Option<i64>,
    /// Contracted MW; `None` where nobody says.
    pub contracted: Option<i64>,
}

/// A date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarRow {
    /// When.
    pub day: Day,
    /// Deal or companies.
    pub who: String,
    /// What is due.
    pub what: String,
    /// Days that the date has moved.
    pub slip: i32,
    /// Slug of the deal.
    pub deal: Option<String>,
}

impl State {
    /// Feeds: those that need a look first.
    pub fn source_rows(&self) -> Vec<&Source> {
        let mut rows: Vec<&Source> = self.world.sources.iter().collect();
        rows.sort_by(|a, b| a.health.cmp(&b.health).then_with(|| a.name.cmp(&b.name)));
        rows
    }

    /// Buyers against silicon. A hosting deal's GPU leg is filled by chips of silicon deals and stands in
    /// a column of its own, so that no GW is counted twice.
    pub fn matrix(&self) -> Matrix {
        let Some(board) = &self.world.board else { return Matrix::default() };
        let mut columns: BTreeSet<(u8, String)> = BTreeSet::new();
        let mut cells: BTreeMap<(String, String), Cell> = BTreeMap::new();
        let mut buyers: BTreeMap<String, String> = BTreeMap::new();
        for deal in &board.deals {
            buyers.entry(deal.deal.buyer.clone()).or_insert_with(|| deals::buyer(deal).to_owned());
            for leg in &deal.legs {
                let hosted = deal.deal.class == Class::Hosting && leg.kind == LegKind::Gpu;
                let name = if hosted { "hosted GPU".to_owned() } else { deals::silicon(deal, leg.kind) };
                let rank = match leg.kind {
                    LegKind::Custom => 0,
                    LegKind::Gpu if !hosted => 1,
                    LegKind::Other => 2,
                    LegKind::Gpu => 3,
                };
                columns.insert((rank, name.clone()));
                let cell = cells.entry((deal.deal.buyer.clone(), name)).or_default();
                let add = |sum: &mut Option<i64>, more: Option<i64>| {
                    if let Some(more) = more {
                        *sum = Some(sum.unwrap_or(0).saturating_add(more));
                    }
                };
                add(&mut cell.announced, leg.capacity.headline.as_ref().map(|figure| figure.value.mid));
                add(&mut cell.contracted, leg.capacity.contracted.as_ref().map(|figure| figure.value.mid));
            }
        }
        let silicon: Vec<String> = columns.into_iter().map(|(_, name)| name).collect();
        let rows = buyers
            .into_iter()
            .map(|(id, buyer)| MatrixRow {
                cells: silicon.iter().map(|name| cells.get(&(id.clone(), name.clone())).copied()).collect(),
                id,
                buyer,
            })
            .collect();
        Matrix { silicon, rows }
    }

    /// What is due when: milestones of every deal, and the user's own dates.
    pub fn calendar_rows(&self) -> Vec<CalendarRow> {
        let Some(board) = &self.world.board else { return Vec::new() };
        let mut rows: Vec<CalendarRow> = Vec::new();
        for deal in &board.deals {
            let open = deal.milestones.iter().filter(|milestone| milestone.is_open());
            rows.extend(open.map(|milestone| CalendarRow {
                day: milestone.due,
                who: deal.deal.name.clone(),
                what: format!("{} ({})", milestone.name, milestone.leg.word()),
                slip: milestone.slip,
                deal: Some(deal.deal.slug.0.clone()),
            }));
        }
        rows.extend(self.world.dates.iter().map(|date| CalendarRow {
            day: date.day,
            who: date.tickers.join(" "),
            what: date.what.clone(),
            slip: 0,
            deal: None,
        }));
        rows.sort_by(|a, b| (a.day, &a.who, &a.what).cmp(&(b.day, &b.who, &b.what)));
        rows
    }

    /// Whether a feed's silence is longer than its habit explains.
    pub fn failing_sources(&self) -> impl Iterator<Item = &Source> {
        self.world.sources.iter().filter(|source| source.health == Health::Failed)
    }
}
