//! `gigawatch ledger`: the bare model on a file of claims.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use serde::Serialize;

use super::{Exit, Globals, Outcome};
use crate::app::format;
use crate::domain::claim::Rung;
use crate::domain::text::DisplayText;
use crate::domain::time::Day;
use crate::ledger::model::evidence::{Evidence, read_jsonl};
use crate::ledger::model::status::{Leg, SameDay};
use crate::ledger::report::LegReport;

/// Version of the JSON form.
const SCHEMA: u32 = 1;

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
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Output {
    schema: u32,
    as_of: Option<Day>,
    legs: Vec<Named>,
}

/// A leg with the names that the file gives it.
#[derive(Serialize, schemars::JsonSchema)]
struct Named {
    deal: String,
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
    let as_of = args.as_of.or_else(|| rows.iter().map(|row| row.evidence.known).max());
    let mut evidence: BTreeMap<(String, String), Vec<Evidence>> = BTreeMap::new();
    for row in rows {
        evidence.entry((row.deal, row.leg)).or_default().push(row.evidence);
    }
    let legs = as_of.map_or_else(Vec::new, |day| {
        let judged = evidence.into_iter().map(|((deal, leg), claims)| {
            let status = Leg::new(claims, Vec::new(), SameDay::ById).status(day);
            Named { deal, leg: LegReport::new(&leg, &status) }
        });
        judged.collect()
    });
    let output = Output { schema: SCHEMA, as_of, legs };
    let mut out = io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &output)?;
        writeln!(out)?;
    } else {
        table(&mut out, &output)?;
    }
    Ok(Exit::Ok)
}

/// One leg a line, for people.
fn table(out: &mut impl Write, output: &Output) -> io::Result<()> {
    let Some(as_of) = output.as_of else {
        return writeln!(out, "no claims");
    };
    let name =
        |leg: &Named| format!("{}/{}", DisplayText::line(&leg.deal, 60), DisplayText::line(&leg.leg.leg, 20));
    let width = output.legs.iter().map(|leg| name(leg).chars().count()).max().unwrap_or(0).max(3);
    writeln!(out, "as of {as_of}")?;
    writeln!(
        out,
        "{:width$}  {:10} {:4} {:>5} {:>6} {:>6}  P>=1..7",
        "leg", "rung", "sure", "", "mom", "stale"
    )?;
    for row in &output.legs {
        let leg = &row.leg;
        let chances: Vec<String> = leg.chance.iter().map(|&p| format::chance(p)).collect();
        write!(
            out,
            "{:width$}  {:10} {:4} {:>5} {:>+6.2} {:>5}d  {}",
            name(row),
            leg.label,
            leg.level,
            format::chance(leg.conf),
            f64::from(leg.momentum) / 1000.0,
            leg.stale,
            chances.join(" "),
        )?;
        if leg.contested {
            write!(out, " CONTESTED")?;
        }
        if leg.reversing {
            write!(out, " REVERTING")?;
        } else if leg.faded {
            write!(out, " FADED")?;
        }
        for flag in &leg.flags {
            write!(out, " {flag}")?;
        }
        if let Some(reported) = &leg.reported {
            write!(out, " REPORTED {} x{}", Rung::from_index(reported.rung).label(), reported.origins)?;
        }
        if let Some(due) = leg.due {
            write!(out, " due {due}")?;
        }
        if leg.slip != 0 {
            write!(out, " slip {:+}d", leg.slip)?;
        }
        if leg.overdue > 0 {
            write!(out, " OVERDUE {}d", leg.overdue)?;
        }
        writeln!(out)?;
    }
    Ok(())
}
