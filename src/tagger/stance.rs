//! Which silicon an item is about, which way it moves, and how far along the non-GPU leg is said to be.

use serde::Serialize;

use super::event::Event;
use super::link::Link;
use super::plan::DealPlan;
use super::reading::Reading;
use super::vocabulary::Vocabulary;
use crate::domain::claim::Rung;
use crate::domain::lexicon::{Action, Mood, SiliconClass};

/// The silicon of an item's evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
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

/// Which way the item moves a deal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
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

/// What an item says about silicon.
pub(super) struct Stance {
    pub silicon: Silicon,
    pub direction: Direction,
    pub stage: Rung,
}

/// Reads the stance of an item about the given deals.
pub(super) fn read(
    reading: &Reading,
    vocabulary: &Vocabulary,
    plans: &[DealPlan],
    links: &[Link],
    event: Event,
) -> Stance {
    let silicon = silicon(reading, vocabulary, plans, links);
    let stage = stage(reading, plans, links, silicon, event);
    let direction = direction(reading, silicon, event);
    Stance { silicon, direction, stage }
}

fn classes(reading: &Reading, vocabulary: &Vocabulary) -> (bool, bool, bool) {
    let mut has = (false, false, false);
    for (at, line) in vocabulary.silicon.iter().enumerate() {
        if reading.silicon & 1 << at != 0 {
            match line.class {
                SiliconClass::Gpu => has.0 = true,
                SiliconClass::Custom => has.1 = true,
                SiliconClass::Other => has.2 = true,
                SiliconClass::None => {}
            }
        }
    }
    has
}

fn silicon(reading: &Reading, vocabulary: &Vocabulary, plans: &[DealPlan], links: &[Link]) -> Silicon {
    let (mut gpu, mut custom, mut other) = (false, false, false);
    let (names_gpu, names_custom, _) = classes(reading, vocabulary);
    for link in links {
        let plan = &plans[link.deal];
        if plan.legs.len() == 1 {
            match plan.legs[0] {
                crate::domain::deal::LegKind::Gpu => {
                    gpu |= plan.class == crate::domain::deal::Class::Silicon || names_gpu
                }
                crate::domain::deal::LegKind::Custom => custom = true,
                crate::domain::deal::LegKind::Other => other = true,
            }
        } else {
            gpu |= names_gpu && plan.gpu & reading.silicon != 0;
            custom |= names_custom && plan.custom & reading.silicon != 0;
            other |= plan.other & reading.silicon != 0;
        }
    }
    match (gpu, custom, other) {
        (true, false, false) => Silicon::Gpu,
        (true, _, _) => Silicon::Both,
        (false, true, _) => Silicon::Custom,
        (false, false, true) => Silicon::Other,
        _ => Silicon::None,
    }
}

fn stage(reading: &Reading, plans: &[DealPlan], links: &[Link], silicon: Silicon, event: Event) -> Rung {
    if matches!(silicon, Silicon::Gpu | Silicon::None) || links.iter().all(|link| plans[link.deal].gpu_only())
    {
        return Rung::None;
    }
    match event {
        Event::Exploration => Rung::Exploring,
        Event::Adoption => Rung::Serving,
        _ if reading
            .sentences
            .iter()
            .any(|s| s.cues.has(Mood::Denial) && s.cues.has(Action::Exploration)) =>
        {
            Rung::Exploring
        }
        _ => Rung::Announced,
    }
}

fn direction(reading: &Reading, silicon: Silicon, event: Event) -> Direction {
    let _ = reading;
    let forward = event.is_agreement()
        || matches!(event, Event::Milestone | Event::Adoption | Event::Exploration | Event::Financing);
    match (silicon, event) {
        (Silicon::Custom | Silicon::Other | Silicon::Both, _) if forward => Direction::TowardCustom,
        (Silicon::Gpu, _) if forward => Direction::TowardGpu,
        (Silicon::Custom | Silicon::Other, Event::Setback) => Direction::TowardGpu,
        _ => Direction::Still,
    }
}
