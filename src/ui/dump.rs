//! A frame as text with its styles, for snapshots: a backend's own print shows no styles.

use std::fmt::Write;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use super::render;
use super::theme::Theme;
use crate::app::Report;
use crate::app::State;
use crate::domain::time::Timestamp;

/// Draws a state.
pub(super) fn draw(
    state: &State,
    theme: &Theme,
    now: Timestamp,
    columns: u16,
    rows: u16,
) -> (Buffer, Report) {
    let area = Rect::new(0, 0, columns, rows);
    let mut buffer = Buffer::empty(area);
    let report = render(state, theme, now, area, &mut buffer);
    (buffer, report)
}

/// The characters of a frame.
pub(crate) fn text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let mut row = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer.cell((x, y)).unwrap().symbol();
            row.push_str(symbol);
            x += super::text::width(symbol).max(1) as u16;
        }
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}

/// The styles of a frame: one line for each run of equal style that is not plain.
pub(super) fn styles(buffer: &Buffer) -> String {
    let mut lines = String::new();
    for y in 0..buffer.area.height {
        let mut runs: Vec<(u16, u16, String)> = Vec::new();
        for x in 0..buffer.area.width {
            let cell = buffer.cell((x, y)).unwrap();
            let style = style(cell.fg, cell.bg, cell.modifier);
            match runs.last_mut() {
                Some((_, end, known)) if *known == style => *end = x,
                _ => runs.push((x, x, style)),
            }
        }
        for (start, end, style) in runs.into_iter().filter(|(.., style)| !style.is_empty()) {
            writeln!(lines, "{y}:{start}-{end} {style}").unwrap();
        }
    }
    lines
}

fn style(fg: Color, bg: Color, modifier: Modifier) -> String {
    let mut parts = Vec::new();
    if fg != Color::Reset {
        parts.push(fg.to_string());
    }
    if bg != Color::Reset {
        parts.push(format!("on {bg}"));
    }
    if !modifier.is_empty() {
        parts.push(format!("{modifier:?}"));
    }
    parts.join(" ")
}
