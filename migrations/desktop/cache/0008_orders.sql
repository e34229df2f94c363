-- Customers' orders of what external providers offer. The list is sorted by when they were made: a state's oldest first, all
-- of them latest first.
CREATE TABLE cached_order (
    order_id BLOB NOT NULL PRIMARY KEY,
    -- Upper case.
    contract_id TEXT NOT NULL,
    provider_id BLOB NOT NULL,
    state TEXT NOT NULL,
    -- Lower case.
    customer_email TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- The row as Central sent it, without what opens the service for its customer: this file is not encrypted.
    body TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX cached_order_by_state ON cached_order (state, created_at, order_id);
CREATE INDEX cached_order_by_time ON cached_order (created_at DESC, order_id);
CREATE INDEX cached_order_by_contract ON cached_order (contract_id);
CREATE INDEX cached_order_by_customer ON cached_order (customer_email);

-- Counted as rows come and go, as codes are.
CREATE TABLE order_count (
    state TEXT NOT NULL PRIMARY KEY,
    count BIGINT NOT NULL
);
CREATE TRIGGER cached_order_added AFTER INSERT ON cached_order BEGIN
    INSERT INTO order_count (state, count) VALUES (NEW.state, 1)
    ON CONFLICT (state) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER cached_order_removed AFTER DELETE ON cached_order BEGIN
    UPDATE order_count SET count = count - 1 WHERE state = OLD.state;
END;
CREATE TRIGGER cached_order_moved AFTER UPDATE OF state ON cached_order WHEN OLD.state <> NEW.state BEGIN
    UPDATE order_count SET count = count - 1 WHERE state = OLD.state;
    INSERT INTO order_count (state, count) VALUES (NEW.state, 1)
    ON CONFLICT (state) DO UPDATE SET count = count + 1;
END;

-- Orders that are at Central already were not sent: everything is read again, and what is here shown until then.
UPDATE feed_position SET cursor = '', version = 0;
