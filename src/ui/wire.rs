//! WIRE: one line a signal; above it what flipped since the last look.

use ratatui::layout::Rect;

use super::Scene;
use super::canvas::{Canvas, Column, column, flexible, lay_out, span};
use super::text::Align;
use super::theme::Token;
use crate::app::format;
use crate::app::nav::{List, Pane};

const COLUMNS: [Column; 7] = [
    column("AGE", 4, Align::Right, 0),
    column("P", 2, Align::Right, 2),
    flexible("DEAL", 14, 20, 1),
    column("TYPE", 9, Align::Left, 3),
    flexible("WHAT CHANGED", 16, 400, 0),
    column("SRC", 4, Align::Left, 4),
    column("REP", 3, Align::Right, 5),
];

/// Flips shown at most.
const FLIPS: usize = 3;

pub(super) fn pane(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let Scene { state, now } = scene;
    let focus = state.pane == Pane::Wire;
    let rows = state.wire_rows();
    let waiting = state.wire_waiting();
    let mut title = vec![span("WIRE ", Token::Strong), span(rows.len().to_string(), Token::Dim)];
    if waiting > 0 {
        title.push(span(format!("  {waiting} new, g g shows them"), Token::New));
    }
    let folded: usize = rows.iter().map(|row| row.copies.saturating_sub(1)).sum();
    let right = if folded > 0 { format!("{folded} repeats folded") } else { String::new() };
    let inside = canvas.frame(area, &title, &right, focus);
    let inside = flips(canvas, scene, inside);
    if rows.is_empty() {
        let text = if state.world.is_offline() {
            "Nothing on the wire: no feed can be reached. g s shows why; the board above is the catalog's."
        } else if state.world.sources.is_empty() {
            "Nothing on the wire: no feed is configured. `gigawatch feeds add URL` adds one."
        } else {
            "Nothing on the wire yet. New stories about the deals above appear here."
        };
        canvas.paragraph(inside, &[span(text, Token::Dim)]);
        return;
    }
    let places = lay_out(&COLUMNS, inside.width.saturating_sub(1));
    let (head, body) = super::board::split_rows(inside, u16::from(inside.height > 3));
    canvas.headings(Rect { x: head.x + 1, ..head }, &COLUMNS, &places);
    let index = state.cursor(List::Wire);
    let today = state.shown_day(now);
    canvas.list(List::Wire, body, (index, rows.len()), focus, |canvas, line, place| {
        let Some(row) = rows.get(place) else { return };
        let cell = |canvas: &mut Canvas<'_>, at: usize, content: &str, token: Token| {
            if let Some(Some((offset, width))) = places.get(at) {
                canvas.cell(line.x + offset, line.y, *width, content, COLUMNS[at].align, token);
            }
        };
        let age = if row.live && state.as_of.is_none() {
            format::age(now.since(row.at).max(0))
        } else {
            format::since(row.at.day(), today).replace("today", "0d")
        };
        cell(canvas, 0, &age, Token::Dim);
        let urgent = row.priority >= 80;
        cell(canvas, 1, &row.priority.to_string(), if urgent { Token::Warn } else { Token::Dim });
        let deal = state.world.deal(&row.subject);
        let width = places.get(2).copied().flatten().map_or(0, |(_, width)| usize::from(width));
        let name = deal.map_or_else(|| row.subject.clone(), |deal| super::deals::short_name(deal, width));
        cell(canvas, 2, &name, Token::Strong);
        cell(canvas, 3, &row.kind, Token::Accent);
        cell(canvas, 4, &row.what, Token::Text);
        cell(canvas, 5, &format!("{}×{}", row.tier, row.origins.max(1)), Token::Dim);
        if row.copies > 1 {
            cell(canvas, 6, &row.copies.to_string(), Token::Dim);
        }
    });
    if state.as_of.is_none() && rows.first().is_some_and(|row| row.live && now.since(row.at) < 86_400) {
        canvas.report.minutes = true;
    }
}

/// What flipped since the last look; returns what is left of the area.
fn flips(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) -> Rect {
    let state = scene.state;
    let (Some(history), Some(mark)) = (&state.world.history, state.last_look()) else { return area };
    if area.height < 6 {
        return area;
    }
    let flips: Vec<_> = history.flips(mark, state.shown_day(scene.now)).take(FLIPS).collect();
    for (row, change) in flips.iter().enumerate() {
        let name = state.world.deal(&change.deal).map_or(change.deal.as_str(), |deal| &deal.deal.name);
        let token = if change.down { Token::Bad } else { Token::Good };
        let line = [
            span(format!(" FLIP {} ", change.day), Token::New),
            span(format!("{name} "), Token::Strong),
            span(change.what.clone(), token),
        ];
        canvas.line(area.x, area.y + row as u16, area.width, &line);
    }
    let used = flips.len() as u16;
    Rect { y: area.y + used, height: area.height - used, ..area }
}
