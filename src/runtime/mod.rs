//! The shell: event loop, terminal, signals, clock. The only room that spawns.

pub mod caps;
pub mod clock;
mod effects;
mod frame_gate;
mod keyboard;
mod outside;
mod painter;
pub mod screen;
mod screen_loop;
mod signals;
mod surface;
mod terminal;
mod workers;
