//! A frame as a picture: SVG, so that the documentation shows what the program draws and nothing else.
//!
//! Letters are text; lines and blocks are drawn, for no two fonts join them alike.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use super::render;
use super::text::width;
use super::theme::{Theme, rgb};
use crate::app::State;
use crate::domain::time::Timestamp;

/// Width and height of a cell, and the size of its letters, in pixels.
const CELL: (f64, f64) = (8.4, 17.0);
const LETTERS: f64 = 14.0;
/// Where letters stand in a cell, from its top.
const BASELINE: f64 = 13.0;
/// Around the frame.
const MARGIN: f64 = 10.0;
/// What a terminal shows where a frame says nothing.
const INK: (u8, u8, u8) = (0xd8, 0xde, 0xe6);
const GROUND: (u8, u8, u8) = (0x14, 0x18, 0x1e);

/// Draws a state in `columns` × `rows` cells as an SVG document.
pub fn picture(state: &State, theme: &Theme, now: Timestamp, (columns, rows): (u16, u16)) -> String {
    let area = Rect::new(0, 0, columns, rows);
    let mut buffer = Buffer::empty(area);
    render(state, theme, now, area, &mut buffer);
    svg(&buffer)
}

fn svg(buffer: &Buffer) -> String {
    let (columns, rows) = (f64::from(buffer.area.width), f64::from(buffer.area.height));
    let (wide, high) = (columns * CELL.0 + 2.0 * MARGIN, rows * CELL.1 + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide:.1} {high:.1}\" \
         font-family=\"ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace\" font-size=\"{LETTERS}\" shape-rendering=\"crispEdges\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{}\"/>\n",
        hex(GROUND)
    );
    for y in 0..buffer.area.height {
        line(&mut out, buffer, y);
    }
    out.push_str("</svg>\n");
    out
}

/// One row: runs of equal style.
fn line(out: &mut String, buffer: &Buffer, y: u16) {
    let mut x = 0;
    while x < buffer.area.width {
        let Some(cell) = buffer.cell((x, y)) else { break };
        let ink = ink(cell);
        let mut text = String::new();
        let start = x;
        while let Some(next) =
            buffer.cell((x, y)).filter(|next| x < buffer.area.width && self::ink(next) == ink)
        {
            text.push_str(next.symbol());
            x += width(next.symbol()).max(1) as u16;
        }
        run(out, &text, (start, x, y), ink);
    }
}

/// What a cell looks like.
#[derive(Clone, Copy, PartialEq)]
struct Ink {
    letters: (u8, u8, u8),
    ground: (u8, u8, u8),
    bold: bool,
    underlined: bool,
    italic: bool,
}

fn ink(cell: &Cell) -> Ink {
    let of = |color: Color, otherwise| if color == Color::Reset { otherwise } else { rgb(color) };
    let (mut letters, mut ground) = (of(cell.fg, INK), of(cell.bg, GROUND));
    if cell.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut letters, &mut ground);
    }
    Ink {
        letters,
        ground,
        bold: cell.modifier.contains(Modifier::BOLD),
        underlined: cell.modifier.contains(Modifier::UNDERLINED),
        italic: cell.modifier.contains(Modifier::ITALIC),
    }
}

