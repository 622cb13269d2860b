//! What a text is: XML with a feed's root in it, JSON, or something that no feed reader should touch.

use memchr::memchr;

use super::names::local;
use super::outcome::{NotFeed, Unreadable};
use super::tag::tag_name;

/// A text that may hold a feed.
pub(super) enum Form<'a> {
    /// XML from the first thing that belongs to the feed on.
    Xml {
        /// The document, what stood before it left out.
        text: &'a str,
        /// Whether something that is not XML stood before it.
        junk: bool,
    },
    /// JSON.
    Json(&'a str),
}

/// How far a feed's root is looked for behind other text.
const JUNK_WINDOW: usize = 64 * 1024;

/// Tells what `text` is by its first element, not by what anybody says.
pub(super) fn sniff(text: &str) -> Result<Form<'_>, Unreadable> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\0' | '\u{feff}'));
    match text.as_bytes().first() {
        None => return Err(Unreadable::new(NotFeed::Empty)),
        Some(b'{' | b'[') => return Ok(Form::Json(text)),
        _ => {}
    }
    let Some(root) = first_root(text) else { return Err(no_markup(text)) };
    match root.role {
        Role::Feed => Ok(Form::Xml { text, junk: root.junk }.cut(root.at)),
        Role::Html => Err(web_page(text)),
        Role::List => Err(Unreadable::new(NotFeed::FeedList)),
        Role::Other => Err(Unreadable::with(NotFeed::OtherXml, root.name)),
    }
}

impl Form<'_> {
    /// Leaves out what stands before the root, but for declarations that define entities.
    fn cut(self, at: usize) -> Self {
        match self {
            Self::Xml { text, junk: true } => Self::Xml { text: text.get(at..).unwrap_or(text), junk: true },
            other => other,
        }
    }
}

struct Root<'a> {
    at: usize,
    name: &'a str,
    role: Role,
    junk: bool,
}

#[derive(PartialEq, Eq)]
enum Role {
    Feed,
    Html,
    List,
    Other,
}

fn role_of(name: &str) -> Role {
    match local(name).to_ascii_lowercase().as_str() {
        "rss" | "rdf" | "feed" | "entry" | "channel" | "item" => Role::Feed,
        "opml" => Role::List,
        "html" | "head" | "body" | "title" | "meta" | "script" | "div" | "p" | "h1" | "h2" | "table"
        | "a" | "center" | "form" | "img" | "link" | "style" | "br" | "b" | "font" | "span" | "pre" => {
            Role::Html
        }
        _ => Role::Other,
    }
}

/// The element that decides what the document is.
fn first_root(text: &str) -> Option<Root<'_>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut junk = !bytes.starts_with(b"<");
    let mut first: Option<Root<'_>> = None;
    while let Some(step) = memchr(b'<', bytes.get(at..)?) {
        at += step;
        let rest = text.get(at..)?;
        if rest.starts_with("<?") {
            at += rest.find("?>").map_or(2, |end| end + 2);
            continue;
        }
        if rest.starts_with("<!--") {
            at += rest.find("-->").map_or(4, |end| end + 3);
            continue;
        }
        if rest.starts_with("<!") {
            let open = rest.get(..rest.len().min(64)).unwrap_or_default().to_ascii_lowercase();
            if open.starts_with("<!doctype")
                && open.get(9..).is_some_and(|t| t.trim_start().starts_with("html"))
            {
                return first.or(Some(Root { at, name: "html", role: Role::Html, junk }));
            }
            at += super::repair::declaration_len(rest);
            continue;
        }
        let name = tag_name(rest.get(1..)?);
        if name.is_empty() {
            at += 1;
            continue;
        }
        let role = role_of(name);
        match role {
            Role::Feed if first.as_ref().is_none_or(|f| f.role != Role::Other) => {
                return Some(Root { at, name, role, junk: junk || first.is_some() });
            }
            // Warnings of a server script come in HTML; a whole page of it is a page.
            Role::Html if !matches!(local(name).to_ascii_lowercase().as_str(), "br" | "b" | "font" | "a") => {
                return first.or(Some(Root { at, name, role, junk }));
            }
            _ => {
                first.get_or_insert(Root { at, name, role, junk });
            }
        }
        junk = true;
        at += 1 + name.len();
        if at > JUNK_WINDOW {
            break;
        }
    }
    first
}

fn no_markup(text: &str) -> Unreadable {
    let head: String = text.chars().take(512).collect();
    let controls = head.chars().filter(|c| c.is_control() && !c.is_whitespace() || *c == '\u{fffd}').count();
    if controls * 10 > head.chars().count() {
        return Unreadable::new(NotFeed::Binary);
    }
    Unreadable::with(NotFeed::PlainText, &head)
}

/// A web page: a wall if it asks for something, else a page that may name its feed.
fn web_page(text: &str) -> Unreadable {
    const WALL: [&str; 14] = [
        "type=\"password\"",
        "type='password'",
        "type=password",
        "captcha",
        "just a moment",
        "challenge-platform",
        "cf-chl",
        "access denied",
        "verify you are human",
        "are you a robot",
        "enable javascript and cookies",
        "sign in",
        "log in",
        "wi-fi login",
    ];
    let head: String = text.chars().take(64 * 1024).collect();
    let lower = head.to_ascii_lowercase();
    let title = lower
        .find("<title")
        .and_then(|at| head.get(at..)?.split_once('>'))
        .and_then(|(_, rest)| rest.split("</").next())
        .map(super::html::line)
        .unwrap_or_default();
    if WALL.iter().any(|cue| lower.contains(cue)) {
        return Unreadable::with(NotFeed::Wall, &title);
    }
    match named_feed(&head, &lower) {
        Some(href) => Unreadable::with(NotFeed::WebPage, &format!("it names {href}")),
        None => Unreadable::with(NotFeed::WebPage, &title),
    }
}

/// The feed that a page names with `<link rel="alternate" type="application/rss+xml" href="…">`.
fn named_feed<'a>(page: &'a str, lower: &str) -> Option<&'a str> {
    let at = ["application/rss+xml", "application/atom+xml", "application/feed+json"]
        .iter()
        .filter_map(|kind| lower.find(kind))
        .min()?;
    let start = lower.get(..at)?.rfind("<link")?;
    let end = at + lower.get(at..)?.find('>')?;
    let href = start + lower.get(start..end)?.find("href=")? + 5;
    let value = page.get(href..end)?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}
