//! Text to well-formed text, as far as a single pass can: no declarations, no document type, no
//! comments, no forbidden characters, every `&` and `<` either markup or escaped, the root element in a
//! form that the feed parser knows.

use std::borrow::Cow;
use std::collections::HashMap;

use memchr::{memchr, memchr2, memmem};
use quick_xml::escape::resolve_html5_entity;

use super::names::{Vocabulary, local, of_namespace, prefix};
use super::outcome::{Repair, note};
use super::tag::{Tag, is_name_start, tag_name};

/// The longest name of an entity; more is no reference.
const LONGEST_ENTITY: usize = 32;

/// The longest text that one entity may stand for.
const LONGEST_VALUE: usize = 1024;

/// How much text the entities of a document type may add in all: enough for symbols, no bomb.
const ENTITY_BUDGET: usize = 64 * 1024;

/// Repairs a document, one pass after the forbidden characters are out.
pub(super) fn repair(text: &str, repairs: &mut Vec<Repair>) -> String {
    let text = drop_forbidden(text, repairs);
    let mut pass = Pass {
        rest: &text,
        out: String::with_capacity(text.len() + 256),
        repairs,
        entities: HashMap::new(),
        budget: ENTITY_BUDGET,
        rooted: false,
        absent: [false; 3],
        unfinished: false,
    };
    pass.run();
    pass.out
}

/// Drops characters that XML 1.0 forbids; they are found once, and seldom.
fn drop_forbidden<'a>(text: &'a str, repairs: &mut Vec<Repair>) -> Cow<'a, str> {
    let control = text.bytes().any(|b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r'));
    if !control
        && memmem::find(text.as_bytes(), b"\xef\xbf\xbe").is_none()
        && memmem::find(text.as_bytes(), b"\xef\xbf\xbf").is_none()
    {
        return Cow::Borrowed(text);
    }
    note(repairs, Repair::ForbiddenCharacters);
    Cow::Owned(text.chars().filter(|c| is_xml(*c)).collect())
}

/// The characters of XML 1.0.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Constructs that end with a mark of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Instruction,
    Comment,
    Section,
}

impl End {
    fn mark(self) -> &'static [u8] {
        match self {
            Self::Instruction => b"?>",
            Self::Comment => b"-->",
            Self::Section => b"]]>",
        }
    }
}

struct Pass<'a, 'r> {
    rest: &'a str,
    out: String,
    repairs: &'r mut Vec<Repair>,
    /// Entities that the document type defines, with what they stand for.
    entities: HashMap<&'a str, String>,
    budget: usize,
    /// Whether the root element is through.
    rooted: bool,
    /// Ends that are known not to come any more: looking for each again would take quadratic time.
    absent: [bool; 3],
    /// Whether a CDATA section without an end was met.
    unfinished: bool,
}

