//! The board: roll-up, DEALS, WIRE, PREVIEW.

use ratatui::layout::Rect;

use super::Scene;
use super::canvas::{Canvas, span};
use super::theme::Token;
use super::{deals, health, preview, screens, wire};
use crate::app::command::Command;
use crate::app::nav::{List, Pane};

/// Columns from which the preview stands beside the wire.
const PREVIEW: u16 = 110;
/// Columns from which a calendar stands beside both.
const WIDE: u16 = 160;

pub(super) fn draw(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let state = scene.state;
    let mut body = area;
    if area.height >= 18 {
        health::rollup(canvas, scene, Rect { height: 1, ..area });
        body = Rect { y: area.y + 1, height: area.height - 1, ..area };
    }
    if state.zoomed {
        match state.pane {
            Pane::Deals => deals::pane(canvas, scene, body),
            Pane::Wire => wire::pane(canvas, scene, body),
        }
        return;
    }
    let rows = state.deal_rows();
    let heads = rows.iter().filter(|row| row.heading.is_some()).count();
    let rows = (rows.len() + heads) as u16;
    // Frame and headings take three lines; the wire keeps at least five rows.
    let most = (body.height * 11 / 20).min(body.height.saturating_sub(8));
    let height = (rows.max(1) + 3).min(most.max(4));
    let (top, below) = split_rows(body, height);
    deals::pane(canvas, scene, top);
    if below.height < 3 {
        return;
    }
    if below.width >= WIDE {
        let (left, rest) = split_columns(below, below.width * 9 / 20);
        let (middle, right) = split_columns(rest, rest.width * 11 / 20);
        wire::pane(canvas, scene, left);
        preview::pane(canvas, scene, middle);
        screens::calendar_pane(canvas, scene, right);
    } else if below.width >= PREVIEW {
        let (left, right) = split_columns(below, below.width * 3 / 5);
        wire::pane(canvas, scene, left);
        preview::pane(canvas, scene, right);
    } else {
        wire::pane(canvas, scene, below);
    }
}

/// The focused pane alone, without a frame: for the smallest screens. One line says which it is and how to
/// come to the other.
pub(super) fn bare(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let state = scene.state;
    let rows = state.deal_rows();
    let (head, body) = split_rows(area, u16::from(area.height > 3));
    let wire = state.wire_rows().len();
    let (list, count) = match state.pane {
        Pane::Deals => {
            deals::list(canvas, scene, body, &rows, true);
            (List::Deals, rows.len())
        }
        Pane::Wire => {
            wire::list(canvas, scene, body, true);
            (List::Wire, wire)
        }
    };
    if head.is_empty() {
        return;
    }
    let mut line = vec![span(format!(" {} ", canvas.glyphs().focus), Token::BorderFocus)];
    line.extend(match state.pane {
        Pane::Deals => deals::title(scene, rows.len()),
        Pane::Wire => wire::title(scene),
    });
    if let Some(part) = canvas.part_shown(list, count) {
        line.push(span(format!("  {part}"), Token::Dim));
    }
    let used = canvas.line(head.x, head.y, head.width, &line);
    let other = match state.pane {
        Pane::Deals => format!("  {wire} WIRE "),
        Pane::Wire => format!("  {} DEALS ", rows.len()),
    };
    let keys = state.keymap.hint(state.screen.layer(state.pane), Command::NextPane).unwrap_or_default();
    let hint = [span(format!("  {keys}"), Token::Key), span(other, Token::Dim)];
    if usize::from(head.width - used) >= canvas.measure(&hint) {
        canvas.line_right(head.x + used, head.right(), head.y, &hint);
    }
}

pub(super) fn split_rows(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    (Rect { height, ..area }, Rect { y: area.y + height, height: area.height - height, ..area })
}

pub(super) fn split_columns(area: Rect, width: u16) -> (Rect, Rect) {
    let width = width.min(area.width);
    (Rect { width, ..area }, Rect { x: area.x + width, width: area.width - width, ..area })
}
