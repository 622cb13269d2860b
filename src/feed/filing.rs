//! SEC filings: from the index page of a filing to the documents worth reading.

use serde::Deserialize;

use super::markup::{Token, Tokens};
use super::{Document, decode, html, link};

/// One document of a filing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilingDocument {
    /// Its form or exhibit number, e.g. `8-K` or `EX-99.1`; empty where the index does not say.
    pub kind: String,
    /// What the filer calls it.
    pub description: String,
    /// Absolute address of the document itself, not of the viewer.
    pub url: String,
}

impl FilingDocument {
    /// A press release or presentation furnished with the filing.
    pub fn is_press_exhibit(&self) -> bool {
        let kind = self.kind.to_ascii_uppercase();
        if kind.is_empty() {
            let name = self.url.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
            return ["ex99", "ex-99", "ex_99", "exhibit99"].iter().any(|cue| name.contains(cue));
        }
        kind == "EX-99" || kind.starts_with("EX-99.")
    }
}

/// The most press exhibits read of one filing.
const MAX_EXHIBITS: usize = 3;

/// The documents of a filing that say something: the main document and its press exhibits, in that
/// order. `index` is the index page (`…-index.htm`) or the `index.json` of the filing's folder.
pub fn worth_reading(index: &Document<'_>) -> Vec<FilingDocument> {
    let all = documents(index);
    let main = all.iter().find(|document| !document.is_press_exhibit() && !is_attachment(document));
    let exhibits = all.iter().filter(|document| document.is_press_exhibit());
    main.into_iter().chain(exhibits.take(MAX_EXHIBITS)).cloned().collect()
}

/// Every HTML or text document that the index of a filing names, in its order.
pub fn documents(index: &Document<'_>) -> Vec<FilingDocument> {
    let Ok(text) = decode::decode(index.bytes, index.content_type, &mut Vec::new()) else {
        return Vec::new();
    };
    let base = index.base_url.and_then(link::base);
    if text.trim_start().starts_with('{') {
        return from_json(&text, index.base_url);
    }
    let mut rows: Vec<Row> = Vec::new();
    let mut row: Option<Row> = None;
    for token in Tokens::new(&text) {
        match token {
            Token::Start { name, .. } if name.eq_ignore_ascii_case("tr") => {
                rows.extend(row.take());
                row = Some(Row::default());
            }
            Token::Start { name, .. } if name.eq_ignore_ascii_case("td") => {
                if let Some(row) = &mut row {
                    row.cells.push(String::new());
                }
            }
            Token::Start { name, attributes, .. } if name.eq_ignore_ascii_case("a") => {
                if let Some(row) = &mut row
                    && row.href.is_none()
                {
                    row.href = href(attributes);
                }
            }
            Token::Text { text } => {
                if let Some(cell) = row.as_mut().and_then(|row| row.cells.last_mut()) {
                    cell.push_str(text);
                }
            }
            Token::End { name, .. }
                if name.eq_ignore_ascii_case("tr") || name.eq_ignore_ascii_case("table") =>
            {
                rows.extend(row.take());
            }
            Token::Start { .. } | Token::End { .. } => {}
        }
    }
    rows.extend(row);
    rows.iter().filter_map(|row| row.document(base.as_ref())).collect()
}

/// A row of the index: sequence, description, document, type, size.
#[derive(Default)]
struct Row {
    cells: Vec<String>,
    href: Option<String>,
}

impl Row {
    fn document(&self, base: Option<&url::Url>) -> Option<FilingDocument> {
        let [_, description, _, kind, ..] = self.cells.as_slice() else { return None };
        let url = link::resolve(&without_viewer(self.href.as_deref()?), base)?;
        let plain = |cell: &String| html::line(cell).split_whitespace().collect::<Vec<_>>().join(" ");
        let document = FilingDocument { kind: plain(kind), description: plain(description), url };
        (is_text(&document.url) && document.url.starts_with("http")).then_some(document)
    }
}

/// The viewer for inline XBRL only loads the document that it is given.
fn without_viewer(href: &str) -> String {
    href.split_once("/ix?doc=")
        .map_or(href, |(_, document)| document.split('&').next().unwrap_or(document))
        .to_owned()
}

fn is_text(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".htm", ".html", ".txt"].iter().any(|end| path.ends_with(end))
}

/// Indexes, data and exhibits that are no text for people.
fn is_attachment(document: &FilingDocument) -> bool {
    let name = document.url.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let kind = document.kind.to_ascii_uppercase();
    name.contains("-index")
        || kind.starts_with("EX-")
        || kind == "GRAPHIC"
        || kind == "XML"
        || name.starts_with('r')
            && name.get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn href(attributes: &str) -> Option<String> {
    let lower = attributes.to_ascii_lowercase();
    let value = attributes.get(lower.find("href=")? + 5..)?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let value = match quote {
        Some(quote) => value.get(1..)?.split(quote).next()?,
        None => value.split(char::is_whitespace).next()?,
    };
    Some(html::line(value))
}

/// `index.json` of a filing's folder: names without types.
fn from_json(text: &str, base_url: Option<&str>) -> Vec<FilingDocument> {
    #[derive(Deserialize)]
    struct Index {
        directory: Directory,
    }
    #[derive(Deserialize)]
    struct Directory {
        #[serde(default)]
        item: Vec<File>,
        #[serde(default)]
        name: String,
    }
    #[derive(Deserialize)]
    struct File {
        name: String,
    }
    let Ok(index) = serde_json::from_str::<Index>(text) else { return Vec::new() };
    let base = base_url.and_then(link::base);
    let folder = index.directory.name.trim_end_matches('/');
    let files = index.directory.item.iter().take(1000);
    files
        .filter_map(|file| link::resolve(&format!("{folder}/{}", file.name), base.as_ref()))
        .filter(|url| is_text(url) && url.starts_with("http"))
        .map(|url| FilingDocument { kind: String::new(), description: String::new(), url })
        .filter(|document| !document.url.contains("-index"))
        .collect()
}
