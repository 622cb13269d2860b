//! Bringing a store to the present format: numbered SQL files, each in one transaction with the number
//! that it leaves behind, so that a store is at the old format or at the new one and never between.

use rusqlite::{Connection, TransactionBehavior};

/// Append-only: a released file is never edited. The format number is the position, from 1.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_start.sql"),
    include_str!("migrations/0002_own.sql"),
    include_str!("migrations/0003_alert.sql"),
    include_str!("migrations/0004_packed.sql"),
];

/// "gWat": tells a store from any other SQLite file.
pub(super) const APPLICATION_ID: i32 = 0x6757_6174;

/// The format of an open store, 0 for an empty file.
pub(super) fn format_of(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Applies what is missing, one transaction a step.
pub(super) fn migrate(connection: &mut Connection, steps: &[&str]) -> rusqlite::Result<()> {
    let from = format_of(connection)? as usize;
    for (index, sql) in steps.iter().enumerate().skip(from) {
        // Another program may have done this very step while we waited for the lock.
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if format_of(&step)? as usize == index {
            step.execute_batch(sql)?;
            step.pragma_update(None, "application_id", APPLICATION_ID)?;
            step.pragma_update(None, "user_version", index as u32 + 1)?;
            step.commit()?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(connection: &Connection) -> Vec<String> {
        let mut names = connection.prepare("SELECT name FROM sqlite_schema ORDER BY name").unwrap();
        names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn an_empty_file_comes_to_the_present_format_and_stays_there() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, MIGRATIONS).unwrap();
        let first = tables(&connection);
        assert!(first.contains(&"item".to_owned()));
        migrate(&mut connection, MIGRATIONS).unwrap();
        assert_eq!(tables(&connection), first);
        assert_eq!(format_of(&connection).unwrap() as usize, MIGRATIONS.len());
    }

    #[test]
    fn a_step_that_fails_leaves_the_format_before_it() {
        let mut connection = Connection::open_in_memory().unwrap();
        let steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x); CREATE TABLE a (x)", "CREATE TABLE c (x)"];
        assert!(migrate(&mut connection, &steps).is_err());
        assert_eq!(format_of(&connection).unwrap(), 1);
        assert_eq!(tables(&connection), ["a"]);
        migrate(&mut connection, &["CREATE TABLE a (x)", "CREATE TABLE b (x)"]).unwrap();
        assert_eq!(tables(&connection), ["a", "b"]);
    }
}
