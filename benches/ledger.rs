//! How long the board of a past day takes over a large ledger: `cargo bench --bench ledger`.
//!
//! Claims are spread over the catalog's legs and over two years; `-- 200000` changes how many.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use gigawatch::config::Config;
use gigawatch::domain::claim::{
    Claim, ClaimKind, Fact, Modality, Op, Rung, Sign, Slot, Source, Subject, Workload,
};
use gigawatch::domain::deal::Catalog;
use gigawatch::domain::outlet::Tier;
use gigawatch::domain::text::DisplayText;
use gigawatch::domain::time::Day;
use gigawatch::ledger::Ledger;

const ROUNDS: u32 = 5;

/// A small generator, so that every run weighs the same claims.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())]
    }
}

fn claims(catalog: &Catalog, count: usize) -> Vec<Claim> {
    let legs: Vec<_> = catalog
        .deals
        .iter()
        .flat_map(|deal| deal.legs.iter().map(|leg| Subject::Leg { deal: deal.slug.clone(), leg: leg.kind }))
        .collect();
    let start = Day::from_ymd(2024, 12, 1).expect("a date");
    let mut dice = Dice(7);
    let one = |number: usize, dice: &mut Dice| {
        let published = start.plus(dice.roll(730) as i32);
        let mw = 100 * (1 + dice.roll(50) as i64);
        let facts = if dice.roll(4) == 0 {
            vec![Fact {
                slot: Slot::MwContracted,
                lo: mw,
                mid: mw,
                hi: mw + 50,
                op: Op::Set,
                years: None,
                derived: None,
            }]
        } else {
            Vec::new()
        };
        Claim {
            id: format!("claim-{number:06}"),
            subject: legs[dice.roll(legs.len())].clone(),
            kind: dice.pick(&[
                ClaimKind::ContractSigned,
                ClaimKind::Talks,
                ClaimKind::Production,
                ClaimKind::Price,
            ]),
            rung: dice.pick(&Rung::ALL),
            sign: if dice.roll(5) == 0 { Sign::Against } else { Sign::For },
            modality: dice.pick(&[
                Modality::Asserted,
                Modality::Hedged,
                Modality::Hedged,
                Modality::Speculative,
            ]),
            tier: dice.pick(&[Tier::A, Tier::B, Tier::C, Tier::C, Tier::D, Tier::D, Tier::E, Tier::E]),
            origin: format!("newsroom:outlet-{}:{}", dice.roll(60), dice.roll(400)),
            published,
            known: published,
            withdrawn: None,
            story: String::new(),
            carrier: None,
            recap: dice.roll(3) == 0,
            workload: Workload::Own,
            milestone: None,
            due: None,
            facts,
            source: Source::default(),
            words: DisplayText::line("A sentence of the usual length about a commitment to capacity", 200),
            spans: Vec::new(),
            rule: "bench".to_owned(),
        }
    };
    (0..count).map(|number| one(number, &mut dice)).collect()
}

fn main() {
    let count = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(50_000);
    let catalog = Config::load(None).expect("the built-in configuration is sound").catalog;
    let claims = claims(&catalog, count);
    let day = Day::from_ymd(2026, 2, 27).expect("a date");
    let (mut weighed, mut first, mut further) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let claims = claims.clone();
        let start = Instant::now();
        let ledger = Ledger::new(&catalog, claims);
        weighed = weighed.min(start.elapsed());
        black_box(ledger.board(day));
        first = first.min(start.elapsed());
        let start = Instant::now();
        black_box(ledger.board(day.plus(-100)));
        further = further.min(start.elapsed());
    }
    println!(
        "{count} claims: weighed in {weighed:.1?}, first board after {first:.1?}, another day in {further:.1?}"
    );
}
