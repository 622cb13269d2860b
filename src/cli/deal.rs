//! `gigawatch deal SLUG`: one deal in full.

use std::io::{self, Write};

use super::deals::{overlays, percent};
use super::{Exit, Globals, Outcome};
use super::{deal_add, live};
use crate::app::deals::size;
use crate::app::format;
use crate::domain::claim::{Op, Slot};
use crate::domain::time::Day;
use crate::ledger::capacity::{Conflict, Figure};
use crate::ledger::milestone::MilestoneState;
use crate::ledger::model::quantity::Bounds;
use crate::ledger::page::ClaimView;
use crate::ledger::page_report::{PageReport, ProgrammeReport};
use crate::ledger::pressure::PressureLine;
use crate::ledger::programme::ProgrammePage;
use crate::ledger::{DealPage, LegView};

const EXAMPLE: &str = "\
One deal on one day: status, shares, claims with their sources, milestones, figures that disagree, and what
the next word would change. A programme's page has the claims that press on every leg on its silicon.

Examples:
  gigawatch deal openai-aws
  gigawatch deal openai-aws --as-of 2026-02-20
  gigawatch deal trainium
  gigawatch deal openai-aws --json | jq '.claims[] | select(.novel) | [.published, .code, .words]'

A source's code is its tier (A a party's own document ... E unknown) and a digit: 1 two informants or more,
2 asserted, 3 hedged, 4 speculative, 5 denied by a party, 6 a plan or an opinion.";

/// Arguments of `deal`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Args {
    /// The deal, e.g. `openai-aws`, or a silicon programme, e.g. `trainium`.
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
    let slug = args.slug.as_deref().unwrap_or_default();
    let ledger = live::ledger(globals)?;
    let mut out = io::stdout().lock();
    if ledger.deals().all(|deal| deal.slug.as_str() != slug)
        && let Some(programme) = ledger.programme_page(slug, as_of)
    {
        if args.json {
            serde_json::to_writer(&mut out, &ProgrammeReport::new(&programme, as_of))?;
            writeln!(out)?;
        } else {
            show_programme(&mut out, &programme, as_of)?;
        }
        return Ok(Exit::Ok);
    }
    let page = live::page_of(&ledger, slug, as_of)?;
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
    let (name, word) = (&status.deal.name, status.headline.word());
    writeln!(out, "{name}   {word}   {}   as of {as_of}", size(status))?;
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
        for figure in figures(leg, ascii) {
            write!(out, "  {figure}")?;
        }
        if let Some(wallet) = leg.wallet {
            write!(out, "  {} of the buyer's contracted MW", percent(wallet, ascii))?;
        }
        write!(out, "  momentum {:+.1}  pressure {:+.1}", tenths(leg.status.momentum), tenths(leg.pressure))?;
    }
    writeln!(out)?;
    let flags = || status.legs.iter().flat_map(|leg| leg.flags.iter().map(move |flag| (leg.kind, flag)));
    section(out, "Flags", flags().next().is_some())?;
    for (leg, flag) in flags() {
        let amount = flag.amount.as_ref().map_or_else(String::new, |fact| format::usd(fact.mid) + " ");
        let (word, since) = (flag.flag.word(), flag.since);
        writeln!(out, "  {:6} {word} {amount}since {since}: {}", leg.word(), flag.words)?;
    }
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
        for other in &milestone.others {
            let source = page.claim(&other.claim).map_or_else(String::new, source);
            writeln!(out, "  {}  {:6} also given, by {source}", other.due, "")?;
        }
    }
    section(out, "Figures that disagree", !status.conflicts.is_empty())?;
    for conflict in &status.conflicts {
        disagreement(out, page, conflict)?;
    }
    let pressing = page.legs.iter().any(|leg| !leg.pressure.is_empty());
    section(out, "Pressure: words without a rung, fading over two months", pressing)?;
    for leg in &page.legs {
        for line in &leg.pressure {
            pressure_line(out, leg.leg.word(), line)?;
        }
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
        let url = claim.source.url.as_deref().unwrap_or(&claim.source.title);
        writeln!(out, "      {}  {url}", claim.source.outlet)?;
    }
    Ok(())
}

/// Thousandths to tenths; nothing has no sign of its own.
fn tenths(milli: i32) -> f64 {
    (f64::from(milli) / 100.0).round() / 10.0 + 0.0
}

/// A leg's sizes: what is announced beyond the contract, contracted, installed, and the money.
fn figures(leg: &LegView, ascii: bool) -> Vec<String> {
    let capacity = &leg.capacity;
    let figure = |figure: &Figure, shown: fn(i64) -> String, word: &str| {
        let firmness = if figure.derived { ", derived" } else { "" };
        let (bounds, dash) = (figure.value, if ascii { '-' } else { '\u{2013}' });
        let between = if bounds.lo == bounds.hi {
            String::new()
        } else {
            format!(" [{}{dash}{}]", shown(bounds.lo), shown(bounds.hi))
        };
        format!("{}{between} {word}{firmness}", shown(bounds.mid))
    };
    let announced = capacity.headline.as_ref().filter(|headline| {
        capacity.contracted.as_ref().is_none_or(|contracted| contracted.value != headline.value)
    });
    let years = capacity.years.map_or_else(String::new, |years| format!(" over {years}y"));
    let sums = [&capacity.usd, &capacity.increment].into_iter().flatten().count();
    let term = |word: &str| if sums == 1 { format!("{word}{years}") } else { word.to_owned() };
    let of = |known: Option<&Figure>, shown, word: &str| known.map(|known| figure(known, shown, word));
    let parts = [
        of(announced, mw, "announced"),
        of(capacity.contracted.as_ref(), mw, "contracted"),
        of(capacity.deployed.as_ref(), mw, "installed"),
        of(capacity.usd.as_ref(), format::usd, &term("contracted")),
        of(capacity.increment.as_ref(), format::usd, &term("more")),
        capacity.lapsed.map(|day| format!("earlier intent lapsed {day}")),
    ];
    parts.into_iter().flatten().collect()
}

