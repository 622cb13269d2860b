//! An entry in the making: of several elements that say the same thing, the one of the highest rank
//! counts. Of equals the first counts for texts and ids, the last for links and dates: publishers add
//! those when they correct themselves.

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use url::Url;

use super::date;
use super::entry::{Entry, Publisher, body, title};
use super::html;
use super::link;
use crate::domain::text::DisplayText;
use crate::domain::time::Timestamp;

/// How much an element's word counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank(u8);

impl Rank {
    pub(super) const TOP: Self = Self(5);
    pub(super) const HIGH: Self = Self(4);
    pub(super) const MIDDLE: Self = Self(3);
    pub(super) const LOW: Self = Self(2);
    pub(super) const LAST: Self = Self(1);
}

/// In which form a text construct carries its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The document does not say: HTML, as everybody writes.
    Unsaid,
    /// Plain text, though often it is HTML all the same.
    Plain,
    /// Escaped HTML.
    Escaped,
    /// Markup of the document itself.
    Markup,
    /// XML that is data, its elements no part of any text.
    Data,
    /// Base64, or bytes of some kind.
    Bytes,
}

impl Form {
    /// From the `type` and, in Atom 0.3, `mode` attributes.
    pub(super) fn of(kind: &str, mode: Option<&str>) -> Self {
        let kind = kind.trim().to_ascii_lowercase();
        match (kind.as_str(), mode.map(str::trim)) {
            (_, Some("base64")) => Self::Bytes,
            (_, Some("escaped")) | ("html" | "text/html", _) => Self::Escaped,
            ("xhtml" | "application/xhtml+xml", _) | ("", Some("xml")) => Self::Markup,
            ("xml" | "application/xml" | "text/xml", _) => Self::Data,
            ("" | "text" | "text/plain", _) => Self::Plain,
            (kind, _) if kind.ends_with("+xml") => Self::Data,
            // Any other kind of media is base64, says RFC 4287.
            (kind, _)
                if ["application/", "image/", "audio/", "video/"].iter().any(|top| kind.starts_with(top)) =>
            {
                Self::Bytes
            }
            _ => Self::Unsaid,
        }
    }

    /// One plain line of a text in this form.
    pub(super) fn line(self, text: &str) -> String {
        let decoded = if self == Self::Bytes { unpack(text) } else { None };
        let text = decoded.as_deref().unwrap_or(text);
        if html::is_plain(text) { text.to_owned() } else { html::line(text) }
    }

    fn text(self, text: String) -> String {
        let text = if self == Self::Bytes { unpack(&text).unwrap_or_default() } else { text };
        if html::is_plain(&text) { text } else { html::text(&text) }
    }
}

/// The text that base64 carries, if it is text.
fn unpack(text: &str) -> Option<String> {
    let packed: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    String::from_utf8(BASE64.decode(packed).ok()?).ok().filter(|text| !text.contains('\0'))
}

/// Base64 as publishers write it, padded or not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// An entry in the making.
#[derive(Default)]
pub(super) struct Draft {
    id: Option<(Rank, String)>,
    title: Option<(Rank, DisplayText)>,
    link: Option<(Rank, String)>,
    published: Option<(Rank, Timestamp)>,
    updated: Option<(Rank, Timestamp)>,
    summary: Option<(Rank, DisplayText)>,
    content: Option<(Rank, DisplayText)>,
    /// The publisher, where the entry names one.
    pub source: Option<Publisher>,
    categories: Vec<DisplayText>,
    odd_date: bool,
}

/// The most categories kept.
const MAX_CATEGORIES: usize = 32;

/// The longest id kept in full; identity of longer ones goes by their hash.
const MAX_ID: usize = 64 * 1024;

fn offer<T>(slot: &mut Option<(Rank, T)>, rank: Rank, value: Option<T>) {
    if let Some(value) = value
        && slot.as_ref().is_none_or(|(known, _)| *known < rank)
    {
        *slot = Some((rank, value));
    }
}

fn offer_last<T>(slot: &mut Option<(Rank, T)>, rank: Rank, value: Option<T>) {
    if let Some(value) = value
        && slot.as_ref().is_none_or(|(known, _)| *known <= rank)
    {
        *slot = Some((rank, value));
    }
}

