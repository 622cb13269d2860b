//! The odds themselves: what the evidence known on a day adds up to, rung by rung.
//!
//! For each rung `k` the log-odds of "has reached `k`" are a prior plus support minus contradiction. Each
//! side is a sum over *informants*: an informant counts by its best claim, and the n-th best informant by
//! 0.35^n, so that copies and retellings never add up (MODEL, equation block of section 3.1).
//!
//! Claims that differ only in age and informant keep their order of weight for ever: the newer one weighs
//! at least as much on every later day, decayed and superseded alike. Only the eight newest informants of
//! such a class can be among the eight that count, so [`Scale`] keeps no more of them, and the cost of a
//! day depends on the variety of the evidence, not on its amount.

use super::evidence::{Effect, Evidence};
use super::tables::{
    BASE, CAP, GAMMA, SOFT_CAP, SPENT_HALF_LIVES, SUPERSEDED_BY_HARD, SUPERSEDED_BY_SOFT, decay,
};
use crate::domain::claim::{Modality, Sign};
use crate::domain::outlet::Tier;
use crate::domain::time::Day;

/// One number for each rung, 1 to 7.
pub type Ladder = [i32; 7];

/// Support and contradiction on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sides {
    /// Milli-nats for "has reached rung k".
    pub support: Ladder,
    /// Milli-nats against it.
    pub against: Ladder,
    /// First later day on which a weight is lower; `None` when none will be.
    pub next: Option<Day>,
}

impl Sides {
    /// Prior plus support minus contradiction.
    pub fn odds(&self) -> Ladder {
        std::array::from_fn(|i| BASE[i] + self.support[i] - self.against[i])
    }
}

/// Claims that differ only in age and informant, newest first, each informant once, at most eight.
#[derive(Clone, Debug)]
struct Class {
    key: ClassKey,
    /// Undecayed weight, milli-nats.
    weight: i32,
    /// Days, 0 for no decay.
    half: i32,
    entries: Vec<(Day, u32)>,
    /// All claims of the class, oldest first: what `entries` is made from when one is taken away.
    members: Vec<(Day, u32)>,
}

/// What decides a claim's weight besides its age. Orders heavier tiers first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ClassKey {
    sign: Sign,
    tier: Tier,
    modality: Modality,
    reversal: bool,
    rung: u8,
}

impl ClassKey {
    fn of(claim: &Evidence) -> Self {
        Self {
            sign: claim.sign,
            tier: claim.tier,
            modality: claim.modality,
            reversal: claim.effect == Effect::Reversal,
            rung: claim.rung(),
        }
    }
}

/// The evidence of one leg seen so far, kept so that any later day can be weighed quickly.
#[derive(Clone, Debug)]
pub struct Scale {
    /// Sorted by key.
    classes: Vec<Class>,
    /// The newest asserted claim at rung k, by sign, hard and soft: what supersedes.
    newest_hard: [[Day; 7]; 2],
    newest_soft: [[Day; 7]; 2],
}

const NEVER: Day = Day(i32::MIN);

impl Default for Scale {
    fn default() -> Self {
        Self { classes: Vec::new(), newest_hard: [[NEVER; 7]; 2], newest_soft: [[NEVER; 7]; 2] }
    }
}

impl Scale {
    /// Takes in one claim; `origin` is its informant's number. Claims without weight change nothing.
    pub fn add(&mut self, claim: &Evidence, origin: u32) {
        if !claim.has_weight() {
            return;
        }
        if claim.modality == Modality::Asserted {
            let newest = if claim.is_hard() { &mut self.newest_hard } else { &mut self.newest_soft };
            for k in 1..=7 {
                if claim.covers(k) {
                    let slot = &mut newest[claim.sign as usize][usize::from(k) - 1];
                    *slot = claim.published.max(*slot);
                }
            }
        }
        let key = ClassKey::of(claim);
        let at = self.classes.binary_search_by_key(&key, |class| class.key).unwrap_or_else(|at| {
            let (weight, half) = (claim.base_weight(), claim.half_life());
            let class = Class { key, weight, half, entries: Vec::new(), members: Vec::new() };
            self.classes.insert(at, class);
            at
        });
        let class = &mut self.classes[at];
        let member = (claim.published, origin);
        class.members.insert(class.members.partition_point(|&known| known <= member), member);
        class.add(claim.published, origin);
    }

    /// Takes away a claim that was taken in: what is left is as if it had never been there.
    pub fn remove(&mut self, claim: &Evidence, origin: u32) {
        if !claim.has_weight() {
            return;
        }
        let Ok(at) = self.classes.binary_search_by_key(&ClassKey::of(claim), |class| class.key) else {
            return;
        };
        self.classes[at].remove(claim.published, origin);
        if claim.modality != Modality::Asserted {
            return;
        }
        let newest = if claim.is_hard() { &mut self.newest_hard } else { &mut self.newest_soft };
        for (k, slot) in newest[claim.sign as usize].iter_mut().enumerate() {
            if claim.covers(k as u8 + 1) && *slot == claim.published {
                let others = self.classes.iter().filter(|class| {
                    class.key.modality == Modality::Asserted
                        && class.key.sign == claim.sign
                        && class.key.tier.is_hard() == claim.is_hard()
                        && class.rungs().contains(&k)
                });
                *slot =
                    others.filter_map(|class| class.members.last()).map(|last| last.0).max().unwrap_or(NEVER);
            }
        }
    }

