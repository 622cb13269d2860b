//! One feed of the archive as a document, in the format that it is served in.

use quick_xml::escape::escape;
use serde_json::{Value, json};

use super::archive::{DemoFeed, DemoItem, Format};
use crate::domain::time::Timestamp;

/// A feed as it stands: what a server would send.
pub(super) struct Rendered {
    /// The `Content-Type` header.
    pub(super) content_type: &'static str,
    /// The document, UTF-8.
    pub(super) body: String,
}

/// Writes `items` (newest first) as the document of `feed`.
pub(super) fn render<'a>(feed: &DemoFeed, items: impl Iterator<Item = &'a DemoItem>) -> Rendered {
    match feed.format {
        Format::Rss => {
            Rendered { content_type: "application/rss+xml; charset=utf-8", body: rss(feed, items) }
        }
        Format::Atom => {
            Rendered { content_type: "application/atom+xml; charset=utf-8", body: atom(feed, items) }
        }
        Format::Json => Rendered { content_type: "application/feed+json", body: json_feed(feed, items) },
    }
}

fn rss<'a>(feed: &DemoFeed, items: impl Iterator<Item = &'a DemoItem>) -> String {
    let entries: String = items.map(rss_item).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\n<channel>\n\
         <title>{}</title>\n<description>gigawatch demo</description>\n{entries}</channel>\n</rss>\n",
        escape(&feed.name)
    )
}

fn rss_item(item: &DemoItem) -> String {
    let text = item
        .text
        .as_deref()
        .map_or_else(String::new, |text| format!("<content:encoded>{}</content:encoded>\n", escape(text)));
    format!(
        "<item>\n<title>{}</title>\n<link>{}</link>\n<guid isPermaLink=\"false\">{}</guid>\n\
         <pubDate>{}</pubDate>\n<source url=\"{}\">{}</source>\n<description>{}</description>\n{text}</item>\n",
        escape(&item.title),
        escape(&item.url),
        escape(&item.id),
        rfc_2822(item.published),
        escape(host(&item.url)),
        escape(&item.outlet),
        escape(&item.summary),
    )
}

fn atom<'a>(feed: &DemoFeed, items: impl Iterator<Item = &'a DemoItem>) -> String {
    let entries: String = items.map(atom_entry).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <title>{}</title>\n<id>urn:gigawatch-demo:{}</id>\n{entries}</feed>\n",
        escape(&feed.name),
        escape(&feed.id)
    )
}

fn atom_entry(item: &DemoItem) -> String {
    let text = item
        .text
        .as_deref()
        .map_or_else(String::new, |text| format!("<content type=\"text\">{}</content>\n", escape(text)));
    format!(
        "<entry>\n<title>{}</title>\n<link href=\"{}\"/>\n<id>urn:gigawatch-demo:{}</id>\n\
         <published>{time}</published>\n<updated>{time}</updated>\n<author><name>{}</name></author>\n\
         <summary>{}</summary>\n{text}</entry>\n",
        escape(&item.title),
        escape(&item.url),
        escape(&item.id),
        escape(&item.outlet),
        escape(&item.summary),
        time = item.published,
    )
}

fn json_feed<'a>(feed: &DemoFeed, items: impl Iterator<Item = &'a DemoItem>) -> String {
    let items: Vec<Value> = items
        .map(|item| {
            let mut entry = json!({
                "id": item.id,
                "url": item.url,
                "title": item.title,
                "summary": item.summary,
                "date_published": item.published,
                "authors": [{ "name": item.outlet }],
            });
            if let Some(text) = &item.text {
                entry["content_text"] = json!(text);
            }
            entry
        })
        .collect();
    json!({ "version": "https://jsonfeed.org/version/1.1", "title": feed.name, "items": items }).to_string()
}

/// Scheme and host of an address: what `<source>` points at.
fn host(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url.get(start..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| start + at);
    url.get(..end).unwrap_or(url)
}

/// The date format of RSS.
fn rfc_2822(time: Timestamp) -> String {
    jiff::Timestamp::from_second(time.0)
        .ok()
        .and_then(|instant| jiff::fmt::rfc2822::to_string(&instant.to_zoned(jiff::tz::TimeZone::UTC)).ok())
        .unwrap_or_else(|| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::demo::archive::Archive;
    use crate::feed::{self, Document};

    #[test]
    fn every_feed_reads_back_as_it_was_archived() {
        let archive = Archive::embedded().unwrap();
        let end = archive.span().unwrap().1.end();
        for feed in &archive.feeds {
            let newest_first: Vec<&DemoItem> = archive.published(&feed.id, end).rev().collect();
            let document = render(feed, newest_first.iter().copied());
            let read = feed::read(&Document {
                bytes: document.body.as_bytes(),
                content_type: Some(document.content_type),
                base_url: None,
            })
            .unwrap();
            assert_eq!(read.repairs, [], "{}", feed.id);
            assert_eq!(read.entries.len(), newest_first.len(), "{}", feed.id);
            for (entry, item) in read.entries.iter().zip(&newest_first) {
                assert_eq!(entry.title.as_deref(), Some(item.title.as_str()));
                assert_eq!(entry.link.as_deref(), Some(item.url.as_str()));
                assert_eq!(entry.published, Some(item.published), "{}", item.id);
            }
        }
    }

    #[test]
    fn markup_in_a_text_stays_text() {
        let feed = DemoFeed {
            id: "f".into(),
            name: "R&D <news>".into(),
            format: Format::Rss,
            tier: crate::domain::outlet::Tier::C,
        };
        let item = DemoItem {
            feed: "f".into(),
            id: "1".into(),
            published: "2026-02-27T14:05:00Z".parse().unwrap(),
            outlet: "A&B".into(),
            url: "https://a.example/x?a=1&b=2".into(),
            title: "1 < 2 & 3".into(),
            summary: "]]>".into(),
            text: None,
        };
        let rss = render(&feed, std::iter::once(&item)).body;
        assert!(rss.contains("<title>1 &lt; 2 &amp; 3</title>"), "{rss}");
        assert!(rss.contains("<source url=\"https://a.example\">A&amp;B</source>"), "{rss}");
        assert!(rss.contains("<pubDate>Fri, 27 Feb 2026 14:05:00 +0000</pubDate>"), "{rss}");
    }
}
