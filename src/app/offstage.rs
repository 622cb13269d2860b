//! A screen without a terminal: keys in, state out, every effect on the ledger carried out at once. Tests
//! play on it, and the pictures of the documentation are taken of it.

use std::sync::Arc;

use super::State;
use super::alerts::Desk;
use super::history::History;
use super::key;
use super::msg::{Effect, Event, Msg};
use super::wire::WireRow;
use super::world::Source;
use crate::config::Config;
use crate::domain::time::{Day, Timestamp};
use crate::ledger::Ledger;

/// Days of the wire.
const WIRE_DAYS: i32 = 800;

/// What is known of the catalog's deals: it takes a while to work out.
#[derive(Clone, Debug)]
pub struct Known {
    ledger: Arc<Ledger>,
    history: Arc<History>,
    wire: Arc<Vec<WireRow>>,
}

impl Known {
    /// Works it out up to a day.
    pub fn until(config: &Config, day: Day) -> Self {
        let ledger = Arc::new(Ledger::new(&config.catalog, Vec::new()));
        let history = Arc::new(History::trace(&ledger, day));
        let wire = ledger.signals(day.plus(-WIRE_DAYS), day).iter().map(WireRow::of_signal).collect();
        Self { ledger, history, wire: Arc::new(wire) }
    }
}

/// A screen over a catalog.
#[derive(Debug)]
pub struct Offstage {
    /// The screen.
    pub state: State,
    /// Its time.
    pub now: Timestamp,
    known: Known,
    /// Effects that reach out of the program, in order.
    pub asked: Vec<Effect>,
}

impl Offstage {
    /// A screen that has just opened: the feeds are as given, the claims are the catalog's.
    pub fn open(config: &Config, known: Known, sources: Vec<Source>, now: Timestamp) -> Self {
        let desk = Desk::new(&config.alerts, 0, now);
        let themes = config.themes.keys().cloned().collect();
        let economics = Arc::new(config.economics.clone());
        let state = State::new(config.keys.clone(), &config.settings, themes, economics, desk);
        let mut screen = Self { state, now, known: known.clone(), asked: Vec::new() };
        screen.event(Event::Sources(sources));
        screen.event(Event::Ledger { ledger: known.ledger, complete: true });
        screen.event(Event::Wire { wire: known.wire, fresh: Vec::new() });
        // What opening asked for is nobody's doing.
        screen.asked.clear();
        screen
    }

    /// Types keys in their notation, separated by blanks.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        let sequence = key::sequence(keys);
        debug_assert!(sequence.is_ok(), "{keys}: {sequence:?}");
        for key in sequence.into_iter().flatten() {
            self.send(Msg::Key(key));
        }
        self
    }

    /// Types a text into a prompt.
    pub fn type_in(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.send(Msg::Key(key::Key::char(c)));
        }
        self
    }

    /// Something that a worker has done.
    pub fn event(&mut self, event: Event) -> &mut Self {
        self.send(Msg::Event(event))
    }

    /// Lets time pass.
    pub fn wait(&mut self, seconds: i64) -> &mut Self {
        self.now = self.now.plus(seconds);
        let waits: Vec<_> = self.state.waits().collect();
        for (wait, _, length) in waits {
            if length.as_secs() as i64 <= seconds {
                self.send(Msg::Over(wait));
            }
        }
        self.send(Msg::Tick)
    }

    /// Sends a message and carries out what it asks of the ledger.
    pub fn send(&mut self, msg: Msg) -> &mut Self {
        let step = self.state.update(msg, self.now);
        for effect in step.effects {
            match effect {
                Effect::Board { ticket, day, mark } => {
                    let board = mark.map_or_else(
                        || self.known.ledger.board(day),
                        |mark| self.known.ledger.board_since(day, mark),
                    );
                    self.event(Event::Board { ticket, board: Arc::new(board) });
                }
                Effect::Page { ticket, slug, day } => {
                    let page = self.known.ledger.page(&slug, day).map(Arc::new);
                    self.event(Event::Page { ticket, page });
                }
                Effect::History(_) => {
                    let history = Arc::clone(&self.known.history);
                    self.event(Event::History(history));
                }
                Effect::Release(_) => {}
                other => self.asked.push(other),
            }
        }
        self
    }

    /// The message at the bottom.
    pub fn said(&self) -> &str {
        self.state.toast.as_ref().map_or("", |toast| &toast.text)
    }
}
