//! Saving what can be read from a damaged store.

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

/// Tables in the order in which they refer to each other.
const TABLES: &[&str] =
    &["feed", "item", "revision", "body", "touch", "claim", "mark", "own", "alert", "poll"];

/// Sets the counters to what there is, and forgets validators: a feed that now has fewer items here
/// than its publisher thinks is to be read whole again.
pub(super) const RECOUNT: &str = "
    UPDATE counter SET value = (SELECT count(*) FROM item) WHERE name = 'items';
    UPDATE counter SET value = (SELECT count(*) FROM item WHERE story = id) WHERE name = 'stories';
    UPDATE counter SET value = (SELECT count(*) FROM claim WHERE withdrawn IS NULL) WHERE name = 'claims';
    UPDATE feed SET etag = NULL, last_modified = NULL, body_digest = NULL,
                    items = (SELECT count(*) FROM item WHERE item.feed = feed.id);
";

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Salvaged {
    /// Where the damaged store is kept.
    pub kept: PathBuf,
    /// Items saved.
    pub items: u64,
    /// Claims saved.
    pub claims: u64,
}

impl Salvaged {
    /// For people.
    pub(super) fn notice(&self, path: &Path, detail: &str) -> String {
        format!(
            "store {} was damaged ({detail}); it is kept as {}, and {} items and {} claims were saved into a new one",
            path.display(),
            self.kept.display(),
            self.items,
            self.claims
        )
    }
}

/// Copies every row of `from` that can be read. Never fails: what cannot be read is not copied.
pub(super) fn copy_readable(from: &Path, to: &mut Connection) -> Salvaged {
    let mut salvaged = Salvaged::default();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let Ok(source) = Connection::open_with_flags(from, flags) else { return salvaged };
    // Rows that refer to a lost one are kept all the same.
    if to.pragma_update(None, "foreign_keys", false).is_err() {
        return salvaged;
    }
    for table in TABLES {
        // Tables keyed by number are read from both ends, and over the gaps that bad pages leave.
        let up = "WHERE rowid > ?1 ORDER BY rowid";
        let down = "WHERE rowid < ?1 ORDER BY rowid DESC";
        let copied = match source.prepare(&format!("SELECT rowid FROM {table} LIMIT 0")) {
            Ok(_) => {
                copy_table(&source, to, table, up, 1).unwrap_or(0)
                    + copy_table(&source, to, table, down, -1).unwrap_or(0)
            }
            Err(_) => copy_table(&source, to, table, "WHERE ?1 = ?1", 0).unwrap_or(0),
        };
        match *table {
            "item" => salvaged.items = copied,
            "claim" => salvaged.claims = copied,
            _ => {}
        }
    }
    to.pragma_update(None, "foreign_keys", true).ok();
    salvaged
}

/// Copies the rows that `order` gives, `way` being 1 for rising row ids, -1 for falling ones and 0 for a
/// table without. At a row that cannot be read it goes on ever further behind it. Counts the rows that
/// were not there yet.
fn copy_table(
    source: &Connection,
    to: &mut Connection,
    table: &str,
    order: &str,
    way: i64,
) -> rusqlite::Result<u64> {
    let mut read = source
        .prepare(&format!("SELECT *, {} FROM {table} {order}", if way == 0 { "0" } else { "rowid" }))?;
    let width = read.column_count() - 1;
    let names: Vec<String> = read.column_names().take(width).map(ToOwned::to_owned).collect();
    let places = vec!["?"; width].join(", ");
    let transaction = to.transaction()?;
    let mut copied = 0;
    {
        let mut write = transaction
            .prepare(&format!("INSERT OR IGNORE INTO {table} ({}) VALUES ({places})", names.join(", ")))?;
        let mut from = if way < 0 { i64::MAX } else { i64::MIN };
        let mut leap = 1_i64;
        loop {
            let mut rows = read.query([from])?;
            let whole = loop {
                let row = match rows.next() {
                    Ok(Some(row)) => row,
                    Ok(None) => break true,
                    Err(_) => break false,
                };
                let values: rusqlite::Result<Vec<Value>> = (0..width).map(|at| row.get(at)).collect();
                if let Ok(at) = row.get::<_, i64>(width) {
                    from = at;
                    leap = 1;
                }
                if let Ok(values) = values {
                    copied += write.execute(rusqlite::params_from_iter(values)).unwrap_or(0) as u64;
                }
            };
            match from.checked_add(way.saturating_mul(leap)) {
                Some(next) if !whole && way != 0 && leap < i64::MAX / 2 => from = next,
                _ => break,
            }
            leap = leap.saturating_mul(2);
        }
    }
    transaction.commit()?;
    Ok(copied)
}
