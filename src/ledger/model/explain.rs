//! The arithmetic behind one log-odds, line by line: what each informant counts for and why.
//!
//! It works from the claims alone and shares no code with the running scale of [`super::odds`], so that
//! each checks the other.

use std::collections::BTreeMap;

use super::evidence::Evidence;
use super::status::Leg;
use super::tables::{BASE, CAP, GAMMA, SOFT_CAP, SUPERSEDED_BY_HARD, SUPERSEDED_BY_SOFT, permille};
use crate::domain::claim::{Modality, Sign};
use crate::domain::time::Day;

/// What one informant adds to, or takes from, the odds of one rung.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Id of the informant's best claim.
    pub claim: String,
    /// The informant.
    pub origin: String,
    /// For or against.
    pub sign: Sign,
    /// Weight of the claim on its first day, milli-nats.
    pub weight: i32,
    /// What age has left of it.
    pub aged: i32,
    /// What newer opposite claims leave of that, permille; 1000 for all.
    pub left: i32,
    /// What the informant's place counts, permille: 1000 for the best, 350 for the second, and so on.
    pub place: i32,
    /// What is added to the odds: negative for a line against.
    pub counts: i32,
}

/// The odds of one rung on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The rung, 1 to 7.
    pub rung: u8,
    /// The prior.
    pub base: i32,
    /// One line for each informant, heaviest first, support before contradiction.
    pub lines: Vec<Line>,
    /// What the caps take off the support; 0 or less.
    pub cap_support: i32,
    /// What the caps give back of the contradiction; 0 or more.
    pub cap_against: i32,
    /// What a pin adds or takes.
    pub pinned: i32,
    /// Base, lines, caps and pin together.
    pub odds: i32,
    /// Their probability, permille.
    pub chance: i32,
}

impl Leg {
    /// The odds of rung `k` (1 to 7) on `day`, line by line. The lines sum up to the odds of the status.
    pub fn account(&self, k: u8, day: Day) -> Account {
        let index = usize::from(k.clamp(1, 7)) - 1;
        let seen: Vec<&Evidence> =
            self.evidence().iter().filter(|e| e.is_novel(day) && e.covers(k)).collect();
        let (mut lines, support, cap_support) = side(&seen, Sign::For, day);
        let (against_lines, against, cap_against) = side(&seen, Sign::Against, day);
        lines.extend(against_lines);
        let unpinned = BASE[index] + support - against;
        let odds = self.state(day).odds[index];
        Account {
            rung: k,
            base: BASE[index],
            lines,
            cap_support,
            cap_against: -cap_against,
            pinned: odds - unpinned,
            odds,
            chance: permille(odds),
        }
    }
}

/// The lines of one side, what they come to, and what the caps took off.
fn side(seen: &[&Evidence], sign: Sign, day: Day) -> (Vec<Line>, i32, i32) {
    let mut best: BTreeMap<&str, Line> = BTreeMap::new();
    let mut hard: BTreeMap<&str, i32> = BTreeMap::new();
    for e in seen.iter().filter(|e| e.sign == sign && e.has_weight()) {
        let left = left(e, seen);
        let aged = e.weight(day);
        let counts = aged * left / 1000;
        let line = Line {
            claim: e.id.clone(),
            origin: e.origin.clone(),
            sign,
            weight: e.base_weight(),
            aged,
            left,
            place: 0,
            counts,
        };
        if e.is_hard() {
            let slot = hard.entry(&e.origin).or_default();
            *slot = counts.max(*slot);
        }
        match best.get(e.origin.as_str()) {
            Some(known) if known.counts >= counts => {}
            _ => {
                best.insert(&e.origin, line);
            }
        }
    }
    let mut lines: Vec<Line> = best.into_values().filter(|line| line.counts > 0).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.counts));
    let mut hard: Vec<i32> = hard.into_values().collect();
    hard.sort_unstable_by_key(|&weight| std::cmp::Reverse(weight));
    let hard = hard.iter().zip(GAMMA).map(|(weight, gamma)| weight * gamma).sum::<i32>() / 1000;
    // Thousandths are carried from line to line, so that the lines sum up to the whole.
    let mut carried = 0;
    for (place, line) in lines.iter_mut().enumerate() {
        line.place = GAMMA.get(place).copied().unwrap_or(0);
        let before = carried / 1000;
        carried += line.counts * line.place;
        line.counts = carried / 1000 - before;
    }
    let all = carried / 1000;
    let capped = CAP.min(all).min(hard + SOFT_CAP);
    if sign == Sign::Against {
        for line in &mut lines {
            line.counts = -line.counts;
        }
    }
    (lines, capped, capped - all)
}

/// What newer asserted claims of the other sign leave of a claim, permille.
fn left(e: &Evidence, seen: &[&Evidence]) -> i32 {
    let newer = seen.iter().filter(|j| {
        j.sign != e.sign
            && j.modality == Modality::Asserted
            && j.published > e.published
            && (j.is_hard() || !e.is_hard())
    });
    let factor = |j: &&&Evidence| if j.is_hard() { SUPERSEDED_BY_HARD } else { SUPERSEDED_BY_SOFT };
    newer.map(|j| factor(&j)).min().unwrap_or(1000)
}
