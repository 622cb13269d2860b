//! No command: the screen, live.

use super::{ColorWhen, Exit, Fault, Globals, Outcome};
use crate::runtime::caps::Environment;
use crate::runtime::screen::{self, ScreenError, Setup};

/// Shows the screen.
pub(super) fn run(globals: &Globals) -> Outcome {
    screen::terminal_here().map_err(no_terminal)?;
    let config = globals.config()?;
    let environment = Environment::read();
    let wanted = match globals.color {
        ColorWhen::Auto => None,
        ColorWhen::Always => Some(true),
        ColorWhen::Never => Some(false),
    };
    let setup = Setup {
        clock: globals.clock(),
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
