-- What an operator looks like. An older Central shows its own colours and the operator's name.

-- Empty: the operator's name.
ALTER TABLE operator ADD COLUMN panel_name TEXT NOT NULL DEFAULT '';
-- #rrggbb; empty: Counterfoil's own.
ALTER TABLE operator ADD COLUMN accent TEXT NOT NULL DEFAULT '';
-- SHA-256 of the logo in hexadecimal; empty: there is none.
ALTER TABLE operator ADD COLUMN logo_hash TEXT NOT NULL DEFAULT '';
-- Counts the edits of the brand, apart from those of the settings.
ALTER TABLE operator ADD COLUMN brand_revision BIGINT NOT NULL DEFAULT 1;

-- Apart from the operator's row, which is read all the time.
CREATE TABLE operator_logo (
  operator_id BLOB NOT NULL PRIMARY KEY REFERENCES operator (id),
  png BLOB NOT NULL
);
