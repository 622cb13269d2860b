//! Who says so, and how sure: informant, tier and modality of a sentence.

use super::plan::DealPlan;
use super::reading::{Reading, Sentence};
use super::vocabulary::{Thing, Vocabulary};
use crate::domain::claim::Modality;
use crate::domain::item::Item;
use crate::domain::lexicon::{Action, Mood, Topic, Voice};
use crate::domain::outlet::{Outlets, Tier};

/// The ultimate informant of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Informant {
    /// `party:…`, `newsroom:…`, `analyst:…` or `unknown:…`.
    pub origin: String,
    /// Tier of the speaker, capped by the outlet.
    pub tier: Tier,
    /// Whether a party of the deal speaks for itself.
    pub party: bool,
    /// Companies that speak, by bit.
    pub speakers: u64,
    /// The rule that decided.
    pub rule: &'static str,
}

/// What an item's outlet is.
pub(super) struct Outlet {
    /// Its tier.
    pub tier: Tier,
    /// The companies whose own channel it is, by bit; none for a newsroom.
    pub companies: u64,
    /// A filing by its name: "CoreWeave 10-Q".
    pub filing: bool,
    /// A name for origins.
    name: String,
    story: String,
}

impl Outlet {
    /// Reads the outlet of an item. Only an outlet of tier `A` can be a company's own channel, and what a
    /// register publishes is the filer's.
    pub(super) fn new(item: &Item, vocabulary: &Vocabulary) -> Self {
        let (mut companies, mut filing) = (0, false);
        if item.tier == Tier::A {
            let name = super::fold::Folded::new(&item.outlet).text;
            vocabulary.hits(&name, |hit| {
                filing |= hit.entry.cues.has(Action::Filing);
                for (thing, _) in &hit.entry.things {
                    if let Thing::Company(at, how) = thing
                        && how.is_name()
                    {
                        companies |= 1 << at;
                    }
                }
            });
            if companies == 0
                && let Some(filer) = super::filer::of(item, vocabulary)
            {
                companies |= 1 << filer;
                filing = true;
            }
        }
        Self { tier: item.tier, companies, filing, name: String::new(), story: String::new() }
    }

    /// The outlet with its names, as origins need them.
    pub(super) fn named(self, item: &Item, outlets: &Outlets) -> Self {
        let host = item.url.as_deref().and_then(|url| url.split('/').nth(2)).unwrap_or_default();
        let known = outlets.by_host(host.trim_start_matches("www.")).map(|outlet| outlet.name.as_str());
        Self { name: slug(known.unwrap_or(&item.outlet)), story: item.key.0.clone(), ..self }
    }

    /// The informant of a sentence about a deal.
    pub(super) fn informant(
        &self,
        reading: &Reading,
        vocabulary: &Vocabulary,
        plan: &DealPlan,
        sentence: &Sentence,
    ) -> Informant {
        let own = self.companies & plan.parties;
        if own != 0 {
            return self.party(vocabulary, own, Tier::A, "own-channel");
        }
        let parties = sentence.companies & plan.parties;
        if sentence.cues.has(Voice::Document) && parties != 0 {
            return self.party(
                vocabulary,
                nearest(reading, sentence, parties, Voice::Document),
                Tier::A,
                "document",
            );
        }
        let said = said_by(reading, sentence, plan.parties);
        if said != 0 {
            return self.party(vocabulary, said, Tier::B, "on-record");
        }
        if let Some(firm) = voice(reading, sentence, Voice::Analyst) {
            let origin = format!("analyst:{}", slug(firm));
            return Informant {
                origin,
                tier: Tier::D.capped_by(self.tier),
                party: false,
                speakers: 0,
                rule: "analyst",
            };
        }
        if let Some(newsroom) = voice(reading, sentence, Voice::Newsroom) {
            let origin = format!("newsroom:{}:{}", slug(newsroom), self.story);
            return Informant {
                origin,
                tier: Tier::C.capped_by(self.tier),
                party: false,
                speakers: 0,
                rule: "newsroom",
            };
        }
        let (origin, tier) = match self.tier {
            // A company's channel that is no party to the deal reports on it as a newsroom does.
            Tier::A | Tier::B | Tier::C => (format!("newsroom:{}:{}", self.name, self.story), Tier::C),
            Tier::D if sentence.cues.has(Voice::Unnamed) => {
                (format!("newsroom:{}:{}", self.name, self.story), Tier::C)
            }
            tier => (format!("unknown:{}", self.story), tier),
        };
        Informant { origin, tier, party: false, speakers: 0, rule: "outlet" }
    }

