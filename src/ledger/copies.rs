//! Word-for-word copies among the claims that were read from feeds.
//!
//! What an outlet takes over from another is told once, whoever is heard first. Two claims about one leg
//! are the same telling when they were read from different items at most a week apart and either the
//! headlines or the words themselves are the same: at least 85 % of them across outlets, all of them (and
//! all that they say) inside one. The best speaker tells, then the one that the best outlet carries, then
//! the earlier one; the others are copies for as long as it stands. A copy makes no further copies: words
//! pass from hand to hand until nothing is left of them, and only what the teller itself wrote counts.
//!
//! All of it is a function of the set, so no order of arrival changes it, and of a day only what was known
//! on it counts.

use foldhash::HashMap;

use super::book::{Entry, what_it_says};
use super::model::evidence::Evidence;
use super::model::spans::Spans;
use crate::domain::claim::Claim;
use crate::domain::story::{MIN_TITLE, WINDOW_DAYS, Words, without_name};
use crate::domain::time::Day;

/// Shorter sentences are nearly alike by chance.
const MIN_WORDS: usize = 8;
/// Shorter headlines are alike by chance, even where the sentence is too.
const MIN_ALIKE: usize = 3;

/// When a claim is a copy, and of what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Days on which a better telling stands.
    pub days: Spans,
    /// The entries that tell it better, best first.
    pub of: Vec<u32>,
}

impl Copied {
    /// The best telling that stands on `day`; none if the claim is no copy then.
    pub(super) fn teller<'a>(&self, entries: &'a [Entry], day: Day) -> Option<&'a Claim> {
        if !self.days.has(day) {
            return None;
        }
        let tellers = self.of.iter().filter_map(|&at| entries.get(at as usize));
        tellers.map(|entry| &*entry.claim).find(|claim| visible(claim).has(day))
    }
}

/// The days on which a claim is there to be read.
pub(super) fn visible(claim: &Claim) -> Spans {
    Spans::between(claim.known.max(claim.published), claim.withdrawn)
}

/// A claim that the wire tells, with how it is weighed.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) entry: &'a Entry,
    pub(super) evidence: &'a Evidence,
    /// The claim of which it is a word-for-word copy.
    pub(super) copy_of: Option<&'a str>,
}

/// The claims that stand on `on`.
pub(super) fn tellings<'a>(
    entries: &'a [Entry],
    evidence: &'a [Evidence],
    copied: &'a [Copied],
    on: Day,
) -> impl Iterator<Item = Told<'a>> {
    let all = entries.iter().zip(evidence).zip(copied);
    all.filter(move |((_, evidence), _)| evidence.is_seen(on)).map(move |((entry, evidence), copied)| {
        let copy_of = copied.teller(entries, on).map(|claim| claim.id.as_str());
        Told { entry, evidence, copy_of }
    })
}

/// What tells one claim's item and words from another's, in numbers.
struct Print<'a> {
    claim: &'a Claim,
    /// Which entry it is.
    at: u32,
    item: u32,
    outlet: u32,
    title: u32,
    words: u32,
    title_outline: (u64, u32),
    words_outline: (u64, u32),
    /// Place among all prints, the best telling first.
    rank: u32,
}

/// More bits apart than this are more words than 15 % of the longest text.
const MAX_APART: u32 = 9;

/// For each of the entries, which are in order of publication, when it is a copy.
pub(super) fn copies(entries: &[Entry]) -> Vec<Copied> {
    let mut texts = Texts::default();
    let live = entries.iter().zip(0..).filter(|(entry, _)| entry.live);
    let mut prints: Vec<Print> = live.map(|(entry, at)| texts.print(&entry.claim, at)).collect();
    rank(&mut prints);
    let mut pairs: Vec<(u32, u32, u32, u32)> = Vec::new();
    for (at, print) in prints.iter().enumerate() {
        for other in &prints[at + 1..] {
            if other.claim.published.since(print.claim.published) > WINDOW_DAYS {
                break;
            }
            if print.may_be(other) && texts.same(print, other) {
                let (teller, copy) = if print.rank < other.rank { (print, other) } else { (other, print) };
                pairs.push((copy.rank, teller.rank, copy.at, teller.at));
            }
        }
    }
    // Best first, so that it is known of a teller on which days it is itself no copy.
    pairs.sort_unstable();
    let mut copied = vec![Copied::default(); entries.len()];
    for (_, _, copy, teller) in pairs {
        let tells = visible(&entries[teller as usize].claim).without(&copied[teller as usize].days);
        if !tells.is_empty() {
            copied[copy as usize].days.add(&tells);
            copied[copy as usize].of.push(teller);
        }
    }
    copied
}

