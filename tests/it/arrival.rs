//! What is stored and printed does not depend on how items came: in which order, in which portions, how
//! often, with how many copies, and what their publishers made of them later.

use std::sync::Arc;

use gigawatch::collector::{Collector, Parts};
use gigawatch::config::Config;
use gigawatch::domain::item::{Item, ItemKey};
use gigawatch::domain::outlet::Tier;
use gigawatch::domain::text::DisplayText;
use gigawatch::domain::time::{Day, Timestamp};
use gigawatch::ledger::Ledger;
use gigawatch::ledger::page_report::PageReport;
use gigawatch::ledger::report::BoardReport;
use gigawatch::runtime::clock::Clock;
use gigawatch::store::{Mode, Store};
use gigawatch::tagger::Tagger;

const ARCHIVE: &str = include_str!("../../config/demo/archive.jsonl");
const DAYS: [&str; 5] = ["2025-12-20", "2026-02-20", "2026-02-28", "2026-06-30", "2026-09-30"];

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// The demo's items, each under a key of its own that has nothing to do with its place.
fn archive(config: &Config) -> Vec<Item> {
    let items = ARCHIVE.lines().enumerate().map(|(n, line)| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| row[name].as_str().unwrap_or_default();
        let published = text("published").parse::<Timestamp>().unwrap();
        let host = text("url").split('/').nth(2).unwrap().trim_start_matches("www.");
        Item {
            key: key(n as u64),
            feed: "import".to_owned(),
            guid: text("id").to_owned(),
            url: Some(text("url").to_owned()),
            title: DisplayText::line(text("title"), 500),
            summary: DisplayText::block(text("summary"), 5000),
            text: row["text"].as_str().map(|text| DisplayText::block(text, 50_000)),
            outlet: DisplayText::line(text("outlet"), 100),
            tier: config.outlets.by_host(host).map_or(Tier::E, |outlet| outlet.tier),
            published: Some(published),
            first_seen: published,
        }
    });
    items.collect()
}

fn key(n: u64) -> ItemKey {
    let mixed = (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ItemKey(format!("{mixed:016x}{n:016x}"))
}

/// A store with its collector.
struct Place {
    config: Arc<Config>,
    tagger: Arc<Tagger>,
    _dir: tempfile::TempDir,
    store: Store,
}

impl Place {
    fn new(config: &Arc<Config>, tagger: &Arc<Tagger>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), Mode::Use, Timestamp(0)).unwrap();
        Self { config: Arc::clone(config), tagger: Arc::clone(tagger), _dir: dir, store }
    }

    fn take(&self, portions: impl IntoIterator<Item = Vec<Item>>, now: Timestamp) {
        let collector = Collector::new(Parts {
            poll: self.config.settings.poll.clone(),
            feeds: Vec::new(),
            outlets: self.config.outlets.clone(),
            tagger: Arc::clone(&self.tagger),
            store: self.store.clone(),
            clock: Clock::Fixed(now),
        });
        for portion in portions {
            collector.take_in(portion).unwrap().wait().unwrap();
        }
    }

    fn ledger(&self) -> Ledger {
        Ledger::new(&self.config.catalog, self.store.claims().wait().unwrap())
    }
}

fn board(ledger: &Ledger, on: &str) -> String {
    serde_json::to_string(&BoardReport::from(&ledger.board(day(on)))).unwrap()
}

/// The board and every page, as they are printed.
fn printed(ledger: &Ledger, on: &str) -> String {
    let pages: Vec<String> = ledger
        .deals()
        .map(|deal| {
            let page = ledger.page(deal.slug.as_str(), day(on)).unwrap();
            serde_json::to_string(&PageReport::new(&page, day(on))).unwrap()
        })
        .collect();
    board(ledger, on) + &pages.concat()
}

fn shuffle<T>(list: &mut [T], mut seed: u64) {
    for at in (1..list.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        list.swap(at, (seed >> 33) as usize % (at + 1));
    }
}

