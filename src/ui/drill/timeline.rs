//! Timeline: what is due, what changed, what was said.

use ratatui::layout::Rect;

use super::super::Scene;
use super::super::canvas::{Canvas, Line, span};
use super::super::deals::leg_token;
use super::super::theme::Token;
use crate::app::drill::{MilestoneState, TimelineRow, figures, says};
use crate::app::format;
use crate::app::nav::List;

pub(super) fn draw(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let state = scene.state;
    let inside =
        canvas.frame(area, &[span("Timeline", Token::Strong)], "newest first; enter: the words", true);
    let rows = state.timeline_rows();
    let index = state.place(List::Timeline, &state.keys(List::Timeline));
    if rows.len() <= 1 {
        let text = if state.as_of.is_some() {
            "Nothing was known of this deal on this day. T returns to now."
        } else {
            "Nothing is known of this deal yet."
        };
        canvas.paragraph(inside, &[span(text, Token::Dim)]);
        return;
    }
    canvas.list(List::Timeline, inside, (index, rows.len()), true, |canvas, line, place| {
        if let Some(row) = rows.get(place) {
            let pieces = pieces(row);
            canvas.line(line.x, line.y, line.width, &pieces);
        }
    });
    canvas.fold(area, List::Timeline, rows.len());
}

fn pieces<'a>(row: &TimelineRow<'a>) -> Line<'a> {
    match row {
        TimelineRow::Due(view) => {
            let slip = if view.slip == 0 {
                String::new()
            } else {
                format!("  slipped {}", format::days(view.slip.into()))
            };
            let (day, word, when, token) = match &view.state {
                MilestoneState::Overdue(days) => {
                    (view.due, "DUE", format!("OVERDUE {}", format::days((*days).into())), Token::Bad)
                }
                MilestoneState::Ahead(days) => (view.due, "DUE", format::countdown(*days), Token::Accent),
                MilestoneState::Met { on, .. } => {
                    (on.unwrap_or(view.due), "MET", format!("was due {}", view.due), Token::Good)
                }
                MilestoneState::Void(on) => (*on, "LAPSED", format!("was due {}", view.due), Token::Warn),
            };
            vec![
                span(format!("{day}  "), Token::Dim),
                span(format!("{word:<8}"), Token::Accent),
                span(format!("{:<7}", view.leg.word()), leg_token(view.leg)),
                span(format!("{}: {}  ", view.name, view.rung.label()), Token::Text),
                span(when, token),
                span(slip, Token::Warn),
            ]
        }
        TimelineRow::Today(day) => vec![span(format!("{day}  ---- the day shown ----"), Token::Strong)],
        TimelineRow::LastLook(day) => vec![span(format!("{day}  ---- you last looked ----"), Token::New)],
        TimelineRow::Change(change) => {
            let token = match (change.flip, change.down) {
                (_, true) => Token::Bad,
                (true, _) => Token::Good,
                _ => Token::Strong,
            };
            vec![
                span(format!("{}  ", change.day), Token::Dim),
                span(format!("{:<8}", if change.flip { "FLIP" } else { "CHANGE" }), token),
                span(change.what.clone(), token),
            ]
        }
        TimelineRow::Claim(view) => {
            let claim = &view.claim;
            let says = says(claim);
            let figures = figures(claim);
            vec![
                span(format!("{}  ", claim.known), Token::Dim),
                span(format!("{:<3}", view.code.to_string()), Token::Text),
                span(if view.novel { "     " } else { "copy " }, Token::Dim),
                span(format!("{:<7}", view.leg.word()), leg_token(view.leg)),
                span(if says.is_empty() { String::new() } else { format!("{says}  ") }, Token::Strong),
                span(if figures.is_empty() { String::new() } else { format!("{figures}  ") }, Token::Accent),
                span(claim.words.as_str(), Token::Text),
            ]
        }
    }
}