/// Megawatts without rounding a bound away: `452 MW`, `2 GW`, `1.95 GW`.
fn mw(mw: i64) -> String {
    if mw.abs() < 1000 { format!("{mw} MW") } else { format!("{} GW", mw as f64 / 1000.0) }
}

/// Readings of one figure that disagree, in a sentence, and below it who says what.
fn disagreement(out: &mut impl Write, page: &DealPage, conflict: &Conflict) -> io::Result<()> {
    let others: Vec<String> =
        conflict.others.iter().map(|(bounds, id)| reading(page, conflict.slot, *bounds, &[id])).collect();
    let held_by: Vec<&String> = conflict.held_by.iter().collect();
    writeln!(
        out,
        "  {:6} {} against {}",
        conflict.leg.word(),
        reading(page, conflict.slot, conflict.held, &held_by),
        others.join(" and ")
    )?;
    let held = conflict.held_by.iter().map(|id| (conflict.held, id));
    for (bounds, id) in held.chain(conflict.others.iter().map(|(bounds, id)| (*bounds, id))) {
        if let Some(view) = page.claim(id) {
            let figure = amount(conflict.slot, bounds);
            writeln!(out, "         {figure}: {}: {}", source(view), view.claim.words)?;
        }
    }
    Ok(())
}

/// One reading of a figure: `$100B more (by)`, `$62B more (to $100B in all)`.
fn reading(page: &DealPage, slot: Slot, bounds: Bounds, claims: &[&String]) -> String {
    let text = amount(slot, bounds);
    if slot != Slot::UsdIncrement {
        return text;
    }
    let facts = claims.iter().filter_map(|id| page.claim(id)).flat_map(|view| &view.claim.facts);
    let adds = facts.filter(|fact| fact.slot == slot).any(|fact| fact.op == Op::Add);
    if adds {
        return format!("{text} (by)");
    }
    let before = page.status.legs.iter().filter_map(|leg| leg.capacity.usd.as_ref());
    let all = before.map(|figure| figure.value.mid).sum::<i64>() + bounds.mid;
    format!("{text} (to {} in all)", format::usd(all))
}

/// A figure with what it measures.
fn amount(slot: Slot, bounds: Bounds) -> String {
    let (shown, word): (fn(i64) -> String, &str) = match slot {
        Slot::MwContracted => (format::mw, " contracted"),
        Slot::MwHeadline => (format::mw, " announced"),
        Slot::MwDeployed => (format::mw, " installed"),
        Slot::UsdContracted => (format::usd, " of contract value"),
        Slot::UsdIncrement => (format::usd, " more"),
        Slot::UsdEquity => (format::usd, " of equity"),
        Slot::UsdFinancing => (format::usd, " of financing"),
        Slot::UsdOther => (format::usd, ""),
        Slot::Chips => (|chips| chips.to_string(), " chips"),
        Slot::ServingShare => (format::percent, " of serving"),
        Slot::Years => (|years| years.to_string(), " years"),
    };
    if bounds.lo == bounds.hi {
        format!("{}{word}", shown(bounds.mid))
    } else {
        format!("{} to {}{word}", shown(bounds.lo), shown(bounds.hi))
    }
}

/// `A2 OpenAI and Amazon, 2026-02-27`.
fn source(view: &ClaimView) -> String {
    format!("{} {}, {}", view.code, view.claim.source.outlet, view.claim.published)
}

/// What presses on a leg: how hard, who says so, and the words.
pub(super) fn pressure_line(out: &mut impl Write, leg: &str, line: &PressureLine) -> io::Result<()> {
    let claim = &line.claim;
    let of = line.programme.as_ref().map_or_else(String::new, |id| format!(" [{id}]"));
    writeln!(
        out,
        "  {leg:6} {:+6}  {} {} {}{of}: {}",
        line.counts, line.code, claim.published, claim.source.outlet, claim.words
    )
}

fn show_programme(out: &mut impl Write, page: &ProgrammePage, as_of: Day) -> io::Result<()> {
    let pressure = tenths(page.pressure);
    writeln!(out, "{}   programme of {}   pressure {pressure:+.1}   as of {as_of}", page.name, page.owner)?;
    section(out, "Legs on it", !page.legs.is_empty())?;
    for leg in &page.legs {
        writeln!(out, "  {:28} {:6} {}", leg.deal, leg.leg.word(), leg.label)?;
    }
    section(out, "Claims, newest first, with what each adds to the pressure", !page.claims.is_empty())?;
    for view in &page.claims {
        let claim = &view.claim;
        let novel = if view.novel { ' ' } else { '~' };
        writeln!(out, "{novel} {}  {}  {:+6}  {}", claim.published, view.code, view.counts, claim.words)?;
        let url = claim.source.url.as_deref().unwrap_or(&claim.source.title);
        writeln!(out, "      {}  {url}", claim.source.outlet)?;
    }
    Ok(())
}

fn section(out: &mut impl Write, title: &str, wanted: bool) -> io::Result<()> {
    if wanted { writeln!(out, "\n{title}") } else { Ok(()) }
}