    fn party(&self, vocabulary: &Vocabulary, speakers: u64, tier: Tier, rule: &'static str) -> Informant {
        let mut ids: Vec<&str> = vocabulary
            .companies
            .iter()
            .enumerate()
            .filter(|(at, _)| speakers & 1 << at != 0)
            .map(|(_, (id, _))| id.as_str())
            .collect();
        ids.sort_unstable();
        let tier = tier.capped_by(self.tier);
        Informant { origin: format!("party:{}", ids.join("+")), tier, party: true, speakers, rule }
    }
}

/// The party that stands nearest before a cue of `voice`, else every party of the sentence.
fn nearest(reading: &Reading, sentence: &Sentence, parties: u64, voice: Voice) -> u64 {
    let Some(cue) = reading.marks_of(sentence).iter().find(|mark| mark.cues.has(voice)) else {
        return parties;
    };
    reading
        .mentions_of(sentence)
        .iter()
        .filter_map(|name| match name.thing {
            Thing::Company(at, _) if parties & 1 << at != 0 && name.start <= cue.end => {
                Some((name.start, at))
            }
            _ => None,
        })
        .max()
        .map_or(parties, |(_, at)| 1 << at)
}

/// Parties to whom a word of saying gives the sentence: "Garman said", "according to Oracle", "says OpenAI".
fn said_by(reading: &Reading, sentence: &Sentence, parties: u64) -> u64 {
    let mut speakers = 0;
    for mark in reading.marks_of(sentence).iter().filter(|mark| mark.cues.has(Voice::Says)) {
        let (mut before, mut behind) = (0, 0);
        for name in reading.mentions_of(sentence) {
            let Thing::Company(at, _) = name.thing else { continue };
            if parties & 1 << at == 0 || name.inside {
                continue;
            }
            let head = reading.slice(name.end as usize, mark.start as usize);
            let tail = reading.slice(mark.end as usize, name.start as usize);
            let joined = |gap: &str| {
                gap.len() <= 28 && !gap.contains([',', '|', ':', '"']) && gap.split(' ').count() <= 4
            };
            if name.end <= mark.start && joined(head) {
                before |= 1 << at;
            } else if name.start >= mark.end && joined(tail) && tail.len() <= 6 {
                behind |= 1 << at;
            }
        }
        // "Kress says OpenAI ...": who stands behind the word is spoken of, unless nobody stands before it.
        speakers |= if before == 0 { behind } else { before };
    }
    speakers
}

fn voice<'r>(reading: &'r Reading, sentence: &Sentence, voice: Voice) -> Option<&'r str> {
    let mark = reading.marks_of(sentence).iter().find(|mark| mark.cues.has(voice))?;
    Some(reading.slice(mark.start as usize, mark.end as usize))
}

/// How sure the speaker of a sentence is. `view`: the item as a whole is an opinion.
pub(super) fn modality(sentence: &Sentence, informant: &Informant, view: bool) -> Modality {
    let cues = sentence.cues;
    if cues.has(Mood::Denial) && informant.party {
        Modality::Denied
    } else if view || informant.rule == "analyst" || cues.has(Topic::Genre) {
        Modality::Opinion
    } else if cues.has(Mood::Condition) && !informant.party {
        Modality::Hypothetical
    } else if cues.has(Mood::Speculation) {
        Modality::Speculative
    } else if cues.has(Mood::Hedge) || cues.has(Voice::Unnamed) || informant.rule == "newsroom" {
        Modality::Hedged
    } else {
        Modality::Asserted
    }
}

/// A name as part of an origin: lower case, hyphens.
fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in super::fold::Folded::new(name).text.chars() {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    if slug.is_empty() { "unnamed".into() } else { slug }
}
