//! Whole documents in the forms that servers send, through the public face of the feed room.

use gigawatch::domain::outlet::{Outlet, Outlets, Tier};
use gigawatch::domain::text::DisplayText;
use gigawatch::domain::time::Timestamp;
use gigawatch::feed::{self, Context, Document, Feed, Kind, NotFeed, Repair, filing, opml};

fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/feeds/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap()
}

fn read(name: &str) -> Feed {
    let bytes = fixture(name);
    let document =
        Document { bytes: &bytes, content_type: None, base_url: Some("https://base.example/feed") };
    feed::read(&document).unwrap()
}

fn items(feed: &Feed, outlets: &Outlets) -> Vec<gigawatch::domain::item::Item> {
    let now = "2026-03-03T00:00:00Z".parse().unwrap();
    feed::items(feed, &Context { feed_id: "f", tier: Some(Tier::D), outlets, now })
}

/// Title, link and date of every entry, a line each.
fn lines(feed: &Feed) -> Vec<String> {
    let show = |text: Option<&str>| text.unwrap_or("-").to_owned();
    feed.entries
        .iter()
        .map(|entry| {
            let date = entry.published.or(entry.updated).map(|date| date.to_string());
            format!(
                "{} | {} | {}",
                show(entry.title.as_deref()),
                show(entry.link.as_deref()),
                show(date.as_deref())
            )
        })
        .collect()
}

#[test]
fn newsroom_rss_gives_text_without_markup_and_links_without_tracking() {
    let feed = read("newsroom.rss");
    assert_eq!(feed.kind, Kind::Rss);
    assert_eq!(feed.title.as_deref(), Some("Example Cloud Newsroom"));
    // The second entry's link is its guid.
    assert_eq!(feed.repairs, [Repair::Links]);
    assert_eq!(
        lines(&feed),
        [
            "Example Cloud and Lab One extend their capacity agreement to $38 billion | \
             https://news.cloud.example/2026/02/lab-one?utm_source=rss&utm_medium=feed&id=7 | 2026-02-27T14:05:00Z",
            "R&D note: why tokens cost less | https://news.cloud.example/2026/02/tokens | 2026-02-20T08:00:00Z",
        ]
    );
    let items = items(&feed, &Outlets::default());
    assert_eq!(items[0].url.as_deref(), Some("https://news.cloud.example/2026/02/lab-one?id=7"));
    assert_eq!(items[0].guid, "release-7");
    assert_eq!(items[0].summary.as_str(), "Lab One commits to 2–3 GW.");
    assert_eq!(items[0].text.as_deref(), Some("Lab One commits to 2–3 GW.\n\nFirst racks: Q3 2026."));
    assert_eq!((items[0].outlet.as_str(), items[0].tier), ("news.cloud.example", Tier::D));
}

#[test]
fn sec_company_feed_is_read_although_its_content_has_a_type_of_its_own() {
    let feed = read("sec-company.atom");
    let filing = &feed.entries[0];
    assert_eq!(feed.kind, Kind::Atom);
    assert_eq!(filing.title.as_deref(), Some("8-K - Current report"));
    assert_eq!(filing.id.as_deref(), Some("urn:tag:sec.gov,2008:accession-number=0000999001-26-000012"));
    assert_eq!(filing.updated, Some("2026-02-27T21:31:07Z".parse().unwrap()));
    assert_eq!(filing.categories[0].as_str(), "8-K");
    assert!(filing.link.as_deref().unwrap().ends_with("0000999001-26-000012-index.htm"));
    assert_eq!(filing.summary.as_deref(), Some("Filed: 2026-02-27 AccNo: 0000999001-26-000012 Size: 1 MB"));
    assert_eq!(filing.content, None);
    let items = items(&feed, &Outlets::default());
    assert_eq!(items[0].title.as_str(), "EXAMPLE CLOUD INC: 8-K - Current report", "whose it is");
}

#[test]
fn sec_current_filings_keep_company_and_item() {
    let feed = read("sec-current.atom");
    assert_eq!(feed.entries[0].title.as_deref(), Some("8-K - EXAMPLE CLOUD INC (0000999001) (Filer)"));
    assert!(feed.entries[0].summary.as_deref().unwrap().contains("Material Definitive Agreement"));
    assert_eq!(feed.entries[0].published.or(feed.entries[0].updated), Some(Timestamp(1_772_227_867)));
}

#[test]
fn sec_search_hit_leads_to_the_document() {
    let feed = read("sec-search.json");
    assert_eq!(feed.kind, Kind::SecSearch);
    assert_eq!(
        lines(&feed),
        ["EXAMPLE CLOUD INC: 8-K, EX-99.1 (PRESS RELEASE) | \
          https://www.sec.gov/Archives/edgar/data/999001/000099900126000012/ex991.htm | 2026-02-27T00:00:00Z"]
    );
    let categories: Vec<&str> = feed.entries[0].categories.iter().map(DisplayText::as_str).collect();
    assert_eq!(categories, ["8-K", "EX-99.1", "item 1.01", "item 9.01"]);
}

