//! What holds for any bytes: no panic, clean and bounded output, and the same again for the same.

use proptest::prelude::*;

use super::{Context, Document, Feed, Kind, filing, html, items, opml, read, readable};
use crate::domain::outlet::Outlets;
use crate::domain::text::{DisplayText, TEXT_BYTES, TITLE_CHARS};
use crate::domain::time::Timestamp;

const NOW: Timestamp = Timestamp(1_772_500_000);

/// Pieces of documents, whole and broken.
const PIECES: &[&str] = &[
    "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>",
    "<rss version=\"2.0\">",
    "<rss>",
    "<channel>",
    "</channel>",
    "</rss>",
    "<feed xmlns=\"http://www.w3.org/2005/Atom\">",
    "</feed>",
    "<entry>",
    "</entry>",
    "<item>",
    "</item>",
    "<item",
    "</item",
    "<title>",
    "</title>",
    "<title type=\"xhtml\"><div>",
    "<link>https://a.example/1</link>",
    "<link href=\"/x\" rel='alternate'/>",
    "<guid isPermaLink=\"false\">1</guid>",
    "<guid>",
    "</guid>",
    "<pubDate>Fri, 27 Feb 2026 09:05:00 EST</pubDate>",
    "<updated>",
    "</updated>",
    "2026-02-30T25:61:61Z",
    "<description>",
    "</description>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<!DOCTYPE r [<!ENTITY a \"b\">]>",
    "<!DOCTYPE",
    "&a;",
    "&",
    "&#27;",
    "&#x1F600;",
    "&#xD800;",
    "&nbsp;",
    "<",
    ">",
    "\"",
    "'",
    "<br>",
    "<p>",
    "</p>",
    "<script>",
    "</script>",
    "xml:base=\"http://b.example/\"",
    "<a xml:base='c'>",
    "text",
    "\u{1b}[31m",
    "\u{202e}",
    "e\u{301}\u{301}",
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">",
    "<?",
    "?>",
    "<a b=\"",
    "{",
    "}",
    "[",
    "]",
    "{\"items\":[",
    "{\"id\":1,\"title\":\"t\"}",
    "\"version\":\"https://jsonfeed.org/version/1\"",
    ",",
    ":",
    "{\"hits\":{\"hits\":[",
    "{\"articles\":[",
    "\"\\ud800\"",
    "null",
    "1e999",
    "<outline xmlUrl=\"http://a.example\"/>",
    "<opml>",
    "<author>a@x.example（日本）</author>",
    "<itunes:duration>99999999999999999999999</itunes:duration>",
    "<table><tr><td>1<td>2",
    "<media:group><media:title>m</media:title></media:group>",
    "<source url=\"https://s.example\">S</source>",
    "\0",
    "\u{fffe}",
];

fn document() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..60)
        .prop_map(|pieces| pieces.concat().into_bytes());
    let rooted = prop::collection::vec(prop::sample::select(PIECES), 0..60)
        .prop_map(|pieces| format!("<rss version=\"2.0\"><channel>{}", pieces.concat()).into_bytes());
    let bytes = prop::collection::vec(any::<u8>(), 0..300);
    // A document in pieces, with a few of its bytes changed.
    let spoilt =
        (rooted.clone().boxed(), prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8))
            .prop_map(|(mut bytes, changes)| {
                for (at, byte) in changes {
                    if let Some(place) = bytes.len().checked_sub(1).map(|_| at.index(bytes.len())) {
                        bytes[place] = byte;
                    }
                }
                bytes
            });
    prop_oneof![pieces, rooted, bytes, spoilt]
}

fn as_document(bytes: &[u8]) -> Document<'_> {
    Document { bytes, content_type: None, base_url: Some("https://base.example/feed") }
}

/// Everything that a feed gives to show is clean, within its limits, and unchanged by cleaning.
fn assert_clean(feed: &Feed) {
    for entry in &feed.entries {
        for text in [&entry.summary, &entry.content].into_iter().flatten() {
            assert!(text.len() <= TEXT_BYTES);
            assert_eq!(&DisplayText::block(text, TEXT_BYTES), text);
        }
        if let Some(title) = &entry.title {
            assert_eq!(&DisplayText::line(title, TITLE_CHARS), title);
        }
        if let Some(link) = &entry.link {
            assert!(link.starts_with("http"), "{link}");
            assert_eq!(DisplayText::line(link, usize::MAX).as_str(), link);
        }
        assert!(entry.categories.len() <= 32);
    }
}

