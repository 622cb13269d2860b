//! What is read from a party's own document: filings with their exhibits, and a newsroom's pages.

use std::sync::LazyLock;

use gigawatch::config::Config;
use gigawatch::domain::claim::{Claim, Rung, Sign, Subject};
use gigawatch::domain::deal::LegKind;
use gigawatch::domain::item::Item;
use gigawatch::domain::outlet::Tier;
use gigawatch::domain::text::DisplayText;
use gigawatch::domain::time::Day;
use gigawatch::ledger::Ledger;
use gigawatch::tagger::{Event, Tagger};

use crate::support;

static CONFIG: LazyLock<Config> = LazyLock::new(|| Config::load(None).unwrap());
static TAGGER: LazyLock<Tagger> =
    LazyLock::new(|| Tagger::new(&CONFIG.lexicon, &CONFIG.catalog, &CONFIG.outlets));

fn document(outlet: &str, tier: Tier, title: &str, text: &str) -> Item {
    let published = "2026-12-15T14:00:00Z".parse().unwrap();
    let item = support::item(outlet, tier, published, title, "Item 7.01, Regulation FD disclosure.");
    Item { text: Some(DisplayText::block(text, 1 << 21)), ..item }
}

fn filing(text: &str) -> Vec<Claim> {
    TAGGER.tag(&document("SEC", Tier::A, "AMAZON COM INC 8-K", text)).claims
}

/// The highest rung that claims give a leg.
fn highest(claims: &[Claim], deal: &str, leg: LegKind) -> Rung {
    let about = |claim: &&Claim| {
        matches!(&claim.subject, Subject::Leg { deal: slug, leg: kind } if slug.as_str() == deal && *kind == leg)
            && claim.sign == Sign::For
            && !claim.recap
            && claim.due.is_none()
    };
    claims.iter().filter(about).map(|claim| claim.rung).max().unwrap_or_default()
}

fn gpu(text: &str) -> Rung {
    highest(&filing(text), "openai-aws", LegKind::Gpu)
}

#[test]
fn an_exhibit_that_says_all_capacity_is_live_reaches_the_rung_of_its_milestone() {
    for text in [
        "All of the capacity that OpenAI contracted in November 2025 is installed and serving.",
        "On December 15, 2026, Amazon.com, Inc. announced that all of OpenAI's capacity at AWS is now live.",
        "AWS completed the delivery of all capacity under its agreement with OpenAI this month.",
        "The full $38 billion of OpenAI capacity is online.",
        "All capacity targeted for deployment by the end of 2026 under the OpenAI agreement has been delivered.",
        "All of the Nvidia GB300 capacity that OpenAI contracted is in use, while Trainium capacity ramps in 2027.",
        "The capacity OpenAI contracted in November 2025 is fully deployed and serving.",
        "The last tranche of the capacity contracted by OpenAI in November 2025 came online this month.",
        "Every UltraServer in the OpenAI clusters is up and running.",
        "In November 2025, OpenAI and AWS signed a $38 billion agreement. All of that capacity is now live.",
    ] {
        let claims = filing(text);
        assert_eq!(highest(&claims, "openai-aws", LegKind::Gpu), Rung::Serving, "{text}");
        assert!(highest(&claims, "openai-aws", LegKind::Custom) <= Rung::Contracted, "{text}");
        assert!(
            claims.iter().all(|claim| claim.tier == Tier::A && claim.origin == "party:aws"),
            "{claims:#?}"
        );
    }
}

#[test]
fn the_clock_closes_and_the_custom_leg_stays_where_it_is() {
    let claims = filing("All of OpenAI's capacity at AWS is installed and serving, ahead of schedule.");
    let words = claims[0].words.to_string();
    let board = |claims: Vec<Claim>, day: &str| {
        let board = Ledger::new(&CONFIG.catalog, claims).board(day.parse::<Day>().unwrap());
        let deal = board.deals.iter().find(|deal| deal.deal.slug.as_str() == "openai-aws").unwrap().clone();
        let leg = |kind| deal.legs.iter().find(|leg| leg.kind == kind).unwrap().status.clone();
        (leg(LegKind::Gpu), leg(LegKind::Custom))
    };
    let (before, custom) = board(Vec::new(), "2026-12-16");
    assert!(before.dues.iter().any(|due| due.milestone == "all capacity"));
    let (after, unproven) = board(claims, "2026-12-16");
    assert_eq!((after.rung, after.dues.len()), (Rung::Serving, 0));
    assert_eq!(unproven.rung, custom.rung);
    assert_eq!(words, "All of OpenAI's capacity at AWS is installed and serving, ahead of schedule");
}

#[test]
fn what_will_be_live_or_may_not_be_closes_nothing() {
    for text in [
        "All of OpenAI's capacity at AWS will be live by the end of 2026.",
        "All of OpenAI's capacity is expected to be deployed before the end of 2026.",
        "All of OpenAI's capacity is not yet live.",
        "Nearly all of OpenAI's capacity is live.",
        "If all of OpenAI's capacity is not live by then, OpenAI may terminate the agreement.",
        "We may be unable to deliver all of the capacity that OpenAI has contracted.",
        "There can be no assurance that all of OpenAI's capacity is live.",
        "Reports that all of OpenAI's capacity is live are incorrect.",
        "OpenAI contracted all of the capacity in November 2025.",
        "All OpenAI models are available on Amazon Bedrock.",
    ] {
        assert!(gpu(text) <= Rung::Deployed, "{text}");
    }
}

