//! `gigawatch demo`: thirteen months of real history in about a minute and a half.
//!
//! An embedded archive is served as growing RSS, Atom and JSON feeds over loopback HTTP, by a clock that
//! runs through the months; everything behind the socket is the real program.

use std::io::{self, Write};
use std::ops::RangeInclusive;

use anyhow::Context;

use super::{Exit, Globals, Outcome, screen};
use crate::domain::time::{Day, Timestamp};
use crate::runtime::clock::Clock;

mod archive;
mod render;
mod serve;
mod stage;

use archive::Archive;
use serve::Server;
use stage::Stage;

/// Days of history in a second: the whole archive in about 90 seconds.
const SPEED: &str = "4.4";
/// The slowest and the fastest play, in days a second.
const SPEEDS: RangeInclusive<f64> = 0.01..=10_000.0;
/// Seconds in a day.
const DAY: f64 = 86_400.0;
/// Seconds that the clock runs on after the last item, so that every feed is asked once more.
const AFTER: i64 = 2 * 86_400;

const EXAMPLE: &str = "\
The board stands as it did on the demo's day: the catalog's history up to then, and what is read from the
feeds. Nothing is fetched from outside and nothing is kept.

Examples:
  gigawatch demo                           the whole history in about 90 seconds
  gigawatch demo --until 2025-12-31        stop where the talks about Trainium stood
  gigawatch demo --serve --speed 30        only the feeds, for a reader of your own";

/// Arguments of `demo`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// Days of history in a second.
    #[arg(long, value_name = "DAYS", default_value = SPEED, value_parser = speed)]
    speed: f64,
    /// The last day whose items appear, instead of the archive's last.
    #[arg(long, value_name = "DATE")]
    until: Option<Day>,
    /// Only serve the feeds and print their addresses; stop with Ctrl-C.
    #[arg(long)]
    serve: bool,
}

fn speed(text: &str) -> Result<f64, String> {
    let days = text.parse().ok().filter(|days| SPEEDS.contains(days));
    days.ok_or_else(|| format!("expected days a second, from {} to {}", SPEEDS.start(), SPEEDS.end()))
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let archive = Archive::embedded()?;
    let (first, last) = archive.span().context("the archive is empty")?;
    let last = args.until.map_or(last, |until| until.clamp(first, last)).end();
    let clock = Clock::replay(first.start(), last.plus(AFTER), (args.speed * DAY) as u32);
    let shown = move || clock.now().min(last);
    if args.serve {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(serve_only(archive, shown))?;
        return Ok(Exit::Ok);
    }
    screen::terminal()?;
    let mut config = globals.config()?;
    let stage = Stage::build(archive, shown)?;
    config.feeds.clone_from(&stage.feeds);
    config.settings.poll.offline = false;
    // Whatever is linked leads nowhere.
    config.settings.poll.fetch_text = false;
    let globals = Globals { data_dir: Some(stage.path().to_owned()), ..globals.clone() };
    screen::show(&globals, config, clock)
}

/// Prints the addresses and serves until the program is stopped.
async fn serve_only(archive: Archive, now: impl Fn() -> Timestamp) -> anyhow::Result<()> {
    let server = Server::bind(archive, now).await.context("no loopback port to serve the demo")?;
    let mut out = io::stdout().lock();
    for feed in server.feeds()? {
        writeln!(out, "{}  {}", feed.url, feed.name)?;
    }
    out.flush()?;
    drop(out);
    server.run().await;
    Ok(())
}
