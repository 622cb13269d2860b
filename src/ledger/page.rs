//! One deal in full: its claims, milestones, the ledger behind its rungs, and what would change them.

use std::collections::HashMap;

use super::Ledger;
use super::board::{DealStatus, LegView, visible};
use super::book::{DealBook, LegBook, Says, what_it_says};
use super::code::Code;
use super::model::evidence::{Effect, Evidence};
use super::model::explain::Account;
use super::model::spans::Spans;
use super::model::status::{Leg as Scales, SameDay};
use super::model::tables::STALE_AFTER;
use super::pressure::{PressureLine, lines};
use crate::domain::claim::{Claim, Modality, Rung, Sign, Workload};
use crate::domain::deal::LegKind;
use crate::domain::outlet::Tier;
use crate::domain::time::Day;

/// A deal with everything behind its status.
#[derive(Clone, Debug)]
pub struct DealPage {
    /// The status.
    pub status: DealStatus,
    /// Claims known on the day, newest first.
    pub claims: Vec<ClaimView>,
    /// The arithmetic of each leg.
    pub legs: Vec<LegAccount>,
}

/// A claim as it stands on a day.
#[derive(Clone, Debug)]
pub struct ClaimView {
    /// The claim.
    pub claim: std::sync::Arc<Claim>,
    /// The leg that it is about.
    pub leg: LegKind,
    /// Read from a feed.
    pub live: bool,
    /// It weighs; a retelling does not.
    pub novel: bool,
    /// Tier and kind of word.
    pub code: Code,
    /// How many other known claims say the same by the word of the same informant, or copy it: coverage.
    pub copies: usize,
}

/// Whether two claims say the same, word of the same informant: the second is coverage.
pub fn says_the_same(a: &Claim, b: &Claim) -> bool {
    what_it_says(a, &a.origin) == what_it_says(b, &b.origin)
}

/// A leg's rungs that matter now, each with its lines, and what the next word would do.
#[derive(Clone, Debug)]
pub struct LegAccount {
    /// The leg.
    pub leg: LegKind,
    /// The shown rung (if any) and the next one.
    pub accounts: Vec<Account>,
    /// What would change it.
    pub would_change: Vec<WouldChange>,
    /// What presses on it without reaching a rung, heaviest first.
    pub pressure: Vec<PressureLine>,
}

/// A hypothetical word and what it would do, computed by the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WouldChange {
    /// The word, e.g. `a party says DEPLOYED`.
    pub what: String,
    /// The rung then.
    pub rung: Rung,
    /// Its probability then, permille.
    pub chance: i32,
    /// The level of confidence then, in a word.
    pub level: &'static str,
    /// The leg would be called reverting.
    pub reverting: bool,
}

impl Ledger {
    /// One deal in full on `as_of`; `None` where there is no such deal.
    pub fn page(&self, slug: &str, as_of: Day) -> Option<DealPage> {
        let book = self.book(slug)?;
        // The wallet share needs the buyer's other deals.
        let status = self.board(as_of).deals.into_iter().find(|deal| deal.deal.slug == book.deal.slug)?;
        let legs = book
            .legs
            .iter()
            .zip(&status.legs)
            .map(|(leg, view)| LegAccount {
                leg: view.kind,
                accounts: rungs_that_matter(view).into_iter().map(|k| leg.scales.account(k, as_of)).collect(),
                would_change: would_change(leg, view, as_of),
                pressure: lines(self, leg, as_of),
            })
            .collect();
        Some(DealPage { claims: claims(book, as_of), legs, status })
    }
}

impl DealPage {
    /// A claim of the page by its id.
    pub fn claim(&self, id: &str) -> Option<&ClaimView> {
        self.claims.iter().find(|view| view.claim.id == id)
    }
}

/// The shown rung and the next.
fn rungs_that_matter(view: &LegView) -> Vec<u8> {
    let rung = view.status.rung.index() as u8;
    [rung, rung + 1].into_iter().filter(|k| (1..=7).contains(k)).collect()
}

