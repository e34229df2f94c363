-- Accounts with all that a list, a search and a page of one show. Sorted by name, or by their ends.

-- Rows taken before lack what is new: the next pull starts from nothing.
DELETE FROM feed_position;
DELETE FROM table_digest;
DELETE FROM cached_settings;
DELETE FROM cached_reseller;
DELETE FROM cached_plan;
DELETE FROM cached_device;
DELETE FROM cached_lease;
DELETE FROM cached_balance;
DELETE FROM cached_code;
DELETE FROM cached_entry;
DROP TABLE cached_account;

CREATE TABLE cached_account (
    account_id BLOB NOT NULL PRIMARY KEY,
    -- The account's own, for edits; not the feed's.
    revision BIGINT NOT NULL,
    reseller_id BLOB,
    username TEXT NOT NULL,
    -- Lower case, for the order and the search.
    name_key TEXT NOT NULL,
    email TEXT,
    mac TEXT,
    notes TEXT NOT NULL,
    -- As it was when it was sent: whether its service is over since is told by its end.
    status TEXT NOT NULL,
    plan_id BLOB,
    plan_name TEXT,
    price BIGINT,
    currency TEXT,
    last_day TEXT,
    -- 0 where service never began.
    ends_at BIGINT NOT NULL,
    max_connections BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX cached_account_by_name ON cached_account (name_key, account_id);
CREATE INDEX cached_account_by_reseller ON cached_account (reseller_id, name_key, account_id);
CREATE INDEX cached_account_by_end ON cached_account (ends_at, account_id) WHERE status IN ('active', 'expired');
CREATE INDEX cached_account_out ON cached_account (status, name_key, account_id) WHERE status IN ('suspended', 'archived');
CREATE INDEX cached_account_by_email ON cached_account (email, name_key) WHERE email IS NOT NULL;
CREATE INDEX cached_account_by_mac ON cached_account (mac, name_key) WHERE mac IS NOT NULL;
