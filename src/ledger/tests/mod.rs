//! The ledger as a whole, on catalogs and claims made for the purpose.

mod board;
mod order;
mod wire;

use crate::domain::claim::{
    Claim, ClaimKind, Fact, Modality, Op, Rung, Sign, Slot, Source, Subject, Workload,
};
use crate::domain::deal::{Catalog, Class, Deal, DealSlug, Leg, LegKind, Owner, Programme};
use crate::domain::outlet::Tier;
use crate::domain::text::DisplayText;
use crate::domain::time::Day;

pub(super) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A deal with these legs; `custom` is the provider's own silicon of programme `p`.
pub(super) fn deal(slug: &str, class: Class, legs: &[LegKind]) -> Deal {
    let (buyer, provider) = slug.split_once('-').unwrap();
    let leg = |&kind: &LegKind| Leg {
        kind,
        owner: if kind == LegKind::Custom { Owner::Provider } else { Owner::Third },
        silicon: vec![if kind == LegKind::Gpu { "nvidia-gpu" } else { "trainium" }.to_owned()],
        programme: (kind == LegKind::Custom).then(|| "p".to_owned()),
    };
    Deal {
        slug: DealSlug(slug.to_owned()),
        name: format!("{buyer}–{provider}"),
        class,
        buyer: buyer.to_owned(),
        provider: provider.to_owned(),
        parties: Vec::new(),
        tickers: Vec::new(),
        aliases: Vec::new(),
        legs: legs.iter().map(leg).collect(),
        milestones: Vec::new(),
        claims: Vec::new(),
    }
}

pub(super) fn catalog(deals: Vec<Deal>) -> Catalog {
    let programme = Programme {
        id: "p".to_owned(),
        name: "Pico and Nano".to_owned(),
        owner: "host".to_owned(),
        tickers: Vec::new(),
        claims: Vec::new(),
    };
    Catalog { deals, programmes: vec![programme] }
}

/// A party's assertion; the rest is changed by struct update.
pub(super) fn claim(id: &str, slug: &str, leg: LegKind, published: &str, rung: Rung) -> Claim {
    Claim {
        id: id.to_owned(),
        subject: Subject::Leg { deal: DealSlug(slug.to_owned()), leg },
        kind: ClaimKind::ContractSigned,
        rung,
        sign: Sign::For,
        modality: Modality::Asserted,
        tier: Tier::A,
        origin: "party:buyer+host".to_owned(),
        published: day(published),
        known: day(published),
        withdrawn: None,
        story: String::new(),
        carrier: None,
        recap: false,
        workload: Workload::Own,
        milestone: None,
        due: None,
        facts: Vec::new(),
        source: Source { outlet: DisplayText::line("Outlet", 60), ..Source::default() },
        words: DisplayText::line(&format!("words of {id}"), 200),
        spans: Vec::new(),
        rule: "test".to_owned(),
    }
}

pub(super) fn fact(slot: Slot, lo: i64, mid: i64, hi: i64) -> Fact {
    Fact { slot, lo, mid, hi, op: Op::Set, years: None, derived: None }
}

/// A newsroom's hedged word.
pub(super) fn newsroom(claim: Claim, name: &str) -> Claim {
    Claim {
        tier: Tier::C,
        modality: Modality::Hedged,
        origin: format!("newsroom:{name}:{}", claim.id),
        ..claim
    }
}
