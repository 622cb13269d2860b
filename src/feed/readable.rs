//! The readable text of a page that an item links to: an article's body without menus, a filing's
//! whole text.
//!
//! One linear pass picks the part of the page that carries the text and writes it anew in a dozen
//! harmless elements, nested to a fixed depth; html2text turns that into plain text. What the page
//! nests, however deep or wrong, never reaches a tree builder.

use std::io::Cursor;

use super::entry::{body, title};
use super::markup::{Token, Tokens};
use super::outcome::{NotFeed, Unreadable};
use super::{Document, decode, html};
use crate::domain::text::DisplayText;

/// Pages are read up to this much markup; no article is longer.
const MAX_MARKUP: usize = 4 * 1024 * 1024;

/// The most markup handed on to be laid out.
const MAX_OUTPUT: usize = 1024 * 1024;

/// Elements nested deeper than this lie flat.
const MAX_DEPTH: usize = 256;

/// A part of a page with less text than this is no article.
const SHORTEST_ARTICLE: usize = 400;

/// Width handed to html2text: lines are wrapped where they are shown, not here.
const WIDTH: usize = 1 << 20;

/// A page as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readable {
    /// The page's own title.
    pub title: Option<DisplayText>,
    /// Its text, paragraphs apart, at most 256 KiB.
    pub text: DisplayText,
}

/// Reads the text of a web page or a filing. Plain text passes as it is; what has no text, or is no
/// page, is [`Unreadable`].
pub fn readable(page: &Document<'_>) -> Result<Readable, Unreadable> {
    let bytes = page.bytes.get(..page.bytes.len().min(MAX_MARKUP)).unwrap_or(page.bytes);
    let text = decode::decode(bytes, page.content_type, &mut Vec::new())?;
    if bytes.starts_with(b"%PDF") {
        return Err(Unreadable::with(NotFeed::Binary, "a PDF file"));
    }
    if !text.contains("</") {
        let text = body(&text).ok_or_else(|| Unreadable::new(NotFeed::Empty))?;
        return Ok(Readable { title: None, text });
    }
    let parts = Parts::survey(&text);
    let markup = rewrite(&text, parts.article());
    // A page whose every line looks like a menu is read as it stands.
    let markup = if markup.len() < SHORTEST_ARTICLE / 4 { rewrite(&text, None) } else { markup };
    let plain = html2text::config::plain_no_decorate()
        .raw_mode(true)
        .no_table_borders()
        .string_from_read(Cursor::new(markup.as_bytes()), WIDTH)
        .unwrap_or_else(|_| html::text(&markup));
    let text = body(&plain).ok_or_else(|| Unreadable::new(NotFeed::Empty))?;
    Ok(Readable { title: parts.title.as_deref().and_then(title), text })
}

/// A part of the page that may be the article.
struct Part {
    /// Bytes of the page that it spans.
    span: (usize, usize),
    /// Characters of text, those in links counted against it.
    score: i64,
}

/// What a first look at the page finds.
#[derive(Default)]
struct Parts {
    title: Option<String>,
    candidates: Vec<Part>,
}

/// An element that is open during the survey.
struct Open<'a> {
    name: &'a str,
    /// Where it starts and the score before it, for candidates.
    candidate: Option<(usize, i64)>,
}

impl Parts {
    fn survey(page: &str) -> Self {
        let mut parts = Self::default();
        let mut open: Vec<Open<'_>> = Vec::new();
        let (mut score, mut links) = (0i64, 0usize);
        let mut in_title = None;
        for token in Tokens::new(page) {
            match token {
                Token::Text { text } => {
                    let length = text.split_whitespace().map(str::len).sum::<usize>() as i64;
                    score += if links > 0 { -length } else { length };
                    if let Some(title) = &mut in_title {
                        let title: &mut String = title;
                        title.push_str(text);
                    }
                }
                Token::Start { name, attributes, at } => {
                    if name.eq_ignore_ascii_case("a") {
                        links += 1;
                    }
                    if name.eq_ignore_ascii_case("title") && parts.title.is_none() {
                        in_title = Some(String::new());
                    }
                    if open.len() < MAX_DEPTH && !is_void(name) {
                        let candidate = is_article(name, attributes).then_some((at, score));
                        open.push(Open { name, candidate });
                    }
                }
                Token::End { name, at } => {
                    if name.eq_ignore_ascii_case("a") {
                        links = links.saturating_sub(1);
                    }
                    if name.eq_ignore_ascii_case("title")
                        && let Some(title) = in_title.take()
                    {
                        parts.title = Some(html::line(&title));
                    }
                    let Some(depth) = open.iter().rposition(|open| open.name.eq_ignore_ascii_case(name))
                    else {
                        continue;
                    };
                    for closed in open.drain(depth..) {
                        if let Some((start, before)) = closed.candidate {
                            parts.candidates.push(Part { span: (start, at), score: score - before });
                        }
                    }
                }
            }
        }
        parts
    }

    /// The span to read: of the parts that carry most of the text the smallest, or all where no part does.
    fn article(&self) -> Option<(usize, usize)> {
        let best = self.candidates.iter().map(|part| part.score).max()?;
        if best < SHORTEST_ARTICLE as i64 {
            return None;
        }
        self.candidates
            .iter()
            .filter(|part| part.score * 10 >= best * 8)
            .min_by_key(|part| part.span.1 - part.span.0)
            .map(|part| part.span)
    }
}