#[test]
fn google_news_names_the_publisher_and_its_links_are_no_identity() {
    let outlets = Outlets::new([(
        "ledger.example".to_owned(),
        Outlet { name: "The Daily Ledger".to_owned(), tier: Tier::C, fetch_text: false },
    )]);
    let mut feed = read("google-news.rss");
    let first = items(&feed, &outlets);
    assert_eq!(first[0].title.as_str(), "Lab One talks to Example Cloud about its own chips");
    assert_eq!((first[0].outlet.as_str(), first[0].tier), ("The Daily Ledger", Tier::C));
    // Without a guid, a link that is made anew for each answer does not make a new item.
    for link in ["https://news.google.com/rss/articles/A?oc=5", "https://news.google.com/rss/articles/B?oc=5"]
    {
        feed.entries[0].id = None;
        feed.entries[0].link = Some(link.to_owned());
        let again = items(&feed, &outlets);
        assert_ne!(again[0].key, first[0].key);
        feed.entries[0].link = Some("https://news.google.com/rss/articles/C".to_owned());
        assert_eq!(items(&feed, &outlets)[0].key, again[0].key);
    }
    // And without its source the publisher still stands behind the title.
    feed.entries[0].source = None;
    assert_eq!(items(&feed, &outlets)[0].outlet.as_str(), "The Daily Ledger");
}

#[test]
fn hacker_news_stories_without_a_link_are_their_own_page() {
    let feed = read("hacker-news.json");
    assert_eq!(feed.kind, Kind::HackerNews);
    assert_eq!(
        lines(&feed),
        [
            "Lab One moves inference to its cloud's own chips | https://blog.example/inference | 2026-02-27T14:05:09Z",
            "Ask HN: who runs Trainium in production? | https://news.ycombinator.com/item?id=47000002 | \
             2026-02-27T15:00:00Z",
        ]
    );
    assert_eq!(feed.entries[1].summary.as_deref(), Some("We look at cost per token."));
    assert_eq!(feed.entries[0].id.as_deref(), Some("47000001"));
}

#[test]
fn gdelt_articles_carry_their_outlet() {
    let feed = read("gdelt.json");
    assert_eq!(feed.kind, Kind::Gdelt);
    assert_eq!(
        lines(&feed),
        ["Cloud's own chips win a customer, filing shows | https://paper.example/business/chips.html | \
          2026-02-27T14:05:00Z"]
    );
    assert_eq!(feed.entries[0].source.as_ref().unwrap().name.as_str(), "paper.example");
}

#[test]
fn json_feed_takes_ids_links_and_dates_as_they_come() {
    let feed = read("feed.json");
    assert_eq!(feed.kind, Kind::JsonFeed);
    assert_eq!(
        lines(&feed),
        [
            "Racks accepted | https://notes.example/1 | 2026-03-01T09:00:00Z",
            "- | https://base.example/elsewhere | 2026-03-02T00:00:00Z",
        ]
    );
    assert_eq!(feed.entries[1].id.as_deref(), Some("2"));
    assert_eq!(feed.entries[0].summary.as_deref(), Some("The first 80 MW are accepted."));
    assert!(feed.repairs.contains(&Repair::Dates));
}

#[test]
fn the_oldest_formats_are_read() {
    let rdf = read("netscape.rdf");
    assert_eq!(rdf.kind, Kind::Rdf);
    assert_eq!(rdf.title.as_deref(), Some("Old Wire"));
    assert_eq!(
        lines(&rdf),
        ["Foundry raises prices | http://wire.example/1 | -", "Second line | http://wire.example/2 | -"]
    );
    let atom = read("atom03.xml");
    assert_eq!(atom.kind, Kind::Atom);
    assert_eq!(lines(&atom), ["Share of custom silicon | http://notes.example/a | 2026-01-05T09:00:00Z"]);
    assert_eq!(atom.entries[0].updated.unwrap().to_string(), "2026-01-06T09:00:00Z");
    assert_eq!(atom.entries[0].summary.as_deref(), Some("Two < three.\n\nDone"));
}

#[test]
fn declarations_that_make_the_parser_panic_are_harmless() {
    let feed = read("declarations.rss");
    assert_eq!(lines(&feed), ["Deal holds | https://a.example/1 | -"]);
}

