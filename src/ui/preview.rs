//! PREVIEW: what to make of the deal under the cursor.

use ratatui::layout::Rect;

use super::Scene;
use super::canvas::{Canvas, Line, span};
use super::deals::{leg_token, status_token};
use super::theme::Token;
use crate::app::command::Command;
use crate::app::deals;
use crate::app::drill::{slot_name, slot_range};
use crate::app::format;
use crate::app::nav::{List, Pane};
use crate::app::world::DealStatus;

pub(super) fn pane(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let state = scene.state;
    let deal = state.subject().and_then(|slug| state.world.deal(&slug));
    let Some(deal) = deal else {
        let inside = canvas.frame(area, &[span("PREVIEW", Token::Strong)], "", false);
        canvas.paragraph(inside, &[span("No deal is under the cursor.", Token::Dim)]);
        return;
    };
    let title = [
        span(deal.deal.name.clone(), Token::Strong),
        span(" ", Token::Dim),
        span(deal.headline.word(), status_token(deal.headline)),
    ];
    let inside = canvas.frame(area, &title, "", false);
    // What has no room is not just cut off: the last line says that there is more, and where.
    let layer = state.screen.layer(state.pane);
    let key = state.keymap.hint(layer, Command::Open).unwrap_or_default();
    canvas.paragraphs(inside, blocks(scene, deal), &format!("{key} shows all"));
}

/// Paragraphs, most important first: what does not fit is least missed.
fn blocks(scene: Scene<'_>, deal: &DealStatus) -> Vec<Line<'static>> {
    let state = scene.state;
    let as_of = state.world.day().unwrap_or_default();
    let mut blocks: Vec<Line<'static>> = Vec::new();
    // The line of the wire under the cursor in full: its own row may have had no room for it.
    if state.pane == Pane::Wire
        && let Some(row) = state.wire_rows().get(state.cursor(List::Wire))
    {
        blocks.push(vec![
            span(format!("{} ", row.kind), Token::Accent),
            span(row.what.as_str().to_owned(), Token::Strong),
        ]);
    }
    blocks.push(vec![span(deal.verdict.clone(), Token::Text)]);
    let marks = deals::marks(deal);
    if !marks.is_empty() {
        blocks.push(vec![span("flags ", Token::Dim), span(marks.join(" "), Token::Warn)]);
    }
    for leg in &deal.legs {
        let status = &leg.status;
        let size = leg.capacity.contracted.as_ref().or(leg.capacity.headline.as_ref());
        let code = leg.code.map(|code| format!(" {code}")).unwrap_or_default();
        blocks.push(vec![
            span(format!("{:<7}", leg.kind.word()), leg_token(leg.kind)),
            span(
                format!(
                    "{} {}{code} {}  {}",
                    status.rung.label(),
                    format::chance(status.at_least(status.rung.index())),
                    status.level.word(),
                    size.map_or_else(String::new, |figure| {
                        format!(
                            "{}{}",
                            format::mw(figure.value.mid),
                            if figure.derived { " derived" } else { "" }
                        )
                    }),
                ),
                Token::Text,
            ),
        ]);
    }
    blocks.push(vec![
        span("contracted ", Token::Dim),
        span(format::share_or(deal.contracted), Token::Text),
        span(" MW, ", Token::Dim),
        span(format::share_or(deal.contracted_usd), Token::Text),
        span(" USD; gap ", Token::Dim),
        span(deal.gap.reads.clone(), Token::Text),
    ]);
    let next = deal.next_milestone.as_ref().map_or_else(
        || "no date ahead".to_owned(),
        |next| format!("{} {} {}", next.milestone, next.due, format::countdown(next.days)),
    );
    let silent = deal
        .last_claim
        .map_or_else(String::new, |last| format!("; last claim {}", format::since(last, as_of)));
    blocks.push(vec![span("clock ", Token::Dim), span(next, Token::Text), span(silent, Token::Dim)]);
    if let Some(contrary) = &deal.contrary {
        blocks.push(vec![
            span("against ", Token::Bad),
            span(format!("{} {} ", contrary.code, contrary.published), Token::Dim),
            span(contrary.words.as_str().to_owned(), Token::Text),
        ]);
    }
    for conflict in &deal.conflicts {
        let figure = |value| slot_range(conflict.slot, value);
        let mut line = vec![
            span("conflict ", Token::Warn),
            span(format!("{} {}: ", conflict.leg.word(), slot_name(conflict.slot)), Token::Text),
            span(format!("a) {} is used", figure(conflict.held)), Token::Text),
        ];
        for (letter, (value, _)) in ('b'..='z').zip(&conflict.others) {
            line.push(span(format!(" {letter}) {}", figure(*value)), Token::Text));
        }
        blocks.push(line);
    }
    if let Some(note) = state.world.own.notes.get(deal.deal.slug.as_str()) {
        blocks.push(vec![span("note ", Token::Accent), span(note.clone(), Token::Text)]);
    }
    let held: Vec<&str> = deal
        .deal
        .tickers
        .iter()
        .map(|ticker| ticker.symbol.as_str())
        .filter(|symbol| state.held(symbol).is_some())
        .collect();
    if !held.is_empty() {
        blocks.push(vec![span("you hold ", Token::Accent), span(held.join(" "), Token::Strong)]);
    }
    blocks
}
