//! Lists of feeds (OPML): reading takes http(s) addresses and nothing else, writing escapes everything.

use std::collections::HashSet;
use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::outcome::{NotFeed, Unreadable};
use super::salvage::attribute;
use super::{decode, link, repair};
use crate::domain::text::DisplayText;

/// The most feeds taken from one list.
const MAX_FEEDS: usize = 10_000;

/// The longest name of a feed or group, in characters.
const MAX_NAME: usize = 200;

/// One feed of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Its name, clean; its host where the list gives none.
    pub name: DisplayText,
    /// Its http(s) address, without credentials.
    pub url: String,
    /// The innermost folder that it stands in.
    pub group: Option<DisplayText>,
}

/// A list that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlines {
    /// The feeds, each address once, in the list's order.
    pub feeds: Vec<Outline>,
    /// Names of entries whose address is not http(s), or carries a password: never taken.
    pub refused: Vec<DisplayText>,
    known: HashSet<String>,
}

/// Reads a list of feeds. A document that is no such list, or names no feed at all, is [`Unreadable`].
pub fn read(bytes: &[u8]) -> Result<Outlines, Unreadable> {
    let mut repairs = Vec::new();
    let text = decode::decode(bytes, None, &mut repairs)?;
    let text = repair::repair(text.trim_start_matches('\u{feff}'), &mut repairs);
    let mut reader = Reader::from_str(&text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut list = Outlines::default();
    let mut folders: Vec<Option<DisplayText>> = Vec::new();
    let mut is_list = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) if is_outline(&tag) => {
                is_list = true;
                let folder = list.take(&tag, folders.iter().rev().flatten().next());
                if folders.len() < 256 {
                    folders.push(folder);
                }
            }
            Ok(Event::Empty(tag)) if is_outline(&tag) => {
                is_list = true;
                list.take(&tag, folders.iter().rev().flatten().next());
            }
            Ok(Event::End(tag)) if tag.local_name().as_ref().eq_ignore_ascii_case("outline") => {
                folders.pop();
            }
            Ok(Event::Start(tag) | Event::Empty(tag))
                if tag.local_name().as_ref().eq_ignore_ascii_case("opml") =>
            {
                is_list = true;
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    if !is_list {
        return Err(Unreadable::with(NotFeed::OtherXml, "not a list of feeds"));
    }
    if list.feeds.is_empty() && list.refused.is_empty() {
        return Err(Unreadable::with(NotFeed::FeedList, "it names no feed"));
    }
    Ok(list)
}

fn is_outline(tag: &BytesStart<'_>) -> bool {
    tag.local_name().as_ref().eq_ignore_ascii_case("outline")
}

impl Outlines {
    /// Takes an entry; returns its name where it is a folder.
    fn take(&mut self, tag: &BytesStart<'_>, folder: Option<&DisplayText>) -> Option<DisplayText> {
        let name =
            attribute(tag, "title").filter(|t| !t.trim().is_empty()).or_else(|| attribute(tag, "text"));
        let name = DisplayText::line(&name.unwrap_or_default(), MAX_NAME);
        let address = attribute(tag, "xmlurl").or_else(|| attribute(tag, "url"));
        let Some(address) = address else {
            return (!name.is_empty()).then_some(name);
        };
        let Some(url) = feed_url(&address) else {
            if self.refused.len() < MAX_FEEDS {
                let shown = if name.is_empty() { DisplayText::line(&address, MAX_NAME) } else { name };
                self.refused.push(shown);
            }
            return None;
        };
        if self.feeds.len() < MAX_FEEDS && self.known.insert(url.clone()) {
            let name = if name.is_empty() {
                let host = link::base(&url).and_then(|url| url.host_str().map(str::to_owned));
                DisplayText::line(&host.unwrap_or_default(), MAX_NAME)
            } else {
                name
            };
            self.feeds.push(Outline { name, url, group: folder.cloned() });
        }
        None
    }
}

/// The address as it may enter a configuration: http(s) with a host, no credentials, on one line.
fn feed_url(raw: &str) -> Option<String> {
    let raw = raw.trim();
    if raw.chars().any(char::is_control) {
        return None;
    }
    // Readers of old mark feeds with a scheme of their own.
    let raw = raw.strip_prefix("feed:").map_or_else(
        || raw.to_owned(),
        |rest| if rest.starts_with("//") { format!("http:{rest}") } else { rest.to_owned() },
    );
    let url = link::base(&raw)?;
    (url.username().is_empty() && url.password().is_none()).then(|| url.into())
}

/// Writes a list of feeds, grouped where they have groups.
pub fn write(title: &str, feeds: &[Outline]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n");
    push(&mut out, format_args!("  <head><title>{}</title></head>\n  <body>\n", escape(title)));
    let mut groups: Vec<Option<&DisplayText>> = Vec::new();
    for feed in feeds {
        if !groups.contains(&feed.group.as_ref()) {
            groups.push(feed.group.as_ref());
        }
    }
    for group in groups {
        let indent = if let Some(group) = group {
            push(&mut out, format_args!("    <outline text=\"{}\">\n", escape(group)));
            "      "
        } else {
            "    "
        };
        for feed in feeds.iter().filter(|feed| feed.group.as_ref() == group) {
            let (name, url) = (escape(&feed.name), escape(&feed.url));
            push(
                &mut out,
                format_args!("{indent}<outline type=\"rss\" text=\"{name}\" xmlUrl=\"{url}\"/>\n"),
            );
        }
        if group.is_some() {
            out.push_str("    </outline>\n");
        }
    }
    out.push_str("  </body>\n</opml>\n");
    out
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // A String takes everything.
    if out.write_fmt(text).is_err() {}
}

fn escape(text: &str) -> String {
    quick_xml::escape::escape(DisplayText::line(text, 4096).as_str()).into_owned()
}
