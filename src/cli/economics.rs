//! `gigawatch economics SLUG`: the margin lever of one deal, and whom it touches.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Number, Value};

use super::{Exit, Fault, Globals, Outcome, live};
use crate::app::format;
use crate::config::Config;
use crate::domain::time::Day;
use crate::ledger::economics::{
    CAVEATS, DealEconomics, Economics, Exposure, Holding, Lever, Margin, Range, TABLE_SAVINGS, TABLE_SHARES,
};
use crate::ledger::report::SCHEMA;

const EXAMPLE: &str = "\
What moving the deal's work from GPUs to custom silicon does to cost and margin, and to whom. Every
assumption is a row of economics.toml with bounds, unit, source and date; --share and the others try
another value. Without --share it is the contracted share of MW, taken as a share of work.

Money is in millions of dollars. Your own shares go into [[holding]] of economics.toml.

Examples:
  gigawatch economics openai-aws
  gigawatch economics openai-aws --share 25% --saving 30% --margin 14%
  gigawatch economics openai-aws --json | jq '.exposure[] | [.ticker, .why, .per_point.mid, .expected]'";

/// Arguments of `economics`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// The deal, e.g. `openai-aws`.
    slug: String,
    /// The day to show, all of it, UTC (default: today).
    #[arg(long, value_name = "DATE")]
    as_of: Option<Day>,
    /// Share of the work on custom silicon, e.g. 82% (default: the contracted share).
    #[arg(long, value_name = "P", value_parser = part)]
    share: Option<f64>,
    /// Cost saved per unit of work (default: the middle reading).
    #[arg(long, value_name = "P", value_parser = part)]
    saving: Option<f64>,
    /// Gross margin on GPUs (default: the middle reading).
    #[arg(long, value_name = "P", value_parser = part)]
    margin: Option<f64>,
    /// Part of the saving that the customer gets (default: nothing).
    #[arg(long, value_name = "P", value_parser = part)]
    passed_on: Option<f64>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// A part of one: `82%`, `0.82`.
fn part(text: &str) -> Result<f64, String> {
    let (number, scale) = text.strip_suffix('%').map_or((text, 1.0), |percent| (percent, 100.0));
    let value = number.trim().parse::<f64>().map(|number| number / scale);
    match value {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("expected a part of one, e.g. `82%` or `0.82`".to_owned()),
    }
}

/// What `--json` prints. Money in millions of dollars, shares and margins as parts of one.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Output<'a> {
    schema: u32,
    as_of: Day,
    slug: String,
    /// Revenue a year; null where no sum and no capacity is known.
    revenue: Option<f64>,
    revenue_derived: bool,
    /// The custom leg is the provider's own silicon; otherwise the lever is a mere what-if.
    provider_lever: bool,
    mw: Option<i64>,
    contracted_share: Option<f64>,
    work_share: Option<Range>,
    lever: LeverReport,
    /// For one point of work moved, nothing passed on, at the three savings: basis points, and $M a year.
    point_bps: Range,
    point_profit: Option<Range>,
    /// $M a year with the contracted share moved in full.
    full_profit: Option<Range>,
    /// Cost of a unit of work at the contracted share, GPUs alone being 1.
    unit_cost: Option<Range>,
    /// Work per watt, custom to GPU, at which custom silicon costs the same.
    break_even: Range,
    implied_saving: Range,
    sensitivity: Vec<Table>,
    exposure: Vec<Exposure>,
    holdings: &'a [Holding],
    caveats: [&'static str; 6],
}

/// Where the lever stands, and what it comes to.
#[derive(Serialize, schemars::JsonSchema)]
struct LeverReport {
    share: f64,
    saving: f64,
    gpu_margin: f64,
    passed_on: f64,
    /// On an index where GPU work costs the customer 1.
    #[serde(flatten)]
    result: Margin,
    margin_bps: f64,
    /// Cost of a unit of work, GPUs alone being 1.
    unit_cost: f64,
    /// Gross profit a year gained against GPUs alone.
    profit_gain: Option<f64>,
}

/// Change of margin in basis points: a row for each share, a column for each saving.
#[derive(Serialize, schemars::JsonSchema)]
struct Table {
    gpu_margin: f64,
    passed_on: f64,
    shares: [f64; 6],
    savings: [f64; 6],
    bps: [[f64; 6]; 6],
}

