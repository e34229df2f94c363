-- The audit as one chain of hashes for each operator, and what devices remember of it.

-- Lines that are not in the chain yet. A trigger fills it, so that lines of an older Central are sealed as well, and a
-- line that commits late is found late and not passed over.
CREATE TABLE audit_waiting (
  operator_id BLOB NOT NULL REFERENCES operator (id),
  audit_id BLOB NOT NULL,
  PRIMARY KEY (operator_id, audit_id)
);

-- The chain, in the order of sealing. It does not refer to `audit`: a seal stays where somebody removed its line.
CREATE TABLE audit_seal (
  operator_id BLOB NOT NULL REFERENCES operator (id),
  seq BIGINT NOT NULL CHECK (seq > 0),
  audit_id BLOB NOT NULL UNIQUE,
  hash BLOB NOT NULL,
  PRIMARY KEY (operator_id, seq)
);

-- Where the chain ends. Whoever seals holds this row.
CREATE TABLE audit_chain (
  operator_id BLOB NOT NULL PRIMARY KEY REFERENCES operator (id),
  seq BIGINT NOT NULL,
  hash BLOB NOT NULL
);

-- Restores from a backup: up to which line the chain of the epoch that ended is still this one.
CREATE TABLE audit_restore (
  operator_id BLOB NOT NULL REFERENCES operator (id),
  epoch BLOB NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (operator_id, epoch)
);

-- A device remembers another line of the chain than Central holds.
CREATE TABLE audit_contradiction (
  id BLOB NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  device_id BLOB NOT NULL REFERENCES device (id),
  epoch BLOB NOT NULL,
  seq BIGINT NOT NULL,
  told BLOB NOT NULL,
  -- None: the chain does not reach so far.
  held BLOB,
  at BIGINT NOT NULL,
  UNIQUE (device_id, epoch, seq, told)
);
CREATE INDEX audit_contradiction_by_time ON audit_contradiction (operator_id, at, id);

CREATE TRIGGER audit_waits AFTER INSERT ON audit
BEGIN INSERT INTO audit_waiting (operator_id, audit_id) VALUES (NEW.operator_id, NEW.id); END;
INSERT INTO audit_waiting (operator_id, audit_id) SELECT operator_id, id FROM audit;

CREATE TRIGGER audit_is_immutable BEFORE UPDATE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_seal_is_immutable BEFORE UPDATE ON audit_seal
BEGIN SELECT RAISE (ABORT, 'seals are append-only'); END;
CREATE TRIGGER audit_seal_is_kept BEFORE DELETE ON audit_seal
BEGIN SELECT RAISE (ABORT, 'seals are append-only'); END;
CREATE TRIGGER audit_contradiction_is_immutable BEFORE UPDATE ON audit_contradiction
BEGIN SELECT RAISE (ABORT, 'contradictions are append-only'); END;
CREATE TRIGGER audit_contradiction_is_kept BEFORE DELETE ON audit_contradiction
BEGIN SELECT RAISE (ABORT, 'contradictions are append-only'); END;

-- Lists of one person's acts and of one kind of act are read in the order of an index.
CREATE INDEX audit_by_actor ON audit (operator_id, actor_id, at, id);
CREATE INDEX audit_by_action ON audit (operator_id, action, at, id);
