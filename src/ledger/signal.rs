//! The wire: one line for each thing that was said, with what it changed, how much that matters, and how
//! many said it. Repeats fold into the first line that told it.
//!
//! Priority P = 0.35 M + 0.30 N + 0.20 C + 0.15 R, rounded half up: materiality of the event, novelty of
//! the claim, credit of the source, relevance to the deal.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Ledger;
use super::book::{Entry, LegBook};
use super::code::Code;
use super::copies::{Told, tellings};
use super::event::{SignalKind, credit, weigh};
use super::timeline::{Change, What};
use crate::domain::claim::{Claim, Modality, Op, Sign, Slot, Subject};
use crate::domain::deal::{DealSlug, LegKind};
use crate::domain::outlet::Tier;
use crate::domain::text::DisplayText;
use crate::domain::time::{Day, Timestamp};

/// What to do about a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// Write it down.
    Log,
    /// Count it where the eye goes next.
    Badge,
    /// Say it now.
    Interrupt,
}

impl Gate {
    /// The word used in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Badge => "badge",
            Self::Interrupt => "interrupt",
        }
    }
}

/// The four parts of a priority, each 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Score {
    /// How much the event matters.
    pub materiality: u8,
    /// How new the claim is.
    pub novelty: u8,
    /// How much the source's word is worth.
    pub credit: u8,
    /// How much the item is about the deal.
    pub relevance: u8,
}

impl Score {
    /// P, 0 to 100.
    pub fn priority(self) -> u8 {
        let sum = 35 * u32::from(self.materiality)
            + 30 * u32::from(self.novelty)
            + 20 * u32::from(self.credit)
            + 15 * u32::from(self.relevance);
        ((sum + 50) / 100) as u8
    }

    /// What to do about it. `fresh`: first seen within a quarter of an hour of publication, or the source
    /// is a party's own document; `informants`: how many independent ones tell it.
    pub fn gate(self, fresh: bool, informants: usize) -> Gate {
        let corroboration = 20 * informants.min(5);
        let priority = self.priority();
        // Below this nothing can have changed a deal: a rival's news can wait for the next look.
        let moves = self.materiality >= 60;
        let interrupts = priority >= 80
            && moves
            && self.relevance >= 70
            && self.novelty >= 60
            && fresh
            && (self.credit >= 85 || corroboration >= 40);
        if interrupts {
            Gate::Interrupt
        } else if priority >= 65 {
            Gate::Badge
        } else {
            Gate::Log
        }
    }
}

/// One line of the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// The day on which it became known.
    pub day: Day,
    /// When the first to tell it was published, to the second; `None` where only the day is known.
    pub at: Option<Timestamp>,
    /// The deal; `None` for a programme's line.
    pub deal: Option<DealSlug>,
    /// The programme, for lines that move no deal's rung.
    pub programme: Option<String>,
    /// The leg.
    pub leg: Option<LegKind>,
    /// Type.
    pub kind: SignalKind,
    /// What changed, old and new, e.g. `custom 0 → 2.0 GW`; the words where nothing did.
    pub what: String,
    /// The parts of the priority.
    pub score: Score,
    /// What to do about it.
    pub gate: Gate,
    /// Best source.
    pub code: Option<Code>,
    /// Independent informants.
    pub informants: usize,
    /// Retellings folded into it.
    pub copies: usize,
    /// The claims, the first one first.
    pub claims: Vec<String>,
    /// Words of the first claim.
    pub words: DisplayText,
    /// Its outlet.
    pub outlet: DisplayText,
    /// Its address.
    pub url: Option<String>,
    /// Read from a feed; of the catalog otherwise.
    pub live: bool,
}

/// Days for which a repeat folds into the first line.
const FOLD_DAYS: i32 = 30;