impl Draft {
    pub(super) fn offer_id(&mut self, raw: &str, rank: Rank) {
        let id = raw.trim();
        offer(&mut self.id, rank, (!id.is_empty() && id.len() <= MAX_ID).then(|| id.to_owned()));
    }

    /// A guid is the id, and a link too unless it says that it is none.
    pub(super) fn offer_guid(&mut self, raw: &str, permalink: Option<bool>, base: Option<&Url>) {
        self.offer_id(raw, Rank::TOP);
        let is_address = link::base(raw).is_some();
        let rank = match permalink {
            Some(true) => Some(Rank::LOW),
            None if is_address || !raw.trim().contains(char::is_whitespace) => Some(Rank::LOW),
            // Said to be no link, and an address all the same: better than no link at all.
            Some(false) if is_address => Some(Rank::LAST),
            _ => None,
        };
        // The first guid is the entry's; what follows is a mistake.
        if let Some(rank) = rank
            && self.link.as_ref().is_none_or(|(known, _)| *known < rank)
        {
            self.offer_link(raw, rank, base);
        }
    }

    pub(super) fn offer_title(&mut self, plain: &str, rank: Rank) {
        offer(&mut self.title, rank, title(plain));
    }

    pub(super) fn offer_link(&mut self, raw: &str, rank: Rank, base: Option<&Url>) {
        if self.link.as_ref().is_none_or(|(known, _)| *known <= rank) {
            offer_last(&mut self.link, rank, link::resolve(raw, base));
        }
    }

    pub(super) fn offer_published(&mut self, raw: &str, rank: Rank) {
        let date = self.date(raw);
        offer_last(&mut self.published, rank, date);
    }

    pub(super) fn offer_updated(&mut self, raw: &str, rank: Rank) {
        let date = self.date(raw);
        offer_last(&mut self.updated, rank, date);
    }

    fn date(&mut self, raw: &str) -> Option<Timestamp> {
        let date = date::parse(raw);
        self.odd_date |= date.is_some() && !date::is_standard(raw);
        date
    }

    pub(super) fn offer_summary(&mut self, raw: String, form: Form, rank: Rank) {
        if self.summary.as_ref().is_none_or(|(known, _)| *known < rank) {
            offer(&mut self.summary, rank, body(&form.text(raw)));
        }
    }

    pub(super) fn offer_content(&mut self, raw: String, form: Form, rank: Rank) {
        if form == Form::Data {
            // The numbers and codes of a record are better than no text, but no article.
            self.offer_summary(raw, Form::Markup, Rank::LAST);
        } else if self.content.as_ref().is_none_or(|(known, _)| *known < rank) {
            offer(&mut self.content, rank, body(&form.text(raw)));
        }
    }

    pub(super) fn offer_category(&mut self, raw: &str) {
        if self.categories.len() < MAX_CATEGORIES
            && let Some(category) = title(raw)
            && !self.categories.contains(&category)
        {
            self.categories.push(category);
        }
    }

    /// Whether what was read so far says which entry it is.
    pub(super) fn is_identified(&self) -> bool {
        self.title.is_some() && (self.link.is_some() || self.id.is_some())
    }

    /// The entry, and whether one of its dates had a form of its own.
    pub(super) fn finish(self) -> (Entry, bool) {
        let summary = self.summary.map(|(_, text)| text);
        let content = self.content.map(|(_, text)| text);
        // One text is the summary, whatever it was called.
        let (summary, content) = match (summary, content) {
            (None, content) => (content, None),
            (summary, content) if summary == content => (summary, None),
            both => both,
        };
        let entry = Entry {
            id: self.id.map(|(_, id)| id),
            title: self.title.map(|(_, title)| title),
            link: self.link.map(|(_, link)| link),
            published: self.published.map(|(_, date)| date),
            updated: self.updated.map(|(_, date)| date),
            summary,
            content,
            source: self
                .source
                .filter(|source| !source.name.is_empty() || source.url.is_some())
                .map(Box::new),
            categories: self.categories,
        };
        (entry, self.odd_date)
    }
}
