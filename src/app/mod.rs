//! The screen's brain: commands, events, effects, state and its transitions. Knows neither the terminal
//! nor the network; everything it wants done it returns as an effect.

pub mod command;
pub mod key;
pub mod keymap;