impl Ledger {
    /// The lines of the wire that became known from `from` to `to`, as they stood at the end of `to`: newest
    /// first, and of one moment by priority.
    pub fn signals(&self, from: Day, to: Day) -> Vec<Signal> {
        let crowd = self.deals_by_story(to);
        let mut signals = Vec::new();
        for book in self.books() {
            let slug = book.deal.slug.as_str();
            let entries =
                || book.legs.iter().flat_map(|leg| tellings(&leg.entries, leg.evidence(), &leg.copied, to));
            // What was taken back may have changed something too.
            let recent = |t: Told| t.evidence.known.max(t.evidence.withdrawn.unwrap_or_default()) >= from;
            if !entries().any(recent) {
                signals.extend(missed(&self.due_changes(slug, from, to), &book.deal.slug));
                continue;
            }
            let changes = self.changes(slug, from.plus(-1), to);
            let mut told = fold(entries(), &crowd);
            for line in &mut told {
                line.note(&changes);
            }
            signals.extend(told.into_iter().map(Draft::finish));
            signals.extend(missed(&changes, &book.deal.slug));
            signals.extend(conflicts(&changes, &book.deal.slug, entries().map(|told| told.entry)));
        }
        for shelf in self.programme_entries() {
            let entries = tellings(&shelf.entries, &shelf.evidence, &shelf.copied, to);
            signals.extend(fold(entries, &crowd).into_iter().map(Draft::finish));
        }
        signals.retain(|signal| (from..=to).contains(&signal.day));
        signals.sort_by(|a, b| {
            let rank = |s: &Signal| (s.day, s.at, s.score.priority());
            rank(b)
                .cmp(&rank(a))
                .then_with(|| (&a.deal, a.kind, &a.claims).cmp(&(&b.deal, b.kind, &b.claims)))
        });
        signals
    }

    /// Changes of a deal that nobody made by a claim: only the calendar can be at work.
    fn due_changes(&self, slug: &str, from: Day, to: Day) -> Vec<Change> {
        let dues = self.book(slug).into_iter().flat_map(|book| &book.legs).flat_map(LegBook::evidence);
        if dues.filter_map(|e| e.due).any(|due| (from..=to).contains(&due.plus(1))) {
            self.changes(slug, from.plus(-1), to)
        } else {
            Vec::new()
        }
    }

    /// How many deals each story has claims about: one that names many says less of each.
    fn deals_by_story(&self, on: Day) -> HashMap<String, usize> {
        let mut deals: HashMap<&str, BTreeSet<&str>> = HashMap::new();
        for book in self.books() {
            let legs = book.legs.iter().flat_map(|leg| leg.entries.iter().zip(leg.evidence()));
            for (entry, _) in legs.filter(|(_, evidence)| evidence.is_seen(on)) {
                if let Some(story) = story(&entry.claim) {
                    deals.entry(story).or_default().insert(book.deal.slug.as_str());
                }
            }
        }
        deals.into_iter().map(|(story, deals)| (story.to_owned(), deals.len())).collect()
    }
}

/// The story of a claim, where it has one.
fn story(claim: &Claim) -> Option<&str> {
    Some(claim.story.as_str()).filter(|story| !story.is_empty()).or(claim.source.url.as_deref())
}

/// A line in the making.
struct Draft<'a> {
    first: &'a Entry,
    known: Day,
    kind: SignalKind,
    materiality: u8,
    novelty: u8,
    relevance: u8,
    best: Code,
    origins: BTreeSet<&'a str>,
    claims: Vec<String>,
    copies: usize,
    what: Option<String>,
}

/// What is said, whoever says it and however sure: lines that agree in it tell one thing.
type Telling<'a> = (Option<LegKind>, u8, Sign, &'static str, Vec<(Slot, i64, Op)>, Option<Day>);

fn telling(claim: &Claim) -> Telling<'_> {
    let leg = match &claim.subject {
        Subject::Leg { leg, .. } => Some(*leg),
        Subject::Programme(_) => None,
    };
    let mut facts: Vec<_> = claim.facts.iter().map(|fact| (fact.slot, fact.mid, fact.op)).collect();
    facts.sort_unstable();
    let sign = if claim.modality == Modality::Denied { Sign::Against } else { claim.sign };
    (leg, claim.rung.index() as u8, sign, super::event::event(claim.kind).event, facts, claim.due)
}

