//! No command: the screen, live.

use super::{ColorWhen, Exit, Fault, Globals, Outcome};
use crate::config::Config;
use crate::runtime::caps::Environment;
use crate::runtime::clock::Clock;
use crate::runtime::screen::{self, ScreenError, Setup};

/// Shows the screen.
pub(super) fn run(globals: &Globals) -> Outcome {
    terminal()?;
    show(globals, globals.config()?, globals.clock())
}

/// A fault where no screen can be drawn.
pub(super) fn terminal() -> Result<(), Fault> {
    screen::terminal_here().map_err(no_terminal)
}

/// Shows the screen with `config` by `clock`, on the store of `globals`.
pub(super) fn show(globals: &Globals, config: Config, clock: Clock) -> Outcome {
    let environment = Environment::read();
    let wanted = match globals.color {
        ColorWhen::Auto => None,
        ColorWhen::Always => Some(true),
        ColorWhen::Never => Some(false),
    };
    let setup = Setup {
        clock,
        depth: environment.depth(wanted),
        ascii: environment.ascii(globals.ascii, config.settings.ui.glyphs),
        config,
        log: None,
    };
    screen::run(setup).map_err(no_terminal)?;
    Ok(Exit::Ok)
}

fn no_terminal(error: ScreenError) -> Fault {
    let exit = match error {
        ScreenError::NoTerminal(_) => Exit::NoTerminal,
        ScreenError::Io(_) => Exit::Failed,
    };
    Fault::new(exit, error)
}
