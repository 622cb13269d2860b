//! One poll, one transaction: the feed's validators and health, its new items, their claims and signals.

use rusqlite::{Connection, params};

use super::claim::{append, count, supersede};
use super::feed::save;
use super::item::{Body, insert, revise, save_body};
use super::{FeedState, Reply, Store};
use crate::domain::claim::Claim;
use crate::domain::item::{Item, ItemKey};
use crate::domain::time::Timestamp;

/// Everything that one poll leaves behind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PollCommit {
    /// The feed after the poll. `None` for items that came from elsewhere.
    pub state: Option<FeedState>,
    /// The attempt.
    pub log: Option<PollLog>,
    /// Items that were not stored yet.
    pub new: Vec<NewItem>,
    /// Items whose text changed.
    pub revised: Vec<Revised>,
    /// When.
    pub now: Timestamp,
}

/// One attempt to poll a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PollLog {
    /// The feed's id.
    pub feed: String,
    /// When it began.
    pub at: Timestamp,
    /// Outcome in one word.
    pub kind: String,
    /// Outcome in words.
    pub detail: String,
    /// How long it took.
    pub millis: u64,
    /// Size of the decoded document.
    pub bytes: u64,
    /// Items in the document.
    pub seen: u64,
    /// Items that were new.
    pub new: u64,
}

/// An item to store with all that was read from it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewItem {
    /// The item.
    pub item: Item,
    /// The first item of the story that it repeats, if it does.
    pub story: Option<ItemKey>,
    /// Deals and programmes that it touches.
    pub subjects: Vec<String>,
    /// What it claims.
    pub claims: Vec<Claim>,
    /// What came of asking for its linked page, if that was done.
    pub body: Option<Body>,
}

/// A stored item with its new text and what was read from that.
#[derive(Clone, Debug, PartialEq)]
pub struct Revised {
    /// The item with its new text.
    pub item: Item,
    /// Deals and programmes that it touches.
    pub subjects: Vec<String>,
    /// What it claims now.
    pub claims: Vec<Claim>,
}

/// What was really written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// New items.
    pub items: usize,
    /// Items of which a new text was stored.
    pub revised: usize,
    /// New stories.
    pub stories: usize,
    /// New claims.
    pub claims: usize,
}

/// Attempts kept in the log.
const MAX_LOG: i64 = 20_000;

impl Store {
    /// Writes a poll, all of it or nothing.
    pub fn commit(&self, poll: PollCommit) -> Reply<Committed> {
        self.write(move |transaction| write(transaction, &poll))
    }

    /// The newest attempts, newest first; of one feed if `feed` is given.
    pub fn polls(&self, feed: Option<String>, limit: u32) -> Reply<Vec<PollLog>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT feed, at, kind, detail, millis, bytes, seen, new FROM poll
                 WHERE ?1 IS NULL OR feed = ?1 ORDER BY id DESC LIMIT ?2",
            )?;
            let number = |row: &rusqlite::Row<'_>, at: usize| row.get::<_, i64>(at).map(|n| n as u64);
            statement
                .query_map(params![feed, limit], |row| {
                    Ok(PollLog {
                        feed: row.get(0)?,
                        at: Timestamp(row.get(1)?),
                        kind: row.get(2)?,
                        detail: row.get(3)?,
                        millis: number(row, 4)?,
                        bytes: number(row, 5)?,
                        seen: number(row, 6)?,
                        new: number(row, 7)?,
                    })
                })?
                .collect()
        })
    }

    /// Stores what came of asking for an item's linked page, with everything that the item says now.
    pub fn add_body(
        &self,
        item: ItemKey,
        body: Body,
        subjects: Vec<String>,
        claims: Vec<Claim>,
    ) -> Reply<Committed> {
        self.write(move |connection| {
            let mut done = Committed::default();
            let Some(id) = super::item::id_of(connection, &super::item::key_bytes(&item))? else {
                return Ok(done);
            };
            save_body(connection, id, &body)?;
            done.claims = supersede(connection, id, &claims, body.at)?;
            link(connection, id, &subjects)?;
            tally(connection, done)?;
            Ok(done)
        })
    }
}

fn write(connection: &Connection, poll: &PollCommit) -> rusqlite::Result<Committed> {
    let mut done = Committed::default();
    if let Some(state) = &poll.state {
        save(connection, state)?;
    }
    for new in &poll.new {
        let Some(id) = insert(connection, &new.item, new.story.as_ref())? else { continue };
        done.items += 1;
        done.stories += usize::from(new.story.is_none());
        done.claims += append(connection, id, &new.claims)?;
        link(connection, id, &new.subjects)?;
        if let Some(body) = &new.body {
            save_body(connection, id, body)?;
        }
    }
    for revised in &poll.revised {
        let Some(id) = revise(connection, &revised.item, poll.now)? else { continue };
        done.revised += 1;
        done.claims += supersede(connection, id, &revised.claims, poll.now)?;
        link(connection, id, &revised.subjects)?;
    }
    if let Some(state) = &poll.state
        && done.items > 0
    {
        connection
            .prepare_cached("UPDATE feed SET items = items + ?2 WHERE id = ?1")?
            .execute(params![state.id, done.items as i64])?;
    }
    tally(connection, done)?;
    if let Some(log) = &poll.log {
        write_log(connection, log, done.items as u64)?;
    }
    Ok(done)
}

/// Notes which deals and programmes an item touches.
fn link(connection: &Connection, item: i64, subjects: &[String]) -> rusqlite::Result<()> {
    for subject in subjects {
        connection
            .prepare_cached("INSERT OR IGNORE INTO touch (subject, item) VALUES (?1, ?2)")?
            .execute(params![subject, item])?;
    }
    Ok(())
}

fn tally(connection: &Connection, done: Committed) -> rusqlite::Result<()> {
    let rows = [("items", done.items), ("stories", done.stories), ("claims", done.claims)];
    for (name, by) in rows.into_iter().filter(|(_, by)| *by > 0) {
        count(connection, name, by as i64)?;
    }
    Ok(())
}

fn write_log(connection: &Connection, log: &PollLog, new: u64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO poll (feed, at, kind, detail, millis, bytes, seen, new)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            log.feed,
            log.at.0,
            log.kind,
            log.detail,
            log.millis as i64,
            log.bytes as i64,
            log.seen as i64,
            new as i64,
        ])?;
    let id = connection.last_insert_rowid();
    if id % 256 == 0 {
        connection.prepare_cached("DELETE FROM poll WHERE id <= ?1")?.execute([id - MAX_LOG])?;
    }
    Ok(())
}