/// Folds claims into lines. A repeat joins the line that told it first, unless it comes from a better
/// source: what a filing confirms is news of its own.
fn fold<'a>(entries: impl Iterator<Item = Told<'a>>, crowd: &HashMap<String, usize>) -> Vec<Draft<'a>> {
    let mut ordered: Vec<Told> = entries.collect();
    ordered.sort_by(|a, b| {
        // A copy after what it copies: the two are known on one day, or else it stands for itself until then.
        let key = |t: &Told| (t.evidence.known, t.copy_of.is_some(), t.evidence.published, t.evidence.tier);
        key(a).cmp(&key(b)).then_with(|| a.evidence.id.cmp(&b.evidence.id))
    });
    let mut lines: Vec<Draft> = Vec::new();
    let mut latest: HashMap<Telling, usize> = HashMap::new();
    // A story's first line about a leg takes in whatever else the story says in passing.
    let mut by_story: HashMap<(&str, Option<LegKind>, SignalKind), usize> = HashMap::new();
    // The line that each claim is in.
    let mut line_of: HashMap<&str, usize> = HashMap::new();
    for told_here in ordered {
        let Told { entry, evidence, copy_of } = told_here;
        let claim = &*entry.claim;
        let known = evidence.known;
        if let Some(&line) = copy_of.and_then(|id| line_of.get(id)) {
            lines[line].retold(claim);
            continue;
        }
        let (kind, materiality) = weigh(claim.kind, claim.modality, claim.sign, claim.tier, claim.recap);
        let key = telling(claim);
        let leg = key.0;
        let story_key = story(claim).map(|story| (story, leg, kind));
        let told = latest.get(&key).copied().filter(|&line| known.since(lines[line].known) <= FOLD_DAYS);
        let same_story = story_key.and_then(|key| by_story.get(&key)).copied();
        let same_story = same_story.filter(|&line| lines[line].known == known && claim.facts.is_empty());
        let better = told.is_some_and(|line| claim.tier < lines[line].best.tier) && !claim.recap;
        if let Some(line) = told.filter(|_| !better).or(same_story) {
            lines[line].join(told_here);
            line_of.insert(&evidence.id, line);
            continue;
        }
        let others = story(claim).and_then(|story| crowd.get(story)).copied().unwrap_or(1);
        let relevance = if claim.recap { 40 } else { 100 - 15 * others.saturating_sub(3).min(6) as u8 };
        let novelty = match (claim.recap, told) {
            (true, _) => 0,
            (false, Some(_)) => 60,
            (false, None) => 100,
        };
        let index = lines.len();
        latest.insert(key, index);
        if let Some(key) = story_key {
            by_story.insert(key, index);
        }
        line_of.insert(&evidence.id, index);
        lines.push(Draft {
            first: entry,
            known,
            kind,
            materiality,
            novelty,
            relevance,
            best: Code::of_claim(claim.tier, claim.modality),
            origins: BTreeSet::from([evidence.origin.as_str()]),
            claims: vec![claim.id.clone()],
            copies: 0,
            what: None,
        });
    }
    lines
}

impl<'a> Draft<'a> {
    fn retold(&mut self, claim: &Claim) {
        self.copies += 1;
        self.claims.push(claim.id.clone());
    }

    fn join(&mut self, told: Told<'a>) {
        let claim = &*told.entry.claim;
        self.retold(claim);
        if !claim.recap && told.copy_of.is_none() {
            self.origins.insert(&told.evidence.origin);
            self.best = self.best.min(Code::of_claim(claim.tier, claim.modality));
        }
    }

    /// Says what the line changed: the two weightiest changes that its claims made.
    fn note(&mut self, changes: &[Change]) {
        let mut own: Vec<&Change> = changes
            .iter()
            .filter(|change| {
                change.day == self.known && change.by.first().is_some_and(|id| self.claims.contains(id))
            })
            .collect();
        own.sort_by_key(|change| rank(&change.what));
        // One of each sort: a rung's move is in the headline's, a capacity's in the share's.
        own.dedup_by_key(|change| rank(&change.what) / 2);
        if !own.is_empty() {
            let said: Vec<String> = own.iter().take(2).map(|change| describe(&change.what)).collect();
            self.what = Some(said.join("; "));
        }
    }

    fn finish(self) -> Signal {
        let claim = &self.first.claim;
        let (deal, programme, leg) = match &claim.subject {
            Subject::Leg { deal, leg } => (Some(deal.clone()), None, Some(*leg)),
            Subject::Programme(id) => (None, Some(id.clone()), None),
        };
        let score = Score {
            materiality: self.materiality,
            novelty: self.novelty,
            credit: credit(claim.tier),
            relevance: self.relevance,
        };
        let fresh = claim.tier == Tier::A || claim.known.since(claim.published) <= 0;
        Signal {
            day: self.known,
            at: claim.source.at,
            deal,
            programme,
            leg,
            kind: self.kind,
            what: self.what.unwrap_or_else(|| claim.words.to_string()),
            gate: score.gate(fresh, self.origins.len()),
            score,
            code: Some(self.best),
            informants: self.origins.len(),
            copies: self.copies,
            claims: self.claims,
            words: claim.words.clone(),
            outlet: claim.source.outlet.clone(),
            url: claim.source.url.clone(),
            live: self.first.live,
        }
    }
}

