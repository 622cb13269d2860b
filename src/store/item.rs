//! Items: finding out which are new, writing them, reading them back.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

use super::{Reply, Store};
use crate::domain::item::{Item, ItemKey};
use crate::domain::outlet::Tier;
use crate::domain::text::DisplayText;
use crate::domain::time::Timestamp;

/// An item whose page has not been asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    /// The item.
    pub item: Item,
    /// It touches a deal as it stands.
    pub touches: bool,
}

/// What the store knows of an item that was just read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not stored yet. `story` is the story of an item with the same address, if there is one.
    New {
        /// Key of that story's first item.
        story: Option<ItemKey>,
    },
    /// Stored as it is.
    Same,
    /// Stored with another text.
    Revised {
        /// The text of its page, if that was read.
        text: Option<DisplayText>,
    },
}

/// One change that a publisher made to an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// When it was seen here.
    pub at: Timestamp,
    /// Before.
    pub old_title: DisplayText,
    /// Before.
    pub old_summary: DisplayText,
    /// After.
    pub new_title: DisplayText,
    /// After.
    pub new_summary: DisplayText,
}

/// What came of asking for an item's linked page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// When it was asked for.
    pub at: Timestamp,
    /// Outcome in one word, `ok` when there is a text.
    pub kind: String,
    /// The address that answered.
    pub url: String,
    /// The page's readable text.
    pub text: Option<DisplayText>,
}

/// Revisions kept of one item: a title that flaps for weeks must not fill the disk.
const MAX_REVISIONS: i64 = 16;

impl Store {
    /// Compares items with what is stored. Gives the items back with a standing for each.
    pub fn standing(&self, items: Vec<Item>) -> Reply<(Vec<Item>, Vec<Standing>)> {
        self.read(move |connection| {
            let standings = items.iter().map(|item| standing(connection, item)).collect::<Result<_, _>>()?;
            Ok((items, standings))
        })
    }

    /// The newest items, at most `limit`, newest first; only those before `before` in that order, which
    /// is the row id of the last item of the page before.
    pub fn newest(&self, before: Option<i64>, limit: u32) -> Reply<Vec<(i64, Item)>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM item LEFT JOIN body ON body.item = item.id
                 WHERE item.id < ?1 ORDER BY item.id DESC LIMIT ?2"
            ))?;
            statement.query_map(params![before.unwrap_or(i64::MAX), limit], read_with_id)?.collect()
        })
    }

    /// The newest items, newest first, each with the key of its story's first item.
    pub fn recent_stories(&self, limit: u32) -> Reply<Vec<(Item, ItemKey)>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS}, head.key FROM item LEFT JOIN body ON body.item = -1
                 JOIN item AS head ON head.id = item.story ORDER BY item.id DESC LIMIT ?1"
            ))?;
            let rows = statement.query_map([limit], |row| {
                let (_, item) = read_with_id(row)?;
                Ok((item, key_from(&row.get::<_, Vec<u8>>(12)?)))
            })?;
            rows.collect()
        })
    }

    /// Items first seen at `since` or later whose page has not been asked for: those that touch a deal, newest
    /// first, then what was published since then by outlets of the best tier. Of a filing only the document
    /// says what it is about.
    pub fn without_body(&self, since: Timestamp, limit: u32) -> Reply<Vec<Unread>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS}, EXISTS (SELECT 1 FROM touch WHERE touch.item = item.id) AS touches
                 FROM item LEFT JOIN body ON body.item = item.id
                 WHERE item.id >= ?1 AND item.first_seen >= ?2 AND body.item IS NULL AND item.url IS NOT NULL
                   AND (touches OR item.tier = 'A' AND item.published >= ?2)
                 ORDER BY touches DESC, item.id DESC LIMIT ?3"
            ))?;
            statement
                .query_map(params![since.0 << 20, since.0, limit], |row| {
                    let (_, item) = read_with_id(row)?;
                    Ok(Unread { item, touches: row.get(12)? })
                })?
                .collect()
        })
    }

    /// The key of the first item of an item's story; `None` for an item that is not stored.
    pub fn story(&self, key: &ItemKey) -> Reply<Option<ItemKey>> {
        let key = key_bytes(key);
        self.read(move |connection| {
            connection
                .prepare_cached(
                    "SELECT head.key FROM item JOIN item AS head ON head.id = item.story WHERE item.key = ?1",
                )?
                .query_row([key.as_slice()], |row| row.get::<_, Vec<u8>>(0).map(|key| key_from(&key)))
                .optional()
        })
    }

    /// One item.
    pub fn item(&self, key: &ItemKey) -> Reply<Option<Item>> {
        let key = key_bytes(key);
        self.read(move |connection| {
            connection
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM item LEFT JOIN body ON body.item = item.id WHERE item.key = ?1"
                ))?
                .query_row([key.as_slice()], |row| read_with_id(row).map(|(_, item)| item))
                .optional()
        })
    }

    /// What a publisher changed in an item, oldest first.
    pub fn revisions(&self, key: &ItemKey) -> Reply<Vec<Revision>> {
        let key = key_bytes(key);
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT at, old_title, old_summary, new_title, new_summary FROM revision
                 WHERE item = (SELECT id FROM item WHERE key = ?1) ORDER BY n",
            )?;
            let text = |row: &Row<'_>, at: usize| row.get::<_, String>(at).map(|text| block(&text));
            statement
                .query_map([key.as_slice()], |row| {
                    Ok(Revision {
                        at: Timestamp(row.get(0)?),
                        old_title: text(row, 1)?,
                        old_summary: text(row, 2)?,
                        new_title: text(row, 3)?,
                        new_summary: text(row, 4)?,
                    })
                })?
                .collect()
        })
    }
}

