//! The wire: one line a story and deal, newest first.

use crate::domain::text::DisplayText;
use crate::domain::time::{Day, Timestamp};
use crate::ledger::signal::{Score, Signal};

/// A line of the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireRow {
    /// Identity.
    pub key: String,
    /// When it was published; where only the day is known, its beginning.
    pub at: Timestamp,
    /// The day on which it became known here.
    pub day: Day,
    /// Slug of the deal, or id of the programme.
    pub subject: String,
    /// 0 to 100.
    pub priority: u8,
    /// The parts that the priority is made of.
    pub score: Score,
    /// Type, e.g. `SIGNED`.
    pub kind: String,
    /// What changed, in one line.
    pub what: DisplayText,
    /// Best tier.
    pub tier: char,
    /// Independent informants.
    pub origins: usize,
    /// Items that tell the same, this one included.
    pub copies: usize,
    /// Claims behind it.
    pub claims: Vec<String>,
    /// Where it stands, if it has an address.
    pub url: Option<String>,
    /// From a feed, not from the catalog.
    pub live: bool,
}

/// Its identity, for the cursor.
impl AsRef<str> for WireRow {
    fn as_ref(&self) -> &str {
        &self.key
    }
}

impl WireRow {
    /// A line of the ledger's wire.
    pub fn of_signal(signal: &Signal) -> Self {
        let subject = signal
            .deal
            .as_ref()
            .map(|deal| deal.0.clone())
            .or_else(|| signal.programme.clone())
            .unwrap_or_default();
        Self {
            key: format!(
                "{} {subject} {} {}",
                signal.day,
                signal.kind.word(),
                signal.claims.first().map_or("", String::as_str)
            ),
            at: signal.at.unwrap_or_else(|| signal.day.start()),
            day: signal.day,
            subject,
            priority: signal.score.priority(),
            score: signal.score,
            kind: signal.kind.word().to_owned(),
            what: DisplayText::line(&signal.what, 300),
            tier: signal.code.map_or('-', |code| code.tier.letter()),
            origins: signal.informants,
            copies: signal.copies + 1,
            claims: signal.claims.clone(),
            url: signal.url.clone(),
            live: signal.live,
        }
    }
}
