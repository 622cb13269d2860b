//! The ledger's rows: append-only.

use rusqlite::{Connection, OptionalExtension, params};

use super::packed::{pack, unpack};
use super::{Reply, Store};
use crate::domain::claim::{Claim, Subject};
use crate::domain::time::{Day, Timestamp};

impl Store {
    /// Every claim ever read, those that were taken back with the day on which they were: what stood on a
    /// day follows from that.
    pub fn claims(&self) -> Reply<Vec<Claim>> {
        self.read(|connection| {
            let rows = Rows::read(connection)?;
            let (mut claims, unread) = rows.unpack();
            let stored: i64 = connection.query_row("SELECT count(*) FROM claim", [], |row| row.get(0))?;
            if !unread.is_empty() || stored != rows.ends.len() as i64 {
                unpacked(connection, &unread, &mut claims)?;
            }
            Ok(claims)
        })
    }
}

/// Rows of claims in short, end to end.
#[derive(Default)]
struct Rows {
    bytes: Vec<u8>,
    /// Of each row the claim, the day on which it was withdrawn, and where it ends.
    ends: Vec<(i64, Option<Day>, usize)>,
}

/// Rows that are worth a thread.
const ROWS_A_THREAD: usize = 4_096;

impl Rows {
    fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let mut statement =
            connection.prepare_cached("SELECT id, withdrawn, row FROM claim_packed ORDER BY id")?;
        let mut found = statement.query([])?;
        let mut rows = Self::default();
        while let Some(row) = found.next()? {
            rows.bytes.extend_from_slice(row.get_ref(2)?.as_blob()?);
            let withdrawn = row.get::<_, Option<i32>>(1)?.map(Day);
            rows.ends.push((row.get(0)?, withdrawn, rows.bytes.len()));
        }
        Ok(rows)
    }

    /// The claims, and the ids of those rows that say none.
    fn unpack(&self) -> (Vec<Claim>, Vec<i64>) {
        let part = |from: usize, to: usize| {
            let mut start = from.checked_sub(1).map_or(0, |before| self.ends[before].2);
            let (mut claims, mut unread) = (Vec::with_capacity(to - from), Vec::new());
            for &(id, withdrawn, end) in &self.ends[from..to] {
                match unpack(&self.bytes[start..end], withdrawn) {
                    Some(claim) => claims.push(claim),
                    None => unread.push(id),
                }
                start = end;
            }
            (claims, unread)
        };
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let count = self.ends.len();
        let parts = processors.min(count / ROWS_A_THREAD).max(1);
        std::thread::scope(|scope| {
            let part = &part;
            let bounds = |n: usize| (count * n / parts, count * (n + 1) / parts);
            let others: Vec<_> =
                (1..parts).map(bounds).map(|(from, to)| scope.spawn(move || part(from, to))).collect();
            let (from, to) = bounds(0);
            let (mut claims, mut unread) = part(from, to);
            for (n, other) in others.into_iter().enumerate() {
                // A thread that broke has read nothing: its rows are read from their JSON.
                let (more, bad) = other.join().unwrap_or_else(|_| {
                    let (from, to) = bounds(n + 1);
                    (Vec::new(), self.ends[from..to].iter().map(|row| row.0).collect())
                });
                claims.extend(more);
                unread.extend(bad);
            }
            (claims, unread)
        })
    }
}

/// Reads from their JSON the claims that have no row in short, and those in `unread`, whose row is of
/// another version or damaged.
fn unpacked(connection: &Connection, unread: &[i64], claims: &mut Vec<Claim>) -> rusqlite::Result<()> {
    let ids = serde_json::to_string(unread).unwrap_or_default();
    let mut statement = connection.prepare_cached(
        "SELECT json, withdrawn FROM claim
         WHERE id NOT IN (SELECT id FROM claim_packed) OR id IN (SELECT value FROM json_each(?1)) ORDER BY id",
    )?;
    let rows =
        statement.query_map([ids], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<i32>>(1)?)))?;
    for row in rows {
        let (json, withdrawn) = row?;
        match serde_json::from_str(&json) {
            Ok(claim) => claims.push(Claim { withdrawn: withdrawn.map(Day), ..claim }),
            Err(error) => tracing::warn!(%error, "a stored claim cannot be read and is left out"),
        }
    }
    Ok(())
}