/// Lines that the calendar writes.
fn missed(changes: &[Change], deal: &DealSlug) -> Vec<Signal> {
    let missed = changes.iter().filter_map(|change| match &change.what {
        What::Missed { leg, milestone, due } => Some((change.day, *leg, milestone, *due)),
        _ => None,
    });
    missed
        .map(|(day, leg, milestone, due)| {
            let what = format!("{}: {milestone} was due {due}, no evidence of it", leg.word());
            of_its_own(day, deal, leg, SignalKind::Miss, 85, what, Vec::new())
        })
        .collect()
}

/// Lines about figures that disagree since a claim of the day.
fn conflicts<'a>(
    changes: &[Change],
    deal: &DealSlug,
    entries: impl Iterator<Item = &'a Entry>,
) -> Vec<Signal> {
    let claims: BTreeMap<&str, &Claim> = entries.map(|e| (e.claim.id.as_str(), &*e.claim)).collect();
    let found = changes.iter().filter_map(|change| match change.what {
        What::Conflict { leg, .. } => Some((change, leg)),
        _ => None,
    });
    found
        .map(|(change, leg)| {
            let parents = change.by.iter().filter_map(|id| claims.get(id.as_str()));
            let weight = parents.map(|c| weigh(c.kind, c.modality, c.sign, c.tier, c.recap).1).max();
            let what = describe(&change.what);
            of_its_own(
                change.day,
                deal,
                leg,
                SignalKind::Conflict,
                weight.unwrap_or(60),
                what,
                change.by.clone(),
            )
        })
        .collect()
}

fn of_its_own(
    day: Day,
    deal: &DealSlug,
    leg: LegKind,
    kind: SignalKind,
    materiality: u8,
    what: String,
    claims: Vec<String>,
) -> Signal {
    let score = Score { materiality, novelty: 100, credit: 100, relevance: 100 };
    Signal {
        day,
        at: None,
        deal: Some(deal.clone()),
        programme: None,
        leg: Some(leg),
        kind,
        words: DisplayText::line(&what, 400),
        what,
        score,
        // Made here, from what has been said: worth a look, no news to be woken for.
        gate: Gate::Badge,
        code: None,
        informants: 0,
        copies: 0,
        claims,
        outlet: DisplayText::default(),
        url: None,
        live: false,
    }
}

/// Which change of a day says most.
fn rank(what: &What) -> u8 {
    match what {
        What::Headline { .. } => 0,
        What::Rung { .. } => 1,
        What::Share { .. } => 2,
        What::Capacity { .. } => 3,
        What::Raised(..) | What::Cleared(..) => 4,
        What::Due { .. } => 6,
        What::Reported(..) => 7,
        What::Contested(..) => 8,
        What::Conflict { .. } | What::Missed { .. } => 10,
    }
}

