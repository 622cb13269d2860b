//! How much a leg is, in MW and in dollars, as announced, contracted and deployed, and what of it is due.

use super::book::LegBook;
use super::figures::{Told, counting};
use super::model::evidence::{Evidence, Flag};
use super::model::quantity::{self, Additions, Bounds, Folded, mw_from_usd, share};
use super::model::status::LegStatus;
use crate::domain::claim::{Modality, Rung, Slot};
use crate::domain::deal::{Class, LegKind};
use crate::domain::time::Day;

/// Revenue of custom capacity in millions of dollars a MW-year: dearer than a third of GPU capacity's rent,
/// since a MW of custom silicon costs about half as much to build and does less work.
pub const CUSTOM_RENT: Bounds = Bounds::new(4, 6, 8);
/// Of a term in years the part, in permille, that capacity is up for: it ramps over the first half.
pub const EFFECTIVE_TERM: i64 = 750;

/// A figure with how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The interval, in the slot's unit.
    pub value: Bounds,
    /// Computed from another figure (dollars and an assumed rent), not stated.
    pub derived: bool,
    /// A source outside the parties puts it elsewhere.
    pub conflicted: bool,
    /// Ids of the claims that the best reading comes from.
    pub claims: Vec<String>,
}

/// Two readings of one figure that cannot both be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The leg.
    pub leg: LegKind,
    /// What the figure measures.
    pub slot: Slot,
    /// The reading that is used.
    pub held: Bounds,
    /// The claims that it comes from.
    pub held_by: Vec<String>,
    /// The other readings and their claims.
    pub others: Vec<(Bounds, String)>,
}

/// What is known of a leg's size on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    /// Announced MW, binding or not: the largest word that still stands.
    pub headline: Option<Figure>,
    /// Contracted MW. Only from CONTRACTED up.
    pub contracted: Option<Figure>,
    /// MW installed and accepted.
    pub deployed: Option<Figure>,
    /// Contract value in millions of dollars. Only from CONTRACTED up.
    pub usd: Option<Figure>,
    /// Value that an amendment added, in millions of dollars.
    pub increment: Option<Figure>,
    /// Term of the newest sum, in years.
    pub years: Option<u16>,
    /// Serving share of custom silicon that a source states, in permille.
    pub serving_share: Option<Figure>,
    /// The day from which an earlier intent counts for nothing.
    pub lapsed: Option<Day>,
    /// Readings that disagree.
    pub conflicts: Vec<Conflict>,
}

impl Capacity {
    /// Reads a leg's size. `class` is its deal's, `told` what the catalog states of the whole deal.
    pub(super) fn of(book: &LegBook, status: &LegStatus, class: Class, told: &Told, day: Day) -> Self {
        let lapsed = status.flags.get(&Flag::Lapsed).copied();
        let counting = counting(book, told, lapsed, day);
        let fold = |slot| quantity::fold(&counting.iter(), slot, day, Additions::OncePerAmount);
        let firm = status.rung >= Rung::Contracted;
        let kind = book.leg.kind;
        let mut conflicts = Vec::new();
        let mut figure = |slot| {
            let folded: Folded = fold(slot)?;
            conflicts.extend(conflict(kind, slot, &folded));
            Some(Figure::from(&folded))
        };
        let usd = figure(Slot::UsdContracted);
        let increment = figure(Slot::UsdIncrement);
        let sums = [fold(Slot::UsdIncrement), fold(Slot::UsdContracted)];
        let years = sums.iter().flatten().find_map(|sum| sum.made_of.iter().rev().find_map(|(_, f)| f.years));
        let stated = figure(Slot::MwContracted);
        // Only rented GPU capacity has a price per MW-year to divide by.
        let rented = kind == LegKind::Gpu && class == Class::Hosting;
        let derived = || {
            let usd = usd.as_ref().filter(|_| rented)?;
            let value = mw_from_usd(usd.value, i64::from(years.filter(|&years| years > 0)?));
            Some(Figure { value, derived: true, ..usd.clone() })
        };
        let contracted = stated.or_else(derived);
        let announced = figure(Slot::MwHeadline);
        // What is contracted has been announced: an older, smaller word does not hide it.
        let outgrown = |figure: &Figure| contracted.as_ref().is_some_and(|c| c.value.mid > figure.value.mid);
        let headline = announced
            .filter(|figure| !outgrown(figure))
            .or_else(|| contracted.clone())
            .filter(|_| status.rung >= Rung::Announced);
        let (deployed, serving_share) = (figure(Slot::MwDeployed), figure(Slot::ServingShare));
        Self {
            headline,
            contracted: contracted.filter(|_| firm),
            deployed,
            usd: usd.filter(|_| firm),
            increment: increment.filter(|_| firm),
            years,
            serving_share,
            lapsed,
            conflicts,
        }
    }
}

