//! JSON documents: JSON Feed in its versions and bendings, and the answers of the APIs that deal news
//! comes from.

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;
use url::Url;

use super::answers::{gdelt_article, hacker_news_hit, sec_hit};
use super::draft::{Draft, Form, Rank};
use super::entry::{Entry, Feed, Kind, title};
use super::loose::Loose;
use super::outcome::{NotFeed, Repair, Unreadable, note};
use super::{html, link};

/// Reads a JSON document.
pub(super) fn read(text: &str, base_url: Option<&str>, mut repairs: Vec<Repair>) -> Result<Feed, Unreadable> {
    let mended = mend_escapes(text);
    if mended.is_some() {
        note(&mut repairs, Repair::JsonEscapes);
    }
    let text = mended.as_deref().unwrap_or(text);
    let mut document = Top::new(base_url.and_then(link::base));
    let mut reader = serde_json::Deserializer::from_str(text);
    let outcome = TopSeed(&mut document).deserialize(&mut reader);
    // A document that breaks off keeps the entries that came before the break. Anything may stand
    // behind a whole one but another value: lines of JSON are not a feed.
    let whole = outcome.is_ok();
    if whole
        && text
            .get(reader.into_iter::<IgnoredAny>().byte_offset()..)
            .is_some_and(|rest| rest.trim_start().starts_with('{'))
    {
        return Err(Unreadable::with(NotFeed::OtherJson, "several documents, one behind the other"));
    }
    if !whole {
        note(&mut repairs, Repair::CutShort);
    }
    document.into_feed(whole, repairs)
}

/// Replaces escapes of lone surrogates and raw control characters in strings, for which strict parsers
/// refuse the document.
fn mend_escapes(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let lone = lone_surrogates(bytes);
    let raw = bytes.iter().any(|b| *b < 0x20 && !matches!(b, b'\n' | b'\r' | b'\t')) || raw_breaks(bytes);
    if lone.is_empty() && !raw {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for at in lone {
        out.push_str(text.get(from..at).unwrap_or_default());
        out.push_str("\\ufffd");
        from = at + 6;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    if raw { Some(out.chars().map(|c| if c < ' ' { ' ' } else { c }).collect()) } else { Some(out) }
}

/// Positions of `\uD800` to `\uDFFF` escapes without their other half.
fn lone_surrogates(bytes: &[u8]) -> Vec<usize> {
    let mut lone = Vec::new();
    let mut at = 0;
    while let Some(step) = memchr::memchr(b'\\', bytes.get(at..).unwrap_or_default()) {
        at += step;
        let unit = |at: usize| {
            let hex = bytes.get(at..)?.strip_prefix(b"\\u")?.get(..4)?;
            u16::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()
        };
        match unit(at) {
            Some(0xd800..=0xdbff) if matches!(unit(at + 6), Some(0xdc00..=0xdfff)) => at += 12,
            Some(0xd800..=0xdfff) => {
                lone.push(at);
                at += 6;
            }
            _ => at += 2,
        }
    }
    lone
}

/// Whether a string has a line break or tab in it as it stands.
fn raw_breaks(bytes: &[u8]) -> bool {
    let mut inside = false;
    let mut escaped = false;
    for b in bytes {
        match b {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'\n' | b'\r' | b'\t' if inside => return true,
            _ => {}
        }
    }
    false
}

/// The outer members of a document.
struct Top {
    base: Option<Url>,
    version: String,
    title: Option<String>,
    home: Option<String>,
    error: Option<String>,
    /// The list that held the entries.
    list: Option<List>,
    entries: Vec<Entry>,
    unread: usize,
    /// Members of lists that were no objects.
    strays: usize,
    /// The members of an answer that has its list one level deeper.
    shape: Shape,
    repairs: Vec<Repair>,
}

/// Where entries were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    /// `items`
    Items,
    /// `hits` of Hacker News search.
    Hits,
    /// `hits.hits` of SEC full-text search.
    InnerHits,
    /// `articles` of GDELT.
    Articles,
    /// The document itself is a list.
    Bare,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Shape {
    jsonfeed: bool,
    null_list: bool,
}

impl Top {
    fn new(base: Option<Url>) -> Self {
        Self {
            base,
            version: String::new(),
            title: None,
            home: None,
            error: None,
            list: None,
            entries: Vec::new(),
            unread: 0,
            strays: 0,
            shape: Shape::default(),
            repairs: Vec::new(),
        }
    }

    fn take(&mut self, list: List, value: &Loose) {
        if !matches!(value, Loose::Members(_)) {
            self.strays += 1;
            return;
        }
        if self.entries.len() >= super::MAX_ENTRIES {
            self.unread += 1;
            return;
        }
        let base = self.base.as_ref();
        let (entry, odd) = match list {
            List::Items | List::Bare => json_feed_item(value, base, &mut self.repairs),
            List::Hits => hacker_news_hit(value),
            List::InnerHits => sec_hit(value),
            List::Articles => gdelt_article(value),
        };
        if odd {
            note(&mut self.repairs, Repair::Dates);
        }
        self.entries.push(entry);
    }

    fn into_feed(self, whole: bool, mut repairs: Vec<Repair>) -> Result<Feed, Unreadable> {
        let says_feed = self.version.contains("jsonfeed.org") || self.shape.jsonfeed;
        if self.entries.is_empty() {
            let broken = !whole || self.strays > 0 || self.shape.null_list;
            return match (&self.error, self.list) {
                (Some(error), _) => Err(Unreadable::with(NotFeed::ErrorAnswer, error)),
                (None, Some(List::Items)) if says_feed && !broken => Ok(self.feed(repairs)),
                (None, Some(List::Hits | List::InnerHits | List::Articles)) if !broken => {
                    Ok(self.feed(repairs))
                }
                _ if says_feed => Err(Unreadable::new(NotFeed::Broken)),
                _ => Err(Unreadable::new(NotFeed::OtherJson)),
            };
        }
        if self.strays > 0 || (matches!(self.list, Some(List::Items | List::Bare)) && !says_feed) {
            note(&mut repairs, Repair::JsonShape);
        }
        if self.unread > 0 {
            note(&mut repairs, Repair::TooManyEntries);
        }
        Ok(self.feed(repairs))
    }

    fn feed(self, mut repairs: Vec<Repair>) -> Feed {
        for repair in self.repairs {
            note(&mut repairs, repair);
        }
        let kind = match self.list {
            Some(List::Hits) => Kind::HackerNews,
            Some(List::InnerHits) => Kind::SecSearch,
            Some(List::Articles) => Kind::Gdelt,
            Some(List::Items | List::Bare) | None => Kind::JsonFeed,
        };
        Feed {
            kind,
            title: self.title.as_deref().and_then(|raw| title(&html::line(raw))),
            link: self
                .home
                .as_deref()
                .and_then(|raw| link::resolve(raw, self.base.as_ref()))
                .filter(|l| link::base(l).is_some()),
            entries: self.entries,
            unread: self.unread,
            repairs,
        }
    }
}

/// Reads the outer value into a [`Top`], so that what came before a break survives the error.
struct TopSeed<'t>(&'t mut Top);

impl<'de> DeserializeSeed<'de> for TopSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TopSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        ListSeed { top: self.0, list: List::Bare }.visit_seq(seq)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let top = self.0;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "version" => {
                    map.next_value::<Loose>()?.text().unwrap_or_default().clone_into(&mut top.version);
                }
                "title" => top.title = map.next_value::<Loose>()?.text().map(str::to_owned),
                "home_page_url" => top.home = map.next_value::<Loose>()?.text().map(str::to_owned),
                "feed_url" | "user_comment" => {
                    top.shape.jsonfeed = true;
                    map.next_value::<IgnoredAny>()?;
                }
                "error" | "errors" | "message" | "detail" | "fault" => {
                    let value: Loose = map.next_value()?;
                    let text =
                        value.text().or_else(|| value.text_of("message")).or_else(|| value.text_of("reason"));
                    top.error = text.map(str::to_owned).or(top.error.take());
                }
                "items" => map.next_value_seed(ListSeed { top, list: List::Items })?,
                "hits" => map.next_value_seed(ListSeed { top, list: List::Hits })?,
                "articles" => map.next_value_seed(ListSeed { top, list: List::Articles })?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Reads a list of entries, each as soon as it is whole.
struct ListSeed<'t> {
    top: &'t mut Top,
    list: List,
}

