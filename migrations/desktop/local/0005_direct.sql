-- Portals that the operator's staff can use from this computer without Central, and what they did there.

-- SQLite cannot change a check: the log moves into a new table, byte for byte.
CREATE TABLE op_new (
    op_seq BIGINT NOT NULL PRIMARY KEY,
    op_id BLOB NOT NULL UNIQUE,
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
INSERT INTO op_new (op_seq, op_id, kind, lease_id, seq_from, seq_to, order_id, units, body, hash, created_at, outcome, reason,
    acked_version, dismissed)
SELECT op_seq, op_id, kind, lease_id, seq_from, seq_to, order_id, units, body, hash, created_at, outcome, reason,
    acked_version, dismissed
FROM op;
DROP TABLE op;
ALTER TABLE op_new RENAME TO op;
CREATE INDEX op_waiting ON op (op_seq) WHERE outcome IS NULL;
CREATE INDEX op_attention ON op (op_seq) WHERE outcome IN ('held', 'rejected') AND NOT dismissed;

-- How a portal is reached. The password of its API user is in the keyring and nowhere here.
CREATE TABLE direct_portal (
    portal_id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- As it was typed at Central: with another one, the password has to be typed anew.
    address TEXT NOT NULL,
    -- Where its API answered this computer.
    api TEXT NOT NULL,
    -- Absent where the portal asks nobody.
    api_user TEXT,
    -- DER of the only certificate that is believed.
    certificate BLOB,
    time_zone TEXT NOT NULL,
    owner_field TEXT NOT NULL,
    -- To one that is paused nothing is sent.
    status TEXT NOT NULL,
    -- Names, as a JSON list.
    warnings TEXT NOT NULL,
    -- As of when what accounts should be was taken along, by this computer's clock.
    taken_at BIGINT NOT NULL
);

-- What accounts should be on it, as Central told.
CREATE TABLE direct_standing (
    portal_id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    -- The login as the portal compares logins.
    login_key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (portal_id, account_id)
);
CREATE INDEX direct_standing_by_login ON direct_standing (portal_id, login_key);
