//! What is shown, as Markdown.

use std::fmt::Write;

use super::State;
use super::deals;
use super::drill;
use super::format;
use super::nav::Screen;
use crate::domain::time::Timestamp;

/// The board, or the deal that is drilled into, as Markdown.
pub fn markdown(state: &State, now: Timestamp) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let done = match (&state.screen, &state.page) {
        (Screen::Deal(_), Some(page)) => deal(&mut text, page),
        _ => board(&mut text, state, now),
    };
    debug_assert!(done.is_ok());
    text
}

/// `|` and line ends would break a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn board(text: &mut String, state: &State, now: Timestamp) -> std::fmt::Result {
    let day = state.world.day().unwrap_or(now.day());
    writeln!(text, "# Deals as of {day}\n")?;
    if !state.shown.filter.is_empty() {
        writeln!(text, "Filter: `{}`\n", state.shown.filter)?;
    }
    writeln!(text, "| deal | size | status | custom of contracted | serves | gap | next | last claim |")?;
    writeln!(text, "|---|---|---|---|---|---|---|---|")?;
    for row in state.deal_rows() {
        let status = row.deal;
        let next = status.next_milestone.as_ref().map_or_else(
            || format::NOTHING.to_owned(),
            |next| format!("{} {} ({})", next.due, next.milestone, format::countdown(next.days)),
        );
        let marks = deals::marks(status);
        writeln!(
            text,
            "| {} | {} | {}{} | {} | {} | {} | {} | {} |",
            cell(&status.deal.name),
            deals::size(status),
            status.headline.word(),
            if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) },
            format::share_or(status.contracted),
            format::share_or(status.serving.map(|serving| serving.share)),
            cell(&status.gap.reads),
            cell(&next),
            status.last_claim.map_or_else(|| format::NOTHING.to_owned(), |day| day.to_string()),
        )?;
    }
    Ok(())
}

fn deal(text: &mut String, page: &drill::DealPage) -> std::fmt::Result {
    let status = &page.status;
    writeln!(text, "# {}: {}\n", status.deal.name, status.headline.word())?;
    writeln!(text, "{}\n", status.verdict)?;
    writeln!(text, "- size: {}", deals::size(status))?;
    writeln!(text, "- custom share of contracted: {}", format::share_or(status.contracted))?;
    writeln!(text, "- conversion gap: {}", status.gap.reads)?;
    let marks = deals::marks(status);
    if !marks.is_empty() {
        writeln!(text, "- flags: {}", marks.join(", "))?;
    }
    writeln!(text, "\n## Claims\n")?;
    for view in &page.claims {
        let claim = &view.claim;
        let says = drill::says(claim);
        writeln!(
            text,
            "- {} {} {} leg{}: {} ({}{})",
            claim.published,
            view.code,
            view.leg.word(),
            if says.is_empty() { String::new() } else { format!(", {says}") },
            cell(&claim.words),
            claim.source.outlet,
            claim.source.url.as_ref().map(|url| format!(", <{url}>")).unwrap_or_default(),
        )?;
    }
    Ok(())
}