fn claims(book: &DealBook, day: Day) -> Vec<ClaimView> {
    let visible = visible(book, day);
    let mut same: HashMap<(LegKind, Says), usize> = HashMap::new();
    let mut copied: HashMap<(LegKind, &str), usize> = HashMap::new();
    for (leg, entry, e) in &visible {
        *same.entry((leg.leg.kind, what_it_says(&entry.claim, &e.origin))).or_default() += 1;
    }
    for leg in &book.legs {
        for ((entry, e), copy) in leg.entries.iter().zip(leg.evidence()).zip(&leg.copied) {
            let teller = copy.teller(&leg.entries, day).filter(|_| e.is_seen(day));
            // One that says it in the same words of the same informant is counted above.
            let other = |teller: &&Claim| {
                let origin = leg.evidence_of(teller).map_or("", |e| e.origin.as_str());
                what_it_says(teller, origin) != what_it_says(&entry.claim, &e.origin)
            };
            if let Some(teller) = teller.filter(other) {
                *copied.entry((leg.leg.kind, teller.id.as_str())).or_default() += 1;
            }
        }
    }
    visible
        .iter()
        .map(|(leg, entry, e)| ClaimView {
            leg: leg.leg.kind,
            live: entry.live,
            novel: e.is_novel(day),
            code: Code::of_claim(e.tier, e.modality),
            copies: same.get(&(leg.leg.kind, what_it_says(&entry.claim, &e.origin))).map_or(0, |n| n - 1)
                + copied.get(&(leg.leg.kind, entry.claim.id.as_str())).copied().unwrap_or(0),
            claim: std::sync::Arc::clone(&entry.claim),
        })
        .collect()
}

/// The next words that could be heard of a leg, and what each would do to it the day it is said.
fn would_change(book: &LegBook, view: &LegView, today: Day) -> Vec<WouldChange> {
    // Said tomorrow: a word overturns only what is older than it.
    let day = today.plus(1);
    let rung = view.status.rung;
    let mut words = Vec::new();
    if rung < Rung::AtScale {
        let next = Rung::from_index(rung.index() + 1);
        let says = |tier, modality, origin: &str| hypothesis(next, Sign::For, tier, modality, origin, day);
        let party = says(Tier::A, Modality::Asserted, "party:hypothetical");
        words.push((format!("a party says {}", next.label()), vec![party]));
        let newsroom = |n: u8| says(Tier::C, Modality::Asserted, &format!("newsroom:hypothetical:{n}"));
        words.push((format!("two newsrooms report {}", next.label()), vec![newsroom(1), newsroom(2)]));
    }
    if rung > Rung::None {
        let mut end = hypothesis(rung, Sign::Against, Tier::B, Modality::Asserted, "party:hypothetical", day);
        end.effect = Effect::Reversal;
        words.push((format!("a party ends {}", rung.label()), vec![end]));
    }
    let known: Vec<Evidence> =
        book.evidence().iter().filter(|e| e.is_seen(today)).map(|e| e.as_known(today)).collect();
    let mut outcomes: Vec<WouldChange> = words
        .into_iter()
        .map(|(what, more)| {
            let evidence = known.iter().cloned().chain(more).collect();
            outcome(what, &Scales::new(evidence, book.pins.clone(), SameDay::ClosingLast), day)
        })
        .collect();
    let left = STALE_AFTER + 1 - view.status.stale;
    if rung > Rung::None && left > 0 {
        let quiet = Scales::new(known, book.pins.clone(), SameDay::ClosingLast);
        outcomes.push(outcome(format!("{left} days of silence: STALE"), &quiet, today.plus(left)));
    }
    outcomes
}

fn outcome(what: String, scales: &Scales, day: Day) -> WouldChange {
    let status = scales.status(day);
    WouldChange {
        what,
        rung: status.rung,
        chance: status.at_least(status.rung.index()),
        level: status.level.word(),
        reverting: status.reversing,
    }
}

fn hypothesis(rung: Rung, sign: Sign, tier: Tier, modality: Modality, origin: &str, day: Day) -> Evidence {
    Evidence {
        id: "\u{10ffff}".to_owned(),
        published: day,
        turn: u32::MAX,
        known: day,
        withdrawn: None,
        retold: Spans::NEVER,
        origin: origin.to_owned(),
        tier,
        modality,
        sign,
        said: rung.index() as u8,
        workload: Workload::Own,
        effect: Effect::Plain,
        milestone: String::new(),
        due: None,
        facts: Vec::new(),
    }
}
