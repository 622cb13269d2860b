//! What the board says of capacity, shares, flags, pins and roll-ups.

use super::*;
use crate::ledger::book::LegPin;
use crate::ledger::milestone::MilestoneState;
use crate::ledger::model::fold::{Pin, PinOp};
use crate::ledger::model::headline::Headline;
use crate::ledger::model::quantity::Bounds;
use crate::ledger::rollup::Scope;
use crate::ledger::{DealStatus, Ledger};
use LegKind::{Custom, Gpu, Other};

const SLUG: &str = "buyer-host";

fn hosting() -> Catalog {
    catalog(vec![deal(SLUG, Class::Hosting, &[Gpu, Custom])])
}

fn status(claims: Vec<Claim>, on: &str) -> DealStatus {
    Ledger::new(&hosting(), claims).board(day(on)).deals.remove(0)
}

fn gpu_signed() -> Claim {
    let facts = vec![
        Fact { years: Some(7), ..fact(Slot::UsdContracted, 38_000, 38_000, 38_000) },
        fact(Slot::MwContracted, 387, 452, 542),
    ];
    Claim { facts, ..claim("gpu", SLUG, Gpu, "2025-11-03", Rung::Contracted) }
}

fn custom_signed() -> Claim {
    let facts = vec![
        fact(Slot::MwContracted, 2000, 2000, 2000),
        Fact { years: Some(8), op: Op::Add, ..fact(Slot::UsdIncrement, 100_000, 100_000, 100_000) },
    ];
    Claim { facts, ..claim("custom", SLUG, Custom, "2026-02-27", Rung::Contracted) }
}

#[test]
fn shares_stand_by_power_and_by_dollars() {
    let after = status(vec![gpu_signed(), custom_signed()], "2026-02-28");
    assert_eq!(after.contracted, Some(Bounds::new(786, 815, 837)));
    // 2 GW at $4, 6 or 8M a MW-year for six effective years, of $138B; at most all of the $100B.
    assert_eq!(after.contracted_usd, Some(Bounds::new(347, 521, 724)));
    assert_eq!(after.headline, Headline::OnPaper);
    assert_eq!(status(vec![gpu_signed(), custom_signed()], "2026-02-26").contracted, Some(Bounds::default()));
}

#[test]
fn a_contracted_leg_without_mw_leaves_no_share() {
    let unsized_gpu = claim("gpu", SLUG, Gpu, "2025-11-03", Rung::Contracted);
    let after = status(vec![unsized_gpu, custom_signed()], "2026-02-28");
    assert_eq!((after.contracted, after.gap.reads.as_str()), (None, "n/d"));
    assert_eq!(status(Vec::new(), "2026-02-28").contracted, None);
}

#[test]
fn dollars_over_a_term_become_gpu_mw_where_none_is_stated() {
    let facts = vec![Fact { years: Some(7), ..fact(Slot::UsdContracted, 38_000, 38_000, 38_000) }];
    let after = status(vec![Claim { facts, ..gpu_signed() }], "2025-11-03");
    let mw = after.leg(Gpu).unwrap().capacity.contracted.clone().unwrap();
    assert_eq!((mw.value, mw.derived), (Bounds::new(387, 452, 542), true));
    assert_eq!(mw.claims, ["gpu"]);
}

#[test]
fn the_same_amount_added_twice_is_one_amendment() {
    let again = Claim {
        id: "again".into(),
        kind: ClaimKind::Expanded,
        published: day("2026-03-01"),
        ..custom_signed()
    };
    let more = |amount| {
        let facts = vec![Fact { op: Op::Add, ..fact(Slot::UsdIncrement, amount, amount, amount) }];
        Claim {
            facts,
            id: format!("more-{amount}"),
            kind: ClaimKind::Expanded,
            published: day("2026-03-02"),
            ..custom_signed()
        }
    };
    let sum = |claims: Vec<Claim>| {
        status(claims, "2026-04-01").leg(Custom).unwrap().capacity.increment.clone().unwrap().value.mid
    };
    assert_eq!(sum(vec![custom_signed(), again.clone(), more(100_000)]), 100_000);
    assert_eq!(sum(vec![custom_signed(), again, more(5_000)]), 105_000);
}

