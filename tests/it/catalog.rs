//! What the built-in catalog says on given days: the history of the field as it is known, held against
//! the board that the model makes of it.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use gigawatch::config::Config;
use gigawatch::domain::claim::{Modality, Rung, Sign, Slot};
use gigawatch::domain::deal::{Catalog, Class, LegKind};
use gigawatch::domain::outlet::Tier;
use gigawatch::domain::time::Day;
use gigawatch::ledger::Ledger;
use gigawatch::ledger::board::{Board, DealStatus, LegView};
use gigawatch::ledger::model::evidence::Flag;
use gigawatch::ledger::model::headline::Headline;
use gigawatch::ledger::rollup::{Rollup, Scope};

/// How far the leg that is no GPU had come, in the words of the field.
#[derive(Clone, Copy)]
enum Stage {
    None,
    Exploring,
    Committed,
    Deploying,
    Serving,
    Sustained,
}

use Stage::{Committed, Deploying, Exploring, Serving, Sustained};

impl Stage {
    fn rungs(self) -> RangeInclusive<Rung> {
        match self {
            Self::None => Rung::None..=Rung::None,
            Exploring => Rung::Exploring..=Rung::Exploring,
            Committed => Rung::Announced..=Rung::Contracted,
            Deploying => Rung::Piloting..=Rung::Deployed,
            Serving => Rung::Serving..=Rung::Serving,
            Sustained => Rung::AtScale..=Rung::AtScale,
        }
    }
}

/// The quarters' ends from September 2025 to September 2026.
const QUARTERS: [&str; 5] = ["2025-09-30", "2025-12-31", "2026-03-31", "2026-06-30", "2026-09-30"];

/// A deal, the least and the most at each quarter's end, and why.
type Row = (&'static str, [(Stage, Stage); 5], &'static str);

/// One row a deal: the least and the most that hindsight allows at each quarter's end, and why.
#[rustfmt::skip]
const TRUTH: &[Row] = &[
    ("openai-aws", [(Stage::None, Stage::None), (Stage::None, Exploring), (Committed, Committed), (Committed, Committed), (Committed, Committed)],
     "talks from 17 December 2025, 2 GW signed on 27 February 2026, ramp not before 2027"),
    ("openai-broadcom", [(Exploring, Exploring), (Committed, Committed), (Committed, Committed), (Committed, Committed), (Committed, Committed)],
     "term sheet in October 2025, volume and money open, silicon in the laboratory only"),
    ("openai-microsoft", [(Stage::None, Stage::None), (Exploring, Exploring), (Deploying, Deploying), (Deploying, Deploying), (Deploying, Deploying)],
     "access to chip designs in November 2025, GPT-5.2 on Maia from January 2026"),
    ("openai-cerebras", [(Stage::None, Exploring), (Exploring, Exploring), (Serving, Serving), (Serving, Serving), (Serving, Serving)],
     "Codex-Spark serves users from February 2026"),
    ("openai-google", [(Exploring, Exploring), (Stage::None, Exploring), (Stage::None, Stage::None), (Stage::None, Stage::None), (Stage::None, Stage::None)],
     "tests in June 2025, no plan at scale, nothing since"),
    ("anthropic-google", [(Serving, Serving), (Serving, Serving), (Serving, Serving), (Serving, Sustained), (Sustained, Sustained)],
     "production traffic on TPU before the autumn of 2025"),
    ("anthropic-aws", [(Deploying, Deploying), (Serving, Serving), (Serving, Serving), (Sustained, Sustained), (Sustained, Sustained)],
     "Rainier live in October 2025, still serving two quarters on, in April 2026"),
    ("anthropic-microsoft-nvidia", [(Stage::None, Stage::None), (Stage::None, Stage::None), (Stage::None, Stage::None), (Exploring, Exploring), (Exploring, Exploring)],
     "Maia is talk from May 2026, nothing signed"),
    ("meta-google", [(Stage::None, Stage::None), (Exploring, Exploring), (Exploring, Committed), (Exploring, Committed), (Stage::None, Committed)],
     "one newsroom's word, confirmed by no party"),
];