/// Numbers the prints, the better telling first: best speaker, best outlet, earliest.
fn rank(prints: &mut [Print]) {
    let key = |print: &Print<'_>| {
        let claim = print.claim;
        (claim.tier, claim.carrier.unwrap_or(claim.tier), claim.published, claim.source.at)
    };
    let mut order: Vec<usize> = (0..prints.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&prints[a], &prints[b]);
        key(a).cmp(&key(b)).then_with(|| item_of(a.claim).cmp(item_of(b.claim)))
    });
    for (place, at) in order.into_iter().zip(0..) {
        prints[place].rank = at;
    }
}

/// The item that a claim was read from.
fn item_of(claim: &Claim) -> &str {
    if claim.story.is_empty() { &claim.id } else { &claim.story }
}

impl Print<'_> {
    /// Whether a closer look is worth it.
    fn may_be(&self, other: &Self) -> bool {
        let near = |(a, x): (u64, u32), (b, y): (u64, u32)| {
            x == y && (a & !b).count_ones().max((b & !a).count_ones()) <= MAX_APART
        };
        self.item != other.item
            && (near(self.title_outline, other.title_outline)
                || near(self.words_outline, other.words_outline))
    }
}

/// Texts read so far, each kept once: the sentence that a claim was read from is often the headline, and
/// copies have the same one.
#[derive(Default)]
struct Texts<'a> {
    outlets: HashMap<String, u32>,
    items: HashMap<&'a str, u32>,
    numbers: HashMap<&'a str, u32>,
    words: Vec<Words>,
}

impl<'a> Texts<'a> {
    fn print(&mut self, claim: &'a Claim, at: u32) -> Print<'a> {
        let name = claim.source.outlet.as_str();
        let next = self.outlets.len() as u32;
        let outlet = self.outlets.get(name).copied().unwrap_or_else(|| {
            // Outlets differ in more than case.
            let outlet = *self.outlets.entry(name.to_lowercase()).or_insert(next);
            self.outlets.insert(name.to_owned(), outlet);
            outlet
        });
        let next = self.items.len() as u32;
        let item = *self.items.entry(item_of(claim)).or_insert(next);
        let title = self.number(without_name(&claim.source.title, name));
        // The sentence is often the headline.
        let same = claim.words == claim.source.title;
        let words = if same { title } else { self.number(without_name(&claim.words, name)) };
        let outline = |text: u32| self.words[text as usize].outline();
        let (title_outline, words_outline) = (outline(title), outline(words));
        Print { claim, at, item, outlet, title, words, title_outline, words_outline, rank: 0 }
    }

    fn number(&mut self, text: &'a str) -> u32 {
        let next = self.words.len() as u32;
        let number = *self.numbers.entry(text).or_insert(next);
        if number == next {
            self.words.push(Words::in_text(text));
        }
        number
    }

    fn same(&self, a: &Print<'a>, b: &Print<'a>) -> bool {
        let of = |text: u32| &self.words[text as usize];
        let equal = |x: u32, y: u32| x == y || of(x) == of(y);
        let overlap = |x: u32, y: u32, least: usize| {
            if x == y { of(x).count() >= least } else { of(x).overlaps(of(y), least) }
        };
        let alike = equal(a.title, b.title) && equal(a.words, b.words);
        if a.outlet == b.outlet {
            let says = |print: &Print<'a>| what_it_says(print.claim, "");
            return alike && says(a) == says(b);
        }
        (alike && of(a.title).count() >= MIN_ALIKE)
            || overlap(a.title, b.title, MIN_TITLE)
            || overlap(a.words, b.words, MIN_WORDS)
    }
}
