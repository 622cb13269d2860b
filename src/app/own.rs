//! What the user does to deals and alerts, and how each deed is undone.

use super::State;
use super::msg::Effect;
use super::world::Own;
use crate::domain::deal::{DealSlug, LegKind};
use crate::domain::text::DisplayText;
use crate::domain::time::{Day, Timestamp};
use crate::ledger::LegPin;

/// A deed of the user's that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A deal is pinned, or not any more.
    Pin(String, bool),
    /// A deal's note; `None` removes it.
    Note(String, Option<String>),
    /// A deal's alerts are silent until a moment; `None`: not any more.
    Mute(String, Option<Timestamp>),
    /// A deal's news up to a moment are seen; `None`: not seen.
    Read(String, Option<Timestamp>),
    /// An alert is acknowledged, or not.
    Acknowledge(String, bool),
    /// A leg's rung is held by the user's own judgement, as [`LegPin`] is written; `None`: not any more.
    Hold(Held, Option<String>),
}

/// What a judgement is about: a deal's leg.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    /// `SLUG LEG`, as it is kept.
    subject: String,
}

impl Held {
    /// A leg of a deal.
    pub fn new(deal: &DealSlug, leg: LegKind) -> Self {
        Self { subject: format!("{deal} {}", leg.word()) }
    }

    /// As it was kept.
    pub fn kept(subject: String) -> Self {
        Self { subject }
    }

    /// The deal.
    pub fn deal(&self) -> DealSlug {
        DealSlug(self.subject.split(' ').next().unwrap_or_default().to_owned())
    }
}

impl Deed {
    /// What it is done to.
    pub fn subject(&self) -> &str {
        match self {
            Self::Pin(subject, _)
            | Self::Note(subject, _)
            | Self::Mute(subject, _)
            | Self::Read(subject, _)
            | Self::Acknowledge(subject, _) => subject,
            Self::Hold(held, _) => &held.subject,
        }
    }

    /// What it is, in a word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pin(_, true) => "pinned",
            Self::Pin(_, false) => "unpinned",
            Self::Note(_, Some(_)) => "noted",
            Self::Note(_, None) => "note removed",
            Self::Mute(_, Some(_)) => "muted",
            Self::Mute(_, None) => "unmuted",
            Self::Read(_, Some(_)) => "read",
            Self::Read(_, None) => "unread",
            Self::Hold(_, Some(_)) => "held",
            Self::Hold(_, None) => "no longer held",
            Self::Acknowledge(_, true) => "acknowledged",
            Self::Acknowledge(_, false) => "not acknowledged",
        }
    }
}

/// What takes the last deed back: the deeds that restore what was before.
pub(super) type Undo = Vec<Deed>;

/// Deeds that can be taken back.
const DEPTH: usize = 100;

impl Own {
    /// The judgements on legs. One that cannot be read any more is left out.
    pub fn pins(&self) -> Vec<LegPin> {
        let read = |(held, text): (&Held, &String)| LegPin::parse(&held.deal(), text, Day::default()).ok();
        self.held.iter().filter_map(read).collect()
    }

    /// Does a deed and returns the one that takes it back.
    pub fn apply(&mut self, deed: &Deed) -> Deed {
        match deed {
            Deed::Pin(slug, on) => {
                let was = if *on { !self.pinned.insert(slug.clone()) } else { self.pinned.remove(slug) };
                Deed::Pin(slug.clone(), was)
            }
            Deed::Note(slug, note) => Deed::Note(
                slug.clone(),
                match note {
                    Some(note) => self.notes.insert(slug.clone(), note.clone()),
                    None => self.notes.remove(slug),
                },
            ),
            Deed::Mute(slug, until) => Deed::Mute(
                slug.clone(),
                match until {
                    Some(until) => self.muted.insert(slug.clone(), *until),
                    None => self.muted.remove(slug),
                },
            ),
            Deed::Read(slug, at) => Deed::Read(
                slug.clone(),
                match at {
                    Some(at) => self.read.insert(slug.clone(), *at),
                    None => self.read.remove(slug),
                },
            ),
            Deed::Hold(held, pin) => Deed::Hold(
                held.clone(),
                match pin {
                    Some(pin) => self.held.insert(held.clone(), pin.clone()),
                    None => self.held.remove(held),
                },
            ),
            Deed::Acknowledge(key, on) => {
                let was =
                    if *on { !self.acknowledged.insert(key.clone()) } else { self.acknowledged.remove(key) };
                Deed::Acknowledge(key.clone(), was)
            }
        }
    }
}

