-- Keys with which other programs of a reseller use the API. An older Central refuses them as unknown.

CREATE TABLE api_key (
  id BLOB NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  reseller_id BLOB NOT NULL REFERENCES reseller (id),
  name TEXT NOT NULL,
  -- SHA-256 of the whole key; the key itself is nowhere.
  secret_hash BLOB NOT NULL UNIQUE,
  -- JSON array: 'read', 'sell', 'accounts'.
  scopes TEXT NOT NULL,
  made_by BLOB NOT NULL REFERENCES member (id),
  made_at BIGINT NOT NULL,
  expires_at BIGINT,
  -- To the minute.
  last_used_at BIGINT,
  last_used_from TEXT,
  revoked_at BIGINT,
  -- 'staff' or 'member', and which.
  revoked_by_kind TEXT,
  revoked_by BLOB,
  CHECK ((revoked_at IS NULL) = (revoked_by_kind IS NULL)),
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE UNIQUE INDEX api_key_live_name ON api_key (reseller_id, name) WHERE revoked_at IS NULL;
CREATE INDEX api_key_by_reseller ON api_key (reseller_id, made_at, id);
-- Whoever looks in the audit for what a key did knows its name.
CREATE INDEX api_key_by_name ON api_key (operator_id, name);
