-- Customers' orders of what providers offer, what became of each, and what providers were paid.
--
-- Breaking: an older Central would take the ledger accounts of orders for damaged rows, and fulfilments of devices for bytes
-- that are no operation.

CREATE TABLE market_order (
  id BLOB NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  reseller_id BLOB NOT NULL REFERENCES reseller (id),
  relationship_id BLOB NOT NULL REFERENCES relationship (id),
  provider_id BLOB NOT NULL REFERENCES provider (id),
  offering_id BLOB NOT NULL REFERENCES offering (id),
  -- Upper case: what people call it by.
  contract_id TEXT NOT NULL,
  -- SHA-256 of the token that opens the customer's page.
  token_hash BLOB NOT NULL UNIQUE,
  -- 'market' or 'reseller'.
  source TEXT NOT NULL,
  -- 'draft', 'placed', 'paid', 'pending', 'partial', 'fulfilled', 'failed', 'cancelled' or 'refunded'.
  state TEXT NOT NULL,
  -- As they were when it was placed; of a draft, when it was last saved.
  offering_name TEXT NOT NULL,
  term_days BIGINT NOT NULL,
  quantity BIGINT NOT NULL CHECK (quantity BETWEEN 1 AND 1000),
  markup BIGINT NOT NULL CHECK (markup BETWEEN 0 AND 50),
  currency TEXT NOT NULL,
  -- In 1e-9 units of the currency.
  unit_base BIGINT NOT NULL CHECK (unit_base >= 0),
  base_exact BIGINT NOT NULL CHECK (base_exact >= 0),
  markup_exact BIGINT NOT NULL CHECK (markup_exact >= 0),
  total_exact BIGINT NOT NULL,
  -- In minor units: what the books hold.
  base BIGINT NOT NULL CHECK (base >= 0),
  markup_amount BIGINT NOT NULL CHECK (markup_amount >= 0),
  total BIGINT NOT NULL,
  refunded BIGINT NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND total),
  refunded_base BIGINT NOT NULL DEFAULT 0 CHECK (refunded_base BETWEEN 0 AND base),
  delivered BIGINT NOT NULL DEFAULT 0 CHECK (delivered BETWEEN 0 AND quantity),
  customer_name TEXT NOT NULL,
  -- Lower case.
  customer_email TEXT NOT NULL,
  customer_phone TEXT NOT NULL,
  customer_note TEXT NOT NULL,
  -- 'cash', 'card', 'transfer' or 'other', and whatever was noted; once paid.
  payment_method TEXT,
  payment_reference TEXT NOT NULL DEFAULT '',
  -- The provider's name for it.
  external_id TEXT,
  -- JSON object that the customer sees.
  details TEXT,
  -- Why it failed or was cancelled; the customer sees it.
  reason TEXT,
  -- Counts its changes.
  revision BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  placed_at BIGINT,
  paid_at BIGINT,
  changed_at BIGINT NOT NULL,
  ended_at BIGINT,
  -- When the reseller is reminded that somebody waits; none where nobody does.
  remind_at BIGINT,
  reminders BIGINT NOT NULL DEFAULT 0,
  CHECK (base_exact + markup_exact = total_exact),
  CHECK (base + markup_amount = total),
  CHECK ((state IN ('fulfilled', 'failed', 'cancelled', 'refunded')) = (ended_at IS NOT NULL)),
  CHECK (state IN ('draft', 'placed', 'cancelled') OR paid_at IS NOT NULL),
  CHECK (state <> 'fulfilled' OR delivered = quantity),
  CHECK (paid_at IS NOT NULL OR refunded = 0),
  UNIQUE (operator_id, contract_id)
);
-- The queue: by state, oldest first.
CREATE INDEX market_order_queue ON market_order (reseller_id, state, created_at, id);
CREATE INDEX market_order_of_reseller ON market_order (reseller_id, created_at, id);
CREATE INDEX market_order_by_state ON market_order (operator_id, state, created_at, id);
CREATE INDEX market_order_by_time ON market_order (operator_id, created_at, id);
CREATE INDEX market_order_of_provider ON market_order (provider_id, created_at, id);
CREATE INDEX market_order_by_customer ON market_order (reseller_id, customer_email, created_at, id);
CREATE INDEX market_order_to_remind ON market_order (remind_at) WHERE remind_at IS NOT NULL;