impl Table {
    fn of(lever: Lever) -> Self {
        Self {
            gpu_margin: lever.gpu_margin,
            passed_on: lever.passed_on,
            shares: TABLE_SHARES,
            savings: TABLE_SAVINGS,
            bps: lever.table(),
        }
    }
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let as_of = args.as_of.unwrap_or_else(|| live::today(globals));
    let page = live::page(globals, &args.slug, as_of)?;
    let config: Config = globals.config()?;
    let economics = &config.economics;
    let facts = economics.deal(&page.status);
    let lever = Lever {
        share: args.share.or(facts.share).unwrap_or(0.0),
        saving: args.saving.unwrap_or(economics.saving.mid),
        gpu_margin: args.margin.unwrap_or(economics.gpu_margin.mid),
        passed_on: args.passed_on.unwrap_or(0.0),
    };
    if lever.gpu_margin >= 1.0 {
        let error = anyhow::anyhow!("a gross margin of 100% leaves no cost to save; give `--margin` less");
        return Err(Fault::new(Exit::Usage, error));
    }
    let mut out = io::stdout().lock();
    if args.json {
        let output = report(&page.status.deal.slug.to_string(), as_of, economics, facts, lever);
        let mut output = serde_json::to_value(&output)?;
        tidy(&mut output);
        writeln!(out, "{output}")?;
    } else {
        writeln!(out, "{}   {}   as of {as_of}", page.status.deal.name, page.status.headline.word())?;
        show(&mut out, &facts, economics, lever, args.share.is_none())?;
    }
    Ok(Exit::Ok)
}

fn report<'a>(
    slug: &str,
    as_of: Day,
    economics: &'a Economics,
    facts: DealEconomics,
    lever: Lever,
) -> Output<'a> {
    let result = lever.margin();
    Output {
        schema: SCHEMA,
        as_of,
        slug: slug.to_owned(),
        lever: LeverReport {
            share: lever.share,
            saving: lever.saving,
            gpu_margin: lever.gpu_margin,
            passed_on: lever.passed_on,
            result,
            margin_bps: lever.margin_bps(),
            unit_cost: result.cost / (1.0 - lever.gpu_margin),
            profit_gain: facts.revenue.map(|revenue| lever.profit_gain(revenue)),
        },
        revenue: facts.revenue,
        revenue_derived: facts.revenue_derived,
        provider_lever: facts.provider_lever,
        mw: facts.mw,
        contracted_share: facts.share,
        work_share: facts.work_share,
        point_bps: facts.point_bps,
        point_profit: facts.point_profit,
        full_profit: facts.full_profit,
        unit_cost: facts.unit_cost,
        break_even: facts.break_even,
        implied_saving: facts.implied_saving,
        sensitivity: tables(economics, lever).into(),
        exposure: facts.exposures,
        holdings: &economics.holdings,
        caveats: CAVEATS,
    }
}

/// Six decimals: what is beyond them is the machine's, not the model's.
fn tidy(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(tidy),
        Value::Object(members) => members.values_mut().for_each(tidy),
        Value::Number(number) if number.is_f64() => {
            let rounded = number.as_f64().map(|number| (number * 1e6).round() / 1e6 + 0.0);
            if let Some(rounded) = rounded.and_then(Number::from_f64) {
                *number = rounded;
            }
        }
        _ => {}
    }
}

/// The table at the lever, and the one at the other reading of what is passed on.
fn tables(economics: &Economics, lever: Lever) -> [Table; 2] {
    let other = if lever.passed_on == 0.0 { economics.passed_on.mid } else { 0.0 };
    [Table::of(lever), Table::of(Lever { passed_on: other, ..lever })]
}

