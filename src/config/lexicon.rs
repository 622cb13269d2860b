//! `lexicon.toml`: the words that the tagger knows. A user's file adds to the built-in one: an entry with
//! a known id adds its names to that entry, word lists grow, and a word written with `-` in front is
//! taken away (`aliases = ["-facebook"]`).

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::Shared;
use super::diagnostic::{Sink, suggestion};
use super::reader::{Document, Field, Table, Value, word_of};
use crate::domain::lexicon::{Company, DealName, Lexicon, Silicon, SiliconClass};

/// Keys of the file.
pub const FILE: &[Field] = &[
    Field::new("company", "tables", "companies, tracked or not"),
    Field::new("silicon", "tables", "silicon lines"),
    Field::new("deal-name", "tables", "names of deals, sites and code names that stand for a deal"),
    Field::new("action", "table of lists", "words that tell what happened"),
    Field::new("modality", "table of lists", "words that tell how sure, when, and whether at all"),
    Field::new("informant", "table of lists", "words that tell who says so"),
    Field::new("topic", "table of lists", "words that tell what a text is about"),
];

/// Keys of a `[[company]]`.
pub const COMPANY: &[Field] = &[
    Field::required("id", "text", "the id that deals use"),
    Field::new("name", "text", "as shown; needed where the id is new"),
    Field::new("aliases", "list of texts", "names, in any capitalisation"),
    Field::new("cased", "list of texts", "names that are words as well and count only when capitalised"),
    Field::new("tickers", "list of texts", "exchange symbols; they count in capitals only"),
    Field::new("oblique", "list of texts", "roundabout names, e.g. `chatgpt maker`"),
    Field::new("products", "list of texts", "products and services that stand for the company"),
    Field::new("people", "list of texts", "people who speak for it"),
];

/// Keys of a `[[silicon]]`.
pub const SILICON: &[Field] = &[
    Field::required("id", "text", "the id that legs use"),
    Field::new("name", "text", "as shown; needed where the id is new"),
    Field::new(
        "class",
        "`gpu`, `custom`, `other` or `none`",
        "the leg that it counts on; needed where the id is new",
    ),
    Field::new("owner", "company", "whose silicon it is; empty for a kind of chip that many make"),
    Field::new("programme", "programme", "the programme that it belongs to"),
    Field::new("aliases", "list of texts", "names; a generation may follow"),
    Field::new("cased", "list of texts", "names that count only when capitalised"),
];

/// Keys of a `[[deal-name]]`.
pub const DEAL_NAME: &[Field] = &[
    Field::required("deal", "deal", "the deal that the names stand for"),
    Field::new("names", "list of texts", "names, in any capitalisation"),
    Field::new("cased", "list of texts", "names that count only when capitalised"),
    Field::new("needs", "list of ids", "companies or silicon lines of which one must stand in the same item"),
];

/// Reads the lexicon of every layer. Deals and programmes are checked later, by [`check`].
pub(super) fn read(files: &[Shared], sink: &Sink) -> Lexicon {
    let documents: Vec<Document<'_>> = files.iter().map(|file| Document::parse(file, sink)).collect();
    let mut lexicon = Lexicon::default();
    let mut names: Vec<Value<'_>> = Vec::new();
    for document in &documents {
        let table = document.table(FILE);
        for row in table.tables("company", COMPANY) {
            company(&row, &mut lexicon.companies, &mut names);
        }
        for row in table.tables("silicon", SILICON) {
            silicon(&row, &mut lexicon.silicon, &mut names);
        }
        for row in table.tables("deal-name", DEAL_NAME) {
            lexicon.deal_names.push(DealName {
                deal: row.text("deal"),
                names: words(&row, "names", Vec::new(), &mut names),
                cased: words(&row, "cased", Vec::new(), &mut names),
                needs: row.texts("needs"),
            });
        }
        lists(&table, "action", &mut lexicon.action);
        lists(&table, "modality", &mut lexicon.modality);
        lists(&table, "informant", &mut lexicon.informant);
        lists(&table, "topic", &mut lexicon.topic);
    }
    for clash in lexicon.clashes() {
        let place = names.iter().rev().find(|name| name.text() == Some(clash.name.as_str()));
        if let Some(place) = place {
            place.warn(
                format!("the name `{}` stands for `{}` and for `{}`", clash.name, clash.first, clash.second),
                Some("the first one gets it; take it away from one of them".to_owned()),
            );
        }
    }
    lexicon
}

