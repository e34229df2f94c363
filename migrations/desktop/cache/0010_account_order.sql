-- Accounts by the end of their service, whichever are shown: the status is in the index, so that those which are left out
-- are passed over without being read. Those that are out of use have orders of their own, few or many of them.
DROP INDEX cached_account_by_end;
CREATE INDEX cached_account_by_end ON cached_account (ends_at, account_id, status);
CREATE INDEX cached_account_out_by_end ON cached_account (status, ends_at, account_id) WHERE status IN ('suspended', 'archived');
CREATE INDEX cached_account_out_by_id ON cached_account (status, account_id) WHERE status IN ('suspended', 'archived');
