//! `gigawatch deals`: the board as a table or as JSON.

use std::io::{self, Write};

use super::live;
use super::{Exit, Globals, Outcome};
use crate::app::deals::{Trend, class_word, size};
use crate::app::format;
use crate::domain::claim::Rung;
use crate::domain::deal::LegKind;
use crate::domain::text::DisplayText;
use crate::domain::time::Day;
use crate::ledger::model::quantity::Bounds;
use crate::ledger::report::BoardReport;
use crate::ledger::rollup::{Measure, Scope, Side};
use crate::ledger::{Board, DealStatus};

const EXAMPLE: &str = "\
Every tracked deal on one day, from nothing but what was known by the end of it.

A ladder has seven rungs: exploring, announced, contracted, piloting, deployed, serving, at scale.
`own` is the custom leg, or merchant silicon that is no GPU where there is none. Arrows say where the deal
moves: one for 0.4 rungs a quarter, two for 1.5. Sizes are as announced. Shares are of custom silicon in
contracted MW, with bounds; n/d where no source says. Below the deals stand the roll-ups.

Examples:
  gigawatch deals
  gigawatch deals --as-of 2026-02-27
  gigawatch deals --json | jq '.deals[] | {slug, headline, custom_contracted}'";

/// Arguments of `deals`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// The day to show, all of it, UTC (default: today).
    #[arg(long, value_name = "DATE")]
    as_of: Option<Day>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let as_of = args.as_of.unwrap_or_else(|| live::today(globals));
    let ledger = live::ledger_known(globals, as_of)?;
    let board = ledger.board(as_of);
    let mut out = io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &BoardReport::from(&board))?;
        writeln!(out)?;
    } else {
        table(&mut out, &board, globals.ascii)?;
    }
    // The process ends here: freeing a large ledger claim by claim would only keep the reader waiting.
    std::mem::forget(ledger);
    Ok(Exit::Ok)
}

/// Columns that a line may take: nobody likes a table that wraps.
const WIDTH: usize = 120;
/// Where the words below a deal begin.
const INDENT: usize = 27;

/// One deal a line, with words below it, and the roll-ups.
pub(super) fn table(out: &mut impl Write, board: &Board, ascii: bool) -> io::Result<()> {
    let catalog = board.catalog_to.map_or_else(String::new, |day| format!(", catalog to {day}"));
    writeln!(out, "as of {}{catalog}", board.as_of)?;
    writeln!(
        out,
        "{:26} {:11} {:2} {:7} {:7} {:17} {:12} next",
        "deal", "headline", "", "gpu", "own", "size", "custom share"
    )?;
    for deal in &board.deals {
        let own = deal.deal.converting_leg().map_or_else(String::new, |leg| ladder(deal, leg.kind));
        let mut line = format!(
            "{:26} {:11} {:2} {:7} {own:7} {:17} {:12} ",
            deal.deal.slug,
            deal.headline.word(),
            arrow(deal, ascii),
            ladder(deal, LegKind::Gpu),
            size(deal),
            deal.contracted.map_or_else(|| "n/d".to_owned(), |share| percent(share, ascii)),
        );
        line.push_str(&next(deal, WIDTH.saturating_sub(line.chars().count())));
        writeln!(out, "{}", line.trim_end())?;
        let mut words = overlays(deal);
        if deal.leg(LegKind::Custom).is_some() {
            words.insert(0, format!("gap {}", deal.gap.reads));
        }
        wrapped(out, &words)?;
    }
    rollups(out, board)
}

/// The next milestone in at most `room` columns; its name gives way, its date does not.
fn next(deal: &DealStatus, room: usize) -> String {
    let Some(next) = &deal.next_milestone else { return String::new() };
    let when = if next.days < 0 { format!("OVERDUE {}d", -next.days) } else { format!("{}d", next.days) };
    let fixed = next.due.to_string().len() + when.len() + 2;
    let name = DisplayText::line(&next.milestone, room.saturating_sub(fixed).max(1));
    format!("{} {name} {when}", next.due)
}

/// Words below a deal, two spaces apart, in as many lines as they need.
fn wrapped(out: &mut impl Write, words: &[String]) -> io::Result<()> {
    let mut line = String::new();
    for word in words {
        if !line.is_empty() && INDENT + line.chars().count() + 2 + word.chars().count() > WIDTH {
            writeln!(out, "{:INDENT$}{line}", "")?;
            line.clear();
        }
        if !line.is_empty() {
            line.push_str("  ");
        }
        line.push_str(word);
    }
    if line.is_empty() { Ok(()) } else { writeln!(out, "{:INDENT$}{line}", "") }
}

