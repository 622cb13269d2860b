//! A silicon programme in full: what was said of the line itself, and whose legs it presses on.

use std::sync::Arc;

use super::Ledger;
use super::board::LegView;
use super::code::Code;
use super::model::headline::press;
use crate::domain::claim::Claim;
use crate::domain::deal::LegKind;
use crate::domain::time::Day;

/// A programme on one day.
#[derive(Clone, Debug)]
pub struct ProgrammePage {
    /// Its id, e.g. `trainium`.
    pub id: String,
    /// As shown.
    pub name: String,
    /// Lexicon id of the owner.
    pub owner: String,
    /// What its claims press, together, milli-nats.
    pub pressure: i32,
    /// Legs that it stands behind.
    pub legs: Vec<ProgrammeLeg>,
    /// Claims known on the day, newest first.
    pub claims: Vec<ProgrammeClaim>,
}

/// A leg that a programme stands behind.
#[derive(Clone, Debug)]
pub struct ProgrammeLeg {
    /// Key of the deal.
    pub deal: String,
    /// Which leg.
    pub leg: LegKind,
    /// Its shown rung.
    pub label: &'static str,
}

/// What was said of a programme.
#[derive(Clone, Debug)]
pub struct ProgrammeClaim {
    /// The claim.
    pub claim: Arc<Claim>,
    /// Read from a feed.
    pub live: bool,
    /// It weighs; a retelling does not.
    pub novel: bool,
    /// Tier and kind of word.
    pub code: Code,
    /// What it adds to the gauge, milli-nats.
    pub counts: i32,
}

impl Ledger {
    /// One programme in full on `as_of`; `None` where there is no such programme.
    pub fn programme_page(&self, id: &str, as_of: Day) -> Option<ProgrammePage> {
        let programme = self.programmes().iter().find(|programme| programme.id == id)?;
        let told =
            self.programme_shelf(id).into_iter().flat_map(|shelf| shelf.entries.iter().zip(&*shelf.evidence));
        let mut claims: Vec<ProgrammeClaim> = told
            .filter(|(_, e)| e.is_seen(as_of))
            .map(|(entry, e)| ProgrammeClaim {
                claim: Arc::clone(&entry.claim),
                live: entry.live,
                novel: e.is_novel(as_of),
                code: Code::of_claim(e.tier, e.modality),
                counts: press(e, as_of).unwrap_or(0),
            })
            .collect();
        claims.sort_by(|a, b| (b.claim.published, &b.claim.id).cmp(&(a.claim.published, &a.claim.id)));
        let behind = |leg: &LegView| leg.programme.as_deref() == Some(id);
        let board = self.board(as_of);
        let legs = board.deals.iter().flat_map(|deal| {
            deal.legs.iter().filter(|leg| behind(leg)).map(|leg| ProgrammeLeg {
                deal: deal.deal.slug.to_string(),
                leg: leg.kind,
                label: leg.status.rung.label(),
            })
        });
        Some(ProgrammePage {
            id: programme.id.clone(),
            name: programme.name.clone(),
            owner: programme.owner.clone(),
            pressure: claims.iter().map(|claim| claim.counts).sum(),
            legs: legs.collect(),
            claims,
        })
    }
}
