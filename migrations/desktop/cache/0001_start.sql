-- cache.db: Central's rows as this device may see them. No secret is in it and nothing is lost with it.

-- Where the feed was read to; moves in the same transaction as the rows.
CREATE TABLE feed_position (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    cursor TEXT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE cached_settings (
    operator_id BLOB NOT NULL PRIMARY KEY,
    operator_name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    code_prefix TEXT NOT NULL
);

CREATE TABLE cached_reseller (
    reseller_id BLOB NOT NULL PRIMARY KEY,
    company TEXT NOT NULL,
    settlement_mode TEXT NOT NULL,
    -- The whole row as Central sent it.
    body TEXT NOT NULL
);

CREATE TABLE cached_plan (
    plan_id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    term_days BIGINT NOT NULL,
    price BIGINT NOT NULL,
    currency TEXT NOT NULL,
    status TEXT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE cached_device (
    device_id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    status TEXT NOT NULL
);

CREATE TABLE cached_lease (
    lease_id BLOB NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    reseller_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    device_name TEXT NOT NULL,
    state TEXT NOT NULL,
    unit TEXT NOT NULL,
    amount BIGINT NOT NULL,
    escrow BIGINT NOT NULL,
    codes_settled BIGINT NOT NULL,
    max_codes BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    issue_until BIGINT NOT NULL,
    settle_until BIGINT NOT NULL
);

CREATE TABLE cached_balance (
    reseller_id BLOB NOT NULL PRIMARY KEY,
    unit TEXT NOT NULL,
    funded BIGINT NOT NULL,
    available BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    spent BIGINT NOT NULL,
    credit_limit BIGINT NOT NULL
);

CREATE TABLE cached_code (
    code_id BLOB NOT NULL PRIMARY KEY,
    source_id BLOB NOT NULL,
    seq BIGINT NOT NULL,
    serial TEXT NOT NULL,
    masked TEXT NOT NULL,
    last_group TEXT NOT NULL,
    reseller_id BLOB NOT NULL,
    device_id BLOB,
    plan_id BLOB NOT NULL,
    plan_name TEXT NOT NULL,
    -- Lower case, for the search.
    plan_key TEXT NOT NULL,
    term_days BIGINT NOT NULL,
    price BIGINT NOT NULL,
    currency TEXT NOT NULL,
    cost BIGINT NOT NULL,
    unit TEXT NOT NULL,
    state TEXT NOT NULL,
    customer_email TEXT,
    email_key TEXT,
    sold_at BIGINT,
    -- When it was sold, or first seen: what the list is sorted by.
    sold_key BIGINT NOT NULL,
    settled_at BIGINT NOT NULL,
    activated_at BIGINT,
    ended_at BIGINT,
    redeem_by BIGINT NOT NULL,
    UNIQUE (source_id, seq)
);
CREATE INDEX cached_code_by_time ON cached_code (sold_key DESC, code_id DESC);
CREATE INDEX cached_code_by_state ON cached_code (state, sold_key DESC, code_id DESC);
CREATE INDEX cached_code_by_serial ON cached_code (serial);
CREATE INDEX cached_code_by_email ON cached_code (email_key) WHERE email_key IS NOT NULL;
CREATE INDEX cached_code_by_group ON cached_code (last_group);
CREATE INDEX cached_code_by_plan ON cached_code (plan_key);

-- Counted as rows come and go: a count of a million rows on every visit would be felt.
CREATE TABLE code_count (
    state TEXT NOT NULL PRIMARY KEY,
    count BIGINT NOT NULL
);
CREATE TRIGGER cached_code_added AFTER INSERT ON cached_code BEGIN
    INSERT INTO code_count (state, count) VALUES (NEW.state, 1)
    ON CONFLICT (state) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER cached_code_removed AFTER DELETE ON cached_code BEGIN
    UPDATE code_count SET count = count - 1 WHERE state = OLD.state;
END;
CREATE TRIGGER cached_code_moved AFTER UPDATE OF state ON cached_code WHEN OLD.state <> NEW.state BEGIN
    UPDATE code_count SET count = count - 1 WHERE state = OLD.state;
    INSERT INTO code_count (state, count) VALUES (NEW.state, 1)
    ON CONFLICT (state) DO UPDATE SET count = count + 1;
END;

CREATE TABLE cached_entry (
    transfer_id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    reseller_id BLOB NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    delta BIGINT NOT NULL,
    balance_before BIGINT NOT NULL,
    balance_after BIGINT NOT NULL,
    unit TEXT NOT NULL,
    note TEXT,
    reference TEXT,
    PRIMARY KEY (account_id, seq)
);
CREATE INDEX cached_entry_by_time ON cached_entry (at DESC, account_id DESC, seq DESC);
CREATE INDEX cached_entry_by_transfer ON cached_entry (transfer_id);

CREATE TABLE cached_account (
    account_id BLOB NOT NULL PRIMARY KEY,
    reseller_id BLOB,
    username TEXT NOT NULL,
    status TEXT NOT NULL,
    ends_at BIGINT,
    plan_name TEXT
);
CREATE INDEX cached_account_by_name ON cached_account (username);
