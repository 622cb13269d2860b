//! How the labels have done: when they changed, how long before or after the parties' own words, how often
//! they flipped back, and, where the truth is given, how far the probabilities were from it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Ledger;
use super::book::LegBook;
use crate::domain::claim::{Modality, Rung, Sign};
use crate::domain::deal::LegKind;
use crate::domain::time::Day;

/// Days within which a change that is taken back was a false flip.
pub const FLIP_DAYS: i32 = 60;

/// From a day on the leg truly stood on a rung.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// The deal's slug.
    pub deal: String,
    /// The leg.
    pub leg: LegKind,
    /// First day.
    pub from: Day,
    /// The rung.
    pub rung: Rung,
}

/// One change of a leg's label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct LabelChange {
    /// Deal.
    pub deal: String,
    /// Leg.
    pub leg: &'static str,
    /// The day.
    pub day: Day,
    /// Label before.
    pub from: &'static str,
    /// Label after.
    pub to: &'static str,
    /// Days from the first party's word for the new rung to the label; negative when the label came first,
    /// null where no party has said so yet, and for a fall.
    pub lag: Option<i32>,
    /// Taken back within 60 days.
    pub false_flip: bool,
    /// Ids of the claims of the day that moved it; none where silence did.
    pub by: Vec<String>,
}

/// How far the probabilities were from the truth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Accuracy {
    /// Days of legs judged.
    pub leg_days: usize,
    /// Part of them on which the label was the truth.
    pub exact: f64,
    /// Ranked probability score: the mean over the seven rungs of (P - truth)^2. 0 is perfect.
    pub rps: f64,
    /// Brier score over the eight rungs as classes: the sum of (P(R = k) - truth)^2. 0 is perfect.
    pub brier: f64,
}

/// A replay's record up to a day.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Backtest {
    /// The last day judged.
    pub to: Day,
    /// Label changes in order of time.
    pub changes: Vec<LabelChange>,
    /// Median days by which EXPLORING was shown before the first party's word for ANNOUNCED or more.
    pub soft_lead: Option<i32>,
    /// Median days from a party's word to the label, over rises to ANNOUNCED or more.
    pub hard_lag: Option<i32>,
    /// Changes taken back within 60 days.
    pub false_flips: usize,
    /// Legs of which anything was known.
    pub legs: usize,
    /// Distance from the truth; null without one.
    pub accuracy: Option<Accuracy>,
}

impl Ledger {
    /// The record up to `to`.
    pub fn backtest(&self, to: Day, truth: &[Truth]) -> Backtest {
        let mut changes = Vec::new();
        let (mut leads, mut lags, mut legs) = (Vec::new(), Vec::new(), 0);
        for book in self.books() {
            for leg in &book.legs {
                if leg.scales.course().start().is_none_or(|start| start > to) {
                    continue;
                }
                legs += 1;
                let mut own = label_changes(book.deal.slug.as_str(), leg, to);
                let exploring = own.iter().find(|change| change.to == Rung::Exploring.label());
                if let (Some(shown), Some(said)) = (exploring, first_word(leg, Rung::Announced, to))
                    && said > shown.day
                {
                    leads.push(said.since(shown.day));
                }
                lags.extend(own.iter().filter(|c| c.to != Rung::Exploring.label()).filter_map(|c| c.lag));
                changes.append(&mut own);
            }
        }
        changes.sort_by(|a, b| (a.day, &a.deal, a.leg).cmp(&(b.day, &b.deal, b.leg)));
        Backtest {
            to,
            soft_lead: median(leads),
            hard_lag: median(lags),
            false_flips: changes.iter().filter(|change| change.false_flip).count(),
            legs,
            accuracy: self.accuracy(to, truth),
            changes,
        }
    }