impl<'a> Pass<'a, '_> {
    fn run(&mut self) {
        while let Some(at) = memchr2(b'<', b'&', self.rest.as_bytes()) {
            self.copy(at);
            if self.rest.starts_with('&') {
                let consumed = self.reference(self.rest);
                self.skip(consumed);
            } else {
                self.markup();
            }
        }
        self.copy(self.rest.len());
    }

    fn copy(&mut self, bytes: usize) {
        let (head, tail) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.out.push_str(head);
        self.rest = tail;
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn note(&mut self, repair: Repair) {
        note(self.repairs, repair);
    }

    /// `rest` starts with `<`.
    fn markup(&mut self) {
        let bytes = self.rest.as_bytes();
        match bytes.get(1).copied() {
            Some(b'?') => {
                let end = self.find(End::Instruction);
                self.skip(end.unwrap_or(2));
            }
            Some(b'!') if bytes.starts_with(b"<!--") => {
                let end = self.find(End::Comment);
                self.skip(end.unwrap_or(4));
            }
            Some(b'!') if bytes.starts_with(b"<![CDATA[") => match self.find(End::Section) {
                Some(end) => self.copy(end),
                None => self.unfinished_section(),
            },
            Some(b'!') if bytes.get(2).is_some_and(u8::is_ascii_alphabetic) => {
                let length = declaration_len(self.rest);
                let declaration = self.rest.get(..length).unwrap_or_default();
                self.define_entities(declaration);
                self.skip(length);
            }
            Some(b'/') if self.rest.get(2..).is_some_and(|rest| rest.starts_with(is_name_start)) => {
                self.end_tag();
            }
            _ if self.rest.get(1..).is_some_and(|rest| rest.starts_with(is_name_start)) => self.start_tag(),
            _ => self.literal(),
        }
    }

    /// Where the construct that `rest` starts with ends.
    fn find(&mut self, end: End) -> Option<usize> {
        let absent = self.absent.get_mut(end as usize)?;
        if *absent {
            return None;
        }
        // The opening of a comment may not lend its dashes to the end.
        let from = if end == End::Comment { 4 } else { 2 };
        let found = memmem::find(self.rest.as_bytes().get(from..)?, end.mark())
            .map(|at| from + at + end.mark().len());
        *absent = found.is_none();
        found
    }

    /// A `<` that starts nothing.
    fn literal(&mut self) {
        self.note(Repair::StrayMarkup);
        self.out.push_str("&lt;");
        self.skip(1);
    }

    /// A CDATA section that never ends: it is text up to the next end tag of a feed's own elements.
    fn unfinished_section(&mut self) {
        self.skip("<![CDATA[".len());
        if std::mem::replace(&mut self.unfinished, true) {
            return;
        }
        self.note(Repair::CutShort);
        self.out.push_str("<![CDATA[");
        let end = ["</title>", "</description>", "</content", "</summary>", "</item>", "</entry>"]
            .iter()
            .filter_map(|tag| memmem::find(self.rest.as_bytes(), tag.as_bytes()))
            .min()
            .unwrap_or(self.rest.len());
        self.copy(end);
        self.out.push_str("]]>");
    }

    fn end_tag(&mut self) {
        let bytes = self.rest.as_bytes();
        match memchr2(b'>', b'<', bytes.get(1..).unwrap_or_default()) {
            Some(at) if bytes.get(at + 1) == Some(&b'>') => {
                let name = tag_name(self.rest.get(2..).unwrap_or_default());
                self.out.push_str("</");
                self.out.push_str(name);
                self.out.push('>');
                self.skip(at + 2);
            }
            // `</item` and then another tag, or the end.
            found => {
                self.note(Repair::StrayMarkup);
                let name = tag_name(self.rest.get(2..).unwrap_or_default());
                if found.is_some() {
                    self.out.push_str("</");
                    self.out.push_str(name);
                    self.out.push('>');
                }
                self.skip(found.map_or(self.rest.len(), |at| at + 1));
            }
        }
    }

    fn start_tag(&mut self) {
        let inside = self.rest.get(1..).unwrap_or_default();
        let name = tag_name(inside);
        let tag = Tag::read(inside, name.len());
        let Some(tag) = tag else {
            // The document ends inside a tag.
            self.note(Repair::CutShort);
            self.skip(self.rest.len());
            return;
        };
        if !self.rooted {
            self.rooted = true;
            self.root(name, &tag);
        } else if tag.clean {
            self.copy(tag.length + 1);
            return;
        } else {
            self.out.push('<');
            self.out.push_str(name);
            for (key, value) in &tag.attributes {
                self.attribute(key, value);
            }
            self.out.push_str(if tag.empty { "/>" } else { ">" });
        }
        if tag.odd {
            self.note(Repair::StrayMarkup);
        }
        self.skip(tag.length + 1);
    }

    /// The root element in the form that the feed parser knows.
    fn root(&mut self, name: &str, tag: &Tag<'_>) {
        let lower = local(name).to_ascii_lowercase();
        let root = match lower.as_str() {
            "rdf" => "RDF",
            "rss" | "feed" | "entry" => lower.as_str(),
            _ => local(name),
        };
        self.out.push('<');
        if !prefix(name).is_empty() {
            self.out.push_str(prefix(name));
            self.out.push(':');
        }
        self.out.push_str(root);
        let mut version = None;
        let mut declared = Vec::new();
        for (key, value) in &tag.attributes {
            if key.eq_ignore_ascii_case("version") && root == "rss" {
                version = Some(value.trim());
            } else if *key == "xmlns" || key.starts_with("xmlns:") {
                declared.push(key.strip_prefix("xmlns:").unwrap_or_default());
                match canonical(value, root) {
                    Namespace::As(uri) => {
                        if uri != value.trim() {
                            self.note(Repair::Namespace);
                        }
                        self.attribute(key, uri);
                    }
                    Namespace::Unknown if *key == "xmlns" => self.note(Repair::Namespace),
                    Namespace::Unknown => self.attribute(key, value),
                }
            } else {
                self.attribute(key, value);
            }
        }
        if root == "rss" {
            let known = matches!(version, Some("2.0" | "0.91" | "0.92"));
            self.attribute("version", version.filter(|_| known).unwrap_or("2.0"));
            if !known {
                self.note(Repair::RootElement);
            }
        }
        if root != local(name) {
            self.note(Repair::RootElement);
        }
        for (prefix, uri) in USUAL_PREFIXES {
            if !declared.contains(&prefix)
                && memmem::find(self.rest.as_bytes(), format!("<{prefix}:").as_bytes()).is_some()
            {
                self.attribute(&format!("xmlns:{prefix}"), uri);
                self.note(Repair::Namespace);
            }
        }
        self.out.push_str(if tag.empty { "/>" } else { ">" });
    }

    fn attribute(&mut self, key: &str, value: &str) {
        if key.is_empty() || !key.starts_with(is_name_start) {
            return;
        }
        self.out.push(' ');
        self.out.push_str(key);
        self.out.push_str("=\"");
        let mut value = value;
        while let Some(at) = value.bytes().position(|b| matches!(b, b'&' | b'<' | b'"')) {
            let (head, tail) = value.split_at(at);
            self.out.push_str(head);
            let consumed = match tail.as_bytes().first() {
                Some(b'&') => self.reference(tail),
                Some(b'<') => {
                    self.out.push_str("&lt;");
                    1
                }
                _ => {
                    self.out.push_str("&quot;");
                    1
                }
            };
            value = tail.get(consumed..).unwrap_or_default();
        }
        self.out.push_str(value);
        self.out.push('"');
    }

    /// Copies the reference that `text` starts with, or escapes its `&`; returns the bytes dealt with.
    fn reference(&mut self, text: &str) -> usize {
        let body = text.get(1..).unwrap_or_default();
        let end = body.bytes().take(LONGEST_ENTITY).position(|b| b == b';');
        let Some(name) = end.and_then(|end| body.get(..end)).filter(|name| !name.is_empty()) else {
            self.note(Repair::BareAmpersand);
            self.out.push_str("&amp;");
            return 1;
        };
        let length = name.len() + 2;
        if let Some(code) = name.strip_prefix('#') {
            let code = match code.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => code.parse().ok(),
            };
            let Some(code) = code else {
                self.note(Repair::BareAmpersand);
                self.out.push_str("&amp;");
                return 1;
            };
            match character(code) {
                Some(c) if c as u32 == code => self.out.push_str(text.get(..length).unwrap_or_default()),
                Some(c) => self.out.push(c),
                None => self.note(Repair::UndefinedEntity),
            }
            return length;
        }
        if let Some(value) = self.entities.get(name)
            && let Some(left) = self.budget.checked_sub(value.len())
        {
            self.budget = left;
            self.out.push_str(value);
            return length;
        }
        if resolve_html5_entity(name).is_some() {
            self.out.push('&');
            self.out.push_str(name);
            self.out.push(';');
            return length;
        }
        let word = name.bytes().all(|b| b.is_ascii_alphanumeric());
        self.note(if word { Repair::UndefinedEntity } else { Repair::BareAmpersand });
        self.out.push_str("&amp;");
        1
    }

    /// Keeps the text entities of a document type: `<!ENTITY name "value">`. A value may use what was
    /// defined before it, within [`LONGEST_VALUE`].
    fn define_entities(&mut self, declaration: &'a str) {
        for part in declaration.split("<!ENTITY").skip(1).take(256) {
            let Some((name, rest)) = part.trim_start().split_once(char::is_whitespace) else { continue };
            let rest = rest.trim_start();
            let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
            let Some(value) = rest.get(1..).and_then(|rest| rest.split(quote).next()) else { continue };
            if name.is_empty() || name.len() > LONGEST_ENTITY || value.contains(['<', '%']) {
                continue;
            }
            if let Some(value) = self.expand(value) {
                self.entities.entry(name).or_insert(value);
            }
        }
    }

    /// The value of an entity with the entities in it replaced; `None` where that grows too long.
    fn expand(&self, value: &str) -> Option<String> {
        let mut out = String::new();
        let mut rest = value;
        while let Some((head, tail)) = rest.split_once('&') {
            out.push_str(head);
            let (name, after) = tail.split_once(';')?;
            if let Some(value) = self.entities.get(name) {
                out.push_str(value);
            } else {
                out.extend(["&", name, ";"]);
            }
            if out.len() > LONGEST_VALUE {
                return None;
            }
            rest = after;
        }
        out.push_str(rest);
        (out.len() <= LONGEST_VALUE).then_some(out)
    }
}

