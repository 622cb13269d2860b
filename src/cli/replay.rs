//! `gigawatch replay`: items in order of publication through the tagger and the ledger.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::deals::table;
use super::items::ItemLine;
use super::live;
use super::{Exit, Fault, Globals, Outcome, complain};
use crate::domain::claim::{Claim, Rung};
use crate::domain::deal::LegKind;
use crate::domain::time::Day;
use crate::ledger::backtest::{Backtest, Truth};
use crate::ledger::report::{BoardReport, SCHEMA};
use crate::ledger::{Board, Ledger};

const EXAMPLE: &str = "\
The board as it would have stood, had these items been the news: each is known on the day on which it was
published; those without a date are skipped and counted. The record that follows says when labels changed,
how long after the parties' own words, and which were taken back within 60 days.

A line of the file is one item, in the form that `tag --jsonl` reads. With --truth, a line of that file is
{\"deal\", \"leg\", \"from\", \"rung\"}: from that day on the leg truly stood on the rung, 0 to 7.

Examples:
  gigawatch replay items.jsonl --as-of 2026-02-20 --as-of 2026-02-28
  gigawatch replay items.jsonl --as-of 2026-06-30 --no-catalog --json | jq '.boards[0].deals[] | .headline'";

/// Arguments of `replay`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// Items, one JSON object a line (`-` for standard input).
    file: PathBuf,
    /// A day to show, all of it, UTC; may be given more than once (default: the last day of the items).
    #[arg(long, value_name = "DATE", num_args = 1..)]
    as_of: Vec<Day>,
    /// Leave the catalog's own claims out: what the items alone say.
    #[arg(long)]
    no_catalog: bool,
    /// What the rungs truly were, for the record's scores.
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Output {
    schema: u32,
    items: usize,
    undated: usize,
    claims: usize,
    boards: Vec<BoardReport>,
    backtest: Backtest,
    /// Legs that the truth speaks of and the catalog does not have, as `deal/leg`.
    truth_unknown: Vec<String>,
}

/// A line of a truth file.
#[derive(Deserialize)]
struct TruthLine {
    deal: String,
    leg: LegKind,
    from: Day,
    rung: usize,
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let config = globals.config()?;
    let tagger = live::tagger(&config);
    let text = read(&args.file)?;
    let mut items = Vec::new();
    let mut undated = 0;
    for (number, line) in lines(&text) {
        let row: ItemLine = serde_json::from_str(line)
            .with_context(|| format!("{}:{number}: this is no item", args.file.display()))?;
        let Some(published) = row.published else {
            undated += 1;
            continue;
        };
        let mut item = row.item(&config.outlets, published);
        if item.key.0.is_empty() {
            item.key.0 = format!("line-{number}");
        }
        items.push((published, item));
    }
    items.sort_by(|(a, x), (b, y)| (a, &x.key).cmp(&(b, &y.key)));
    let mut claims: Vec<Claim> = Vec::new();
    for (_, item) in &items {
        for mut claim in tagger.tag(item).claims {
            claim.known = claim.published;
            claims.push(claim);
        }
    }
    let count = claims.len();
    let ledger = if args.no_catalog {
        Ledger::without_history(&config.catalog, claims)
    } else {
        Ledger::new(&config.catalog, claims)
    };
    let mut days = args.as_of.clone();
    if days.is_empty() {
        days.extend(items.last().map(|(published, _)| published.day()));
    }
    let truth = args.truth.as_deref().map_or_else(|| Ok(Vec::new()), truths)?;
    let strangers = strangers(&ledger, &truth);
    if !strangers.is_empty() {
        let named = strangers.join(", ");
        complain(&format!("the truth speaks of legs that the catalog does not have, left out: {named}"));
    }
    let boards: Vec<Board> = days.iter().map(|&day| ledger.board(day)).collect();
    let last = days.iter().copied().max().unwrap_or_default();
    let backtest = ledger.backtest(last, &truth);
    let mut out = io::stdout().lock();
    if args.json {
        let boards = boards.iter().map(BoardReport::from).collect();
        let items = items.len();
        let output = Output {
            schema: SCHEMA,
            items,
            undated,
            claims: count,
            boards,
            backtest,
            truth_unknown: strangers,
        };
        serde_json::to_writer(&mut out, &output)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{} items, {undated} without a date skipped, {count} claims", items.len())?;
        for board in &boards {
            writeln!(out)?;
            table(&mut out, board, globals.ascii)?;
        }
        record(&mut out, &backtest)?;
    }
    Ok(Exit::Ok)
}

fn read(path: &Path) -> Result<String, Fault> {
    if path.as_os_str() == "-" {
        return Ok(io::read_to_string(io::stdin().lock()).context("cannot read standard input")?);
    }
    Ok(std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?)
}

/// Lines with something in them, by number from 1. `#` begins a remark.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

fn truths(path: &Path) -> Result<Vec<Truth>, Fault> {
    let text = read(path)?;
    let truth = lines(&text).map(|(number, line)| {
        let row: TruthLine = serde_json::from_str(line)
            .with_context(|| format!("{}:{number}: this is no truth line", path.display()))?;
        Ok(Truth { deal: row.deal, leg: row.leg, from: row.from, rung: Rung::from_index(row.rung) })
    });
    truth.collect()
}

/// Legs of the truth that no tracked deal has, each once, as `deal/leg`.
fn strangers(ledger: &Ledger, truth: &[Truth]) -> Vec<String> {
    let known = |row: &&Truth| {
        ledger.deals().any(|deal| deal.slug.as_str() == row.deal && deal.leg(row.leg).is_some())
    };
    let strange = truth.iter().filter(|row| !known(row));
    let named: BTreeSet<String> = strange.map(|row| format!("{}/{}", row.deal, row.leg.word())).collect();
    named.into_iter().collect()
}

/// The record, for people.
fn record(out: &mut impl Write, backtest: &Backtest) -> io::Result<()> {
    writeln!(out, "\nlabel changes up to {}", backtest.to)?;
    for change in &backtest.changes {
        let lag = match change.lag {
            Some(lag) if lag < 0 => format!("{} days before a party", -lag),
            Some(0) => "the day a party said so".to_owned(),
            Some(lag) => format!("{lag} days after a party"),
            None => String::new(),
        };
        let flip = if change.false_flip { "  taken back" } else { "" };
        let line = format!(
            "  {}  {}/{}  {} -> {}  {lag}{flip}  {}",
            change.day,
            change.deal,
            change.leg,
            change.from,
            change.to,
            change.by.join(" ")
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    let days = |days: Option<i32>| days.map_or_else(|| "n/d".to_owned(), |days| format!("{days} days"));
    writeln!(
        out,
        "{} changes on {} legs, {} taken back; median lead of talks {}, median lag of labels {}",
        backtest.changes.len(),
        backtest.legs,
        backtest.false_flips,
        days(backtest.soft_lead),
        days(backtest.hard_lag)
    )?;
    if let Some(accuracy) = &backtest.accuracy {
        writeln!(
            out,
            "against the truth: {} leg-days, {:.1}% exact, RPS {:.4}, Brier {:.4}",
            accuracy.leg_days,
            accuracy.exact * 100.0,
            accuracy.rps,
            accuracy.brier
        )?;
    }
    Ok(())
}