fn show(
    out: &mut impl Write,
    facts: &DealEconomics,
    economics: &Economics,
    lever: Lever,
    contracted: bool,
) -> io::Result<()> {
    let result = lever.margin();
    let from = match (contracted, facts.share) {
        (true, Some(_)) => "the contracted share",
        (true, None) => "n/d: nothing says what is contracted",
        (false, _) => "yours",
    };
    if !facts.provider_lever {
        writeln!(
            out,
            "No leg is on the provider's own silicon: the lever below is a what-if, not this deal's."
        )?;
    }
    writeln!(out, "\nshare of work on custom silicon  {:>6}  {from}", percent(lever.share))?;
    for (name, value, assumption) in [
        ("cost saved per unit of work", lever.saving, &economics.saving),
        ("gross margin on GPU capacity", lever.gpu_margin, &economics.gpu_margin),
        ("part of the saving passed on", lever.passed_on, &economics.passed_on),
    ] {
        let said = format!("said to be {} to {}", percent(assumption.lo), percent(assumption.hi));
        writeln!(
            out,
            "{name:31}  {:>6}  {said}: {} ({})",
            percent(value),
            assumption.source,
            assumption.date
        )?;
    }
    if let Some(work) = facts.work_share.filter(|_| contracted) {
        writeln!(
            out,
            "by work per watt that share of MW is {} of the work [{} to {}]",
            percent(work.mid),
            percent(work.lo),
            percent(work.hi)
        )?;
    }
    writeln!(
        out,
        "\na unit of work costs {} of what it costs on GPUs, is sold at {} of the price, and earns a gross margin of {} ({:+.0} bp)",
        percent(result.cost / (1.0 - lever.gpu_margin)),
        percent(result.price),
        percent(result.margin),
        lever.margin_bps()
    )?;
    match facts.revenue {
        Some(revenue) => {
            let how = if facts.revenue_derived { ", derived from MW" } else { "" };
            let gain = format::signed_usd(lever.profit_gain(revenue));
            let revenue = format::usd(revenue.round() as i64);
            writeln!(out, "on a revenue of {revenue} a year{how}: {gain} gross profit a year")?;
        }
        None => writeln!(out, "revenue a year: n/d, neither dollars with a term nor MW are stated")?,
    }
    write!(
        out,
        "one more point of work on custom silicon: {}",
        range(facts.point_bps, |bp| format!("{bp:+.0} bp"))
    )?;
    match facts.point_profit {
        Some(profit) => writeln!(out, ", {} gross profit a year", range(profit, format::signed_usd))?,
        None => writeln!(out)?,
    }
    if let Some(profit) = facts.full_profit {
        writeln!(
            out,
            "the contracted share in full: {} gross profit a year",
            range(profit, format::signed_usd)
        )?;
    }
    writeln!(
        out,
        "break-even: custom must do {} of a GPU's work per watt; at what is said of it now the saving is {}",
        range(facts.break_even, |eps| format!("{eps:.2}")),
        range(facts.implied_saving, |part| format!("{:+.0}%", part * 100.0))
    )?;
    for table in tables(economics, lever) {
        sensitivity(out, &table)?;
    }
    exposure(out, facts)?;
    writeln!(out, "\nCaveats")?;
    for caveat in CAVEATS {
        writeln!(out, "  {caveat}")?;
    }
    Ok(())
}

fn sensitivity(out: &mut impl Write, table: &Table) -> io::Result<()> {
    writeln!(
        out,
        "\nchange of gross margin in bp, at a GPU margin of {} and {} of the saving passed on",
        percent(table.gpu_margin),
        percent(table.passed_on)
    )?;
    let savings: String = table.savings.iter().map(|saving| format!("{:>8}", percent(*saving))).collect();
    writeln!(out, "  share  saving {savings}")?;
    for (share, row) in table.shares.iter().zip(&table.bps) {
        let cells: String = row.iter().map(|bps| format!("{bps:+8.0}")).collect();
        writeln!(out, "  {:<13} {cells}", percent(*share))?;
    }
    Ok(())
}

fn exposure(out: &mut impl Write, facts: &DealEconomics) -> io::Result<()> {
    let Some(mw) = facts.mw else {
        return writeln!(out, "\nExposure: n/d, no capacity is known");
    };
    if facts.exposures.is_empty() {
        return writeln!(out, "\nExposure: nothing of the deal can move to custom silicon");
    }
    writeln!(
        out,
        "\nExposure, $M for one point of {mw} MW moved; expected: times the probability that the custom leg serves"
    )?;
    writeln!(out, "  {:8} {:26} {:>24} {:>9} {:>10}", "ticker", "why", "per point", "expected", "you hold")?;
    for row in &facts.exposures {
        let figure = if row.per_point == Range::default() {
            "0".to_owned()
        } else {
            range(row.per_point, |millions| format!("{millions:+.0}"))
        };
        let held = row.held.map_or_else(|| "-".to_owned(), |held| held.to_string());
        writeln!(out, "  {:8} {:26} {figure:>24} {:>9.1} {held:>10}", row.ticker, row.why, row.expected)?;
    }
    Ok(())
}

/// `+36 [0 to +85]`.
fn range(range: Range, shown: impl Fn(f64) -> String) -> String {
    format!("{} [{} to {}]", shown(range.mid), shown(range.lo), shown(range.hi))
}

/// A part of one as it is computed with: `81.5%`, `82%`.
fn percent(part: f64) -> String {
    format::tenths((part * 1000.0).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_read_in_percent_or_of_one() {
        assert_eq!(part("82%"), Ok(0.82));
        assert_eq!(part("0.82"), Ok(0.82));
        for bad in ["82", "-1%", "x", "NaN", ""] {
            assert!(part(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_said_is_what_is_computed_with() {
        assert_eq!(percent(0.815), "81.5%");
        assert_eq!(percent(0.82), "82%");
    }
}
