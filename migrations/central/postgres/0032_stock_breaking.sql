-- Lots that the operator keeps, and what resellers are given out of them.
--
-- Breaking: a lot may have no reseller now. An older Central leaves such a lot out of its lists, fails at its job, and does not
-- know that the codes of an allocated lot derive from the one they were taken from.

-- None: kept by the operator. Its numbers are candidates and no codes, so nobody can use them or owe for them. Of an allocated
-- lot key, salt, words and prefix are those of the lot that its codes were taken from.
ALTER TABLE lot ALTER COLUMN reseller_id DROP NOT NULL;
ALTER TABLE lot_order ALTER COLUMN reseller_id DROP NOT NULL;
-- The lot of the operator that its codes are taken from: their serials have its number. None where they are its own.
ALTER TABLE lot_order ADD COLUMN stock_id UUID REFERENCES lot (id);
-- Its lowest number.
ALTER TABLE lot_order ADD COLUMN first_seq BIGINT NOT NULL DEFAULT 1;
-- Of a lot that the operator keeps: codes that resellers have by now.
ALTER TABLE lot_order ADD COLUMN allocated BIGINT NOT NULL DEFAULT 0 CHECK (allocated BETWEEN 0 AND made);
CREATE INDEX lot_order_by_stock ON lot_order (stock_id) WHERE stock_id IS NOT NULL;
