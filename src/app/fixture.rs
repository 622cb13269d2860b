//! A screen without a terminal, for tests: keys in, state out, every effect on the ledger carried out at
//! once.

use std::sync::Arc;

use super::State;
use super::alerts::Desk;
use super::history::History;
use super::key;
use super::msg::{Effect, Event, Msg};
use super::wire::WireRow;
use super::world::{Health, Source};
use crate::config::Config;
use crate::domain::text::DisplayText;
use crate::domain::time::Timestamp;
use crate::ledger::Ledger;

/// A screen over the built-in catalog.
pub(crate) struct Bench {
    pub(crate) state: State,
    pub(crate) now: Timestamp,
    ledger: Arc<Ledger>,
    history: Arc<History>,
    /// Effects that reach out of the program, in order.
    pub(crate) asked: Vec<Effect>,
}

thread_local! {
    /// The catalog's ledger and history take a while to work out: once a thread is enough.
    static KNOWN: (Config, Arc<Ledger>, Arc<History>, Arc<Vec<WireRow>>) = {
        let config = Config::load(None).unwrap();
        let ledger = Arc::new(Ledger::new(&config.catalog, Vec::new()));
        let history = Arc::new(History::trace(&ledger, at("2026-10-20T12:00:00Z").day()));
        let today = at("2026-10-20T12:00:00Z").day();
        let wire = ledger.signals(today.plus(-800), today).iter().map(WireRow::of_signal).collect();
        (config, ledger, history, Arc::new(wire))
    };
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl Bench {
    /// A screen on 20 October 2026 that has just opened.
    pub(crate) fn new() -> Self {
        Self::on("2026-10-20T12:00:00Z")
    }

    /// A screen that has just opened at a moment.
    pub(crate) fn on(moment: &str) -> Self {
        KNOWN.with(|(config, ledger, history, wire)| {
            let now = at(moment);
            let desk = Desk::new(&config.alerts, 0, now);
            let themes = config.themes.keys().cloned().collect();
            let economics = Arc::new(config.economics.clone());
            let state = State::new(config.keys.clone(), &config.settings, themes, economics, desk);
            let mut bench = Self {
                state,
                now,
                ledger: Arc::clone(ledger),
                history: Arc::clone(history),
                asked: Vec::new(),
            };
            bench.event(Event::Sources(sources(now)));
            bench.event(Event::Ledger { ledger: Arc::clone(&bench.ledger), complete: true });
            bench.event(Event::Wire { wire: Arc::clone(wire), fresh: Vec::new() });
            // What opening asked for is not what a test is about.
            bench.asked.clear();
            bench
        })
    }

    /// Types keys in their notation, separated by blanks.
    pub(crate) fn press(&mut self, keys: &str) -> &mut Self {
        for key in key::sequence(keys).unwrap() {
            self.send(Msg::Key(key));
        }
        self
    }

    /// Types a text into a prompt.
    pub(crate) fn type_in(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.send(Msg::Key(key::Key::char(c)));
        }
        self
    }

    /// Something that a worker has done.
    pub(crate) fn event(&mut self, event: Event) -> &mut Self {
        self.send(Msg::Event(event))
    }

    /// Lets time pass.
    pub(crate) fn wait(&mut self, seconds: i64) -> &mut Self {
        self.now = self.now.plus(seconds);
        self.send(Msg::Tick)
    }

    /// Sends a message and carries out what it asks of the ledger.
    pub(crate) fn send(&mut self, msg: Msg) -> &mut Self {
        let step = self.state.update(msg, self.now);
        for effect in step.effects {
            match effect {
                Effect::Board { ticket, day, mark } => {
                    let board = mark
                        .map_or_else(|| self.ledger.board(day), |mark| self.ledger.board_since(day, mark));
                    self.event(Event::Board { ticket, board: Arc::new(board) });
                }
                Effect::Page { ticket, slug, day } => {
                    let page = self.ledger.page(&slug, day).map(Arc::new);
                    self.event(Event::Page { ticket, page });
                }
                Effect::History(_) => {
                    let history = Arc::clone(&self.history);
                    self.event(Event::History(history));
                }
                Effect::Release(_) => {}
                other => self.asked.push(other),
            }
        }
        self
    }

    /// The message at the bottom.
    pub(crate) fn said(&self) -> &str {
        self.state.toast.as_ref().map_or("", |toast| &toast.text)
    }
}

/// Three feeds, one in each state.
pub(crate) fn sources(now: Timestamp) -> Vec<Source> {
    let source = |id: &str, health, detail: &str| Source {
        id: id.into(),
        name: id.to_uppercase(),
        tier: 'C',
        group: "newsrooms".into(),
        url: format!("https://{id}.example/feed"),
        health,
        detail: DisplayText::line(detail, 200),
        last: Some(now.plus(-120)),
        last_ok: (health != Health::Failed).then(|| now.plus(-120)),
        next: Some(now.plus(780)),
        items: 42,
        newest: Some(now.plus(-3600)),
        habit: Some(7200),
        failures: u32::from(health == Health::Failed),
        busy: false,
    };
    vec![
        source("wire", Health::Ok, ""),
        source("blog", Health::Late, "answers, but nothing new for longer than usual"),
        source("filings", Health::Failed, "no answer in 5 s: the connection timed out; tried again in 13 m"),
    ]
}