/// Deals without silicon of the provider's or the buyer's own, by contract.
const GPU_ONLY: [&str; 9] = [
    "openai-amd",
    "openai-nvidia",
    "openai-oracle",
    "openai-coreweave",
    "anthropic-spacex",
    "anthropic-amd",
    "meta-amd",
    "meta-nvidia",
    "oracle-amd",
];

fn catalog() -> Catalog {
    Config::load(None).expect("the built-in configuration").catalog
}

fn ledger() -> Ledger {
    Ledger::new(&catalog(), Vec::new())
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn deal<'a>(board: &'a Board, slug: &str) -> &'a DealStatus {
    board.deals.iter().find(|deal| deal.deal.slug.as_str() == slug).expect(slug)
}

fn leg<'a>(board: &'a Board, slug: &str, kind: LegKind) -> &'a LegView {
    deal(board, slug).leg(kind).expect(slug)
}

fn flags(leg: &LegView) -> BTreeSet<Flag> {
    leg.status.flags.keys().copied().collect()
}

fn rollup<'a>(board: &'a Board, buyer: &str, class: Class) -> &'a Rollup {
    board
        .rollups
        .iter()
        .find(|rollup| rollup.scope == Scope::Buyer(buyer.to_owned()) && rollup.class == class)
        .unwrap()
}

