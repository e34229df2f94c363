-- Another plan for what is left of an account's service, and what the line of a file says of term and gift.

-- Under the id that whoever asked minted, so that one asked for twice is done once.
CREATE TABLE plan_change (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  account_id UUID NOT NULL REFERENCES account (id),
  plan_before UUID NOT NULL REFERENCES plan (id),
  plan_after UUID NOT NULL REFERENCES plan (id),
  at BIGINT NOT NULL
);

CREATE TRIGGER plan_change_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_change
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change ();

-- The plan that an account had before, for taking back; of changes of plans only.
ALTER TABLE account_bulk_row ADD COLUMN was_plan UUID;

-- As they were sent; empty where a file has no such column.
ALTER TABLE account_bulk_line ADD COLUMN last_day TEXT NOT NULL DEFAULT '';
ALTER TABLE account_bulk_line ADD COLUMN gift TEXT NOT NULL DEFAULT '';