#[test]
fn a_broken_document_gives_every_whole_entry_and_says_what_was_wrong() {
    let feed = read("broken.rss");
    assert_eq!(feed.title.as_deref(), Some("S&P watch"));
    assert_eq!(
        lines(&feed),
        [
            "AT&T signs for 500 MW at Café Park | https://w.example/?a=1&b=2 | 2026-02-27T14:05:00Z",
            "Second | https://w.example/2 | -",
        ]
    );
    assert_eq!(feed.entries[0].summary.as_deref(), Some("One\n\ntwo &unknown; 5 < 6"));
    for repair in [
        Repair::InvalidBytes,
        Repair::ForbiddenCharacters,
        Repair::JunkBeforeRoot,
        Repair::BareAmpersand,
        Repair::UndefinedEntity,
        Repair::StrayMarkup,
        Repair::RootElement,
        Repair::Salvaged,
        Repair::MismatchedTags,
        Repair::CutShort,
        Repair::Dates,
    ] {
        assert!(feed.repairs.contains(&repair), "{repair:?} is not among {:?}", feed.repairs);
    }
}

#[test]
fn cut_anywhere_a_document_never_gives_half_a_title() {
    let whole = fixture("newsroom.rss");
    let titles: Vec<_> = read("newsroom.rss").entries.into_iter().map(|entry| entry.title).collect();
    for end in 0..whole.len() {
        let document = Document { bytes: &whole[..end], content_type: None, base_url: None };
        if let Ok(feed) = feed::read(&document) {
            for (entry, title) in feed.entries.iter().zip(&titles) {
                assert_eq!(&entry.title, title, "cut at {end}");
            }
        }
    }
}

#[test]
fn what_is_no_feed_is_told_apart() {
    let kind = |bytes: &[u8], content_type| {
        let document = Document { bytes, content_type, base_url: None };
        let error = feed::read(&document).unwrap_err();
        assert!(error.to_string().chars().count() <= 200, "{error}");
        error.kind
    };
    assert_eq!(kind(&fixture("login.html"), Some("application/rss+xml")), NotFeed::Wall);
    assert_eq!(kind(&fixture("page.html"), Some("text/xml")), NotFeed::WebPage);
    assert_eq!(kind(&fixture("list.opml"), None), NotFeed::FeedList);
    assert_eq!(kind(b"", None), NotFeed::Empty);
    assert_eq!(kind(b" \n\t", None), NotFeed::Empty);
    assert_eq!(kind(b"\x1f\x8b\x08\0\0\0\0\0", None), NotFeed::Compressed);
    assert_eq!(kind(b"\xca\xfe\xba\xbe\0\0\0\x34\0\x10", None), NotFeed::Binary);
    assert_eq!(kind(b"The server is busy.", None), NotFeed::PlainText);
    assert_eq!(kind(b"<catalog><book/></catalog>", None), NotFeed::OtherXml);
    assert_eq!(kind(b"{\"error\":\"rate limit\"}", None), NotFeed::ErrorAnswer);
    assert_eq!(kind(b"{\"rows\":[]}", None), NotFeed::OtherJson);
    assert_eq!(
        kind(b"{\"version\":\"https://jsonfeed.org/version/1\",\"items\":null}", None),
        NotFeed::Broken
    );
    let named =
        b"<html><head><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/rss.xml\"></head></html>";
    let document = Document { bytes: named, content_type: None, base_url: None };
    assert!(feed::read(&document).unwrap_err().to_string().contains("it names /rss.xml"));
}

#[test]
fn encodings_are_what_the_bytes_say() {
    let feed = |bytes: &[u8], content_type: Option<&str>| {
        let document = Document { bytes, content_type, base_url: None };
        feed::read(&document).unwrap().entries[0].title.as_deref().unwrap().to_owned()
    };
    let body = |declaration: &str, title: &str| {
        format!(
            "{declaration}<rss version=\"2.0\"><channel><item><title>{title}</title></item></channel></rss>"
        )
    };
    let utf16: Vec<u8> = body("", "Čip").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(feed(&utf16, None), "Čip");
    let with_mark: Vec<u8> =
        [0xfe, 0xff].into_iter().chain(body("", "Čip").encode_utf16().flat_map(u16::to_be_bytes)).collect();
    assert_eq!(feed(&with_mark, Some("text/xml; charset=utf-8")), "Čip");
    // Valid UTF-8 wins over a label that says otherwise.
    assert_eq!(feed(body("<?xml version='1.0' encoding='windows-1252'?>", "Čip").as_bytes(), None), "Čip");
    let shift_jis = [
        b"<?xml version='1.0' encoding='Shift_JIS'?><rss version='2.0'><channel><item><title>".as_slice(),
        b"\x8a\x94\x89\xbf",
        b"</title></item></channel></rss>",
    ]
    .concat();
    assert_eq!(feed(&shift_jis, None), "株価");
    let served = [
        b"<rss version='2.0'><channel><item><title>".as_slice(),
        b"\xd7\xe8\xef",
        b"</title></item></channel></rss>",
    ]
    .concat();
    assert_eq!(feed(&served, Some("application/rss+xml; charset=windows-1251")), "Чип");
}