    fn accuracy(&self, to: Day, truth: &[Truth]) -> Option<Accuracy> {
        let mut by_leg: BTreeMap<(&str, LegKind), BTreeMap<Day, Rung>> = BTreeMap::new();
        for row in truth {
            by_leg.entry((&row.deal, row.leg)).or_default().insert(row.from, row.rung);
        }
        let (mut leg_days, mut exact, mut rps, mut brier) = (0_usize, 0_usize, 0.0, 0.0);
        for ((deal, kind), steps) in by_leg {
            let leg = self.book(deal).and_then(|book| book.legs.iter().find(|leg| leg.leg.kind == kind));
            let (Some(leg), Some((&first, _))) = (leg, steps.first_key_value()) else { continue };
            for day in (0..=to.since(first)).map(|days| first.plus(days)) {
                let Some((_, &true_rung)) = steps.range(..=day).next_back() else { continue };
                let state = leg.scales.state(day);
                let chance = state.odds.map(|odds| f64::from(super::model::tables::permille(odds)) / 1000.0);
                let reached = |k: usize| f64::from(u8::from(true_rung.index() >= k));
                rps += (1..=7).map(|k| (chance[k - 1] - reached(k)).powi(2)).sum::<f64>() / 7.0;
                let at_least = |k: usize| match k {
                    0 => 1.0,
                    8 => 0.0,
                    k => chance[k - 1],
                };
                let class = |k: usize| f64::from(u8::from(true_rung.index() == k));
                brier += (0..=7).map(|k| (at_least(k) - at_least(k + 1) - class(k)).powi(2)).sum::<f64>();
                exact += usize::from(usize::from(state.rung) == true_rung.index());
                leg_days += 1;
            }
        }
        let mean = |sum: f64| sum / leg_days as f64;
        (leg_days > 0).then(|| Accuracy {
            leg_days,
            exact: mean(exact as f64),
            rps: mean(rps),
            brier: mean(brier),
        })
    }
}

fn label_changes(deal: &str, leg: &LegBook, to: Day) -> Vec<LabelChange> {
    let rung = |index: u8| Rung::from_index(usize::from(index));
    let mut steps: Vec<(Day, Rung, Rung)> = Vec::new();
    let mut shown = Rung::None;
    for state in leg.scales.course().states().iter().filter(|state| state.from <= to) {
        if rung(state.rung) != shown {
            steps.push((state.from, shown, rung(state.rung)));
            shown = rung(state.rung);
        }
    }
    // Silence goes on after the last claim.
    let last = rung(leg.scales.state(to).rung);
    if last != shown {
        steps.push((leg.scales.state(to).since.min(to), shown, last));
    }
    let taken_back = |at: usize| {
        let (day, from, to) = steps[at];
        let back = |&(later, _, shown): &(Day, Rung, Rung)| {
            later.since(day) <= FLIP_DAYS && if to > from { shown < to } else { shown > to }
        };
        steps[at + 1..].iter().any(back)
    };
    steps
        .iter()
        .enumerate()
        .map(|(at, &(day, from, to))| {
            let rises = to > from;
            let sign = if rises { Sign::For } else { Sign::Against };
            let top = from.max(to).index() as u8;
            let moved = leg.evidence().iter().filter(|e| {
                e.known == day && e.is_novel(day) && e.has_weight() && e.sign == sign && e.covers(top)
            });
            LabelChange {
                deal: deal.to_owned(),
                leg: leg.leg.kind.word(),
                day,
                from: from.label(),
                to: to.label(),
                lag: first_word(leg, to, day.plus(3650)).filter(|_| rises).map(|said| day.since(said)),
                false_flip: taken_back(at),
                by: moved.map(|e| e.id.clone()).collect(),
            }
        })
        .collect()
}

/// The first day on which a party stated that the leg is at `rung` or beyond.
fn first_word(leg: &LegBook, rung: Rung, to: Day) -> Option<Day> {
    let stated = leg.evidence().iter().filter(|e| {
        let says = e.sign == Sign::For && e.covers(rung.index() as u8);
        e.is_hard() && e.modality == Modality::Asserted && says && e.known <= to
    });
    stated.map(|e| e.known).min()
}

fn median(mut values: Vec<i32>) -> Option<i32> {
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}
