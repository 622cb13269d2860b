//! Puts the screen together: terminal, loop, workers.
//!
//! The first frame shows the catalog. The store is opened behind it, and what it holds follows.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::clock::Clock;
use super::effects::Effects;
use super::keyboard::TtyKeyboard;
use super::screen_loop::{End, Loop};
use super::signals;
use super::surface::Tty;
use super::terminal::{self, TerminalSession};
use super::workers::Workers;
use crate::app::State;
use crate::app::alerts::Desk;
use crate::app::msg::{Event, Msg};
use crate::collector::Collector;
use crate::config::Config;
use crate::config::theme::Depth;
use crate::ledger::Ledger;
use crate::store::Store;
use crate::ui::theme::Theme;

/// What the screen needs to begin.
pub struct Setup {
    /// The clock of this run.
    pub clock: Clock,
    /// The checked configuration.
    pub config: Config,
    /// Where the user's configuration lies, to be read again when it changes.
    pub config_dir: Option<PathBuf>,
    /// Where exports go when they are given no folder.
    pub export_dir: PathBuf,
    /// Colours that the terminal shows.
    pub depth: Depth,
    /// Whether to draw with ASCII only.
    pub ascii: bool,
    /// Takes stderr while the screen is up.
    pub log: Option<PathBuf>,
    /// Opens the store and makes the collector; called after the first frame.
    pub open: Open,
}

/// Opens the store and makes the collector. An error is a message for the user: the board then lives from
/// the catalog.
pub type Open = Box<dyn FnOnce() -> anyhow::Result<Collector> + Send>;

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
    // Whatever is still asked or stored ends by itself or is dropped: the store commits whole transactions.
    runtime.shutdown_timeout(Duration::from_millis(300));
    match end {
        // Nobody is left to tell.
        Ok(End::TerminalGone | End::Quit | End::Terminated) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn show(setup: Setup, session: TerminalSession) -> io::Result<End> {
    let Setup { clock, config, config_dir, export_dir, depth, ascii, log: _, open } = setup;
    let (events, inbox) = mpsc::channel(1024);
    let now = clock.now();
    let theme = theme(&config, &config.settings.ui.theme, depth, ascii).unwrap_or_else(|| Theme::bare(ascii));
    let desk = Desk::new(&config.alerts, local_offset(), now);
    let mut state = State::new(
        config.keys.clone(),
        &config.settings,
        config.themes.keys().cloned().collect(),
        Arc::new(config.economics.clone()),
        desk,
    );
    // The catalog's board stands in the first frame.
    let ledger = Arc::new(Ledger::new(&config.catalog, Vec::new()));
    let board = Arc::new(ledger.board(now.day()));
    let workers = Workers::start(&config, clock, Arc::clone(&ledger), events, open);
    for event in [
        Event::Sources(workers.sources()),
        Event::Board { ticket: 0, board },
        Event::Ledger { ledger, complete: false },
    ] {
        // What the first messages ask for is asked again by `State::start`, from the loop.
        drop(state.update(Msg::Event(event), now));
    }
    let mut screen = Loop {
        surface: Tty::new(session),
        keyboard: TtyKeyboard::new(),
        notices: signals::listen()?,
        inbox,
        runner: Effects::new(config, config_dir, export_dir, depth, ascii, workers),
        clock: move || clock.millis(),
        rate: clock.rate(),
        theme,
    };
    let end = screen.run(&mut state).await;
    screen.runner.stop(clock.now()).await;
    end
}

/// A theme by its name, brought to what the terminal shows.
pub(super) fn theme(config: &Config, name: &str, depth: Depth, ascii: bool) -> Option<Theme> {
    config.themes.get(name).map(|theme| Theme::resolve(theme, depth, ascii))
}

/// Minutes from UTC to local time.
fn local_offset() -> i32 {
    let zone = jiff::tz::TimeZone::system();
    zone.to_offset(jiff::Timestamp::now()).seconds() / 60
}

/// The store that a collector fills, for those who need it beside the collector.
pub(super) fn store_of(collector: &Collector) -> Store {
    collector.store().clone()
}