/// The character of a numeric reference. 128 to 159 mean Windows-1252, as every browser reads them.
pub(super) fn character(code: u32) -> Option<char> {
    if (128..160).contains(&code) {
        let byte = [code as u8];
        return encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0.chars().next();
    }
    char::from_u32(code).filter(|c| is_xml(*c))
}

enum Namespace {
    As(&'static str),
    Unknown,
}

/// The address that the feed parser knows a namespace by.
fn canonical(uri: &str, root: &str) -> Namespace {
    let uri = match of_namespace(uri) {
        Some(Vocabulary::Atom) => "http://www.w3.org/2005/Atom",
        Some(Vocabulary::Rdf) => "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        Some(Vocabulary::Content) => "http://purl.org/rss/1.0/modules/content/",
        Some(Vocabulary::Media) => "http://search.yahoo.com/mrss/",
        Some(Vocabulary::Xhtml) => "http://www.w3.org/1999/xhtml",
        Some(Vocabulary::Rss) if root == "RDF" => "http://purl.org/rss/1.0/",
        _ => return Namespace::Unknown,
    };
    Namespace::As(uri)
}

/// Prefixes that documents use without declaring them.
const USUAL_PREFIXES: [(&str, &str); 5] = [
    ("content", "http://purl.org/rss/1.0/modules/content/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("media", "http://search.yahoo.com/mrss/"),
    ("atom", "http://www.w3.org/2005/Atom"),
    ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
];

/// The length of a `<!…>` declaration with its internal subset; all of the text where it never ends.
pub(super) fn declaration_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        at += match b {
            // Quotes in a comment of the subset are text.
            b'<' if rest.starts_with(b"<!--") => memmem::find(rest, b"-->").map_or(rest.len(), |end| end + 3),
            b'"' | b'\'' => memchr(*b, rest.get(1..).unwrap_or_default()).map_or(rest.len(), |end| end + 2),
            b'>' if depth == 0 => return at + 1,
            b'[' => {
                depth += 1;
                1
            }
            b']' => {
                depth = depth.saturating_sub(1);
                1
            }
            _ => 1,
        };
    }
    text.len()
}