fn run(out: &mut String, text: &str, (start, end, y): (u16, u16, u16), ink: Ink) {
    let (left, top) = (MARGIN + f64::from(start) * CELL.0, MARGIN + f64::from(y) * CELL.1);
    let long = f64::from(end - start) * CELL.0;
    let fill = hex(ink.letters);
    if ink.ground != GROUND {
        let ground = hex(ink.ground);
        writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{long:.1}\" height=\"{}\" fill=\"{ground}\"/>",
            CELL.1
        )
        .ok();
    }
    // What is drawn leaves a gap in the text. Equal shapes side by side are one, without seams.
    let mut letters = String::with_capacity(text.len());
    let mut at = left;
    let mut symbols = text.chars().peekable();
    while let Some(symbol) = symbols.next() {
        let mut cells = 1;
        while is_shape(symbol) && symbols.next_if_eq(&symbol).is_some() {
            cells += 1;
        }
        let to = at + CELL.0 * f64::from(cells) * width(symbol.encode_utf8(&mut [0; 4])).max(1) as f64;
        if let Some(shape) = shape(symbol, (at, to), top) {
            writeln!(out, "<path d=\"{}\" {}/>", shape.path, shape.paint(&fill)).ok();
            letters.extend(std::iter::repeat_n(' ', cells as usize));
        } else {
            letters.push(symbol);
        }
        at = to;
    }
    if letters.trim().is_empty() {
        return;
    }
    let mut style = String::new();
    for (on, how) in [
        (ink.bold, " font-weight=\"bold\""),
        (ink.underlined, " text-decoration=\"underline\""),
        (ink.italic, " font-style=\"italic\""),
    ] {
        if on {
            style.push_str(how);
        }
    }
    writeln!(
        out,
        "<text x=\"{left:.1}\" y=\"{:.1}\" textLength=\"{long:.1}\" fill=\"{fill}\"{style} xml:space=\"preserve\">{}</text>",
        top + BASELINE,
        escaped(&letters)
    )
    .ok();
}

/// Something that is drawn and not written.
struct Shape {
    path: String,
    line: bool,
}

impl Shape {
    fn paint(&self, color: &str) -> String {
        if self.line { format!("stroke=\"{color}\" fill=\"none\"") } else { format!("fill=\"{color}\"") }
    }
}

/// Whether a run of the symbol is drawn as one shape.
fn is_shape(symbol: char) -> bool {
    matches!(symbol, '─' | '▁'..='█')
}

/// Lines of frames, and blocks of bars and charts.
fn shape(symbol: char, (left, right): (f64, f64), top: f64) -> Option<Shape> {
    let bottom = top + CELL.1;
    let (middle, half) = (left + CELL.0 / 2.0, top + CELL.1 / 2.0);
    let line = |path: String| Some(Shape { path, line: true });
    let block = |x: f64, y: f64, to: f64, down: f64| {
        Some(Shape { path: format!("M{x:.1} {y:.1}H{to:.1}V{down:.1}H{x:.1}Z"), line: false })
    };
    match symbol {
        '─' => line(format!("M{left:.1} {half:.1}H{right:.1}")),
        '│' => line(format!("M{middle:.1} {top:.1}V{bottom:.1}")),
        '┌' => line(format!("M{right:.1} {half:.1}H{middle:.1}V{bottom:.1}")),
        '┐' => line(format!("M{left:.1} {half:.1}H{middle:.1}V{bottom:.1}")),
        '└' => line(format!("M{right:.1} {half:.1}H{middle:.1}V{top:.1}")),
        '┘' => line(format!("M{left:.1} {half:.1}H{middle:.1}V{top:.1}")),
        '├' => line(format!("M{middle:.1} {top:.1}V{bottom:.1}M{middle:.1} {half:.1}H{right:.1}")),
        '┤' => line(format!("M{middle:.1} {top:.1}V{bottom:.1}M{middle:.1} {half:.1}H{left:.1}")),
        '■' => block(left + 0.7, top + 4.5, right - 0.7, top + 12.5),
        '▌' => block(left, top, middle, bottom),
        '▁'..='█' => {
            let eighths = f64::from(symbol as u32 - '▁' as u32 + 1);
            block(left, bottom - CELL.1 * eighths / 8.0, right, bottom)
        }
        _ => None,
    }
}

fn hex((r, g, b): (u8, u8, u8)) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture::Bench;
    use crate::config::Config;
    use crate::ui::theme::Depth;

    #[test]
    fn a_picture_holds_the_words_of_the_frame_and_no_markup_of_theirs() {
        let bench = Bench::new();
        let theme = Theme::resolve(&Config::load(None).unwrap().themes["dark"], Depth::True, false);
        let picture = picture(&bench.state, &theme, bench.now, (120, 36));
        assert!(picture.contains("OpenAI–AWS") && picture.contains("ON PAPER"));
        assert!(picture.contains("&gt;2027"), "what means something to SVG is escaped");
        assert!(picture.lines().count() > 200 && picture.ends_with("</svg>\n"));
    }
}
