//! WIRE: one line a signal; above it what flipped since the last look.

use ratatui::layout::Rect;

use super::Scene;
use super::canvas::{Canvas, Column, Line, column, flexible, lay_out, span};
use super::text::Align;
use super::theme::Token;
use crate::app::deals;
use crate::app::format;
use crate::app::nav::{List, Pane};
use crate::app::wire::WireRow;

const COLUMNS: [Column; 6] = [
    column("AGE", 4, Align::Right, 0),
    column("P", 2, Align::Right, 2),
    column("DEAL", 15, Align::Left, 1),
    column("TYPE", 9, Align::Left, 3),
    flexible("WHAT CHANGED", 16, 400, 0),
    column("SRC", 7, Align::Left, 4),
];

/// Flips shown at most.
const FLIPS: usize = 3;

pub(super) fn pane(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let state = scene.state;
    let focus = state.pane == Pane::Wire;
    let rows = state.wire_rows();
    let folded: usize = rows.iter().map(|row| row.copies.saturating_sub(1)).sum();
    let right = if folded > 0 { format!("{folded} repeats folded") } else { String::new() };
    let inside = canvas.frame(area, &title(scene), &right, focus);
    list(canvas, scene, inside, focus);
    canvas.fold(area, List::Wire, rows.len());
}

/// What the pane is called: how many lines, and how many wait above them.
pub(super) fn title(scene: Scene<'_>) -> Line<'static> {
    let state = scene.state;
    let mut title = vec![span("WIRE ", Token::Strong), span(state.wire_rows().len().to_string(), Token::Dim)];
    let waiting = state.wire_waiting();
    if waiting > 0 {
        title.push(span(format!("  {waiting} new, g g shows them"), Token::New));
    }
    title
}

/// The flips and the list without a frame.
pub(super) fn list(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect, focus: bool) {
    let Scene { state, now } = scene;
    let rows = state.wire_rows();
    let inside = flips(canvas, scene, area);
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
    let (head, body) = super::board::split_rows(inside, u16::from(inside.height > 1));
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
            format::ago(now.since(row.at))
        } else {
            format::since(row.at.day(), today).replace("today", "0d")
        };
        cell(canvas, 0, &age, Token::Dim);
        let urgent = row.priority >= 80;
        cell(canvas, 1, &row.priority.to_string(), if urgent { Token::Warn } else { Token::Dim });
        cell(canvas, 2, &subject(scene, &row.subject), Token::Strong);
        cell(canvas, 3, &row.kind, Token::Accent);
        cell(canvas, 4, &row.what, Token::Text);
        cell(canvas, 5, &sources(row), Token::Dim);
    });
    if state.as_of.is_none() && rows.first().is_some_and(|row| row.live && now.since(row.at) < 86_400) {
        canvas.report.minutes = true;
    }
}

/// Whom a line is about, by the short names that the narrow board uses too.
fn subject(scene: Scene<'_>, subject: &str) -> String {
    let room = usize::from(COLUMNS[2].width);
    let deal = scene.state.world.deal(subject);
    deal.map_or_else(|| deals::capital(subject), |deal| super::deals::short_name(deal, room))
}

/// `A×2 +3`: the best tier, how many independent informants, how many repeats are folded in. Nothing where
/// nobody said it: a missed date and a conflict are the ledger's own findings.
fn sources(row: &WireRow) -> String {
    if row.tier == '-' {
        return "·".to_owned();
    }
    let repeats = match row.copies {
        0 | 1 => String::new(),
        copies => format!(" +{}", copies - 1),
    };
    format!("{}×{}{repeats}", row.tier, row.origins.max(1))
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
        let name = subject(scene, &change.deal);
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
