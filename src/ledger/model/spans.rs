//! Stretches of days: when a claim stands, and when it is a retelling.

use crate::domain::time::Day;

/// Where an open stretch ends.
const NEVER_ENDS: Day = Day(i32::MAX);

/// A set of days: stretches in order of time that do not touch, each from its first day up to the day
/// after its last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans(Vec<(Day, Day)>);

impl Spans {
    /// No day.
    pub const NEVER: Self = Self(Vec::new());

    /// Every day.
    pub fn always() -> Self {
        Self(vec![(Day(i32::MIN), NEVER_ENDS)])
    }

    /// From `day` on.
    pub fn from(day: Day) -> Self {
        Self(vec![(day, NEVER_ENDS)])
    }

    /// From `from` on, up to the day before `until` where there is an end; no day where that is not later.
    pub fn between(from: Day, until: Option<Day>) -> Self {
        let until = until.unwrap_or(NEVER_ENDS);
        Self(if from < until { vec![(from, until)] } else { Vec::new() })
    }

    /// Whether it has no day at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `day` is one of its days.
    pub fn has(&self, day: Day) -> bool {
        self.0.iter().any(|&(from, until)| from <= day && day < until)
    }

    /// Takes in the days of another.
    pub fn add(&mut self, other: &Self) {
        for &(from, until) in &other.0 {
            // Usually one open stretch holds everything.
            if self.0.iter().any(|&(f, u)| f <= from && until <= u) {
                continue;
            }
            let first = self.0.partition_point(|&(_, u)| u < from);
            let last = self.0.partition_point(|&(f, _)| f <= until);
            let from = self.0.get(first).filter(|_| first < last).map_or(from, |&(f, _)| f.min(from));
            let joined = last.checked_sub(1).filter(|&last| first <= last);
            let until = joined.and_then(|last| self.0.get(last)).map_or(until, |&(_, u)| u.max(until));
            self.0.splice(first..last, [(from, until)]);
        }
    }

    /// Its days without those of another.
    #[must_use]
    pub fn without(mut self, other: &Self) -> Self {
        for &(from, until) in &other.0 {
            let cut = |(f, u): (Day, Day)| [(f, u.min(from)), (f.max(until), u)];
            self.0 = self.0.into_iter().flat_map(cut).filter(|(f, u)| f < u).collect();
        }
        self
    }

    /// What was known of it on `day`: a stretch that had not begun was not foreseen, nor its end.
    #[must_use]
    pub fn as_known(&self, day: Day) -> Self {
        let begun = self.0.iter().filter(|&&(from, _)| from <= day);
        Self(begun.map(|&(from, until)| (from, if until <= day { until } else { NEVER_ENDS })).collect())
    }

    /// The first days of its stretches and the first days after them, each with whether the stretch begins.
    pub fn turns(&self) -> impl Iterator<Item = (Day, bool)> {
        let ends = |&(from, until): &(Day, Day)| [(from, true), (until, false)];
        self.0.iter().flat_map(ends).filter(|&(day, _)| day < NEVER_ENDS)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn some() -> impl Strategy<Value = (Spans, BTreeSet<i32>)> {
        proptest::collection::vec((0..30_i32, 0..6_i32), 0..6).prop_map(|parts| {
            let (mut spans, mut days) = (Spans::NEVER, BTreeSet::new());
            for (from, long) in parts {
                spans.add(&Spans::between(Day(from), Some(Day(from + long))));
                days.extend(from..from + long);
            }
            (spans, days)
        })
    }

    proptest! {
        #[test]
        fn spans_are_sets_of_days((a, x) in some(), (b, y) in some()) {
            let mut both = a.clone();
            both.add(&b);
            let left = a.clone().without(&b);
            for day in -1..40 {
                prop_assert_eq!(a.has(Day(day)), x.contains(&day));
                prop_assert_eq!(both.has(Day(day)), x.contains(&day) || y.contains(&day));
                prop_assert_eq!(left.has(Day(day)), x.contains(&day) && !y.contains(&day));
            }
            let apart = both.0.windows(2).all(|pair| pair[0].1 < pair[1].0);
            prop_assert!(apart && both.0.iter().all(|(from, until)| from < until), "{:?}", both);
        }
    }
}
