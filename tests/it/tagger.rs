//! The tagger with the built-in lexicon and catalog: figures on the labelled items, hard cases one by one,
//! and what must hold for any text.

use std::sync::LazyLock;

use gigawatch::config::Config;
use gigawatch::domain::claim::{Claim, ClaimKind, Modality, Op, Rung, Sign, Slot, Subject, Workload};
use gigawatch::domain::deal::LegKind;
use gigawatch::domain::item::{Item, ItemKey};
use gigawatch::domain::outlet::Tier;
use gigawatch::tagger::score::{Labels, Scores};
use gigawatch::tagger::{Direction, Event, Kind, Silicon, Tagged, Tagger};
use proptest::prelude::*;

use crate::support;

static TAGGER: LazyLock<Tagger> = LazyLock::new(|| {
    let config = Config::load(None).unwrap();
    Tagger::new(&config.lexicon, &config.catalog, &config.outlets)
});

fn item(outlet: &str, tier: Tier, published: &str, title: &str, summary: &str) -> Item {
    support::item(outlet, tier, published.parse().unwrap(), title, summary)
}

fn read(title: &str, summary: &str) -> Tagged {
    TAGGER.tag(&item("Trade Paper", Tier::D, "2026-03-02", title, summary))
}

fn deals(tagged: &Tagged) -> Vec<&str> {
    let mut deals: Vec<&str> = tagged.deals.iter().map(|deal| deal.slug.as_str()).collect();
    deals.sort_unstable();
    deals
}

fn labelled() -> Vec<(Item, Labels)> {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/gold.jsonl")).unwrap();
    let rows = text.lines().map(|line| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        let tier: Tier = serde_json::from_value(row["tier"].clone()).unwrap();
        let published = row["published"].as_str().unwrap_or("2026-10-02");
        let item = Item {
            key: ItemKey(text("id").into()),
            ..item(text("outlet"), tier, published, text("title"), text("summary"))
        };
        (item, serde_json::from_value(row["gold"].clone()).unwrap())
    });
    rows.collect()
}

#[test]
fn labelled_items_are_read_as_well_as_they_were() {
    let items = labelled();
    assert!(items.len() >= 250, "{} items", items.len());
    let mut scores = Scores::default();
    for (item, labels) in &items {
        scores.add(&item.key.0, &item.title, labels, &TAGGER.tag(item));
    }
    let floors = [
        ("relevance_f1", 0.97),
        ("deal_p", 0.96),
        ("deal_f1", 0.94),
        ("amount_p", 0.97),
        ("amount_r", 0.91),
        ("family_acc", 0.79),
        ("family_f1", 0.76),
        ("silicon", 0.90),
        ("direction", 0.84),
        ("stage", 0.90),
    ];
    let figures = scores.figures();
    let figure = |name: &str| figures.iter().find(|(known, _)| *known == name).unwrap().1;
    let short: Vec<String> = floors
        .iter()
        .filter(|(name, floor)| figure(name) < *floor)
        .map(|(name, floor)| format!("{name} {:.3} < {floor}", figure(name)))
        .collect();
    assert!(short.is_empty(), "{short:?}");
    assert!(figure("wrong_sign") <= 0.06, "wrong signs: {:.3}", figure("wrong_sign"));
}

#[test]
fn a_binding_rung_takes_a_partys_own_asserted_words() {
    let mut binding = 0;
    for (item, _) in labelled() {
        for claim in TAGGER.tag(&item).claims {
            if claim.rung >= Rung::Contracted
                && claim.sign == Sign::For
                && claim.modality != Modality::Scheduled
            {
                assert!(claim.origin.starts_with("party:"), "{claim:#?}");
                assert_eq!(claim.modality, Modality::Asserted, "{claim:#?}");
                binding += 1;
            }
        }
    }
    assert!(binding > 0, "the fixture has parties that sign");
}

#[test]
fn the_built_in_lexicon_claims_no_name_twice() {
    assert_eq!(Config::load(None).unwrap().lexicon.clashes(), []);
}

#[test]
fn chips_that_fill_a_hosting_deal_are_no_deal_of_their_own() {
    let tagged =
        read("OpenAI rents $5 billion of AWS capacity", "The cluster is built from Nvidia GB300 systems.");
    assert_eq!(deals(&tagged), ["openai-aws"]);
    assert_eq!((tagged.silicon, tagged.direction), (Silicon::Gpu, Direction::TowardGpu));
}

