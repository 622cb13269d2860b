//! Equal sets of claims give equal bytes: any order of arrival, any copies, any as-of date.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::ledger::Ledger;
use crate::ledger::page_report::{ExplainReport, PageReport};
use crate::ledger::report::BoardReport;
use crate::ledger::signal::SignalReport;
use LegKind::{Custom, Gpu};

const SLUG: &str = "buyer-host";

/// A catalog with two deals, the first with two claims of its own.
fn tracked() -> Catalog {
    let mut first = deal(SLUG, Class::Hosting, &[Gpu, Custom]);
    first.claims = vec![
        claim("own-1", SLUG, Gpu, "2026-01-01", Rung::Contracted),
        newsroom(claim("own-2", SLUG, Custom, "2026-01-20", Rung::Exploring), "reuters"),
    ];
    catalog(vec![first, deal("buyer-vendor", Class::Silicon, &[Gpu])])
}

const TEXTS: [&str; 5] = [
    "The buyer has taken more of the capacity that the host builds in the north, two people said",
    "The buyer has taken more of the capacity that the host builds in the north, three people said",
    "Host and buyer sign for a further campus whose racks come up by the end of next summer",
    "No order for racks has been placed so far, the buyer's head of infrastructure said on Monday",
    "The host's own silicon does the work of the buyer's larger models at half the cost, a memo says",
];

prop_compose! {
    fn any_claim()(
        slug in select(vec![SLUG, "buyer-vendor"]),
        leg in select(vec![Gpu, Custom]),
        (after, wait) in (0..120_i32, select(vec![0, 0, 1, 30])),
        rung in select(&Rung::ALL[..]),
        tier in select(&Tier::ALL[..]),
        modality in select(vec![Modality::Asserted, Modality::Hedged, Modality::Denied, Modality::Scheduled]),
        kind in select(vec![ClaimKind::ContractSigned, ClaimKind::Lapsed, ClaimKind::Cancelled, ClaimKind::Price]),
        origin in select(vec!["party:buyer+host", "newsroom:reuters:1", "newsroom:ft:2", "unknown:3"]),
        mw in proptest::option::of((select(vec![Slot::MwContracted, Slot::UsdIncrement]), 1..3000_i64, any::<bool>())),
        due in proptest::option::of(0..300_i32),
        programme in proptest::bool::weighted(0.1),
        recap in proptest::bool::weighted(0.1),
        against in proptest::bool::weighted(0.2),
        withdrawn in select(vec![None, None, None, Some(0), Some(1), Some(20)]),
        (text, outlet) in (0..5_usize, select(vec!["The Wire", "The Paper", "A Blog"])),
    ) -> Claim {
        let start = day("2026-01-01");
        let mut claim = claim("", slug, leg, "2026-01-01", rung);
        if programme {
            claim.subject = Subject::Programme("p".to_owned());
        }
        (claim.published, claim.known) = (start.plus(after), start.plus(after + wait));
        claim.facts = mw.into_iter().map(|(slot, mid, adds)| {
            Fact { op: if adds { Op::Add } else { Op::Set }, ..fact(slot, mid, mid, mid + 10) }
        }).collect();
        claim.due = due.map(|days| start.plus(days));
        claim.withdrawn = withdrawn.map(|days| claim.known.plus(days));
        claim.carrier = Some(if outlet == "A Blog" { Tier::D } else { Tier::C });
        claim.source.outlet = DisplayText::line(outlet, 60);
        // Some texts go round, word for word or nearly so.
        claim.words = DisplayText::line(TEXTS[text], 400);
        let sign = if against { Sign::Against } else { Sign::For };
        Claim { tier, modality, kind, origin: origin.to_owned(), recap, sign, ..claim }
    }
}

fn any_claims() -> impl Strategy<Value = Vec<Claim>> {
    proptest::collection::vec(any_claim(), 0..25).prop_map(|mut claims| {
        for (index, claim) in claims.iter_mut().enumerate() {
            claim.id = format!("live-{index:03}");
            claim.story = format!("item-{}", index / 2);
        }
        claims
    })
}

/// The copy that a blog makes of a claim: its own id, address and informant, and no better a tier. Every
/// other one sorts before what it copies.
fn copy(claim: &Claim, n: u32) -> Claim {
    let own = |text: &str| format!("{}{text}-{n}", if n % 2 == 0 { "a" } else { "z" });
    Claim {
        id: own(&claim.id),
        story: own(&claim.story),
        origin: if claim.origin.starts_with("party:") {
            claim.origin.clone()
        } else {
            format!("unknown:{}", own(&claim.story))
        },
        tier: claim.tier.max(Tier::E),
        carrier: Some(Tier::E),
        source: Source { outlet: DisplayText::line(&format!("Copy {n}"), 60), ..claim.source.clone() },
        ..claim.clone()
    }
}

