//! Everything the screen knows.

use std::collections::BTreeMap;

use super::key::Key;
use super::keymap::Keymap;
use super::msg::Step;
use super::nav::{Cursor, List, Pages, Pane, Screen};
use super::prompt::{Ask, Prompt};
use crate::domain::time::Timestamp;

/// What a frame tells the state: sizes that page moves go by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Where a prompt has the terminal's cursor.
    pub cursor: Option<(u16, u16)>,
    /// What was shown of each list.
    pub pages: Pages,
}

/// How serious a toast is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastKind {
    /// It worked.
    Good,
    /// It did not.
    Bad,
}

/// A short message that goes away by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// How serious.
    pub kind: ToastKind,
    /// One line.
    pub text: String,
    /// When it goes away.
    pub until: Timestamp,
}

/// Everything the screen knows.
#[derive(Clone, Debug)]
pub struct State {
    /// What keys do.
    pub keymap: Keymap,
    /// Where the user is.
    pub screen: Screen,
    /// Where the user came from, oldest first.
    pub(super) trail: Vec<Screen>,
    /// The pane of the board that has the focus.
    pub pane: Pane,
    /// The focused pane has the whole screen.
    pub zoomed: bool,
    pub(super) cursors: BTreeMap<List, Cursor>,
    /// What the last frame showed.
    pub pages: Pages,
    /// The prompt, if one is open.
    pub prompt: Option<Prompt>,
    pub(super) history: BTreeMap<Ask, Vec<String>>,
    /// Keys of a sequence that is not complete.
    pub pending: Vec<Key>,
    /// The message at the bottom.
    pub toast: Option<Toast>,
    /// Whether the terminal has the focus.
    pub focused: bool,
}

impl State {
    /// A state that has seen nothing yet.
    pub fn new(keymap: Keymap) -> Self {
        Self {
            keymap,
            screen: Screen::Board,
            trail: Vec::new(),
            pane: Pane::Deals,
            zoomed: false,
            cursors: BTreeMap::new(),
            pages: Pages::default(),
            prompt: None,
            history: BTreeMap::new(),
            pending: Vec::new(),
            toast: None,
            focused: true,
        }
    }

    /// What is to be done when the screen opens.
    pub fn start(&mut self, _now: Timestamp) -> Step {
        Step::draw()
    }

    /// Takes what a frame reported.
    pub fn drawn(&mut self, report: Report) {
        self.pages = report.pages;
    }

    /// When something visible changes by time alone; `None` while nothing does.
    pub fn next_wake(&self, _now: Timestamp) -> Option<Timestamp> {
        self.toast.as_ref().map(|toast| toast.until)
    }

    /// The list that moves now.
    pub fn list(&self) -> List {
        self.screen.list(self.pane)
    }
}