fn parts() -> (Arc<Config>, Arc<Tagger>, Vec<Item>) {
    let config = Config::load(None).unwrap();
    let tagger = Tagger::new(&config.lexicon, &config.catalog, &config.outlets);
    let items = archive(&config);
    (Arc::new(config), Arc::new(tagger), items)
}

#[test]
fn order_portions_and_doubles_change_no_byte() {
    let (config, tagger, items) = parts();
    let now = day("2026-10-02").end();
    let first = Place::new(&config, &tagger);
    first.take([items.clone()], now);
    let expected: Vec<String> = DAYS.iter().map(|on| printed(&first.ledger(), on)).collect();
    for (seed, portion) in [(1, 1000), (2, 23), (3, 1), (4, 60)] {
        let mut mixed = items.clone();
        shuffle(&mut mixed, seed);
        let place = Place::new(&config, &tagger);
        place.take(mixed.chunks(portion).map(<[Item]>::to_vec), now);
        if seed == 4 {
            place.take([mixed], now);
        }
        let ledger = place.ledger();
        for (on, expected) in DAYS.iter().zip(&expected) {
            assert!(printed(&ledger, on) == *expected, "seed {seed}, portions of {portion}, {on}");
        }
    }
}

#[test]
fn ten_copies_of_every_item_change_no_byte_of_the_board() {
    let (config, tagger, mut items) = parts();
    // Of two aggregators that say the same in the same second nothing tells which copies.
    items.retain(|item| item.tier < Tier::E);
    let copies: Vec<Item> = (1..10)
        .flat_map(|n| items.iter().enumerate().map(move |(at, item)| (n, at as u64, item)))
        .map(|(n, at, item)| Item {
            key: key(1000 * n + at),
            guid: format!("copy-{n}-{at}"),
            url: Some(format!("https://copy{n}.example/{at}")),
            outlet: DisplayText::line(&format!("Copy {n}"), 100),
            tier: Tier::E,
            ..item.clone()
        })
        .collect();
    let now = day("2026-10-02").end();
    let (alone, copied) = (Place::new(&config, &tagger), Place::new(&config, &tagger));
    alone.take([items.clone()], now);
    let mut all = [items, copies].concat();
    shuffle(&mut all, 7);
    copied.take([all], now);
    let (alone, copied) = (alone.ledger(), copied.ledger());
    for on in DAYS {
        assert_eq!(board(&copied, on), board(&alone, on), "{on}");
    }
}

#[test]
fn what_a_publisher_edits_later_leaves_the_days_before_as_they_were() {
    let (config, tagger, items) = parts();
    let seen = |item: &Item, on: &str| Item { first_seen: day(on).end(), ..item.clone() };
    let told: Vec<Item> = items.iter().map(|item| seen(item, "2026-05-01")).collect();
    let old = Place::new(&config, &tagger);
    old.take([told.clone()], day("2026-05-01").end());
    let before = [printed(&old.ledger(), "2026-05-01"), printed(&old.ledger(), "2026-05-19")];
    // Every third item is something else from the 20th on.
    let edited = told.iter().step_by(3).map(|item| Item {
        title: DisplayText::line("A correction", 100),
        summary: DisplayText::line("An earlier version of this page was wrong.", 100),
        text: None,
        ..seen(item, "2026-05-20")
    });
    let edited: Vec<Item> = edited.collect();
    old.take([edited], day("2026-05-20").end());
    let ledger = old.ledger();
    assert!(printed(&ledger, "2026-05-01") == before[0]);
    assert!(printed(&ledger, "2026-05-19") == before[1]);
    let standing = |on: &str| {
        let pages = ledger.deals().filter_map(|deal| ledger.page(deal.slug.as_str(), day(on)));
        pages.flat_map(|page| page.claims).filter(|view| view.live).count()
    };
    assert!(standing("2026-05-20") < standing("2026-05-19"), "what was taken back is gone from its day on");
}
