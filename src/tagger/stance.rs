//! Which silicon an item is about, which way it moves, and how far along the non-GPU leg is said to be.

use serde::Serialize;

use super::event::Event;
use super::link::Link;
use super::plan::DealPlan;
use super::reading::{Part, Reading, Sentence};
use super::vocabulary::{Thing, Vocabulary};
use crate::domain::claim::Rung;
use crate::domain::deal::{Class, LegKind};
use crate::domain::lexicon::{Action, Mood, SiliconClass, Topic};

/// The silicon of an item's evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Silicon {
    /// Merchant GPUs.
    Gpu,
    /// A cloud's or a buyer's own.
    Custom,
    /// Merchant silicon that is no GPU.
    Other,
    /// GPUs and something else.
    Both,
    /// Not said.
    #[default]
    None,
}

impl Silicon {
    /// The word used in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gpu => "gpu",
            Self::Custom => "custom",
            Self::Other => "other",
            Self::Both => "both",
            Self::None => "none",
        }
    }
}

/// Which way the item moves a deal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub enum Direction {
    /// Toward custom silicon.
    #[serde(rename = "+custom")]
    TowardCustom,
    /// Toward GPUs, or away from custom silicon.
    #[serde(rename = "-custom")]
    TowardGpu,
    /// No new move.
    #[default]
    #[serde(rename = "0")]
    Still,
}

impl Direction {
    /// The word used in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::TowardCustom => "+custom",
            Self::TowardGpu => "-custom",
            Self::Still => "0",
        }
    }
}

/// What an item says about silicon.
pub(super) struct Stance {
    pub silicon: Silicon,
    pub direction: Direction,
    pub stage: Rung,
}

/// What the stance is read from.
pub(super) struct Reader<'a> {
    pub reading: &'a Reading,
    pub vocabulary: &'a Vocabulary,
    pub plans: &'a [DealPlan],
    pub links: &'a [Link],
    pub event: Event,
    /// Silicon that takes part.
    pub live: u64,
    /// The item tells of a look beyond a merchant vendor.
    pub looks_beyond: bool,
}

