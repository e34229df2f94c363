-- Deliveries of orders, recorded where there may be no network. They are about an order and no lease.

-- SQLite cannot change a check: the log moves into a new table, byte for byte.
CREATE TABLE op_new (
    op_seq BIGINT NOT NULL PRIMARY KEY,
    op_id BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('sale', 'void', 'close_lease', 'fulfilment')),
    lease_id BLOB,
    seq_from BIGINT,
    seq_to BIGINT,
    order_id BLOB,
    -- Of the order, delivered.
    units BIGINT,
    -- The exact bytes the chain hashes.
    body TEXT NOT NULL,
    hash BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    -- Central's final word; absent while it waits.
    outcome TEXT CHECK (outcome IN ('applied', 'held', 'rejected')),
    reason TEXT,
    acked_version BIGINT,
    dismissed BOOLEAN NOT NULL DEFAULT FALSE,
    CHECK ((kind = 'fulfilment') = (order_id IS NOT NULL AND units IS NOT NULL)),
    CHECK ((kind = 'fulfilment') = (lease_id IS NULL AND seq_from IS NULL AND seq_to IS NULL))
);
INSERT INTO op_new (op_seq, op_id, kind, lease_id, seq_from, seq_to, body, hash, created_at, outcome, reason, acked_version,
    dismissed)
SELECT op_seq, op_id, kind, lease_id, seq_from, seq_to, body, hash, created_at, outcome, reason, acked_version, dismissed
FROM op;
DROP TABLE op;
ALTER TABLE op_new RENAME TO op;
CREATE INDEX op_waiting ON op (op_seq) WHERE outcome IS NULL;
CREATE INDEX op_attention ON op (op_seq) WHERE outcome IN ('held', 'rejected') AND NOT dismissed;

-- Deliveries laid over the cache until it has caught up; what was delivered stands in the operation.
CREATE TABLE order_overlay (
    op_seq BIGINT NOT NULL PRIMARY KEY,
    order_id BLOB NOT NULL,
    -- The feed version of its effect, once Central answered.
    version BIGINT
);
CREATE INDEX order_overlay_by_order ON order_overlay (order_id);