#[test]
fn another_customers_capacity_is_another_deals() {
    for text in [
        "All of the capacity contracted by Anthropic is now live.",
        "Anthropic's entire capacity is live and OpenAI's will follow in 2027.",
        "OpenAI signed in November 2025. All of the capacity contracted by Acme Robotics is live.",
        "All of the capacity that CoreWeave provides to OpenAI is live.",
        "OpenAI has agreements with Microsoft, Oracle, CoreWeave and AWS, and all of their capacity is live.",
    ] {
        assert!(gpu(text) <= Rung::Contracted, "{text}");
    }
}

#[test]
fn capacity_that_was_agreed_with_the_custom_chips_is_theirs() {
    for text in [
        "All of the Trainium capacity that OpenAI committed to is now live.",
        "All of the capacity that OpenAI contracted in February 2026 is now live.",
    ] {
        let claims = filing(text);
        assert_eq!(highest(&claims, "openai-aws", LegKind::Gpu), Rung::None, "{text}");
        assert_eq!(highest(&claims, "openai-aws", LegKind::Custom), Rung::Deployed, "no workload is named");
    }
}

#[test]
fn use_of_custom_chips_is_told_in_the_present_and_of_production() {
    let custom = |text: &str| highest(&filing(text), "openai-aws", LegKind::Custom);
    assert_eq!(custom("OpenAI serves production inference on Trainium3 today."), Rung::Serving);
    for text in [
        "OpenAI will serve production inference on Trainium3 in 2027.",
        "OpenAI does not yet serve production traffic on Trainium.",
        "OpenAI uses Trainium2.",
        "If OpenAI serves inference on Trainium, margins improve.",
    ] {
        assert!(custom(text) <= Rung::Announced, "{text}");
    }
}

#[test]
fn the_filer_speaks_however_the_register_writes_it() {
    let text = "All of the capacity that OpenAI contracted in November 2025 is installed and serving.";
    for (outlet, title) in [
        ("SEC", "8-K - AMAZON COM INC (0001018724) (Filer)"),
        ("sec.gov", "AMAZON COM INC 8-K"),
        ("SEC EDGAR", "AMAZON COM INC: 8-K - Current report"),
        ("SEC EDGAR", "AMAZON COM INC: 8-K, EX-99.1 (PRESS RELEASE)"),
        ("Amazon 8-K", "Item 7.01"),
        ("Amazon", "An update on capacity"),
    ] {
        let tagged = TAGGER.tag(&document(outlet, Tier::A, title, text));
        assert_eq!(highest(&tagged.claims, "openai-aws", LegKind::Gpu), Rung::Serving, "{outlet}: {title}");
        assert!(tagged.claims.iter().all(|claim| claim.origin == "party:aws"), "{outlet}: {title}");
        assert_ne!(tagged.event, Event::None);
    }
}

#[test]
fn a_filing_about_a_party_by_somebody_else_is_not_its_own_words() {
    let text = "All of OpenAI's capacity at AWS is now live.";
    for (tier, title) in [
        (Tier::A, "8-K: Amazon agreement"),
        (Tier::A, "EXAMPLE POWER CORP 8-K: agreement with Amazon"),
        (Tier::C, "AMAZON COM INC 8-K"),
        (Tier::E, "AMAZON COM INC 8-K"),
    ] {
        let tagged = TAGGER.tag(&document("SEC", tier, title, text));
        assert_eq!(highest(&tagged.claims, "openai-aws", LegKind::Gpu), Rung::None, "{title}");
    }
}

#[test]
fn a_filing_of_a_party_is_worth_opening_whatever_its_headline_says() {
    let worth = |outlet, title| TAGGER.is_party_filing(&document(outlet, Tier::A, title, ""));
    assert!(worth("SEC", "AMAZON COM INC: 8-K - Current report"));
    assert!(!worth("SEC", "EXAMPLE CLOUD INC: 8-K - Current report"));
    assert!(!worth("Amazon", "A new warehouse opens"));
}

#[test]
fn what_a_filing_says_of_money_risk_and_form_is_no_step() {
    for text in [
        "We have committed to invest up to $50 billion in OpenAI.",
        "OpenAI and other customers may not perform what they have contracted, which could adversely affect us.",
        "There is no assurance that OpenAI will use the capacity that it has contracted.",
        "Our agreements with OpenAI, Anthropic, Meta, Oracle and CoreWeave are described in Note 7.",
        "This report contains forward-looking statements, among them that all of OpenAI's capacity is live.",
    ] {
        let claims = filing(text);
        for (deal, leg) in [("openai-aws", LegKind::Gpu), ("openai-aws", LegKind::Custom)] {
            assert!(highest(&claims, deal, leg) <= Rung::Announced, "{text}: {claims:#?}");
        }
    }
}