fn standing(connection: &Connection, item: &Item) -> rusqlite::Result<Standing> {
    let stored = connection
        .prepare_cached("SELECT title = ?2 AND summary = ?3, id FROM item WHERE key = ?1")?
        .query_row(
            params![key_bytes(&item.key).as_slice(), item.title.as_str(), item.summary.as_str()],
            |row| Ok((row.get::<_, bool>(0)?, row.get::<_, i64>(1)?)),
        )
        .optional()?;
    let Some((same, id)) = stored else {
        return Ok(Standing::New { story: story_of_url(connection, item)? });
    };
    if same {
        return Ok(Standing::Same);
    }
    let text: Option<String> = connection
        .prepare_cached("SELECT text FROM body WHERE item = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?
        .flatten();
    Ok(Standing::Revised { text: text.map(|text| block(&text)) })
}

/// The story of an item stored with the same address.
fn story_of_url(connection: &Connection, item: &Item) -> rusqlite::Result<Option<ItemKey>> {
    let Some(url) = &item.url else { return Ok(None) };
    connection
        .prepare_cached(
            "SELECT head.key FROM item JOIN item AS head ON head.id = item.story
             WHERE item.url_hash = ?1 AND item.url = ?2 LIMIT 1",
        )?
        .query_row(params![url_hash(url), url], |row| row.get::<_, Vec<u8>>(0))
        .optional()
        .map(|key| key.map(|key| key_from(&key)))
}

/// Inserts an item that is not there yet. `None` where it is.
pub(super) fn insert(
    connection: &Connection,
    item: &Item,
    story: Option<&ItemKey>,
) -> rusqlite::Result<Option<i64>> {
    let key = key_bytes(&item.key);
    let story = match story {
        Some(story) => id_of(connection, &key_bytes(story))?,
        None => None,
    };
    let mut statement = connection.prepare_cached(
        "INSERT INTO item (id, key, feed, guid, url, url_hash, title, summary, outlet, tier, published,
                           first_seen, story)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, coalesce(?13, ?1))
         ON CONFLICT DO NOTHING",
    )?;
    for attempt in 0.. {
        let id = row_id(item, &key, attempt);
        let inserted = statement.execute(params![
            id,
            key.as_slice(),
            item.feed,
            item.guid,
            item.url,
            item.url.as_deref().map(url_hash),
            item.title.as_str(),
            item.summary.as_str(),
            item.outlet.as_str(),
            item.tier.letter().to_string(),
            item.published.map(|at| at.0),
            item.first_seen.0,
            story,
        ])?;
        if inserted == 1 {
            return Ok(Some(id));
        }
        if id_of(connection, &key)?.is_some() {
            break;
        }
    }
    Ok(None)
}

/// Keeps both texts and shows the new one. Gives the item's id.
pub(super) fn revise(connection: &Connection, item: &Item, now: Timestamp) -> rusqlite::Result<Option<i64>> {
    let key = key_bytes(&item.key);
    let Some(id) = id_of(connection, &key)? else { return Ok(None) };
    connection
        .prepare_cached(
            "INSERT INTO revision (item, n, at, old_title, old_summary, new_title, new_summary)
             SELECT id, revisions + 1, ?2, title, summary, ?3, ?4 FROM item WHERE id = ?1",
        )?
        .execute(params![id, now.0, item.title.as_str(), item.summary.as_str()])?;
    connection
        .prepare_cached("UPDATE item SET title = ?2, summary = ?3, revisions = revisions + 1 WHERE id = ?1")?
        .execute(params![id, item.title.as_str(), item.summary.as_str()])?;
    // The first text and the newest changes stay.
    connection
        .prepare_cached(
            "DELETE FROM revision WHERE item = ?1 AND n > 1
             AND n <= (SELECT revisions FROM item WHERE id = ?1) - ?2",
        )?
        .execute(params![id, MAX_REVISIONS - 1])?;
    Ok(Some(id))
}

