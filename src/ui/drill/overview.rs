//! Overview: ladders, and the ledger line by line with its sum.

use ratatui::layout::Rect;

use super::super::Scene;
use super::super::canvas::{Canvas, Line, span};
use super::super::deals::{ladder, leg_token};
use super::super::text::Align;
use super::super::theme::Token;
use crate::app::deals::Trend;
use crate::app::drill::{DealPage, OverviewRow};
use crate::app::format;
use crate::app::nav::List;
use crate::domain::claim::{Rung, Sign};

pub(super) fn draw(canvas: &mut Canvas<'_>, scene: Scene<'_>, page: &DealPage, area: Rect) {
    let state = scene.state;
    let title = [span("Overview", Token::Strong)];
    let inside = canvas.frame(area, &title, "enter on a line: its words", true);
    let used = canvas.paragraph(inside, &[span(page.status.verdict.clone(), Token::Text)]);
    let body = Rect { y: inside.y + used, height: inside.height - used, ..inside };
    let rows = state.overview_rows();
    let index = state.place(List::Overview, &state.keys(List::Overview));
    canvas.list(List::Overview, body, (index, rows.len()), true, |canvas, line, place| {
        if let Some(row) = rows.get(place) {
            draw_row(canvas, scene, page, line, row);
        }
    });
    canvas.fold(area, List::Overview, rows.len());
}

fn draw_row(canvas: &mut Canvas<'_>, scene: Scene<'_>, page: &DealPage, area: Rect, row: &OverviewRow<'_>) {
    let Rect { x, y, width, .. } = area;
    let line = |canvas: &mut Canvas<'_>, pieces: Line<'_>| {
        canvas.line(x, y, width, &pieces);
    };
    match row {
        OverviewRow::Leg(leg, _) => {
            let status = &leg.status;
            let used = canvas.put(x, y, width, &format!("{:<7}", leg.kind.word()), leg_token(leg.kind));
            let used = used + ladder(canvas, x + used, y, width.saturating_sub(used), leg) + 1;
            let momentum = match Trend::of(status.momentum) {
                Trend::FastUp => " rising fast",
                Trend::Up => " rising",
                Trend::Level => "",
                Trend::Down => " falling",
                Trend::FastDown => " falling fast",
            };
            let pieces = vec![
                span(status.rung.label(), Token::Strong),
                span(format!("  P {}", format::chance(status.at_least(status.rung.index()))), Token::Text),
                span(format!("  {}", status.level.word()), Token::Text),
                span(leg.code.map(|code| format!("  {code}")).unwrap_or_default(), Token::Text),
                span(momentum, Token::Accent),
                span(if leg.provisional { "  PROVISIONAL" } else { "" }, Token::Warn),
                span(if status.contested { "  CONTESTED" } else { "" }, Token::Warn),
                span(
                    if status.overdue > 0 {
                        format!("  OVERDUE {}", format::days(status.overdue.into()))
                    } else {
                        String::new()
                    },
                    Token::Bad,
                ),
            ];
            canvas.line(x + used, y, width.saturating_sub(used), &pieces);
        }
        OverviewRow::Beside(text, _) => line(canvas, vec![span(format!("        {text}"), Token::Dim)]),
        OverviewRow::Account(leg, account) => line(
            canvas,
            vec![
                span(format!("{:<7}", leg.kind.word()), leg_token(leg.kind)),
                span("at least ", Token::Dim),
                span(Rung::from_index(account.rung.into()).label(), Token::Strong),
                span(
                    if usize::from(account.rung) > leg.status.rung.index() { "  (next rung)" } else { "" },
                    Token::Dim,
                ),
            ],
        ),
        OverviewRow::Base(odds) => {
            figure(canvas, area, *odds, "base: what is known of any tracked leg", Token::Dim);
        }
        OverviewRow::Line(one) => {
            canvas.cell(
                x,
                y,
                8,
                &format::nats(one.counts),
                Align::Right,
                if one.sign == Sign::For { Token::Good } else { Token::Bad },
            );
            let Some(view) = page.claim(&one.claim) else { return };
            let how = how(one.weight, one.counts, one.aged, one.left, one.place);
            let used = canvas.line(
                x + 9,
                y,
                width.saturating_sub(9),
                &[
                    span(format!("{} ", view.code), Token::Strong),
                    span(format!("{} ", view.claim.published), Token::Dim),
                    span(format!("{} ", scene.state.informant(&one.origin)), Token::Text),
                    span(how, Token::Dim),
                ],
            );
            canvas.put(
                x + 9 + used,
                y,
                width.saturating_sub(9 + used),
                &format!(" {}", view.claim.words),
                Token::Dim,
            );
        }
        OverviewRow::Cap(odds) => figure(canvas, area, *odds, "cap: however many say it", Token::Dim),
        OverviewRow::Pin(odds) => figure(canvas, area, *odds, "your own pin", Token::Accent),
        OverviewRow::Sum(account) => {
            canvas.cell(x, y, 8, &format!("= {}", format::nats(account.odds)), Align::Right, Token::Strong);
            let text = format!(" P {}", format::chance(account.chance));
            canvas.put(x + 8, y, width.saturating_sub(8), &text, Token::Strong);
        }
        OverviewRow::Heading(text) => line(canvas, vec![span(*text, Token::Accent)]),
        OverviewRow::Would(leg, would) => line(
            canvas,
            vec![
                span(format!("{:<7}", leg.word()), leg_token(*leg)),
                span(would.what.clone(), Token::Text),
                span(format!(" {} ", canvas_arrow(canvas)), Token::Dim),
                span(would.rung.label(), Token::Strong),
                span(format!(" P {} {}", format::chance(would.chance), would.level), Token::Dim),
                span(if would.reverting { " REVERTING" } else { "" }, Token::Bad),
            ],
        ),
        OverviewRow::Against(text, _) => {
            line(canvas, vec![span("against ", Token::Bad), span(text.clone(), Token::Text)]);
        }
        OverviewRow::Conflict(text, _) => {
            line(canvas, vec![span("conflict ", Token::Warn), span(text.clone(), Token::Text)]);
        }
        OverviewRow::Note(text) => line(canvas, vec![span("note ", Token::Accent), span(*text, Token::Text)]),
        OverviewRow::Blank => {}
    }
}

fn canvas_arrow(canvas: &Canvas<'_>) -> &'static str {
    canvas.glyphs().arrow
}

fn figure(canvas: &mut Canvas<'_>, area: Rect, odds: i32, text: &str, token: Token) {
    canvas.cell(area.x, area.y, 8, &format::nats(odds), Align::Right, Token::Text);
    canvas.put(area.x + 9, area.y, area.width.saturating_sub(9), text, token);
}

/// Why a line counts for less than its source's full weight.
fn how(weight: i32, counts: i32, aged: i32, left: i32, place: i32) -> String {
    let mut parts = Vec::new();
    if aged != weight {
        parts.push(format!("aged {}", format::nats(aged)));
    }
    if left != 1000 {
        parts.push(format!("superseded ×{:.2}", f64::from(left) / 1000.0));
    }
    if place != 1000 {
        parts.push(format!("further informant ×{:.2}", f64::from(place) / 1000.0));
    }
    if parts.is_empty() || counts == weight {
        String::new()
    } else {
        format!("({} of {})", parts.join(", "), format::nats(weight))
    }
}
