//! Entries of the JSON APIs that deal news comes from: Hacker News search, GDELT, SEC full-text search.

use super::draft::{Draft, Form, Rank};
use super::entry::{Entry, Publisher, title};
use super::link;
use super::loose::Loose;

/// A story or comment of Hacker News. A story without a link is its own page.
pub(super) fn hacker_news_hit(hit: &Loose) -> (Entry, bool) {
    let mut draft = Draft::default();
    if let Some(id) = hit.text_of("objectID") {
        draft.offer_id(id, Rank::TOP);
        draft.offer_link(&format!("https://news.ycombinator.com/item?id={id}"), Rank::LAST, None);
    }
    for (name, rank) in [("title", Rank::TOP), ("story_title", Rank::LOW)] {
        if let Some(text) = hit.text_of(name) {
            draft.offer_title(&Form::Unsaid.line(text), rank);
        }
    }
    if let Some(url) = hit.text_of("url") {
        draft.offer_link(url, Rank::TOP, None);
    }
    if let Some(date) = hit.text_of("created_at").or_else(|| hit.text_of("created_at_i")) {
        draft.offer_published(date, Rank::TOP);
    }
    if let Some(date) = hit.text_of("updated_at") {
        draft.offer_updated(date, Rank::TOP);
    }
    if let Some(text) = hit.text_of("story_text").or_else(|| hit.text_of("comment_text")) {
        draft.offer_summary(text.to_owned(), Form::Escaped, Rank::TOP);
    }
    draft.finish()
}

/// An article of GDELT. `seendate` is when GDELT saw it: the nearest thing to a date that there is.
pub(super) fn gdelt_article(article: &Loose) -> (Entry, bool) {
    let mut draft = Draft::default();
    if let Some(url) = article.text_of("url") {
        draft.offer_link(url, Rank::TOP, None);
    }
    if let Some(url) = article.text_of("url_mobile") {
        draft.offer_link(url, Rank::LOW, None);
    }
    if let Some(text) = article.text_of("title") {
        // GDELT sets spaces around punctuation.
        let line = Form::Unsaid.line(text).replace(" , ", ", ").replace(" : ", ": ").replace(" ' s ", "'s ");
        draft.offer_title(&line, Rank::TOP);
    }
    if let Some(date) = article.text_of("seendate") {
        draft.offer_published(date, Rank::TOP);
    }
    if let Some(domain) = article.text_of("domain") {
        let url = link::resolve(&format!("https://{domain}/"), None);
        draft.source = Some(Publisher { name: title(domain).unwrap_or_default(), url });
    }
    let (mut entry, _) = draft.finish();
    // The address is the identity here, and the compact date is GDELT's normal form.
    entry.id = None;
    (entry, false)
}

/// A document of a filing, found by SEC full-text search. `_id` is `accession:file`.
pub(super) fn sec_hit(hit: &Loose) -> (Entry, bool) {
    let mut draft = Draft::default();
    let source = hit.member("_source").unwrap_or(&Loose::Null);
    let id = hit.text_of("_id").unwrap_or_default();
    let (accession, file) = id.split_once(':').unwrap_or((source.text_of("adsh").unwrap_or_default(), ""));
    draft.offer_id(id, Rank::TOP);
    let cik = source.text_of("ciks").map(|cik| cik.trim_start_matches('0'));
    if let Some(cik) = cik.filter(|cik| !cik.is_empty() && cik.bytes().all(|b| b.is_ascii_digit())) {
        let folder: String = accession.chars().filter(char::is_ascii_digit).collect();
        let url = if file.is_empty() {
            format!("https://www.sec.gov/Archives/edgar/data/{cik}/{folder}/{accession}-index.htm")
        } else {
            format!("https://www.sec.gov/Archives/edgar/data/{cik}/{folder}/{file}")
        };
        draft.offer_link(&url, Rank::TOP, None);
    }
    let names = source.member("display_names").map(Loose::texts).unwrap_or_default();
    let names: Vec<&str> = names.iter().map(|name| name.split("  (").next().unwrap_or(name).trim()).collect();
    let form = source.text_of("form").or_else(|| source.text_of("root_forms")).unwrap_or_default();
    let kind = source.text_of("file_type").unwrap_or_default();
    let described = source.text_of("file_description").unwrap_or_default();
    let mut headline = format!("{}: {form}", names.join(", "));
    if kind != form && !kind.is_empty() {
        headline.extend([", ", kind]);
    }
    if !described.is_empty() && described != kind {
        headline.extend([" (", described, ")"]);
    }
    draft.offer_title(headline.trim_matches([':', ' ']), Rank::TOP);
    if let Some(date) = source.text_of("file_date") {
        draft.offer_published(date, Rank::TOP);
    }
    for category in [form, kind] {
        draft.offer_category(category);
    }
    for item in source.member("items").map(Loose::texts).unwrap_or_default() {
        draft.offer_category(&format!("item {item}"));
    }
    let (entry, _) = draft.finish();
    (entry, false)
}