/// A change in words, old and new.
pub fn describe(what: &What) -> String {
    let mw = |mw: Option<i64>| mw.map_or_else(|| "n/d".to_owned(), |mw| amount(Slot::MwContracted, mw));
    let percent = |p: Option<i64>| p.map_or_else(|| "n/d".to_owned(), |p| format!("{}%", (p + 5) / 10));
    match what {
        What::Headline { from, to } => format!("{} → {}", from.word(), to.word()),
        What::Rung { leg, from, to } => format!("{} {} → {}", leg.word(), from.label(), to.label()),
        What::Raised(leg, flag) => format!("{} {}", leg.word(), flag.word()),
        What::Cleared(leg, flag) => format!("{} no longer {}", leg.word(), flag.word()),
        What::Capacity { leg, contracted, from, to } => {
            let what = if *contracted { "contracted" } else { "headline" };
            format!("{} {what} {} → {}", leg.word(), mw(*from), mw(*to))
        }
        What::Share { from, to, custom, gpu } => {
            let moved = |mw: i64| {
                let sign = if mw < 0 { "-" } else { "+" };
                format!("{sign}{}", amount(Slot::MwContracted, mw.abs()))
            };
            let (custom, gpu) = (moved(*custom), moved(*gpu));
            format!("custom share {} → {} (custom {custom}, gpu {gpu})", percent(*from), percent(*to))
        }
        What::Due { leg, milestone, from: Some(from), to } => {
            format!("{} {milestone}: {from} → {to}", leg.word())
        }
        What::Due { leg, milestone, from: None, to } => format!("{} {milestone}: due {to}", leg.word()),
        What::Missed { leg, milestone, due } => format!("{} {milestone}: missed {due}", leg.word()),
        What::Conflict { leg, slot, held, other } => {
            format!(
                "{}: {} held, {} by another source",
                leg.word(),
                amount(*slot, *held),
                amount(*slot, *other)
            )
        }
        What::Contested(leg, true) => format!("{} CONTESTED", leg.word()),
        What::Contested(leg, false) => format!("{} no longer CONTESTED", leg.word()),
        What::Reported(leg, rung) => format!("{} REPORTED {}", leg.word(), rung.label()),
    }
}

/// A figure with its unit: `2.0 GW`, `$100B`.
pub fn amount(slot: Slot, value: i64) -> String {
    match slot {
        Slot::MwContracted | Slot::MwHeadline | Slot::MwDeployed => {
            if value.abs() >= 1000 {
                format!("{:.1} GW", value as f64 / 1000.0)
            } else {
                format!("{value} MW")
            }
        }
        Slot::UsdContracted | Slot::UsdIncrement | Slot::UsdEquity | Slot::UsdFinancing | Slot::UsdOther => {
            if value.abs() >= 1000 {
                let text = format!("{:.1}", value as f64 / 1000.0);
                format!("${}B", text.strip_suffix(".0").unwrap_or(&text))
            } else {
                format!("${value}M")
            }
        }
        Slot::Chips => format!("{value} chips"),
        Slot::ServingShare => format!("{}% serving", (value + 5) / 10),
        Slot::Years => format!("{value} years"),
    }
}

impl Signal {
    /// The deal's slug, or the programme's id.
    pub fn subject(&self) -> &str {
        self.deal.as_ref().map(DealSlug::as_str).or(self.programme.as_deref()).unwrap_or_default()
    }
}

/// A line of the wire as `--json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct SignalReport {
    /// The day on which it became known.
    pub day: Day,
    /// When the first to tell it was published; null where only the day is known.
    pub at: Option<Timestamp>,
    /// Slug of the deal; null for a programme's line.
    pub deal: Option<DealSlug>,
    /// Id of the programme.
    pub programme: Option<String>,
    /// Leg.
    pub leg: Option<&'static str>,
    /// Type.
    pub kind: &'static str,
    /// What changed, old and new.
    pub what: String,
    /// P, 0 to 100.
    pub priority: u8,
    /// Its parts.
    #[serde(flatten)]
    pub score: Score,
    /// `log`, `badge` or `interrupt`.
    pub gate: &'static str,
    /// Best source, e.g. `A2`; null for a line that the ledger writes itself.
    pub code: Option<String>,
    /// Independent informants.
    pub informants: usize,
    /// Retellings folded into it.
    pub copies: usize,
    /// The claims, the first one first.
    pub claims: Vec<String>,
    /// Words of the first claim.
    pub words: DisplayText,
    /// Its outlet.
    pub outlet: DisplayText,
    /// Its address.
    pub url: Option<String>,
    /// Read from a feed; of the catalog otherwise.
    pub live: bool,
}

impl From<&Signal> for SignalReport {
    fn from(signal: &Signal) -> Self {
        Self {
            day: signal.day,
            at: signal.at,
            deal: signal.deal.clone(),
            programme: signal.programme.clone(),
            leg: signal.leg.map(LegKind::word),
            kind: signal.kind.word(),
            what: signal.what.clone(),
            priority: signal.score.priority(),
            score: signal.score,
            gate: signal.gate.word(),
            code: signal.code.map(|code| code.to_string()),
            informants: signal.informants,
            copies: signal.copies,
            claims: signal.claims.clone(),
            words: signal.words.clone(),
            outlet: signal.outlet.clone(),
            url: signal.url.clone(),
            live: signal.live,
        }
    }
}
