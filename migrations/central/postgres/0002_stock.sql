-- Devices, leases, codes and the accounts they are redeemed for.

CREATE TABLE device (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  -- None for a desktop of the operator's staff.
  reseller_id UUID REFERENCES reseller (id),
  name TEXT NOT NULL,
  signing_key BYTEA NOT NULL,
  sealing_key BYTEA NOT NULL,
  status TEXT NOT NULL,
  -- The end of its log.
  log_seq BIGINT NOT NULL DEFAULT 0,
  log_hash BYTEA NOT NULL,
  -- Operations up to here are in a backup; set by whoever makes the backups, 0 until then.
  backup_watermark BIGINT NOT NULL DEFAULT 0,
  enrolled_by UUID NOT NULL,
  enrolled_at BIGINT NOT NULL,
  last_seen_at BIGINT
);
CREATE INDEX device_by_reseller ON device (reseller_id, enrolled_at);

-- Every operation ever pushed, with its terminal answer.
CREATE TABLE device_op (
  device_id UUID NOT NULL REFERENCES device (id),
  op_seq BIGINT NOT NULL,
  -- The exact bytes; none for a number the device declared lost.
  body TEXT,
  hash BYTEA NOT NULL,
  -- JSON of the answer; none for a lost number.
  outcome TEXT,
  feed_version BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (device_id, op_seq)
);

CREATE TABLE lease (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  reseller_id UUID NOT NULL REFERENCES reseller (id),
  device_id UUID NOT NULL REFERENCES device (id),
  number BIGINT NOT NULL,
  state TEXT NOT NULL,
  cut BIGINT,
  -- Its escrow.
  ledger_account_id UUID NOT NULL REFERENCES ledger_account (id),
  amount BIGINT NOT NULL CHECK (amount > 0),
  unit TEXT NOT NULL,
  currency TEXT NOT NULL,
  max_codes BIGINT NOT NULL CHECK (max_codes BETWEEN 1 AND 65535),
  codes_settled BIGINT NOT NULL DEFAULT 0,
  key_id BIGINT NOT NULL,
  salt BYTEA NOT NULL,
  word_list BIGINT NOT NULL,
  prefix TEXT NOT NULL,
  -- The signed terms as the device holds them.
  blob BYTEA NOT NULL,
  issued_at BIGINT NOT NULL,
  issue_until BIGINT NOT NULL,
  settle_until BIGINT NOT NULL,
  redeem_by BIGINT NOT NULL,
  -- Closed, revoked or expired.
  ended_at BIGINT,
  -- The rest of its escrow went back because settle_until passed. A revoked lease stays revoked beyond it.
  released_at BIGINT,
  -- The codes it could produce and nobody saw were forgotten because redeem_by passed.
  forgotten_at BIGINT,
  UNIQUE (operator_id, number)
);
CREATE INDEX lease_by_device ON lease (device_id, state);
CREATE INDEX lease_by_reseller ON lease (reseller_id, issued_at, id);
CREATE INDEX lease_to_release ON lease (settle_until) WHERE released_at IS NULL;
CREATE INDEX lease_to_forget ON lease (redeem_by) WHERE forgotten_at IS NULL;

CREATE TABLE lease_slot (
  lease_id UUID NOT NULL REFERENCES lease (id),
  slot BIGINT NOT NULL,
  plan_id UUID NOT NULL REFERENCES plan (id),
  plan_revision BIGINT NOT NULL,
  plan_name TEXT NOT NULL,
  term_days BIGINT NOT NULL,
  cost BIGINT NOT NULL,
  price BIGINT NOT NULL,
  PRIMARY KEY (lease_id, slot)
);

-- Codes made together, online.
CREATE TABLE lot (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  reseller_id UUID NOT NULL REFERENCES reseller (id),
  number BIGINT NOT NULL,
  key_id BIGINT NOT NULL,
  salt BYTEA NOT NULL,
  word_list BIGINT NOT NULL,
  prefix TEXT NOT NULL,
  made_by UUID NOT NULL,
  made_at BIGINT NOT NULL,
  UNIQUE (operator_id, number)
);

