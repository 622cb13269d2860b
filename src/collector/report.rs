//! What the collector tells: message by message to a screen, in sum to a script.

use serde::Serialize;

use crate::domain::time::Timestamp;
use crate::store::{Committed, FeedState, StoreError};

/// A message while polling.
#[derive(Clone, Debug)]
pub enum Report {
    /// A feed is being asked.
    PollStarted {
        /// Its id.
        feed: String,
    },
    /// A feed was asked.
    PollEnded(Box<Polled>),
    /// New claims stand in the ledger.
    LedgerChanged {
        /// How many.
        claims: usize,
    },
    /// The store refused. Polling goes on; what was not stored is asked for again.
    StoreFailed(StoreError),
    /// The clock jumped: the machine slept, or its time was set.
    ClockJumped {
        /// By how many seconds.
        seconds: i64,
    },
}

/// What came of asking one feed.
#[derive(Clone, Debug)]
pub struct Polled {
    /// The feed after it: outcome, next try, health.
    pub state: FeedState,
    /// Whether it went well.
    pub ok: bool,
    /// Whether it failed the time before and went well now.
    pub recovered: bool,
    /// Whether the server said that nothing has changed.
    pub not_modified: bool,
    /// Items in the document.
    pub seen: usize,
    /// What was written.
    pub committed: Committed,
    /// What had to be repaired in the document, in words.
    pub repairs: Vec<&'static str>,
    /// Why it could not be stored, if so.
    pub store_error: Option<StoreError>,
}

/// A whole round in figures. Member names are a contract with scripts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Summary {
    /// Version of this form.
    pub schema: u32,
    /// Feeds by outcome: `total = ok + not_modified + failed`.
    pub feeds: FeedCount,
    /// Items.
    pub items: ItemCount,
    /// New stories.
    pub stories: usize,
    /// New claims.
    pub claims: usize,
    /// What failed and why.
    pub failures: Vec<FailureLine>,
}

/// Feeds by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct FeedCount {
    /// All.
    pub total: usize,
    /// Gave a document.
    pub ok: usize,
    /// Said that nothing has changed.
    pub not_modified: usize,
    /// Failed.
    pub failed: usize,
}

/// Items by novelty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ItemCount {
    /// In the documents.
    pub seen: usize,
    /// Not stored before, copies of a story included.
    pub new: usize,
}

/// One failed feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct FailureLine {
    /// Its id.
    pub feed: String,
    /// A word from a closed list.
    pub kind: String,
    /// What happened and what to do.
    pub detail: String,
    /// When it is tried again; `null` when it is left alone.
    pub next_try: Option<Timestamp>,
}

impl Summary {
    /// The figures of nothing.
    pub fn new() -> Self {
        Self { schema: 1, ..Self::default() }
    }

    /// Adds a poll.
    pub fn add(&mut self, polled: &Polled) {
        self.feeds.total += 1;
        if !polled.ok {
            self.feeds.failed += 1;
            self.failures.push(FailureLine {
                feed: polled.state.id.clone(),
                kind: polled.state.last_kind.clone(),
                detail: polled.state.last_detail.clone(),
                next_try: polled.state.next_at,
            });
        } else if polled.not_modified {
            self.feeds.not_modified += 1;
        } else {
            self.feeds.ok += 1;
        }
        self.items.seen += polled.seen;
        self.items.new += polled.committed.items;
        self.stories += polled.committed.stories;
        self.claims += polled.committed.claims;
    }

    /// Puts the failures in order of feed, so that two runs print alike.
    pub fn sort(&mut self) {
        self.failures.sort_by(|a, b| a.feed.cmp(&b.feed));
    }

    /// Whether not one of at least one feed went well.
    pub fn is_total_failure(&self) -> bool {
        self.feeds.total > 0 && self.feeds.failed == self.feeds.total
    }
}
