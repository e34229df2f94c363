-- local.db: what this device owns. Encrypted; every commit reaches the disk before anything is shown.

-- The one enrolment of this machine.
CREATE TABLE device (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    server_url TEXT NOT NULL,
    device_id BLOB NOT NULL,
    device_name TEXT NOT NULL,
    -- False between minting the id and Central's answer: a lost answer is asked for again with the same id.
    enrolled BOOLEAN NOT NULL,
    operator_id BLOB,
    operator_name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    reseller_id BLOB,
    central_key BLOB,
    -- The latest time Central told.
    server_time BIGINT NOT NULL,
    -- Set when Central froze this device: why.
    quarantined TEXT,
    -- The end of this device's log.
    head_seq BIGINT NOT NULL,
    head_hash BLOB NOT NULL,
    -- How much of it Central has.
    acked_seq BIGINT NOT NULL,
    acked_hash BLOB NOT NULL,
    -- Operations up to here survive a restore of Central.
    backup_watermark BIGINT NOT NULL,
    last_sync_at BIGINT
);

-- Who uses it.
CREATE TABLE member (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    user_id BLOB NOT NULL,
    username TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('admin', 'reseller')),
    role TEXT NOT NULL,
    reseller_name TEXT,
    signed_in BOOLEAN NOT NULL
);

CREATE TABLE lease (
    lease_id BLOB NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    -- The signed terms, to show to a Central that lost them.
    blob BLOB NOT NULL,
    source_key BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'revoked', 'expired')),
    unit TEXT NOT NULL,
    amount BIGINT NOT NULL,
    used BIGINT NOT NULL DEFAULT 0,
    max_codes BIGINT NOT NULL,
    -- Highest sequence number given out.
    seq BIGINT NOT NULL DEFAULT 0,
    issued_at BIGINT NOT NULL,
    issue_until BIGINT NOT NULL,
    settle_until BIGINT NOT NULL,
    redeem_by BIGINT NOT NULL,
    -- Feed version of the grant.
    granted_version BIGINT NOT NULL,
    CHECK (used >= 0 AND used <= amount),
    CHECK (seq >= 0 AND seq <= max_codes)
);

CREATE TABLE lease_slot (
    lease_id BLOB NOT NULL REFERENCES lease (lease_id),
    slot BIGINT NOT NULL,
    plan_id BLOB NOT NULL,
    -- From the cache when it is known; the cache may be rebuilt while there is no network.
    plan_name TEXT NOT NULL,
    term_days BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    price BIGINT NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (lease_id, slot)
);

-- A repeat of a sale is answered from here.
CREATE TABLE sale (
    sale_id BLOB NOT NULL PRIMARY KEY,
    plan_id BLOB NOT NULL,
    quantity BIGINT NOT NULL,
    sold_at BIGINT NOT NULL
);
CREATE INDEX sale_by_time ON sale (sold_at);

CREATE TABLE issued_code (
    code_id BLOB NOT NULL PRIMARY KEY,
    lease_id BLOB NOT NULL REFERENCES lease (lease_id),
    seq BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    sale_id BLOB NOT NULL REFERENCES sale (sale_id),
    serial TEXT NOT NULL,
    code TEXT NOT NULL,
    masked TEXT NOT NULL,
    plan_id BLOB NOT NULL,
    plan_name TEXT NOT NULL,
    term_days BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    unit TEXT NOT NULL,
    price BIGINT NOT NULL,
    currency TEXT NOT NULL,
    customer_email TEXT,
    sold_at BIGINT NOT NULL,
    redeem_by BIGINT NOT NULL,
    op_seq BIGINT NOT NULL,
    -- One number, one code: the last wall against a sequence used twice.
    UNIQUE (lease_id, seq)
);
CREATE INDEX issued_code_by_sale ON issued_code (sale_id);
CREATE INDEX issued_code_by_time ON issued_code (sold_at DESC);

-- The operation log. Rows stay until Central's backup holds them.
CREATE TABLE op (
    op_seq BIGINT NOT NULL PRIMARY KEY,
    op_id BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('sale', 'void', 'close_lease')),
    lease_id BLOB NOT NULL,
    seq_from BIGINT NOT NULL,
    seq_to BIGINT NOT NULL,
    -- The exact bytes the chain hashes.
    body TEXT NOT NULL,
    hash BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    -- Central's final word; absent while it waits.
    outcome TEXT CHECK (outcome IN ('applied', 'held', 'rejected')),
    reason TEXT,
    acked_version BIGINT,
    dismissed BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX op_waiting ON op (op_seq) WHERE outcome IS NULL;
CREATE INDEX op_attention ON op (op_seq) WHERE outcome IN ('held', 'rejected') AND NOT dismissed;

-- Numbers given out whose operations this file does not have: a crash between keyring and commit, or a restored
-- backup. Asked for, then declared lost.
CREATE TABLE log_gap (
    after_seq BIGINT NOT NULL PRIMARY KEY,
    after_hash BLOB NOT NULL,
    through_seq BIGINT NOT NULL CHECK (through_seq > after_seq),
    through_hash BLOB NOT NULL,
    -- 'unknown' until Central was asked; 'lost' until a push told it; then the row goes.
    state TEXT NOT NULL CHECK (state IN ('unknown', 'lost'))
);

-- Read-your-writes: laid over the cache until it has caught up.
CREATE TABLE overlay (
    lease_id BLOB NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('sale', 'void')),
    op_seq BIGINT NOT NULL,
    -- The feed version of its effect, once Central answered.
    version BIGINT,
    PRIMARY KEY (lease_id, seq, kind)
);
CREATE INDEX overlay_by_op ON overlay (op_seq);
