//! `economics.toml`: the assumptions behind the margin lever and the exposure, and the user's holdings.

use super::Shared;
use super::diagnostic::{Sink, suggestion};
use super::reader::{Document, Field, Table};
use crate::domain::time::Day;
use crate::ledger::economics::{Assumption, Content, Economics, Holding};

/// Tables of the file.
pub const FILE: &[Field] = &[
    Field::new("gpu-rent", "assumption", "revenue of GPU capacity, $M per MW-year"),
    Field::new("gpu-margin", "assumption, 0 to 1", "gross margin on GPU capacity"),
    Field::new("saving", "assumption, 0 to 1", "cost saved per unit of work on custom silicon"),
    Field::new("passed-on", "assumption, 0 to 1", "part of the saving that the customer gets"),
    Field::new("capex-gpu", "assumption", "all-in capital cost of GPU capacity, $B per GW"),
    Field::new("capex-custom", "assumption", "all-in capital cost of custom capacity, $B per GW"),
    Field::new("work-per-watt", "assumption", "work per watt, custom to GPU"),
    Field::new("capex-share", "assumption, 0 to 1", "capital's part of the cost of a unit of work"),
    Field::new("content", "tables", "what a company sells into a GW; yours replace all of the built-in ones"),
    Field::new("holding", "tables", "your own shares, for the Exposure tab"),
];

/// Keys of an assumption.
pub const ASSUMPTION: &[Field] = &[
    Field::required("lo", "number", "low reading"),
    Field::required("mid", "number", "middle reading"),
    Field::required("hi", "number", "high reading"),
    Field::required("unit", "text", "what it is measured in"),
    Field::required("source", "text", "who says so"),
    Field::required("date", "date", "when they said so"),
];

/// Keys of a `[[content]]`.
pub const CONTENT: &[Field] = &[
    Field::required("ticker", "text", "exchange symbol"),
    Field::required("silicon", "list of silicon lines", "lines whose capacity holds it"),
    Field::required("lo", "number", "low reading, $B per GW"),
    Field::required("mid", "number", "middle reading"),
    Field::required("hi", "number", "high reading"),
    Field::required("unit", "text", "what it is measured in"),
    Field::required("source", "text", "who says so"),
    Field::required("date", "date", "when they said so"),
];

/// Keys of a `[[holding]]`.
pub const HOLDING: &[Field] = &[
    Field::required("ticker", "text", "exchange symbol"),
    Field::required("shares", "number", "how many; negative when sold short"),
];

/// Assumptions that are parts of one.
const PARTS: [&str; 4] = ["gpu-margin", "saving", "passed-on", "capex-share"];

/// Reads the assumptions of every layer: a table replaces the one of its name, rows of `[[content]]` all
/// of those before; holdings are added. Silicon lines are those of the lexicon; none given checks nothing.
pub(super) fn read(files: &[Shared], silicon: &[String], sink: &Sink) -> Economics {
    let documents: Vec<Document<'_>> = files.iter().map(|file| Document::parse(file, sink)).collect();
    let tables: Vec<Table<'_>> = documents.iter().map(|document| document.table(FILE)).collect();
    let of = |key: &'static str| {
        let mut read =
            tables.iter().filter_map(|table| assumption(&table.sub(key, ASSUMPTION)?, PARTS.contains(&key)));
        read.next_back().unwrap_or_else(|| Assumption {
            lo: 0.0,
            mid: 0.0,
            hi: 0.0,
            unit: String::new(),
            source: String::new(),
            date: Day(0),
        })
    };
    let mut contents = tables.iter().map(|table| {
        table.tables("content", CONTENT).iter().filter_map(|row| content(row, silicon)).collect::<Vec<_>>()
    });
    Economics {
        gpu_rent: of("gpu-rent"),
        gpu_margin: of("gpu-margin"),
        saving: of("saving"),
        passed_on: of("passed-on"),
        capex_gpu: of("capex-gpu"),
        capex_custom: of("capex-custom"),
        work_per_watt: of("work-per-watt"),
        capex_share: of("capex-share"),
        contents: contents.rfind(|rows| !rows.is_empty()).unwrap_or_default(),
        holdings: tables
            .iter()
            .flat_map(|table| table.tables("holding", HOLDING))
            .filter_map(|row| holding(&row))
            .collect(),
    }
}

fn assumption(table: &Table<'_>, is_part: bool) -> Option<Assumption> {
    let number = |key: &str| {
        let value = table.get(key)?;
        let number = value.number()?;
        let range = if is_part { -1.0..=1.0 } else { 0.0..=1e6 };
        if !range.contains(&number) {
            value.expected(if is_part {
                "a part of one, e.g. `0.35`"
            } else {
                "a number that is not negative"
            });
            return None;
        }
        Some(number)
    };
    let (lo, mid, hi) = (number("lo"), number("mid"), number("hi"));
    let date = table.get("date").and_then(|date| date.day());
    let (lo, mid, hi) = (lo?, mid?, hi?);
    if !(lo <= mid && mid <= hi) {
        table.error(
            format!("the readings are out of order: {lo}, {mid}, {hi}"),
            Some("lo ≤ mid ≤ hi".to_owned()),
        );
        return None;
    }
    Some(Assumption { lo, mid, hi, unit: table.text("unit"), source: table.text("source"), date: date? })
}

fn content(row: &Table<'_>, known: &[String]) -> Option<Content> {
    let ticker = row.get("ticker").and_then(|ticker| ticker.name());
    let lines = row.get("silicon").map(|list| list.list()).unwrap_or_default();
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let mut silicon = Vec::new();
    for line in &lines {
        let Some(id) = line.text() else { continue };
        if !names.is_empty() && !names.contains(&id) {
            line.error(format!("`{id}` is no silicon line of the lexicon"), Some(suggestion(id, &names)));
        }
        silicon.push(id.to_owned());
    }
    Some(Content { value: assumption(row, false)?, ticker: ticker?.to_owned(), silicon })
}

fn holding(row: &Table<'_>) -> Option<Holding> {
    let ticker = row.get("ticker").and_then(|ticker| ticker.name());
    let shares = row.get("shares").and_then(|shares| shares.number());
    Some(Holding { ticker: ticker?.to_owned(), shares: shares? })
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::ledger::economics::Economics;

    #[test]
    fn what_is_read_is_what_serde_reads() {
        let plain: Economics = toml::from_str(include_str!("../../config/economics.toml")).unwrap();
        assert_eq!(Config::load(None).unwrap().economics, plain);
    }

    #[test]
    fn a_table_replaces_the_one_of_its_name_and_holdings_are_added() {
        let mine = "[saving]\nlo = 0.1\nmid = 0.2\nhi = 0.3\nunit = \"u\"\nsource = \"me\"\ndate = 2026-01-01\n\
                    [[holding]]\nticker = \"AMZN\"\nshares = 12.5\n";
        let built_in = Config::load(None).unwrap().economics;
        let economics = Config::load_with(None, Some(("economics.toml", mine.to_owned()))).unwrap().economics;
        assert_eq!((economics.saving.mid, economics.holdings[0].shares), (0.2, 12.5));
        assert_eq!((economics.gpu_rent, economics.contents), (built_in.gpu_rent, built_in.contents));
    }
}
