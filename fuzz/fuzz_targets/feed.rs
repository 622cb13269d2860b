//! Any bytes through decode, repair, parse and clean, and through the readers of pages and lists.
#![no_main]

use gigawatch::domain::outlet::Outlets;
use gigawatch::domain::text::{DisplayText, TEXT_BYTES, TITLE_CHARS};
use gigawatch::domain::time::Timestamp;
use gigawatch::feed::{self, Context, Document, filing, opml};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let document = Document { bytes, content_type: None, base_url: Some("https://base.example/feed") };
    match feed::read(&document) {
        Ok(feed) => {
            for entry in &feed.entries {
                if let Some(title) = &entry.title {
                    assert_eq!(&DisplayText::line(title, TITLE_CHARS), title);
                }
                for text in [&entry.summary, &entry.content].into_iter().flatten() {
                    assert_eq!(&DisplayText::block(text, TEXT_BYTES), text);
                }
            }
            let outlets = Outlets::default();
            let context = Context { feed_id: "fuzz", tier: None, outlets: &outlets, now: Timestamp(1_772_500_000) };
            let items = feed::items(&feed, &context);
            assert!(items.len() <= feed::MAX_ITEMS.min(feed.entries.len()));
        }
        Err(unreadable) => assert!(unreadable.to_string().chars().count() <= 200),
    }
    if let Ok(page) = feed::readable(&document) {
        assert!(page.text.len() <= TEXT_BYTES);
    }
    if let Ok(list) = opml::read(bytes) {
        assert!(list.feeds.iter().all(|feed| feed.url.starts_with("http")));
    }
    filing::documents(&document);
});
