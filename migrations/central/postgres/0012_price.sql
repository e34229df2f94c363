-- Which plans a reseller may sell, and at what price, as it was at any moment.

-- Who sells a plan where a reseller's price list says nothing about it.
ALTER TABLE plan ADD COLUMN sold_by TEXT NOT NULL DEFAULT 'everyone' CHECK (sold_by IN ('everyone', 'chosen'));

-- A reseller's price list. In force for a plan at a moment is the row with the latest `valid_from` up to it; of several
-- that begin together, the one that was set last.
CREATE TABLE price_entry (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  reseller_id UUID NOT NULL REFERENCES reseller (id),
  plan_id UUID NOT NULL REFERENCES plan (id),
  -- Whether the reseller may sell the plan.
  allowed BOOLEAN NOT NULL,
  -- Minor units of the operator's currency; none is the plan's own price.
  price BIGINT CHECK (price >= 0),
  valid_from BIGINT NOT NULL,
  set_at BIGINT NOT NULL,
  set_by UUID NOT NULL REFERENCES staff (id),
  note TEXT NOT NULL,
  CHECK (valid_from >= set_at)
);
CREATE INDEX price_entry_in_force ON price_entry (reseller_id, plan_id, valid_from, set_at, id);

CREATE TRIGGER price_entry_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON price_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change ();
