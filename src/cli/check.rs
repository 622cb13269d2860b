//! `gigawatch check`: is the store sound?

use std::io::{self, Write};

use serde::Serialize;

use super::live;
use super::{Exit, Globals, Outcome};
use crate::store;

const EXAMPLE: &str = "\
Reads the whole store and ends with 0 if it is sound, with 3 if it is not. --repair keeps the store as it is
under another name and saves everything that can be read into a new one.

Examples:
  gigawatch check
  gigawatch check --json | jq .problems
  gigawatch check --repair";

/// Arguments of `check`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Save what can be read into a new store if this one is damaged.
    #[arg(long)]
    repair: bool,
}

/// What is printed.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Report<'a> {
    schema: u32,
    ok: bool,
    path: String,
    exists: bool,
    format: u32,
    items: u64,
    claims: u64,
    problems: &'a [String],
    kept: Option<String>,
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let dir = globals.paths()?.data;
    let mut found = store::check(&dir).map_err(live::store_fault)?;
    let mut kept = None;
    if args.repair && !found.problems.is_empty() {
        let saved = store::repair(&dir, globals.clock().now()).map_err(live::store_fault)?;
        kept = Some(saved.kept.display().to_string());
        found = store::check(&dir).map_err(live::store_fault)?;
    }
    let sound = found.problems.is_empty();
    let mut out = io::stdout().lock();
    if args.json {
        let report = Report {
            schema: 1,
            ok: sound,
            path: found.path.display().to_string(),
            exists: found.exists,
            format: found.format,
            items: found.items,
            claims: found.claims,
            problems: &found.problems,
            kept,
        };
        serde_json::to_writer(&mut out, &report)?;
        writeln!(out)?;
    } else {
        let path = found.path.display();
        if !found.exists {
            writeln!(out, "{path}: no store yet; the first poll makes one")?;
        } else if sound {
            writeln!(out, "{path}: sound; {} items, {} claims", found.items, found.claims)?;
        } else {
            writeln!(out, "{path}: damaged")?;
            for problem in &found.problems {
                writeln!(out, "  {problem}")?;
            }
            writeln!(out, "`gigawatch check --repair` keeps a copy and saves what can be read")?;
        }
        if let Some(kept) = kept {
            writeln!(out, "the damaged store is kept as {kept}")?;
        }
    }
    Ok(if sound { Exit::Ok } else { Exit::Store })
}