/// Reports entries that name a company, silicon line or deal that is nowhere.
pub(super) fn check(files: &[Shared], lexicon: &Lexicon, deals: &[&str], sink: &Sink) {
    let companies: Vec<&str> = lexicon.companies.iter().map(|company| company.id.as_str()).collect();
    let lines: Vec<&str> = lexicon.silicon.iter().map(|line| line.id.as_str()).collect();
    let either: Vec<&str> = companies.iter().chain(&lines).copied().collect();
    for file in files.iter().filter(|file| !file.built_in) {
        // The problems of its form were reported when it was read.
        let quiet = Sink::default();
        let form = Document::parse(file, &quiet);
        let rows =
            |key| form.any().get(key).filter(Value::is_list).map(|rows| rows.list()).unwrap_or_default();
        let text = |row: &Value<'_>, key: &str| -> Option<(String, std::ops::Range<usize>)> {
            let value = row.is_table().then(|| row.any_table()?.get(key)).flatten().filter(Value::is_text)?;
            Some((value.text()?.to_owned(), value.span()))
        };
        let report = |what: &str, found: Option<(String, std::ops::Range<usize>)>, known: &[&str]| {
            if let Some((id, span)) = found.filter(|(id, _)| !id.is_empty() && !known.contains(&id.as_str()))
            {
                sink.error(file, span, format!("`{id}` is no {what}"), Some(suggestion(&id, known)));
            }
        };
        for row in rows("silicon") {
            report("company of the lexicon", text(&row, "owner"), &companies);
        }
        for row in rows("deal-name") {
            report("deal of the catalog", text(&row, "deal"), deals);
            let needs =
                row.is_table().then(|| row.any_table()?.get("needs")).flatten().filter(Value::is_list);
            for need in
                needs.map(|needs| needs.list()).unwrap_or_default().iter().filter(|need| need.is_text())
            {
                let found = need.text().map(|id| (id.to_owned(), need.span()));
                report("company or silicon line of the lexicon", found, &either);
            }
        }
    }
}

fn company<'a>(row: &Table<'a>, companies: &mut Vec<Company>, names: &mut Vec<Value<'a>>) {
    let Some(id) = row.get("id").and_then(|id| id.name()) else { return };
    let place = companies.iter().position(|company| company.id == id);
    let known = place.and_then(|place| companies.get(place)).cloned();
    if known.is_none() && row.get("name").is_none() {
        row.error(format!("the company `{id}` is new and has no name"), Some("add `name = …`".to_owned()));
    }
    let base = known.unwrap_or_default();
    let company = Company {
        id: id.to_owned(),
        name: row.get("name").and_then(|name| name.name()).map_or(base.name, str::to_owned),
        aliases: words(row, "aliases", base.aliases, names),
        cased: words(row, "cased", base.cased, names),
        tickers: words(row, "tickers", base.tickers, names),
        oblique: words(row, "oblique", base.oblique, names),
        products: words(row, "products", base.products, names),
        people: words(row, "people", base.people, names),
    };
    match place.and_then(|place| companies.get_mut(place)) {
        Some(slot) => *slot = company,
        None => companies.push(company),
    }
}

/// Adds a company that a deal's file names. Its name counts as one of its names, capitalised: a deal with
/// anyone can be found in headlines.
pub(super) fn add_party(row: &Table<'_>, companies: &mut Vec<Company>) {
    let id = row.get("id").and_then(|id| id.name()).unwrap_or_default();
    let name = row.get("name").and_then(|name| name.name());
    let known = companies.iter().any(|company| company.id == id);
    if id.is_empty() || (!known && name.is_none()) {
        return;
    }
    company(row, companies, &mut Vec::new());
    let added = companies.last_mut().filter(|_| !known);
    if let (Some(added), Some(name)) = (added, name)
        && !added.aliases.iter().chain(&added.cased).any(|alias| alias == name)
    {
        added.cased.push(name.to_owned());
    }
}

