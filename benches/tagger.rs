//! How many items the tagger reads in a second on one core, title and summary.
//!
//! `cargo bench --bench tagger` reads the project's own labelled items; another file of items can be named:
//! `cargo bench --bench tagger -- items.jsonl`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use gigawatch::config::Config;
use gigawatch::domain::item::{Item, ItemKey};
use gigawatch::domain::lexicon::Lexicon;
use gigawatch::domain::outlet::{Outlets, Tier};
use gigawatch::domain::text::DisplayText;
use gigawatch::domain::time::Timestamp;
use gigawatch::tagger::Tagger;

/// One pass over the items is far below the clock's noise: repeat for this long.
const LONG_ENOUGH: Duration = Duration::from_secs(3);

fn items(path: &str) -> Vec<Item> {
    let text = std::fs::read_to_string(path).expect("the file of items can be read");
    text.lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .map(|row| {
            let field = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            let seen = field("published").parse().unwrap_or(Timestamp(1_780_000_000));
            Item {
                key: ItemKey(field("id")),
                feed: "bench".into(),
                guid: String::new(),
                url: Some(field("url")),
                title: DisplayText::line(&field("title"), 1000),
                summary: DisplayText::block(&field("summary"), 10_000),
                text: None,
                outlet: DisplayText::line(&field("outlet"), 200),
                tier: Tier::E,
                published: Some(seen),
                first_seen: seen,
            }
        })
        .collect()
}

#[expect(clippy::print_stdout, reason = "a bench reports to whoever runs it")]
fn main() {
    let named = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    let items = items(named.as_deref().unwrap_or("tests/fixtures/gold.jsonl"));
    let catalog = Config::load(None).expect("the built-in configuration is sound").catalog;
    let lexicon: Lexicon =
        toml::from_str(include_str!("../config/lexicon.toml")).expect("the lexicon is sound");
    let start = Instant::now();
    let tagger = Tagger::new(&lexicon, &catalog, &Outlets::default());
    let built = start.elapsed();
    let bytes: usize = items.iter().map(|item| item.title.len() + item.summary.len()).sum();
    let mut best = f64::INFINITY;
    let start = Instant::now();
    let mut passes = 0;
    while start.elapsed() < LONG_ENOUGH {
        let pass = Instant::now();
        for item in &items {
            black_box(tagger.tag(black_box(item)));
        }
        best = best.min(pass.elapsed().as_secs_f64());
        passes += 1;
    }
    let rate = items.len() as f64 / best;
    println!(
        "built in {built:.1?}; {} items of {} bytes, {passes} passes",
        items.len(),
        bytes / items.len().max(1)
    );
    println!("best pass: {rate:.0} items/s, {:.1} MB/s", bytes as f64 / best / 1e6);
}
