-- One operation on many accounts: which, what it would do to each, what it did, and what each was before.

CREATE TABLE account_bulk (
  id BLOB NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  -- Whose members ordered it; NULL for the operator's staff.
  reseller_id BLOB REFERENCES reseller (id),
  -- The member or the member of staff.
  ordered_by BLOB NOT NULL,
  ordered_at BIGINT NOT NULL,
  -- 'extend', 'suspend', 'activate' or 'transfer', with what each needs.
  kind TEXT NOT NULL,
  plan_id BLOB REFERENCES plan (id),
  days BIGINT,
  gift BIGINT NOT NULL DEFAULT 0 CHECK (gift IN (0, 1)),
  to_reseller BLOB REFERENCES reseller (id),
  reason TEXT,
  -- The list it was made from, until all its accounts are written down.
  filter_search TEXT,
  filter_status TEXT,
  filter_plan BLOB,
  filter_reseller BLOB,
  filter_ends_before TEXT,
  -- The last user name that was written down; NULL when all are.
  walked TEXT,
  state TEXT NOT NULL,
  total BIGINT NOT NULL DEFAULT 0,
  tried BIGINT NOT NULL DEFAULT 0,
  planned BIGINT NOT NULL DEFAULT 0,
  refused BIGINT NOT NULL DEFAULT 0,
  done BIGINT NOT NULL DEFAULT 0,
  undone BIGINT NOT NULL DEFAULT 0,
  kept BIGINT NOT NULL DEFAULT 0,
  -- Of the accounts that wait, and of those that are done. An operator has one currency.
  cost_credits BIGINT NOT NULL DEFAULT 0,
  cost_money BIGINT NOT NULL DEFAULT 0,
  paid_credits BIGINT NOT NULL DEFAULT 0,
  paid_money BIGINT NOT NULL DEFAULT 0,
  trouble_code TEXT,
  trouble_detail TEXT,
  ended_at BIGINT,
  -- Whoever is at it, until then unless it says otherwise.
  claim BLOB,
  claimed_until BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX account_bulk_by_operator ON account_bulk (operator_id, ordered_at, id) WHERE reseller_id IS NULL;
CREATE INDEX account_bulk_by_reseller ON account_bulk (reseller_id, ordered_at, id) WHERE reseller_id IS NOT NULL;
CREATE INDEX account_bulk_running ON account_bulk (claimed_until) WHERE state IN ('planning', 'running', 'undoing');

-- The accounts stay the ones that were written down. An id that was chosen may name nothing, so it refers to nothing.
CREATE TABLE account_bulk_row (
  bulk_id BLOB NOT NULL REFERENCES account_bulk (id),
  position BIGINT NOT NULL,
  account_id BLOB NOT NULL,
  -- Of what is done to it: a subscription has it. Minted once, so that nothing is done twice.
  event_id BLOB NOT NULL,
  state TEXT NOT NULL,
  username TEXT,
  -- Who pays, and what.
  owner_id BLOB,
  cost BIGINT NOT NULL DEFAULT 0,
  unit TEXT,
  -- What it was before, for taking back; and the version that it had afterwards.
  was_status TEXT,
  was_last_day TEXT,
  new_last_day TEXT,
  revision BIGINT,
  refusal_code TEXT,
  refusal_detail TEXT,
  needed BIGINT,
  available BIGINT,
  PRIMARY KEY (bulk_id, position)
) WITHOUT ROWID;
CREATE INDEX account_bulk_row_by_state ON account_bulk_row (bulk_id, state, position);
CREATE UNIQUE INDEX account_bulk_row_once ON account_bulk_row (bulk_id, account_id);
