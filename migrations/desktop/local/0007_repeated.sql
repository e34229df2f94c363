-- What is told again under its own id, after an older database was restored, stands in the log twice once Central has
-- given back what was forgotten.

-- SQLite cannot change a constraint: the log moves into a new table, byte for byte.
CREATE TABLE op_new (
    op_seq BIGINT NOT NULL PRIMARY KEY,
    op_id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('sale', 'void', 'close_lease', 'fulfilment', 'reprovision', 'box_contact')),
    lease_id BLOB,
    seq_from BIGINT,
    seq_to BIGINT,
    order_id BLOB,
    -- Of the order, delivered.
    units BIGINT,
    portal_id BLOB,
    -- The customer's account on the portal.
    account_id BLOB,
    -- What was done to its box, and whether it is known to have been done.
    contact TEXT,
    contact_outcome TEXT,
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
    CHECK ((kind IN ('reprovision', 'box_contact')) = (portal_id IS NOT NULL AND account_id IS NOT NULL)),
    CHECK ((kind = 'box_contact') = (contact IS NOT NULL AND contact_outcome IS NOT NULL)),
    CHECK (
        (kind IN ('fulfilment', 'reprovision', 'box_contact'))
        = (lease_id IS NULL AND seq_from IS NULL AND seq_to IS NULL)
    )
);
INSERT INTO op_new (op_seq, op_id, kind, lease_id, seq_from, seq_to, order_id, units, portal_id, account_id, contact,
    contact_outcome, body, hash, created_at, outcome, reason, acked_version, dismissed)
SELECT op_seq, op_id, kind, lease_id, seq_from, seq_to, order_id, units, portal_id, account_id, contact, contact_outcome,
    body, hash, created_at, outcome, reason, acked_version, dismissed
FROM op;
DROP TABLE op;
ALTER TABLE op_new RENAME TO op;
CREATE INDEX op_by_id ON op (op_id);
CREATE INDEX op_waiting ON op (op_seq) WHERE outcome IS NULL;
CREATE INDEX op_attention ON op (op_seq) WHERE outcome IN ('held', 'rejected') AND NOT dismissed;
