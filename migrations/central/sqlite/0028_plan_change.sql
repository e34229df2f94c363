-- Another plan for what is left of an account's service, and what the line of a file says of term and gift.

-- Under the id that whoever asked minted, so that one asked for twice is done once.
CREATE TABLE plan_change (
  id BLOB NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  account_id BLOB NOT NULL REFERENCES account (id),
  plan_before BLOB NOT NULL REFERENCES plan (id),
  plan_after BLOB NOT NULL REFERENCES plan (id),
  at BIGINT NOT NULL
);

CREATE TRIGGER plan_change_is_immutable BEFORE UPDATE ON plan_change
BEGIN SELECT RAISE (ABORT, 'changes of plans are append-only'); END;
CREATE TRIGGER plan_change_is_kept BEFORE DELETE ON plan_change
BEGIN SELECT RAISE (ABORT, 'changes of plans are append-only'); END;

-- The plan that an account had before, for taking back; of changes of plans only.
ALTER TABLE account_bulk_row ADD COLUMN was_plan BLOB;

-- As they were sent; empty where a file has no such column.
ALTER TABLE account_bulk_line ADD COLUMN last_day TEXT NOT NULL DEFAULT '';
ALTER TABLE account_bulk_line ADD COLUMN gift TEXT NOT NULL DEFAULT '';
