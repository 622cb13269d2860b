//! The real program in a real pseudo-terminal.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should panic")]

mod screen;
mod terminal;
