//! `deals/*.toml` and `programmes/*.toml` to the catalog: one file a deal or programme, the file's stem
//! being its slug or id.

use std::collections::HashMap;
use std::sync::Arc;

use super::claims::{self, Scope};
use super::diagnostic::{Sink, SourceFile, suggestion};
use super::lexicon;
use super::reader::{Document, Field, Table, Value};
use crate::domain::claim::{Claim, Rung};
use crate::domain::deal::{
    Catalog, Class, Deal, DealSlug, Leg, LegKind, Milestone, Owner, Programme, Ticker,
};
use crate::domain::lexicon::Company;

/// Keys of a deal's file.
pub const DEAL: &[Field] = &[
    Field::required("name", "text", "as shown, e.g. `OpenAI–AWS`"),
    Field::required("class", "`hosting` or `silicon`", "what is bought; GW are never added across classes"),
    Field::required("buyer", "company", "who buys"),
    Field::required("provider", "company", "who provides or sells"),
    Field::new("parties", "list of companies", "further parties"),
    Field::new(
        "company",
        "list of { id, name, aliases }",
        "companies that the lexicon does not know, with the keys of its `[[company]]`; the name counts as an alias",
    ),
    Field::new("tickers", "list of { symbol, role }", "listed companies that the deal touches"),
    Field::new("aliases", "list of texts", "names of the deal itself, e.g. `Stargate`"),
    Field::required("leg", "tables", "its parts by silicon, one of each kind at most"),
    Field::new("milestone", "tables", "dated steps that it is to reach"),
    Field::new("claim", "tables", "its history as dated, sourced statements"),
];

/// Keys of a `[[leg]]`.
pub const LEG: &[Field] = &[
    Field::required(
        "kind",
        "`gpu`, `custom` or `other`",
        "merchant GPUs, own silicon, or merchant silicon that is no GPU",
    ),
    Field::required("owner", "`provider`, `buyer` or `third`", "whose margin the leg moves"),
    Field::new("silicon", "list of silicon lines", "what fills it, e.g. `trainium`"),
    Field::new("programme", "programme", "the silicon programme behind it"),
];

/// Keys of a `[[milestone]]`.
pub const MILESTONE: &[Field] = &[
    Field::required("name", "text", "as scheduled claims carry it"),
    Field::required("leg", "`gpu`, `custom` or `other`", "the leg that it is on"),
    Field::required("rung", "rung", "the rung that counts as reaching it"),
    Field::required("due", "date", "first date given; the last day of a vague period"),
    Field::new("met", "date", "when a claim said that it was reached"),
];

/// Keys of a ticker.
pub const TICKER: &[Field] = &[
    Field::required("symbol", "text", "exchange symbol, e.g. `AMZN`"),
    Field::required("role", "text", "what the company is in the deal, e.g. `provider`"),
];

/// Keys of a programme's file.
pub const PROGRAMME: &[Field] = &[
    Field::required("name", "text", "as shown"),
    Field::required("owner", "company", "whose silicon it is"),
    Field::new("tickers", "list of { symbol, role }", "listed companies that it touches"),
    Field::new("claim", "tables", "pressure and progress of the line, as dated, sourced statements"),
];

/// What the names in a catalog are checked against. An empty list of ids checks nothing.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Companies of the lexicon.
    pub(super) companies: Vec<String>,
    /// Silicon lines of the lexicon.
    pub(super) silicon: Vec<String>,
}

impl Known {
    /// Reports an id that none of the known ones equals.
    pub(super) fn check(known: &[String], what: &str, id: &Value<'_>) -> Option<String> {
        let text = id.name()?;
        if !known.is_empty() && !known.iter().any(|name| name == text) {
            let names: Vec<&str> = known.iter().map(String::as_str).collect();
            let help = format!(
                "{} (companies and silicon lines are those of lexicon.toml; a deal names others in `company`)",
                suggestion(text, &names)
            );
            id.error(format!("`{text}` is no {what} of the lexicon"), Some(help));
        }
        Some(text.to_owned())
    }
}