#[test]
fn a_yardstick_is_no_party() {
    let tagged = read(
        "OpenAI and Broadcom unveil an accelerator",
        "Its makers say that it rivals Blackwell and TPUs.",
    );
    assert_eq!(deals(&tagged), ["openai-broadcom"]);
}

#[test]
fn names_in_one_list_do_not_deal_with_each_other() {
    let tagged =
        read("AMD ships first racks", "OpenAI, Meta and Oracle are signed up as customers for MI450.");
    assert!(!deals(&tagged).contains(&"openai-oracle"), "{:?}", deals(&tagged));
    assert!(deals(&tagged).contains(&"openai-amd"), "{:?}", deals(&tagged));
}

#[test]
fn models_on_a_shelf_are_no_compute() {
    for (title, summary) in [
        ("Using OpenAI models on Amazon Bedrock", "A developer guide to the API and its parameters."),
        (
            "Claude comes to Microsoft 365 Copilot",
            "The models become available in Foundry, with release notes.",
        ),
    ] {
        assert_eq!(read(title, summary).deals, [], "{title}");
    }
}

#[test]
fn look_alikes_stay_out() {
    for title in [
        "Broadcom sued over VMware licences",
        "Best gaming laptops with an RTX 5080, Titan of the desk",
        "Jalapeño poppers for game night",
        "Oracle at Delphi: a new translation",
    ] {
        let tagged = read(title, "");
        assert!(tagged.deals.is_empty() && tagged.event == Event::None, "{title}: {:?}", tagged.event);
    }
}

#[test]
fn what_could_be_bought_is_talk() {
    let tagged =
        read("Meta could buy Google's TPUs from 2027", "People familiar with the talks spoke of billions.");
    assert_eq!(tagged.event, Event::Exploration);
    assert_eq!(tagged.stage, Rung::Exploring);
    assert!(
        tagged
            .claims
            .iter()
            .all(|claim| claim.rung <= Rung::Exploring || claim.modality == Modality::Scheduled)
    );
}

#[test]
fn what_was_not_signed_is_a_setback() {
    let tagged =
        read("Nvidia has not finalised its agreement with OpenAI", "The 10 GW plan is a letter of intent.");
    assert_eq!(tagged.event, Event::Setback);
    assert!(tagged.claims.iter().any(|claim| claim.sign == Sign::Against));
}

#[test]
fn by_a_sum_adds_and_to_a_sum_sets() {
    let money = |title: &str| -> bool {
        let tagged = read(title, "");
        tagged.quantities.iter().find(|figure| figure.kind == Kind::Usd).unwrap().add
    };
    assert!(money("OpenAI expands its AWS deal by $100 billion"));
    assert!(!money("OpenAI expands its AWS deal to $100 billion"));
}

#[test]
fn a_partys_own_commitment_is_a_contract_with_its_figures() {
    let tagged = TAGGER.tag(&item(
        "Amazon",
        Tier::A,
        "2026-02-27",
        "OpenAI commits to consume 2 gigawatts of Trainium capacity",
        "The existing agreement grows by $100 billion over eight years.",
    ));
    let leg = Subject::Leg { deal: tagged.deals[0].slug.clone(), leg: LegKind::Custom };
    let signed: &Claim =
        tagged.claims.iter().find(|claim| claim.subject == leg && claim.rung == Rung::Contracted).unwrap();
    assert_eq!((signed.tier, signed.origin.as_str()), (Tier::A, "party:aws"));
    assert!(signed.facts.iter().any(|fact| fact.slot == Slot::MwContracted && fact.mid == 2000));
    let added = tagged
        .claims
        .iter()
        .flat_map(|claim| &claim.facts)
        .find(|fact| fact.slot == Slot::UsdIncrement)
        .unwrap();
    assert_eq!((added.mid, added.op, added.years), (100_000, Op::Add, Some(8)));
}

#[test]
fn a_blog_that_quotes_a_party_vouches_two_tiers_better_than_itself() {
    let tagged =
        TAGGER.tag(&item("A Blog", Tier::E, "2026-02-27", "OpenAI signed for 1 GW of TPUs, Google said", ""));
    assert!(!tagged.claims.is_empty());
    assert!(tagged.claims.iter().all(|claim| claim.tier >= Tier::C), "{:?}", tagged.claims);
}

