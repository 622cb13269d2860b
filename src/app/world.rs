//! What the screen shows, as it was last reported. Workers replace it piece by piece.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

pub use crate::ledger::board::{Board, DealStatus, LegView, NextMilestone};
pub use crate::ledger::capacity::{Conflict, Figure};
pub use crate::ledger::model::headline::Headline;
pub use crate::ledger::model::status::{LegStatus, Level};
pub use crate::ledger::rollup::{Measure, Rollup, Scope, Side};

use super::history::History;
use super::wire::WireRow;
use crate::config::settings::CalendarEntry;
use crate::domain::text::DisplayText;
use crate::domain::time::{Day, Timestamp};
use crate::ledger::Ledger;

/// Everything that comes from outside the screen.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// All claims, weighed.
    pub ledger: Option<Arc<Ledger>>,
    /// The board of the day that is shown.
    pub board: Option<Arc<Board>>,
    /// What changed when.
    pub history: Option<Arc<History>>,
    /// The wire, newest first.
    pub wire: Arc<Vec<WireRow>>,
    /// The wire of the past day that is shown, once it has been worked out.
    pub wire_then: Option<(Day, Arc<Vec<WireRow>>)>,
    /// Every feed.
    pub sources: Vec<Source>,
    /// The poll that is under way, or the last one.
    pub poll: Poll,
    /// What the program did, oldest first.
    pub log: VecDeque<LogLine>,
    /// The user's own dates.
    pub dates: Vec<CalendarEntry>,
    /// What the user did to deals and alerts.
    pub own: Own,
    /// When the user last looked, before this session.
    pub last_look: Option<Timestamp>,
    /// The network is not used at all.
    pub offline: bool,
    /// Another program polls; this one only shows.
    pub viewer: bool,
    /// What the store said about itself that the user should know.
    pub store_notice: Option<String>,
}

/// What the user did: kept in the store, undone by `undo`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// Deals kept at the top.
    pub pinned: BTreeSet<String>,
    /// Notes by deal.
    pub notes: BTreeMap<String, String>,
    /// Deals whose alerts are silent, and until when.
    pub muted: BTreeMap<String, Timestamp>,
    /// Deals whose news up to a moment were seen.
    pub read: BTreeMap<String, Timestamp>,
    /// Alerts that were acknowledged, by key.
    pub acknowledged: BTreeSet<String>,
    /// Legs whose rung is held by the user's own judgement, as it is written.
    pub held: BTreeMap<super::own::Held, String>,
}

/// A feed as shown in Sources.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Source {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Tier letter.
    pub tier: char,
    /// The group it is in.
    pub group: String,
    /// Its address without secrets.
    pub url: String,
    /// How the last attempt ended.
    pub health: Health,
    /// What happened, in words; empty when all is well.
    pub detail: DisplayText,
    /// The last attempt.
    pub last: Option<Timestamp>,
    /// The last attempt that went well.
    pub last_ok: Option<Timestamp>,
    /// The next attempt.
    pub next: Option<Timestamp>,
    /// Items stored from it.
    pub items: u64,
    /// Publication of its newest item.
    pub newest: Option<Timestamp>,
    /// Seconds that usually lie between two of its items.
    pub habit: Option<i64>,
    /// Attempts in a row that failed.
    pub failures: u32,
    /// Being asked right now.
    pub busy: bool,
}

/// How a feed is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// The last attempt failed.
    Failed,
    /// It answers, but nothing new has come for much longer than usual.
    Late,
    /// Not asked yet.
    #[default]
    Waiting,
    /// All is well.
    Ok,
}

impl Health {
    /// The word shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Failed => "FAILED",
            Self::Late => "LATE",
            Self::Waiting => "waiting",
            Self::Ok => "ok",
        }
    }
}

/// Progress of polling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Poll {
    /// Feeds asked in this round.
    pub asked: usize,
    /// Feeds that answered in this round.
    pub done: usize,
    /// New items of this round.
    pub new: usize,
}

impl Poll {
    /// Whether a round is under way.
    pub fn running(self) -> bool {
        self.done < self.asked
    }
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When.
    pub at: Timestamp,
    /// Whether it is bad news.
    pub bad: bool,
    /// What.
    pub text: DisplayText,
}

/// Lines kept of the log.
pub const LOG_LINES: usize = 500;

impl World {
    /// The status of a deal on the day shown.
    pub fn deal(&self, slug: &str) -> Option<&DealStatus> {
        self.board.as_ref()?.deals.iter().find(|deal| deal.deal.slug.as_str() == slug)
    }

    /// Feeds that are well, late and failed.
    pub fn feeds(&self) -> (usize, usize, usize) {
        let count = |health| self.sources.iter().filter(|source| source.health == health).count();
        (count(Health::Ok), count(Health::Late), count(Health::Failed))
    }

    /// When any feed last answered.
    pub fn last_fetch(&self) -> Option<Timestamp> {
        self.sources.iter().filter_map(|source| source.last_ok).max()
    }

    /// Whether nothing can be believed to be live: no feed has answered and every one that was asked failed.
    pub fn is_offline(&self) -> bool {
        let (ok, late, failed) = self.feeds();
        self.offline || (ok + late == 0 && failed > 0)
    }

    /// Adds a line to the log.
    pub fn log(&mut self, at: Timestamp, bad: bool, text: &str) {
        if self.log.len() >= LOG_LINES {
            self.log.pop_front();
        }
        self.log.push_back(LogLine { at, bad, text: DisplayText::line(text, 500) });
    }

    /// The day that is shown, or the newest day that the ledger knows of.
    pub fn day(&self) -> Option<Day> {
        self.board.as_ref().map(|board| board.as_of)
    }
}
