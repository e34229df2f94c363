-- Whose log a line of the audit is in: of each reseller that it concerns, and of those above it. Written with the line, so lines
-- of before are in nobody's log, and who is given an account later does not read what was done to it elsewhere.
--
-- It refers to nothing: a tampered line must be found by its chain and not be hidden by a key, and a key would lock the row of
-- the same upline for every line below it.
CREATE TABLE audit_concern (
  reseller_id BLOB NOT NULL,
  at BIGINT NOT NULL,
  audit_id BLOB NOT NULL,
  PRIMARY KEY (reseller_id, at, audit_id)
) WITHOUT ROWID;

CREATE TRIGGER audit_concern_is_immutable BEFORE UPDATE ON audit_concern
BEGIN SELECT RAISE (ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_concern_is_kept BEFORE DELETE ON audit_concern
BEGIN SELECT RAISE (ABORT, 'the audit is append-only'); END;

-- Jobs of all lots, the newest first.
CREATE INDEX code_job_by_time ON code_job (operator_id, started_at, id);
