//! Which figures of a leg count, before they are folded into one.
//!
//! The catalog's figures are a ledger: sets and additions that were checked against each other. What feeds
//! tell is mostly the same again, a part of it, or a rumour. A live figure therefore counts where it says
//! something else: it does not repeat what the catalog states, it is no part of a larger total, and no party
//! has refuted the claim that carries it. How figures combine is the model's affair and stays as it is.

use std::collections::BTreeMap;

use super::book::LegBook;
use super::model::evidence::{Effect, Evidence, Flag};
use super::model::quantity::Bounds;
use crate::domain::claim::{Fact, Modality, Op, Sign, Slot};
use crate::domain::time::Day;

/// Days after a live figure in which the catalog may state the same: news is told before it is curated.
const SOON: i32 = 14;
/// Days around an addition within which one of the same amount is the same addition.
const SAME_NEWS: i32 = 45;

/// Slots whose figures can repeat each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    /// Capacity, announced or contracted.
    Power,
    /// Capacity that is there.
    Installed,
    /// Contract value, first or added.
    Value,
}

impl Family {
    fn of(slot: Slot) -> Option<Self> {
        match slot {
            Slot::MwHeadline | Slot::MwContracted => Some(Self::Power),
            Slot::MwDeployed => Some(Self::Installed),
            Slot::UsdContracted | Slot::UsdIncrement => Some(Self::Value),
            _ => None,
        }
    }
}

/// What the catalog states of a deal's size up to a day: every figure, every total that they came to on a
/// leg, and what all legs came to together.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    amounts: Vec<(Family, Bounds, Day)>,
    /// What was added when, whether the catalog says it as an addition or as a new total.
    steps: Vec<(Family, i64, Day)>,
}

impl Told {
    /// Reads the catalog's own figures of a deal's legs.
    pub(super) fn of(legs: &[LegBook], day: Day) -> Self {
        let mut facts: Vec<(Day, usize, &Evidence, &Fact)> = Vec::new();
        for (at, book) in legs.iter().enumerate() {
            let own = book.entries.iter().zip(book.evidence()).filter(|(entry, _)| !entry.live);
            for (_, e) in own.filter(|(_, e)| e.is_novel(day)) {
                facts.extend(e.facts.iter().map(|fact| (e.published, at, e, fact)));
            }
        }
        facts.sort_by_key(|(published, at, e, _)| (*published, *at, !e.is_hard()));
        let mut told = Self::default();
        let mut totals: BTreeMap<(Family, usize, Slot), Bounds> = BTreeMap::new();
        for (published, leg, e, fact) in facts {
            let Some(family) = Family::of(fact.slot) else { continue };
            let value = Bounds::new(fact.lo, fact.mid, fact.hi);
            told.amounts.push((family, value, published));
            if !e.is_hard() {
                continue;
            }
            let before = totals.get(&(family, leg, fact.slot)).copied().unwrap_or_default();
            let total = if fact.op == Op::Add { before.plus(value) } else { value };
            totals.insert((family, leg, fact.slot), total);
            told.steps.push((family, total.mid - before.mid, published));
            told.amounts.push((family, total, published));
            let of_family = totals.iter().filter(|((known, ..), _)| *known == family);
            let all = of_family.fold(Bounds::default(), |sum, (_, total)| sum.plus(*total));
            told.amounts.push((family, Bounds::new(all.mid, all.mid, all.mid), published));
        }
        told.amounts.sort_unstable();
        told.amounts.dedup();
        told
    }

    /// Whether a live figure of `published` says what the catalog says.
    fn repeats(&self, family: Family, fact: &Fact, published: Day) -> bool {
        if fact.op == Op::Add {
            let same = |step: i64| close(step, fact.mid);
            let near = |day: Day| day.since(published).abs() <= SAME_NEWS;
            return self.steps.iter().any(|&(known, step, day)| known == family && same(step) && near(day));
        }
        self.amounts.iter().any(|&(known, value, day)| {
            let within = value.lo < value.hi && (value.lo..=value.hi).contains(&fact.mid);
            known == family && day.since(published) <= SOON && (within || close(value.mid, fact.mid))
        })
    }
}

/// Two figures that are one but for rounding: within 2 %.
fn close(a: i64, b: i64) -> bool {
    a.abs_diff(b).saturating_mul(50) <= a.unsigned_abs().max(b.unsigned_abs())
}