-- What was done with an order, and what it did to the books.
CREATE TABLE order_step (
  order_id BLOB NOT NULL REFERENCES market_order (id),
  seq BIGINT NOT NULL CHECK (seq > 0),
  operator_id BLOB NOT NULL REFERENCES operator (id),
  relationship_id BLOB NOT NULL REFERENCES relationship (id),
  provider_id BLOB NOT NULL REFERENCES provider (id),
  -- Minted by whoever took it, the operation's id for a device's: a repeat changes nothing.
  step_id BLOB NOT NULL UNIQUE,
  -- 'place', 'pay', 'submit', 'fulfil', 'fail', 'cancel' or 'refund'.
  step TEXT NOT NULL,
  -- The state after it.
  state TEXT NOT NULL,
  at BIGINT NOT NULL,
  -- 'staff', 'member', 'customer' or 'program'; who, where it is one of the first two.
  by_kind TEXT NOT NULL,
  by_id BLOB,
  -- When the device says it was done, without a network.
  device_id BLOB REFERENCES device (id),
  device_at BIGINT,
  units BIGINT NOT NULL DEFAULT 0 CHECK (units >= 0),
  -- What it adds to what is owed to the provider and to what is earned: of a refund, below zero. Minor units.
  base BIGINT NOT NULL DEFAULT 0,
  markup_amount BIGINT NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (order_id, seq)
);
-- A provider's statement.
CREATE INDEX order_step_money ON order_step (provider_id, at, step_id) WHERE step IN ('pay', 'refund');

CREATE TABLE provider_settlement (
  id BLOB NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  provider_id BLOB NOT NULL REFERENCES provider (id),
  amount BIGINT NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  -- '2026-11-22', in the operator's zone.
  paid_on TEXT NOT NULL,
  reference TEXT NOT NULL,
  note TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  recorded_by BLOB NOT NULL REFERENCES staff (id)
);
CREATE INDEX provider_settlement_by_time ON provider_settlement (provider_id, recorded_at, id);

-- What was paid of what each reseller's sales owed.
CREATE TABLE provider_settlement_line (
  settlement_id BLOB NOT NULL REFERENCES provider_settlement (id),
  relationship_id BLOB NOT NULL REFERENCES relationship (id),
  amount BIGINT NOT NULL CHECK (amount > 0),
  transfer_id BLOB NOT NULL UNIQUE REFERENCES transfer (id),
  PRIMARY KEY (settlement_id, relationship_id)
);

CREATE TRIGGER market_order_is_kept BEFORE DELETE ON market_order
BEGIN SELECT RAISE (ABORT, 'orders are kept'); END;
CREATE TRIGGER market_order_is_as_it_was BEFORE UPDATE OF operator_id, reseller_id, relationship_id, provider_id, contract_id,
  token_hash, source, currency, created_at ON market_order
BEGIN SELECT RAISE (ABORT, 'whose order it is never changes'); END;
CREATE TRIGGER market_order_price_holds BEFORE UPDATE OF offering_id, offering_name, term_days, quantity, markup, unit_base, base_exact,
  markup_exact, total_exact, base, markup_amount, total ON market_order WHEN OLD.state <> 'draft'
BEGIN SELECT RAISE (ABORT, 'the price of a placed order never changes'); END;
CREATE TRIGGER order_step_is_immutable BEFORE UPDATE ON order_step
BEGIN SELECT RAISE (ABORT, 'steps are append-only'); END;
CREATE TRIGGER order_step_is_kept BEFORE DELETE ON order_step
BEGIN SELECT RAISE (ABORT, 'steps are append-only'); END;
CREATE TRIGGER provider_settlement_is_immutable BEFORE UPDATE ON provider_settlement
BEGIN SELECT RAISE (ABORT, 'settlements are append-only'); END;
CREATE TRIGGER provider_settlement_is_kept BEFORE DELETE ON provider_settlement
BEGIN SELECT RAISE (ABORT, 'settlements are append-only'); END;
CREATE TRIGGER provider_settlement_line_is_immutable BEFORE UPDATE ON provider_settlement_line
BEGIN SELECT RAISE (ABORT, 'settlements are append-only'); END;
CREATE TRIGGER provider_settlement_line_is_kept BEFORE DELETE ON provider_settlement_line
BEGIN SELECT RAISE (ABORT, 'settlements are append-only'); END;
