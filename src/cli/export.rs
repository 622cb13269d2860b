//! `gigawatch export`: the board, the ledger or the items, for a spreadsheet or a script.

use std::io::{self, BufWriter, Write};

use clap::ValueEnum;
use serde_json::{Map, Value, json};

use super::live;
use super::{Exit, Fault, Globals, Outcome};
use crate::domain::claim::{Claim, Subject};
use crate::domain::item::Item;
use crate::domain::time::Day;
use crate::ledger::Ledger;
use crate::ledger::board::LegView;
use crate::ledger::capacity::Figure;
use crate::ledger::model::quantity::Bounds;
use crate::store::Store;

const EXAMPLE: &str = "\
`board` has a row for each leg of each deal, `claims` a row for each claim with the words that it was read
from, `items` a row for each stored item. Shares are permille, sums millions of dollars, capacities MW.

Examples:
  gigawatch export --format md
  gigawatch export claims --format csv > claims.csv
  gigawatch export items --format json | jq '.rows[] | select(.outlet == \"Reuters\") | .title'";

/// Arguments of `export`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// What to export.
    #[arg(value_enum, default_value_t = What::Board)]
    what: What,
    /// In which form.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// The day of the board, all of it, UTC (default: today).
    #[arg(long, value_name = "DATE")]
    as_of: Option<Day>,
}

/// What to export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Every leg of every deal.
    Board,
    /// The ledger.
    Claims,
    /// Stored items.
    Items,
}

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One object with its rows.
    Json,
    /// Comma-separated values with a header.
    Csv,
    /// A Markdown table.
    Md,
}

/// What `--format json` prints: rows of one kind, their members those of the table's columns.
#[derive(schemars::JsonSchema)]
#[expect(dead_code, reason = "rows are written one by one; only the schema is of use")]
pub(super) struct Output {
    /// Version of the form.
    schema: u32,
    /// One object a row, with a member for each column.
    rows: Vec<Map<String, Value>>,
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let mut out = BufWriter::new(io::stdout().lock());
    match args.what {
        What::Board => {
            let ledger = live::ledger(globals)?;
            let as_of = args.as_of.unwrap_or_else(|| live::today(globals));
            let mut table = Table::begin(&mut out, args.format, BOARD)?;
            for row in board_rows(&ledger, as_of) {
                table.row(row)?;
            }
            table.end()?;
        }
        What::Claims => {
            let ledger = live::ledger(globals)?;
            let mut table = Table::begin(&mut out, args.format, CLAIMS)?;
            let books = ledger.books().iter().flat_map(|book| &book.legs);
            let standing = books.flat_map(|leg| &leg.entries).filter(|entry| entry.claim.withdrawn.is_none());
            for entry in standing {
                table.row(claim_row(&entry.claim, entry.live))?;
            }
            table.end()?;
        }
        What::Items => {
            let mut table = Table::begin(&mut out, args.format, ITEMS)?;
            if let Some(store) = live::store_if_any(globals)? {
                items(&mut table, &store)?;
            }
            table.end()?;
        }
    }
    out.flush()?;
    Ok(Exit::Ok)
}

const BOARD: &[&str] = &[
    "deal",
    "name",
    "class",
    "buyer",
    "provider",
    "headline",
    "leg",
    "rung",
    "label",
    "chance",
    "level",
    "momentum",
    "contested",
    "stale_days",
    "due",
    "slip_days",
    "custom_lo",
    "custom_mid",
    "custom_hi",
    "mw_announced",
    "mw_contracted",
    "usd_millions",
    "serving_mid",
    "gap",
    "flags",
];

fn mid(figure: Option<&Figure>) -> Option<i64> {
    figure.map(|figure| figure.value.mid)
}

/// Contract value with what was added to it, in millions; `None` where nobody says.
fn dollars(leg: &LegView) -> Option<i64> {
    [&leg.capacity.usd, &leg.capacity.increment]
        .into_iter()
        .filter_map(|figure| mid(figure.as_ref()))
        .reduce(i64::saturating_add)
}

fn board_rows(ledger: &Ledger, as_of: Day) -> Vec<Vec<Value>> {
    let board = ledger.board(as_of);
    let mut rows = Vec::new();
    for status in &board.deals {
        let share = |part: fn(&Bounds) -> i64| status.contracted.as_ref().map(part);
        for leg in &status.legs {
            let rung = leg.status.rung.index();
            let chance = rung.checked_sub(1).and_then(|at| leg.status.chance.get(at));
            rows.push(vec![
                json!(status.deal.slug),
                json!(status.deal.name),
                json!(status.deal.class),
                json!(status.deal.buyer),
                json!(status.deal.provider),
                json!(status.headline.word()),
                json!(leg.kind.word()),
                json!(rung),
                json!(leg.status.rung.label()),
                json!(chance),
                json!(leg.status.level.word()),
                json!(leg.status.momentum),
                json!(leg.status.contested),
                json!(leg.status.stale),
                json!(leg.status.due()),
                json!(leg.status.slip()),
                json!(share(|share| share.lo)),
                json!(share(|share| share.mid)),
                json!(share(|share| share.hi)),
                json!(mid(leg.capacity.headline.as_ref())),
                json!(mid(leg.capacity.contracted.as_ref())),
                json!(dollars(leg)),
                json!(status.serving.filter(|serving| serving.proven).map(|serving| serving.share.mid)),
                json!(status.gap.reads),
                json!(leg.status.flags.keys().map(|flag| flag.word()).collect::<Vec<_>>().join(" ")),
            ]);
        }
    }
    rows
}

