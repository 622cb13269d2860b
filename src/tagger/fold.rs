//! One text, folded for matching: lower case, no accents, one kind of dash and quote, full-width forms
//! narrowed. A map leads from every folded byte back to the original, so that spans are the reader's.

/// A folded text and the way back.
#[derive(Clone, Debug, Default)]
pub(super) struct Folded {
    /// The folded text.
    pub text: String,
    /// Original offset of each folded byte and of the end; empty where both are the same.
    map: Vec<u32>,
}

impl Folded {
    /// Folds `raw`. Linear; the result is never more than twice as long.
    pub(super) fn new(raw: &str) -> Self {
        if raw.is_ascii() { Self::ascii(raw) } else { Self::unicode(raw) }
    }

    fn ascii(raw: &str) -> Self {
        let bytes = raw.as_bytes();
        let mut text = String::with_capacity(raw.len());
        for (i, &b) in bytes.iter().enumerate() {
            text.push(match b {
                b'-' | b'_' => dash(prev_alnum(bytes, i), bytes.get(i + 1).copied()),
                b'`' => '\'',
                b'\t' | b'\r' => ' ',
                _ => b.to_ascii_lowercase() as char,
            });
        }
        Self { text, map: Vec::new() }
    }

    fn unicode(raw: &str) -> Self {
        let mut text = String::with_capacity(raw.len());
        let mut map = Vec::with_capacity(raw.len() + 1);
        let mut chars = raw.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|&(_, c)| c);
            let before = text.as_bytes().last().copied();
            let start = text.len();
            match fold_char(c) {
                Fold::One('-') => text.push(dash(before, next.map(narrow))),
                Fold::One(one) => text.push(one),
                Fold::Two(two) => text.push_str(two),
                Fold::Gone => {}
                Fold::Break => text.push('|'),
            }
            map.resize(map.len() + text.len() - start, at as u32);
        }
        map.push(raw.len() as u32);
        Self { text, map }
    }

    /// The original offset of a folded one.
    pub(super) fn origin(&self, folded: usize) -> usize {
        self.map.get(folded).map_or(folded, |&at| at as usize)
    }

    /// The original range of a folded range; it starts and ends on character boundaries.
    pub(super) fn span(&self, start: usize, end: usize) -> (usize, usize) {
        if self.map.is_empty() {
            return (start, end);
        }
        let from = self.origin(start);
        let to = self.map[end.min(self.map.len() - 1)..].iter().find(|&&at| at as usize > from);
        (from, to.map_or(from, |&at| at as usize))
    }
}

fn prev_alnum(bytes: &[u8], at: usize) -> Option<u8> {
    at.checked_sub(1).map(|before| bytes[before])
}

fn narrow(c: char) -> u8 {
    match c {
        '\u{ff10}'..='\u{ff19}' => b'0' + (c as u32 - 0xff10) as u8,
        _ if c.is_ascii() => c as u8,
        _ if c.is_alphanumeric() => b'a',
        _ => b' ',
    }
}

/// A hyphen inside a word reads as a space, between digits as a range, elsewhere as a break.
fn dash(before: Option<u8>, after: Option<u8>) -> char {
    let digit = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_digit());
    let word = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || b >= 0x80);
    if digit(before) && digit(after) || after == Some(b'$') && word(before) {
        '-'
    } else if word(before) && word(after) {
        ' '
    } else {
        '|'
    }
}

enum Fold {
    One(char),
    Two(&'static str),
    Gone,
    Break,
}

fn fold_char(c: char) -> Fold {
    use Fold::{Break, Gone, One, Two};
    match c {
        '\t' | '\r' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => One(' '),
        '-' | '_' | '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => One('-'),
        '\u{2014}' | '\u{2015}' | '\u{2022}' | '\u{b7}' => Break,
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{ff07}' | '`' | '\u{b4}' => One('\''),
        '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' | '\u{ff02}' => One('"'),
        '\u{2026}' => One('.'),
        '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe0f}' => {
            Gone
        }
        '\u{ff01}'..='\u{ff5e}' => {
            One(char::from_u32(c as u32 - 0xfee0).map_or(c, |narrow| narrow.to_ascii_lowercase()))
        }
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' => One('a'),
        'Ç' | 'ç' | 'Ć'..='č' => One('c'),
        'Ď'..='đ' | 'Ð' | 'ð' => One('d'),
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' => One('e'),
        'Ĝ'..='ģ' => One('g'),
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' => One('i'),
        'Ł' | 'ł' => One('l'),
        'Ñ' | 'ñ' | 'Ń'..='ň' => One('n'),
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' | 'Ō'..='ő' => One('o'),
        'Ŕ'..='ř' => One('r'),
        'Ś'..='š' => One('s'),
        'Ţ'..='ŧ' => One('t'),
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' => One('u'),
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' => One('y'),
        'Ź'..='ž' => One('z'),
        'ß' => Two("ss"),
        'Æ' | 'æ' => Two("ae"),
        'Œ' | 'œ' => Two("oe"),
        '×' => One('x'),
        _ if c.is_ascii() => One(c.to_ascii_lowercase()),
        _ => One(c.to_lowercase().next().unwrap_or(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms_of_one_word_fold_alike() {
        for (raw, folded) in [
            ("Jalapeño", "jalapeno"),
            ("Jalapen\u{303}o", "jalapeno"),
            ("OpenAI\u{2011}AWS", "openai aws"),
            ("OpenAI – AWS", "openai | aws"),
            ("30–40%", "30-40%"),
            ("4.5-gigawatt", "4.5 gigawatt"),
            ("Microsoft’s", "microsoft's"),
            ("ＡＭＤ", "amd"),
        ] {
            assert_eq!(Folded::new(raw).text, folded, "{raw}");
        }
    }

    #[test]
    fn a_span_points_into_the_original() {
        let raw = "Über‑Jalapeño’s chip";
        let folded = Folded::new(raw);
        let at = folded.text.find("jalapeno").unwrap();
        let (start, end) = folded.span(at, at + "jalapeno".len());
        assert_eq!(raw.get(start..end), Some("Jalapeño"));
    }

    proptest! {
        #[test]
        fn every_span_cuts_on_character_boundaries(raw in "\\PC{0,60}", a in 0usize..80, b in 0usize..80) {
            let folded = Folded::new(&raw);
            let len = folded.text.len();
            let (start, end) = folded.span(a.min(b).min(len), a.max(b).min(len));
            prop_assert!(raw.get(start..end).is_some());
        }
    }
}
