//! The catalog, as the linker needs it: parties as positions in the vocabulary, legs as sets of silicon.

use super::vocabulary::Vocabulary;
use crate::domain::claim::{ClaimKind, Modality, Rung, Sign};
use crate::domain::deal::{Catalog, Class, Deal, DealSlug, LegKind};
use crate::domain::lexicon::SiliconClass;
use crate::domain::time::Day;

/// One deal, compiled.
#[derive(Clone, Debug)]
pub(super) struct DealPlan {
    pub slug: DealSlug,
    pub class: Class,
    pub buyer: u8,
    pub provider: u8,
    /// Companies that may stand for the provider: the provider itself and, where it is the only one of
    /// the catalog with that part, a further party.
    pub sellers: u64,
    /// Every party.
    pub parties: u64,
    /// Silicon lines by leg.
    pub gpu: u64,
    pub custom: u64,
    pub other: u64,
    /// Legs that the deal has.
    pub legs: Vec<LegKind>,
    /// Non-GPU silicon whose mention beside the buyer stands for the seller: TPU for Google.
    pub signature: u64,
    /// Agreements of its history by leg, as a text refers to them: "the capacity contracted in November".
    pub contracts: Vec<(LegKind, Day)>,
    /// Dated steps by leg, each by every day that it was given, and its name.
    pub milestones: Vec<(LegKind, Day, String)>,
}

impl DealPlan {
    /// A stand-in whose only party is the owner of a programme.
    pub(super) fn of_owner(owner: u8) -> Self {
        Self {
            slug: DealSlug(String::new()),
            class: Class::Silicon,
            buyer: owner,
            provider: owner,
            sellers: 1 << owner,
            parties: 1 << owner,
            gpu: 0,
            custom: 0,
            other: 0,
            legs: Vec::new(),
            signature: 0,
            contracts: Vec::new(),
            milestones: Vec::new(),
        }
    }

    /// The silicon lines of a leg.
    pub(super) fn silicon(&self, leg: LegKind) -> u64 {
        match leg {
            LegKind::Gpu => self.gpu,
            LegKind::Custom => self.custom,
            LegKind::Other => self.other,
        }
    }

    /// The name of the step that is due on a day, where the deal has one.
    pub(super) fn milestone(&self, leg: LegKind, due: Day) -> Option<&str> {
        let mut named = self.milestones.iter().filter(|(on, day, _)| *on == leg && *day == due);
        named.next().map(|(.., name)| name.as_str())
    }

    /// The leg whose agreement was made in a period that ends on `due`, if it is the only one: a month, or a
    /// year where no month of it fits.
    pub(super) fn agreed_in(&self, due: Day) -> Option<LegKind> {
        [31, 366].into_iter().find_map(|days| {
            let within = |day: Day| day <= due && due.since(day) < days;
            let mut legs = self.contracts.iter().filter(|(_, day)| within(*day)).map(|(leg, _)| *leg);
            let first = legs.next()?;
            legs.all(|leg| leg == first).then_some(first)
        })
    }

    /// Whether the deal has nothing but merchant GPUs.
    pub(super) fn gpu_only(&self) -> bool {
        !self.legs.iter().any(|leg| *leg != LegKind::Gpu)
    }

    /// The leg that is not merchant GPUs, if there is one.
    pub(super) fn own_leg(&self) -> Option<LegKind> {
        self.legs.iter().copied().find(|leg| *leg != LegKind::Gpu)
    }
}

/// Compiles the deals whose parties the lexicon knows.
pub(super) fn compile(catalog: &Catalog, vocabulary: &Vocabulary) -> Vec<DealPlan> {
    let mut plans = Vec::new();
    for deal in &catalog.deals {
        let (Some(buyer), Some(provider)) =
            (vocabulary.company(&deal.buyer), vocabulary.company(&deal.provider))
        else {
            continue;
        };
        let parties = deal
            .parties
            .iter()
            .filter_map(|id| vocabulary.company(id))
            .fold(1_u64 << buyer | 1 << provider, |set, at| set | 1 << at);
        let lines = |kind: LegKind| {
            let named = deal.leg(kind).map(|leg| leg.silicon.as_slice()).unwrap_or_default();
            vocabulary
                .silicon
                .iter()
                .enumerate()
                .filter(|(_, line)| named.contains(&line.id))
                .fold(0_u64, |set, (at, _)| set | 1 << at)
        };
        let unnamed_gpu = vocabulary
            .silicon
            .iter()
            .enumerate()
            .filter(|(_, line)| line.owner.is_none() && line.class == SiliconClass::Gpu)
            .fold(0_u64, |set, (at, _)| set | 1 << at);
        let signature = vocabulary
            .silicon
            .iter()
            .enumerate()
            .filter(|(_, line)| line.owner == Some(provider) && line.class != SiliconClass::None)
            .fold(0_u64, |set, (at, _)| set | 1 << at);
        plans.push(DealPlan {
            slug: deal.slug.clone(),
            class: deal.class,
            buyer,
            provider,
            sellers: 1 << provider,
            parties,
            gpu: lines(LegKind::Gpu) | if deal.leg(LegKind::Gpu).is_some() { unnamed_gpu } else { 0 },
            custom: lines(LegKind::Custom),
            other: lines(LegKind::Other),
            legs: deal.legs.iter().map(|leg| leg.kind).collect(),
            signature,
            contracts: contracts(deal),
            milestones: milestones(deal),
        });
    }
    plans
}

/// The days on which parties signed for a leg.
fn contracts(deal: &Deal) -> Vec<(LegKind, Day)> {
    deal.claims
        .iter()
        .filter(|claim| {
            matches!(claim.kind, ClaimKind::ContractSigned | ClaimKind::Expanded)
                && claim.rung >= Rung::Contracted
                && claim.sign == Sign::For
                && claim.modality == Modality::Asserted
                && claim.tier.is_hard()
        })
        .filter_map(|claim| Some((claim.subject.leg()?, claim.published)))
        .collect()
}

/// The dates of the deal's named steps, as first given and as told since.
fn milestones(deal: &Deal) -> Vec<(LegKind, Day, String)> {
    let first = deal.milestones.iter().map(|step| (step.leg, step.due, step.name.clone()));
    let told = deal
        .claims
        .iter()
        .filter_map(|claim| Some((claim.subject.leg()?, claim.due?, claim.milestone.clone()?)));
    first.chain(told).collect()
}
