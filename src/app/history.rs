//! What changed when, and the series that charts draw: the ledger's own, worked out once for all deals.

use std::collections::{BTreeMap, HashMap};

use crate::domain::claim::Rung;
use crate::domain::deal::LegKind;
use crate::domain::time::{Day, Timestamp};
use crate::ledger::Ledger;
use crate::ledger::model::headline::Headline;
use crate::ledger::signal::describe;
use crate::ledger::timeline::What;
pub use crate::ledger::timeline::{Point, SharePoint};

/// A change of a deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The day.
    pub day: Day,
    /// The deal.
    pub deal: String,
    /// What changed, old and new.
    pub what: String,
    /// The deal's word itself changed.
    pub flip: bool,
    /// For the worse: a rung fell, a date was missed, a doubt was raised.
    pub down: bool,
    /// The weightiest claim that made it; none where silence or the calendar did.
    pub by: Option<String>,
    /// When it could first be seen here: when that claim became known, else the beginning of the day.
    pub seen: Timestamp,
}

/// The series of one deal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// The probabilities of each leg.
    pub legs: Vec<(LegKind, Vec<Point>)>,
    /// The shares.
    pub shares: Vec<SharePoint>,
}

/// The past of every deal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Changes in order of time.
    pub changes: Vec<Change>,
    /// The series of each deal.
    pub series: BTreeMap<String, Series>,
}

impl History {
    /// Works out every deal's past up to `until`.
    pub fn trace(ledger: &Ledger, until: Day) -> Self {
        let mut history = Self::default();
        for book in ledger.books() {
            let slug = book.deal.slug.as_str();
            let first = book.legs.iter().flat_map(|leg| &leg.entries).map(|entry| entry.claim.known).min();
            let Some(first) = first else { continue };
            let changes = ledger.changes(slug, first.plus(-1), until);
            let known: HashMap<&str, Timestamp> = book
                .legs
                .iter()
                .flat_map(|leg| &leg.entries)
                .map(|entry| (entry.claim.id.as_str(), entry.claim.known_at()))
                .collect();
            history.changes.extend(changes.into_iter().map(|change| {
                Change {
                    seen: change
                        .by
                        .first()
                        .and_then(|id| known.get(id.as_str()).copied())
                        .unwrap_or_else(|| change.day.start()),
                    day: change.day,
                    deal: slug.to_owned(),
                    what: describe(&change.what),
                    flip: matches!(change.what, What::Headline { .. }),
                    down: is_down(&change.what),
                    by: change.by.into_iter().next(),
                }
            }));
            let legs = book
                .legs
                .iter()
                .map(|leg| (leg.leg.kind, ledger.series(slug, leg.leg.kind, until)))
                .collect();
            let series = Series { legs, shares: ledger.share_series(slug, until) };
            history.series.insert(slug.to_owned(), series);
        }
        // Stable: within a day each deal's changes keep their order.
        history.changes.sort_by_key(|change| change.day);
        history
    }

    /// Changes of a deal's word after `mark` and up to `until`, newest first.
    pub fn flips(&self, mark: Timestamp, until: Day) -> impl Iterator<Item = &Change> {
        let within = move |change: &&Change| change.flip && change.seen > mark && change.day <= until;
        self.changes.iter().rev().filter(within)
    }

    /// The nearest day before (`by` < 0) or after `day` on which something changed: of one deal, or of any.
    pub fn neighbour(&self, slug: Option<&str>, day: Day, by: i32) -> Option<Day> {
        let mut days = self
            .changes
            .iter()
            .filter(|change| slug.is_none_or(|slug| slug == change.deal))
            .map(|change| change.day);
        if by < 0 { days.filter(|other| *other < day).max() } else { days.find(|other| *other > day) }
    }
}

/// Whether a change is for the worse.
fn is_down(what: &What) -> bool {
    match what {
        What::Headline { to, .. } => {
            matches!(to, Headline::Reverting | Headline::Faded | Headline::NoSignal)
        }
        What::Rung { from, to, .. } => (*to as usize) < Rung::index(*from),
        What::Share { from, to, .. } => to < from,
        What::Due { from, to, .. } => from.is_some_and(|from| *to > from),
        What::Missed { .. } | What::Raised(..) | What::Conflict { .. } | What::Contested(_, true) => true,
        What::Cleared(..) | What::Capacity { .. } | What::Contested(_, false) | What::Reported(..) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn the_history_of_a_deal_is_what_its_board_said_day_by_day() {
        let ledger = Ledger::new(&Config::load(None).unwrap().catalog, Vec::new());
        let until = "2026-03-31".parse().unwrap();
        let history = History::trace(&ledger, until);
        let flips: Vec<_> =
            history.changes.iter().filter(|change| change.flip && change.deal == "openai-aws").collect();
        assert!(flips.len() >= 2, "{flips:?}");
        for flip in flips {
            let word = |day| {
                let board = ledger.board(day);
                let deal = board.deals.iter().find(|deal| deal.deal.slug.as_str() == flip.deal).unwrap();
                deal.headline.word()
            };
            assert_eq!(flip.what, format!("{} → {}", word(flip.day.plus(-1)), word(flip.day)));
        }
    }
}
