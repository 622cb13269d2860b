//! `gigawatch explain SLUG`: the arithmetic behind a deal's status, line by line.

use std::io::{self, Write};

use super::deal::pressure_line;
use super::live;
use super::{Exit, Globals, Outcome};
use crate::app::format;
use crate::domain::claim::Rung;
use crate::domain::time::Day;
use crate::ledger::DealPage;
use crate::ledger::model::explain::{Account, Line};
use crate::ledger::page_report::ExplainReport;

const EXAMPLE: &str = "\
For each leg, the shown rung and the next one: the base, then one line for each informant with the words
it is read from, then the sum, which is the status. Units are milli-nats of log-odds.

A line counts tier x modality, aged, less what newer opposite words overturn, times the place of the
informant: the best counts in full, the next 35%, and so on, so that copies never add up.

Examples:
  gigawatch explain openai-broadcom --as-of 2026-05-09
  gigawatch explain openai-aws --json | jq '.legs[].rungs[] | {rung, base, L, P}'";

/// Arguments of `explain`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// The deal, e.g. `openai-aws`.
    slug: String,
    /// The day to explain, all of it, UTC (default: today).
    #[arg(long, value_name = "DATE")]
    as_of: Option<Day>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let as_of = args.as_of.unwrap_or_else(|| live::today(globals));
    let page = live::page(globals, &args.slug, as_of)?;
    let mut out = io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &ExplainReport::new(&page, as_of))?;
        writeln!(out)?;
    } else {
        show(&mut out, &page, as_of)?;
    }
    Ok(Exit::Ok)
}

fn show(out: &mut impl Write, page: &DealPage, as_of: Day) -> io::Result<()> {
    writeln!(out, "{}   {}   as of {as_of}", page.status.deal.name, page.status.headline.word())?;
    for (leg, view) in page.legs.iter().zip(&page.status.legs) {
        writeln!(out, "\n{}: {} {}", leg.leg.word(), view.status.rung.label(), view.status.level.word())?;
        for account in &leg.accounts {
            sum(out, page, account)?;
        }
        if !leg.pressure.is_empty() {
            writeln!(out, "  pressure {:+}, moves no rung", view.pressure)?;
            for line in &leg.pressure {
                pressure_line(out, "", line)?;
            }
        }
    }
    Ok(())
}

fn sum(out: &mut impl Write, page: &DealPage, account: &Account) -> io::Result<()> {
    let rung = Rung::from_index(usize::from(account.rung)).label();
    writeln!(out, "  >= {rung}")?;
    writeln!(out, "    {:+6}  base", account.base)?;
    for line in account.lines.iter().filter(|line| line.counts != 0) {
        writeln!(out, "    {:+6}  {}", line.counts, reason(page, line))?;
    }
    for (amount, why) in [
        (account.cap_support, "cap on support"),
        (account.cap_against, "cap on contradiction"),
        (account.pinned, "your pin"),
    ] {
        if amount != 0 {
            writeln!(out, "    {amount:+6}  {why}")?;
        }
    }
    writeln!(out, "    {:+6}  P {}", account.odds, format::chance(account.chance))
}

/// Where a line comes from, and what was taken off its full weight.
fn reason(page: &DealPage, line: &Line) -> String {
    let mut why = vec![format!("{:+}", line.weight)];
    if line.aged != line.weight {
        why.push(format!("aged to {}", line.aged));
    }
    if line.left != 1000 {
        why.push(format!("{:.1}% left by newer words", f64::from(line.left) / 10.0));
    }
    if line.place != 1000 {
        why.push(format!("x {:.3} for its place", f64::from(line.place) / 1000.0));
    }
    let why = why.join(", ");
    page.claim(&line.claim).map_or_else(
        || format!("{} [{why}]", line.claim),
        |view| {
            let claim = &view.claim;
            format!("{} {} {}: {} [{why}]", view.code, claim.published, claim.source.outlet, claim.words)
        },
    )
}