#[test]
fn another_reading_widens_and_is_kept_beside_the_first() {
    let other = Claim {
        tier: Tier::D,
        kind: ClaimKind::Quantity,
        origin: "unknown:x".into(),
        facts: vec![fact(Slot::UsdIncrement, 62_000, 62_000, 62_000)],
        ..claim("to", SLUG, Custom, "2026-02-27", Rung::None)
    };
    let after = status(vec![gpu_signed(), custom_signed(), other], "2026-02-28");
    let conflict = &after.conflicts[0];
    assert_eq!((conflict.held.mid, conflict.held_by.as_slice()), (100_000, &["custom".to_owned()][..]));
    assert_eq!(conflict.others, [(Bounds::new(62_000, 62_000, 62_000), "to".to_owned())]);
}

#[test]
fn a_lapsed_intent_takes_its_capacity_and_its_word() {
    let slug = "buyer-vendor";
    let catalog = catalog(vec![deal(slug, Class::Silicon, &[Gpu])]);
    let loi = Claim {
        kind: ClaimKind::Announced,
        facts: vec![fact(Slot::MwHeadline, 10_000, 10_000, 10_000)],
        ..claim("loi", slug, Gpu, "2025-09-22", Rung::Announced)
    };
    let lapse = Claim {
        kind: ClaimKind::Lapsed,
        sign: Sign::Against,
        ..claim("lapse", slug, Gpu, "2026-02-27", Rung::None)
    };
    let board = |claims: Vec<Claim>| Ledger::new(&catalog, claims).board(day("2026-02-28"));
    let headline_mw = |claims| board(claims).rollups[0].headline.gpu.mw.map(|mw| mw.mid);
    assert_eq!(board(vec![loi.clone()]).deals[0].headline, Headline::GpuLoi);
    let bare = vec![loi.clone(), lapse.clone()];
    assert_eq!((board(bare.clone()).deals[0].headline, headline_mw(bare)), (Headline::NoSignal, None));
    let follow = Claim {
        id: "three".into(),
        published: lapse.published,
        known: lapse.published,
        facts: vec![fact(Slot::MwHeadline, 3000, 3000, 3000)],
        ..loi.clone()
    };
    let replaced = vec![loi, lapse, follow];
    assert_eq!(board(replaced.clone()).deals[0].headline, Headline::GpuTalks);
    assert_eq!(headline_mw(replaced), Some(3000));
}

#[test]
fn provisional_until_a_second_informant_or_three_days() {
    let on = |claims: Vec<Claim>, on: &str| status(claims, on).leg(Custom).unwrap().provisional;
    let blog = Claim {
        tier: Tier::E,
        origin: "unknown:blog".into(),
        ..claim("blog", SLUG, Custom, "2026-02-26", Rung::Contracted)
    };
    assert!(on(vec![custom_signed(), blog], "2026-02-27"), "a blog is no second informant");
    assert!(on(vec![custom_signed()], "2026-03-01") && !on(vec![custom_signed()], "2026-03-02"));
    let second = newsroom(claim("n", SLUG, Custom, "2026-02-27", Rung::Contracted), "reuters");
    assert!(!on(vec![custom_signed(), second], "2026-02-27"));
}

#[test]
fn what_is_not_due_is_no_gap() {
    let plan = |id: &str, name: &str, due: &str| Claim {
        kind: ClaimKind::Schedule,
        modality: Modality::Scheduled,
        milestone: Some(name.into()),
        due: Some(day(due)),
        ..claim(id, SLUG, Custom, "2026-04-29", Rung::Deployed)
    };
    let claims = || {
        vec![gpu_signed(), custom_signed(), plan("a", "start", "2027-01-01"), plan("b", "all", "2028-01-01")]
    };
    let gap = |on: &str| status(claims(), on).gap;
    assert_eq!((gap("2026-05-01").permille, gap("2026-05-01").reads.as_str()), (None, "not due until 2027"));
    assert_eq!(gap("2027-07-02").permille, Some(815 * 498 / 1000), "half of it is due");
    assert_eq!(gap("2028-01-01").permille, Some(815));
    let stated = Claim {
        kind: ClaimKind::Production,
        facts: vec![fact(Slot::ServingShare, 300, 315, 330)],
        ..claim("share", SLUG, Custom, "2027-12-01", Rung::Serving)
    };
    let proven = status([claims(), vec![stated]].concat(), "2028-01-01");
    assert_eq!((proven.gap.permille, proven.serving.unwrap().proven), (Some(500), true));
}

