-- Accounts that are created from the lines of a file: what stands in each, and what is wrong with it.

-- Its name, and how many lines it has; NULL where no file is read.
ALTER TABLE account_bulk ADD COLUMN file TEXT;
ALTER TABLE account_bulk ADD COLUMN lines BIGINT;

-- The columns of a line that stand in the way, with commas between them.
ALTER TABLE account_bulk_row ADD COLUMN refusal_columns TEXT;

-- The cells as they were sent, but for the spelling of MAC addresses. The row of the same position says what became of it.
CREATE TABLE account_bulk_line (
  bulk_id BLOB NOT NULL REFERENCES account_bulk (id),
  position BIGINT NOT NULL,
  -- In the file.
  line BIGINT NOT NULL,
  username TEXT NOT NULL,
  email TEXT NOT NULL,
  plan TEXT NOT NULL,
  mac TEXT NOT NULL,
  max_connections TEXT NOT NULL,
  notes TEXT NOT NULL,
  reseller TEXT NOT NULL,
  PRIMARY KEY (bulk_id, position)
) WITHOUT ROWID;
-- What stands in a file twice is found by it.
CREATE INDEX account_bulk_line_by_username ON account_bulk_line (bulk_id, username, position);
CREATE INDEX account_bulk_line_by_mac ON account_bulk_line (bulk_id, mac, position);
