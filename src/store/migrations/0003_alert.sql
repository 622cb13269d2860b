-- What the alert rules found, for the history of the Alerts screen.
CREATE TABLE alert (
  key  TEXT PRIMARY KEY NOT NULL,             -- day, rule, subject, what
  at   INTEGER NOT NULL,
  json TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_by_time ON alert (at);
