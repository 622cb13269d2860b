//! Items to claims, with the reason for each. Pure.

mod body;
mod claims;
mod denial;
mod document;
mod event;
mod filer;
mod fold;
mod link;
mod plan;
mod quantity;
mod reading;
mod role;
pub mod score;
mod stance;
mod trie;
mod vocabulary;
mod voice;
mod whole;
mod words;

pub use event::Event;
pub use quantity::{Bound, Kind, Of, Quantity};
pub use stance::{Direction, Silicon};

use serde::Serialize;

use crate::domain::claim::{Claim, Rung};
use crate::domain::deal::{Catalog, DealSlug};
use crate::domain::item::Item;
use crate::domain::lexicon::{Action, Lexicon, SiliconClass, Topic};
use crate::domain::outlet::Outlets;
use claims::Writer;
use link::{Link, Linker};
use plan::DealPlan;
use reading::{Part, Reading};
use vocabulary::{SiliconLine, Vocabulary};
use voice::Outlet;

/// Reads claims about tracked deals from items. Compiled once, used for every item, on any thread.
#[derive(Debug)]
pub struct Tagger {
    vocabulary: Vocabulary,
    plans: Vec<DealPlan>,
    outlets: Outlets,
}

/// A deal that an item is evidence about.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Touched {
    /// The deal.
    pub slug: DealSlug,
    /// How central it is to the item, 0 to 100.
    pub relevance: u8,
}

/// Relevance of a deal of which only the document behind a headline speaks.
const BODY_RELEVANCE: u8 = 60;

/// Why a tag was given: the rule, and the words that it was read from.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Reason {
    /// What was decided, e.g. `deal openai-aws`.
    pub tag: String,
    /// The rule.
    pub rule: &'static str,
    /// Byte range in title, newline, summary, newline, text.
    pub span: (u32, u32),
}

/// What an item says.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Tagged {
    /// Deals, most relevant first.
    pub deals: Vec<Touched>,
    /// Silicon programmes.
    pub programmes: Vec<String>,
    /// Event type.
    pub event: Event,
    /// Whose silicon.
    pub silicon: Silicon,
    /// Which way it moves.
    pub direction: Direction,
    /// How far along the non-GPU leg is said to be.
    pub stage: Rung,
    /// Every figure of headline and summary.
    pub quantities: Vec<Quantity>,
    /// What it says about legs and programmes.
    pub claims: Vec<Claim>,
    /// Why.
    pub reasons: Vec<Reason>,
}

impl Tagger {
    /// Compiles the lexicon and the catalog. A deal whose parties the lexicon does not know is never found.
    pub fn new(lexicon: &Lexicon, catalog: &Catalog, outlets: &Outlets) -> Self {
        let vocabulary = Vocabulary::new(lexicon);
        let plans = plan::compile(catalog, &vocabulary);
        Self { vocabulary, plans, outlets: outlets.clone() }
    }

    /// Whether an item is the filing of a party to a tracked deal. Its headline need not name a deal: it is
    /// the document that does.
    pub fn is_party_filing(&self, item: &Item) -> bool {
        let outlet = Outlet::new(item, &self.vocabulary);
        outlet.filing && self.plans.iter().any(|plan| plan.parties & outlet.companies != 0)
    }

