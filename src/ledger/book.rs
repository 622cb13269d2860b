//! From the catalog and the claims to the evidence of every leg.
//!
//! Legs come from the catalog: a claim about a deal or a leg that is not in it is counted and left out.
//! What is a retelling is decided here, on the set of claims and not on their order of arrival.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::HashMap;
use foldhash::fast::RandomState;

use super::copies::{Copied, copies, visible};
use super::informant::informants;
use super::model::evidence::{Effect, Evidence};
use super::model::fold::Pin;
use super::model::spans::Spans;
use super::model::status::{Leg as Scales, SameDay};
use crate::domain::claim::{Claim, ClaimKind, Modality, Op, Sign, Slot, Subject, Workload};
use crate::domain::deal::{Deal, DealSlug, Leg, LegKind};
use crate::domain::time::Day;

/// A claim and where it came from.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The claim.
    pub claim: Arc<Claim>,
    /// Read from a feed; a claim of the catalog's own otherwise.
    pub live: bool,
}

/// One leg with its claims.
#[derive(Clone, Debug)]
pub struct LegBook {
    /// The leg as the catalog describes it.
    pub leg: Leg,
    /// Claims in the order of the evidence: publication, turn within the day, id.
    pub entries: Vec<Entry>,
    /// For each entry when it is a word-for-word copy of another.
    pub copied: Vec<Copied>,
    /// The evidence, weighed.
    pub scales: Scales,
    /// Claims about the programme behind the leg: pressure, never a rung.
    pub programme: Arc<Vec<Evidence>>,
    /// The reader's judgements on the leg.
    pub pins: Vec<Pin>,
}

/// One deal with its legs.
#[derive(Clone, Debug)]
pub struct DealBook {
    /// The deal as the catalog describes it.
    pub deal: Arc<Deal>,
    /// Its legs, in order of kind: gpu, custom, other.
    pub legs: Vec<LegBook>,
}

/// A reader's judgement on one leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegPin {
    /// The deal.
    pub deal: DealSlug,
    /// The leg.
    pub leg: LegKind,
    /// The judgement.
    pub pin: Pin,
    /// Why, in the reader's words.
    pub note: String,
}

/// A programme's claims.
#[derive(Clone, Debug)]
pub(super) struct Shelf {
    pub(super) entries: Vec<Entry>,
    pub(super) copied: Vec<Copied>,
    pub(super) evidence: Arc<Vec<Evidence>>,
}

/// Claims by what they are about.
#[derive(Default)]
pub(super) struct Shelves {
    pub(super) legs: HashMap<DealSlug, BTreeMap<LegKind, Vec<Entry>>>,
    pub(super) programmes: BTreeMap<String, Vec<Entry>>,
}

impl Shelves {
    pub(super) fn put(&mut self, entry: Entry) {
        match &entry.claim.subject {
            Subject::Leg { deal, leg } => {
                let leg = *leg;
                // Most claims are about a deal that has some already: its name is not copied for each.
                if let Some(legs) = self.legs.get_mut(deal) {
                    legs.entry(leg).or_default().push(entry);
                } else {
                    let deal = deal.clone();
                    self.legs.insert(deal, BTreeMap::from([(leg, vec![entry])]));
                }
            }
            Subject::Programme(id) => self.programmes.entry(id.clone()).or_default().push(entry),
        }
    }
}

impl LegBook {
    /// Weighs a leg's claims, in whatever order they come and however often.
    pub(super) fn new(
        leg: Leg,
        mut entries: Vec<Entry>,
        programme: Arc<Vec<Evidence>>,
        pins: Vec<Pin>,
    ) -> Self {
        let (evidence, copied) = evidence_of(&mut entries, |claim| claim.rung.index() as u8);
        let scales = Scales::new(evidence, pins.clone(), SameDay::ClosingLast);
        Self { leg, entries, copied, scales, programme, pins }
    }

    /// The evidence, index by index that of [`Self::entries`].
    pub fn evidence(&self) -> &[Evidence] {
        self.scales.evidence()
    }

    /// The claim of a piece of evidence.
    pub fn entry(&self, evidence: &Evidence) -> Option<&Entry> {
        self.place((evidence.published, evidence.turn, &evidence.id)).map(|at| &self.entries[at])
    }

    /// What a claim that was read from a feed weighs as.
    pub(super) fn evidence_of(&self, live: &Claim) -> Option<&Evidence> {
        self.place((live.published, turn(live, true), &live.id)).map(|at| &self.evidence()[at])
    }

    fn place(&self, wanted: (Day, u32, &str)) -> Option<usize> {
        let key = |e: &Entry| (e.claim.published, turn(&e.claim, e.live));
        self.entries
            .binary_search_by(|e| {
                key(e).cmp(&(wanted.0, wanted.1)).then_with(|| e.claim.id.as_str().cmp(wanted.2))
            })
            .ok()
    }

    /// Evidence without a rung that bears on the leg: its own, then its programme's.
    pub fn pressing(&self) -> impl Iterator<Item = &Evidence> {
        self.evidence().iter().chain(self.programme.iter())
    }
}

/// The evidence of a programme, and which of its entries are copies. Whatever rung its claims name is the
/// programme's, not a buyer's.
pub(super) fn programme_evidence(entries: &mut Vec<Entry>) -> (Vec<Evidence>, Vec<Copied>) {
    evidence_of(entries, |_| 0)
}

