-- Credit packs, requests for credit, credit that a reseller gives to those below it, and when a wallet is low.

CREATE TABLE credit_pack (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  name TEXT NOT NULL,
  credits BIGINT NOT NULL CHECK (credits > 0),
  -- Minor units of the operator's currency.
  price BIGINT NOT NULL CHECK (price >= 0),
  -- The term of the plans it is meant for, in days; none for any.
  term_days BIGINT CHECK (term_days BETWEEN 1 AND 3660),
  status TEXT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX credit_pack_by_operator ON credit_pack (operator_id, status, credits, id);

-- What every operator starts with. A new one gets the same from the program.
INSERT INTO credit_pack (id, operator_id, name, credits, price, status, revision, created_at)
  SELECT gen_random_uuid(), id, 'Starter', 900, 5000, 'active', 1, created_at FROM operator;
INSERT INTO credit_pack (id, operator_id, name, credits, price, status, revision, created_at)
  SELECT gen_random_uuid(), id, 'Business', 3600, 18000, 'active', 1, created_at FROM operator;
INSERT INTO credit_pack (id, operator_id, name, credits, price, status, revision, created_at)
  SELECT gen_random_uuid(), id, 'Enterprise', 10800, 50000, 'active', 1, created_at FROM operator;

-- What was paid for a pack, as it was then. One for each transfer at most; never changed.
CREATE TABLE pack_sale (
  transfer_id UUID NOT NULL PRIMARY KEY REFERENCES transfer (id),
  operator_id UUID NOT NULL REFERENCES operator (id),
  reseller_id UUID NOT NULL REFERENCES reseller (id),
  pack_id UUID NOT NULL REFERENCES credit_pack (id),
  pack_version BIGINT NOT NULL,
  credits BIGINT NOT NULL CHECK (credits > 0),
  price BIGINT NOT NULL CHECK (price >= 0),
  currency TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX pack_sale_by_time ON pack_sale (operator_id, at);
CREATE TRIGGER pack_sale_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON pack_sale
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change ();

-- Who moved credit; movements that follow from a sale or a lease have none.
CREATE TABLE transfer_by (
  transfer_id UUID NOT NULL PRIMARY KEY REFERENCES transfer (id),
  -- 'staff', 'member' or 'system'.
  actor TEXT NOT NULL,
  actor_id UUID
);

CREATE TABLE top_up_request (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  reseller_id UUID NOT NULL REFERENCES reseller (id),
  -- The pack as it was offered, and what it cost then; none where an amount was asked for.
  pack_id UUID REFERENCES credit_pack (id),
  pack_version BIGINT,
  pack_name TEXT,
  price BIGINT CHECK (price >= 0),
  currency TEXT,
  amount BIGINT NOT NULL CHECK (amount > 0),
  unit TEXT NOT NULL,
  note TEXT NOT NULL,
  -- 'open', 'approved', 'rejected' or 'cancelled'.
  state TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  asked_by UUID NOT NULL REFERENCES member (id),
  decided_at BIGINT,
  -- Of the staff; none where the reseller took it back.
  decided_by UUID REFERENCES staff (id),
  reason TEXT,
  transfer_id UUID UNIQUE REFERENCES transfer (id),
  CHECK ((state = 'approved') = (transfer_id IS NOT NULL)),
  CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE INDEX top_up_request_by_reseller ON top_up_request (reseller_id, asked_at, id);
CREATE INDEX top_up_request_by_state ON top_up_request (operator_id, state, asked_at, id);
CREATE INDEX top_up_request_by_time ON top_up_request (operator_id, asked_at, id);

-- What a reseller gave to one below it and has not taken back: it can take back no more.
CREATE TABLE downline_credit (
  upline_id UUID NOT NULL REFERENCES reseller (id),
  downline_id UUID NOT NULL REFERENCES reseller (id),
  given BIGINT NOT NULL CHECK (given >= 0),
  PRIMARY KEY (upline_id, downline_id),
  CHECK (upline_id <> downline_id)
);

-- A wallet is low below this; none follows the operator's, which is in credits or in minor units.
ALTER TABLE reseller ADD COLUMN low_credit BIGINT;
ALTER TABLE operator ADD COLUMN low_credits BIGINT NOT NULL DEFAULT 100;
ALTER TABLE operator ADD COLUMN low_money BIGINT NOT NULL DEFAULT 5000;

-- A wallet's lines of one kind, or of a period, without reading the others. What never touches a wallet is left out, and
-- that is what there is most of.
CREATE INDEX transfer_by_giver ON transfer (debit_id, at, id) WHERE kind NOT IN ('sale', 'activation');
CREATE INDEX transfer_by_taker ON transfer (credit_id, at, id) WHERE kind NOT IN ('sale', 'activation');
CREATE INDEX transfer_by_giver_kind ON transfer (debit_id, kind, at, id) WHERE kind NOT IN ('sale', 'activation');
CREATE INDEX transfer_by_taker_kind ON transfer (credit_id, kind, at, id) WHERE kind NOT IN ('sale', 'activation');
