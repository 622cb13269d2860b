//! One entry of a feed, cleaned.

use serde::{Deserialize, Serialize};

use super::outlet::Tier;
use super::text::DisplayText;
use super::time::Timestamp;

/// The stable identity of an item within its feed: 16 hexadecimal bytes of a SHA-256 over the feed and
/// the best identity that the publisher gives (guid, else canonical link, else title and text).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemKey(pub String);

/// One feed entry as stored and tagged. All text is clean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Stable identity.
    pub key: ItemKey,
    /// The id of the feed that it came from (`import` for imported items).
    pub feed: String,
    /// The publisher's own id, verbatim; empty where there is none. Never shown.
    pub guid: String,
    /// Canonical http(s) link, if there is one.
    pub url: Option<String>,
    /// Headline.
    pub title: DisplayText,
    /// Summary or teaser as plain text.
    pub summary: DisplayText,
    /// Readable text of the linked page, where it was fetched.
    pub text: Option<DisplayText>,
    /// The outlet's name as shown.
    pub outlet: DisplayText,
    /// The outlet's tier: by link host or `<source>`, else the feed's, else `E`.
    pub tier: Tier,
    /// When the publisher says that it was published; `None` where it says nothing usable.
    pub published: Option<Timestamp>,
    /// When it was first seen here.
    pub first_seen: Timestamp,
}

impl Item {
    /// The time to sort and date by: publication, never later than first seen.
    pub fn at(&self) -> Timestamp {
        self.published.map_or(self.first_seen, |published| published.min(self.first_seen))
    }
}
