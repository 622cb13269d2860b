//! What the user did to deals and alerts: pins, notes, muted, read, acknowledged.

use rusqlite::params;

use super::{Reply, Store};

impl Store {
    /// Everything the user did: kind, subject, value.
    pub fn own(&self) -> Reply<Vec<(String, String, String)>> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT kind, subject, value FROM own ORDER BY kind, subject")?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect()
        })
    }

    /// Keeps what the user did to a subject; `None` takes it away.
    pub fn keep(&self, kind: &'static str, subject: String, value: Option<String>) -> Reply<()> {
        self.write(move |connection| {
            match &value {
                Some(value) => connection
                    .prepare_cached(
                        "INSERT INTO own VALUES (?1, ?2, ?3)
                         ON CONFLICT (kind, subject) DO UPDATE SET value = excluded.value",
                    )?
                    .execute(params![kind, subject, value])?,
                None => connection
                    .prepare_cached("DELETE FROM own WHERE kind = ?1 AND subject = ?2")?
                    .execute(params![kind, subject])?,
            };
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Mode, Store};
    use crate::domain::time::Timestamp;

    #[test]
    fn what_was_done_is_kept_replaced_and_taken_away() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), Mode::Use, Timestamp(0)).unwrap();
        store.keep("note", "a".into(), Some("one".into())).wait().unwrap();
        store.keep("note", "a".into(), Some("two".into())).wait().unwrap();
        store.keep("pin", "b".into(), Some(String::new())).wait().unwrap();
        store.keep("pin", "b".into(), None).wait().unwrap();
        assert_eq!(store.own().wait().unwrap(), [("note".into(), "a".into(), "two".into())]);
    }
}