proptest! {
    #[test]
    fn any_bytes_give_clean_entries_or_an_explanation(bytes in document()) {
        match read(&as_document(&bytes)) {
            Ok(feed) => {
                assert_clean(&feed);
                prop_assert_eq!(read(&as_document(&bytes)).unwrap(), feed);
            }
            Err(unreadable) => {
                let words = unreadable.to_string();
                prop_assert!(words.chars().count() <= 200, "{}", words);
                let clean = DisplayText::line(&words, 200);
                prop_assert_eq!(clean.as_str(), words);
            }
        }
    }

    #[test]
    fn items_are_unique_dated_within_reason_and_the_same_at_every_poll(bytes in document()) {
        let Ok(feed) = read(&as_document(&bytes)) else { return Ok(()) };
        let outlets = Outlets::default();
        let context = Context { feed_id: "f", tier: None, outlets: &outlets, now: NOW };
        let first = items(&feed, &context);
        let mut keys: Vec<_> = first.iter().map(|item| &item.key).collect();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), first.len());
        for item in &first {
            prop_assert!(item.published.is_none_or(|at| at.0 > 0 && at.0 <= NOW.0 + 86_400));
            prop_assert!(item.guid.len() <= 1024);
        }
        let later = Context { now: NOW.plus(3600), ..context };
        let again: Vec<_> = items(&feed, &later).into_iter().map(|item| item.key).collect();
        prop_assert_eq!(again, first.into_iter().map(|item| item.key).collect::<Vec<_>>());
    }

    #[test]
    fn other_documents_never_panic(bytes in document()) {
        if let Ok(page) = readable(&as_document(&bytes)) {
            prop_assert_eq!(DisplayText::block(&page.text, TEXT_BYTES), page.text);
        }
        if let Ok(list) = opml::read(&bytes) {
            prop_assert!(list.feeds.iter().all(|feed| feed.url.starts_with("http")));
        }
        prop_assert!(filing::documents(&as_document(&bytes)).iter().all(|document| document.url.starts_with("http")));
    }

    #[test]
    fn a_well_formed_entry_comes_out_as_it_went_in(
        title in "[a-zA-Z0-9$%,.&<>'\" éüß語—]{1,60}",
        id in "[!-~é]{1,40}",
        path in "[a-z0-9/_-]{0,30}",
        at in 0i64..4_000_000_000,
    ) {
        let escape = |text: &str| quick_xml::escape::escape(text).into_owned();
        let link = format!("https://a.example/{path}");
        let date = Timestamp(at);
        // What looks like a tag in a title is markup to every feed reader.
        let title = title.replace('<', "< ");
        let text = format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><title type=\"html\">{}</title><id>{}</id><link href=\"{link}\"/>\
             <published>{date}</published></entry></feed>",
            escape(&escape(&title)), escape(&id),
        );
        let feed = read(&as_document(text.as_bytes())).unwrap();
        prop_assert_eq!(feed.kind, Kind::Atom);
        prop_assert_eq!(feed.repairs.len(), 0, "{:?}", feed.repairs);
        let entry = &feed.entries[0];
        prop_assert_eq!(entry.title.clone().unwrap_or_default(), DisplayText::line(&title, TITLE_CHARS));
        prop_assert_eq!(entry.id.as_deref(), Some(id.as_str()));
        prop_assert_eq!(entry.link.as_deref(), Some(link.as_str()));
        prop_assert_eq!(entry.published, Some(date));
    }

    #[test]
    fn stripping_markup_twice_changes_nothing_but_entities(text in "[a-z <>/&;\"'=!-]{0,200}") {
        let once = html::text(&text);
        prop_assert!(once.len() <= text.len() * 2 + 2);
        let paragraph = html::line(&["<p>", &text, "</p>"].concat());
        prop_assert!(!paragraph.contains("</p>") || text.contains(['<', '"', '\'']));
    }
}

/// Nesting, floods and openings without an end, each large enough to fail if anything were quadratic or
/// recursive.
#[test]
fn large_and_deep_documents_are_read() {
    let many = |head: &str, part: &str, tail: &str| format!("{head}{}{tail}", part.repeat(100_000));
    let shapes = [
        many("<rss version=\"2.0\"><channel><item><title>t</title><link>https://a.example</link>", "<a>", ""),
        many(
            "<rss version=\"2.0\"><channel><item><title>t</title><link>https://a.example</link>",
            "<a b=\"",
            "",
        ),
        many("<rss version=\"2.0\"><channel>", "<item/>", "</channel></rss>"),
        many("<rss version=\"2.0\"><channel><item><title>", "<![CDATA[", ""),
        many("<rss version=\"2.0\"><channel><item><title>", "<!--", ""),
        many("<rss version=\"2.0\"><channel><item><title>", "&a;", "</title></item></channel></rss>"),
        many(
            "<rss version=\"2.0\"><channel><item><description>",
            "&lt;script&gt;",
            "</description></item></channel></rss>",
        ),
        many(
            "<rss version=\"2.0\"><channel><item><description>",
            "&lt;b &quot;",
            "</description></item></channel></rss>",
        ),
        many("<rss version=\"2.0\" ", "a=\"1\" ", "><channel/></rss>"),
        many("", "[", ""),
        many("{\"items\":[{\"title\":", "[", "]}]}"),
        many("<feed>", "<entry xml:base=\"a/\">", ""),
        many("<!DOCTYPE rss [", "<!ENTITY a \"b\">", "]><rss version=\"2.0\"><channel/></rss>"),
    ];
    for shape in shapes {
        let document = as_document(shape.as_bytes());
        if let Ok(feed) = read(&document) {
            assert_clean(&feed);
        }
        if let Ok(page) = readable(&document) {
            assert!(page.text.len() <= TEXT_BYTES);
        }
    }
}
