-- What a device needs when Central was restored from a backup.

-- The epoch of the Central this device agrees with; none until it has compared, and again when it met another one.
ALTER TABLE device ADD COLUMN central_epoch BLOB;

-- Numbers that Central was told are lost. A Central that forgot it is told again.
CREATE TABLE declared_loss (
    after_seq BIGINT NOT NULL PRIMARY KEY,
    after_hash BLOB NOT NULL,
    through_seq BIGINT NOT NULL CHECK (through_seq > after_seq),
    through_hash BLOB NOT NULL
);
