//! One deal: its tabs.

mod chart;
mod economics;
mod evidence;
mod overview;
mod timeline;

use ratatui::layout::Rect;

use super::Scene;
use super::board::split_rows;
use super::canvas::{Canvas, Line, span};
use super::deals::{ladder, leg_token, serves, status_token};
use super::theme::Token;
use crate::app::deals;
use crate::app::drill::DealPage;
use crate::app::format;
use crate::app::nav::Tab;

pub(super) fn draw(canvas: &mut Canvas<'_>, scene: Scene<'_>, tab: Tab, area: Rect) {
    let state = scene.state;
    let (head, rest) = split_rows(area, u16::from(area.height > 4));
    tabs(canvas, scene, tab, head);
    let Some(page) = &state.page else {
        let inside = canvas.frame(rest, &[span(tab.title(), Token::Strong)], "", true);
        canvas.paragraph(inside, &[span("Working it out.", Token::Dim)]);
        return;
    };
    let (summary_line, body) = split_rows(rest, u16::from(rest.height > 8));
    summary(canvas, page, summary_line);
    match tab {
        Tab::Overview => overview::draw(canvas, scene, page, body),
        Tab::Claims => evidence::claims(canvas, scene, page, body),
        Tab::Timeline => timeline::draw(canvas, scene, body),
        Tab::Evidence => evidence::draw(canvas, scene, page, body),
        Tab::Chart => chart::draw(canvas, scene, page, body),
        Tab::Economics => economics::draw(canvas, scene, page, body),
        Tab::Exposure => economics::exposure(canvas, scene, body),
    }
}

fn tabs(canvas: &mut Canvas<'_>, scene: Scene<'_>, tab: Tab, area: Rect) {
    let mut line: Line<'_> = vec![span(" ", Token::Dim)];
    let short = area.width < 90;
    for one in Tab::ALL {
        let number = one as usize + 1;
        let title: String =
            if short { one.title().chars().take(5).collect() } else { one.title().to_owned() };
        if one == tab {
            line.push(span(format!("[{number} {}]", one.title()), Token::Accent));
        } else {
            line.push(span(format!(" {number} "), Token::Dim));
            line.push(span(format!("{title} "), Token::Text));
        }
    }
    let used = canvas.line(area.x, area.y, area.width, &line);
    let keys = scene.state.keys(crate::app::nav::List::Deals);
    let place = scene.state.deal.as_ref().and_then(|slug| keys.iter().position(|key| key == slug));
    if let Some(place) = place {
        let text = format!("deal {}/{}  [ ] next ", place + 1, keys.len());
        canvas.line_right(area.x + used, area.right(), area.y, &[span(text, Token::Dim)]);
    }
}

/// The deal in one line.
fn summary(canvas: &mut Canvas<'_>, page: &DealPage, area: Rect) {
    let status = &page.status;
    let mut x = area.x + 1;
    let end = area.right();
    let arrow = canvas.glyphs().momentum[(1 - deals::momentum(status)) as usize];
    x += canvas.line(
        x,
        area.y,
        end.saturating_sub(x),
        &[span(format!("{}{arrow} ", status.headline.word()), status_token(status.headline))],
    );
    for leg in &status.legs {
        x += canvas.line(
            x,
            area.y,
            end.saturating_sub(x),
            &[span(format!(" {} ", leg.kind.word()), leg_token(leg.kind))],
        );
        x += ladder(canvas, x, area.y, end.saturating_sub(x), leg);
    }
    let line: Line<'_> = vec![
        span("  custom ", Token::Dim),
        span(format::share_or(status.contracted), Token::Strong),
        span("  serves ", Token::Dim),
        span(serves(status), Token::Strong),
        span("  gap ", Token::Dim),
        span(status.gap.reads.clone(), Token::Strong),
        span(format!("  {}", deals::marks(status).join(" ")), Token::Warn),
    ];
    canvas.line(x, area.y, end.saturating_sub(x), &line);
}
