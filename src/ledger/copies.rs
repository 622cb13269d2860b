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

use std::collections::HashMap;

use super::book::{Entry, what_it_says};
use super::model::evidence::Evidence;
use super::model::spans::Spans;
use crate::domain::claim::Claim;
use crate::domain::outlet::Tier;
use crate::domain::story::{MIN_TITLE, WINDOW_DAYS, Words};
use crate::domain::time::{Day, Timestamp};

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

/// What tells one claim's item and words from another's.
struct Print<'a> {
    at: u32,
    claim: &'a Claim,
    item: &'a str,
    outlet: u32,
    title: u32,
    words: u32,
}

/// For each of the entries, which are in order of publication, when it is a copy.
pub(super) fn copies(entries: &[Entry]) -> Vec<Copied> {
    let mut texts = Texts::default();
    let prints: Vec<Print> = entries
        .iter()
        .zip(0..)
        .filter(|(entry, _)| entry.live)
        .map(|(entry, at)| texts.print(&entry.claim, at))
        .collect();
    let mut copied = vec![Copied::default(); entries.len()];
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (at, print) in prints.iter().enumerate() {
        let near = prints[at + 1..]
            .iter()
            .take_while(|other| other.claim.published.since(print.claim.published) <= WINDOW_DAYS);
        for (other, after) in near.zip(at + 1..) {
            if print.item != other.item && texts.same(print, other) {
                pairs.push(if print.rank() < other.rank() { (after, at) } else { (at, after) });
            }
        }
    }
    // Best first, so that it is known of a teller on which days it is itself no copy.
    pairs.sort_by_cached_key(|&(copy, teller)| (prints[copy].rank(), prints[teller].rank()));
    for (copy, teller) in pairs {
        let (copy, teller) = (prints[copy].at as usize, prints[teller].at);
        let tells = visible(&entries[teller as usize].claim).without(&copied[teller as usize].days);
        if !tells.is_empty() {
            copied[copy].days.add(&tells);
            copied[copy].of.push(teller);
        }
    }
    copied
}

impl Print<'_> {
    /// Orders the better telling first.
    fn rank(&self) -> (Tier, Tier, Day, Option<Timestamp>, &str) {
        let claim = self.claim;
        (claim.tier, claim.carrier.unwrap_or(claim.tier), claim.published, claim.source.at, self.item)
    }
}

/// Texts read so far, each kept once: the sentence that a claim was read from is often the headline, and
/// copies have the same one.
#[derive(Default)]
struct Texts<'a> {
    outlets: HashMap<String, u32>,
    numbers: HashMap<(u32, &'a str), u32>,
    words: Vec<Words>,
}

impl<'a> Texts<'a> {
    fn print(&mut self, claim: &'a Claim, at: u32) -> Print<'a> {
        let name = claim.source.outlet.as_str();
        let next = self.outlets.len() as u32;
        let outlet = match self.outlets.get(name) {
            Some(&outlet) => outlet,
            None => {
                // Outlets differ in more than case.
                let outlet = *self.outlets.entry(name.to_lowercase()).or_insert(next);
                self.outlets.insert(name.to_owned(), outlet);
                outlet
            }
        };
        let item = if claim.story.is_empty() { claim.id.as_str() } else { claim.story.as_str() };
        let title = self.number(outlet, name, &claim.source.title);
        Print { at, claim, item, outlet, title, words: self.number(outlet, name, &claim.words) }
    }

    fn number(&mut self, outlet: u32, name: &str, text: &'a str) -> u32 {
        let next = self.words.len() as u32;
        let number = *self.numbers.entry((outlet, text)).or_insert(next);
        if number == next {
            self.words.push(Words::carried_by(name, text));
        }
        number
    }

    fn same(&self, a: &Print<'a>, b: &Print<'a>) -> bool {
        let pair = |x: u32, y: u32| (&self.words[x as usize], &self.words[y as usize]);
        let ((title, other_title), (words, other_words)) = (pair(a.title, b.title), pair(a.words, b.words));
        let alike = title == other_title && words == other_words;
        if a.outlet == b.outlet {
            let says = |print: &Print<'a>| what_it_says(print.claim, "");
            return alike && says(a) == says(b);
        }
        (alike && title.count() >= MIN_ALIKE)
            || title.overlaps(other_title, MIN_TITLE)
            || words.overlaps(other_words, MIN_WORDS)
    }
}