-- Every code a lease or lot can produce, sold or not, under a keyed hash.
CREATE TABLE candidate (
  code_hash BYTEA NOT NULL PRIMARY KEY,
  source_id UUID NOT NULL,
  slot BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  UNIQUE (source_id, slot, seq)
);

-- A code from first sight on.
CREATE TABLE code (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  reseller_id UUID NOT NULL REFERENCES reseller (id),
  device_id UUID REFERENCES device (id),
  -- The lease or lot.
  source_id UUID NOT NULL,
  slot BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  serial TEXT NOT NULL,
  -- 'PM2D-····-····-5CYQ'
  masked TEXT NOT NULL,
  plan_id UUID NOT NULL REFERENCES plan (id),
  plan_name TEXT NOT NULL,
  term_days BIGINT NOT NULL,
  price BIGINT NOT NULL,
  currency TEXT NOT NULL,
  cost BIGINT NOT NULL,
  unit TEXT NOT NULL,
  state TEXT NOT NULL,
  held_reason TEXT,
  flagged BOOLEAN NOT NULL DEFAULT FALSE,
  customer_email TEXT,
  sale_id UUID,
  sold_at BIGINT,
  settled_at BIGINT NOT NULL,
  activated_at BIGINT,
  ended_at BIGINT,
  redeem_by BIGINT NOT NULL,
  -- One sale per number, whatever the plan.
  UNIQUE (source_id, seq),
  UNIQUE (operator_id, serial)
);
CREATE INDEX code_by_reseller ON code (reseller_id, settled_at, id);
CREATE INDEX code_by_operator ON code (operator_id, settled_at, id);
CREATE INDEX code_by_state ON code (operator_id, state, settled_at, id);
CREATE INDEX code_by_email ON code (operator_id, customer_email);
CREATE INDEX code_held ON code (reseller_id, settled_at) WHERE state = 'held';
CREATE INDEX code_to_expire ON code (redeem_by) WHERE state IN ('sold', 'held');

-- A customer's subscriber account. Password and token derive from the server's secret and the generation.
CREATE TABLE account (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  -- None: the Unassigned queue.
  reseller_id UUID REFERENCES reseller (id),
  username TEXT NOT NULL UNIQUE,
  email TEXT,
  token_hash BYTEA NOT NULL UNIQUE,
  credential_generation BIGINT NOT NULL DEFAULT 1,
  status TEXT NOT NULL,
  plan_id UUID REFERENCES plan (id),
  -- '2026-12-22' in the operator's zone, and the last millisecond of it.
  last_day TEXT,
  ends_at BIGINT,
  max_connections BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL
);
CREATE INDEX account_by_reseller ON account (reseller_id, username);
CREATE INDEX account_by_operator ON account (operator_id, username);

-- One row per redeemed code: who asked, and the answer that a repeat gets again.
CREATE TABLE activation (
  code_id UUID NOT NULL PRIMARY KEY REFERENCES code (id),
  account_id UUID NOT NULL REFERENCES account (id),
  opened_account BOOLEAN NOT NULL,
  last_day TEXT NOT NULL,
  ends_at BIGINT NOT NULL,
  activated_at BIGINT NOT NULL,
  address TEXT NOT NULL
);

-- Every try to redeem or look up a code, right or wrong.
CREATE TABLE activation_attempt (
  id UUID NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  address TEXT NOT NULL,
  code_id UUID,
  outcome TEXT NOT NULL
);
CREATE INDEX activation_attempt_by_time ON activation_attempt (at);

-- What a person must look at: forks, lost operations, late claims.
CREATE TABLE incident (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  device_id UUID REFERENCES device (id),
  kind TEXT NOT NULL,
  detail TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX incident_by_time ON incident (operator_id, at);