impl<'de> DeserializeSeed<'de> for ListSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ListSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of entries")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.top.shape.null_list = true;
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.top.strays += 1;
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.top.strays += 1;
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.top.strays += 1;
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.top.strays += 1;
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        self.top.strays += 1;
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.top.list = Some(self.list);
        while let Some(value) = seq.next_element::<Loose>()? {
            self.top.take(self.list, &value);
        }
        Ok(())
    }

    /// SEC search answers nest their list in an object of the same name.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { top, list } = self;
        while let Some(key) = map.next_key::<String>()? {
            if list == List::Hits && key == "hits" {
                map.next_value_seed(ListSeed { top, list: List::InnerHits })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// An item of JSON Feed 1.0 or 1.1, its members by any name they have been seen under.
fn json_feed_item(item: &Loose, base: Option<&Url>, repairs: &mut Vec<Repair>) -> (Entry, bool) {
    let mut draft = Draft::default();
    if let Some(id) = item.text_of("id").or_else(|| item.text_of("guid")) {
        draft.offer_id(id, Rank::TOP);
    }
    if let Some(text) = item.text_of("title") {
        draft.offer_title(&Form::Unsaid.line(text), Rank::TOP);
    }
    for (name, rank) in [
        ("url", Rank::TOP),
        ("external_url", Rank::MIDDLE),
        ("link", Rank::LOW),
        ("permalink", Rank::LOW),
        ("id", Rank::LAST),
    ] {
        let Some(raw) = item.text_of(name) else { continue };
        // An id is a link only when it is a whole address.
        if name == "id" && link::base(raw).is_none() {
            continue;
        }
        if matches!(name, "link" | "permalink") {
            note(repairs, Repair::JsonShape);
        }
        draft.offer_link(raw, rank, base);
    }
    for (name, rank) in [
        ("date_published", Rank::TOP),
        ("published", Rank::LOW),
        ("pubDate", Rank::LOW),
        ("date", Rank::LAST),
    ] {
        if let Some(raw) = item.text_of(name) {
            draft.offer_published(raw, rank);
        }
    }
    for (name, rank) in [("date_modified", Rank::TOP), ("updated", Rank::LOW)] {
        if let Some(raw) = item.text_of(name) {
            draft.offer_updated(raw, rank);
        }
    }
    if let Some(summary) = item.text_of("summary").or_else(|| item.text_of("description")) {
        draft.offer_summary(summary.to_owned(), Form::Unsaid, Rank::TOP);
    }
    if let Some(text) = item.text_of("content_text") {
        draft.offer_content(text.to_owned(), Form::Plain, Rank::TOP);
    }
    if let Some(text) = item.text_of("content_html").or_else(|| item.text_of("content")) {
        draft.offer_content(text.to_owned(), Form::Escaped, Rank::MIDDLE);
    }
    for tag in item.member("tags").map(Loose::texts).unwrap_or_default() {
        draft.offer_category(tag);
    }
    draft.finish()
}
