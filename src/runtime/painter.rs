//! Frames to bytes: the cells that changed since the last frame, inside a synchronized update. Nothing is
//! ever cleared: a frame that must be whole is a frame in which every cell counts as changed.

use std::io::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// Turns frames into bytes.
pub(crate) struct Painter {
    shown: Option<Buffer>,
    cursor: Option<Position>,
    bytes: Vec<u8>,
}

/// How sure it is where a terminal puts its cursor behind a symbol.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Advance {
    /// By one column everywhere.
    Certain,
    /// Lines and blocks: some terminals make them two columns wide, but then all of them.
    Drawing,
    /// Terminals differ.
    Unknown,
}

impl Painter {
    pub(crate) fn new() -> Self {
        Self { shown: None, cursor: None, bytes: Vec::new() }
    }

    /// Forgets what is on the screen.
    pub(crate) fn invalidate(&mut self) {
        self.shown = None;
    }

    /// The bytes that turn what is shown into `frame`; empty when nothing changed.
    pub(crate) fn paint(&mut self, frame: &Buffer, cursor: Option<Position>) -> &[u8] {
        self.bytes.clear();
        self.bytes.extend_from_slice(b"\x1b[?2026h");
        if self.cursor.is_some() {
            self.bytes.extend_from_slice(b"\x1b[?25l");
        }
        let shown = self.shown.take().filter(|shown| shown.area == frame.area);
        let changed = cells(&mut self.bytes, shown.as_ref(), frame);
        if !changed && shown.is_some() && self.cursor == cursor {
            self.shown = shown;
            self.bytes.clear();
            return &self.bytes;
        }
        if let Some(at) = cursor {
            go_to(&mut self.bytes, at.x, at.y);
            self.bytes.extend_from_slice(b"\x1b[?25h");
        }
        self.bytes.extend_from_slice(b"\x1b[?2026l");
        match shown {
            Some(mut buffer) => {
                buffer.clone_from(frame);
                self.shown = Some(buffer);
            }
            None => self.shown = Some(frame.clone()),
        }
        self.cursor = cursor;
        &self.bytes
    }
}

/// Writes the cells of `frame` that differ from `shown`; returns whether any did.
fn cells(out: &mut Vec<u8>, shown: Option<&Buffer>, frame: &Buffer) -> bool {
    let Rect { width, height, .. } = frame.area;
    let mut pen: Option<(Color, Color, Modifier)> = None;
    for y in 0..height {
        let mut at = None;
        let mut x = 0;
        // Columns up to here were covered by a wide symbol that is no longer there.
        let mut stale = 0;
        while x < width {
            let Some(cell) = frame.cell((x, y)) else { break };
            let old = shown.and_then(|shown| shown.cell((x, y)));
            let columns = columns(cell);
            if x < stale || old != Some(cell) {
                stale = stale.max(x + old.map_or(1, self::columns)).max(x + columns);
                let (advance, symbol) = (advance(cell.symbol()), cell.symbol());
                if at != Some((x, advance)) && at != Some((x, Advance::Certain)) {
                    go_to(out, x, y);
                }
                let ink = (cell.fg, cell.bg, cell.modifier);
                if pen != Some(ink) {
                    style(out, ink);
                    pen = Some(ink);
                }
                out.extend_from_slice(symbol.as_bytes());
                at = (advance != Advance::Unknown).then_some((x + columns, advance));
            }
            x += columns;
        }
    }
    if pen.is_some() {
        out.extend_from_slice(b"\x1b[0m");
    }
    pen.is_some()
}

fn columns(cell: &Cell) -> u16 {
    cell.symbol().width().max(1) as u16
}

fn advance(symbol: &str) -> Advance {
    let mut chars = symbol.chars();
    match (chars.next(), chars.next()) {
        (Some(' '..='~'), None) => Advance::Certain,
        (Some('\u{2500}'..='\u{259f}'), None) => Advance::Drawing,
        _ => Advance::Unknown,
    }
}

fn go_to(out: &mut Vec<u8>, x: u16, y: u16) {
    put(out, format_args!("\x1b[{};{}H", u32::from(y) + 1, u32::from(x) + 1));
}

fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("invariant: writing to memory cannot fail");
}

/// One sequence that sets everything, whatever was set before.
fn style(out: &mut Vec<u8>, (fg, bg, modifier): (Color, Color, Modifier)) {
    out.extend_from_slice(b"\x1b[0");
    for (flag, code) in [
        (Modifier::BOLD, 1),
        (Modifier::DIM, 2),
        (Modifier::ITALIC, 3),
        (Modifier::UNDERLINED, 4),
        (Modifier::REVERSED, 7),
        (Modifier::CROSSED_OUT, 9),
    ] {
        if modifier.contains(flag) {
            put(out, format_args!(";{code}"));
        }
    }
    colour(out, fg, 30);
    colour(out, bg, 40);
    out.push(b'm');
}

