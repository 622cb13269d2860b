//! Drawing with tokens: text that is cut to its room, frames, lists with a cursor. Nothing else in the
//! room touches the buffer.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::text::{self, Align};
use super::theme::{Glyphs, Theme, Token};
use crate::app::nav::{List, Page, Pages};
use crate::app::{Hit, Report, State};

/// A piece of text with its meaning.
#[derive(Clone, Debug)]
pub(super) struct Span<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) token: Token,
}

/// A piece of text with its meaning.
pub(super) fn span<'a>(text: impl Into<Cow<'a, str>>, token: Token) -> Span<'a> {
    Span { text: text.into(), token }
}

/// A line made of pieces.
pub(super) type Line<'a> = Vec<Span<'a>>;

/// Where and how to draw.
pub(super) struct Canvas<'a> {
    pub(super) buffer: &'a mut Buffer,
    pub(super) theme: &'a Theme,
    pub(super) report: Report,
    /// The windows of the last frame.
    before: &'a Pages,
    /// What is searched for, in lower case; empty for nothing.
    searched: String,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(buffer: &'a mut Buffer, theme: &'a Theme, state: &'a State) -> Self {
        Self {
            buffer,
            theme,
            report: Report::default(),
            before: &state.pages,
            searched: state.searched().to_lowercase(),
        }
    }

    pub(super) fn glyphs(&self) -> Glyphs {
        self.theme.glyphs
    }

    /// Puts text into at most `room` columns; returns the columns used. The last gate of all text: no
    /// control character passes, and with ASCII glyphs nothing but ASCII.
    pub(super) fn put(&mut self, x: u16, y: u16, room: u16, content: &str, token: Token) -> u16 {
        self.put_styled(x, y, room, content, self.theme.style(token))
    }

    fn put_styled(&mut self, x: u16, y: u16, room: u16, content: &str, style: Style) -> u16 {
        let area = self.buffer.area;
        if y < area.top() || y >= area.bottom() || x < area.left() || x >= area.right() || room == 0 {
            return 0;
        }
        let room = room.min(area.right() - x);
        let content = text::shown(content, self.theme.glyphs.ascii());
        let cut = text::truncate(&content, room.into(), self.theme.glyphs.ellipsis);
        let (end, _) = self.buffer.set_stringn(x, y, &*cut, room.into(), style);
        self.mark_matches(x, y, &cut);
        end - x
    }

    /// Shows where a searched text stands.
    fn mark_matches(&mut self, x: u16, y: u16, content: &str) {
        if self.searched.is_empty() {
            return;
        }
        let lower = content.to_lowercase();
        // Lower case may have another length; then places would be wrong, and nothing is marked.
        if lower.len() != content.len() {
            return;
        }
        for (at, found) in lower.match_indices(&self.searched) {
            let before = content.get(..at).map_or(0, text::width) as u16;
            let area = Rect::new(x + before, y, text::width(found) as u16, 1);
            self.buffer.set_style(area.intersection(self.buffer.area), self.theme.style(Token::Match));
        }
    }

    /// Puts text into exactly `columns` columns.
    pub(super) fn cell(&mut self, x: u16, y: u16, columns: u16, content: &str, align: Align, token: Token) {
        let gap =
            columns.saturating_sub(text::width(&text::shown(content, self.theme.glyphs.ascii())) as u16);
        let x = if align == Align::Right { x + gap } else { x };
        let room = if align == Align::Right { columns - gap } else { columns };
        self.put(x, y, room, content, token);
    }

    /// Puts a line of pieces into at most `room` columns; returns the columns used.
    pub(super) fn line(&mut self, x: u16, y: u16, room: u16, line: &[Span<'_>]) -> u16 {
        let mut used = 0;
        for piece in line {
            if used >= room {
                break;
            }
            let cut = self.measure(std::slice::from_ref(piece)) > usize::from(room - used);
            used += self.put(x + used, y, room - used, &piece.text, piece.token);
            // One cut says it all: nothing stands behind the ellipsis.
            if cut {
                break;
            }
        }
        used
    }

    /// Puts a line so that it ends at `right`; returns the columns used. Pieces that do not fit are left
    /// out from the left.
    pub(super) fn line_right(&mut self, left: u16, right: u16, y: u16, line: &[Span<'_>]) -> u16 {
        let ascii = self.theme.glyphs.ascii();
        let wide = |pieces: &[Span<'_>]| -> u16 {
            pieces.iter().map(|piece| text::width(&text::shown(&piece.text, ascii)) as u16).sum()
        };
        let mut from = 0;
        while from < line.len() && wide(&line[from..]) > right.saturating_sub(left) {
            from += 1;
        }
        let pieces = &line[from..];
        let columns = wide(pieces);
        self.line(right.saturating_sub(columns), y, columns, pieces)
    }

    /// Wraps a line of pieces into an area; returns the rows used. White space between pieces counts.
    pub(super) fn paragraph(&mut self, area: Rect, line: &[Span<'_>]) -> u16 {
        if area.is_empty() {
            return 0;
        }
        let ascii = self.theme.glyphs.ascii();
        let mut whole = String::new();
        let mut ends: Vec<(usize, Token)> = Vec::with_capacity(line.len());
        for piece in line {
            whole.push_str(&text::shown(&piece.text, ascii));
            ends.push((whole.len(), piece.token));
        }
        let mut rows = 0;
        for range in text::wrap(&whole, usize::from(area.width.saturating_sub(2)).max(1)) {
            if rows >= area.height {
                break;
            }
            let mut x = area.x + u16::from(area.width > 2);
            let mut at = range.start;
            for (end, token) in &ends {
                let end = (*end).min(range.end);
                if let Some(part) = whole.get(at..end).filter(|part| !part.is_empty()) {
                    x += self.put(x, area.y + rows, area.right().saturating_sub(x), part, *token);
                    at = end;
                }
            }
            rows += 1;
        }
        rows
    }

    /// Paragraphs below each other; an empty one is a blank line. Where they do not all have room the blank
    /// lines go, and if that is not enough the last line is an ellipsis and `more`, which says where the
    /// rest can be read.
    pub(super) fn paragraphs(&mut self, area: Rect, mut lines: Vec<Line<'_>>, more: &str) {
        let height = |canvas: &Self, lines: &[Line<'_>]| -> u16 {
            let rows = lines.iter().map(|line| canvas.rows(area.width, line).max(1));
            rows.fold(0, u16::saturating_add)
        };
        if height(self, &lines) > area.height {
            lines.retain(|line| !line.is_empty());
        }
        let cut = u16::from(height(self, &lines) > area.height && area.height > 1);
        let mut room = Rect { height: area.height - cut, ..area };
        for line in &lines {
            let used = self.paragraph(room, line).max(u16::from(line.is_empty() && room.height > 0));
            room = Rect { y: room.y + used, height: room.height - used, ..room };
        }
        if cut > 0 {
            let text = format!("{} {more}", self.theme.glyphs.ellipsis);
            self.put(area.x + 1, area.bottom() - 1, area.width.saturating_sub(1), &text, Token::Accent);
        }
    }

    /// Styles an area over what is there.
    pub(super) fn tint(&mut self, area: Rect, token: Token) {
        self.buffer.set_style(area.intersection(self.buffer.area), self.theme.style(token));
    }

    /// Empties an area.
    pub(super) fn clear(&mut self, area: Rect) {
        for position in area.intersection(self.buffer.area).positions() {
            if let Some(cell) = self.buffer.cell_mut(position) {
                cell.reset();
            }
        }
    }

    /// A frame with a title; returns the inside. The pane with the focus says so by a mark as well.
    pub(super) fn frame(&mut self, area: Rect, title: &[Span<'_>], right: &str, focus: bool) -> Rect {
        if area.width < 2 || area.height < 2 {
            return Rect { width: 0, height: 0, ..area };
        }
        let [tl, tr, bl, br, h, v, ..] = self.theme.glyphs.frame;
        let token = if focus { Token::BorderFocus } else { Token::Border };
        let style = self.theme.style(token);
        let (x, y, end, bottom) = (area.x, area.y, area.right() - 1, area.bottom() - 1);
        let symbols = [h, v, tl, tr, bl, br].map(String::from);
        let mut set = |x: u16, y: u16, symbol: &str| {
            if let Some(cell) = self.buffer.cell_mut((x, y)) {
                cell.set_symbol(symbol).set_style(style);
            }
        };
        for column in x..=end {
            set(column, y, &symbols[0]);
            set(column, bottom, &symbols[0]);
        }
        for row in y..=bottom {
            set(x, row, &symbols[1]);
            set(end, row, &symbols[1]);
        }
        set(x, y, &symbols[2]);
        set(end, y, &symbols[3]);
        set(x, bottom, &symbols[4]);
        set(end, bottom, &symbols[5]);
        let mut at = x + 2;
        let room = area.width.saturating_sub(4);
        if !title.is_empty() && room > 2 {
            let mut pieces = vec![span(" ", Token::Border)];
            if focus {
                pieces.push(span(format!("{} ", self.theme.glyphs.focus), Token::BorderFocus));
            }
            pieces.extend(title.iter().cloned());
            pieces.push(span(" ", Token::Border));
            at += self.line(at, y, room, &pieces);
        }
        let left = end.saturating_sub(1);
        if !right.is_empty() && at + 2 < left {
            let label = format!(" {right} ");
            self.line_right(at + 1, left, y, &[span(label, Token::Dim)]);
        }
        Rect::new(x + 1, y + 1, area.width - 2, area.height - 2)
    }

    /// The rows of a list that have room, with their places; the one under the cursor is among them.
    pub(super) fn window(
        &mut self,
        list: List,
        area: Rect,
        index: usize,
        count: usize,
    ) -> std::ops::Range<usize> {
        let height = usize::from(area.height);
        let top = self.before.top(list, index, count, height);
        self.report.pages.note(list, Page { top, height });
        top..count.min(top + height)
    }

    /// A list of rows, each drawn by `draw` into its line; the cursor's row is marked and tinted.
    pub(super) fn list(
        &mut self,
        list: List,
        area: Rect,
        (index, count): (usize, usize),
        focus: bool,
        mut draw: impl FnMut(&mut Self, Rect, usize),
    ) {
        for (row, place) in self.window(list, area, index, count).enumerate() {
            let line = Rect::new(area.x, area.y + row as u16, area.width, 1);
            self.report.rows.push(Hit { at: (line.x, line.y), width: line.width, list, place });
            self.row(line, place == index, focus, |canvas, line| draw(canvas, line, place));
        }
    }

    /// A list in groups: a heading, which the cursor never stands on, before each row of `heads` (in
    /// ascending order). `draw` is told whether it draws the heading or the row itself.
    pub(super) fn grouped_list(
        &mut self,
        list: List,
        area: Rect,
        (index, count): (usize, usize),
        focus: bool,
        heads: &[usize],
        mut draw: impl FnMut(&mut Self, Rect, Item),
    ) {
        if heads.is_empty() {
            self.list(list, area, (index, count), focus, |canvas, line, place| {
                draw(canvas, line, Item::Row(place));
            });
            return;
        }
        let height = usize::from(area.height);
        let mut items = Vec::with_capacity(count + heads.len());
        for place in 0..count {
            if heads.binary_search(&place).is_ok() {
                items.push(Item::Head(place));
            }
            items.push(Item::Row(place));
        }
        // A row and the heading above it come into sight together where two lines have room.
        let first_line = |place: usize| items.iter().position(|item| item.place() == place).unwrap_or(0);
        let cursor = items.iter().position(|item| *item == Item::Row(index)).unwrap_or(0);
        let highest = if height > 1 { first_line(index) } else { cursor };
        let lowest = (cursor + 1).saturating_sub(height).min(highest);
        let top = first_line(self.before.of(list).top)
            .clamp(lowest, highest)
            .min(items.len().saturating_sub(height));
        let shown = items.get(top..items.len().min(top + height)).unwrap_or_default();
        let rows = shown.iter().filter(|item| matches!(item, Item::Row(_))).count();
        let first = shown.first().map_or(0, |item| item.place());
        self.report.pages.note(list, Page { top: first, height: rows });
        for (row, item) in shown.iter().enumerate() {
            let line = Rect::new(area.x, area.y + row as u16, area.width, 1);
            if let Item::Row(place) = *item {
                self.report.rows.push(Hit { at: (line.x, line.y), width: line.width, list, place });
            }
            self.row(line, *item == Item::Row(index), focus, |canvas, line| draw(canvas, line, *item));
        }
    }

    /// One line of a list.
    fn row(&mut self, line: Rect, cursor: bool, focus: bool, draw: impl FnOnce(&mut Self, Rect)) {
        draw(self, Rect { x: line.x + 1, width: line.width.saturating_sub(1), ..line });
        if cursor {
            let style = if focus { Token::Selection } else { Token::SelectionDim };
            self.tint(line, style);
            let cursor = self.theme.glyphs.cursor.to_string();
            self.put(line.x, line.y, 1, &cursor, style);
        }
    }

    /// Which rows of a list are in sight, as `1–14 of 20`; nothing where all of them are.
    pub(super) fn part_shown(&self, list: List, count: usize) -> Option<String> {
        let page = self.report.pages.of(list);
        let last = count.min(page.top + page.height);
        (last - page.top.min(last) < count).then(|| format!("{}–{last} of {count}", page.top + 1))
    }

    /// Says in a frame's lower edge which rows of the list inside are in sight, where not all are.
    pub(super) fn fold(&mut self, frame: Rect, list: List, count: usize) {
        if frame.height < 3 {
            return;
        }
        if let Some(text) = self.part_shown(list, count) {
            let label = [span(format!(" {text} "), Token::Dim)];
            self.line_right(frame.x + 2, frame.right().saturating_sub(2), frame.bottom() - 1, &label);
        }
    }

    /// Columns that pieces take as they are drawn.
    pub(super) fn measure(&self, line: &[Span<'_>]) -> usize {
        let ascii = self.theme.glyphs.ascii();
        line.iter().map(|piece| text::width(&text::shown(&piece.text, ascii))).sum()
    }

    /// Rows that a paragraph takes in `columns` columns.
    pub(super) fn rows(&self, columns: u16, line: &[Span<'_>]) -> u16 {
        let ascii = self.theme.glyphs.ascii();
        let whole: String = line.iter().map(|piece| text::shown(&piece.text, ascii).into_owned()).collect();
        text::wrap(&whole, usize::from(columns.saturating_sub(2)).max(1)).len() as u16
    }
}

/// A line of a list in groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// The heading of the group that begins with a row.
    Head(usize),
    /// A row.
    Row(usize),
}

impl Item {
    /// The row that it is, or that it stands above.
    fn place(self) -> usize {
        match self {
            Self::Head(place) | Self::Row(place) => place,
        }
    }
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    /// Heading.
    pub(super) title: &'static str,
    /// Columns of the terminal.
    pub(super) width: u16,
    /// May take more, up to this.
    pub(super) most: u16,
    /// Where its text stands.
    pub(super) align: Align,
    /// Higher goes first when there is no room.
    pub(super) drop: u8,
}

/// A column that always has the same width.
pub(super) const fn column(title: &'static str, width: u16, align: Align, drop: u8) -> Column {
    Column { title, width, most: width, align, drop }
}

/// A column that takes what is left.
pub(super) const fn flexible(title: &'static str, width: u16, most: u16, drop: u8) -> Column {
    Column { title, width, most, align: Align::Left, drop }
}

/// Where each column stands in `room` columns: offset and width, or `None` for those without room. One
/// column lies between two.
pub(super) fn lay_out(columns: &[Column], room: u16) -> Vec<Option<(u16, u16)>> {
    let mut shown: Vec<bool> = vec![true; columns.len()];
    let needed = |shown: &[bool]| -> u16 {
        let widths =
            columns.iter().zip(shown).filter(|(_, shown)| **shown).map(|(column, _)| column.width + 1);
        widths.fold(0u16, u16::saturating_add).saturating_sub(1)
    };
    while needed(&shown) > room {
        let candidates =
            columns.iter().enumerate().filter(|(place, column)| shown[*place] && column.drop > 0);
        match candidates.max_by_key(|(_, column)| column.drop) {
            Some((place, _)) => shown[place] = false,
            None => break,
        }
    }
    let mut spare = room.saturating_sub(needed(&shown));
    let mut offset = 0u16;
    let mut places = Vec::with_capacity(columns.len());
    for (place, column) in columns.iter().enumerate() {
        if !shown[place] || offset >= room {
            places.push(None);
            continue;
        }
        let more = spare.min(column.most.saturating_sub(column.width));
        spare -= more;
        let width = (column.width + more).min(room - offset);
        places.push(Some((offset, width)));
        offset += width + 1;
    }
    places
}

impl Canvas<'_> {
    /// The headings of a table; none where there is no line for them.
    pub(super) fn headings(&mut self, area: Rect, columns: &[Column], places: &[Option<(u16, u16)>]) {
        if area.is_empty() {
            return;
        }
        for (column, place) in columns.iter().zip(places) {
            if let Some((offset, width)) = place {
                self.cell(area.x + offset, area.y, *width, column.title, column.align, Token::Dim);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn columns_never_overlap_and_never_leave_their_room(
            widths in proptest::collection::vec((1u16..20, 0u16..20, 0u8..5), 0..12), room in 0u16..200,
        ) {
            let columns: Vec<Column> = widths
                .iter()
                .map(|(width, more, drop)| Column { title: "x", width: *width, most: width + more, align: Align::Left, drop: *drop })
                .collect();
            let mut free = 0;
            for (offset, width) in lay_out(&columns, room).into_iter().flatten() {
                prop_assert!(offset >= free);
                prop_assert!(offset + width <= room);
                free = offset + width + 1;
            }
        }
    }

    #[test]
    fn the_least_important_column_goes_first() {
        let columns = [
            column("a", 10, Align::Left, 0),
            column("b", 10, Align::Left, 2),
            column("c", 10, Align::Left, 1),
        ];
        assert_eq!(lay_out(&columns, 21), [Some((0, 10)), None, Some((11, 10))]);
        assert_eq!(lay_out(&columns, 5), [Some((0, 5)), None, None]);
    }
}
