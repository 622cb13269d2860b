//! The screen's brain: commands, events, effects, state and its transitions. Knows neither the terminal
//! nor the network; everything it wants done it returns as an [`msg::Effect`].

pub mod alerts;
pub mod command;
pub mod deals;
pub mod drill;
pub mod economics;
pub mod export;
pub mod figures;
pub mod filter;
#[cfg(test)]
pub(crate) mod fixture;
pub mod format;
pub mod help;
pub mod history;
pub mod key;
pub mod keymap;
pub mod msg;
mod names;
pub mod nav;
pub mod offstage;
pub mod own;
pub mod prompt;
mod rows;
mod state;
pub mod tables;
#[cfg(test)]
mod tests;
mod update;
pub mod wire;
pub mod world;

pub use rows::Row;
pub use state::{Hit, Options, Report, State, Toast, ToastKind};
pub use update::label_of;
