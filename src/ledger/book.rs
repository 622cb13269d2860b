//! From the catalog and the claims to the evidence of every leg.
//!
//! Legs come from the catalog: a claim about a deal or a leg that is not in it is counted and left out.
//! What is a retelling is decided here, on the set of claims and not on their order of arrival.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::informant::informants;
use super::model::evidence::{Effect, Evidence};
use super::model::fold::Pin;
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
    /// Claims in the order of the evidence: publication, then id.
    pub entries: Vec<Entry>,
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

/// Claims by what they are about.
#[derive(Default)]
pub(super) struct Shelves {
    pub(super) legs: HashMap<(DealSlug, LegKind), Vec<Entry>>,
    pub(super) programmes: BTreeMap<String, Vec<Entry>>,
}

impl Shelves {
    pub(super) fn put(&mut self, entry: Entry) {
        match &entry.claim.subject {
            Subject::Leg { deal, leg } => self.legs.entry((deal.clone(), *leg)).or_default().push(entry),
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
        let evidence = evidence_of(&mut entries, |claim| claim.rung.index() as u8);
        let scales = Scales::new(evidence, pins.clone(), SameDay::ClosingLast);
        Self { leg, entries, scales, programme, pins }
    }

    /// The evidence, index by index that of [`Self::entries`].
    pub fn evidence(&self) -> &[Evidence] {
        self.scales.evidence()
    }

    /// The claim of a piece of evidence.
    pub fn entry(&self, evidence: &Evidence) -> Option<&Entry> {
        let wanted = (evidence.published, evidence.id.as_str());
        let at = self.entries.binary_search_by(|e| (e.claim.published, e.claim.id.as_str()).cmp(&wanted));
        at.ok().map(|at| &self.entries[at])
    }

    /// Evidence without a rung that bears on the leg: its own, then its programme's.
    pub fn pressing(&self) -> impl Iterator<Item = &Evidence> {
        self.evidence().iter().chain(self.programme.iter())
    }
}

/// The evidence of a programme. Whatever rung its claims name is the programme's, not a buyer's.
pub(super) fn programme_evidence(entries: &mut Vec<Entry>) -> Vec<Evidence> {
    evidence_of(entries, |_| 0)
}

/// Sorts claims, drops second copies of an id, and turns them into evidence.
fn evidence_of(entries: &mut Vec<Entry>, rung: impl Fn(&Claim) -> u8) -> Vec<Evidence> {
    entries.sort_by(compare);
    // Of claims with one id the catalog's stands, else the one that sorts first.
    let mut first: HashMap<String, usize> = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let kept = first.entry(entry.claim.id.clone()).or_insert(index);
        if entries[*kept].live && !entry.live {
            *kept = index;
        }
    }
    let mut index = 0;
    entries.retain(|entry| {
        index += 1;
        first.get(&entry.claim.id) == Some(&(index - 1))
    });
    let retold = retellings(entries);
    entries
        .iter()
        .zip(retold)
        .zip(informants(entries))
        .map(|((entry, retold_from), origin)| {
            let claim = &*entry.claim;
            Evidence {
                id: claim.id.clone(),
                published: claim.published,
                known: claim.known.max(claim.published),
                retold_from,
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
        .collect()
}

/// Publication, id, then everything else that tells two claims apart, so that equal sets give equal order.
fn compare(a: &Entry, b: &Entry) -> Ordering {
    let key = |e: &Entry| (e.claim.published, e.live, e.claim.known);
    let (x, y) = (&a.claim, &b.claim);
    x.published
        .cmp(&y.published)
        .then_with(|| x.id.cmp(&y.id))
        .then_with(|| key(a).cmp(&key(b)))
        .then_with(|| what_it_says(x).cmp(&what_it_says(y)))
        .then_with(|| x.words.cmp(&y.words))
}

/// What a claim says, and by whose word. Two claims that agree in it say the same thing.
pub(super) type Says<'a> = (
    (ClaimKind, u8, Sign, Modality, Workload),
    &'a str,
    Option<Day>,
    Option<&'a str>,
    Vec<(Slot, i64, i64, i64, Op)>,
);

pub(super) fn what_it_says(claim: &Claim) -> Says<'_> {
    let mut facts: Vec<_> = claim.facts.iter().map(|f| (f.slot, f.lo, f.mid, f.hi, f.op)).collect();
    facts.sort_unstable();
    (
        (claim.kind, claim.rung.index() as u8, claim.sign, claim.modality, claim.workload),
        claim.origin.as_str(),
        claim.due,
        claim.milestone.as_deref(),
        facts,
    )
}

/// For each claim the day from which it is a retelling. A recap always is. Any other claim is one as soon
/// as an equal claim with an earlier publication (or id) is known, and a claim of the catalog's own goes
/// before every live one: a live claim can confirm it and never adds to it.
fn retellings(entries: &[Entry]) -> Vec<Option<Day>> {
    let mut equal: HashMap<Says, Vec<usize>> = HashMap::new();
    for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| !entry.claim.recap) {
        equal.entry(what_it_says(&entry.claim)).or_default().push(index);
    }
    let mut retold: Vec<Option<Day>> =
        entries.iter().map(|entry| entry.claim.recap.then_some(Day(i32::MIN))).collect();
    for mut indices in equal.into_values().filter(|indices| indices.len() > 1) {
        // `entries` is in order of publication and id, and the sort is stable.
        indices.sort_by_key(|&index| entries[index].live);
        let mut told: Option<Day> = None;
        for index in indices {
            let claim = &entries[index].claim;
            retold[index] = told;
            let known = claim.known.max(claim.published);
            told = Some(told.map_or(known, |told| told.min(known)));
        }
    }
    retold
}