#[test]
fn every_quarter_ends_where_hindsight_puts_it() {
    let ledger = ledger();
    let mut wrong = Vec::new();
    for (quarter, text) in QUARTERS.iter().enumerate() {
        let board = ledger.board(day(text));
        for (slug, stages, why) in TRUTH {
            let status = deal(&board, slug);
            let leg = status.leg(LegKind::Custom).or_else(|| status.leg(LegKind::Other)).unwrap();
            let (least, most) = stages[quarter];
            let allowed = *least.rungs().start()..=*most.rungs().end();
            if !allowed.contains(&leg.status.rung) {
                wrong.push(format!("{text} {slug}: {} ({why})", leg.status.rung.label()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn gpu_deals_have_no_leg_that_could_convert() {
    let catalog = catalog();
    for slug in GPU_ONLY {
        let deal = catalog.deal(slug).expect(slug);
        assert!(deal.leg(LegKind::Gpu).is_some() && deal.converting_leg().is_none(), "{slug}");
    }
}

#[test]
fn the_catalog_tracks_the_field() {
    let catalog = catalog();
    assert_eq!(catalog.deals.len(), 20);
    let programmes: Vec<&str> = catalog.programmes.iter().map(|programme| programme.id.as_str()).collect();
    assert_eq!(programmes, ["maia", "mtia", "tpu", "trainium"]);
    for deal in &catalog.deals {
        assert!(!deal.claims.is_empty(), "{} has no history", deal.slug);
        assert!(!deal.tickers.is_empty(), "{} touches no listed company", deal.slug);
    }
}

/// A reader can go to the source of every statement and see how far it carries.
#[test]
fn every_claim_is_dated_sourced_and_coded_by_the_rules() {
    let catalog = catalog();
    let mut ids = BTreeSet::new();
    for deal in &catalog.deals {
        for claim in &deal.claims {
            let id = &claim.id;
            assert!(ids.insert(id.clone()), "{id} is given twice");
            assert!(id.starts_with(&format!("{}/{}/", deal.slug, claim.published)), "{id}");
            assert!(!claim.source.outlet.is_empty() && !claim.words.is_empty(), "{id}");
            // A rung from CONTRACTED up on a party's record needs that party as the informant.
            if claim.tier.is_hard() && claim.rung >= Rung::Contracted {
                assert!(claim.origin.starts_with("party:"), "{id}: {}", claim.origin);
            }
            // A company's own word is never a newsroom's guess.
            if claim.origin.starts_with("newsroom:") {
                assert!(!claim.tier.is_hard(), "{id}");
            }
            for fact in &claim.facts {
                assert!(fact.lo <= fact.mid && fact.mid <= fact.hi, "{id}: bounds out of order");
            }
        }
    }
    for programme in &catalog.programmes {
        for claim in &programme.claims {
            assert!(ids.insert(claim.id.clone()), "{} is given twice", claim.id);
            assert!(claim.id.starts_with(&format!("{}/{}/", programme.id, claim.published)), "{}", claim.id);
            assert_eq!(claim.rung, Rung::None, "{}: a programme presses, it reaches no rung", claim.id);
        }
    }
}

/// A page that a claim links to must be able to carry it: a party's words on someone else's page count at
/// most two letters better than that page. Where the document itself cannot be linked, it is named.
#[test]
fn no_claim_is_better_than_what_it_links_to() {
    let config = Config::load(None).unwrap();
    let mut wrong = Vec::new();
    for claim in config.catalog.claims() {
        let Some(url) = &claim.source.url else {
            let named = !claim.source.title.is_empty() || !claim.tier.is_hard();
            if !named {
                wrong.push(format!("{}: no link and no document by name and date", claim.id));
            }
            continue;
        };
        let outlet = url::Url::parse(url).ok().and_then(|url| {
            let host = url.host_str()?.trim_start_matches("www.").to_owned();
            config.outlets.by_host(&host).map(|outlet| outlet.tier)
        });
        let outlet = outlet.unwrap_or(Tier::E);
        if claim.tier != claim.tier.capped_by(outlet) {
            wrong.push(format!("{}: {:?} on a page of {outlet:?}, {url}", claim.id, claim.tier));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// No party speaks of a rung that only two quarters and a half of the leg can show.
#[test]
fn at_scale_is_our_reading_and_says_so() {
    let catalog = catalog();
    let asserted = catalog.claims().filter(|claim| {
        claim.rung == Rung::AtScale && claim.sign == Sign::For && claim.modality == Modality::Asserted
    });
    let mut n = 0;
    for claim in asserted {
        assert!(claim.words.starts_with("Our reading: "), "{}", claim.id);
        assert!(claim.source.title.starts_with("Our reading of "), "{}: of what", claim.id);
        assert!(claim.tier > Tier::A, "{}: a letter below the parties' own words", claim.id);
        n += 1;
    }
    assert_eq!(n, 2);
}

/// A report read live finds its newsroom in the catalog only under the same name.
#[test]
fn newsrooms_are_named_as_the_outlets_are() {
    let config = Config::load(None).unwrap();
    let known: BTreeSet<String> = config
        .outlets
        .iter()
        .map(|(_, outlet)| {
            let lower = outlet.name.to_lowercase();
            lower
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join("-")
        })
        .collect();
    for claim in config.catalog.claims() {
        if let Some(newsroom) = claim.origin.strip_prefix("newsroom:") {
            let name = newsroom.split(':').next().unwrap();
            assert!(known.contains(name), "{}: no outlet `{name}`", claim.id);
        }
    }
}

/// Equity is money for shares. It must not enlarge a contract.
#[test]
fn equity_is_never_contract_value() {
    for deal in &catalog().deals {
        for claim in &deal.claims {
            let has = |slot| claim.facts.iter().any(|fact| fact.slot == slot);
            assert!(
                !(has(Slot::UsdEquity) && (has(Slot::UsdContracted) || has(Slot::UsdIncrement))),
                "{} mixes equity with contract value",
                claim.id
            );
        }
    }
    let aws = catalog();
    let aws = aws.deal("openai-aws").unwrap();
    let fifty = aws.claims.iter().find(|claim| claim.id.ends_with("amazon-equity")).unwrap();
    assert_eq!((fifty.facts[0].slot, fifty.facts[0].hi), (Slot::UsdEquity, 50_000));
}

#[test]
fn silence_and_figures_before_the_trainium_contract() {
    let ledger = ledger();
    let board = ledger.board(day("2026-02-20"));
    let aws = deal(&board, "openai-aws");
    assert_eq!(aws.headline, Headline::Exploring);
    let gpu = aws.leg(LegKind::Gpu).unwrap();
    assert_eq!(gpu.capacity.usd.as_ref().unwrap().value.mid, 38_000);
    let mw = gpu.capacity.contracted.as_ref().unwrap();
    assert_eq!((mw.value.lo, mw.value.mid, mw.value.hi, mw.derived), (387, 452, 542, true));
    assert_eq!(gpu.status.due(), Some(day("2026-12-31")));
    assert_eq!(aws.contracted.map(|share| share.hi), Some(0), "nothing custom is firm");
    assert!(aws.serving.is_none(), "no evidence of serving");
    // The blog that had it signed in December is on the ledger and moved nothing.
    let before = ledger.board(day("2025-12-19"));
    let after = ledger.board(day("2025-12-20"));
    assert!(
        after.deals.iter().any(|deal| deal
            .deal
            .claims
            .iter()
            .any(|claim| claim.id.ends_with("finalized-blog")))
    );
    assert_eq!(deal(&before, "openai-aws").headline, deal(&after, "openai-aws").headline);
    assert!(leg(&after, "openai-aws", LegKind::Custom).status.rung < Rung::Announced);
}

#[test]
fn the_27th_of_february() {
    let ledger = ledger();
    let eve = ledger.board(day("2026-02-26"));
    let board = ledger.board(day("2026-02-27"));
    assert_eq!(deal(&eve, "openai-aws").headline, Headline::Exploring);
    let aws = deal(&board, "openai-aws");
    assert_eq!(aws.headline, Headline::OnPaper);
    let custom = aws.leg(LegKind::Custom).unwrap();
    assert!(custom.provisional, "one informant on the first day; the blog of December confirms nothing");
    assert!(!leg(&ledger.board(day("2026-03-03")), "openai-aws", LegKind::Custom).provisional);
    assert_eq!(custom.capacity.contracted.as_ref().unwrap().value.mid, 2_000);
    // "By $100 billion" holds, "to $100 billion" stands beside it.
    let conflict = aws.conflicts.iter().find(|conflict| conflict.slot == Slot::UsdIncrement).unwrap();
    assert_eq!(conflict.held.mid, 100_000);
    assert_eq!(conflict.others.iter().map(|(other, _)| other.mid).collect::<Vec<_>>(), [62_000]);
    // Both bases, and they need not agree.
    let percent = |permille: i64| (permille + 5) / 10;
    let mw = aws.contracted.unwrap();
    assert_eq!((percent(mw.lo), percent(mw.mid), percent(mw.hi)), (78, 82, 84));
    let usd = aws.contracted_usd.unwrap();
    assert_eq!((percent(usd.lo), percent(usd.mid), percent(usd.hi)), (35, 52, 72));
    // Nvidia's letter of intent runs out the same day, and 3 GW follow.
    let (before, after) =
        (leg(&eve, "openai-nvidia", LegKind::Gpu), leg(&board, "openai-nvidia", LegKind::Gpu));
    assert_eq!(deal(&eve, "openai-nvidia").headline, Headline::GpuLoi);
    assert_ne!(deal(&board, "openai-nvidia").headline, Headline::GpuLoi);
    assert!(!flags(before).contains(&Flag::Lapsed) && flags(after).contains(&Flag::Lapsed));
    let headline = |leg: &LegView| leg.capacity.headline.as_ref().map(|figure| figure.value.mid);
    assert_eq!((headline(before), headline(after)), (Some(10_000), Some(3_000)));
}

#[test]
fn a_rental_that_one_newsroom_reports() {
    let ledger = ledger();
    let board = ledger.board(day("2026-02-27"));
    let tpu = leg(&board, "meta-google", LegKind::Custom);
    let reported = tpu.status.reported.unwrap();
    assert_eq!((reported.rung, reported.origins), (Rung::Contracted, 1));
    assert_eq!(tpu.status.rung, Rung::Exploring);
    let mut on = day("2026-02-27");
    while on <= day("2026-10-02") {
        let word = deal(&ledger.board(on), "meta-google").headline;
        assert_ne!(word, Headline::Reverting, "{on}: decay is no reversal");
        assert_ne!(word, Headline::OnPaper, "{on}: no party has said a word");
        on = on.plus(7);
    }
    assert_eq!(deal(&ledger.board(day("2026-09-30")), "meta-google").headline, Headline::Faded);
}

#[test]
fn a_chip_without_money_in_the_laboratory() {
    let ledger = ledger();
    let on = |text| {
        let board = ledger.board(day(text));
        assert_eq!(deal(&board, "openai-broadcom").headline, Headline::OnPaper, "{text}");
        leg(&board, "openai-broadcom", LegKind::Custom).clone()
    };
    assert_eq!(flags(&on("2026-05-06")), BTreeSet::new());
    let may = on("2026-05-07");
    assert_eq!(flags(&may), BTreeSet::from([Flag::Unfunded]));
    assert!(may.status.contested);
    let snag = catalog();
    let snag = &snag.deal("openai-broadcom").unwrap().claims;
    let snag = snag.iter().find(|claim| claim.id.ends_with("first-phase-unfunded")).unwrap();
    assert!(snag.facts.iter().any(|fact| fact.slot == Slot::UsdFinancing && fact.mid == 18_000));
    assert_eq!(flags(&on("2026-06-03")), BTreeSet::from([Flag::Unfunded]), "reaffirmed is not funded");
    let june = on("2026-06-24");
    assert_eq!(flags(&june), BTreeSet::from([Flag::Lab, Flag::Unfunded]));
    let racks = june.status.dues.iter().find(|due| due.milestone == "first racks").unwrap();
    assert_eq!((racks.due, racks.slip), (day("2026-12-31"), 0));
    on("2026-10-02");
}

#[test]
fn openais_silicon_before_and_after_that_day() {
    let ledger = ledger();
    let eve = ledger.board(day("2026-02-26"));
    let before = rollup(&eve, "openai", Class::Silicon);
    let gigawatts = |side: &gigawatch::ledger::rollup::Side| side.mw.map(|mw| mw.mid / 1_000);
    assert_eq!((gigawatts(&before.headline.custom), gigawatts(&before.headline.gpu)), (Some(10), Some(16)));
    let after = ledger.board(day("2026-02-28"));
    let after = rollup(&after, "openai", Class::Silicon);
    assert_eq!((gigawatts(&after.headline.custom), gigawatts(&after.headline.gpu)), (Some(12), Some(9)));
    assert_eq!((gigawatts(&after.contracted.custom), gigawatts(&after.contracted.gpu)), (Some(2), Some(6)));
    // One source says that only AMD's first gigawatt binds.
    let share = after.contracted.share.unwrap();
    assert_eq!(((share.lo + 5) / 10, (share.hi + 5) / 10), (25, 67));
}

#[test]
fn conditions_and_vendors_money_show() {
    let ledger = ledger();
    let board = ledger.board(day("2026-10-02"));
    for (slug, kind, flag) in [
        ("openai-aws", LegKind::Custom, Flag::Conditional),
        ("openai-aws", LegKind::Custom, Flag::Resold),
        ("anthropic-aws", LegKind::Custom, Flag::Conditional),
        ("anthropic-google", LegKind::Custom, Flag::Conditional),
        ("anthropic-google", LegKind::Custom, Flag::VendorFunded),
        ("openai-amd", LegKind::Gpu, Flag::VendorFunded),
        ("openai-nvidia", LegKind::Gpu, Flag::VendorFunded),
    ] {
        assert!(flags(leg(&board, slug, kind)).contains(&flag), "{slug}: {}", flag.word());
    }
    // Oracle's rebuttal closed what the dropped expansion had opened.
    let texas = |text| flags(leg(&ledger.board(day(text)), "openai-oracle", LegKind::Gpu));
    assert!(texas("2026-03-07").contains(&Flag::Reduced) && !texas("2026-03-10").contains(&Flag::Reduced));
}

#[test]
fn what_the_vendor_says_of_the_lever_is_marked_as_the_vendors() {
    let catalog = catalog();
    let trainium = catalog.programmes.iter().find(|programme| programme.id == "trainium").unwrap();
    let of = |name: &str| trainium.claims.iter().find(|claim| claim.id.ends_with(name)).unwrap();
    assert_eq!(of("inf1-70-percent").origin, "party:aws");
    assert!(of("inf1-70-percent").words.contains("Inf1"));
    assert!(of("inf2-70-percent-repeated").origin.starts_with("unknown:"), "repeated, not stated");
    for name in ["startups-low-usage", "a-million-nvidia-gpus", "qualcomm"] {
        assert_eq!(of(name).sign, Sign::Against, "{name}");
    }
    assert_eq!(of("openai-dissatisfied-with-gpus").modality, Modality::Hedged);
}