impl Reader<'_> {
    /// Reads the stance of the item.
    pub(super) fn stance(&self) -> Stance {
        let silicon = self.silicon();
        Stance { silicon, direction: self.direction(silicon), stage: self.stage(silicon) }
    }

    fn head(&self) -> impl Iterator<Item = &Sentence> {
        self.reading.sentences.iter().take_while(|sentence| sentence.part != Part::Body)
    }

    /// Whether every deal is merchant GPUs alone while the item looks for something else.
    fn leaves(&self) -> bool {
        self.looks_beyond
            && !self.links.is_empty()
            && self.links.iter().all(|link| self.plans[link.deal].gpu_only())
    }

    fn silicon(&self) -> Silicon {
        if self.leaves() {
            return Silicon::Both;
        }
        let of = |class: SiliconClass| {
            let lines = self.vocabulary.silicon.iter().enumerate();
            lines.filter(|(_, line)| line.class == class).fold(0_u64, |set, (at, _)| set | 1 << at)
        };
        let named_gpu = self.live & of(SiliconClass::Gpu) != 0;
        let (mut gpu, mut custom, mut other) = (false, false, false);
        // A setback is about the deals of the headline; what else shrank is background.
        let titled = self.event == Event::Setback && self.links.iter().any(|link| link.in_title);
        let dull =
            self.event == Event::Analysis && self.live == 0 && self.head().any(|s| s.cues.has(Topic::Market));
        for link in self.links.iter().filter(|link| link.in_title || !titled) {
            let plan = &self.plans[link.deal];
            match plan.legs.as_slice() {
                [LegKind::Gpu] => gpu |= plan.class == Class::Silicon && !dull || named_gpu,
                [LegKind::Custom] => custom = true,
                [LegKind::Other] => other = true,
                _ => {
                    // A GPU vendor that is party to the deal speaks for its chips.
                    let vendor = self.vocabulary.silicon.iter().any(|line| {
                        let owner = line.owner.map_or(0, |owner| 1_u64 << owner);
                        line.class == SiliconClass::Gpu && owner & plan.parties & self.reading.companies != 0
                    });
                    gpu |= plan.gpu & self.live != 0 || vendor;
                    custom |= plan.custom & self.live != 0;
                    other |= plan.other & self.live != 0;
                }
            }
        }
        gpu |= custom && self.beside(of(SiliconClass::Gpu), of(SiliconClass::Custom));
        match (gpu, custom, other) {
            (true, false, false) => Silicon::Gpu,
            (true, _, _) => Silicon::Both,
            (false, true, _) => Silicon::Custom,
            (false, false, true) => Silicon::Other,
            _ => Silicon::None,
        }
    }

    /// Whether silicon of both sets is named in one breath: "GPU and TPU clusters".
    fn beside(&self, first: u64, second: u64) -> bool {
        self.head().any(|sentence| {
            let names = self.reading.mentions_of(sentence);
            names.iter().zip(names.iter().skip(1)).any(|(a, b)| {
                let (Thing::Silicon(x), Thing::Silicon(y)) = (a.thing, b.thing) else { return false };
                let set = 1_u64 << x | 1 << y;
                set & first != 0
                    && set & second != 0
                    && self.reading.slice(a.end as usize, b.start as usize).trim() == "and"
            })
        })
    }

    fn words(&self, phrases: &[&str]) -> bool {
        self.head().any(|sentence| {
            let text = self.reading.slice(sentence.start, sentence.end);
            phrases.iter().any(|phrase| text.contains(phrase))
        })
    }

    /// The highest rung that the text supports for a leg that is not merchant GPUs.
    fn stage(&self, silicon: Silicon) -> Rung {
        if self.leaves() {
            return Rung::Exploring;
        }
        let merchant = self.links.iter().all(|link| self.plans[link.deal].gpu_only());
        if matches!(silicon, Silicon::Gpu | Silicon::None) || merchant {
            return Rung::None;
        }
        let already = self.head().any(|sentence| {
            sentence.cues.has(Action::Adoption)
                && self.reading.slice(sentence.start, sentence.end).contains("already")
        });
        let firm =
            self.head().any(|sentence| sentence.cues.has(Mood::Binding) && sentence.silicon & self.live != 0);
        let trial = self.words(&[
            "no plan",
            "no active plan",
            "no large scale",
            "not in our plans",
            "experiment",
            "early test",
        ]);
        match self.event {
            Event::Adoption => Rung::Serving,
            _ if already => Rung::Serving,
            Event::Milestone
                if self.words(&["delivered", "went live", "goes live", "is live", "now live", "online"]) =>
            {
                Rung::Deployed
            }
            Event::Exploration if !firm => Rung::Exploring,
            Event::Setback if trial => Rung::Exploring,
            _ => Rung::Announced,
        }
    }

    fn direction(&self, silicon: Silicon) -> Direction {
        if self.leaves() {
            return Direction::TowardCustom;
        }
        let capacity = self.reading.sentences.iter().any(|s| s.cues.has(Mood::Binding))
            && self.words(&["gw", "mw", "watt"]);
        let listing = self.head().any(|s| s.cues.has(Topic::Valuation));
        let forward = self.event.is_agreement()
            || matches!(self.event, Event::Milestone | Event::Adoption | Event::Exploration)
            || self.event == Event::Financing && !listing
            || self.event == Event::Filing && capacity && silicon != Silicon::Gpu;
        let suit = self.head().any(|s| s.cues.has(Action::Setback) && s.cues.has(Action::Regulatory));
        match silicon {
            Silicon::Custom | Silicon::Other | Silicon::Both if forward => Direction::TowardCustom,
            Silicon::Gpu if forward => Direction::TowardGpu,
            Silicon::Custom | Silicon::Other if self.event == Event::Setback && !suit => Direction::TowardGpu,
            _ => Direction::Still,
        }
    }
}
