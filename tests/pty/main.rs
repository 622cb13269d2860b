//! The real program in a real pseudo-terminal.

mod screen;
mod terminal;