    /// Reads one item. Total, deterministic, linear in the length of its text.
    pub fn tag(&self, item: &Item) -> Tagged {
        let mut raw = String::with_capacity(item.title.len() + item.summary.len() + 2);
        raw.push_str(&item.title);
        raw.push('\n');
        let title_end = raw.len();
        raw.push_str(&item.summary);
        raw.push('\n');
        let summary_end = raw.len();
        if let Some(text) = &item.text {
            raw.push_str(text);
        }
        let mut reading = Reading::new(&self.vocabulary, &raw, title_end, summary_end);
        let quantities = quantity::scan(&mut reading, &raw);
        let outlet = Outlet::new(item, &self.vocabulary);
        let filing = outlet.filing;
        let linker = Linker {
            reading: &reading,
            vocabulary: &self.vocabulary,
            plans: &self.plans,
            quantities: &quantities,
            own: outlet.companies,
        };
        let links = linker.links();
        let ties = linker.ties(&raw, &links);
        let programmes = self.programmes(&reading);
        let of_class = |set: u64, fits: fn(SiliconClass) -> bool| {
            self.vocabulary
                .silicon
                .iter()
                .enumerate()
                .any(|(at, line)| set & 1 << at != 0 && fits(line.class))
        };
        let title =
            reading.sentences.iter().filter(|s| s.part == Part::Title).fold(0, |set, s| set | s.silicon);
        let subject = event::Subject {
            deals: links.len(),
            in_title: links.iter().any(|link| link.in_title),
            programmes: programmes.len(),
            custom: of_class(reading.silicon, |class| class == SiliconClass::Custom),
            accelerator: of_class(title, SiliconClass::accelerates),
            filing: outlet.filing,
        };
        let event = event::decide(&reading, &quantities, &subject);
        let stance = stance::Reader {
            reading: &reading,
            vocabulary: &self.vocabulary,
            plans: &self.plans,
            links: &links,
            event,
            live: linker.live_silicon(),
            looks_beyond: linker.looks_beyond(),
        }
        .stance();
        let claims = if links.is_empty() && ties.is_empty() && programmes.is_empty() {
            Vec::new()
        } else {
            let outlet = outlet.named(item, &self.outlets);
            let writer = Writer {
                item,
                raw: &raw,
                reading: &reading,
                vocabulary: &self.vocabulary,
                plans: &self.plans,
                quantities: &quantities,
                outlet: &outlet,
                event,
            };
            writer.claims(&links, &ties, &programmes)
        };
        let mut deals: Vec<Touched> = links
            .iter()
            .map(|link| Touched { slug: self.plans[link.deal].slug.clone(), relevance: link.relevance })
            .collect();
        let mut reasons = self.reasons(&reading, &links, event);
        // What only the document itself speaks of.
        for tie in &ties {
            let slug = &self.plans[tie.deal].slug;
            let told = claims.iter().any(|claim| claim.subject.deal() == Some(slug));
            if told && deals.iter().all(|deal| deal.slug != *slug) {
                deals.push(Touched { slug: slug.clone(), relevance: BODY_RELEVANCE });
                let sentence = &reading.sentences[tie.sentence];
                let (from, to) = reading.folded.span(sentence.start, sentence.end);
                let tag = format!("deal {slug}");
                reasons.push(Reason { tag, rule: "document", span: (from as u32, to as u32) });
            }
        }
        let event = match (event, claims.iter().map(|claim| claim.rung).max()) {
            (Event::None, Some(_)) if filing => Event::Filing,
            (Event::None, Some(rung)) if rung >= Rung::Piloting => Event::Milestone,
            (Event::None, Some(Rung::Contracted)) => Event::Commitment,
            (event, _) => event,
        };
        Tagged {
            deals,
            programmes,
            event,
            silicon: stance.silicon,
            direction: stance.direction,
            stage: stance.stage,
            quantities,
            claims,
            reasons,
        }
    }

    /// Why each deal and the event were tagged, with the sentence that decided.
    fn reasons(&self, reading: &Reading, links: &[Link], event: Event) -> Vec<Reason> {
        let span = |sentence: &reading::Sentence| {
            let (from, to) = reading.folded.span(sentence.start, sentence.end);
            (from as u32, to as u32)
        };
        let mut reasons: Vec<Reason> = links
            .iter()
            .map(|link| Reason {
                tag: format!("deal {}", self.plans[link.deal].slug),
                rule: link.rule,
                span: span(&reading.sentences[link.sentence]),
            })
            .collect();
        if event != Event::None
            && let Some(title) = reading.sentences.first()
        {
            reasons.push(Reason {
                tag: format!("event {}", event.word()),
                rule: "ladder",
                span: span(title),
            });
        }
        reasons
    }

    /// Programmes that the item is evidence about: named in the headline, by their silicon or as an owner's
    /// "own chips"; or in the summary, in a sentence that tells something about them.
    fn programmes(&self, reading: &Reading) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let heads = |part: Part| reading.sentences.iter().filter(move |sentence| sentence.part == part);
        let unnamed = |line: &SiliconLine| line.class == SiliconClass::Custom && line.owner.is_none();
        let own = self
            .vocabulary
            .silicon
            .iter()
            .enumerate()
            .filter(|(_, line)| unnamed(line))
            .fold(0_u64, |set, (at, _)| set | 1 << at);
        let told = [
            Action::Competitiveness,
            Action::Milestone,
            Action::Adoption,
            Action::Exploration,
            Action::Setback,
            Action::Commitment,
        ];
        let off = reading.sentences.iter().any(|s| s.cues.has(Topic::OffTopic) || s.cues.has(Topic::Product));
        let compute = reading.sentences.iter().any(|s| s.cues.has(Topic::Compute));
        for (at, line) in self.vocabulary.silicon.iter().enumerate() {
            let Some(programme) = line.programme.as_ref().filter(|programme| *programme != "xpu") else {
                continue;
            };
            let bit = 1_u64 << at;
            let named = heads(Part::Title).any(|title| {
                let owned = line.owner.is_some_and(|owner| title.companies & 1 << owner != 0);
                let known = compute || line.owner.is_some_and(|owner| reading.companies & 1 << owner != 0);
                title.silicon & bit != 0 && known || title.silicon & own != 0 && owned
            });
            let told = !off
                && heads(Part::Summary)
                    .any(|s| s.silicon & bit != 0 && told.iter().any(|&action| s.cues.has(action)));
            if (named || told) && !found.contains(programme) {
                found.push(programme.clone());
            }
        }
        found
    }
}
