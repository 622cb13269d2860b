//! One deal: its tabs.

mod chart;
mod economics;
pub(super) mod evidence;
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
    if area.is_empty() {
        return;
    }
    let keys = scene.state.keys(crate::app::nav::List::Deals);
    let place = scene.state.deal.as_ref().and_then(|slug| keys.iter().position(|key| key == slug));
    let beside = place.map(|place| format!("deal {}/{}  [ ] next ", place + 1, keys.len()));
    let beside: Line<'_> = beside.into_iter().map(|text| span(text, Token::Dim)).collect();
    // Whole names or, where they have no room, numbers: a word cut in half is none.
    let line = [("  ", true), (" ", true), (" ", false)]
        .into_iter()
        .map(|(gap, names)| tab_line(tab, gap, names))
        .reduce(|best, next| if canvas.measure(&best) <= usize::from(area.width) { best } else { next })
        .unwrap_or_default();
    let used = canvas.line(area.x, area.y, area.width, &line);
    if usize::from(area.width - used) > canvas.measure(&beside) {
        canvas.line_right(area.x + used, area.right(), area.y, &beside);
    }
}

/// The tabs in one line: the one that is shown in brackets, the others by name or by number alone.
fn tab_line(tab: Tab, gap: &'static str, names: bool) -> Line<'static> {
    let mut line: Line<'_> = Vec::new();
    for one in Tab::ALL {
        let number = one as usize + 1;
        line.push(span(if one as usize == 0 { " " } else { gap }, Token::Dim));
        if one == tab {
            line.push(span(format!("[{number} {}]", one.title()), Token::Accent));
        } else {
            line.push(span(number.to_string(), Token::Dim));
            if names {
                line.push(span(format!(" {}", one.title()), Token::Text));
            }
        }
    }
    line
}

/// The deal in one line.
fn summary(canvas: &mut Canvas<'_>, page: &DealPage, area: Rect) {
    if area.is_empty() {
        return;
    }
    let status = &page.status;
    let mut x = area.x + 1;
    let end = area.right();
    let arrow = canvas.glyphs().trend(deals::Trend::of_deal(status));
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
