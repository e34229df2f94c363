-- What this device remembers of the hash chain over Central's audit: with it, nobody rewrites what was done.

-- Lines of the chain as Central told them. Thinned out with age, never changed.
CREATE TABLE audit_checkpoint (
    -- Of Central when it told it: after a restore from a backup its chain may be another.
    epoch BLOB NOT NULL,
    seq BIGINT NOT NULL,
    hash BLOB NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (epoch, seq)
);
CREATE TRIGGER audit_checkpoint_is_immutable BEFORE UPDATE ON audit_checkpoint
BEGIN SELECT RAISE (ABORT, 'checkpoints are append-only'); END;

-- Where Central once told another line than it did before.
CREATE TABLE audit_contradiction (
    epoch BLOB NOT NULL,
    seq BIGINT NOT NULL,
    remembered BLOB NOT NULL,
    -- None: its chain does not reach so far any more.
    held BLOB,
    found_at BIGINT NOT NULL,
    PRIMARY KEY (epoch, seq)
);
CREATE TRIGGER audit_contradiction_is_immutable BEFORE UPDATE ON audit_contradiction
BEGIN SELECT RAISE (ABORT, 'contradictions are append-only'); END;
CREATE TRIGGER audit_contradiction_is_kept BEFORE DELETE ON audit_contradiction
BEGIN SELECT RAISE (ABORT, 'contradictions are append-only'); END;
