//! Which deals the sentences of a party's own document speak of. A filing or a release names its parties once
//! and goes on with "we", "the agreement" and "that capacity": a sentence is tied to a deal by whom it names
//! beside the party that speaks, or carries on with the deal of the sentence before it.

use super::link::{Link, Linker};
use super::plan::DealPlan;
use super::reading::{Part, Sentence};
use super::role::Role;
use super::vocabulary::Thing;

/// A sentence of the document and a deal that it speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tie {
    /// Position among the sentences.
    pub sentence: usize,
    /// Position among the plans.
    pub deal: usize,
    /// It names nobody and carries on with what the sentence before it spoke of.
    pub carried: bool,
}

/// Words by which a sentence takes up the capacity that was spoken of.
const TAKES_UP: [&str; 17] = [
    "all capacity",
    "all of the",
    "the full ",
    "the entire ",
    "that capacity",
    "this capacity",
    "the capacity",
    "such capacity",
    "its capacity",
    "contracted capacity",
    "targeted capacity",
    "committed capacity",
    "of it ",
    "the agreement",
    "this agreement",
    "the contract",
    "the commitment",
];

/// Words with a capital that name no company.
const NO_STRANGER: [&str; 24] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "ultraserver",
    "ultraservers",
    "company",
    "agreement",
    "amendment",
    "i",
    "phase",
    "tranche",
    "united",
    "states",
    "region",
    "regions",
];

impl Linker<'_> {
    /// The ties of the body of an own channel, in order of its sentences. `raw` is the text that was read,
    /// `links` what the headline and summary are about.
    pub(super) fn ties(&self, raw: &str, links: &[Link]) -> Vec<Tie> {
        let mut ties: Vec<Tie> = Vec::new();
        if self.own == 0 {
            return ties;
        }
        // What the headline is about is taken up anywhere, what a sentence is about by the next one.
        let topic = match links {
            [only] if self.plans[only.deal].parties & self.own != 0 => Some(only.deal),
            _ => None,
        };
        let mut last: Option<(usize, usize)> = None;
        let body = self.reading.sentences.iter().enumerate().filter(|(_, s)| s.part == Part::Body);
        for (index, sentence) in body {
            let before = ties.len();
            let tied = |plan: &DealPlan| self.ties_to(plan, sentence);
            ties.extend(self.plans.iter().enumerate().filter(|(_, plan)| tied(plan)).map(|(deal, _)| Tie {
                sentence: index,
                deal,
                carried: false,
            }));
            if let [tie] = ties[before..] {
                last = Some((index, tie.deal));
                continue;
            }
            if ties.len() > before {
                last = None;
                continue;
            }
            let carried = last.filter(|&(at, _)| at + 1 == index).map(|(_, deal)| deal).or(topic);
            if let Some(deal) = carried
                && self.carries_on(raw, &self.plans[deal], sentence)
            {
                last = Some((index, deal));
                ties.push(Tie { sentence: index, deal, carried: true });
            }
        }
        ties
    }

    /// Whether a sentence names a deal's two sides, the party that speaks being one of them without a name.
    fn ties_to(&self, plan: &DealPlan, sentence: &Sentence) -> bool {
        if plan.parties & self.own == 0 {
            return false;
        }
        let signature = sentence.silicon & plan.signature & !plan.gpu != 0;
        if sentence.companies & plan.parties & !self.own == 0 && !signature {
            return false;
        }
        let buyer_named = self.reading.mentions_of(sentence).iter().any(|name| {
            matches!(name.thing, Thing::Company(at, _) if at == plan.buyer) && !self.excluded(sentence, name)
        });
        let seller_named = sentence.companies & plan.sellers != 0 || signature;
        let speaks = |company: u8| self.own & 1 << company != 0;
        if !(buyer_named || speaks(plan.buyer)) || !(seller_named || speaks(plan.provider)) {
            return false;
        }
        if seller_named {
            let role = self.seller(plan, sentence, None).map(|(role, _, _)| role);
            if role.is_none_or(|role| role <= Role::Background) {
                return false;
            }
        }
        // Somebody else stands in the place that only the speaker could fill.
        let instead = self.plans.iter().filter(|other| other.class == plan.class).any(|other| {
            !seller_named
                && other.buyer == plan.buyer
                && other.provider != plan.provider
                && sentence.companies & 1 << other.provider != 0
                || !buyer_named
                    && other.provider == plan.provider
                    && other.buyer != plan.buyer
                    && sentence.companies & 1 << other.buyer != 0
        });
        !instead
    }

    /// Whether a sentence without names of its own takes up the capacity of a deal.
    fn carries_on(&self, raw: &str, plan: &DealPlan, sentence: &Sentence) -> bool {
        let text = self.reading.slice(sentence.start, sentence.end);
        sentence.companies & !(plan.parties | self.own) == 0
            && TAKES_UP.iter().any(|words| text.contains(words))
            && !self.names_a_stranger(raw, sentence)
    }

    /// Whether a word inside a sentence is written as a name and is none that the lexicon knows.
    fn names_a_stranger(&self, raw: &str, sentence: &Sentence) -> bool {
        let (from, to) = self.reading.folded.span(sentence.start, sentence.end);
        let written = raw.get(from..to).unwrap_or_default();
        let known = |word: &str| {
            let at = self.reading.mentions_of(sentence).iter().any(|name| {
                let (start, end) = self.reading.folded.span(name.start as usize, name.end as usize);
                raw.get(start..end).is_some_and(|name| name.contains(word))
            });
            at || NO_STRANGER.contains(&word.to_lowercase().as_str())
        };
        written.split_whitespace().skip(1).any(|piece| {
            let word = piece.trim_matches(|c: char| !c.is_alphanumeric());
            let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
            let capital = word.starts_with(char::is_uppercase);
            let shouted = !word.chars().any(char::is_lowercase);
            capital && !shouted && !known(word)
        })
    }
}
