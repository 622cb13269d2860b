//! `gigawatch poll`: every feed once, into the store.

use std::io::{self, Write};

use super::live;
use super::{Exit, Globals, Outcome};
use crate::collector::Summary;

const EXAMPLE: &str = "\
Fetches every enabled feed once, due or not, stores what is new and reads claims from it. Ends with 0, or
with 5 if every feed failed.

Examples:
  gigawatch poll
  gigawatch poll --json | jq '.failures[] | [.feed, .kind, .detail]'";

/// Arguments of `poll`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let config = globals.config()?;
    let store = live::open_for_polling(globals)?;
    let collector = live::collector(globals, &config, store);
    let runtime = live::runtime()?;
    let summary = runtime.block_on(collector.poll_once(None)).map_err(live::store_fault)?;
    let mut out = io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &summary)?;
        writeln!(out)?;
    } else if !globals.quiet {
        print(&mut out, &summary)?;
    }
    Ok(if summary.is_total_failure() { Exit::EverySourceFailed } else { Exit::Ok })
}

fn print(out: &mut impl Write, summary: &Summary) -> io::Result<()> {
    let feeds = summary.feeds;
    writeln!(
        out,
        "{} feeds: {} read, {} unchanged, {} failed",
        feeds.total, feeds.ok, feeds.not_modified, feeds.failed
    )?;
    writeln!(
        out,
        "{} items, {} of them new; {} new stories, {} new claims",
        summary.items.seen, summary.items.new, summary.stories, summary.claims
    )?;
    for failure in &summary.failures {
        writeln!(out, "  {}: {} ({})", failure.feed, failure.detail, failure.kind)?;
    }
    Ok(())
}
