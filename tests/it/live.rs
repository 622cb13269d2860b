//! How what feeds tell meets what the catalog states: it confirms, adds and moves; a part, a rumour or a
//! misreading changes no figure.

use std::sync::LazyLock;

use gigawatch::config::Config;
use gigawatch::domain::claim::{Claim, ClaimKind, Modality, Rung, Sign, Slot, Subject, Workload};
use gigawatch::domain::deal::LegKind;
use gigawatch::domain::item::{Item, ItemKey};
use gigawatch::domain::outlet::Tier;
use gigawatch::domain::text::DisplayText;
use gigawatch::domain::time::Day;
use gigawatch::ledger::Ledger;
use gigawatch::ledger::board::{Board, DealStatus, LegView};
use gigawatch::ledger::model::evidence::Flag;
use gigawatch::tagger::Tagger;

use crate::support;

static CONFIG: LazyLock<Config> = LazyLock::new(|| Config::load(None).unwrap());
static TAGGER: LazyLock<Tagger> =
    LazyLock::new(|| Tagger::new(&CONFIG.lexicon, &CONFIG.catalog, &CONFIG.outlets));

fn item(key: &str, outlet: &str, tier: Tier, published: &str, title: &str, summary: &str) -> Item {
    let item = support::item(outlet, tier, published.parse().unwrap(), title, summary);
    Item { key: ItemKey(key.into()), ..item }
}

fn claims(outlet: &str, tier: Tier, published: &str, title: &str, summary: &str) -> Vec<Claim> {
    TAGGER.tag(&item("key", outlet, tier, published, title, summary)).claims
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn of_leg<'a>(claims: &'a [Claim], deal: &str, leg: LegKind) -> Vec<&'a Claim> {
    let subject = |claim: &&Claim| matches!(&claim.subject, Subject::Leg { deal: slug, leg: kind } if slug.as_str() == deal && *kind == leg);
    claims.iter().filter(subject).collect()
}

fn deal<'a>(board: &'a Board, slug: &str) -> &'a DealStatus {
    board.deals.iter().find(|deal| deal.deal.slug.as_str() == slug).unwrap()
}

/// The demo's archive, read.
fn archive() -> Vec<Claim> {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config/demo/archive.jsonl")).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    rows.flat_map(|row| {
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        let tier = CONFIG.outlets.by_host(text("url").split('/').nth(2).unwrap().trim_start_matches("www."));
        let tier =
            tier.or_else(|| CONFIG.outlets.by_name(text("outlet"))).map_or(Tier::E, |known| known.tier);
        let mut item =
            item(text("id"), text("outlet"), tier, text("published"), text("title"), text("summary"));
        item.text = row["text"].as_str().map(|text| DisplayText::block(text, 1 << 21));
        TAGGER.tag(&item).claims
    })
    .collect()
}

#[test]
fn a_year_of_news_moves_no_rung_and_no_total_that_the_catalog_has() {
    let news = archive();
    assert!(news.len() > 150, "{}", news.len());
    let known = Ledger::new(&CONFIG.catalog, Vec::new());
    let live = Ledger::new(&CONFIG.catalog, news);
    for on in
        ["2025-09-30", "2025-12-31", "2026-03-10", "2026-03-31", "2026-06-30", "2026-09-30", "2026-10-15"]
    {
        let (a, b) = (known.board(day(on)), live.board(day(on)));
        for (alone, with) in a.deals.iter().zip(&b.deals) {
            for (one, other) in alone.legs.iter().zip(&with.legs) {
                let what = format!("{on} {} {:?}", alone.deal.slug, one.kind);
                assert_eq!(one.status.rung, other.status.rung, "{what}");
                assert_eq!(one.status.flags, other.status.flags, "{what}");
                let mid = |figure: fn(&LegView) -> Option<i64>| (figure(one), figure(other));
                let (alone, with) = mid(|leg| leg.capacity.contracted.as_ref().map(|f| f.value.mid));
                assert_eq!(alone, with, "{what}: contracted");
                let (alone, with) = mid(|leg| leg.capacity.usd.as_ref().map(|f| f.value.mid));
                assert_eq!(alone, with, "{what}: contract value");
                let (alone, with) = mid(|leg| leg.capacity.headline.as_ref().map(|f| f.value.mid));
                assert!(with >= alone, "{what}: announced {alone:?} -> {with:?}");
            }
        }
    }
}

#[test]
fn a_partys_figure_for_a_part_leaves_the_announced_total() {
    let news = claims(
        "Broadcom",
        Tier::A,
        "2026-09-03",
        "Broadcom third quarter results: prepared remarks",
        "We reaffirm that OpenAI has committed to the first 1.3 gigawatts, of which more than 1 gigawatt in 2027.",
    );
    let board = Ledger::new(&CONFIG.catalog, news).board(day("2026-09-10"));
    let leg = deal(&board, "openai-broadcom").leg(LegKind::Custom).unwrap();
    assert_eq!(leg.capacity.headline.as_ref().map(|figure| figure.value.mid), Some(10_000));
}

