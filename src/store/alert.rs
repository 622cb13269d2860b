//! The history of alerts, as JSON of the room that made them.

use rusqlite::params;

use super::{Reply, Store};
use crate::domain::time::Timestamp;

/// Alerts older than this many seconds are dropped when another one is kept.
const KEPT: i64 = 400 * 86_400;

impl Store {
    /// The newest `most` alerts, oldest first.
    pub fn alerts(&self, most: u32) -> Reply<Vec<String>> {
        self.read(move |connection| {
            connection
                .prepare_cached(
                    "SELECT json FROM (SELECT at, key, json FROM alert ORDER BY at DESC, key DESC LIMIT ?1)
                     ORDER BY at, key",
                )?
                .query_map([most], |row| row.get(0))?
                .collect()
        })
    }

    /// Keeps an alert; one of the same key is replaced.
    pub fn keep_alert(&self, key: String, at: Timestamp, json: String) -> Reply<()> {
        self.write(move |connection| {
            connection.prepare_cached("DELETE FROM alert WHERE at < ?1")?.execute([at.0 - KEPT])?;
            connection
                .prepare_cached(
                    "INSERT INTO alert VALUES (?1, ?2, ?3)
                     ON CONFLICT (key) DO UPDATE SET at = excluded.at, json = excluded.json",
                )?
                .execute(params![key, at.0, json])?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Mode, Store};
    use crate::domain::time::Timestamp;

    #[test]
    fn the_newest_alerts_come_back_in_order() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), Mode::Use, Timestamp(0)).unwrap();
        for (key, at) in [("b", 20), ("a", 10), ("c", 30)] {
            store.keep_alert(key.into(), Timestamp(at), format!("\"{key}\"")).wait().unwrap();
        }
        store.keep_alert("a".into(), Timestamp(10), "\"again\"".into()).wait().unwrap();
        assert_eq!(store.alerts(2).wait().unwrap(), ["\"b\"", "\"c\""]);
        assert_eq!(store.alerts(9).wait().unwrap(), ["\"again\"", "\"b\"", "\"c\""]);
    }
}
