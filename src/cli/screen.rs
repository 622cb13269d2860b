//! No command: the screen, live.

use std::sync::Arc;

use super::{ColorWhen, Exit, Fault, Globals, Outcome, live};
use crate::collector::{Collector, Parts};
use crate::config::Config;
use crate::runtime::caps::Environment;
use crate::runtime::clock::Clock;
use crate::runtime::screen::{self, Open, ScreenError, Setup};
use crate::store::{Mode, Store};

/// Shows the screen.
pub(super) fn run(globals: &Globals) -> Outcome {
    terminal()?;
    show(globals, globals.config()?, globals.clock())
}

/// A fault where no screen can be drawn.
pub(super) fn terminal() -> Result<(), Fault> {
    screen::terminal_here().map_err(fault)
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
        open: opener(globals, &config, clock)?,
        config,
        config_dir: globals.user_config_dir()?,
        export_dir: std::env::current_dir()?,
        log: None,
    };
    screen::run(setup).map_err(fault)?;
    Ok(Exit::Ok)
}

/// Opens the store and makes the collector, when the screen asks for it behind its first frame.
fn opener(globals: &Globals, config: &Config, clock: Clock) -> Result<Open, Fault> {
    let dir = globals.paths()?.data;
    let config = config.clone();
    Ok(Box::new(move || {
        // What the store has to say goes onto the screen, not to stderr.
        let store = Store::open(&dir, Mode::Poll, clock.now())?;
        let tagger = Arc::new(live::tagger(&config));
        let Config { settings, feeds, outlets, .. } = config;
        Ok(Collector::new(Parts { poll: settings.poll, feeds, outlets, tagger, store, clock }))
    }))
}

fn fault(error: ScreenError) -> Fault {
    let exit = match error {
        ScreenError::NoTerminal(_) => Exit::NoTerminal,
        ScreenError::Io(_) => Exit::Failed,
    };
    Fault::new(exit, error)
}
