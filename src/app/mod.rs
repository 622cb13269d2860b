//! The screen's brain: commands, events, effects, state and its transitions. Knows neither the terminal
//! nor the network; everything it wants done it returns as an [`msg::Effect`].

pub mod command;
pub mod key;
pub mod keymap;
pub mod msg;
pub mod nav;
pub mod prompt;
mod state;
mod update;

pub use state::{Report, State, Toast, ToastKind};
