//! The archive that the demo plays: items of real history in our own words, and the feeds that carry them.

use serde::Deserialize;

use crate::domain::outlet::Tier;
use crate::domain::time::{Day, Timestamp};

/// The embedded items, one JSON object a line, in order of publication.
const ITEMS: &str = include_str!("../../../config/demo/archive.jsonl");
/// The embedded feeds.
const FEEDS: &str = include_str!("../../../config/demo/feeds.toml");

/// In which of the three families of formats a feed is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    /// RSS 2.0.
    Rss,
    /// Atom 1.0.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

/// One feed of the archive.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DemoFeed {
    /// As items name it, and the last part of its path.
    pub(super) id: String,
    /// As shown.
    pub(super) name: String,
    /// How it is served.
    pub(super) format: Format,
    /// Tier for hosts that `outlets.toml` does not know.
    pub(super) tier: Tier,
}

/// One item of the archive.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DemoItem {
    /// The feed that carries it.
    pub(super) feed: String,
    /// The publisher's id.
    pub(super) id: String,
    /// When the demo's clock lets it appear.
    pub(super) published: Timestamp,
    /// Who carries it.
    pub(super) outlet: String,
    /// Its address: a real host, so that the outlet is known, and a path that leads nowhere.
    pub(super) url: String,
    /// Headline.
    pub(super) title: String,
    /// Teaser.
    pub(super) summary: String,
    /// The body, where the item is a document with an exhibit.
    #[serde(default)]
    pub(super) text: Option<String>,
}

/// Feeds and items.
#[derive(Clone, Debug)]
pub(super) struct Archive {
    /// In the order of `feeds.toml`.
    pub(super) feeds: Vec<DemoFeed>,
    /// In order of publication.
    items: Vec<DemoItem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeedList {
    feed: Vec<DemoFeed>,
}

impl Archive {
    /// The archive that is part of the program.
    pub(super) fn embedded() -> anyhow::Result<Self> {
        Self::read(FEEDS, ITEMS)
    }

    /// Reads a list of feeds (TOML) and of items (JSON Lines). Fails on a row that cannot be read, an item
    /// of an unknown feed, and items out of order.
    pub(super) fn read(feeds: &str, items: &str) -> anyhow::Result<Self> {
        let FeedList { feed: feeds } = toml::from_str(feeds)?;
        let mut read: Vec<DemoItem> = Vec::new();
        for (line, row) in items.lines().enumerate().filter(|(_, row)| !row.trim().is_empty()) {
            let item: DemoItem = serde_json::from_str(row)
                .map_err(|error| anyhow::anyhow!("archive.jsonl, line {}: {error}", line + 1))?;
            anyhow::ensure!(
                feeds.iter().any(|feed| feed.id == item.feed),
                "archive.jsonl, line {}: no feed `{}`",
                line + 1,
                item.feed
            );
            anyhow::ensure!(
                read.last().is_none_or(|last| last.published <= item.published),
                "archive.jsonl, line {}: out of order",
                line + 1
            );
            read.push(item);
        }
        Ok(Self { feeds, items: read })
    }

    /// What `feed` has published by `now`, oldest first.
    pub(super) fn published<'a>(
        &'a self,
        feed: &'a str,
        now: Timestamp,
    ) -> impl DoubleEndedIterator<Item = &'a DemoItem> {
        self.items.iter().filter(move |item| item.feed == feed && item.published <= now)
    }

    /// The days of the first and the last item; `None` for an empty archive.
    pub(super) fn span(&self) -> Option<(Day, Day)> {
        Some((self.items.first()?.published.day(), self.items.last()?.published.day()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_embedded_archive_is_whole() {
        let archive = Archive::embedded().unwrap();
        let (first, last) = archive.span().unwrap();
        assert_eq!((first.to_string().as_str(), last.to_string().as_str()), ("2025-09-04", "2026-10-01"));
        let ids: BTreeSet<_> = archive.items.iter().map(|item| (&item.feed, &item.id)).collect();
        assert_eq!(ids.len(), archive.items.len(), "an id is given twice within a feed");
        for format in [Format::Rss, Format::Atom, Format::Json] {
            assert!(archive.feeds.iter().any(|feed| feed.format == format), "{format:?}");
        }
        for feed in &archive.feeds {
            assert!(archive.published(&feed.id, last.end()).next().is_some(), "{} is empty", feed.id);
        }
        for item in &archive.items {
            assert!(item.url.starts_with("https://"), "{}", item.id);
            assert!(item.url.contains("/gigawatch-demo/"), "{} looks like a real page", item.url);
        }
    }

    #[test]
    fn nothing_is_published_before_its_time() {
        let archive = Archive::embedded().unwrap();
        let noon: Timestamp = "2026-02-27T14:07:00Z".parse().unwrap();
        for feed in &archive.feeds {
            assert!(archive.published(&feed.id, noon).all(|item| item.published <= noon));
        }
        assert!(archive.published("newswire", noon).any(|item| item.title.contains("Trainium")));
        assert!(archive.published("newswire", "2025-09-01".parse().unwrap()).next().is_none());
    }

    #[test]
    fn a_bad_archive_is_refused_with_its_line() {
        let row = |feed: &str, published: &str| {
            format!(
                r#"{{"feed":"{feed}","id":"1","published":"{published}","outlet":"O","url":"https://o","title":"T","summary":"S"}}"#
            )
        };
        let feeds = "[[feed]]\nid = \"a\"\nname = \"A\"\nformat = \"rss\"\ntier = \"C\"\n";
        let good = row("a", "2026-01-02");
        for (second, reason) in [
            (row("b", "2026-01-03"), "no feed `b`"),
            (row("a", "2026-01-01"), "out of order"),
            ("{".to_owned(), "line 2"),
        ] {
            let error = Archive::read(feeds, &format!("{good}\n{second}\n")).unwrap_err().to_string();
            assert!(error.contains(reason) && error.contains("line 2"), "{error}");
        }
    }
}