impl From<&Folded<'_>> for Figure {
    fn from(folded: &Folded) -> Self {
        Self {
            value: folded.value,
            derived: folded.made_of.iter().any(|(_, fact)| fact.derived.is_some()),
            conflicted: folded.conflicted,
            claims: folded.made_of.iter().map(|(claim, _)| claim.id.clone()).collect(),
        }
    }
}

fn conflict(leg: LegKind, slot: Slot, folded: &Folded) -> Option<Conflict> {
    if !folded.conflicted {
        return None;
    }
    let sum =
        |f: fn(&crate::domain::claim::Fact) -> i64| folded.made_of.iter().map(|(_, fact)| f(fact)).sum();
    let held = Bounds::new(sum(|f| f.lo), sum(|f| f.mid), sum(|f| f.hi));
    let outside = folded.widened_by.iter().filter(|(_, f)| !(held.lo..=held.hi).contains(&f.mid));
    let others = outside.map(|(claim, f)| (Bounds::new(f.lo, f.mid, f.hi), claim.id.clone())).collect();
    let held_by = folded.made_of.iter().map(|(claim, _)| claim.id.clone()).collect();
    Some(Conflict { leg, slot, held, held_by, others })
}

/// A leg with its status and size on a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sized<'a> {
    pub(super) status: &'a LegStatus,
    pub(super) capacity: &'a Capacity,
}

/// Custom share of contracted MW, permille. `None` where nothing is contracted, and where a contracted leg
/// has no MW: a share of an unknown total is no figure.
pub(super) fn contracted_share(custom: Option<Sized>, gpu: Option<Sized>) -> Option<Bounds> {
    let custom = custom?;
    let side = |leg: Option<Sized>| match leg {
        Some(leg) if leg.status.rung >= Rung::Contracted => {
            leg.capacity.contracted.as_ref().map(|figure| Some(figure.value))
        }
        _ => Some(None),
    };
    let (custom, gpu) = (side(Some(custom))?, side(gpu)?);
    (custom.is_some() || gpu.is_some()).then(|| share(custom.unwrap_or_default(), gpu.unwrap_or_default()))
}

/// Custom share of contract value, permille.
///
/// Where a sum was added for both kinds of silicon, the custom part is what its MW can cost at
/// [`CUSTOM_RENT`] over the effective term; the rest is GPU. The upper bound is all of it, since nothing
/// says that any of it is for anything else.
pub(super) fn contracted_share_usd(custom: Option<Sized>, gpu: Option<Sized>) -> Option<Bounds> {
    let custom = custom.filter(|leg| leg.status.rung >= Rung::Contracted);
    let gpu = gpu.filter(|leg| leg.status.rung >= Rung::Contracted);
    let gpu_usd = match gpu {
        Some(leg) => leg.capacity.usd.as_ref()?.value.mid,
        None => 0,
    };
    let of_total = |part: i64, total: i64| quantity::floor_div(part.saturating_mul(1000), total);
    let Some(custom) = custom else {
        return (gpu_usd > 0).then(Bounds::default);
    };
    let size = custom.capacity;
    if let (Some(sum), Some(mw), Some(years)) = (&size.increment, &size.contracted, size.years) {
        let total = gpu_usd.saturating_add(sum.value.mid);
        let effective = i64::from(years) * EFFECTIVE_TERM;
        let part = |rent: i64| quantity::floor_div(mw.value.mid * rent * effective, 1000).min(sum.value.mid);
        return Some(Bounds::new(
            of_total(part(CUSTOM_RENT.lo), total),
            of_total(part(CUSTOM_RENT.mid), total),
            of_total(sum.value.mid, total),
        ));
    }
    let own = size.usd.as_ref()?.value;
    let gpu = Bounds::new(gpu_usd, gpu_usd, gpu_usd);
    Some(share(own, gpu))
}

/// The dates between which a leg's capacity comes due: the latest word on each milestone that is about
/// capacity in use, first and last.
pub(super) fn due_dates(evidence: &[Evidence], day: Day) -> Option<(Day, Day)> {
    let mut latest: std::collections::BTreeMap<&str, Day> = std::collections::BTreeMap::new();
    // In order of publication; parties' dates after everyone else's, so that they stand.
    for hard in [false, true] {
        for e in evidence.iter().filter(|e| e.is_hard() == hard && e.is_novel(day)) {
            if let (Modality::Scheduled, Some(due), 4..) = (e.modality, e.due, e.said) {
                latest.insert(&e.milestone, due);
            }
        }
    }
    Some((*latest.values().min()?, *latest.values().max()?))
}

/// Permille of a capacity due by `day`: a straight line between the first date and the last. A single date
/// is a step.
pub(super) fn due_by(day: Day, dates: (Day, Day)) -> i64 {
    let (first, last) = dates;
    if first == last { i64::from(day >= last) * 1000 } else { quantity::ramp(day, first, last) }
}
