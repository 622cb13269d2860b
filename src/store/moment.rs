//! How much there is, and named moments.

use rusqlite::{OptionalExtension, params};

use super::{Reply, Store};
use crate::domain::time::Timestamp;

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Items.
    pub items: u64,
    /// Stories.
    pub stories: u64,
    /// Claims that stand.
    pub claims: u64,
}

impl Store {
    /// How much there is, without counting it.
    pub fn counters(&self) -> Reply<Counters> {
        self.read(|connection| {
            let mut counters = Counters::default();
            let mut statement = connection.prepare_cached("SELECT name, value FROM counter")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let value = row.get::<_, i64>(1)?.max(0) as u64;
                match row.get_ref(0)?.as_str()? {
                    "items" => counters.items = value,
                    "stories" => counters.stories = value,
                    "claims" => counters.claims = value,
                    _ => {}
                }
            }
            Ok(counters)
        })
    }

    /// A named moment, such as `last-look`.
    pub fn mark(&self, name: &'static str) -> Reply<Option<Timestamp>> {
        self.read(move |connection| {
            connection
                .prepare_cached("SELECT at FROM mark WHERE name = ?1")?
                .query_row([name], |row| row.get(0).map(Timestamp))
                .optional()
        })
    }

    /// Sets a named moment.
    pub fn set_mark(&self, name: &'static str, at: Timestamp) -> Reply<()> {
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO mark VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET at = excluded.at",
                )?
                .execute(params![name, at.0])?;
            Ok(())
        })
    }
}
