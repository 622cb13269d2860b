//! HTML to plain text, for titles and summaries: one pass, linear, no tree, so that no nesting can
//! exhaust anything. Content of scripts and styles is dropped, entities are decoded.

use memchr::{memchr, memchr2};
use quick_xml::escape::resolve_html5_entity;

use super::repair::character;
use super::tag::tag_name;

/// What an element does to the text around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Nothing: it stands inside a line.
    None,
    /// A new line begins.
    Line,
    /// A new paragraph begins.
    Paragraph,
    /// It stands between words.
    Space,
    /// Its content is no text; the number tells such elements apart.
    Dropped(usize),
}

/// How many kinds of elements are dropped with their content.
const DROPPED: usize = 9;

fn effect(name: &str) -> Effect {
    let mut lower = [0; 12];
    let Some(lower) = lower.get_mut(..name.len()) else { return Effect::None };
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    match &*lower {
        b"br" | b"p" => Effect::Paragraph,
        b"div" | b"li" | b"ul" | b"ol" | b"tr" | b"table" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6"
        | b"blockquote" | b"pre" | b"hr" | b"section" | b"article" | b"header" | b"footer" | b"figure"
        | b"figcaption" | b"dl" | b"dt" | b"dd" | b"main" | b"aside" | b"nav" | b"form" | b"fieldset"
        | b"address" | b"title" | b"caption" => Effect::Line,
        b"td" | b"th" | b"option" | b"button" => Effect::Space,
        b"script" => Effect::Dropped(0),
        b"style" => Effect::Dropped(1),
        b"iframe" => Effect::Dropped(2),
        b"object" => Effect::Dropped(3),
        b"applet" => Effect::Dropped(4),
        b"template" => Effect::Dropped(5),
        b"noscript" => Effect::Dropped(6),
        b"svg" => Effect::Dropped(7),
        b"math" => Effect::Dropped(8),
        _ => Effect::None,
    }
}

/// Plain text of a piece of HTML, with `\n` between blocks.
pub(super) fn text(html: &str) -> String {
    strip(html, true)
}

/// Plain text on one line, for titles.
pub(super) fn line(html: &str) -> String {
    strip(html, false)
}

/// Whether there is anything in it that [`text`] would change.
pub(super) fn is_plain(raw: &str) -> bool {
    memchr2(b'<', b'&', raw.as_bytes()).is_none()
}

fn strip(html: &str, blocks: bool) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    // Ends that were looked for in vain once are not looked for again.
    let mut unclosed = [false; DROPPED];
    let mut no_comment_end = false;
    let mut no_tag_end = false;
    while let Some(at) = memchr2(b'<', b'&', rest.as_bytes()) {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        rest = tail;
        if rest.starts_with('&') {
            let consumed = decode_reference(rest, &mut out);
            rest = rest.get(consumed..).unwrap_or_default();
            continue;
        }
        if rest.starts_with("<!--") && !no_comment_end {
            match memchr::memmem::find(rest.as_bytes(), b"-->") {
                Some(end) => {
                    rest = rest.get(end + 3..).unwrap_or_default();
                    continue;
                }
                None => no_comment_end = true,
            }
        }
        let inside = rest.get(1..).unwrap_or_default();
        let closing = inside.starts_with('/');
        let name = tag_name(if closing { inside.get(1..).unwrap_or_default() } else { inside });
        let special = inside.starts_with(['!', '?']);
        if !special && !is_element(name) {
            out.push('<');
            rest = inside;
            continue;
        }
        // Without another `>` nothing that follows is a tag.
        let Some(length) = (!no_tag_end).then(|| tag_len(rest)).flatten() else {
            no_tag_end = true;
            out.push('<');
            rest = inside;
            continue;
        };
        rest = rest.get(length..).unwrap_or_default();
        match effect(name) {
            Effect::Line | Effect::Paragraph if blocks => {
                if !out.ends_with('\n') {
                    out.push('\n');
                }
                if effect(name) == Effect::Paragraph {
                    out.push('\n');
                }
            }
            Effect::Space => out.push(' '),
            Effect::Paragraph if name.eq_ignore_ascii_case("br") => out.push(' '),
            Effect::Dropped(which) if !closing => {
                if let Some(seen) = unclosed.get_mut(which)
                    && !*seen
                {
                    match find_close(rest, name) {
                        Some(end) => rest = rest.get(end..).unwrap_or_default(),
                        None => *seen = true,
                    }
                }
            }
            _ => {}
        }
    }
    out.push_str(rest);
    out
}

/// What looks like a tag may be one: `<b>`, `<o:p>`; not `< 5`, and not the `<T>` of somebody's code
/// unless an element could be called so.
fn is_element(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 32
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-' | b'_' | b'.'))
}

/// The length of a tag, quotes respected; `None` where it never ends.
pub(super) fn tag_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let simple = memchr(b'>', bytes)?;
    let head = bytes.get(..simple)?;
    if memchr2(b'"', b'\'', head).is_none() {
        return Some(simple + 1);
    }
    // A `>` inside a quoted value does not end the tag; a quote that never ends does not count.
    let mut quote = None;
    for (at, b) in bytes.iter().enumerate().take(64 * 1024) {
        match (quote, *b) {
            (Some(open), b) if open == b => quote = None,
            (None, b'"' | b'\'') => quote = Some(*b),
            (None, b'>') => return Some(at + 1),
            (Some(_), b'<') => return Some(simple + 1),
            _ => {}
        }
    }
    Some(simple + 1)
}

/// Where the content of a dropped element ends.
pub(super) fn find_close(text: &str, name: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(step) = memchr::memmem::find(bytes.get(at..)?, b"</") {
        at += step + 2;
        if bytes.get(at..at + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes())) {
            return Some(at + memchr(b'>', bytes.get(at..)?)? + 1);
        }
    }
    None
}

/// Decodes the reference that `text` starts with, or copies its `&`; returns the bytes dealt with.
fn decode_reference(text: &str, out: &mut String) -> usize {
    let body = text.get(1..).unwrap_or_default();
    if let Some(end) = body.bytes().take(32).position(|b| b == b';')
        && let Some(name) = body.get(..end)
    {
        if let Some(code) = name.strip_prefix('#') {
            let code = match code.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => code.parse(),
            };
            if let Ok(code) = code {
                out.extend(character(code));
                return end + 2;
            }
        } else if let Some(value) = resolve_html5_entity(name) {
            out.push_str(value);
            return end + 2;
        }
    }
    // The references that browsers know without their semicolon, where no name goes on.
    for (name, value) in [("nbsp", "\u{a0}"), ("amp", "&"), ("quot", "\""), ("lt", "<"), ("gt", ">")] {
        if let Some(after) = body.strip_prefix(name)
            && !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == ';' || c == '=')
        {
            out.push_str(value);
            return 1 + name.len();
        }
    }
    out.push('&');
    1
}

/// Escapes what would read as markup.
pub(super) fn escape_into(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = memchr2(b'<', b'&', rest.as_bytes()) {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        out.push_str(if tail.starts_with('<') { "&lt;" } else { "&amp;" });
        rest = tail.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}