#[test]
fn programme_claims_press_and_never_move_a_rung() {
    let programme = Claim {
        subject: Subject::Programme("p".into()),
        kind: ClaimKind::Price,
        ..claim("p1", SLUG, Custom, "2026-01-01", Rung::Serving)
    };
    let after = status(vec![programme], "2026-01-01");
    let custom = after.leg(Custom).unwrap();
    assert_eq!((custom.status.rung, custom.pressure, after.pressure), (Rung::None, 6000, 6000));
    assert_eq!(after.leg(Gpu).unwrap().pressure, 0, "it is not the GPU leg's programme");
}

#[test]
fn a_pin_shows_what_it_hides_and_what_contradicts_it() {
    let pin = Pin { op: PinOp::AtMost, rung: 1, from: day("2026-03-01"), until: None };
    let pins = [LegPin { deal: DealSlug(SLUG.into()), leg: Custom, pin, note: String::new() }];
    let racks = claim("racks", SLUG, Custom, "2026-04-01", Rung::Deployed);
    let view = |claims, on: &str| {
        let board = Ledger::with_pins(&hosting(), claims, &pins).board(day(on));
        let leg = board.deals[0].leg(Custom).unwrap().clone();
        (leg.status.rung, leg.pins.first().map(|pin| (pin.unpinned, pin.contradicted_by.clone())))
    };
    assert_eq!(view(vec![custom_signed()], "2026-02-28"), (Rung::Contracted, None));
    assert_eq!(view(vec![custom_signed()], "2026-03-02"), (Rung::Exploring, Some((Rung::Contracted, None))));
    let contradicted = view(vec![custom_signed(), racks], "2026-04-02");
    assert_eq!(contradicted, (Rung::Exploring, Some((Rung::Deployed, Some("racks".into())))));
}

#[test]
fn classes_are_never_added_and_unknown_is_never_zero() {
    let catalog = catalog(vec![
        deal(SLUG, Class::Hosting, &[Gpu, Custom]),
        deal("buyer-vendor", Class::Silicon, &[Gpu]),
        deal("buyer-wafer", Class::Silicon, &[Other]),
    ]);
    let chips = Claim {
        facts: vec![fact(Slot::MwContracted, 1000, 6000, 6000)],
        ..claim("chips", "buyer-vendor", Gpu, "2026-01-01", Rung::Contracted)
    };
    let wafers = claim("wafers", "buyer-wafer", Other, "2026-01-01", Rung::Contracted);
    let board =
        Ledger::new(&catalog, vec![gpu_signed(), custom_signed(), chips, wafers]).board(day("2026-02-28"));
    let rollup = |class| {
        board.rollups.iter().find(|r| r.scope == Scope::Buyer("buyer".into()) && r.class == class).unwrap()
    };
    let silicon = &rollup(Class::Silicon).contracted;
    assert_eq!(silicon.gpu.mw, Some(Bounds::new(1000, 6000, 6000)), "the hosted GPUs are not counted again");
    assert_eq!(silicon.custom.mw, Some(Bounds::new(2000, 2000, 2000)));
    assert_eq!(silicon.share, Some(Bounds::new(250, 250, 666)));
    assert_eq!((silicon.other.mw, silicon.other.unknown), (None, 1));
    assert_eq!(rollup(Class::Hosting).contracted.gpu.mw, Some(Bounds::new(387, 452, 542)));
    assert_eq!(rollup(Class::Silicon).serving.custom.mw, None);
    // A side of which nothing is known leaves no share: it is not nothing.
    let one_sided = board.rollups.iter().flat_map(|r| [&r.headline, &r.contracted, &r.serving]);
    assert!(one_sided.filter(|m| m.gpu.mw.is_none() || m.custom.mw.is_none()).all(|m| m.share.is_none()));
    let wallet = board.deals[0].leg(Custom).unwrap().wallet;
    assert_eq!(wallet, Some(Bounds::new(250, 250, 666)), "of all silicon that the buyer has contracted");
}

