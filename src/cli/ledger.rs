//! `gigawatch ledger`: the bare model on a file of claims.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use serde::Serialize;

use super::{Exit, Globals, Outcome};
use crate::domain::time::Day;
use crate::ledger::model::evidence::{read_jsonl, Evidence};
use crate::ledger::model::status::{Leg, LegStatus, SameDay};
use crate::ledger::report::LegReport;

const EXAMPLE: &str = "\
A line of the file is one claim about one leg of one deal:

  {\"id\":\"1\",\"deal\":\"openai-aws\",\"leg\":\"custom\",\"pub\":\"2026-02-27\",\"tier\":\"A\",
   \"mod\":\"asserted\",\"rung\":3,\"sign\":1,\"origin\":\"party:aws+openai\",\"type\":\"contract_signed\"}

Also read: known, said, novel, cluster, workload, milestone, due, q. Deal and leg may be any text.
Blank lines and lines that begin with # are skipped; other members are ignored.

Examples:
  gigawatch ledger claims.jsonl
  gigawatch ledger claims.jsonl --as-of 2026-05-09 --json | jq '.legs[] | {deal, label, P}'";

/// Arguments of `ledger`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// Claims, one JSON object a line (`-` for standard input).
    file: PathBuf,
    /// The day to judge, all of it, UTC (default: the last day on which a claim of the file became known).
    #[arg(long, value_name = "DATE")]
    as_of: Option<Day>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Output<'a> {
    schema: u32,
    as_of: Day,
    legs: Vec<Named<'a>>,
}

/// A leg with the names that the file gives it.
#[derive(Serialize)]
struct Named<'a> {
    deal: &'a str,
    #[serde(flatten)]
    leg: LegReport,
}

/// Runs the command.
pub(super) fn run(_globals: &Globals, args: &Args) -> Outcome {
    let name = args.file.display();
    let text = if args.file.as_os_str() == "-" {
        io::read_to_string(io::stdin().lock()).context("cannot read standard input")?
    } else {
        std::fs::read_to_string(&args.file).with_context(|| format!("cannot read `{name}`"))?
    };
    let rows = read_jsonl(&text).map_err(|bad| anyhow::anyhow!("{name}:{}: {}", bad.line, bad.problem))?;
    let last = rows.iter().map(|row| row.evidence.known).max();
    let Some(as_of) = args.as_of.or(last) else {
        anyhow::bail_fault(&name)
    };
    let mut legs: BTreeMap<(String, String), Vec<Evidence>> = BTreeMap::new();
    for row in rows {
        legs.entry((row.deal, row.leg)).or_default().push(row.evidence);
    }
    let statuses: Vec<(&str, &str, LegStatus)> = Vec::new();
    Ok(Exit::Ok)
}