/// The evidence of a leg that bears figures on `day`, each with the facts that count, in the order of the
/// evidence. What was agreed before an intent lapsed went with it; what replaced it came with it.
pub(super) fn counting(book: &LegBook, told: &Told, lapsed: Option<Day>, day: Day) -> Vec<Evidence> {
    let seen = |e: &Evidence| e.is_novel(day) && lapsed.is_none_or(|lapse| e.published >= lapse);
    let refuted = Refuted::of(book.evidence(), day);
    let mut counting: Vec<(bool, Evidence)> = Vec::new();
    for (entry, e) in book.entries.iter().zip(book.evidence()) {
        if e.facts.is_empty() || !seen(e) {
            continue;
        }
        let counts = |fact: &&Fact| {
            let family = Family::of(fact.slot);
            let told = || family.is_some_and(|family| told.repeats(family, fact, e.published));
            !refuted.is_refuted(e, fact) && !(entry.live && (is_view(e) || told()))
        };
        let facts: Vec<Fact> = e.facts.iter().filter(counts).cloned().collect();
        if !facts.is_empty() {
            counting.push((entry.live, Evidence { facts, ..e.clone() }));
        }
    }
    let stated = Stated::of(&counting);
    // Parties' figures first, then everyone else's: the order in which they are folded.
    let mut totals: BTreeMap<Slot, i64> = BTreeMap::new();
    for hard in [true, false] {
        for (live, e) in counting.iter_mut().filter(|(_, e)| e.is_hard() == hard) {
            let reduces = e.effect == Effect::Opens(Flag::Reduced);
            e.facts.retain(|fact| {
                if Family::of(fact.slot).is_none() {
                    return true;
                }
                let whole = |slot: &Slot| totals.get(slot).copied().unwrap_or_default();
                let known = whole(&fact.slot).max(stated.total(fact.slot, e.published));
                // What is announced is no less than what is contracted of it.
                let known = match fact.slot {
                    Slot::MwHeadline => known
                        .max(whole(&Slot::MwContracted))
                        .max(stated.total(Slot::MwContracted, e.published)),
                    _ => known,
                };
                let total = totals.entry(fact.slot).or_default();
                match fact.op {
                    Op::Add => *total = total.saturating_add(fact.mid),
                    Op::Set if *live && !reduces && is_part(fact.mid, known, hard) => return false,
                    Op::Set if hard || *total == 0 => *total = fact.mid,
                    Op::Set => {}
                }
                true
            });
        }
    }
    counting.into_iter().map(|(_, e)| e).collect()
}

/// What the catalog's parties came to on a leg, slot by slot, from day to day.
struct Stated(BTreeMap<Slot, Vec<(Day, i64)>>);

impl Stated {
    fn of(counting: &[(bool, Evidence)]) -> Self {
        let mut totals: BTreeMap<Slot, Vec<(Day, i64)>> = BTreeMap::new();
        for (_, e) in counting.iter().filter(|(live, e)| !live && e.is_hard()) {
            for fact in &e.facts {
                let course = totals.entry(fact.slot).or_default();
                let before = course.last().map_or(0, |(_, total)| *total);
                let total = if fact.op == Op::Add { before.saturating_add(fact.mid) } else { fact.mid };
                course.push((e.published, total));
            }
        }
        Self(totals)
    }

    /// The total that a live figure of `day` can be a part of: news is told before it is curated.
    fn total(&self, slot: Slot, day: Day) -> i64 {
        let course = self.0.get(&slot).map(Vec::as_slice).unwrap_or_default();
        course.iter().rfind(|(published, _)| *published <= day.plus(SOON)).map_or(0, |(_, total)| *total)
    }
}

/// An opinion or a supposition: its figures are not what anybody agreed.
fn is_view(e: &Evidence) -> bool {
    matches!(e.modality, Modality::Opinion | Modality::Hypothetical)
}

/// Whether a live figure is a part of what stands: "the first gigawatt", "more than 1 GW in 2027". A party
/// that takes something back says so; from others less than a third is a part, more is another reading.
fn is_part(mid: i64, total: i64, hard: bool) -> bool {
    if hard { mid < total } else { mid.saturating_mul(3) < total }
}

/// Figures whose claims a party has refuted.
struct Refuted<'a> {
    /// A party's "not at this rung", and when.
    denials: Vec<&'a Evidence>,
    /// Amounts of refuted claims, and the last day on which they were: copies carry them on.
    amounts: Vec<(Slot, i64, Day)>,
}

impl<'a> Refuted<'a> {
    fn of(evidence: &'a [Evidence], day: Day) -> Self {
        let denies = |e: &&Evidence| {
            e.is_hard()
                && e.is_novel(day)
                && e.rung() > 0
                && e.sign == Sign::Against
                && matches!(e.modality, Modality::Asserted | Modality::Denied)
        };
        let mut refuted = Self { denials: evidence.iter().filter(denies).collect(), amounts: Vec::new() };
        let mut amounts = Vec::new();
        for e in evidence.iter().filter(|e| !refuted.denials.is_empty() && e.is_novel(day)) {
            for fact in &e.facts {
                amounts.extend(refuted.by(e, fact).map(|day| (fact.slot, fact.mid, day)));
            }
        }
        refuted.amounts = amounts;
        refuted
    }

    /// The day on which a party refuted the claim that carries a figure, if one did.
    fn by(&self, e: &Evidence, fact: &Fact) -> Option<Day> {
        if e.is_hard() || e.sign == Sign::Against {
            return None;
        }
        // A contract's figure presupposes the contract, however the report puts it.
        let contract = matches!(fact.slot, Slot::UsdContracted | Slot::UsdIncrement | Slot::MwContracted);
        let rung = if contract { e.rung().max(3) } else { e.rung() };
        let denial = |d: &&&Evidence| rung > 0 && d.published >= e.published && d.covers(rung);
        self.denials.iter().filter(denial).map(|d| d.published).max()
    }

    fn is_refuted(&self, e: &Evidence, fact: &Fact) -> bool {
        self.by(e, fact).is_some()
            || !e.is_hard()
                && self.amounts.iter().any(|&(slot, mid, day)| {
                    slot == fact.slot && mid == fact.mid && e.published <= day.plus(SOON)
                })
    }
}
