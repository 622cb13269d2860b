//! The wire, the counters and what the reader did: marks, opened items, acknowledged signals.

use rusqlite::{OptionalExtension, params};

use super::item::{id_at, key_bytes, key_from};
use super::{Reply, Store};
use crate::domain::item::ItemKey;
use crate::domain::time::Timestamp;

/// Which lines of the wire to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WireQuery {
    /// Of this deal or programme only.
    pub subject: Option<String>,
    /// Published at this time or later.
    pub since: Option<Timestamp>,
    /// Seen here at this time or later.
    pub seen_since: Option<Timestamp>,
    /// Of at least this priority.
    pub priority: u16,
    /// Not acknowledged yet.
    pub open: bool,
    /// At most so many, newest first.
    pub limit: u32,
}

/// One line of the wire as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalRow {
    /// Number of the line.
    pub id: i64,
    /// The item that it was read from.
    pub item: ItemKey,
    /// The deal or programme.
    pub subject: String,
    /// When it was published.
    pub at: Timestamp,
    /// When it was seen here.
    pub seen: Timestamp,
    /// 0 to 100.
    pub priority: u16,
    /// The line as data.
    pub json: String,
    /// Items that tell the same story, this one included.
    pub copies: u32,
    /// Whether it was acknowledged.
    pub acked: bool,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Items.
    pub items: u64,
    /// Stories.
    pub stories: u64,
    /// Claims that stand.
    pub claims: u64,
    /// Signals.
    pub signals: u64,
}

impl Store {
    /// Lines of the wire, newest first.
    pub fn wire(&self, query: WireQuery) -> Reply<Vec<SignalRow>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT signal.id, item.key, signal.subject, signal.at, signal.seen, signal.priority, signal.json,
                        signal.acked IS NOT NULL,
                        1 + (SELECT count(*) FROM item AS copy WHERE copy.story = item.id AND copy.story <> copy.id)
                 FROM signal JOIN item ON item.id = signal.item
                 WHERE (?1 IS NULL OR signal.subject = ?1) AND signal.at >= ?2 AND signal.seen >= ?3
                   AND signal.priority >= ?4 AND (NOT ?5 OR signal.acked IS NULL)
                 ORDER BY signal.at DESC, signal.id DESC LIMIT ?6",
            )?;
            let earliest = |at: Option<Timestamp>| at.map_or(i64::MIN, |at| at.0);
            statement
                .query_map(
                    params![
                        query.subject,
                        earliest(query.since),
                        earliest(query.seen_since),
                        query.priority,
                        query.open,
                        query.limit
                    ],
                    |row| {
                        Ok(SignalRow {
                            id: row.get(0)?,
                            item: key_from(&row.get::<_, Vec<u8>>(1)?),
                            subject: row.get(2)?,
                            at: Timestamp(row.get(3)?),
                            seen: Timestamp(row.get(4)?),
                            priority: row.get(5)?,
                            json: row.get(6)?,
                            acked: row.get(7)?,
                            copies: row.get(8)?,
                        })
                    },
                )?
                .collect()
        })
    }

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
                    "signals" => counters.signals = value,
                    _ => {}
                }
            }
            Ok(counters)
        })
    }

    /// Acknowledges lines of the wire.
    pub fn acknowledge(&self, signals: Vec<i64>, now: Timestamp) -> Reply<()> {
        self.write(move |connection| {
            for id in &signals {
                connection
                    .prepare_cached("UPDATE signal SET acked = ?2 WHERE id = ?1 AND acked IS NULL")?
                    .execute(params![id, now.0])?;
            }
            Ok(())
        })
    }

    /// Remembers that an item was opened.
    pub fn mark_read(&self, key: &ItemKey, now: Timestamp) -> Reply<()> {
        let key = key_bytes(key);
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO seen (item, at) SELECT id, ?2 FROM item WHERE key = ?1",
                )?
                .execute(params![key.as_slice(), now.0])?;
            Ok(())
        })
    }

    /// Keys of opened items published at `since` or later.
    pub fn read_items(&self, since: Timestamp) -> Reply<Vec<ItemKey>> {
        self.read(move |connection| {
            connection
                .prepare_cached(
                    "SELECT key FROM seen JOIN item ON item.id = seen.item WHERE seen.item >= ?1",
                )?
                .query_map([id_at(since)], |row| row.get::<_, Vec<u8>>(0).map(|key| key_from(&key)))?
                .collect()
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
