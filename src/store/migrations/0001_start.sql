-- Times are whole seconds since 1970 UTC, days are days since 1970. Nothing is ever deleted because
-- a feed stopped showing it.

-- What is known of one feed: its validators, its health, its habits. Keyed by the id that the
-- configuration gives it.
CREATE TABLE feed (
  id            TEXT PRIMARY KEY NOT NULL,
  url           TEXT NOT NULL,                -- as configured; validators are void when it changes
  etag          TEXT,
  last_modified TEXT,
  validated_url TEXT,                         -- the address that the validators came from
  full_at       INTEGER,                      -- when a whole document was last read
  body_digest   BLOB,                         -- SHA-256 of that document
  moved_to      TEXT,                         -- where it now lives, once that is certain
  move_target   TEXT,                         -- where it says that it moved
  move_polls    INTEGER NOT NULL DEFAULT 0,
  move_since    INTEGER,
  last_at       INTEGER,
  last_kind     TEXT,                         -- outcome in one word, from a closed list
  last_detail   TEXT,
  last_ok       INTEGER,
  next_at       INTEGER,
  failures      INTEGER NOT NULL DEFAULT 0,   -- in a row
  gone          INTEGER NOT NULL DEFAULT 0,   -- 410 answers in a row
  paused        INTEGER NOT NULL DEFAULT 0,
  newest_at     INTEGER,                      -- publication time of its newest item
  habit_s       INTEGER,                      -- how far its items are usually apart
  entries       INTEGER NOT NULL DEFAULT 0,   -- items in the last whole document
  items         INTEGER NOT NULL DEFAULT 0    -- items stored from it
) STRICT, WITHOUT ROWID;

-- The row id is made from the item's time, so that its order is the order of time and the newest
-- items lie together at the end.
CREATE TABLE item (
  id         INTEGER PRIMARY KEY,
  key        BLOB NOT NULL UNIQUE,
  feed       TEXT NOT NULL,
  guid       TEXT NOT NULL,                   -- the publisher's own, verbatim
  url        TEXT,
  url_hash   INTEGER,                         -- finds the same address in other feeds
  title      TEXT NOT NULL,
  summary    TEXT NOT NULL,
  outlet     TEXT NOT NULL,
  tier       TEXT NOT NULL,
  published  INTEGER,
  first_seen INTEGER NOT NULL,
  story      INTEGER NOT NULL,                -- id of the story's first item; its own id if it is that
  revisions  INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Not a partial index: with one, SQLite compiles the look-up anew for every value.
CREATE INDEX item_by_url ON item (url_hash);

-- What other programs may read.
CREATE VIEW items AS
  SELECT lower(hex(key)) AS key, feed, guid, url, title, summary, outlet, tier, published, first_seen, revisions
  FROM item;

-- Both texts of every change that a publisher made to an item.
CREATE TABLE revision (
  item        INTEGER NOT NULL REFERENCES item (id),
  n           INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  old_title   TEXT NOT NULL,
  old_summary TEXT NOT NULL,
  new_title   TEXT NOT NULL,
  new_summary TEXT NOT NULL,
  PRIMARY KEY (item, n)
) STRICT, WITHOUT ROWID;

-- Readable text of linked pages: asked for once an item.
CREATE TABLE body (
  item    INTEGER PRIMARY KEY REFERENCES item (id),
  at      INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  url     TEXT NOT NULL,
  text    TEXT
) STRICT;

-- Which items touch which deal or programme.
CREATE TABLE touch (
  subject TEXT NOT NULL,
  item    INTEGER NOT NULL REFERENCES item (id),
  PRIMARY KEY (item, subject)
) STRICT, WITHOUT ROWID;

-- The ledger: append-only. A claim whose words were withdrawn by a revision is marked, not removed.
CREATE TABLE claim (
  id        INTEGER PRIMARY KEY,
  name      TEXT NOT NULL UNIQUE,             -- the claim's own stable id
  item      INTEGER NOT NULL REFERENCES item (id),
  deal      TEXT,
  published INTEGER NOT NULL,
  known     INTEGER NOT NULL,
  withdrawn INTEGER,
  json      TEXT NOT NULL
) STRICT;
CREATE INDEX claim_by_deal ON claim (deal, published);
CREATE INDEX claim_by_item ON claim (item);

-- Named moments, such as the last look.
CREATE TABLE mark (
  name TEXT PRIMARY KEY NOT NULL,
  at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Every attempt, trimmed to the newest ones.
CREATE TABLE poll (
  id     INTEGER PRIMARY KEY,
  feed   TEXT NOT NULL,
  at     INTEGER NOT NULL,
  kind   TEXT NOT NULL,
  detail TEXT NOT NULL,
  millis INTEGER NOT NULL,
  bytes  INTEGER NOT NULL,
  seen   INTEGER NOT NULL,
  new    INTEGER NOT NULL
) STRICT;

-- Counting a million rows takes longer than drawing the first frame.
CREATE TABLE counter (
  name  TEXT PRIMARY KEY NOT NULL,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter VALUES ('items', 0), ('stories', 0), ('claims', 0);