/// Marks an item's page as asked for, with what came of it.
pub(super) fn save_body(connection: &Connection, id: i64, body: &Body) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO body (item, at, kind, url, text) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![id, body.at.0, body.kind, body.url, body.text.as_ref().map(DisplayText::as_str)])?;
    Ok(())
}

pub(super) fn id_of(connection: &Connection, key: &[u8; 16]) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT id FROM item WHERE key = ?1")?
        .query_row([key.as_slice()], |row| row.get(0))
        .optional()
}

/// Columns of an item as [`read_with_id`] expects them.
const COLUMNS: &str =
    "item.id, item.key, item.feed, item.guid, item.url, item.title, item.summary, item.outlet,
                       item.tier, item.published, item.first_seen, body.text";

fn read_with_id(row: &Row<'_>) -> rusqlite::Result<(i64, Item)> {
    let tier: String = row.get(8)?;
    let item = Item {
        key: key_from(&row.get::<_, Vec<u8>>(1)?),
        feed: row.get(2)?,
        guid: row.get(3)?,
        url: row.get(4)?,
        title: block(&row.get::<_, String>(5)?),
        summary: block(&row.get::<_, String>(6)?),
        text: row.get::<_, Option<String>>(11)?.map(|text| block(&text)),
        outlet: block(&row.get::<_, String>(7)?),
        tier: Tier::ALL.into_iter().find(|t| tier.starts_with(t.letter())).unwrap_or(Tier::E),
        published: row.get::<_, Option<i64>>(9)?.map(Timestamp),
        first_seen: Timestamp(row.get(10)?),
    };
    Ok((row.get(0)?, item))
}

/// Cleaned once more: a damaged or foreign store must not smuggle anything onto a terminal.
fn block(text: &str) -> DisplayText {
    DisplayText::block(text, 1 << 18)
}

/// An item key as stored: its 16 bytes, or the digest of a key in any other form.
pub(super) fn key_bytes(key: &ItemKey) -> [u8; 16] {
    let mut bytes = [0_u8; 16];
    let text = key.0.as_bytes();
    let nibble = |c: u8| (c as char).to_digit(16).filter(|_| !c.is_ascii_uppercase());
    let is_hex = text.len() == 32 && text.iter().all(|c| nibble(*c).is_some());
    if is_hex {
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            *byte = pair.iter().filter_map(|c| nibble(*c)).fold(0, |sum, digit| sum * 16 + digit as u8);
        }
    } else {
        let digest = Sha256::digest(text);
        bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    }
    bytes
}

pub(super) fn key_from(bytes: &[u8]) -> ItemKey {
    use std::fmt::Write;
    let mut text = String::with_capacity(32);
    for byte in bytes {
        write!(text, "{byte:02x}").ok();
    }
    ItemKey(text)
}

/// Row ids are the item's second in the upper bits and 20 bits made from its key below, so that their
/// order is that of time. Items of one second seldom meet; each further attempt is another number, and
/// after eight the second counts as full and the next one is taken.
fn row_id(item: &Item, key: &[u8; 16], attempt: u32) -> i64 {
    let second = item.at().0.clamp(0, 1 << 40) + i64::from(attempt / 8);
    let key = u128::from_be_bytes(*key);
    let mixed = ((key >> 64) as u64 ^ key as u64)
        .wrapping_add(u64::from(attempt))
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (second << 20) | (mixed >> 44) as i64
}

/// FNV-1a. Only narrows the search; the address itself is compared as well.
fn url_hash(url: &str) -> i64 {
    url.bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
        as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_as_they_went_in() {
        let key = ItemKey("00ff10a0b1c2d3e4f5061728394a5b6c".to_owned());
        assert_eq!(key_from(&key_bytes(&key)), key);
    }

    #[test]
    fn a_key_of_another_form_still_has_a_place() {
        let (a, b) = (ItemKey("gold/1".to_owned()), ItemKey("gold/2".to_owned()));
        assert_ne!(key_bytes(&a), key_bytes(&b));
        assert_eq!(key_bytes(&a), key_bytes(&a));
    }
}
