//! `gigawatch demo`: thirteen months of real history in about a minute and a half.
//!
//! An embedded archive is served as growing RSS, Atom and JSON feeds over loopback HTTP, by a clock that
//! runs through the months; everything behind the socket is the real program.

use std::io::{self, Write};

use anyhow::Context;

use super::{Exit, Globals, Outcome};
use crate::domain::time::{Day, Timestamp};
use crate::runtime::clock::Clock;

mod archive;
mod render;
mod serve;

use archive::Archive;
use serve::Server;

/// Days of history in a second: the whole archive in about 90 seconds.
const SPEED: u32 = 5;
const DAY: u32 = 86_400;

/// Arguments of `demo`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// Days of history in a second.
    #[arg(long, value_name = "DAYS", default_value_t = SPEED, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    speed: u32,
    /// The day to stop at, instead of the archive's last.
    #[arg(long, value_name = "DATE")]
    until: Option<Day>,
    /// Only serve the feeds and print their addresses, for a reader of your own; stop with Ctrl-C.
    #[arg(long)]
    serve: bool,
}

const EXAMPLE: &str = "\
Examples:
  gigawatch demo                           the whole history in about 90 seconds
  gigawatch demo --until 2025-12-31        stop where the talks about Trainium stood
  gigawatch demo --serve --speed 30        only the feeds, for another reader";

/// Runs the command.
pub(super) fn run(_globals: &Globals, args: &Args) -> Outcome {
    let archive = Archive::embedded()?;
    let (first, last) = archive.span().context("the archive is empty")?;
    let last = args.until.map_or(last, |until| until.clamp(first, last));
    let clock = Clock::replay(first.start(), last.end(), args.speed * DAY);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let server =
            Server::bind(archive, || clock.now()).await.context("no loopback port to serve the demo")?;
        if args.serve { serve_only(&server).await } else { anyhow::bail!("only --serve so far") }
    })?;
    Ok(Exit::Ok)
}

/// Prints the addresses and serves until the program is stopped.
async fn serve_only(server: &Server<impl Fn() -> Timestamp>) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    for (name, url) in server.urls()? {
        writeln!(out, "{url}  {name}")?;
    }
    out.flush()?;
    drop(out);
    server.run().await;
    Ok(())
}
