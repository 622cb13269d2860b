//! The words of the house as types: deals, legs, claims, items, days and text.
//!
//! Pure data and total functions. Nothing here reads a clock, a file or the network, and nothing here
//! imports another room.

pub mod claim;
pub mod deal;
pub mod item;
pub mod lexicon;
pub mod outlet;
pub mod story;
pub mod text;
pub mod time;
pub mod validator;
