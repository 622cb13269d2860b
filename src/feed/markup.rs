//! HTML as a run of tags and texts: no tree, so that nothing can nest too deep. Scripts, styles and
//! comments are skipped.

use memchr::memmem;

use super::html::{find_close, tag_len};
use super::tag::tag_name;

/// A piece of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A start tag; an empty element has nothing else.
    Start {
        /// As written.
        name: &'a str,
        /// What stands behind the name, raw.
        attributes: &'a str,
        /// Where the tag starts.
        at: usize,
    },
    /// An end tag.
    End {
        /// As written.
        name: &'a str,
        /// Where the tag starts.
        at: usize,
    },
    /// Text, its references as they are.
    Text {
        /// Raw.
        text: &'a str,
    },
}

/// What a `<` begins.
enum Piece<'a> {
    Tag(Token<'a>),
    /// A comment, a declaration, or an element skipped with its content.
    Skipped,
    /// Nothing: it is text.
    Text,
}

/// Elements whose content is skipped.
const SKIPPED: [&str; 7] = ["script", "style", "template", "noscript", "svg", "math", "object"];

/// Reads a page token by token, in linear time.
pub(super) struct Tokens<'a> {
    page: &'a str,
    at: usize,
    /// Ends that were looked for in vain.
    absent: [bool; SKIPPED.len()],
    no_comment_end: bool,
    no_tag_end: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(page: &'a str) -> Self {
        Self { page, at: 0, absent: [false; SKIPPED.len()], no_comment_end: false, no_tag_end: false }
    }

    fn rest(&self) -> &'a str {
        self.page.get(self.at..).unwrap_or_default()
    }

    /// What the rest, which starts with `<`, begins with.
    fn tag(&mut self) -> Piece<'a> {
        let rest = self.rest();
        let inside = rest.get(1..).unwrap_or_default();
        if inside.starts_with("!--") && !self.no_comment_end {
            match memmem::find(rest.as_bytes(), b"-->") {
                Some(end) => {
                    self.at += end + 3;
                    return Piece::Skipped;
                }
                None => self.no_comment_end = true,
            }
        }
        let closing = inside.starts_with('/');
        let special = inside.starts_with(['!', '?']);
        let name = tag_name(inside.get(usize::from(closing)..).unwrap_or_default());
        if self.no_tag_end || (name.is_empty() && !special) {
            return Piece::Text;
        }
        let Some(length) = tag_len(rest) else {
            self.no_tag_end = true;
            return Piece::Text;
        };
        let at = self.at;
        self.at += length;
        let behind = self.rest();
        if special {
            return Piece::Skipped;
        }
        if closing {
            return Piece::Tag(Token::End { name, at });
        }
        if let Some(which) = SKIPPED.iter().position(|skipped| skipped.eq_ignore_ascii_case(name))
            && let Some(absent) = self.absent.get_mut(which)
            && !*absent
        {
            match find_close(behind, name) {
                Some(end) => {
                    self.at += end;
                    return Piece::Skipped;
                }
                None => *absent = true,
            }
        }
        let attributes = rest.get(1 + name.len()..length.saturating_sub(1)).unwrap_or_default();
        Piece::Tag(Token::Start { name, attributes, at })
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return None;
            }
            let mut text_len = 0;
            if rest.starts_with('<') {
                match self.tag() {
                    Piece::Tag(token) => return Some(token),
                    Piece::Skipped => continue,
                    Piece::Text => text_len = 1,
                }
            }
            text_len +=
                memchr::memchr(b'<', rest.as_bytes().get(text_len..)?).unwrap_or(rest.len() - text_len);
            self.at += text_len;
            return Some(Token::Text { text: rest.get(..text_len)? });
        }
    }
}