#[test]
fn the_page_tells_milestones_copies_and_what_would_change() {
    let plan = |id: &str, published: &str, due: &str| Claim {
        kind: ClaimKind::Schedule,
        modality: Modality::Scheduled,
        milestone: Some("racks".into()),
        due: Some(day(due)),
        ..claim(id, SLUG, Custom, published, Rung::Deployed)
    };
    let copy = Claim { id: "copy".into(), recap: true, tier: Tier::E, ..custom_signed() };
    let claims = vec![
        custom_signed(),
        copy,
        plan("a", "2026-03-01", "2026-06-30"),
        plan("b", "2026-04-01", "2026-09-30"),
    ];
    let page = Ledger::new(&hosting(), claims).page(SLUG, day("2026-10-10")).unwrap();
    let racks = &page.status.milestones[0];
    assert_eq!((racks.slip, &racks.state), (92, &MilestoneState::Overdue(10)));
    assert_eq!(page.claim("custom").unwrap().copies, 1);
    assert!(!page.claim("copy").unwrap().novel);
    let custom = page.legs.iter().find(|leg| leg.leg == Custom).unwrap();
    let outcome = |what: &str| custom.would_change.iter().find(|change| change.what.contains(what)).unwrap();
    assert_eq!(outcome("a party says PILOTING").rung, Rung::Piloting);
    assert_eq!(outcome("two newsrooms report PILOTING").rung, Rung::Contracted);
    assert!(outcome("a party ends CONTRACTED").reverting);
    assert!(
        page.status.verdict.starts_with("No own buyer workload on Pico is proven."),
        "{}",
        page.status.verdict
    );
}

fn promised(id: &str, milestone: &str, published: &str, due: &str, rung: Rung) -> Claim {
    Claim {
        kind: ClaimKind::Schedule,
        modality: Modality::Scheduled,
        milestone: Some(milestone.into()),
        due: Some(day(due)),
        ..claim(id, SLUG, Custom, published, rung)
    }
}

#[test]
fn a_milestone_is_met_by_what_came_after_it_was_set_and_cites_it() {
    let state = |claims: Vec<Claim>, on: &str| status(claims, on).milestones[0].state.clone();
    let racks = promised("plan", "racks", "2026-03-01", "2026-06-30", Rung::Deployed);
    let live = |published: &str| claim("live", SLUG, Custom, published, Rung::Deployed);
    let met = MilestoneState::Met { on: Some(day("2026-05-01")), by: Some("live".into()) };
    assert_eq!(state(vec![racks.clone(), live("2026-05-01")], "2026-05-02"), met);
    // A further tranche of a leg that is installed already is not there because the first one is.
    let claims = vec![live("2026-02-01"), racks.clone()];
    assert_eq!(state(claims.clone(), "2026-04-01"), MilestoneState::Ahead(90));
    assert_eq!(state(claims.clone(), "2026-07-10"), MilestoneState::Overdue(10));
    let named = Claim {
        milestone: Some("racks".into()),
        ..claim("here", SLUG, Custom, "2026-06-20", Rung::Deployed)
    };
    let met = MilestoneState::Met { on: Some(day("2026-06-20")), by: Some("here".into()) };
    assert_eq!(state([claims, vec![named]].concat(), "2026-07-10"), met);
}

#[test]
fn what_a_lapsed_letter_promised_is_void_and_never_overdue() {
    let racks = promised("plan", "racks", "2026-03-01", "2026-06-30", Rung::Deployed);
    let lapse = Claim { kind: ClaimKind::Lapsed, ..claim("lapse", SLUG, Custom, "2026-04-01", Rung::None) };
    let again = promised("again", "next racks", "2026-05-01", "2026-12-31", Rung::Deployed);
    let after = status(vec![racks, lapse, again], "2026-07-10");
    assert_eq!(after.milestones[0].state, MilestoneState::Void(day("2026-04-01")));
    assert_eq!(after.next_milestone.unwrap().milestone, "next racks");
}

