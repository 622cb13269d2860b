//! `gigawatch deals`: the board as a table or as JSON.

use std::io::{self, Write};

use super::live;
use super::{Exit, Globals, Outcome};
use crate::domain::claim::Rung;
use crate::domain::deal::LegKind;
use crate::domain::time::Day;
use crate::ledger::model::quantity::Bounds;
use crate::ledger::report::BoardReport;
use crate::ledger::{Board, DealStatus};

const EXAMPLE: &str = "\
Every tracked deal on one day, from nothing but what was known by the end of it.

A ladder has seven rungs: exploring, announced, contracted, piloting, deployed, serving, at scale.
Shares are of custom silicon in contracted MW, with bounds; n/d where no source says.

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

/// One deal a line.
pub(super) fn table(out: &mut impl Write, board: &Board, ascii: bool) -> io::Result<()> {
    let catalog = board.catalog_to.map_or_else(String::new, |day| format!(", catalog to {day}"));
    writeln!(out, "as of {}{catalog}", board.as_of)?;
    writeln!(
        out,
        "{:28} {:11} {:7} {:7} {:7}  {:12} {:22} next",
        "deal", "headline", "gpu", "custom", "other", "custom share", "gap"
    )?;
    for deal in &board.deals {
        let next = deal.next_milestone.as_ref().map_or_else(String::new, |next| {
            let when =
                if next.days < 0 { format!("OVERDUE {}d", -next.days) } else { format!("in {}d", next.days) };
            format!("{} {} {when}", next.due, next.milestone)
        });
        let line = format!(
            "{:28} {:11} {:7} {:7} {:7}  {:12} {:22} {next}",
            deal.deal.slug,
            deal.headline.word(),
            ladder(deal, LegKind::Gpu),
            ladder(deal, LegKind::Custom),
            ladder(deal, LegKind::Other),
            deal.contracted.map_or_else(|| "n/d".to_owned(), |share| percent(share, ascii)),
            deal.gap.reads,
        );
        writeln!(out, "{}", line.trim_end())?;
        let words = overlays(deal);
        if !words.is_empty() {
            writeln!(out, "{:28} {}", "", words.join("  "))?;
        }
    }
    Ok(())
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
    for leg in &deal.legs {
        let mut say = |word: &str| words.push(format!("{} {word}", leg.kind.word()));
        for flag in leg.status.flags.keys() {
            say(flag.word());
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
