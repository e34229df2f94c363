-- What a device needs to be sure that its copy is whole: rows that left its scope, and sums to compare.

-- A row that left a scope, or is gone. Whoever saw it there and sees it nowhere now is told at this version.
CREATE TABLE feed_exit (
  operator_id BLOB NOT NULL REFERENCES operator (id),
  table_no BIGINT NOT NULL,
  row_key BLOB NOT NULL,
  -- Where it was, as in feed_row.
  scope_path TEXT NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (operator_id, table_no, row_key, scope_path)
);
CREATE INDEX feed_exit_by_version ON feed_exit (operator_id, version, table_no, row_key);
CREATE INDEX feed_exit_by_time ON feed_exit (operator_id, at);
-- Nothing ever set it; exits say more.
ALTER TABLE feed_row DROP COLUMN gone;

-- Exits up to this version may be forgotten: a cursor that has not passed it cannot go on.
ALTER TABLE feed ADD COLUMN forgotten_version BIGINT NOT NULL DEFAULT 0;

-- Running sums over the terms of live rows, kept in the transaction that stamps them. One row for what all devices
-- see (''), one for everything else ('/') and one for each path a row stands at or below ('/id/', '/id/id/').
CREATE TABLE feed_digest (
  operator_id BLOB NOT NULL REFERENCES operator (id),
  scope_path TEXT NOT NULL,
  row_count BIGINT NOT NULL,
  -- For each table in the feed's order 8 bytes, big-endian.
  sums BLOB NOT NULL,
  PRIMARY KEY (operator_id, scope_path)
);
-- False until the rows from before this table are counted, at the next start.
ALTER TABLE feed ADD COLUMN digested BOOLEAN NOT NULL DEFAULT TRUE;
UPDATE feed SET digested = FALSE;