/// A colour of the letters (`base` 30) or of the ground (`base` 40).
fn colour(out: &mut Vec<u8>, colour: Color, base: u8) {
    let dark = |n: u8| u16::from(base + n);
    let light = |n: u8| u16::from(base + 60 + n);
    let code = match colour {
        Color::Reset => return,
        Color::Indexed(n) => return put(out, format_args!(";{};5;{n}", base + 8)),
        Color::Rgb(r, g, b) => return put(out, format_args!(";{};2;{r};{g};{b}", base + 8)),
        Color::Black => dark(0),
        Color::Red => dark(1),
        Color::Green => dark(2),
        Color::Yellow => dark(3),
        Color::Blue => dark(4),
        Color::Magenta => dark(5),
        Color::Cyan => dark(6),
        Color::Gray => dark(7),
        Color::DarkGray => light(0),
        Color::LightRed => light(1),
        Color::LightGreen => light(2),
        Color::LightYellow => light(3),
        Color::LightBlue => light(4),
        Color::LightMagenta => light(5),
        Color::LightCyan => light(6),
        Color::White => light(7),
    };
    put(out, format_args!(";{code}"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::style::Style;

    fn frame(width: u16, height: u16, rows: &[String]) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        for (y, row) in rows.iter().take(height.into()).enumerate() {
            if width > 0 {
                let style = if y % 2 == 0 { Style::new() } else { Style::new().fg(Color::Red) };
                buffer.set_stringn(0, y as u16, row, width.into(), style);
            }
        }
        buffer
    }

    fn emulator(width: u16, height: u16) -> vt100::Parser {
        vt100::Parser::new(height.try_into().unwrap(), width.try_into().unwrap(), 0)
    }

    fn one(text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }

    #[test]
    fn an_unchanged_frame_writes_nothing_and_a_change_only_itself() {
        let mut painter = Painter::new();
        let first = painter.paint(&frame(20, 3, &one("hello")), None).to_vec();
        assert!(first.starts_with(b"\x1b[?2026h") && first.ends_with(b"\x1b[?2026l"));
        assert!(painter.paint(&frame(20, 3, &one("hello")), None).is_empty());
        let change = painter.paint(&frame(20, 3, &one("hallo")), None).to_vec();
        assert_eq!(String::from_utf8_lossy(&change), "\x1b[?2026h\x1b[1;2H\x1b[0ma\x1b[0m\x1b[?2026l");
    }

    #[test]
    fn a_whole_frame_covers_what_was_there_and_never_clears() {
        let mut painter = Painter::new();
        let mut screen = emulator(10, 2);
        screen.process(b"XXXXXXXXXXXXXXXXXXXX");
        let bytes = painter.paint(&frame(10, 2, &one("hello")), None);
        assert!(!bytes.windows(4).any(|window| window == b"\x1b[2J"));
        screen.process(bytes);
        assert_eq!(screen.screen().contents().trim_end(), "hello");
    }

    #[test]
    fn the_cursor_is_shown_where_a_prompt_has_it_and_hidden_again() {
        let mut painter = Painter::new();
        let mut screen = emulator(10, 2);
        screen.process(painter.paint(&frame(10, 2, &[]), Some(Position::new(3, 1))));
        assert_eq!(screen.screen().cursor_position(), (1, 3));
        assert!(!screen.screen().hide_cursor());
        screen.process(painter.paint(&frame(10, 2, &[]), None));
        assert!(screen.screen().hide_cursor());
    }

    proptest! {
        /// What an emulator shows after any two frames is the second one.
        #[test]
        fn the_screen_shows_the_last_frame(
            a in proptest::collection::vec("[a-c 字é─│🚀]{0,14}", 0..4),
            b in proptest::collection::vec("[a-c 字é─│🚀]{0,14}", 0..4),
            width in 1u16..12, height in 1u16..4,
        ) {
            let mut painter = Painter::new();
            let mut screen = emulator(width, height);
            screen.process(painter.paint(&frame(width, height, &a), None));
            screen.process(painter.paint(&frame(width, height, &b), None));
            let wanted = frame(width, height, &b);
            for y in 0..height {
                for x in 0..width {
                    let shown = screen.screen().cell(y, x).unwrap();
                    let wanted = wanted.cell((x, y)).unwrap();
                    if !shown.is_wide_continuation() {
                        let text = if shown.has_contents() { shown.contents() } else { " " };
                        prop_assert_eq!(text, wanted.symbol(), "at {},{}", x, y);
                    }
                }
            }
        }
    }
}