/// Whether an element says that it holds the text.
fn is_article(name: &str, attributes: &str) -> bool {
    const CUES: [&str; 18] = [
        "articlebody",
        "article-body",
        "article_body",
        "article__body",
        "article-content",
        "article__content",
        "post-content",
        "post-body",
        "entry-content",
        "story-body",
        "story-content",
        "release-body",
        "press-release",
        "news-body",
        "body-copy",
        "rich-text",
        "main-content",
        "wd_news_body",
    ];
    if name.eq_ignore_ascii_case("article") || name.eq_ignore_ascii_case("main") {
        return true;
    }
    let container = ["div", "section", "td"].iter().any(|tag| name.eq_ignore_ascii_case(tag));
    container && contains_any(attributes, &CUES)
}

/// Whether an element is the page's own furniture.
fn is_furniture(name: &str, attributes: &str) -> bool {
    const NAMES: [&str; 10] =
        ["nav", "aside", "footer", "form", "button", "select", "dialog", "menu", "iframe", "figure"];
    const CUES: [&str; 16] = [
        "share",
        "social",
        "newsletter",
        "cookie",
        "breadcrumb",
        "related",
        "recirc",
        "promo",
        "advert",
        "sidebar",
        "comments",
        "paywall",
        "site-header",
        "site-footer",
        "masthead",
        "skip-link",
    ];
    if NAMES.iter().any(|tag| name.eq_ignore_ascii_case(tag)) {
        return true;
    }
    let container = ["div", "section", "ul", "p", "header"].iter().any(|tag| name.eq_ignore_ascii_case(tag));
    container && (contains_any(attributes, &CUES) || attributes.contains("aria-hidden=\"true\""))
}

/// Whether the class, id or role of an element has one of `cues` in it. Only those values count: an
/// address in another attribute may contain anything.
fn contains_any(attributes: &str, cues: &[&str]) -> bool {
    ["class=", "id=", "role=", "itemprop="].iter().any(|key| {
        let Some((_, value)) = attributes.split_once(key) else { return false };
        let quote = value.chars().next().unwrap_or('"');
        let value = value.trim_start_matches(quote).split(quote).next().unwrap_or_default();
        let value = value.get(..value.len().min(400)).unwrap_or(value).to_ascii_lowercase();
        cues.iter().any(|cue| value.contains(cue))
    })
}

fn is_void(name: &str) -> bool {
    [
        "br", "img", "hr", "input", "meta", "link", "source", "wbr", "col", "area", "base", "embed", "track",
        "param",
    ]
    .iter()
    .any(|tag| name.eq_ignore_ascii_case(tag))
}

/// Whether an element begins and ends a paragraph.
fn is_block(name: &str) -> bool {
    const BLOCKS: [&str; 23] = [
        "p",
        "div",
        "section",
        "article",
        "main",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "table",
        "tr",
        "dt",
        "dd",
        "caption",
        "header",
        "body",
    ];
    BLOCKS.iter().any(|tag| name.eq_ignore_ascii_case(tag))
}

/// Writes the page, or a span of it, as plain paragraphs: furniture and menus are left out, cells of a
/// row stay on one line.
fn rewrite(page: &str, span: Option<(usize, usize)>) -> String {
    let (start, end) = span.unwrap_or((0, page.len()));
    let part = page.get(start..end).unwrap_or(page);
    let mut out = Paragraphs {
        markup: String::with_capacity(part.len().min(MAX_OUTPUT)),
        text: String::new(),
        linked: 0,
    };
    let mut links = 0usize;
    // The open piece of furniture and how often its name is open inside it.
    let mut furniture: Option<(&str, usize)> = None;
    let mut in_head = 0usize;
    for token in Tokens::new(part) {
        if out.markup.len() > MAX_OUTPUT {
            break;
        }
        match token {
            Token::Start { name, attributes, .. } => {
                if let Some((outer, depth)) = &mut furniture {
                    *depth += usize::from(outer.eq_ignore_ascii_case(name));
                    continue;
                }
                if is_furniture(name, attributes) && !is_void(name) {
                    out.finish();
                    furniture = Some((name, 1));
                } else if name.eq_ignore_ascii_case("head") {
                    in_head = 1;
                } else if name.eq_ignore_ascii_case("body") {
                    in_head = 0;
                } else if name.eq_ignore_ascii_case("a") {
                    links += 1;
                } else if name.eq_ignore_ascii_case("td") || name.eq_ignore_ascii_case("th") {
                    out.text.push(' ');
                } else if name.eq_ignore_ascii_case("br") || is_block(name) {
                    out.finish();
                }
            }
            Token::End { name, .. } => {
                if let Some((outer, depth)) = &mut furniture {
                    if outer.eq_ignore_ascii_case(name) {
                        *depth -= 1;
                        if *depth == 0 {
                            furniture = None;
                        }
                    }
                    continue;
                }
                if name.eq_ignore_ascii_case("a") {
                    links = links.saturating_sub(1);
                } else if name.eq_ignore_ascii_case("head") {
                    in_head = 0;
                } else if is_block(name) {
                    out.finish();
                }
            }
            Token::Text { text } if furniture.is_none() && in_head == 0 => {
                out.text.push_str(text);
                if links > 0 {
                    out.linked += text.trim().len();
                }
            }
            Token::Text { .. } => {}
        }
    }
    out.finish();
    out.markup
}

/// Paragraphs being written.
struct Paragraphs {
    markup: String,
    /// The open paragraph, its references as they are.
    text: String,
    /// Bytes of it that are links.
    linked: usize,
}

impl Paragraphs {
    /// Ends the paragraph. A short one that is mostly links is a menu and is left out.
    fn finish(&mut self) {
        let text = self.text.trim();
        let menu = self.linked * 10 > text.len() * 7 && text.len() < 200;
        if !text.is_empty() && !menu {
            self.markup.push_str("<p>");
            // A `<` that starts no tag came through as text.
            self.markup.push_str(&text.replace('<', "&lt;"));
            self.markup.push_str("</p>\n");
        }
        self.text.clear();
        self.linked = 0;
    }
}