#[test]
fn a_larger_total_of_a_party_stands() {
    let news = claims(
        "AMD",
        Tier::A,
        "2026-10-01",
        "AMD and OpenAI sign definitive agreement for 9 gigawatts of AMD Instinct GPUs",
        "",
    );
    let board = Ledger::new(&CONFIG.catalog, news).board(day("2026-10-05"));
    let leg = deal(&board, "openai-amd").leg(LegKind::Gpu).unwrap();
    assert_eq!(leg.capacity.contracted.as_ref().map(|figure| figure.value.mid), Some(9_000));
}

#[test]
fn a_report_that_a_party_calls_wrong_reaffirms_the_deal() {
    for title in [
        "Oracle says reports on Stargate site are incorrect, 4.5 GW with OpenAI on track",
        "Oracle says reports that its OpenAI deal is delayed are inaccurate and the build-out is proceeding",
        "Oracle denies cancellation of OpenAI capacity, says the 4.5 GW contract is unchanged",
        "Oracle rejects reports of OpenAI contract cancellation as inaccurate",
        "Oracle says that it has not cancelled its contract with OpenAI",
    ] {
        let read = claims("Reuters", Tier::C, "2026-03-09", title, "");
        let said = of_leg(&read, "openai-oracle", LegKind::Gpu);
        assert!(!said.is_empty(), "{title}");
        for claim in said {
            assert_eq!(
                (claim.sign, claim.modality == Modality::Denied),
                (Sign::For, false),
                "{title}: {claim:#?}"
            );
            assert!(claim.rung <= Rung::Announced, "{title}");
        }
    }
}

#[test]
fn a_party_that_denies_the_deal_itself_denies_it() {
    let read = claims(
        "CNBC",
        Tier::C,
        "2025-10-13",
        "Broadcom's Kawwas says OpenAI is not its $10 billion mystery customer",
        "",
    );
    let said = of_leg(&read, "openai-broadcom", LegKind::Custom);
    assert!(said.iter().any(|claim| claim.sign == Sign::Against), "{said:#?}");
    assert!(said.iter().all(|claim| claim.facts.iter().all(|fact| fact.slot != Slot::UsdContracted)));
    assert!(said.iter().all(|claim| claim.origin == "party:broadcom"), "who is spoken of does not speak");
}

#[test]
fn a_report_of_use_that_the_buyer_denies_is_no_step_and_an_end_is_an_end() {
    for title in [
        "OpenAI denies report it will use Google's TPUs at scale",
        "OpenAI says a report that it will use Google's TPUs is false",
        "Google says it has no agreement with OpenAI on TPUs",
    ] {
        let read = claims("Reuters", Tier::C, "2026-11-02", title, "");
        let said = of_leg(&read, "openai-google", LegKind::Custom);
        assert!(!said.is_empty(), "{title}");
        let against = |claim: &&Claim| claim.sign == Sign::Against || claim.modality == Modality::Denied;
        assert!(said.iter().all(against), "{title}: {said:#?}");
    }
    let ended =
        claims("Oracle", Tier::A, "2026-11-02", "Oracle and OpenAI have terminated their agreement", "");
    assert!(ended.iter().any(|claim| claim.kind == ClaimKind::Cancelled), "{ended:#?}");
}

#[test]
fn a_rumours_sum_goes_with_the_rumour() {
    let mut news = claims(
        "Reuters",
        Tier::C,
        "2025-09-05",
        "Broadcom books $10 billion AI chip order; OpenAI is reportedly the customer",
        "",
    );
    let sum = |claims: &[Claim], on: &str| {
        let ledger = Ledger::without_history(&CONFIG.catalog, claims.to_vec());
        let board = ledger.board(day(on));
        let figures = deal(&board, "openai-broadcom").leg(LegKind::Custom).unwrap().capacity.clone();
        figures.usd.map(|figure| figure.value.mid)
    };
    let mut signed = claims(
        "Broadcom",
        Tier::A,
        "2026-03-04",
        "Broadcom results: we have a purchase order from OpenAI for 1 gigawatt of XPU",
        "",
    );
    for claim in &mut signed {
        claim.id.push_str("/signed");
    }
    let without: Vec<Claim> = news.iter().chain(&signed).cloned().collect();
    assert_eq!(sum(&without, "2026-03-05"), Some(10_000));
    let mut denial = claims(
        "CNBC",
        Tier::C,
        "2025-10-13",
        "Broadcom's Kawwas says OpenAI is not its $10 billion mystery customer",
        "",
    );
    for claim in &mut denial {
        claim.id.push_str("/denial");
    }
    news.extend(signed);
    news.extend(denial);
    assert_eq!(sum(&news, "2026-03-05"), None);
}