/// Reads every deal and programme. Later files replace earlier ones of the same name, so that a user's
/// `deals/openai-aws.toml` stands for the built-in one; within one layer the names are unique because
/// they are file names.
pub(super) fn read(
    deals: &[Arc<SourceFile>],
    programmes: &[Arc<SourceFile>],
    known: &Known,
    sink: &Sink,
) -> Catalog {
    let programmes = latest(programmes);
    let programme_ids: Vec<String> = programmes.iter().map(|(stem, _)| stem.clone()).collect();
    let mut ids = ClaimIds::default();
    let mut catalog = Catalog::default();
    for (slug, file) in latest(deals) {
        check_stem(&slug, file, "deal", sink);
        let document = Document::parse(file, sink);
        let deal = deal(&document.table(DEAL), DealSlug(slug), &programme_ids, known);
        ids.check(&deal.claims, &document.any());
        catalog.deals.push(deal);
    }
    for (id, file) in programmes {
        check_stem(&id, file, "programme", sink);
        let document = Document::parse(file, sink);
        let programme = programme(&document.table(PROGRAMME), id, known);
        ids.check(&programme.claims, &document.any());
        catalog.programmes.push(programme);
    }
    catalog
}

/// Companies that the user's deals name themselves, for the lexicon. What is wrong with them is reported
/// when the deal is read.
pub(super) fn companies(deals: &[Arc<SourceFile>], companies: &mut Vec<Company>) {
    let quiet = Sink::default();
    for (_, file) in latest(deals).into_iter().filter(|(_, file)| !file.built_in) {
        let document = Document::parse(file, &quiet);
        for row in document.table(DEAL).tables("company", lexicon::COMPANY) {
            lexicon::add_party(&row, companies);
        }
    }
}

/// The last file of each stem, in order of stem.
fn latest(files: &[Arc<SourceFile>]) -> Vec<(String, &Arc<SourceFile>)> {
    let by_stem: std::collections::BTreeMap<String, &Arc<SourceFile>> =
        files.iter().map(|file| (file.stem().to_owned(), file)).collect();
    by_stem.into_iter().collect()
}

fn check_stem(stem: &str, file: &Arc<SourceFile>, what: &str, sink: &Sink) {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if stem.is_empty() || !stem.chars().all(fits) {
        let help = format!("a {what} is named by its file: lower-case letters, digits and `-`");
        sink.error(file, 0..0, format!("`{stem}` is no name for a {what}"), Some(help));
    }
}

/// Claim ids are keys of the ledger: no two of the whole catalog may be equal.
#[derive(Default)]
struct ClaimIds(HashMap<String, String>);

impl ClaimIds {
    fn check(&mut self, claims: &[Claim], table: &Table<'_>) {
        let places: Vec<Value<'_>> =
            table.get("claim").map(|rows| rows.list()).unwrap_or_default().iter().filter_map(id_of).collect();
        let file = table.file_name();
        for claim in claims.iter().filter(|claim| !claim.id.is_empty()) {
            let Some(earlier) = self.0.insert(claim.id.clone(), file.clone()) else { continue };
            let place = places.iter().rev().find(|id| id.text() == Some(claim.id.as_str()));
            if let Some(place) = place {
                let message = format!("the claim id `{}` is used twice", claim.id);
                place.error(message, Some(format!("first used in {earlier}; give this one another id")));
            }
        }
    }
}

fn id_of<'a>(row: &Value<'a>) -> Option<Value<'a>> {
    row.is_table().then(|| row.any_table()?.get("id")).flatten().filter(Value::is_text)
}

fn deal(table: &Table<'_>, slug: DealSlug, programmes: &[String], known: &Known) -> Deal {
    let company = |key: &str| {
        table.get(key).and_then(|id| Known::check(&known.companies, "company", &id)).unwrap_or_default()
    };
    for row in table.tables("company", lexicon::COMPANY) {
        lexicon::check_party(&row, &known.companies);
    }
    let legs: Vec<Leg> = legs(table, programmes, known);
    let kinds: Vec<LegKind> = legs.iter().map(|leg| leg.kind).collect();
    let milestones = milestones(table, &kinds);
    let names: Vec<String> = milestones.iter().map(|milestone| milestone.name.clone()).collect();
    let scope = Scope::Deal { slug: &slug, legs: &kinds, milestones: &names };
    Deal {
        name: table.get("name").and_then(|name| name.name()).unwrap_or_default().to_owned(),
        class: table.get("class").and_then(|class| class.word()).unwrap_or(Class::Hosting),
        buyer: company("buyer"),
        provider: company("provider"),
        parties: table
            .get("parties")
            .map(|list| {
                list.list().iter().filter_map(|id| Known::check(&known.companies, "company", id)).collect()
            })
            .unwrap_or_default(),
        tickers: tickers(table),
        aliases: table.texts("aliases"),
        claims: claims::read(table, &scope, known),
        legs,
        milestones,
        slug,
    }
}