/// Everything that is printed of a ledger on a day, as bytes.
fn printed(ledger: &Ledger, on: Day) -> String {
    let page = ledger.page(SLUG, on).unwrap();
    let signals: Vec<SignalReport> =
        ledger.signals(day("2026-01-01"), on).iter().map(SignalReport::from).collect();
    serde_json::to_string(&(
        BoardReport::from(&ledger.board(on)),
        PageReport::new(&page, on),
        ExplainReport::new(&page, on),
        signals,
    ))
    .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn two_orders_of_arrival_print_the_same_bytes(
        (claims, mixed) in any_claims().prop_flat_map(|claims| (Just(claims.clone()), Just(claims).prop_shuffle())),
        days in 0..200_i32,
    ) {
        let on = day("2026-01-01").plus(days);
        let expected = printed(&Ledger::new(&tracked(), claims), on);
        prop_assert_eq!(&printed(&Ledger::new(&tracked(), mixed.clone()), on), &expected);
        let doubled = [mixed.clone(), mixed].concat();
        prop_assert_eq!(printed(&Ledger::new(&tracked(), doubled), on), expected, "every claim read twice");
    }

    #[test]
    fn a_past_day_is_a_replay_up_to_it(claims in any_claims(), days in 0..150_i32) {
        let on = day("2026-01-01").plus(days);
        let mut then = tracked();
        for deal in &mut then.deals {
            deal.claims.retain(|claim| claim.known <= on);
        }
        let mut known: Vec<Claim> = claims.iter().filter(|claim| claim.known <= on).cloned().collect();
        for claim in &mut known {
            claim.withdrawn = claim.withdrawn.filter(|&day| day <= on);
        }
        let standing = known.iter().filter(|claim| claim.withdrawn.is_none()).cloned().collect();
        // How far the catalog reaches is told of the catalog, not of the day.
        let catalog_to = |text: String| text.replace("\"catalog_to\":\"2026-01-20\"", "").replace("\"catalog_to\":\"2026-01-01\"", "").replace("\"catalog_to\":null", "");
        let [all, then_only] = [Ledger::new(&tracked(), claims), Ledger::new(&then, known)];
        prop_assert_eq!(catalog_to(printed(&all, on)), catalog_to(printed(&then_only, on)));
        // What was taken back weighs nothing from then on: only the way that the rung has come remembers it.
        let odds = |ledger: Ledger| ledger.board(on).deals.into_iter().flat_map(|deal| deal.legs).map(|leg| leg.status.odds).collect::<Vec<_>>();
        prop_assert_eq!(odds(all), odds(Ledger::new(&then, standing)));
    }

    #[test]
    fn ten_copies_of_everything_move_nothing(
        (claims, mixed) in any_claims().prop_flat_map(|claims| {
            let copies: Vec<Claim> = claims.iter().flat_map(|claim| (0..9).map(|n| copy(claim, n))).collect();
            (Just(claims.clone()), Just([claims, copies].concat()).prop_shuffle())
        }),
        days in 0..200_i32,
    ) {
        let on = day("2026-01-01").plus(days);
        let board = |claims| serde_json::to_string(&BoardReport::from(&Ledger::new(&tracked(), claims).board(on))).unwrap();
        prop_assert_eq!(board(mixed), board(claims));
    }
}

#[test]
fn a_live_claim_equal_to_the_catalogs_confirms_it_and_adds_nothing() {
    let own = Ledger::new(&tracked(), Vec::new());
    let live = Claim { id: "aaa".into(), ..claim("x", SLUG, Gpu, "2026-01-01", Rung::Contracted) };
    let both = Ledger::new(&tracked(), vec![live]);
    let on = day("2026-02-01");
    assert_eq!(both.board(on).deals[0].legs, own.board(on).deals[0].legs);
    let page = both.page(SLUG, on).unwrap();
    assert_eq!((page.claim("own-1").unwrap().copies, page.claim("aaa").unwrap().novel), (1, false));
}

#[test]
fn an_older_claim_that_turns_up_late_makes_a_retelling_of_the_newer_one_from_that_day_on() {
    let newer = Claim { rung: Rung::Exploring, ..claim("b", SLUG, Custom, "2026-03-10", Rung::Exploring) };
    let older =
        Claim { id: "a".into(), published: day("2026-03-01"), known: day("2026-03-20"), ..newer.clone() };
    let ledger = Ledger::without_history(&tracked(), vec![newer, older]);
    let stale = |on: &str| ledger.board(day(on)).deals[0].leg(Custom).unwrap().status.stale;
    assert_eq!([stale("2026-03-19"), stale("2026-03-20")], [9, 19]);
}
