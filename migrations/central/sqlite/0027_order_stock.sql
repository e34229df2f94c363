-- What an order took off its offering's stock: 0 where the stock was without limit then, and of an order that came out of a
-- file. None where a Central that did not know this column placed it: then its units come back where there is a limit now.
ALTER TABLE market_order ADD COLUMN stock_taken BIGINT CHECK (stock_taken >= 0);