/// Appends the claims of an item. Gives the number of those that were not there.
pub(super) fn append(connection: &Connection, item: i64, claims: &[Claim]) -> rusqlite::Result<usize> {
    let mut new = 0;
    for claim in claims {
        new += insert(connection, item, &claim.id, claim)?;
    }
    Ok(new)
}

fn insert(connection: &Connection, item: i64, name: &str, claim: &Claim) -> rusqlite::Result<usize> {
    let json =
        serde_json::to_string(claim).map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
    let inserted = connection
        .prepare_cached(
            "INSERT INTO claim (name, item, deal, published, known, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![name, item, subject_of(claim), claim.published.0, claim.known.0, json])?;
    if inserted == 1 {
        connection
            .prepare_cached("INSERT OR REPLACE INTO claim_packed (id, row) VALUES (?1, ?2)")?
            .execute(params![connection.last_insert_rowid(), pack(claim)])?;
    }
    Ok(inserted)
}

/// Replaces what was read from an item by what its new text says: claims that still stand stay as they
/// are, those whose words are gone are marked as withdrawn, new ones are appended.
pub(super) fn supersede(
    connection: &Connection,
    item: i64,
    claims: &[Claim],
    now: Timestamp,
) -> rusqlite::Result<usize> {
    let standing: Vec<(i64, String)> = connection
        .prepare_cached("SELECT id, json FROM claim WHERE item = ?1 AND withdrawn IS NULL")?
        .query_map([item], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut kept = vec![false; claims.len()];
    for (id, json) in standing {
        let old: Option<Claim> = serde_json::from_str(&json).ok();
        let same = claims.iter().position(|claim| old.as_ref().is_some_and(|old| says_the_same(old, claim)));
        if let Some(at) = same {
            kept[at] = true;
            continue;
        }
        for sql in [
            "UPDATE claim SET withdrawn = ?2 WHERE id = ?1",
            "UPDATE claim_packed SET withdrawn = ?2 WHERE id = ?1",
        ] {
            connection.prepare_cached(sql)?.execute(params![id, now.day().0])?;
        }
        count(connection, "claims", -1)?;
    }
    let mut new = 0;
    for (claim, _) in claims.iter().zip(kept).filter(|(_, kept)| !kept) {
        let mut name = claim.id.clone();
        let mut n = 1;
        while connection
            .prepare_cached("SELECT 1 FROM claim WHERE name = ?1")?
            .query_row([&name], |_| Ok(()))
            .optional()?
            .is_some()
        {
            n += 1;
            name = format!("{}~{n}", claim.id);
        }
        let claim = Claim { id: name.clone(), known: now.day().max(claim.published), ..claim.clone() };
        new += insert(connection, item, &name, &claim)?;
    }
    Ok(new)
}

/// Equal in all that the model looks at; when it became known and where the words lie may differ.
fn says_the_same(old: &Claim, new: &Claim) -> bool {
    Claim {
        id: old.id.clone(),
        known: old.known,
        source: old.source.clone(),
        words: old.words.clone(),
        spans: old.spans.clone(),
        rule: old.rule.clone(),
        story: old.story.clone(),
        carrier: old.carrier,
        origin: old.origin.clone(),
        ..new.clone()
    } == *old
}

fn subject_of(claim: &Claim) -> &str {
    match &claim.subject {
        Subject::Leg { deal, .. } => deal.as_str(),
        Subject::Programme(id) => id,
    }
}

/// Moves a counter.
pub(super) fn count(connection: &Connection, name: &str, by: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE counter SET value = value + ?2 WHERE name = ?1")?
        .execute(params![name, by])?;
    Ok(())
}
