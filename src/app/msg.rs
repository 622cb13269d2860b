//! What can reach the state, and what it asks of the world. Plain data, so that it can be compared.

use super::key::Key;

/// Everything that can reach the state.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// A key press.
    Key(Key),
    /// Pasted text.
    Paste(String),
    /// A click at a column and a row.
    Click(u16, u16),
    /// The wheel, in steps; positive is down.
    Wheel(i32),
    /// The terminal got or lost the focus.
    Focus(bool),
    /// The terminal has another size.
    Resized,
    /// The moment that [`super::State::next_wake`] named has come.
    Tick,
    /// Something that a worker has done.
    Event(Event),
}

/// What workers report.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Something failed that the user should know of.
    Failed(Failure),
    /// Something worked that the user asked for.
    Done(String),
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
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// Stop to the shell.
    Suspend,
    /// Draw everything again.
    Redraw,
    /// Open an address in the browser.
    OpenLink(String),
    /// Copy text.
    Copy(String),
}

/// The outcome of one transition.
#[must_use]
#[derive(Clone, Debug, Default, PartialEq)]
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
}
