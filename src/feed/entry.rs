//! What a feed document holds, as read.

use serde::Serialize;

use crate::domain::text::{DisplayText, TEXT_BYTES, TITLE_CHARS};
use crate::domain::time::Timestamp;

use super::Repair;

/// The form that a document turned out to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// RSS 0.91 to 2.0.
    Rss,
    /// RSS 0.9, 1.0 or 1.1 in RDF.
    Rdf,
    /// Atom 0.3 or 1.0.
    Atom,
    /// Channel Definition Format, the oldest of them.
    Cdf,
    /// JSON Feed 1.0 or 1.1.
    JsonFeed,
    /// Hacker News search by Algolia.
    HackerNews,
    /// An article list of the GDELT document API.
    Gdelt,
    /// SEC EDGAR full-text search.
    SecSearch,
}

impl Kind {
    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Rss => "RSS",
            Self::Rdf => "RSS in RDF",
            Self::Atom => "Atom",
            Self::Cdf => "CDF",
            Self::JsonFeed => "JSON Feed",
            Self::HackerNews => "Hacker News search",
            Self::Gdelt => "GDELT articles",
            Self::SecSearch => "SEC full-text search",
        }
    }
}

/// A document that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Its form.
    pub kind: Kind,
    /// Its own title.
    pub title: Option<DisplayText>,
    /// The page that it belongs to, http(s) only.
    pub link: Option<String>,
    /// Its entries in the document's order.
    pub entries: Vec<Entry>,
    /// How many entries stood beyond [`super::MAX_ENTRIES`].
    pub unread: usize,
    /// What had to be put right, each once.
    pub repairs: Vec<Repair>,
}

/// Who published an entry that another site carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publisher {
    /// The name as the feed gives it.
    pub name: DisplayText,
    /// The publisher's address, http(s) only.
    pub url: Option<String>,
}

/// One entry as read. Text is clean; the id is verbatim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The publisher's own id, byte for byte but for white space around it. Never to be shown raw.
    pub id: Option<String>,
    /// Headline as plain text, at most [`TITLE_CHARS`] characters.
    pub title: Option<DisplayText>,
    /// Link, resolved where that is possible. Only http, https, or relative where no base is known.
    pub link: Option<String>,
    /// When it was first published, as the publisher says.
    pub published: Option<Timestamp>,
    /// When it was last changed, as the publisher says.
    pub updated: Option<Timestamp>,
    /// Summary as plain text.
    pub summary: Option<DisplayText>,
    /// The full text where the feed carries it beside the summary, as plain text.
    pub content: Option<DisplayText>,
    /// The publisher, where the entry names another than the feed.
    pub source: Option<Box<Publisher>>,
    /// Categories (for filings, the form type among them), at most 32.
    pub categories: Vec<DisplayText>,
}

impl Entry {
    /// Nothing that could be shown or followed.
    pub fn is_blank(&self) -> bool {
        self.title.is_none() && self.link.is_none() && self.summary.is_none() && self.content.is_none()
    }
}

/// A headline from plain text; `None` where nothing is left of it.
pub(super) fn title(plain: &str) -> Option<DisplayText> {
    Some(DisplayText::line(plain, TITLE_CHARS)).filter(|text| !text.is_empty())
}

/// A body from plain text; `None` where nothing is left of it.
pub(super) fn body(plain: &str) -> Option<DisplayText> {
    Some(DisplayText::block(plain, TEXT_BYTES)).filter(|text| !text.is_empty())
}
