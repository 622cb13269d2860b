//! Start tags as they are really written: quotes missing, quotes too many, no end.

use memchr::memchr;

/// An attribute with a `<` in it is taken as one only when it ends within this many bytes.
const LONG_ATTRIBUTE: usize = 4096;

/// The name that a tag starts with; empty where it starts with none.
pub(super) fn tag_name(inside: &str) -> &str {
    let end = inside
        .find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<' | '=' | '"' | '\'' | '&'))
        .unwrap_or(inside.len());
    inside.get(..end).filter(|name| name.starts_with(is_name_start)).unwrap_or_default()
}

/// Whether a name may start with `c`.
pub(super) fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | ':')
}

/// A start tag, read leniently.
pub(super) struct Tag<'a> {
    /// Names and raw values, each name once.
    pub attributes: Vec<(&'a str, &'a str)>,
    /// Bytes after the `<`, the `>` included.
    pub length: usize,
    /// It closes itself.
    pub empty: bool,
    /// It can be copied as it stands.
    pub clean: bool,
    /// It breaks a rule of XML.
    pub odd: bool,
}

impl<'a> Tag<'a> {
    /// Reads a tag from behind its `<` and name; `None` where the text ends inside it.
    pub(super) fn read(inside: &'a str, name: usize) -> Option<Self> {
        let bytes = inside.as_bytes();
        let mut tag = Self { attributes: Vec::new(), length: 0, empty: false, clean: true, odd: false };
        let mut at = name;
        loop {
            at += bytes.get(at..)?.iter().take_while(|b| b.is_ascii_whitespace()).count();
            match *bytes.get(at)? {
                b'>' => {
                    tag.length = at + 1;
                    return Some(tag);
                }
                b'/' if bytes.get(at + 1) == Some(&b'>') => {
                    tag.empty = true;
                    tag.length = at + 2;
                    return Some(tag);
                }
                // The next tag begins: this one forgot its end.
                b'<' => {
                    tag.broken();
                    tag.length = at;
                    return Some(tag);
                }
                _ => {}
            }
            let key_len = bytes
                .get(at..)?
                .iter()
                .take_while(|b| !b.is_ascii_whitespace() && !b"=></\"'".contains(b))
                .count();
            if key_len == 0 {
                // A quote or slash out of place.
                tag.broken();
                at += 1;
                continue;
            }
            let key = inside.get(at..at + key_len)?;
            at += key_len;
            let gap = bytes.get(at..)?.iter().take_while(|b| b.is_ascii_whitespace()).count();
            if bytes.get(at + gap) != Some(&b'=') {
                tag.broken();
                tag.push(key, "");
                continue;
            }
            at += gap + 1;
            at += bytes.get(at..)?.iter().take_while(|b| b.is_ascii_whitespace()).count();
            let quote = *bytes.get(at)?;
            if matches!(quote, b'"' | b'\'') {
                let value = quoted(inside.get(at + 1..)?, quote)?;
                tag.clean &= !value.text.contains(['&', '<']) && key.is_ascii();
                tag.odd |= value.odd;
                tag.clean &= !value.odd;
                tag.push(key, value.text);
                at += 1 + value.length;
            } else {
                tag.broken();
                let length = bytes
                    .get(at..)?
                    .iter()
                    .take_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'>' | b'<'))
                    .count();
                // `<a href=x/>` ends an empty element.
                let length =
                    if bytes.get(at + length) == Some(&b'>') && inside.get(at..at + length)?.ends_with('/') {
                        length - 1
                    } else {
                        length
                    };
                tag.push(key, inside.get(at..at + length)?);
                at += length;
            }
        }
    }

    fn broken(&mut self) {
        self.clean = false;
        self.odd = true;
    }

    /// The first of equal names stands; XML forbids the rest.
    fn push(&mut self, key: &'a str, value: &'a str) {
        // Beyond this many attributes nothing is of use, and comparing them would take quadratic time.
        if self.attributes.len() >= 64 {
            self.clean = false;
            return;
        }
        if self.attributes.iter().any(|(known, _)| *known == key) {
            self.broken();
            return;
        }
        self.attributes.push((key, value));
    }
}

struct Quoted<'a> {
    text: &'a str,
    /// Bytes up to and with the closing quote.
    length: usize,
    odd: bool,
}

/// The value that ends at `quote`. One with a `<` in it that does not end soon has lost its quote and is
/// cut at the end of its tag.
fn quoted(text: &str, quote: u8) -> Option<Quoted<'_>> {
    let bytes = text.as_bytes();
    let end = memchr(quote, bytes);
    let mark = memchr(b'<', bytes.get(..end.unwrap_or(bytes.len()))?);
    match (end, mark) {
        (Some(end), None) => Some(Quoted { text: text.get(..end)?, length: end + 1, odd: false }),
        (Some(end), Some(mark)) if end <= LONG_ATTRIBUTE && !crosses_tags(text.get(mark..end)?) => {
            Some(Quoted { text: text.get(..end)?, length: end + 1, odd: true })
        }
        (_, Some(mark)) => {
            let end = memchr(b'>', bytes.get(..mark)?).unwrap_or(mark);
            Some(Quoted { text: text.get(..end)?, length: end, odd: true })
        }
        (None, None) => None,
    }
}

/// Whether a would-be attribute value swallows tags of the feed itself.
fn crosses_tags(text: &str) -> bool {
    [
        "</item",
        "<item",
        "</entry",
        "<entry",
        "</title",
        "<title",
        "<link",
        "</link",
        "</description",
        "</channel",
    ]
    .iter()
    .any(|tag| text.contains(tag))
}