#[test]
fn silicon_that_was_not_chosen_gets_no_claim() {
    for title in [
        "OpenAI picks Nvidia chips, not Trainium, in $38 billion AWS deal",
        "OpenAI signs for Nvidia GPUs rather than Trainium at AWS",
        "OpenAI rents Nvidia GB300s from AWS instead of Amazon's own Trainium",
        "OpenAI's AWS contract is for Nvidia GPUs and does not include Trainium",
    ] {
        let read = claims("Trade Paper", Tier::D, "2025-11-03", title, "");
        assert!(!of_leg(&read, "openai-aws", LegKind::Gpu).is_empty(), "{title}");
        assert!(of_leg(&read, "openai-aws", LegKind::Custom).is_empty(), "{title}: {read:#?}");
    }
    let read = claims(
        "Trade Paper",
        Tier::D,
        "2026-02-27",
        "OpenAI signs for Trainium, not Nvidia GPUs, at AWS",
        "",
    );
    assert!(of_leg(&read, "openai-aws", LegKind::Gpu).is_empty(), "{read:#?}");
    assert!(!of_leg(&read, "openai-aws", LegKind::Custom).is_empty());
}

#[test]
fn a_chip_in_the_laboratory_is_no_step_of_a_deal_for_gpus() {
    let read = claims(
        "OpenAI",
        Tier::A,
        "2026-06-24",
        "Jalapeño, OpenAI's first chip with Broadcom",
        "Engineering samples are running in our labs. Initial deployment with Microsoft is planned by the end of 2026.",
    );
    assert!(of_leg(&read, "openai-microsoft", LegKind::Gpu).is_empty(), "{read:#?}");
    assert!(
        of_leg(&read, "openai-broadcom", LegKind::Custom).iter().any(|claim| claim.workload == Workload::Lab)
    );
}

#[test]
fn a_sum_that_is_added_by_up_to_so_much_adds() {
    let read = claims(
        "CoreWeave",
        Tier::A,
        "2026-09-25",
        "CoreWeave expands agreement with OpenAI by up to $6.5 billion",
        "",
    );
    let fact = read.iter().flat_map(|claim| &claim.facts).find(|fact| fact.mid == 6_500).unwrap();
    assert_eq!((fact.slot, fact.lo), (Slot::UsdIncrement, 0));
    let floor = claims(
        "Paper",
        Tier::C,
        "2026-01-14",
        "OpenAI signs $10 billion-plus computing deal with Cerebras",
        "",
    );
    let fact = floor.iter().flat_map(|claim| &claim.facts).find(|fact| fact.mid == 10_000).unwrap();
    assert_eq!(fact.slot, Slot::UsdContracted, "a floor, not an addition");
}

#[test]
fn a_programmes_figure_is_not_one_deals() {
    let read = claims(
        "OpenAI",
        Tier::A,
        "2025-09-23",
        "OpenAI, Oracle and SoftBank add five Stargate sites",
        "Five new sites bring Stargate to nearly 7 gigawatts of planned capacity.",
    );
    assert!(read.iter().all(|claim| claim.facts.is_empty()), "{read:#?}");
    assert!(read.iter().any(|claim| claim.kind != ClaimKind::Quantity));
}

#[test]
fn a_figure_of_several_deals_together_is_none_of_theirs() {
    for title in [
        "OpenAI's deals with Nvidia, AMD and Broadcom total 26 gigawatts",
        "We have committed about $1.4 trillion to compute with partners including AWS, Oracle and Microsoft",
        "OpenAI has signed for 36 GW with Nvidia, AMD, Broadcom and Oracle combined",
    ] {
        let read = claims("OpenAI", Tier::A, "2026-11-02", title, "");
        assert!(!read.is_empty(), "{title}");
        assert!(read.iter().all(|claim| claim.facts.is_empty()), "{title}: {read:#?}");
    }
}

#[test]
fn a_party_that_takes_something_back_makes_it_less() {
    let read = claims(
        "Oracle",
        Tier::A,
        "2026-11-02",
        "Oracle and OpenAI reduce contract from 4.5 gigawatts to 3 gigawatts",
        "",
    );
    let fact = read.iter().flat_map(|claim| &claim.facts).next().unwrap();
    assert_eq!((fact.slot, fact.mid), (Slot::MwContracted, 3_000));
    let board = Ledger::new(&CONFIG.catalog, read).board(day("2026-11-05"));
    let leg = deal(&board, "openai-oracle").leg(LegKind::Gpu).unwrap();
    assert_eq!(leg.capacity.contracted.as_ref().map(|figure| figure.value.mid), Some(3_000));
    assert!(leg.status.flags.contains_key(&Flag::Reduced));
    let rumour = claims(
        "Reuters",
        Tier::C,
        "2026-11-02",
        "OpenAI may cut Oracle contract to 3 gigawatts, sources say",
        "",
    );
    assert!(rumour.iter().all(|claim| claim.kind != ClaimKind::Reduced));
}
