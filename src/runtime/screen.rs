//! Puts the screen together: terminal, loop, workers.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::mpsc;

use super::clock::Clock;
use super::keyboard::TtyKeyboard;
use super::screen_loop::{End, Loop, Runner};
use super::signals;
use super::surface::Tty;
use super::terminal::{self, TerminalSession};
use crate::app::State;
use crate::app::msg::Effect;
use crate::config::Config;
use crate::ui::theme::{Depth, Theme};

/// What the screen needs to begin.
#[derive(Debug)]
pub struct Setup {
    /// The clock of this run.
    pub clock: Clock,
    /// The checked configuration.
    pub config: Config,
    /// Colours that the terminal shows.
    pub depth: Depth,
    /// Whether to draw with ASCII only.
    pub ascii: bool,
    /// Takes stderr while the screen is up.
    pub log: Option<PathBuf>,
}

/// Why the screen could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    /// Standard input or output is no terminal, or one that cannot be drawn on.
    #[error(
        "the screen needs a terminal: {0}; `gigawatch deals` prints the board, `gigawatch watch` the wire"
    )]
    NoTerminal(&'static str),
    /// The terminal failed.
    #[error("the terminal failed")]
    Io(#[from] io::Error),
}

/// Whether a screen can be drawn here.
pub fn terminal_here() -> Result<(), ScreenError> {
    if !io::stdin().is_terminal() {
        return Err(ScreenError::NoTerminal("standard input is none"));
    }
    if !io::stdout().is_terminal() {
        return Err(ScreenError::NoTerminal("standard output is none"));
    }
    if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        return Err(ScreenError::NoTerminal("TERM is `dumb`"));
    }
    Ok(())
}

/// Shows the screen until the user leaves it.
pub fn run(setup: Setup) -> Result<(), ScreenError> {
    terminal_here()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    terminal::install_panic_hook();
    let session = TerminalSession::enter(setup.config.settings.ui.mouse, setup.log.as_deref())?;
    let end = runtime.block_on(show(setup, session));
    runtime.shutdown_timeout(Duration::from_millis(300));
    match end {
        // Nobody is left to tell.
        Ok(End::TerminalGone) | Ok(End::Quit | End::Terminated) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn show(setup: Setup, session: TerminalSession) -> io::Result<End> {
    let (_events, inbox) = mpsc::channel(1024);
    let theme = theme(&setup);
    let mut state = State::new(setup.config.keys);
    let mut screen = Loop {
        surface: Tty::new(session),
        keyboard: TtyKeyboard::new(),
        notices: signals::listen()?,
        inbox,
        runner: Effects,
        clock: move || setup.clock.millis(),
        rate: setup.clock.rate(),
        theme,
    };
    screen.run(&mut state).await
}

/// The theme in use. The configuration is checked: its name is known.
fn theme(setup: &Setup) -> Theme {
    let name = &setup.config.settings.ui.theme;
    setup
        .config
        .themes
        .get(name)
        .map(|theme| Theme::resolve(theme, setup.depth, setup.ascii))
        .expect("invariant: the name of the theme was checked")
}

/// Does what the app asks.
struct Effects;

impl Runner for Effects {
    fn dispatch(&mut self, _effect: Effect) -> Option<Vec<u8>> {
        None
    }

    fn theme(&mut self) -> Option<Theme> {
        None
    }
}
