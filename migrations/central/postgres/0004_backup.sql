-- What survives the loss of this database, and what a restored one has to know.

-- The newest backup that is known to be whole holds everything up to this version; 0 before the first.
ALTER TABLE feed ADD COLUMN backup_version BIGINT NOT NULL DEFAULT 0;
-- The oldest operation that the backup does not hold.
CREATE INDEX device_op_by_version ON device_op (device_id, feed_version);

-- One row in a copy that `backup` made: it must not serve before `restored` gave it a new epoch.
CREATE TABLE backup_copy (
  one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
  made_at BIGINT NOT NULL
);