/// Sorts claims, drops second copies of an id, and turns them into evidence.
fn evidence_of(entries: &mut Vec<Entry>, rung: impl Fn(&Claim) -> u8) -> (Vec<Evidence>, Vec<Copied>) {
    entries.sort_by(compare);
    // Of claims with one id the catalog's stands, else the one that sorts first.
    let mut first: HashMap<&str, usize> =
        HashMap::with_capacity_and_hasher(entries.len(), RandomState::default());
    for (index, entry) in entries.iter().enumerate() {
        let kept = first.entry(entry.claim.id.as_str()).or_insert(index);
        if entries[*kept].live && !entry.live {
            *kept = index;
        }
    }
    if first.len() < entries.len() {
        let mut kept = vec![false; entries.len()];
        for index in first.into_values() {
            kept[index] = true;
        }
        let mut kept = kept.into_iter();
        entries.retain(|_| kept.next() == Some(true));
    }
    let copied = copies(entries);
    let origins = informants(entries);
    let retold = retellings(entries, &origins, &copied);
    let evidence = entries
        .iter()
        .zip(retold)
        .zip(origins)
        .map(|((entry, retold), origin)| {
            let claim = &*entry.claim;
            Evidence {
                id: claim.id.clone(),
                published: claim.published,
                turn: turn(claim, entry.live),
                known: claim.known.max(claim.published),
                withdrawn: claim.withdrawn,
                retold,
                origin: origin.into_owned(),
                tier: claim.tier,
                modality: claim.modality,
                sign: if claim.modality == Modality::Denied { Sign::Against } else { claim.sign },
                said: rung(claim),
                workload: claim.workload,
                effect: Effect::from(claim.kind),
                milestone: claim.milestone.clone().unwrap_or_else(|| "next".to_owned()),
                due: claim.due,
                facts: claim.facts.clone(),
            }
        })
        .collect();
    (evidence, copied)
}

/// The place of a claim among those of its day: by the clock, where that is known, and the catalog's own
/// last, so that of two figures of one day the catalog's stands.
fn turn(claim: &Claim, live: bool) -> u32 {
    const DAY: i64 = 86_400;
    if live { claim.source.at.map_or(0, |at| at.0.rem_euclid(DAY) as u32) } else { u32::MAX }
}

/// Publication, turn, id, then everything else that tells two claims apart, so that equal sets give equal order.
fn compare(a: &Entry, b: &Entry) -> Ordering {
    let key = |e: &Entry| (e.claim.published, e.live, e.claim.known);
    let (x, y) = (&a.claim, &b.claim);
    (x.published, turn(x, a.live))
        .cmp(&(y.published, turn(y, b.live)))
        .then_with(|| x.id.cmp(&y.id))
        .then_with(|| key(a).cmp(&key(b)))
        .then_with(|| what_it_says(x, &x.origin).cmp(&what_it_says(y, &y.origin)))
        .then_with(|| (x.withdrawn, x.tier, x.recap).cmp(&(y.withdrawn, y.tier, y.recap)))
        .then_with(|| x.words.cmp(&y.words))
}

/// What a claim says, and by whose word (`origin`). Two claims that agree in it say the same thing.
pub(super) type Says<'a> = (
    (ClaimKind, u8, Sign, Modality, Workload),
    &'a str,
    Option<Day>,
    Option<&'a str>,
    Vec<(Slot, i64, i64, i64, Op)>,
);

pub(super) fn what_it_says<'a>(claim: &'a Claim, origin: &'a str) -> Says<'a> {
    let mut facts: Vec<_> = claim.facts.iter().map(|f| (f.slot, f.lo, f.mid, f.hi, f.op)).collect();
    facts.sort_unstable();
    (
        (claim.kind, claim.rung.index() as u8, claim.sign, claim.modality, claim.workload),
        origin,
        claim.due,
        claim.milestone.as_deref(),
        facts,
    )
}

/// For each claim the days on which it is a retelling. A recap always is, a word-for-word copy while the
/// better telling stands. Any other claim is one while an equal claim of a better tier, or of the same and
/// an earlier publication (or id), stands; and a claim of the catalog's own goes before every live one: a
/// live claim can confirm it and never adds to it.
fn retellings(entries: &[Entry], origins: &[Cow<'_, str>], copied: &[Copied]) -> Vec<Spans> {
    let mut equal: HashMap<Says, Vec<usize>> =
        HashMap::with_capacity_and_hasher(entries.len(), RandomState::default());
    for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| !entry.claim.recap) {
        equal.entry(what_it_says(&entry.claim, &origins[index])).or_default().push(index);
    }
    let of = |(entry, copied): (&Entry, &Copied)| {
        if entry.claim.recap { Spans::always() } else { copied.days.clone() }
    };
    let mut retold: Vec<Spans> = entries.iter().zip(copied).map(of).collect();
    for mut indices in equal.into_values().filter(|indices| indices.len() > 1) {
        // `entries` is in order of publication and id, and the sort is stable.
        indices.sort_by_key(|&index| (entries[index].live, entries[index].claim.tier));
        let mut told = Spans::NEVER;
        for index in indices {
            retold[index].add(&told);
            // What is a copy makes no retelling of anything: it is as if it were not there.
            told.add(&visible(&entries[index].claim).without(&copied[index].days));
        }
    }
    retold
}