/// Reports what is wrong with a company that a deal's file names; `known` are the ids of the lexicon with
/// those of all deals.
pub(super) fn check_party(row: &Table<'_>, known: &[String]) {
    if let Some(value) = row.get("id") {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if value.text().is_some_and(|id| id.is_empty() || !id.chars().all(fits)) {
            value.expected("lower-case letters, digits and `-`, e.g. `mistral`");
        }
    }
    let named = |id: &String| Company { id: id.clone(), ..Company::default() };
    company(row, &mut known.iter().map(named).collect(), &mut Vec::new());
}

fn silicon<'a>(row: &Table<'a>, lines: &mut Vec<Silicon>, names: &mut Vec<Value<'a>>) {
    let Some(id) = row.get("id").and_then(|id| id.name()) else { return };
    let place = lines.iter().position(|line| line.id == id);
    let known = place.and_then(|place| lines.get(place)).cloned();
    if known.is_none() && (row.get("name").is_none() || row.get("class").is_none()) {
        row.error(
            format!("the silicon line `{id}` is new and has no name or class"),
            Some("add `name = …` and `class = …`".to_owned()),
        );
    }
    let base = known.unwrap_or_else(|| Silicon {
        id: id.to_owned(),
        name: String::new(),
        class: SiliconClass::None,
        owner: String::new(),
        programme: None,
        aliases: Vec::new(),
        cased: Vec::new(),
    });
    let text = |key: &str, otherwise: String| row.get(key).map_or(otherwise, |_| row.text(key));
    let line = Silicon {
        id: base.id,
        name: text("name", base.name),
        class: row.get("class").and_then(|class| class.word()).unwrap_or(base.class),
        owner: text("owner", base.owner),
        programme: row.get("programme").and_then(|id| id.text()).map(str::to_owned).or(base.programme),
        aliases: words(row, "aliases", base.aliases, names),
        cased: words(row, "cased", base.cased, names),
    };
    match place.and_then(|place| lines.get_mut(place)) {
        Some(slot) => *slot = line,
        None => lines.push(line),
    }
}

/// The words of a key added to those that are known; each is kept with its place.
fn words<'a>(row: &Table<'a>, key: &str, known: Vec<String>, names: &mut Vec<Value<'a>>) -> Vec<String> {
    let Some(list) = row.get(key) else { return known };
    let list = list.list();
    let added = add(known, &list);
    names.extend(list.into_iter().filter(Value::is_text));
    added
}

/// Adds words to a list, and takes away those written with `-` in front.
fn add(mut known: Vec<String>, list: &[Value<'_>]) -> Vec<String> {
    for value in list {
        let Some(word) = value.name() else { continue };
        match word.strip_prefix('-') {
            Some(gone) => {
                let before = known.len();
                known.retain(|name| name != gone);
                if known.len() == before {
                    let names: Vec<&str> = known.iter().map(String::as_str).collect();
                    value.warn(format!("`{gone}` is not in the list"), Some(suggestion(gone, &names)));
                }
            }
            None if known.iter().any(|name| name == word) => {}
            None => known.push(word.to_owned()),
        }
    }
    known
}

/// The word lists of a section, by what they stand for.
fn lists<'a, K: DeserializeOwned + Ord>(table: &Table<'a>, key: &'a str, map: &mut BTreeMap<K, Vec<String>>) {
    let Some(section) = table.get(key).and_then(|section| section.any_table()) else { return };
    for (word, span, value) in section.entries() {
        match word_of::<K>(word) {
            Ok(kind) => {
                let known = map.remove(&kind).unwrap_or_default();
                map.insert(kind, add(known, &value.list()));
            }
            Err(known) => {
                section.error_at(
                    span,
                    format!("unknown key `{word}` in [{key}]"),
                    Some(suggestion(word, known)),
                );
            }
        }
    }
}
