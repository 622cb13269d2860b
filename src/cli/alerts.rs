//! `gigawatch alerts`: what the alert rules find.

use std::io::{self, Write};

use serde::Serialize;

use super::live;
use super::{Exit, Globals, Outcome};
use crate::app::alerts::{self, Alert};
use crate::domain::time::Day;
use crate::ledger::report::SCHEMA;

const EXAMPLE: &str = "\
What the rules of alerts.toml find in a stretch of days, newest first: the rule, the deal, what changed.
Rules on feeds are left out: they look at the moment, not at the ledger.

Examples:
  gigawatch alerts
  gigawatch alerts --since 2026-02-20 --until 2026-03-05 --deal openai-aws
  gigawatch alerts --since 2026-02-01 --json | jq '.alerts[] | select(.rule == \"status\")'
  gigawatch alerts --exit-status || mail -s gigawatch me    (exit status 1: there are some)";

/// Arguments of `alerts`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// First day, UTC (default: 7 days back).
    #[arg(long, value_name = "DATE")]
    since: Option<Day>,
    /// Last day, all of it (default: today).
    #[arg(long, value_name = "DATE")]
    until: Option<Day>,
    /// Only those of one deal.
    #[arg(long, value_name = "SLUG")]
    deal: Option<String>,
    /// End with status 1 if there are any: for cron.
    #[arg(long)]
    exit_status: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Output<'a> {
    schema: u32,
    since: Day,
    until: Day,
    alerts: Vec<Row<'a>>,
}

#[derive(Serialize, schemars::JsonSchema)]
struct Row<'a> {
    date: Day,
    rule: &'a str,
    name: &'a str,
    deal: Option<&'a str>,
    claim: Option<&'a str>,
    text: &'a str,
}

impl<'a> Row<'a> {
    fn of(alert: &'a Alert) -> Self {
        Self {
            date: alert.at.day(),
            rule: &alert.rule,
            name: &alert.name,
            deal: alert.deal.as_deref(),
            claim: alert.claim.as_deref(),
            text: &alert.text,
        }
    }
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let config = globals.config()?;
    let ledger = live::ledger(globals)?;
    let until = args.until.unwrap_or_else(|| live::today(globals));
    let since = args.since.unwrap_or_else(|| until.plus(-7));
    let mut found = alerts::between(&config.alerts, &ledger, since, until);
    found.retain(|alert| args.deal.is_none() || args.deal == alert.deal);
    found.reverse();
    let mut out = io::stdout().lock();
    if args.json {
        let alerts = found.iter().map(Row::of).collect();
        serde_json::to_writer(&mut out, &Output { schema: SCHEMA, since, until, alerts })?;
        writeln!(out)?;
    } else {
        if found.is_empty() && !globals.quiet {
            super::complain(&format!("no rule found anything from {since} to {until}"));
        }
        for alert in &found {
            writeln!(out, "{}  {:<18}  {}", alert.at.day(), alert.rule, alert.text)?;
        }
    }
    Ok(if args.exit_status && !found.is_empty() { Exit::Failed } else { Exit::Ok })
}
