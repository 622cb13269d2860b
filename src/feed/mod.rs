//! Bytes to items: decode, repair, parse, salvage. Pure.
//!
//! [`read`] takes a document as it came from a server and gives every entry in it, clean, with the
//! names of what had to be repaired. [`items()`] turns entries into [`crate::domain::item::Item`]s: stable
//! keys, canonical links, dates that cannot bend the list.
//!
//! ```text
//! bytes ─ decode ─ sniff ┬─ repair ─┬─ feed-rs (contained) ─┬─ choose ─▶ Feed ─ items ─▶ Vec<Item>
//!                        │          └─ salvage (quick-xml) ─┘              ▲
//!                        └─ json ──────────────────────────────────────────┘
//! ```
//!
//! feed-rs is the parser; the salvage reader walks the same text, forgives everything, and tells when
//! feed-rs refused a document, panicked on it or quietly lost part of it. Nothing here panics, and no
//! document takes more than linear time.

mod answers;
mod collect;
mod date;
mod decode;
mod draft;
mod entry;
pub mod filing;
mod given;
mod html;
mod items;
mod json;
mod link;
mod loose;
mod markup;
mod names;
pub mod opml;
mod outcome;
#[cfg(test)]
mod properties;
mod readable;
mod repair;
mod salvage;
mod sniff;
mod tag;

pub use entry::{Entry, Feed, Kind, Publisher};
pub use given::parser_contained;
pub use items::{Context, MAX_ITEMS, items};
pub use outcome::{NotFeed, Repair, Unreadable};
pub use readable::{Readable, readable};

/// The most entries read from one document; the rest are counted in [`Feed::unread`].
pub const MAX_ENTRIES: usize = 100_000;

/// A document as a server sent it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Document<'a> {
    /// The body, with any content-coding removed.
    pub bytes: &'a [u8],
    /// The `Content-Type` header, where there was one.
    pub content_type: Option<&'a str>,
    /// The address that it was fetched from, after redirects: what relative links are relative to.
    pub base_url: Option<&'a str>,
}

/// Reads a feed document: RSS of every version, RDF, Atom 0.3 and 1.0, JSON Feed, and the JSON answers
/// of Hacker News search, GDELT and SEC full-text search.
///
/// Every entry is given as read, in the document's order. Whatever had to be put right on the way is
/// named in [`Feed::repairs`]. A document without one readable entry that is no feed either is an
/// [`Unreadable`], which says what it is and what to do about it.
pub fn read(document: &Document<'_>) -> Result<Feed, Unreadable> {
    let mut repairs = Vec::new();
    let text = decode::decode(document.bytes, document.content_type, &mut repairs)?;
    match sniff::sniff(&text)? {
        sniff::Form::Json(text) => json::read(text, document.base_url, repairs),
        sniff::Form::Xml { text, junk } => {
            if junk {
                repairs.push(Repair::JunkBeforeRoot);
            }
            let text = repair::repair(text, &mut repairs);
            let salvaged = salvage::read(&text, document.base_url);
            given::choose(&text, salvaged, document.base_url, repairs)
        }
    }
}
