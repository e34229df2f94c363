-- The operator's staff as people, and passwords that somebody else chose.
--
-- Breaking: an older Central would sign in whom this one shut out, and would let a password that was reset go on.

-- Goes up with each change; who edits says which one was read.
ALTER TABLE staff ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
ALTER TABLE staff ADD COLUMN full_name TEXT NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN email TEXT NOT NULL DEFAULT '';
-- One who is not active cannot sign in; what he or she did stays.
ALTER TABLE staff ADD COLUMN active BOOLEAN NOT NULL DEFAULT TRUE;

-- Somebody else chose the password: it opens nothing but the way to another one.
ALTER TABLE staff ADD COLUMN must_change BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE member ADD COLUMN must_change BOOLEAN NOT NULL DEFAULT FALSE;

-- Names that are locked now, for whoever may let them try again.
CREATE INDEX sign_in_guard_by_lock ON sign_in_guard (locked_until);
