-- Operators, people, plans and the ledger. Times are Unix milliseconds, amounts integers, ids UUIDs.

CREATE TABLE operator (
  id UUID NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  currency TEXT NOT NULL,
  code_prefix TEXT NOT NULL,
  -- Changes when this database is restored from a backup: devices then start their feed again.
  epoch UUID NOT NULL,
  -- Numbers leases and lots; the number stands at the start of each serial.
  next_stock_number BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL
);

-- Which key file belongs to this database: with another one every code in it would be unknown.
CREATE TABLE key_check (
  one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
  fingerprint BYTEA NOT NULL
);

-- The last lock of each writing transaction: version order is commit order.
CREATE TABLE feed (
  operator_id UUID NOT NULL PRIMARY KEY REFERENCES operator (id),
  version BIGINT NOT NULL
);

-- The latest version of each followed row; a reader meets a row once however often it changed.
CREATE TABLE feed_row (
  operator_id UUID NOT NULL REFERENCES operator (id),
  table_no BIGINT NOT NULL,
  row_key UUID NOT NULL,
  version BIGINT NOT NULL,
  -- Path of the owning reseller; empty for what every device of the operator sees.
  scope_path TEXT NOT NULL,
  gone BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (operator_id, table_no, row_key)
);
CREATE INDEX feed_row_by_version ON feed_row (operator_id, version, table_no, row_key);

CREATE TABLE staff (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  username TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL,
  last_login_at BIGINT,
  created_at BIGINT NOT NULL
);

CREATE TABLE reseller (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  parent_id UUID REFERENCES reseller (id),
  -- '/parent/…/self/': a subtree is a prefix.
  path TEXT NOT NULL UNIQUE,
  username TEXT NOT NULL UNIQUE,
  company TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  contact TEXT NOT NULL,
  phone TEXT NOT NULL,
  settlement_mode TEXT NOT NULL,
  status TEXT NOT NULL,
  revision BIGINT NOT NULL,
  last_login_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX reseller_by_company ON reseller (operator_id, company, id);
CREATE INDEX reseller_by_path ON reseller (operator_id, path);

CREATE TABLE member (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  reseller_id UUID NOT NULL REFERENCES reseller (id),
  username TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL,
  last_login_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX member_by_reseller ON member (reseller_id);

-- Tries to sign in under a name since the last success, whether or not somebody has that name: a lock must not tell.
CREATE TABLE sign_in_guard (
  audience TEXT NOT NULL,
  -- SHA-256 of the name, which may be anything that was typed.
  name_hash BYTEA NOT NULL,
  attempts BIGINT NOT NULL,
  locked_until BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (audience, name_hash)
);

-- One sign-in; its tokens form one family and end together.
CREATE TABLE session (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  audience TEXT NOT NULL,
  user_id UUID NOT NULL,
  address TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX session_by_user ON session (user_id, started_at);

CREATE TABLE session_token (
  -- SHA-256 of the opaque token; the token itself is nowhere.
  token_hash BYTEA NOT NULL PRIMARY KEY,
  session_id UUID NOT NULL REFERENCES session (id),
  purpose TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  -- When a refresh token was exchanged for its successor.
  replaced_at BIGINT
);
CREATE INDEX session_token_by_session ON session_token (session_id);

CREATE TABLE plan (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  price BIGINT NOT NULL CHECK (price >= 0),
  term_days BIGINT NOT NULL CHECK (term_days BETWEEN 1 AND 3660),
  -- JSON array of texts.
  features TEXT NOT NULL,
  status TEXT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX plan_by_name ON plan (operator_id, name, id);

-- Every account belongs to one reseller, contra accounts too, so that no account is shared by all and hot.
CREATE TABLE ledger_account (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  reseller_id UUID NOT NULL REFERENCES reseller (id),
  kind TEXT NOT NULL,
  -- The reseller, or the lease of an escrow account.
  owner_id UUID NOT NULL,
  unit TEXT NOT NULL,
  balance BIGINT NOT NULL DEFAULT 0,
  floor BIGINT NOT NULL,
  seq BIGINT NOT NULL DEFAULT 0,
  head_hash BYTEA NOT NULL,
  UNIQUE (kind, owner_id),
  CHECK (balance >= floor)
);
CREATE INDEX ledger_account_by_reseller ON ledger_account (reseller_id, kind);

CREATE TABLE transfer (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  -- The same event cannot post twice.
  source_event TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  debit_id UUID NOT NULL REFERENCES ledger_account (id),
  credit_id UUID NOT NULL REFERENCES ledger_account (id),
  amount BIGINT NOT NULL CHECK (amount > 0),
  unit TEXT NOT NULL,
  reverses UUID UNIQUE REFERENCES transfer (id),
  note TEXT,
  -- Serial of a code or number of a lease, for people.
  reference TEXT,
  at BIGINT NOT NULL,
  CHECK (debit_id <> credit_id)
);

CREATE TABLE entry (
  account_id UUID NOT NULL REFERENCES ledger_account (id),
  seq BIGINT NOT NULL,
  transfer_id UUID NOT NULL REFERENCES transfer (id),
  delta BIGINT NOT NULL,
  balance_before BIGINT NOT NULL,
  balance_after BIGINT NOT NULL,
  prev_hash BYTEA NOT NULL,
  PRIMARY KEY (account_id, seq),
  CHECK (balance_before + delta = balance_after)
);
CREATE UNIQUE INDEX entry_by_transfer ON entry (transfer_id, account_id);

CREATE FUNCTION refuse_change () RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER transfer_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON transfer
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change ();
CREATE TRIGGER entry_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change ();

-- Who did what to what; kept for ever.
CREATE TABLE audit (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  at BIGINT NOT NULL,
  -- 'staff', 'member', 'device', 'customer' or 'system'.
  actor TEXT NOT NULL,
  actor_id UUID,
  action TEXT NOT NULL,
  subject_id UUID,
  detail TEXT NOT NULL,
  address TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (operator_id, at, id);
CREATE INDEX audit_by_subject ON audit (subject_id, at);

-- Shared by all processes of one Central.
CREATE TABLE rate_window (
  bucket TEXT NOT NULL,
  window_start BIGINT NOT NULL,
  hits BIGINT NOT NULL,
  PRIMARY KEY (bucket, window_start)
);
