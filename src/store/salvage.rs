//! Saving what can be read from a damaged store.

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

/// Tables in the order in which they refer to each other.
const TABLES: &[&str] =
    &["feed", "item", "revision", "body", "touch", "claim", "signal", "seen", "mark", "poll"];

/// Sets the counters to what there is, and forgets validators: a feed that now has fewer items here
/// than its publisher thinks is to be read whole again.
pub(super) const RECOUNT: &str = "
    UPDATE counter SET value = (SELECT count(*) FROM item) WHERE name = 'items';
    UPDATE counter SET value = (SELECT count(*) FROM item WHERE story = id) WHERE name = 'stories';
    UPDATE counter SET value = (SELECT count(*) FROM claim WHERE withdrawn IS NULL) WHERE name = 'claims';
    UPDATE counter SET value = (SELECT count(*) FROM signal) WHERE name = 'signals';
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

/// Copies every row of `from` that can be read. A table is read from both ends, so that one bad page
/// in the middle costs only what lies on it. Never fails: what cannot be read is not copied.
pub(super) fn copy_readable(from: &Path, to: &mut Connection) -> Salvaged {
    let mut salvaged = Salvaged::default();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let Ok(source) = Connection::open_with_flags(from, flags) else { return salvaged };
    // Rows that refer to a lost one are kept all the same.
    if to.pragma_update(None, "foreign_keys", false).is_err() {
        return salvaged;
    }
    for table in TABLES {
        let mut copied = 0;
        for order in ["", " ORDER BY rowid DESC"] {
            copied += copy_table(&source, to, table, order).unwrap_or(0);
        }
        match *table {
            "item" => salvaged.items = copied,
            "claim" => salvaged.claims = copied,
            _ => {}
        }
    }
    to.pragma_update(None, "foreign_keys", true).ok();
    salvaged
}

/// Copies rows until the first that cannot be read. Counts those that were not there yet.
fn copy_table(source: &Connection, to: &mut Connection, table: &str, order: &str) -> rusqlite::Result<u64> {
    let mut read = source.prepare(&format!("SELECT * FROM {table}{order}"))?;
    let names: Vec<String> = read.column_names().map(ToOwned::to_owned).collect();
    let places = vec!["?"; names.len()].join(", ");
    let transaction = to.transaction()?;
    let mut copied = 0;
    {
        let mut write = transaction
            .prepare(&format!("INSERT OR IGNORE INTO {table} ({}) VALUES ({places})", names.join(", ")))?;
        let mut rows = read.query([])?;
        while let Ok(Some(row)) = rows.next() {
            let values: rusqlite::Result<Vec<Value>> = (0..names.len()).map(|at| row.get(at)).collect();
            let Ok(values) = values else { continue };
            copied += write.execute(rusqlite::params_from_iter(values)).unwrap_or(0) as u64;
        }
    }
    transaction.commit()?;
    Ok(copied)
}
