//! feed-rs, contained: its panics are outcomes, its answer is held against what the salvage reader
//! found in the same text, and the better of both is kept, field by field.

use std::cell::Cell;
use std::cmp::Ordering;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, Utc};

use super::entry::{Entry, Feed, title};
use super::outcome::{NotFeed, Repair, Unreadable, note};
use super::salvage::Salvaged;
use super::{date, html, link};
use crate::domain::text::DisplayText;
use crate::domain::time::Timestamp;

/// feed-rs builds a whole document in memory before it answers, and keeps a base address for every
/// open element: beyond this many entries, and below absurd nesting, the salvage reader works alone.
const MAX_GIVEN_ENTRIES: usize = 5_000;

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside a contained call to the feed parser. A panic hook asks, and stays
/// silent: such a panic is an outcome of one document and reported as that.
pub fn parser_contained() -> bool {
    CONTAINED.get()
}

/// What feed-rs made of a document.
enum Given {
    Feed(Box<feed_rs::model::Feed>),
    Refused,
    Panicked,
    NotAsked,
}

fn ask(text: &str, base_url: Option<&str>, salvaged: &Salvaged) -> Given {
    if salvaged.entries.len() > MAX_GIVEN_ENTRIES || salvaged.deep {
        return Given::NotAsked;
    }
    CONTAINED.set(true);
    let answer = catch_unwind(AssertUnwindSafe(|| {
        feed_rs::parser::Builder::new()
            .base_uri(base_url)
            .id_generator(|_, _, _| String::new())
            .timestamp_parser(timestamp)
            .build()
            .parse(text.as_bytes())
    }));
    CONTAINED.set(false);
    match answer {
        Ok(Ok(feed)) => Given::Feed(Box::new(feed)),
        Ok(Err(_)) => Given::Refused,
        Err(_) => Given::Panicked,
    }
}

fn timestamp(raw: &str) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(date::parse(raw)?.0, 0)
}

/// Asks feed-rs about `text` and joins its answer with what was salvaged from it.
pub(super) fn choose(
    text: &str,
    salvaged: Salvaged,
    base_url: Option<&str>,
    mut repairs: Vec<Repair>,
) -> Result<Feed, Unreadable> {
    let answer = ask(text, base_url, &salvaged);
    let mut entries = salvaged.entries;
    let mut feed_title = salvaged.title;
    let mut substance = salvaged.substance;
    match answer {
        Given::Feed(given) => {
            substance |= !given.entries.is_empty();
            feed_title = feed_title.or_else(|| given.title.as_ref().map(|text| html::line(&text.content)));
            match given.entries.len().cmp(&entries.len()) {
                Ordering::Equal => {
                    for (entry, given) in entries.iter_mut().zip(given.entries) {
                        complete(entry, given, &mut repairs);
                    }
                }
                Ordering::Greater => entries = given.entries.into_iter().map(from_given).collect(),
                Ordering::Less => note(&mut repairs, Repair::LostEntries),
            }
        }
        Given::Refused if entries.is_empty() => {}
        Given::Refused => note(&mut repairs, Repair::Salvaged),
        Given::Panicked => note(&mut repairs, Repair::ParserPanic),
        Given::NotAsked => {}
    }
    for repair in salvaged.repairs {
        note(&mut repairs, repair);
    }
    if salvaged.unread > 0 {
        note(&mut repairs, Repair::TooManyEntries);
    }
    if entries.is_empty() && !substance {
        return Err(Unreadable::new(NotFeed::Broken));
    }
    Ok(Feed {
        kind: salvaged.kind,
        title: feed_title.as_deref().and_then(title),
        link: salvaged.link.filter(|link| link::base(link).is_some()),
        entries,
        unread: salvaged.unread,
        repairs,
    })
}

/// Fills what the salvage reader did not find from feed-rs's entry, and notes where feed-rs lost or
/// cut something that the salvage reader has.
fn complete(entry: &mut Entry, given: feed_rs::model::Entry, repairs: &mut Vec<Repair>) {
    let given_title = given_title(&given);
    if entry.title.is_some() && entry.title != given_title {
        note(repairs, Repair::Titles);
    }
    entry.title = entry.title.take().or(given_title);
    match &entry.link {
        Some(_) if given.links.is_empty() => note(repairs, Repair::Links),
        Some(_) => {}
        None => entry.link = given_link(&given),
    }
    entry.id = entry.id.take().or_else(|| given_id(&given));
    // feed-rs copies one date to the other; what it says counts only where there is none at all.
    if entry.published.is_none() && entry.updated.is_none() {
        entry.published = given.published.map(seconds);
        entry.updated = given.updated.filter(|_| given.published.is_none()).map(seconds);
    }
    if entry.summary.is_none() {
        entry.summary = given_text(given);
    }
}

/// An entry in feed-rs's words.
fn from_given(given: feed_rs::model::Entry) -> Entry {
    Entry {
        id: given_id(&given),
        title: given_title(&given),
        link: given_link(&given),
        published: given.published.map(seconds),
        updated: given.updated.filter(|updated| given.published != Some(*updated)).map(seconds),
        summary: given_text(given),
        ..Entry::default()
    }
}

fn seconds(date: DateTime<Utc>) -> Timestamp {
    Timestamp(date.timestamp())
}

fn given_id(given: &feed_rs::model::Entry) -> Option<String> {
    Some(given.id.trim().to_owned()).filter(|id| !id.is_empty())
}

fn given_title(given: &feed_rs::model::Entry) -> Option<DisplayText> {
    let raw = &given.title.as_ref()?.content;
    if html::is_plain(raw) { title(raw) } else { title(&html::line(raw)) }
}

fn given_link(given: &feed_rs::model::Entry) -> Option<String> {
    let found = given.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"))?;
    link::resolve(&found.href, None)
}

fn given_text(given: feed_rs::model::Entry) -> Option<DisplayText> {
    let text =
        given.summary.map(|text| text.content).or_else(|| given.content.and_then(|content| content.body))?;
    super::entry::body(&html::text(&text))
}
