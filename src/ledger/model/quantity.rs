//! Capacities and shares: interval arithmetic on figures, with parties' figures first.

use std::collections::BTreeSet;

use super::evidence::Evidence;
use crate::domain::claim::{Fact, Op, Slot};
use crate::domain::time::Day;

/// A lower bound, a best reading and an upper bound. Bounds, not a credible interval.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema,
)]
pub struct Bounds {
    /// Lower bound.
    pub lo: i64,
    /// Best reading.
    pub mid: i64,
    /// Upper bound.
    pub hi: i64,
}

impl Bounds {
    /// An interval as given; nothing is reordered.
    pub const fn new(lo: i64, mid: i64, hi: i64) -> Self {
        Self { lo, mid, hi }
    }

    /// Term by term.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self::new(
            self.lo.saturating_add(other.lo),
            self.mid.saturating_add(other.mid),
            self.hi.saturating_add(other.hi),
        )
    }

    /// Each term through `f`.
    #[must_use]
    pub fn map(self, f: impl Fn(i64) -> i64) -> Self {
        Self::new(f(self.lo), f(self.mid), f(self.hi))
    }
}

/// A slot's figures folded into one, with where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded<'a> {
    /// The interval.
    pub value: Bounds,
    /// A soft figure lies outside what the parties say.
    pub conflicted: bool,
    /// The figures that the best reading is made of, in order: one that sets, then those that add.
    pub made_of: Vec<(&'a Evidence, &'a Fact)>,
    /// Soft figures that only widen it.
    pub widened_by: Vec<(&'a Evidence, &'a Fact)>,
}

/// How additions are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Additions {
    /// Each one, as a plain file of claims is read.
    #[default]
    Every,
    /// Each amount once: the same "by $100B" told twice is one amendment.
    OncePerAmount,
}

/// Folds the figures of `slot` that were known and novel on `day`: parties' figures in order of date, then
/// everyone else's, which only widen the interval where a party has given one. `evidence` is in order of
/// publication and id, as [`super::status::Leg::evidence`] is.
pub fn fold<'a>(
    evidence: &(impl Iterator<Item = &'a Evidence> + Clone),
    slot: Slot,
    day: Day,
    additions: Additions,
) -> Option<Folded<'a>> {
    let facts = |hard: bool| {
        let claims = evidence.clone().filter(move |e| e.is_hard() == hard && e.is_novel(day));
        claims.flat_map(move |e| {
            e.facts.iter().filter(move |fact| fact.slot == slot).map(move |fact| (e, fact))
        })
    };
    let mut current: Option<Folded> = None;
    let mut added = BTreeSet::new();
    for (claim, fact) in facts(true).chain(facts(false)) {
        let value = Bounds::new(fact.lo, fact.mid, fact.hi);
        let repeated = fact.op == Op::Add && !added.insert(fact.mid) && additions == Additions::OncePerAmount;
        if repeated {
            continue;
        }
        match &mut current {
            Some(known) if !claim.is_hard() => {
                known.conflicted |= !(known.value.lo..=known.value.hi).contains(&value.mid);
                known.value.lo = known.value.lo.min(value.lo);
                known.value.hi = known.value.hi.max(value.hi);
                known.widened_by.push((claim, fact));
            }
            Some(known) if fact.op == Op::Add => {
                known.value = known.value.plus(value);
                known.made_of.push((claim, fact));
            }
            Some(known) => {
                known.value = value;
                known.made_of = vec![(claim, fact)];
            }
            None => {
                let made_of = vec![(claim, fact)];
                current = Some(Folded { value, conflicted: false, made_of, widened_by: Vec::new() });
            }
        }
    }
    current
}

/// Division that rounds towards minus infinity; 0 where there is nothing to divide by.
pub fn floor_div(a: i64, b: i64) -> i64 {
    if b == 0 {
        return 0;
    }
    let quotient = a.wrapping_div(b);
    if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }
}

/// The custom share of custom plus GPU, permille, each bound at its worst corner.
pub fn share(custom: Bounds, gpu: Bounds) -> Bounds {
    let of = |a: i64, b: i64| floor_div(a.saturating_mul(1000), a.saturating_add(b));
    Bounds::new(of(custom.lo, gpu.hi), of(custom.mid, gpu.mid), of(custom.hi, gpu.lo))
}

/// Rent of GPU capacity in millions of dollars a MW-year. Oracle and OpenAI: $300B over 5 years for 4.5 GW
/// is 13.3.
pub const GPU_RENT: Bounds = Bounds::new(10, 12, 14);

/// MW that a sum in millions of dollars buys over `years` at [`GPU_RENT`].
pub fn mw_from_usd(usd: Bounds, years: i64) -> Bounds {
    Bounds::new(
        floor_div(usd.lo, years * GPU_RENT.hi),
        floor_div(usd.mid, years * GPU_RENT.mid),
        floor_div(usd.hi, years * GPU_RENT.lo),
    )
}

/// Permille of a capacity due by `day`: a straight line from `start` to `end`.
pub fn ramp(day: Day, start: Day, end: Day) -> i64 {
    if day <= start {
        0
    } else if day >= end {
        1000
    } else {
        floor_div(1000 * i64::from(day.since(start)), i64::from(end.since(start)))
    }
}