#[test]
fn entities_of_a_document_are_replaced_and_bombs_are_not() {
    let document = |doctype: &str| {
        format!(
            "<!DOCTYPE rss [{doctype}]><rss version=\"2.0\"><channel><item><title>&b;</title></item></channel></rss>"
        )
    };
    let read = |text: &str| {
        feed::read(&Document { bytes: text.as_bytes(), content_type: None, base_url: None }).unwrap()
    };
    let plain = read(&document("<!ENTITY a \"two\"><!ENTITY b \"&a; words\">"));
    assert_eq!(plain.entries[0].title.as_deref(), Some("two words"));
    let mut bomb = String::from("<!ENTITY a0 \"aaaaaaaaaaaaaaaa\">");
    for level in 1..12 {
        let inner = format!("&a{};", level - 1).repeat(10);
        bomb.extend(["<!ENTITY a", &level.to_string(), " \"", &inner, "\">"]);
    }
    bomb.push_str("<!ENTITY b \"&a11;\">");
    assert!(read(&document(&bomb)).entries[0].title.as_deref().unwrap().len() < 2048);
    let external = read(&document("<!ENTITY b SYSTEM \"file:///etc/passwd\">"));
    assert_eq!(external.entries[0].title.as_deref(), Some("&b;"));
}

#[test]
fn readable_text_is_the_article_and_nothing_else() {
    let bytes = fixture("page.html");
    let page = feed::readable(&Document { bytes: &bytes, content_type: None, base_url: None }).unwrap();
    assert_eq!(page.title.as_deref(), Some("Lab One commits | Example Cloud"));
    let text = page.text.as_str();
    for words in
        ["Lab One will consume 2 GW of capacity", "cloud’s own chips", "2026 200 MW", "extend the term"]
    {
        assert!(text.to_lowercase().contains(&words.to_lowercase()), "{words} is not in {text}");
    }
    for furniture in ["Investors", "Share", "Related", "Copyright", "var a"] {
        assert!(!text.contains(furniture), "{furniture} is in {text}");
    }
}

#[test]
fn a_filing_index_leads_to_the_report_and_the_press_release() {
    let bytes = fixture("filing-index.htm");
    let index = Document {
        bytes: &bytes,
        content_type: Some("text/html"),
        base_url: Some(
            "https://www.sec.gov/Archives/edgar/data/999001/000099900126000012/0000999001-26-000012-index.htm",
        ),
    };
    let found: Vec<(String, String)> =
        filing::worth_reading(&index).into_iter().map(|document| (document.kind, document.url)).collect();
    let folder = "https://www.sec.gov/Archives/edgar/data/999001/000099900126000012";
    assert_eq!(
        found,
        [
            ("8-K".to_owned(), format!("{folder}/excl-20260227.htm")),
            ("EX-99.1".to_owned(), format!("{folder}/ex991.htm")),
        ]
    );
    let json = br#"{"directory":{"item":[{"name":"0000999001-26-000012-index.html"},{"name":"excl-20260227.htm"},{"name":"R2.htm"},{"name":"ex991.htm"}],"name":"/Archives/edgar/data/999001/000099900126000012"}}"#;
    let index = Document { bytes: json, ..index };
    let found: Vec<String> = filing::worth_reading(&index).into_iter().map(|document| document.url).collect();
    assert_eq!(found, [format!("{folder}/excl-20260227.htm"), format!("{folder}/ex991.htm")]);
}

#[test]
fn a_list_of_feeds_adds_web_addresses_and_nothing_else() {
    let list = opml::read(&fixture("list.opml")).unwrap();
    let feeds: Vec<(&str, &str)> =
        list.feeds.iter().map(|feed| (feed.name.as_str(), feed.url.as_str())).collect();
    assert_eq!(
        feeds,
        [("Newsroom & co", "https://news.cloud.example/rss"), ("]52;c;b3duclean", "http://b.example/f")]
    );
    assert_eq!(list.feeds[0].group.as_deref(), Some("Chips"));
    assert_eq!(list.feeds[1].group, None);
    let refused: Vec<&str> = list.refused.iter().map(DisplayText::as_str).collect();
    assert_eq!(refused, ["shell", "file", "password", "a [secrets]"]);
    let again = opml::read(opml::write("mine", &list.feeds).as_bytes()).unwrap();
    assert_eq!(again.feeds.len(), list.feeds.len());
    assert!(again.feeds.iter().all(|feed| list.feeds.contains(feed)));
    assert!(opml::read(&fixture("newsroom.rss")).is_err());
}
