-- Commission: the rules of each operator, what is owed for each sale, and how it is paid out.
--
-- Breaking: a Central that does not know this table would redeem codes without anybody earning from them, and would take
-- the ledger accounts of commission for damaged rows.

-- In force at a moment is the row with the latest `valid_from` up to it. Without one the program's defaults hold, which are
-- version 1.
CREATE TABLE commission_rule (
  id BLOB NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  version BIGINT NOT NULL CHECK (version > 1),
  -- JSON of the rates, tiers, override and cap.
  rules TEXT NOT NULL,
  hold_days BIGINT NOT NULL CHECK (hold_days BETWEEN 0 AND 365),
  minimum_payout BIGINT NOT NULL CHECK (minimum_payout > 0),
  valid_from BIGINT NOT NULL,
  set_at BIGINT NOT NULL,
  set_by BLOB NOT NULL REFERENCES staff (id),
  note TEXT NOT NULL,
  UNIQUE (operator_id, version),
  CHECK (valid_from >= set_at)
);
CREATE INDEX commission_rule_in_force ON commission_rule (operator_id, valid_from, version);

-- Sales whose shares are not posted yet, written with the sale and taken away with the earnings.
CREATE TABLE commission_due (
  -- 'code' or 'subscription', and its id.
  source_kind TEXT NOT NULL,
  source_id BLOB NOT NULL,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  seller_id BLOB NOT NULL REFERENCES reseller (id),
  account_id BLOB NOT NULL REFERENCES account (id),
  -- Serial of the code or user name of the account, for people.
  reference TEXT NOT NULL,
  plan_name TEXT NOT NULL,
  price BIGINT NOT NULL CHECK (price > 0),
  currency TEXT NOT NULL,
  -- The seller's when it was sold: it cannot be counted later. 0 for a code, whose rate does not depend on it.
  active_accounts BIGINT NOT NULL CHECK (active_accounts >= 0),
  sold_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  tries BIGINT NOT NULL DEFAULT 0,
  trouble TEXT,
  PRIMARY KEY (source_kind, source_id)
);
CREATE INDEX commission_due_by_time ON commission_due (due_at);

CREATE TABLE payout (
  id BLOB NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  reseller_id BLOB NOT NULL REFERENCES reseller (id),
  amount BIGINT NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  -- The earnings in it; more than the amount where a debt was taken off.
  earned BIGINT NOT NULL,
  earnings BIGINT NOT NULL,
  -- 'Commission for January 2026'
  description TEXT NOT NULL,
  method TEXT NOT NULL,
  destination TEXT NOT NULL,
  -- 'requested', 'approved', 'sent', 'confirmed' or 'failed'.
  state TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  asked_by BLOB NOT NULL REFERENCES member (id),
  approved_at BIGINT,
  sent_at BIGINT,
  -- Of the transfer at the bank.
  reference TEXT,
  ended_at BIGINT,
  -- Who took the last step, and why it failed.
  changed_by BLOB REFERENCES staff (id),
  reason TEXT,
  transfer_id BLOB NOT NULL UNIQUE REFERENCES transfer (id),
  CHECK ((state IN ('confirmed', 'failed')) = (ended_at IS NOT NULL))
);
-- One at a time.
CREATE UNIQUE INDEX payout_open ON payout (reseller_id) WHERE state IN ('requested', 'approved', 'sent');
CREATE INDEX payout_by_reseller ON payout (reseller_id, asked_at, id);
CREATE INDEX payout_by_state ON payout (operator_id, state, asked_at, id);
CREATE INDEX payout_by_time ON payout (operator_id, asked_at, id);

-- One share of one sale, with all that explains it. Only its state moves on.
CREATE TABLE earning (
  id BLOB NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  source_kind TEXT NOT NULL,
  source_id BLOB NOT NULL,
  -- 0 is the seller's share, 1 that of the reseller above it …
  level BIGINT NOT NULL CHECK (level >= 0),
  seller_id BLOB NOT NULL REFERENCES reseller (id),
  beneficiary_id BLOB NOT NULL REFERENCES reseller (id),
  account_id BLOB NOT NULL REFERENCES account (id),
  reference TEXT NOT NULL,
  plan_name TEXT NOT NULL,
  price BIGINT NOT NULL CHECK (price > 0),
  currency TEXT NOT NULL,
  -- JSON: the facts of the sale, and where the rate comes from.
  facts TEXT NOT NULL,
  basis TEXT NOT NULL,
  rate_bp BIGINT NOT NULL CHECK (rate_bp BETWEEN 0 AND 10000),
  rate_before_cap_bp BIGINT NOT NULL CHECK (rate_before_cap_bp BETWEEN 0 AND 10000),
  amount BIGINT NOT NULL CHECK (amount BETWEEN 0 AND price),
  rules_version BIGINT NOT NULL,
  sold_at BIGINT NOT NULL,
  available_at BIGINT NOT NULL,
  -- 'pending', 'available', 'paid' or 'reversed'.
  state TEXT NOT NULL,
  -- None for a share of nothing.
  transfer_id BLOB UNIQUE REFERENCES transfer (id),
  payout_id BLOB REFERENCES payout (id),
  reversal_id BLOB UNIQUE REFERENCES transfer (id),
  reversed_at BIGINT,
  reason TEXT,
  UNIQUE (source_kind, source_id, level),
  CHECK ((amount = 0) = (transfer_id IS NULL)),
  CHECK ((state = 'reversed') = (reversed_at IS NOT NULL)),
  CHECK (state <> 'paid' OR payout_id IS NOT NULL)
);
CREATE INDEX earning_by_beneficiary ON earning (beneficiary_id, sold_at, id);
CREATE INDEX earning_by_state ON earning (beneficiary_id, state, sold_at, id);
CREATE INDEX earning_to_release ON earning (available_at) WHERE state = 'pending';
CREATE INDEX earning_of_payout ON earning (payout_id) WHERE payout_id IS NOT NULL;

CREATE TRIGGER commission_rule_is_immutable BEFORE UPDATE ON commission_rule
BEGIN SELECT RAISE (ABORT, 'rules are append-only'); END;
CREATE TRIGGER commission_rule_is_kept BEFORE DELETE ON commission_rule
BEGIN SELECT RAISE (ABORT, 'rules are append-only'); END;
CREATE TRIGGER earning_is_kept BEFORE DELETE ON earning
BEGIN SELECT RAISE (ABORT, 'earnings are kept'); END;
CREATE TRIGGER earning_is_as_it_was BEFORE UPDATE OF operator_id, source_kind, source_id, level, seller_id, beneficiary_id, account_id,
  price, currency, facts, basis, rate_bp, rate_before_cap_bp, amount, rules_version, sold_at, available_at, transfer_id ON earning
BEGIN SELECT RAISE (ABORT, 'what explains an earning is never changed'); END;
