-- Whose log a line of the audit is in: of each reseller that it concerns, and of those above it. Written with the line, so lines
-- of before are in nobody's log, and who is given an account later does not read what was done to it elsewhere.
--
-- It refers to nothing: a tampered line must be found by its chain and not be hidden by a key, and a key would lock the row of
-- the same upline for every line below it.
CREATE TABLE audit_concern (
  reseller_id UUID NOT NULL,
  at BIGINT NOT NULL,
  audit_id UUID NOT NULL,
  PRIMARY KEY (reseller_id, at, audit_id)
);

CREATE TRIGGER audit_concern_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_concern
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change ();

-- Jobs of all lots, the newest first.
CREATE INDEX code_job_by_time ON code_job (operator_id, started_at, id);
