//! What can reach the state, and what it asks of the world. Plain data: events carry words, not errors of
//! other rooms.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::alerts::{Alert, Notice};
use super::history::History;
use super::key::Key;
use super::keymap::Keymap;
use super::own::Deed;
use super::wire::WireRow;
use super::world::{Board, Own, Source};
use crate::config::alerts::Alerts;
use crate::config::settings::{CalendarEntry, View};
use crate::domain::time::{Day, Timestamp};
use crate::ledger::Ledger;
use crate::ledger::economics::Economics;
use crate::ledger::page::DealPage;

/// Everything that can reach the state.
#[derive(Clone, Debug)]
pub enum Msg {
    /// A key press.
    Key(Key),
    /// Pasted text.
    Paste(String),
    /// A click at a column and a row.
    Click(u16, u16),
    /// The wheel.
    Wheel {
        /// Column and row of the pointer.
        at: (u16, u16),
        /// Steps; positive is down.
        by: i32,
    },
    /// The terminal got or lost the focus.
    Focus(bool),
    /// The terminal has another size.
    Resized,
    /// A wait of [`super::State::waits`] is over.
    Over(Wait),
    /// The moment that [`super::State::next_wake`] named has come.
    Tick,
    /// Something that a worker has done.
    Event(Event),
}

/// What ends by itself after some time of the person's, however fast the board's clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wait {
    /// For the rest of a half-typed sequence.
    Sequence,
    /// The message at the bottom.
    Toast,
    /// Kiosk mode's stay on a deal.
    Kiosk,
}

/// What workers report.
#[derive(Clone, Debug)]
pub enum Event {
    /// The claims as they stand now.
    Ledger {
        /// The claims.
        ledger: Arc<Ledger>,
        /// With those that are stored; at the start the catalog's alone are known.
        complete: bool,
    },
    /// The board of a day; `ticket` is that of the request.
    Board {
        /// Of the request.
        ticket: u64,
        /// The board.
        board: Arc<Board>,
    },
    /// A deal in full; `None` where there is no such deal.
    Page {
        /// Of the request.
        ticket: u64,
        /// The deal.
        page: Option<Arc<DealPage>>,
    },
    /// What changed when.
    History(Arc<History>),
    /// The wire, newest first, and those of its lines read from feeds that the wire before did not have;
    /// none of the first wire's.
    Wire {
        /// All of it.
        wire: Arc<Vec<WireRow>>,
        /// What has come in.
        fresh: Vec<WireRow>,
    },
    /// The wire as it stood at the end of a past day: who told what by then.
    WireThen(Day, Arc<Vec<WireRow>>),
    /// Every feed.
    Sources(Vec<Source>),
    /// A feed is being asked.
    PollStarted {
        /// Its id.
        feed: String,
    },
    /// A feed was asked.
    PollEnded {
        /// The feed as it is now.
        source: Source,
        /// Items that were new.
        new: usize,
    },
    /// What the user did in earlier sessions, and when they last looked.
    Remembered {
        /// Deeds.
        own: Own,
        /// The last look.
        last_look: Option<Timestamp>,
        /// Alerts, oldest first.
        alerts: Vec<Alert>,
    },
    /// Another program polls; this one only shows.
    Viewer(Option<u32>),
    /// The store says something about itself.
    StoreNotice(String),
    /// The machine slept, or its time was set.
    ClockJumped(i64),
    /// A line for the log.
    Note {
        /// Whether it is bad news.
        bad: bool,
        /// What.
        text: String,
    },
    /// Something failed that the user should know of.
    Failed(Failure),
    /// Something worked that the user asked for.
    Done(String),
    /// Another theme is in use.
    Theme(String),
    /// A file of the configuration has changed.
    ConfigurationTouched,
    /// The configuration was read again.
    Configured(Box<Configured>),
}

/// What of the configuration can change under a running screen.
#[derive(Clone, Debug)]
pub struct Configured {
    /// Feeds, deals or limits have changed as well: those are read at the start.
    pub needs_restart: bool,
    /// Whose roll-up stands at the top.
    pub buyer: String,
    /// Bindings.
    pub keys: Keymap,
    /// Names of themes.
    pub themes: Vec<String>,
    /// Saved views.
    pub views: Vec<View>,
    /// Alert rules.
    pub alerts: Alerts,
    /// Assumptions, and the user's shares.
    pub economics: Economics,
    /// The user's dates.
    pub dates: Vec<CalendarEntry>,
}

/// A failure in words: what, why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What failed and why, in one line.
    pub what: String,
    /// What to do about it; empty where nothing need be done.
    pub hint: String,
}

/// What the state asks of the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// Stop to the shell.
    Suspend,
    /// Draw everything again.
    Redraw,
    /// Work out the board of a day. Claims known after `mark` count as new.
    Board {
        /// To be given back.
        ticket: u64,
        /// The day.
        day: Day,
        /// The mark.
        mark: Option<Timestamp>,
    },
    /// Work out a deal in full.
    Page {
        /// To be given back.
        ticket: u64,
        /// The deal.
        slug: String,
        /// The day.
        day: Day,
    },
    /// Work out what changed when, up to a day.
    History(Day),
    /// Poll now: one feed, or all.
    Poll(Option<String>),
    /// Keep a deed of the user's.
    Keep(Deed),
    /// Open an address in the browser.
    OpenLink(String),
    /// Copy text.
    Copy(String),
    /// Change the theme.
    Theme(String),
    /// Listen to the mouse, or no longer.
    Mouse(bool),
    /// Hand text to a command of the user's.
    Pipe {
        /// As typed.
        command: String,
        /// What is handed over.
        text: String,
    },
    /// Look whether configuration files have changed.
    Reload,
    /// Write text to a file.
    Export {
        /// Name of the file; empty for one of the program's choosing.
        file: String,
        /// What to write.
        text: String,
    },
    /// Keep a view in the user's configuration.
    SaveView(View),
    /// Tell the user outside the screen.
    Notify(Notice),
    /// Keep an alert for later sessions.
    KeepAlert(Alert),
    /// Let go of something, off the screen's thread.
    Release(Retired),
}

/// What the screen has no more use for. Freeing a large ledger takes longer than a frame.
#[derive(Clone)]
pub struct Retired(Arc<dyn Any + Send + Sync>);

impl Retired {
    /// Retires something that may be the last of its kind.
    pub fn new<T: Any + Send + Sync>(old: Arc<T>) -> Self {
        Self(old)
    }
}

impl fmt::Debug for Retired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Retired")
    }
}

impl PartialEq for Retired {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Retired {}

/// The outcome of one transition.
#[must_use]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Whether anything visible may have changed.
    pub dirty: bool,
    /// What to do, in order.
    pub effects: Vec<Effect>,
}

impl Step {
    /// Nothing changed, nothing to do.
    pub fn none() -> Self {
        Self::default()
    }

    /// Something visible changed.
    pub fn draw() -> Self {
        Self { dirty: true, effects: Vec::new() }
    }

    /// One thing to do; draws as well.
    pub fn effect(effect: Effect) -> Self {
        Self { dirty: true, effects: vec![effect] }
    }

    /// Things to do; draws as well.
    pub fn effects(effects: Vec<Effect>) -> Self {
        Self { dirty: true, effects }
    }

    /// Adds another step's outcome.
    #[must_use = "the outcome is a step"]
    pub fn and(mut self, other: Self) -> Self {
        self.dirty |= other.dirty;
        self.effects.extend(other.effects);
        self
    }
}
