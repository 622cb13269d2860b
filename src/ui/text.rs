//! The only place that measures, cuts, pads and wraps text. Everything goes by grapheme clusters and
//! terminal columns, never by bytes or characters.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// On which side padding goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Text left, padding right.
    Left,
    /// Text right, padding left.
    Right,
}

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// A text as it may be drawn: without anything that a terminal would act on, and in ASCII where only that
/// can be shown. Text that is fine already, which is nearly all, is not copied.
pub fn shown(text: &str, ascii: bool) -> Cow<'_, str> {
    let fine = |c: char| if ascii { matches!(c, ' '..='~') } else { !c.is_control() };
    if text.chars().all(fine) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if c.is_control() => clean.push(' '),
            _ if fine(c) => clean.push(c),
            '–' | '—' | '‑' | '−' | '─' => clean.push('-'),
            '…' => clean.push_str("..."),
            '“' | '”' | '„' | '«' | '»' => clean.push('"'),
            '‘' | '’' | '‚' => clean.push('\''),
            '→' => clean.push_str("->"),
            '×' => clean.push('x'),
            '·' | '•' => clean.push('*'),
            '≥' => clean.push_str(">="),
            '≤' => clean.push_str("<="),
            '│' => clean.push('|'),
            '€' => clean.push_str("EUR"),
            // A wide character keeps its two columns, so that nothing behind it moves.
            _ => clean.extend(std::iter::repeat_n('?', width(c.encode_utf8(&mut [0; 4])))),
        }
    }
    Cow::Owned(clean)
}

/// At most `columns` columns of a text. A cut is marked with an ellipsis, which counts.
pub fn truncate(text: &str, columns: usize, ellipsis: char) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    if columns == 0 {
        return Cow::Borrowed("");
    }
    let mut cut = String::with_capacity(columns + 3);
    let mut used = 0;
    for cluster in text.graphemes(true) {
        let wide = width(cluster);
        if used + wide > columns - 1 {
            break;
        }
        cut.push_str(cluster);
        used += wide;
    }
    let kept = cut.trim_end().len();
    cut.truncate(kept);
    cut.push(ellipsis);
    Cow::Owned(cut)
}

/// Exactly `columns` columns: cut or padded.
pub fn fit(text: &str, columns: usize, align: Align, ellipsis: char) -> String {
    let cut = truncate(text, columns, ellipsis);
    let gap = columns.saturating_sub(width(&cut));
    let mut fitted = String::with_capacity(cut.len() + gap);
    match align {
        Align::Left => {
            fitted.push_str(&cut);
            fitted.extend(std::iter::repeat_n(' ', gap));
        }
        Align::Right => {
            fitted.extend(std::iter::repeat_n(' ', gap));
            fitted.push_str(&cut);
        }
    }
    fitted
}

/// A piece of a wrapped line: its byte range in the text.
pub type Piece = std::ops::Range<usize>;

/// Breaks a text into lines of at most `columns` columns, at white space where there is any, and returns
/// the byte range of each line. A word that is longer than a line is broken inside. White space at a
/// break belongs to no line.
pub fn wrap(text: &str, columns: usize) -> Vec<Piece> {
    if columns == 0 {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let mut start = 0;
    for paragraph in text.split('\n') {
        wrap_paragraph(paragraph, start, columns, &mut lines);
        start += paragraph.len() + 1;
    }
    lines
}

fn wrap_paragraph(paragraph: &str, base: usize, columns: usize, lines: &mut Vec<Piece>) {
    let mut line: Option<Piece> = None;
    let mut used = 0;
    for word in paragraph.split_whitespace() {
        // `word` is a part of `paragraph`: the distance of their starts is its place.
        let start = base + (word.as_ptr() as usize - paragraph.as_ptr() as usize);
        let end = start + word.len();
        let gap = line.as_ref().map_or(0, |line| start - line.end);
        let wide = width(word);
        if let Some(current) = &mut line
            && used + gap + wide <= columns
        {
            current.end = end;
            used += gap + wide;
            continue;
        }
        if let Some(done) = line.take() {
            lines.push(done);
        }
        if wide <= columns {
            line = Some(start..end);
            used = wide;
            continue;
        }
        let mut piece = start..start;
        used = 0;
        for (at, cluster) in word.grapheme_indices(true) {
            let wide = width(cluster);
            if used + wide > columns && used > 0 {
                lines.push(piece.clone());
                piece = start + at..start + at;
                used = 0;
            }
            piece.end = start + at + cluster.len();
            used += wide;
        }
        line = Some(piece);
    }
    match line {
        Some(line) => lines.push(line),
        None if paragraph.trim().is_empty() => lines.push(base..base),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn fitted_text_has_exactly_its_width(text in "\\PC{0,40}", columns in 0usize..50) {
            for align in [Align::Left, Align::Right] {
                let fitted = fit(&text, columns, align, '…');
                // A wide cluster that does not fit is left out, never halved.
                prop_assert_eq!(width(&fitted), columns);
            }
        }

        #[test]
        fn no_wrapped_line_is_too_wide_and_no_word_is_lost(text in "[a-zé字🚀 ,.\\-]{0,120}", columns in 2usize..30) {
            let lines = wrap(&text, columns);
            for line in &lines {
                prop_assert!(width(text.get(line.clone()).unwrap()) <= columns);
            }
            let kept: String = lines.iter().flat_map(|line| text.get(line.clone()).unwrap().chars()).filter(|c| !c.is_whitespace()).collect();
            let all: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            prop_assert_eq!(kept, all);
        }
    }

    proptest! {
        #[test]
        fn drawn_text_has_no_controls_and_ascii_is_ascii(text in ".{0,60}") {
            prop_assert!(!shown(&text, false).chars().any(char::is_control));
            prop_assert!(shown(&text, true).chars().all(|c| matches!(c, ' '..='~')));
        }
    }

    #[test]
    fn a_cut_is_marked() {
        assert_eq!(truncate("OpenAI–Broadcom", 9, '…'), "OpenAI–B…");
        assert_eq!(truncate("short", 9, '…'), "short");
        assert_eq!(truncate("字幕字幕", 4, '…'), "字…");
        assert_eq!(fit("7", 3, Align::Right, '…'), "  7");
    }

    #[test]
    fn lines_break_at_spaces() {
        let text = "deliver 2 GW of Trainium capacity";
        let lines: Vec<_> = wrap(text, 12).into_iter().map(|line| text.get(line).unwrap()).collect();
        assert_eq!(lines, ["deliver 2 GW", "of Trainium", "capacity"]);
        assert_eq!(wrap("a\n\nb", 5).len(), 3);
    }
}
