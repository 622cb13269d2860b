//! The shell: event loop, terminal, signals, clock. The only room that spawns.

mod browser;
pub mod caps;
mod clipboard;
pub mod clock;
mod effects;
mod files;
mod frame_gate;
mod keyboard;
#[cfg(test)]
mod loop_tests;
mod notices;
mod painter;
mod pipe;
pub mod screen;
mod screen_loop;
mod signals;
mod surface;
mod terminal;
mod workers;

/// The bytes of a notice that shows whether notices arrive; `None` where they are switched off.
pub fn test_notice(route: crate::config::settings::NoticeRoute) -> Option<Vec<u8>> {
    let notice = crate::app::alerts::Notice {
        title: "doctor".to_owned(),
        text: "notices arrive".to_owned(),
        terminal: true,
        bell: true,
        ..crate::app::alerts::Notice::default()
    };
    notices::notice(&notice, route, &caps::Environment::read())
}
