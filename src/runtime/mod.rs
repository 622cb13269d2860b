//! The shell: event loop, terminal, signals, clock. The only room that spawns.
pub mod clock;
