//! The shell: event loop, terminal, signals, clock. The only room that spawns.

pub mod caps;
pub mod clock;
mod frame_gate;
mod keyboard;
mod painter;
pub mod screen;
mod screen_loop;
mod signals;
mod surface;
mod terminal;
