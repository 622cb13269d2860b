//! The reader's own judgement on a leg's rung, as people write it: `custom exactly deployed until
//! 2027-01-31 I have seen the racks`.

use std::fmt;

use super::book::LegPin;
use super::model::fold::{Pin, PinOp};
use crate::domain::claim::Rung;
use crate::domain::deal::{DealSlug, LegKind};
use crate::domain::time::Day;

/// Longest note, in characters.
const NOTE: usize = 300;

/// Why a text is no judgement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPin {
    /// No leg, or one that there is not.
    #[error("name the leg first: gpu, custom or other")]
    Leg,
    /// No rung, or one that there is not.
    #[error(
        "`{0}` is no rung: {list}",
        list = Rung::ALL.map(|rung| rung.label().to_lowercase()).join(", ")
    )]
    Rung(String),
    /// A date that cannot be read.
    #[error("`{0}` is no date (2027-01-31)")]
    Date(String),
}

fn leg(word: &str) -> Option<LegKind> {
    [LegKind::Gpu, LegKind::Custom, LegKind::Other].into_iter().find(|kind| kind.word() == word)
}

fn rung(word: &str) -> Result<Rung, BadPin> {
    let known = Rung::ALL.into_iter().find(|rung| rung.label().eq_ignore_ascii_case(word));
    known.ok_or_else(|| BadPin::Rung(word.chars().take(40).collect()))
}

impl LegPin {
    /// Reads `LEG [at-least|at-most|exactly] RUNG [from DATE] [until DATE] [NOTE]`; without a word before
    /// the rung it is held exactly, without a first day it holds from `today`.
    pub fn parse(deal: &DealSlug, text: &str, today: Day) -> Result<Self, BadPin> {
        let mut words = text.split_whitespace().peekable();
        let leg = words.next().and_then(leg).ok_or(BadPin::Leg)?;
        let op = match words.peek().copied() {
            Some("at-least") => Some(PinOp::AtLeast),
            Some("at-most") => Some(PinOp::AtMost),
            Some("exactly") => Some(PinOp::Exact),
            _ => None,
        };
        if op.is_some() {
            words.next();
        }
        let rung = rung(words.next().unwrap_or_default())?.index() as u8;
        let mut pin = Pin { op: op.unwrap_or(PinOp::Exact), rung, from: today, until: None };
        while let Some(word @ ("from" | "until")) = words.peek().copied() {
            words.next();
            let date = words.next().unwrap_or_default();
            let day: Day = date.parse().map_err(|_| BadPin::Date(date.chars().take(40).collect()))?;
            if word == "from" {
                pin.from = day;
            } else {
                pin.until = Some(day);
            }
        }
        let note: String = words.collect::<Vec<_>>().join(" ").chars().take(NOTE).collect();
        Ok(Self { deal: deal.clone(), leg, pin, note })
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let op = match self.op {
            PinOp::AtLeast => "at-least",
            PinOp::AtMost => "at-most",
            PinOp::Exact => "exactly",
        };
        let rung = Rung::from_index(usize::from(self.rung)).label().to_lowercase();
        write!(f, "{op} {rung} from {}", self.from)?;
        match self.until {
            Some(until) => write!(f, " until {until}"),
            None => Ok(()),
        }
    }
}

/// As [`LegPin::parse`] reads it.
impl fmt::Display for LegPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.leg.word(), self.pin)?;
        if self.note.is_empty() { Ok(()) } else { write!(f, " {}", self.note) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<LegPin, BadPin> {
        LegPin::parse(&DealSlug("a-b".into()), text, "2026-10-02".parse().unwrap())
    }

    #[test]
    fn a_judgement_is_read_as_people_write_it_and_read_back_as_written() {
        let pin = read("custom exactly deployed until 2027-01-31 I have seen the racks").unwrap();
        assert_eq!((pin.leg, pin.pin.op, pin.pin.rung), (LegKind::Custom, PinOp::Exact, 5));
        assert_eq!(pin.pin.until, Some("2027-01-31".parse().unwrap()));
        assert_eq!(pin.note, "I have seen the racks");
        assert_eq!(read(&pin.to_string()), Ok(pin));
        assert_eq!(read("gpu AT-SCALE").unwrap().to_string(), "gpu exactly at-scale from 2026-10-02");
        for text in ["custom at-least serving", "other at-most none from 2026-01-01 until 2026-02-01"] {
            let pin = read(text).unwrap();
            assert_eq!(read(&pin.to_string()), Ok(pin));
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(read("deployed"), Err(BadPin::Leg));
        assert!(read("custom live").unwrap_err().to_string().contains("deployed"));
        assert_eq!(read("custom deployed until soon"), Err(BadPin::Date("soon".into())));
    }
}