impl Deed {
    /// The deed as the store keeps it: kind, subject, value (`None` takes it away).
    pub fn row(&self) -> (&'static str, String, Option<String>) {
        let subject = self.subject().to_owned();
        let moment = |at: &Option<Timestamp>| at.map(|at| at.0.to_string());
        match self {
            Deed::Pin(_, on) => ("pin", subject, on.then(String::new)),
            Deed::Acknowledge(_, on) => ("acknowledge", subject, on.then(String::new)),
            Deed::Note(_, note) => ("note", subject, note.clone()),
            Deed::Hold(_, pin) => ("hold", subject, pin.clone()),
            Deed::Mute(_, until) => ("mute", subject, moment(until)),
            Deed::Read(_, at) => ("read", subject, moment(at)),
        }
    }
}

impl Own {
    /// Deeds as the store kept them.
    pub fn of_rows(rows: Vec<(String, String, String)>) -> Self {
        let mut own = Self::default();
        for (kind, subject, value) in rows {
            let moment = || value.parse().ok().map(Timestamp);
            let deed = match kind.as_str() {
                "pin" => Deed::Pin(subject, true),
                "acknowledge" => Deed::Acknowledge(subject, true),
                "note" => Deed::Note(subject, Some(DisplayText::line(&value, 500).as_str().to_owned())),
                "mute" => Deed::Mute(subject, moment()),
                "read" => Deed::Read(subject, moment()),
                "hold" => {
                    Deed::Hold(Held::kept(subject), Some(DisplayText::line(&value, 500).as_str().to_owned()))
                }
                // Kept by a newer program.
                _ => continue,
            };
            own.apply(&deed);
        }
        own
    }
}

impl State {
    /// Does deeds that are undone together, and has them kept.
    pub(super) fn deeds(&mut self, deeds: Vec<Deed>) -> Vec<Effect> {
        let mut undo: Undo = deeds.iter().map(|deed| self.world.own.apply(deed)).collect();
        undo.reverse();
        if self.undo.len() >= DEPTH {
            self.undo.remove(0);
        }
        self.undo.push(undo);
        deeds.into_iter().map(Effect::Keep).collect()
    }

    /// Takes the last deeds back; `None` when there are none.
    pub(super) fn take_back(&mut self) -> Option<(String, Vec<Effect>)> {
        let undo = self.undo.pop()?;
        let first = undo.first()?;
        // The key of an alert is for the store.
        let said = match (first, undo.len()) {
            (Deed::Acknowledge(..), 1) => format!("alert {}", first.word()),
            (Deed::Acknowledge(..), count) => format!("{count} alerts {}", first.word()),
            (_, 1) => format!("{}: {}", first.subject(), first.word()),
            (_, count) => format!("{count} deals {}", first.word()),
        };
        for deed in &undo {
            self.world.own.apply(deed);
        }
        Some((said, undo.into_iter().map(Effect::Keep).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_deed() -> impl Strategy<Value = Deed> {
        let slug = || "[ab]";
        prop_oneof![
            (slug(), any::<bool>()).prop_map(|(slug, on)| Deed::Pin(slug, on)),
            (slug(), proptest::option::of("[x-z]")).prop_map(|(slug, note)| Deed::Note(slug, note)),
            (slug(), proptest::option::of(0i64..9))
                .prop_map(|(slug, at)| Deed::Mute(slug, at.map(Timestamp))),
            (slug(), proptest::option::of(0i64..9))
                .prop_map(|(slug, at)| Deed::Read(slug, at.map(Timestamp))),
            (slug(), any::<bool>()).prop_map(|(slug, on)| Deed::Acknowledge(slug, on)),
            (slug(), proptest::option::of("[x-z]")).prop_map(|(slug, pin)| Deed::Hold(Held::kept(slug), pin)),
        ]
    }

    proptest! {
        #[test]
        fn every_deed_can_be_taken_back(before in proptest::collection::vec(any_deed(), 0..8), deed in any_deed()) {
            let mut own = Own::default();
            for deed in &before {
                own.apply(deed);
            }
            let was = own.clone();
            let back = own.apply(&deed);
            own.apply(&back);
            prop_assert_eq!(own, was);
        }
    }

    #[test]
    fn deeds_come_back_as_they_were_kept() {
        let deeds = [
            Deed::Pin("a".into(), true),
            Deed::Note("a".into(), Some("look again".into())),
            Deed::Mute("b".into(), Some(Timestamp(5))),
            Deed::Read("b".into(), Some(Timestamp(6))),
            Deed::Acknowledge("status a b".into(), true),
            Deed::Hold(
                Held::new(&DealSlug("a-b".into()), LegKind::Custom),
                Some("custom exactly deployed from 2026-10-02".into()),
            ),
        ];
        let mut own = Own::default();
        let mut rows = Vec::new();
        for deed in &deeds {
            own.apply(deed);
            let (kind, subject, value) = deed.row();
            rows.push((kind.to_owned(), subject, value.unwrap_or_default()));
        }
        assert_eq!(Own::of_rows(rows), own);
    }
}
