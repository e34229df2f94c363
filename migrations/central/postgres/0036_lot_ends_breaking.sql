-- The ends of codes that the operator keeps, and a list of accounts with those of the resellers below.
--
-- Breaking: an older Central would allocate a revoked code, would end a job that revokes such codes without doing anything, and
-- would take a shop's list for its own accounts only.

-- Of a code that the operator keeps: nobody is given it any more, and nobody can use it. It has no row in `code`.
ALTER TABLE candidate ADD COLUMN revoked BOOLEAN NOT NULL DEFAULT FALSE;

-- Of a lot that the operator keeps: how many of its codes are revoked.
ALTER TABLE lot_order ADD COLUMN revoked BIGINT NOT NULL DEFAULT 0 CHECK (revoked >= 0 AND allocated + revoked <= made);

-- 1: the list has the accounts of the resellers below as well.
ALTER TABLE account_bulk ADD COLUMN filter_below BIGINT NOT NULL DEFAULT 0 CHECK (filter_below IN (0, 1));

-- Codes that wait for credit, oldest first. The one before had neither the reason nor the whole order, so SQLite went through
-- all codes of a shop in their order instead.
DROP INDEX code_held;
CREATE INDEX code_held ON code (reseller_id, held_reason, settled_at, id) WHERE state = 'held';
