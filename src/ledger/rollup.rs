//! Roll-ups: GPU against custom over many deals, one class at a time.
//!
//! The silicon roll-up counts the legs of silicon deals, and of hosting deals those legs that are the
//! provider's own or other non-GPU silicon: no chip vendor stands behind them. A hosting deal's GPU leg is
//! filled by chips that a silicon deal counts already, so it stands in the hosting roll-up alone.
//!
//! `other` (Cerebras, Groq) stands beside GPU and custom and never in the ratio.

use std::collections::BTreeSet;

use super::board::{DealStatus, LegView};
use super::model::quantity::{Bounds, share};
use crate::domain::claim::Rung;
use crate::domain::deal::{Class, LegKind};

/// Whose deals a roll-up is over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// All tracked deals.
    All,
    /// Those of one buyer (lexicon id).
    Buyer(String),
    /// Those of one provider or vendor (lexicon id).
    Vendor(String),
}

/// One side of a roll-up in MW.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// Known MW; `None` where no leg says.
    pub mw: Option<Bounds>,
    /// Legs that have come this far without saying how much they are: the total is at least `mw`.
    pub unknown: usize,
}

/// One reality of a roll-up: announced, contracted or serving.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// Merchant GPUs.
    pub gpu: Side,
    /// Custom silicon.
    pub custom: Side,
    /// Merchant silicon that is no GPU; in no ratio.
    pub other: Side,
    /// Custom of custom plus GPU, permille, of what is known; `None` where nothing is known of a side: what
    /// nobody has sized is not nothing.
    pub share: Option<Bounds>,
}

/// GPU against custom over a set of deals of one class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rollup {
    /// Whose deals.
    pub scope: Scope,
    /// Which class.
    pub class: Class,
    /// Announced, binding or not.
    pub headline: Measure,
    /// Contracted.
    pub contracted: Measure,
    /// In production use.
    pub serving: Measure,
}

impl Rollup {
    /// Whether a leg of a deal of a class counts in this roll-up.
    pub fn counts(&self, deal: Class, leg: LegKind) -> bool {
        counts(deal, leg, self.class)
    }
}

/// Whether a leg of a deal of class `deal` counts in the roll-up of `class`.
pub(super) fn counts(deal: Class, leg: LegKind, class: Class) -> bool {
    match class {
        Class::Silicon => deal == Class::Silicon || leg != LegKind::Gpu,
        Class::Hosting => deal == Class::Hosting,
    }
}

/// The roll-ups of a board: all, then by buyer, then by vendor, each by class; empty ones left out.
pub(super) fn rollups(deals: &[DealStatus]) -> Vec<Rollup> {
    let mut scopes = BTreeSet::from([Scope::All]);
    for deal in deals {
        scopes.insert(Scope::Buyer(deal.deal.buyer.clone()));
        scopes.insert(Scope::Vendor(deal.deal.provider.clone()));
    }
    let mut rollups = Vec::new();
    for scope in scopes {
        let of_scope = |deal: &&DealStatus| match &scope {
            Scope::All => true,
            Scope::Buyer(id) => deal.deal.buyer == *id,
            Scope::Vendor(id) => deal.deal.provider == *id,
        };
        let chosen: Vec<&DealStatus> = deals.iter().filter(of_scope).collect();
        for class in [Class::Silicon, Class::Hosting] {
            let legs = chosen.iter().flat_map(|deal| deal.legs.iter().map(move |leg| (deal.deal.class, leg)));
            let legs: Vec<&LegView> =
                legs.filter(|(deal, leg)| counts(*deal, leg.kind, class)).map(|(_, leg)| leg).collect();
            if legs.is_empty() {
                continue;
            }
            rollups.push(Rollup {
                scope: scope.clone(),
                class,
                headline: Measure::of(&legs, Rung::Announced, |leg| figure(leg.capacity.headline.as_ref())),
                contracted: Measure::of(&legs, Rung::Contracted, |leg| {
                    figure(leg.capacity.contracted.as_ref())
                }),
                serving: Measure::of(&legs, Rung::Serving, |leg| figure(leg.capacity.deployed.as_ref())),
            });
        }
    }
    rollups
}

fn figure(figure: Option<&super::capacity::Figure>) -> Option<Bounds> {
    figure.map(|figure| figure.value)
}

impl Measure {
    fn of(legs: &[&LegView], from: Rung, mw: impl Fn(&LegView) -> Option<Bounds>) -> Self {
        let side = |kind: LegKind| {
            let mut side = Side::default();
            for leg in legs.iter().filter(|leg| leg.kind == kind) {
                // A lapsed intent that nothing replaced is no capacity of unknown size; it is none.
                let lapsed = leg.capacity.lapsed.is_some() && leg.status.rung < Rung::Contracted;
                match mw(leg) {
                    Some(mw) if leg.status.rung >= from => {
                        side.mw = Some(side.mw.unwrap_or_default().plus(mw));
                    }
                    None if leg.status.rung >= from && !lapsed => side.unknown += 1,
                    _ => {}
                }
            }
            side
        };
        let (gpu, custom, other) = (side(LegKind::Gpu), side(LegKind::Custom), side(LegKind::Other));
        let share = gpu.mw.zip(custom.mw).map(|(gpu, custom)| share(custom, gpu));
        Self { gpu, custom, other, share }
    }
}

/// Gives every contracted leg its part of all that its buyer has contracted in the same class.
pub(super) fn wallets(deals: &mut [DealStatus]) {
    let class_of = |deal: Class, leg: LegKind| {
        if counts(deal, leg, Class::Silicon) { Class::Silicon } else { Class::Hosting }
    };
    let contracted: Vec<(String, Class, usize, Bounds)> = deals
        .iter()
        .enumerate()
        .flat_map(|(index, deal)| {
            deal.legs.iter().filter_map(move |leg| {
                let mw = leg.capacity.contracted.as_ref()?.value;
                Some((
                    deal.deal.buyer.clone(),
                    class_of(deal.deal.class, leg.kind),
                    index * 4 + leg.kind as usize,
                    mw,
                ))
            })
        })
        .collect();
    for (index, deal) in deals.iter_mut().enumerate() {
        for leg in &mut deal.legs {
            let Some(own) = leg.capacity.contracted.as_ref().map(|figure| figure.value) else { continue };
            let class = class_of(deal.deal.class, leg.kind);
            let others = contracted
                .iter()
                .filter(|(buyer, of, at, _)| {
                    *buyer == deal.deal.buyer && *of == class && *at != index * 4 + leg.kind as usize
                })
                .fold(Bounds::default(), |sum, (_, _, _, mw)| sum.plus(*mw));
            leg.wallet = Some(share(own, others));
        }
    }
}
