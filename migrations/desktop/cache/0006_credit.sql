-- When a wallet is low, where its chain of entries ends, and the event behind each line and who
-- did it.
ALTER TABLE cached_settings ADD COLUMN low_credits BIGINT;
ALTER TABLE cached_settings ADD COLUMN low_money BIGINT;
-- The reseller's own; none follows the operator's.
ALTER TABLE cached_balance ADD COLUMN low_credit BIGINT;
ALTER TABLE cached_balance ADD COLUMN wallet_seq BIGINT;
ALTER TABLE cached_balance ADD COLUMN wallet_head TEXT;
ALTER TABLE cached_entry ADD COLUMN source_event TEXT;
ALTER TABLE cached_entry ADD COLUMN done_by TEXT;

CREATE INDEX cached_entry_by_kind ON cached_entry (kind, at DESC, account_id DESC, seq DESC);

-- The rows that are here came without these: they are read again, and shown until then.
UPDATE feed_position SET cursor = '', version = 0;
