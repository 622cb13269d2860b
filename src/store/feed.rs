//! What is remembered of a feed between polls.

use rusqlite::{Connection, Row, named_params};

use super::{Reply, Store};
use crate::domain::time::Timestamp;
use crate::domain::validator::Validators;

/// A permanent move that has been announced and is not yet believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Where to.
    pub target: String,
    /// By how many polls in a row.
    pub polls: u32,
    /// Since when.
    pub since: Timestamp,
}

/// What is remembered of a feed between polls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedState {
    /// The configuration's id.
    pub id: String,
    /// The configured address that all this belongs to.
    pub url: String,
    /// For the next conditional request.
    pub validators: Option<Validators>,
    /// When a whole document was last read.
    pub full_at: Option<Timestamp>,
    /// SHA-256 of that document.
    pub body_digest: Option<Vec<u8>>,
    /// Where the feed now lives, if it moved for good.
    pub moved_to: Option<String>,
    /// A move that is not yet believed.
    pub moving: Option<Move>,
    /// Last attempt.
    pub last_at: Option<Timestamp>,
    /// Its outcome in one word (a failure's kind, `ok` or `not-modified`).
    pub last_kind: String,
    /// Its outcome in words, with what to do; empty when it went well.
    pub last_detail: String,
    /// Last attempt that went well.
    pub last_ok: Option<Timestamp>,
    /// When to try next.
    pub next_at: Option<Timestamp>,
    /// Failures in a row.
    pub failures: u32,
    /// 410 answers in a row.
    pub gone: u32,
    /// Gone for good: not polled on its own any more.
    pub paused: bool,
    /// Publication time of its newest item.
    pub newest: Option<Timestamp>,
    /// How far its items usually lie apart, in seconds.
    pub habit: Option<i64>,
    /// Items in the last whole document.
    pub entries: u64,
    /// Items stored from it.
    pub items: u64,
}

impl FeedState {
    /// A feed that was never polled.
    pub fn new(id: &str, url: &str) -> Self {
        Self { id: id.to_owned(), url: url.to_owned(), ..Self::default() }
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let time = |name: &str| row.get::<_, Option<i64>>(name).map(|at| at.map(Timestamp));
        let text = |name: &str| row.get::<_, Option<String>>(name);
        let (etag, last_modified) = (text("etag")?, text("last_modified")?);
        let moving = match (text("move_target")?, time("move_since")?) {
            (Some(target), Some(since)) => Some(Move { target, since, polls: row.get("move_polls")? }),
            _ => None,
        };
        Ok(Self {
            id: row.get("id")?,
            url: row.get("url")?,
            validators: text("validated_url")?
                .filter(|_| etag.is_some() || last_modified.is_some())
                .map(|url| Validators { etag, last_modified, url }),
            full_at: time("full_at")?,
            body_digest: row.get("body_digest")?,
            moved_to: text("moved_to")?,
            moving,
            last_at: time("last_at")?,
            last_kind: text("last_kind")?.unwrap_or_default(),
            last_detail: text("last_detail")?.unwrap_or_default(),
            last_ok: time("last_ok")?,
            next_at: time("next_at")?,
            failures: row.get("failures")?,
            gone: row.get("gone")?,
            paused: row.get("paused")?,
            newest: time("newest_at")?,
            habit: row.get("habit_s")?,
            entries: row.get::<_, i64>("entries")? as u64,
            items: row.get::<_, i64>("items")? as u64,
        })
    }
}

impl Store {
    /// Every feed that was ever polled, by id.
    pub fn feeds(&self) -> Reply<Vec<FeedState>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT * FROM feed ORDER BY id")?;
            statement.query_map([], FeedState::read)?.collect()
        })
    }
}

/// Writes a feed's state, leaving its item counter to the inserts.
pub(super) fn save(connection: &Connection, state: &FeedState) -> rusqlite::Result<()> {
    let seconds = |at: Option<Timestamp>| at.map(|at| at.0);
    let validators = state.validators.as_ref();
    let moving = state.moving.as_ref();
    connection
        .prepare_cached(
            "INSERT INTO feed (id, url, etag, last_modified, validated_url, full_at, body_digest, moved_to,
                               move_target, move_polls, move_since, last_at, last_kind, last_detail, last_ok,
                               next_at, failures, gone, paused, newest_at, habit_s, entries)
             VALUES (:id, :url, :etag, :last_modified, :validated_url, :full_at, :body_digest, :moved_to,
                     :move_target, :move_polls, :move_since, :last_at, :last_kind, :last_detail, :last_ok,
                     :next_at, :failures, :gone, :paused, :newest_at, :habit_s, :entries)
             ON CONFLICT (id) DO UPDATE SET
               url = excluded.url, etag = excluded.etag, last_modified = excluded.last_modified,
               validated_url = excluded.validated_url, full_at = excluded.full_at,
               body_digest = excluded.body_digest, moved_to = excluded.moved_to,
               move_target = excluded.move_target, move_polls = excluded.move_polls,
               move_since = excluded.move_since, last_at = excluded.last_at, last_kind = excluded.last_kind,
               last_detail = excluded.last_detail, last_ok = excluded.last_ok, next_at = excluded.next_at,
               failures = excluded.failures, gone = excluded.gone, paused = excluded.paused,
               newest_at = excluded.newest_at, habit_s = excluded.habit_s, entries = excluded.entries",
        )?
        .execute(named_params! {
            ":id": state.id,
            ":url": state.url,
            ":etag": validators.and_then(|v| v.etag.as_deref()),
            ":last_modified": validators.and_then(|v| v.last_modified.as_deref()),
            ":validated_url": validators.map(|v| v.url.as_str()),
            ":full_at": seconds(state.full_at),
            ":body_digest": state.body_digest,
            ":moved_to": state.moved_to,
            ":move_target": moving.map(|m| m.target.as_str()),
            ":move_polls": moving.map_or(0, |m| m.polls),
            ":move_since": moving.map(|m| m.since.0),
            ":last_at": seconds(state.last_at),
            ":last_kind": state.last_kind,
            ":last_detail": state.last_detail,
            ":last_ok": seconds(state.last_ok),
            ":next_at": seconds(state.next_at),
            ":failures": state.failures,
            ":gone": state.gone,
            ":paused": state.paused,
            ":newest_at": seconds(state.newest),
            ":habit_s": state.habit,
            ":entries": state.entries as i64,
        })?;
    Ok(())
}
