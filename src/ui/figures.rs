//! Figures: every number that the screen shows, and the words behind it.

use ratatui::layout::Rect;

use super::Scene;
use super::board::split_rows;
use super::canvas::{Canvas, Line, span};
use super::drill::evidence::words;
use super::text::Align;
use super::theme::Token;
use crate::app::figures::FigureRow;
use crate::app::format;
use crate::app::nav::List;
use crate::domain::claim::Claim;

/// Rows for the words of the figure under the cursor.
const WORDS: u16 = 6;
/// The rule that the catalog's own claims are read by: their words are a summary, not the source's.
const CATALOG: &str = "catalog";
/// Columns for what a figure measures, and for its value.
const WHAT: u16 = 26;
const VALUE: u16 = 24;

pub(super) fn draw(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let state = scene.state;
    let rows = &state.figures;
    let below = if area.height >= 16 { WORDS } else { 0 };
    let (list, words) = split_rows(area, area.height - below);
    let title = [span("FIGURES ", Token::Strong), span("every number and the words behind it", Token::Dim)];
    let inside = canvas.frame(list, &title, "enter: the evidence, o the source", true);
    if rows.is_empty() {
        canvas.paragraph(inside, &[span("The figures are being worked out.", Token::Dim)]);
        return;
    }
    let index = state.cursor(List::Figures);
    canvas.list(List::Figures, inside, (index, rows.len()), true, |canvas, line, place| {
        match rows.get(place) {
            Some(FigureRow::Figure(view)) => {
                let nothing = view.value == format::NOTHING;
                let value = if nothing { Token::Dim } else { Token::Strong };
                let what = WHAT.min(line.width);
                canvas.cell(line.x, line.y, what, &view.what, Align::Left, Token::Text);
                let left = line.width.saturating_sub(what + 1);
                let room = VALUE.max(super::text::width(&view.value) as u16).min(left);
                canvas.cell(line.x + what + 1, line.y, room, &view.value, Align::Left, value);
                let used = what + 1 + room + 1;
                canvas.put(line.x + used, line.y, line.width.saturating_sub(used), &view.how, Token::Dim);
            }
            Some(FigureRow::Words(claim)) => {
                canvas.line(line.x, line.y, line.width, &words_of(claim));
            }
            None => {}
        }
    });
    canvas.fold(list, List::Figures, rows.len());
    if let Some(claim) = rows.get(index).and_then(FigureRow::claim).filter(|_| below > 0) {
        detail(canvas, claim, words);
    }
}

/// A claim in a line.
fn words_of(claim: &Claim) -> Line<'_> {
    vec![
        span(format!("    {} ", claim.published), Token::Dim),
        span(format!("{} ", claim.tier.letter()), Token::Strong),
        span(format!("{}  ", claim.source.outlet), Token::Accent),
        span(claim.words.as_str(), Token::Text),
    ]
}

/// The words of the figure under the cursor, whole.
fn detail(canvas: &mut Canvas<'_>, claim: &Claim, area: Rect) {
    let title = [
        span(claim.source.outlet.as_str(), Token::Strong),
        span(format!("  {}", claim.published), Token::Dim),
    ];
    let url = claim.source.url.as_deref().unwrap_or_default();
    let inside = canvas.frame(area, &title, "", false);
    let used = canvas.paragraph(inside, &words(claim, claim.rule != CATALOG));
    let rest = Rect { y: inside.y + used, height: inside.height - used, ..inside };
    canvas.paragraph(rest, &[span(url, Token::Accent)]);
}
