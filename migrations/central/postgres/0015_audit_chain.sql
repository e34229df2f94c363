-- The audit as one chain of hashes for each operator, and what devices remember of it.

-- Lines that are not in the chain yet. A trigger fills it, so that lines of an older Central are sealed as well, and a
-- line that commits late is found late and not passed over.
CREATE TABLE audit_waiting (
  operator_id UUID NOT NULL REFERENCES operator (id),
  audit_id UUID NOT NULL,
  PRIMARY KEY (operator_id, audit_id)
);

-- The chain, in the order of sealing. It does not refer to `audit`: a seal stays where somebody removed its line.
CREATE TABLE audit_seal (
  operator_id UUID NOT NULL REFERENCES operator (id),
  seq BIGINT NOT NULL CHECK (seq > 0),
  audit_id UUID NOT NULL UNIQUE,
  hash BYTEA NOT NULL,
  PRIMARY KEY (operator_id, seq)
);

-- Where the chain ends. Whoever seals holds this row.
CREATE TABLE audit_chain (
  operator_id UUID NOT NULL PRIMARY KEY REFERENCES operator (id),
  seq BIGINT NOT NULL,
  hash BYTEA NOT NULL
);

-- Restores from a backup: up to which line the chain of the epoch that ended is still this one.
CREATE TABLE audit_restore (
  operator_id UUID NOT NULL REFERENCES operator (id),
  epoch UUID NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (operator_id, epoch)
);

-- A device remembers another line of the chain than Central holds.
CREATE TABLE audit_contradiction (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  device_id UUID NOT NULL REFERENCES device (id),
  epoch UUID NOT NULL,
  seq BIGINT NOT NULL,
  told BYTEA NOT NULL,
  -- None: the chain does not reach so far.
  held BYTEA,
  at BIGINT NOT NULL,
  UNIQUE (device_id, epoch, seq, told)
);
CREATE INDEX audit_contradiction_by_time ON audit_contradiction (operator_id, at, id);

CREATE FUNCTION audit_waits () RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_waiting (operator_id, audit_id) VALUES (NEW.operator_id, NEW.id);
  RETURN NULL;
END;
$$;
-- Takes the lock that keeps writers out first, so that what is copied afterwards is all there is.
CREATE TRIGGER audit_waits AFTER INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_waits ();
INSERT INTO audit_waiting (operator_id, audit_id) SELECT operator_id, id FROM audit;

CREATE TRIGGER audit_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change ();
CREATE TRIGGER audit_seal_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change ();
CREATE TRIGGER audit_contradiction_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_contradiction
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change ();

-- Lists of one person's acts and of one kind of act are read in the order of an index.
CREATE INDEX audit_by_actor ON audit (operator_id, actor_id, at, id);
CREATE INDEX audit_by_action ON audit (operator_id, action, at, id);