#[test]
fn a_shared_figure_goes_to_the_deal_whose_seller_stands_nearest() {
    let tagged = read("OpenAI signed for 10 GW from Broadcom and 6 GW from AMD", "");
    let power = |slug: &str| {
        let claims = tagged
            .claims
            .iter()
            .filter(|claim| claim.subject.deal().is_some_and(|deal| deal.as_str() == slug));
        claims.flat_map(|claim| &claim.facts).find(|fact| fact.slot == Slot::MwHeadline).map(|fact| fact.mid)
    };
    assert_eq!((power("openai-broadcom"), power("openai-amd")), (Some(10_000), Some(6_000)));
}

#[test]
fn samples_in_the_laboratory_are_no_deployment() {
    let tagged = TAGGER.tag(&item(
        "Broadcom",
        Tier::A,
        "2026-06-24",
        "OpenAI and Broadcom unveil Jalapeño",
        "Engineering samples run in the lab at target clock.",
    ));
    let lab: Vec<&Claim> = tagged.claims.iter().filter(|claim| claim.workload == Workload::Lab).collect();
    assert!(!lab.is_empty());
    assert!(
        tagged.claims.iter().all(|claim| claim.rung <= Rung::Announced || claim.kind == ClaimKind::Schedule)
    );
}

#[test]
fn a_vague_date_makes_a_due_date_at_its_end() {
    let tagged = read(
        "OpenAI and AMD plan a first gigawatt",
        "AMD will supply OpenAI with 1 GW in the second half of 2026.",
    );
    let due =
        tagged.claims.iter().find(|claim| claim.kind == ClaimKind::Schedule).and_then(|claim| claim.due);
    assert_eq!(due.map(|day| day.to_string()).as_deref(), Some("2026-12-31"));
}

#[test]
fn a_megabyte_of_figures_and_names_is_read_to_its_end() {
    let line =
        "OpenAI, AWS and Oracle signed for 10 GW, $38 billion and 400,000 TPUs, reportedly, by end-2029; ";
    let summary = line.repeat((1 << 20) / line.len());
    let item = item("Trade Paper", Tier::D, "2026-03-02", "OpenAI signs with AWS", &summary);
    let end = item.title.len() + 1 + item.summary.len();
    let tagged = TAGGER.tag(&item);
    let last = tagged.quantities.last().unwrap().span.1 as usize;
    assert!(end - last < 2 * line.len(), "read to {last} of {end}");
    assert!(tagged.claims.len() <= 32);
}

#[test]
fn a_text_without_a_full_stop_is_read_to_its_end() {
    let line = "OpenAI and AWS and Meta and Google and Nvidia and AMD signed not reportedly for 10 GW alongside rival TPUs ";
    let summary = line.repeat((1 << 17) / line.len());
    let item = item("OpenAI", Tier::A, "2026-03-02", "OpenAI signs with AWS", &summary);
    let end = item.title.len() + 1 + item.summary.len();
    let last = TAGGER.tag(&item).quantities.last().unwrap().span.1 as usize;
    assert!(end - last < 2 * line.len(), "read to {last} of {end}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_the_same_way_twice(title in any::<String>(), summary in any::<String>()) {
        let item = item("Any", Tier::A, "2026-03-02", &title, &summary);
        prop_assert_eq!(TAGGER.tag(&item), TAGGER.tag(&item));
    }

    #[test]
    fn every_span_lies_in_the_words_it_was_read_from(
        words in proptest::collection::vec(
            prop_oneof![
                Just("OpenAI"), Just("AWS"), Just("Nvidia’s"), Just("Jalapeño"), Just("Google"), Just("TPUs"), Just("signed"),
                Just("$38 billion"), Just("10 GW"), Just("—"), Just("may"), Just("not"), Just("said."), Just("ＡＭＤ"), Just("é;"),
                Just("by end-2029"), Just("one million"), Just("talks"), Just("“deal”"), Just("İ"), Just("per gigawatt"),
            ],
            0..40,
        )
    ) {
        let text = words.join(" ");
        let tagged = TAGGER.tag(&item("OpenAI", Tier::A, "2026-03-02", &text, &text));
        for claim in &tagged.claims {
            for &(start, end) in &claim.spans {
                prop_assert!(claim.words.get(start as usize..end as usize).is_some(), "{:?}", claim);
            }
            for fact in &claim.facts {
                prop_assert!(fact.lo <= fact.mid && fact.mid <= fact.hi, "{:?}", fact);
            }
        }
        let raw = format!("{text}\n{text}\n");
        for figure in &tagged.quantities {
            prop_assert!(raw.get(figure.span.0 as usize..figure.span.1 as usize).is_some(), "{:?}", figure);
        }
    }
}