    /// Everything weighed on `day`, which is no earlier than any claim taken in.
    pub fn weigh(&self, day: Day) -> Sides {
        let mut next = None;
        Sides {
            support: self.side(Sign::For, day, true, &mut next),
            against: self.side(Sign::Against, day, true, &mut next),
            next,
        }
    }

    /// The odds as they would be had nothing ever been said against: tells a fall by a claim from one by
    /// silence.
    pub fn unopposed(&self, day: Day) -> Ladder {
        let support = self.side(Sign::For, day, false, &mut None);
        std::array::from_fn(|i| BASE[i] + support[i])
    }

    fn side(&self, sign: Sign, day: Day, opposed: bool, next: &mut Option<Day>) -> Ladder {
        let mut all = [Best::default(); 7];
        let mut hard = [Best::default(); 7];
        for class in self.classes.iter().filter(|class| class.key.sign == sign) {
            for &(published, origin) in &class.entries {
                let age = day.since(published);
                let weight = decay(class.weight, age, class.half);
                if weight == 0 {
                    break; // the rest of the class is older still
                }
                if let Some(change) = class.next_change(published, age) {
                    *next = Some(next.map_or(change, |next| next.min(change)));
                }
                let mut counts = false;
                for k in class.rungs() {
                    let left = if opposed { self.left(class.key, published, k) } else { 1000 };
                    let weight = weight * left / 1000;
                    counts |= all[k].offer(origin, weight);
                    if class.key.tier.is_hard() {
                        counts |= hard[k].offer(origin, weight);
                    }
                }
                if !counts {
                    break; // nor can anything older in the class
                }
            }
        }
        std::array::from_fn(|k| CAP.min(all[k].sum()).min(hard[k].sum() + SOFT_CAP))
    }

    /// What supersession leaves of a claim at rung index `k`, in permille. Only a newer asserted claim of
    /// the other sign supersedes, and a soft one never supersedes a hard one.
    fn left(&self, key: ClassKey, published: Day, k: usize) -> i32 {
        let other = if key.sign == Sign::For { Sign::Against } else { Sign::For } as usize;
        if self.newest_hard[other][k] > published {
            SUPERSEDED_BY_HARD
        } else if !key.tier.is_hard() && self.newest_soft[other][k] > published {
            SUPERSEDED_BY_SOFT
        } else {
            1000
        }
    }
}

impl Class {
    fn add(&mut self, published: Day, origin: u32) {
        if let Some(at) = self.entries.iter().position(|&(_, known)| known == origin) {
            if self.entries[at].0 >= published {
                return;
            }
            self.entries.remove(at);
        }
        let at = self.entries.partition_point(|&(newer, _)| newer >= published);
        self.entries.insert(at, (published, origin));
        self.entries.truncate(GAMMA.len());
    }

    /// Takes a claim away and finds the eight newest informants of those that are left.
    fn remove(&mut self, published: Day, origin: u32) {
        let Ok(at) = self.members.binary_search(&(published, origin)) else { return };
        self.members.remove(at);
        if !self.entries.contains(&(published, origin)) {
            return;
        }
        self.entries.clear();
        for &(published, origin) in self.members.iter().rev() {
            if self.entries.len() == GAMMA.len() {
                break;
            }
            if !self.entries.iter().any(|&(_, known)| known == origin) {
                self.entries.push((published, origin));
            }
        }
    }

    /// Indices of the rungs that the class bears on.
    fn rungs(&self) -> std::ops::Range<usize> {
        let rung = usize::from(self.key.rung);
        if self.key.sign == Sign::For { 0..rung } else { rung - 1..7 }
    }

    /// The day on which a claim of the class comes down by one step of 1/64 half-life.
    fn next_change(&self, published: Day, age: i32) -> Option<Day> {
        if self.half == 0 || age > self.half.saturating_mul(SPENT_HALF_LIVES) {
            return None;
        }
        let steps = age * 64 / self.half + 1;
        Some(published.plus((steps * self.half + 63) / 64))
    }
}

/// The eight heaviest informants, heaviest first.
#[derive(Clone, Copy, Debug, Default)]
struct Best {
    top: [(i32, u32); 8],
    len: usize,
}

impl Best {
    /// Takes an informant's claim if it is among the heaviest. False means that it is too light, as any
    /// lighter one will be, whoever says it.
    fn offer(&mut self, origin: u32, weight: i32) -> bool {
        if weight == 0 || (self.len == self.top.len() && weight <= self.top[self.len - 1].0) {
            return false;
        }
        let mut at = match self.top[..self.len].iter().position(|&(_, known)| known == origin) {
            Some(at) if self.top[at].0 >= weight => return true,
            Some(at) => at,
            None if self.len < self.top.len() => {
                self.len += 1;
                self.len - 1
            }
            None => self.len - 1,
        };
        while at > 0 && self.top[at - 1].0 < weight {
            self.top[at] = self.top[at - 1];
            at -= 1;
        }
        self.top[at] = (weight, origin);
        true
    }

    /// Geometrically discounted sum.
    fn sum(&self) -> i32 {
        self.top[..self.len].iter().zip(GAMMA).map(|(&(weight, _), gamma)| weight * gamma).sum::<i32>() / 1000
    }
}