fn programme(table: &Table<'_>, id: String, known: &Known) -> Programme {
    let claims = claims::read(table, &Scope::Programme(&id), known);
    let owner = table.get("owner").and_then(|owner| Known::check(&known.companies, "company", &owner));
    Programme {
        name: table.get("name").and_then(|name| name.name()).unwrap_or_default().to_owned(),
        owner: owner.unwrap_or_default(),
        tickers: tickers(table),
        claims,
        id,
    }
}

fn legs(table: &Table<'_>, programmes: &[String], known: &Known) -> Vec<Leg> {
    let mut legs: Vec<Leg> = Vec::new();
    for row in table.tables("leg", LEG) {
        let kind = row.get("kind").and_then(|kind| kind.word::<LegKind>());
        let owner = row.get("owner").and_then(|owner| owner.word::<Owner>());
        let programme = row.get("programme").and_then(|programme| {
            let names: Vec<&str> = programmes.iter().map(String::as_str).collect();
            if names.is_empty() { programme.text() } else { programme.among("programme", &names) }
        });
        let silicon = row.get("silicon").map(|list| list.list()).unwrap_or_default();
        let silicon: Vec<String> =
            silicon.iter().filter_map(|id| Known::check(&known.silicon, "silicon line", id)).collect();
        let (Some(kind), Some(owner)) = (kind, owner) else { continue };
        if legs.iter().any(|leg| leg.kind == kind) {
            row.error(
                format!("a second `{}` leg", kind.word()),
                Some("a deal has at most one leg of each kind; put both silicon lines on one leg".to_owned()),
            );
            continue;
        }
        legs.push(Leg { kind, owner, silicon, programme: programme.map(str::to_owned) });
    }
    legs
}

fn milestones(table: &Table<'_>, legs: &[LegKind]) -> Vec<Milestone> {
    let mut milestones: Vec<Milestone> = Vec::new();
    for row in table.tables("milestone", MILESTONE) {
        let name = row.get("name").and_then(|name| name.name());
        let leg = row.get("leg").and_then(|leg| leg_of(&leg, legs));
        let rung = row.get("rung").and_then(|rung| rung.word::<Rung>());
        let due = row.get("due").and_then(|due| due.day());
        let met = row.get("met").and_then(|met| met.day());
        let (Some(name), Some(leg), Some(rung), Some(due)) = (name, leg, rung, due) else { continue };
        if milestones.iter().any(|milestone| milestone.name == name && milestone.leg == leg) {
            row.error(
                format!("a second milestone `{name}` on the `{}` leg", leg.word()),
                Some("give it another name".to_owned()),
            );
            continue;
        }
        milestones.push(Milestone { name: name.to_owned(), leg, rung, due, met });
    }
    milestones
}

/// A leg kind that the deal has.
pub(super) fn leg_of(value: &Value<'_>, legs: &[LegKind]) -> Option<LegKind> {
    let kind: LegKind = value.word()?;
    if legs.contains(&kind) {
        return Some(kind);
    }
    let words: Vec<&str> = legs.iter().map(|leg| leg.word()).collect();
    let has = if words.is_empty() { "none".to_owned() } else { format!("`{}`", words.join("`, `")) };
    value.error(
        format!("the deal has no `{}` leg", kind.word()),
        Some(format!("its legs: {has}; add a [[leg]] of kind `{}`", kind.word())),
    );
    None
}

fn tickers(table: &Table<'_>) -> Vec<Ticker> {
    let rows = table.tables("tickers", TICKER);
    rows.iter().map(|row| Ticker { symbol: row.text("symbol"), role: row.text("role") }).collect()
}