/// Which way the deal moves, and whether fast: rungs per quarter of the leg that it is judged by.
fn arrow(deal: &DealStatus, ascii: bool) -> &'static str {
    match (Trend::of_deal(deal), ascii) {
        (Trend::FastUp, false) => "\u{2191}\u{2191}",
        (Trend::FastUp, true) => "++",
        (Trend::Up, false) => "\u{2191}",
        (Trend::Up, true) => "+",
        (Trend::FastDown, false) => "\u{2193}\u{2193}",
        (Trend::FastDown, true) => "--",
        (Trend::Down, false) => "\u{2193}",
        (Trend::Down, true) => "-",
        (Trend::Level, _) => "",
    }
}

/// Custom against GPU in GW, over all deals and by buyer, one class at a time.
fn rollups(out: &mut impl Write, board: &Board) -> io::Result<()> {
    writeln!(out, "\nGW custom / GPU, and the custom share (+: more that says no size)")?;
    writeln!(out, "{:25} {:27} {:27} serving", "", "announced", "contracted")?;
    for rollup in &board.rollups {
        let name = match &rollup.scope {
            Scope::All => "all",
            Scope::Buyer(buyer) => buyer,
            Scope::Vendor(_) => continue,
        };
        let cells = [&rollup.headline, &rollup.contracted, &rollup.serving].map(measure);
        let class = class_word(rollup.class);
        let line = format!("{name:16} {class:8} {:27} {:27} {}", cells[0], cells[1], cells[2]);
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// `12.0 / 9.0  57% [51-60]`, `n/d` where nothing says.
fn measure(measure: &Measure) -> String {
    let side = |side: &Side| {
        let more = if side.unknown > 0 { "+" } else { "" };
        side.mw.map_or_else(|| format!("n/d{more}"), |mw| format!("{}{more}", format::gw(mw.mid)))
    };
    let share = measure.share.map_or_else(|| "n/d".to_owned(), |share| percent(share, true));
    match (measure.custom.mw, measure.gpu.mw) {
        (None, None) => "n/d".to_owned(),
        _ => format!("{} / {}  {share}", side(&measure.custom), side(&measure.gpu)),
    }
}

/// `###----`, or blank where the deal has no such leg.
fn ladder(deal: &DealStatus, kind: LegKind) -> String {
    deal.leg(kind).map_or_else(String::new, |leg| {
        let rung = leg.status.rung.index();
        "#".repeat(rung) + &"-".repeat(Rung::AtScale.index() - rung)
    })
}

/// `82% [78–84]`.
pub(super) fn percent(share: Bounds, ascii: bool) -> String {
    let round = |permille: i64| (permille + 5).div_euclid(10);
    if share.lo == share.hi {
        return format!("{}%", round(share.mid));
    }
    let dash = if ascii { '-' } else { '–' };
    format!("{}% [{}{dash}{}]", round(share.mid), round(share.lo), round(share.hi))
}

/// The words beside the headline, leg by leg.
pub(super) fn overlays(deal: &DealStatus) -> Vec<String> {
    let mut words = Vec::new();
    if deal.is_custom_native() {
        words.push("CUSTOM-NATIVE".to_owned());
    }
    for leg in &deal.legs {
        let mut say = |word: &str| words.push(format!("{} {word}", leg.kind.word()));
        for view in &leg.flags {
            let amount = view.amount.as_ref().map(|fact| format!(" {}", format::usd(fact.mid)));
            say(&format!("{}{}", view.flag.word(), amount.unwrap_or_default()));
        }
        if leg.is_stale() {
            say(&format!("STALE {}d", leg.status.stale));
        }
        if leg.provisional {
            say("PROVISIONAL");
        }
        if leg.status.contested {
            say("CONTESTED");
        }
        if let Some(reported) = leg.status.reported {
            say(&format!("REPORTED {} x{}", reported.rung.label(), reported.origins));
        }
        for pin in &leg.pins {
            say(if pin.contradicted_by.is_some() { "PIN CONTRADICTED" } else { "PIN" });
        }
    }
    words
}
