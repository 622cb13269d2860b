//! Looking for damage, and mending it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::StoreError;
use super::migrate::format_of;
use super::open::{self, FILE_NAME};
use super::salvage::Salvaged;
use crate::domain::time::Timestamp;

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The database.
    pub path: PathBuf,
    /// Whether there is one at all.
    pub exists: bool,
    /// Its format.
    pub format: u32,
    /// Items in it.
    pub items: u64,
    /// Claims that stand.
    pub claims: u64,
    /// What is wrong, in words; empty when it is sound.
    pub problems: Vec<String>,
}

/// Reads the whole store in `dir` and says what is wrong with it. Changes nothing.
///
/// # Errors
/// The file cannot be opened at all, or was written by a newer program. Damage is no error but part of
/// the report.
pub fn check(dir: &Path) -> Result<Report, StoreError> {
    let path = dir.join(FILE_NAME);
    let mut report = Report {
        path: path.clone(),
        exists: path.exists(),
        format: 0,
        items: 0,
        claims: 0,
        problems: Vec::new(),
    };
    if !report.exists {
        return Ok(report);
    }
    match open::check_header(&path) {
        Ok(()) => {}
        Err(StoreError::Corrupt { detail, .. }) => {
            report.problems.push(detail);
            return Ok(report);
        }
        Err(other) => return Err(other),
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let looked =
        Connection::open_with_flags(&path, flags).and_then(|connection| look(&connection, &mut report));
    if let Err(error) = looked {
        match StoreError::of(&path, &error) {
            StoreError::Corrupt { detail, .. } | StoreError::Invariant(detail) => {
                report.problems.push(detail);
            }
            other => return Err(other),
        }
    }
    Ok(report)
}

fn look(connection: &Connection, report: &mut Report) -> rusqlite::Result<()> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    report.format = format_of(connection)?;
    if report.format == 0 {
        return Ok(());
    }
    // One snapshot: a poll between two statements would look like damage.
    let connection = connection.unchecked_transaction()?;
    let mut problems = connection.prepare("PRAGMA integrity_check(20)")?;
    for line in problems.query_map([], |row| row.get::<_, String>(0))? {
        let line = line?;
        if line != "ok" {
            report.problems.push(line);
        }
    }
    let mut foreign = connection.prepare("PRAGMA foreign_key_check")?;
    let orphans = foreign.query_map([], |row| row.get::<_, String>(0))?.count();
    if orphans > 0 {
        report.problems.push(format!("{orphans} rows refer to something that is not there"));
    }
    for (name, query) in [
        ("items", "SELECT count(*) FROM item"),
        ("stories", "SELECT count(*) FROM item WHERE story = id"),
        ("claims", "SELECT count(*) FROM claim WHERE withdrawn IS NULL"),
    ] {
        let counted: i64 = connection.query_row(query, [], |row| row.get(0))?;
        let kept: i64 =
            connection.query_row("SELECT value FROM counter WHERE name = ?1", [name], |row| row.get(0))?;
        if counted != kept {
            report.problems.push(format!("there are {counted} {name}, the counter says {kept}"));
        }
        match name {
            "items" => report.items = counted as u64,
            "claims" => report.claims = counted as u64,
            _ => {}
        }
    }
    Ok(())
}

/// Keeps the store as it is under another name and saves what can be read into a new one.
///
/// # Errors
/// Another program is polling into the store, or the folder cannot be written.
pub fn repair(dir: &Path, now: Timestamp) -> Result<Salvaged, StoreError> {
    let path = dir.join(FILE_NAME);
    let _lock = open::lock_alone(dir, &path)?;
    let (_, salvaged) = open::replace(&path, now)?;
    Ok(salvaged)
}
