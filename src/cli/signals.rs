//! `gigawatch signals`: the wire, one line for each thing that was said.

use std::io::{self, Write};

use serde::Serialize;

use super::live;
use super::{Exit, Globals, Outcome};
use crate::domain::time::Day;
use crate::ledger::report::SCHEMA;
use crate::ledger::signal::{Signal, SignalReport};

const EXAMPLE: &str = "\
What became known, newest first: priority P (0 to 100), deal, type, what it changed, best source and how
many independent informants; repeats are folded and counted (+n).

Examples:
  gigawatch signals
  gigawatch signals --since 2026-02-01 --until 2026-02-28 --deal openai-aws
  gigawatch signals --since 2026-02-01 --json | jq 'select(.signals) | .signals[] | select(.priority >= 80)'
  gigawatch signals --interrupts --exit-status || mail -s gigawatch me    (exit status 1: there are some)";

/// Arguments of `signals`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// First day, UTC (default: 30 days back).
    #[arg(long, value_name = "DATE")]
    since: Option<Day>,
    /// Last day, all of it (default: today).
    #[arg(long, value_name = "DATE")]
    until: Option<Day>,
    /// Only those of one deal or programme.
    #[arg(long, value_name = "SLUG")]
    deal: Option<String>,
    /// Only those of at least this priority.
    #[arg(long, value_name = "P", default_value_t = 0)]
    priority: u8,
    /// Only those that are worth an interruption.
    #[arg(long)]
    interrupts: bool,
    /// End with status 1 if there are any: for cron.
    #[arg(long)]
    exit_status: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Output {
    schema: u32,
    since: Day,
    until: Day,
    signals: Vec<SignalReport>,
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let ledger = live::ledger(globals)?;
    let until = args.until.unwrap_or_else(|| live::today(globals));
    let since = args.since.unwrap_or_else(|| until.plus(-30));
    let wanted = |signal: &Signal| {
        let subject = args.deal.as_deref().is_none_or(|wanted| signal.subject() == wanted);
        let loud = !args.interrupts || signal.gate == crate::ledger::signal::Gate::Interrupt;
        subject && loud && signal.score.priority() >= args.priority
    };
    let signals: Vec<Signal> = ledger.signals(since, until).into_iter().filter(wanted).collect();
    let mut out = io::stdout().lock();
    if args.json {
        let signals = signals.iter().map(SignalReport::from).collect();
        serde_json::to_writer(&mut out, &Output { schema: SCHEMA, since, until, signals })?;
        writeln!(out)?;
    } else {
        if signals.is_empty() && !globals.quiet {
            super::complain(&format!("nothing of that kind became known from {since} to {until}"));
        }
        for signal in &signals {
            line(&mut out, signal)?;
        }
    }
    Ok(if args.exit_status && !signals.is_empty() { Exit::Failed } else { Exit::Ok })
}

/// One line for people.
pub(super) fn line(out: &mut impl Write, signal: &Signal) -> io::Result<()> {
    let code = signal.code.map_or_else(|| "--".to_owned(), |code| code.to_string());
    let copies = if signal.copies > 0 { format!(" +{}", signal.copies) } else { String::new() };
    writeln!(
        out,
        "{}  P{:<3} {:9} {:26} {:8} {code} x{}{copies}  {}",
        signal.day,
        signal.score.priority(),
        signal.gate.word(),
        signal.subject(),
        signal.kind.word(),
        signal.informants,
        signal.what
    )
}