const CLAIMS: &[&str] = &[
    "id",
    "deal",
    "leg",
    "published",
    "known",
    "kind",
    "rung",
    "sign",
    "modality",
    "tier",
    "origin",
    "recap",
    "due",
    "outlet",
    "title",
    "url",
    "words",
    "live",
];

fn claim_row(claim: &Claim, live: bool) -> Vec<Value> {
    let (deal, leg) = match &claim.subject {
        Subject::Leg { deal, leg } => (json!(deal), json!(leg.word())),
        Subject::Programme(id) => (json!(id), Value::Null),
    };
    vec![
        json!(claim.id),
        deal,
        leg,
        json!(claim.published),
        json!(claim.known),
        json!(claim.kind),
        json!(claim.rung.label()),
        json!(claim.sign),
        json!(claim.modality),
        json!(claim.tier),
        json!(claim.origin),
        json!(claim.recap),
        json!(claim.due),
        json!(claim.source.outlet),
        json!(claim.source.title),
        json!(claim.source.url),
        json!(claim.words),
        json!(live),
    ]
}

const ITEMS: &[&str] =
    &["id", "published", "outlet", "tier", "title", "url", "summary", "feed", "first_seen"];

fn item_row(item: &Item) -> Vec<Value> {
    vec![
        json!(item.key),
        json!(item.published),
        json!(item.outlet),
        json!(item.tier),
        json!(item.title),
        json!(item.url),
        json!(item.summary),
        json!(item.feed),
        json!(item.first_seen),
    ]
}

/// Every item, newest first, a page at a time.
fn items(table: &mut Table<'_, impl Write>, store: &Store) -> Result<(), Fault> {
    let mut before = None;
    loop {
        let page = store.newest(before, 1000).wait().map_err(live::store_fault)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        before = Some(*last);
        for (_, item) in &page {
            table.row(item_row(item))?;
        }
    }
}

/// A table that is printed row by row.
struct Table<'a, W: Write> {
    out: &'a mut W,
    format: Format,
    columns: &'static [&'static str],
    rows: usize,
}

impl<'a, W: Write> Table<'a, W> {
    fn begin(out: &'a mut W, format: Format, columns: &'static [&'static str]) -> io::Result<Self> {
        match format {
            Format::Json => write!(out, "{{\"schema\":1,\"rows\":[")?,
            Format::Csv => writeln!(out, "{}", columns.join(","))?,
            Format::Md => {
                writeln!(out, "| {} |", columns.join(" | "))?;
                writeln!(out, "|{}", " --- |".repeat(columns.len()))?;
            }
        }
        Ok(Self { out, format, columns, rows: 0 })
    }

    fn row(&mut self, cells: Vec<Value>) -> io::Result<()> {
        match self.format {
            Format::Json => {
                let object: Map<String, Value> =
                    self.columns.iter().map(|name| (*name).to_owned()).zip(cells).collect();
                self.out.write_all(if self.rows == 0 { b"\n" } else { b",\n" })?;
                serde_json::to_writer(&mut *self.out, &object)?;
            }
            Format::Csv => {
                let cells: Vec<String> = cells.iter().map(csv).collect();
                writeln!(self.out, "{}", cells.join(","))?;
            }
            Format::Md => {
                let cells: Vec<String> = cells.iter().map(markdown).collect();
                writeln!(self.out, "| {} |", cells.join(" | "))?;
            }
        }
        self.rows += 1;
        Ok(())
    }

    fn end(self) -> io::Result<()> {
        if self.format == Format::Json {
            writeln!(self.out, "\n]}}")?;
        }
        Ok(())
    }
}

fn plain(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A cell of RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe in front.
fn csv(cell: &Value) -> String {
    let mut text = plain(cell);
    if cell.is_string() && text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        text.insert(0, '\'');
    }
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// A cell of a Markdown table: on one line, with nothing in it that Markdown acts on.
fn markdown(cell: &Value) -> String {
    let mut text = String::new();
    for c in plain(cell).chars() {
        match c {
            '\n' => text.push(' '),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '!' | '#' => {
                text.push('\\');
                text.push(c);
            }
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_is_given_no_formula() {
        assert_eq!(
            csv(&json!("=HYPERLINK(\"http://evil.example\")")),
            "\"'=HYPERLINK(\"\"http://evil.example\"\")\""
        );
        assert_eq!(csv(&json!("+1 GW")), "'+1 GW");
        assert_eq!(csv(&json!(-5)), "-5");
        assert_eq!(csv(&json!("a, b")), "\"a, b\"");
        assert_eq!(csv(&Value::Null), "");
    }

    #[test]
    fn a_headline_stays_in_its_cell() {
        assert_eq!(markdown(&json!("a|b\n<script> [x](y)")), "a\\|b \\<script\\> \\[x\\](y)");
    }
}
