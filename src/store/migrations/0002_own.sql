-- What the user did to deals and alerts: pins, notes, muted, read, acknowledged.
CREATE TABLE own (
  kind    TEXT NOT NULL,
  subject TEXT NOT NULL,
  value   TEXT NOT NULL,
  PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;
