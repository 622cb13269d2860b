//! `gigawatch deal SLUG`: one deal in full.

use std::io::{self, Write};

use super::deals::{overlays, percent};
use super::{Exit, Globals, Outcome};
use super::{deal_add, live};
use crate::app::format;
use crate::domain::time::Day;
use crate::ledger::DealPage;
use crate::ledger::milestone::MilestoneState;
use crate::ledger::page_report::PageReport;

const EXAMPLE: &str = "\
One deal on one day: status, shares, claims with their sources, milestones, figures that disagree, and what
the next word would change.

Examples:
  gigawatch deal openai-aws
  gigawatch deal openai-aws --as-of 2026-02-20
  gigawatch deal openai-aws --json | jq '.claims[] | select(.novel) | [.published, .code, .words]'

A source's code is its tier (A a party's own document ... E unknown) and a digit: 1 two informants or more,
2 asserted, 3 hedged, 4 speculative, 5 denied by a party, 6 a plan or an opinion.";

/// Arguments of `deal`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Args {
    /// The deal, e.g. `openai-aws`.
    #[arg(required = true)]
    slug: Option<String>,
    /// The day to show, all of it, UTC (default: today).
    #[arg(long, value_name = "DATE")]
    as_of: Option<Day>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    /// Add a deal of your own.
    Add(deal_add::Args),
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    if let Some(Action::Add(args)) = &args.action {
        return deal_add::run(globals, args);
    }
    let as_of = args.as_of.unwrap_or_else(|| live::today(globals));
    let page = live::page(globals, args.slug.as_deref().unwrap_or_default(), as_of)?;
    let mut out = io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &PageReport::new(&page, as_of))?;
        writeln!(out)?;
    } else {
        show(&mut out, &page, as_of, globals.ascii)?;
    }
    Ok(Exit::Ok)
}

fn show(out: &mut impl Write, page: &DealPage, as_of: Day, ascii: bool) -> io::Result<()> {
    let status = &page.status;
    let share = |share: Option<_>| share.map_or_else(|| "n/d".to_owned(), |share| percent(share, ascii));
    writeln!(out, "{}   {}   as of {as_of}", status.deal.name, status.headline.word())?;
    writeln!(out, "{}", status.verdict)?;
    if let Some(contrary) = &status.contrary {
        writeln!(out, "Against: {} ({}, {})", contrary.words, contrary.code, contrary.published)?;
    }
    let serving = match status.serving {
        Some(serving) if serving.proven => percent(serving.share, ascii),
        Some(serving) => format!("unproven, at most {}%", (serving.share.hi + 5) / 10),
        None => "no evidence".to_owned(),
    };
    writeln!(
        out,
        "Custom share: {} of contracted MW, {} of contract value. Serving: {serving}. Gap: {}.",
        share(status.contracted),
        share(status.contracted_usd),
        status.gap.reads
    )?;
    for word in overlays(status) {
        writeln!(out, "  {word}")?;
    }
    for leg in &status.legs {
        let code = leg.code.map_or_else(String::new, |code| code.to_string());
        write!(
            out,
            "\n{:7} {:10} {:4} {:4} {code:2}",
            leg.kind.word(),
            leg.status.rung.label(),
            leg.status.level.word(),
            format::chance(leg.status.conf)
        )?;
        if let Some(mw) = &leg.capacity.contracted {
            let firmness = if mw.derived { "derived" } else { "stated" };
            write!(out, "  {} MW {firmness}", mw.value.mid)?;
        }
        if let Some(wallet) = leg.wallet {
            write!(out, "  {} of the buyer's contracted MW", percent(wallet, ascii))?;
        }
        write!(out, "  pressure {:+.1}", f64::from(leg.pressure) / 1000.0)?;
    }
    writeln!(out)?;
    section(out, "Milestones", !page.status.milestones.is_empty())?;
    for milestone in &page.status.milestones {
        let state = match &milestone.state {
            MilestoneState::Met { on: Some(on), .. } => format!("met {on}"),
            MilestoneState::Met { on: None, .. } => "met".to_owned(),
            MilestoneState::Void(on) => format!("lapsed {on}"),
            MilestoneState::Ahead(days) => format!("in {days}d"),
            MilestoneState::Overdue(days) => format!("OVERDUE {days}d"),
        };
        let slip =
            if milestone.slip == 0 { String::new() } else { format!(", slipped {:+}d", milestone.slip) };
        writeln!(out, "  {}  {:6} {}: {state}{slip}", milestone.due, milestone.leg.word(), milestone.name)?;
    }
    section(out, "Figures that disagree", !status.conflicts.is_empty())?;
    for conflict in &status.conflicts {
        let others: Vec<String> = conflict.others.iter().map(|(b, id)| format!("{} ({id})", b.mid)).collect();
        let slot = serde_json::to_string(&conflict.slot)?;
        writeln!(
            out,
            "  {} {}: {} ({}) against {}",
            conflict.leg.word(),
            slot.trim_matches('"'),
            conflict.held.mid,
            conflict.held_by.join(", "),
            others.join(", ")
        )?;
    }
    section(out, "What would change it", page.legs.iter().any(|leg| !leg.would_change.is_empty()))?;
    for leg in &page.legs {
        for change in &leg.would_change {
            let word = if change.reverting { "REVERTING" } else { change.rung.label() };
            writeln!(out, "  {:6} {} -> {word} {}", leg.leg.word(), change.what, change.level)?;
        }
    }
    section(out, "Claims, newest first", !page.claims.is_empty())?;
    for view in &page.claims {
        let claim = &view.claim;
        let novel = if view.novel { ' ' } else { '~' };
        let copies =
            if view.novel && view.copies > 0 { format!("  +{} copies", view.copies) } else { String::new() };
        writeln!(
            out,
            "{novel} {}  {}  {:6} {:10} {}{copies}",
            claim.published,
            view.code,
            view.leg.word(),
            claim.rung.label(),
            claim.words
        )?;
        let url = claim.source.url.as_deref().unwrap_or_default();
        writeln!(out, "      {}  {url}", claim.source.outlet)?;
    }
    Ok(())
}

fn section(out: &mut impl Write, title: &str, wanted: bool) -> io::Result<()> {
    if wanted { writeln!(out, "\n{title}") } else { Ok(()) }
}
