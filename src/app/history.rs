//! What changed when: every deal judged on every day on which something became known.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::claim::Rung;
use crate::domain::deal::LegKind;
use crate::domain::time::Day;
use crate::ledger::Ledger;
use crate::ledger::board::DealStatus;
use crate::ledger::model::headline::Headline;
use crate::ledger::model::quantity::Bounds;

/// A deal on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The day.
    pub day: Day,
    /// The word.
    pub headline: Headline,
    /// Each leg's rung and the probability of each rung, permille.
    pub legs: Vec<(LegKind, Rung, [i32; 7])>,
    /// Custom share of contracted MW.
    pub contracted: Option<Bounds>,
}

/// A change of a deal's status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The day.
    pub day: Day,
    /// The deal.
    pub deal: String,
    /// What changed: `status GPU LIVE → EXPLORING`.
    pub what: String,
    /// The deal's word itself changed.
    pub flip: bool,
    /// The rung of some leg fell or the deal reverts.
    pub down: bool,
}

/// The past of every deal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Days on which something became known, in order.
    pub days: Vec<Day>,
    /// Each deal on those days on which it differs from the day before.
    pub points: BTreeMap<String, Vec<Point>>,
    /// Changes in order of time.
    pub changes: Vec<Change>,
}

impl History {
    /// Judges every deal on every day on which something became known, up to `until`, and on `until`
    /// itself: what only time does (decay, staleness) is seen there.
    pub fn trace(ledger: &Ledger, until: Day) -> Self {
        let mut days: BTreeSet<Day> = ledger
            .books()
            .iter()
            .flat_map(|book| &book.legs)
            .flat_map(|leg| &leg.entries)
            .map(|entry| entry.claim.known)
            .filter(|day| *day <= until)
            .collect();
        days.insert(until);
        let mut history = Self { days: days.iter().copied().collect(), ..Self::default() };
        for day in days {
            for deal in &ledger.board(day).deals {
                history.add(day, deal);
            }
        }
        history
    }

    fn add(&mut self, day: Day, deal: &DealStatus) {
        let point = Point {
            day,
            headline: deal.headline,
            legs: deal.legs.iter().map(|leg| (leg.kind, leg.status.rung, leg.status.chance)).collect(),
            contracted: deal.contracted,
        };
        let slug = deal.deal.slug.as_str();
        let points = self.points.entry(slug.to_owned()).or_default();
        match points.last() {
            Some(last) => self.changes.extend(changes(last, &point, slug)),
            None if point.headline == Headline::NoSignal => {}
            None => self.changes.push(Change {
                day,
                deal: slug.to_owned(),
                what: format!("first signal: {}", point.headline.word()),
                flip: true,
                down: false,
            }),
        }
        points.push(point);
    }

    /// Changes of one deal, newest first.
    pub fn of<'a>(&'a self, slug: &'a str) -> impl Iterator<Item = &'a Change> {
        self.changes.iter().rev().filter(move |change| change.deal == slug)
    }

    /// Changes of a deal's word after `mark` and up to `until`, newest first.
    pub fn flips(&self, mark: Day, until: Day) -> impl Iterator<Item = &Change> {
        let within = move |change: &&Change| change.flip && change.day > mark && change.day <= until;
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

/// What differs between two days of a deal.
fn changes(before: &Point, after: &Point, slug: &str) -> Vec<Change> {
    let mut found = Vec::new();
    let change = |what: String, flip: bool, down: bool| Change {
        day: after.day,
        deal: slug.to_owned(),
        what,
        flip,
        down,
    };
    if before.headline != after.headline {
        let down = matches!(after.headline, Headline::Reverting | Headline::Faded | Headline::NoSignal);
        found.push(change(format!("{} → {}", before.headline.word(), after.headline.word()), true, down));
    }
    for (kind, rung, _) in &after.legs {
        let old =
            before.legs.iter().find(|(other, ..)| other == kind).map_or(Rung::None, |(_, rung, _)| *rung);
        if old != *rung {
            found.push(change(
                format!("{} leg {} → {}", kind.word(), old.label(), rung.label()),
                false,
                *rung < old,
            ));
        }
    }
    let mid = |point: &Point| point.contracted.map(|bounds| bounds.mid);
    if let (Some(old), Some(new)) = (mid(before), mid(after))
        && (old - new).abs() >= 10
    {
        let what = format!(
            "custom share of contracted {} → {}",
            super::format::percent(old),
            super::format::percent(new)
        );
        found.push(change(what, false, new < old));
    }
    found
}