#[test]
fn the_best_word_against_is_one_that_nobody_has_answered() {
    let rival = Claim {
        kind: ClaimKind::Competitive,
        sign: Sign::Against,
        tier: Tier::C,
        ..claim("rival", SLUG, Custom, "2026-03-20", Rung::None)
    };
    let answered = Claim {
        sign: Sign::Against,
        kind: ClaimKind::NotYet,
        ..claim("no", SLUG, Custom, "2026-02-01", Rung::Contracted)
    };
    let after = status(vec![answered.clone(), custom_signed(), rival], "2026-04-01");
    assert_eq!(after.contrary.unwrap().claim, "rival");
    let before = status(vec![answered], "2026-02-02");
    assert_eq!(before.contrary.unwrap().claim, "no");
}

#[test]
fn claims_about_nothing_tracked_are_counted_and_left_out() {
    let ledger = Ledger::new(&hosting(), vec![claim("x", "other-deal", Gpu, "2026-01-01", Rung::Serving)]);
    assert_eq!(ledger.unplaced(), 1);
    assert_eq!(ledger.board(day("2026-01-02")).deals[0].headline, Headline::NoSignal);
}

/// A catalog whose deal has a history: signed for 500 MW and $11.9 billion, then more on top.
fn with_history() -> Catalog {
    let mut deal = deal(SLUG, Class::Hosting, &[Gpu, Custom]);
    let signed = Claim {
        facts: vec![
            fact(Slot::MwContracted, 500, 500, 500),
            fact(Slot::UsdContracted, 11_900, 11_900, 11_900),
        ],
        ..claim("own/signed", SLUG, Gpu, "2026-01-05", Rung::Contracted)
    };
    let more = Claim {
        facts: vec![Fact { op: Op::Add, ..fact(Slot::UsdContracted, 6500, 6500, 6500) }],
        ..claim("own/more", SLUG, Gpu, "2026-03-01", Rung::Contracted)
    };
    deal.claims = vec![signed, more];
    catalog(vec![deal])
}

#[test]
fn what_feeds_tell_of_the_catalogs_sums_counts_once() {
    let usd = |slot: Slot, mid: i64, op: Op, published: &str, leg: LegKind| {
        let live = Claim {
            facts: vec![Fact { op, ..fact(slot, mid, mid, mid) }],
            ..claim("live", SLUG, leg, published, Rung::Contracted)
        };
        let board = Ledger::new(&with_history(), vec![live]).board(day("2026-04-01"));
        let of = |kind| board.deals[0].leg(kind).unwrap().capacity.usd.as_ref().map(|usd| usd.value.mid);
        (of(Gpu), of(Custom))
    };
    let held = (Some(18_400), None);
    // The addition again, before it is curated; the old sum; the total; a part; the total on another leg.
    assert_eq!(usd(Slot::UsdIncrement, 6500, Op::Add, "2026-02-28", Gpu), held);
    assert_eq!(usd(Slot::UsdContracted, 11_900, Op::Set, "2026-03-20", Gpu), held);
    assert_eq!(usd(Slot::UsdContracted, 18_400, Op::Set, "2026-02-28", Gpu), held);
    assert_eq!(usd(Slot::UsdContracted, 2000, Op::Set, "2026-03-20", Gpu), held);
    assert_eq!(usd(Slot::UsdContracted, 18_400, Op::Set, "2026-03-20", Custom), held);
    // A new addition, a new total.
    assert_eq!(usd(Slot::UsdContracted, 4000, Op::Add, "2026-03-20", Gpu), (Some(22_400), None));
    assert_eq!(usd(Slot::UsdContracted, 30_000, Op::Set, "2026-03-20", Gpu), (Some(30_000), None));
}

#[test]
fn only_who_says_that_it_is_less_makes_it_less() {
    let live = |kind: ClaimKind| Claim {
        kind,
        facts: vec![fact(Slot::MwContracted, 200, 200, 200)],
        ..claim("live", SLUG, Gpu, "2026-03-20", Rung::Contracted)
    };
    let mw = |claim: Claim| {
        let board = Ledger::new(&with_history(), vec![claim]).board(day("2026-04-01"));
        board.deals[0].leg(Gpu).unwrap().capacity.contracted.as_ref().map(|mw| mw.value.mid)
    };
    assert_eq!(mw(live(ClaimKind::Quantity)), Some(500), "a first phase of 200 MW");
    assert_eq!(mw(live(ClaimKind::Reduced)), Some(200));
}
