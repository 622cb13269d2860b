//! The ledger's rows: append-only.

use rusqlite::{Connection, OptionalExtension, params};

use super::{Reply, Store};
use crate::domain::claim::{Claim, Subject};
use crate::domain::time::{Day, Timestamp};

impl Store {
    /// Every claim ever read, those that were taken back with the day on which they were: what stood on a
    /// day follows from that.
    pub fn claims(&self) -> Reply<Vec<Claim>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT json, withdrawn FROM claim ORDER BY id")?;
            let rows = statement
                .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<i32>>(1)?)))?;
            let mut claims = Vec::new();
            for row in rows {
                let (json, withdrawn) = row?;
                match serde_json::from_str(&json) {
                    Ok(claim) => claims.push(Claim { withdrawn: withdrawn.map(Day), ..claim }),
                    Err(error) => tracing::warn!(%error, "a stored claim cannot be read and is left out"),
                }
            }
            Ok(claims)
        })
    }
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
    connection
        .prepare_cached(
            "INSERT INTO claim (name, item, deal, published, known, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![name, item, subject_of(claim), claim.published.0, claim.known.0, json])
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
        connection
            .prepare_cached("UPDATE claim SET withdrawn = ?2 WHERE id = ?1")?
            .execute(params![id, now.day().0])?;
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
