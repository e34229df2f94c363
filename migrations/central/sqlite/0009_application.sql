-- Applications of those who want to sell, the commission rates of resellers, and members who may be shut out.

CREATE TABLE application (
  id BLOB NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  name TEXT NOT NULL,
  -- In small letters.
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  -- Argon2id of the password that the applicant chose; gone once the application is decided.
  password_hash TEXT,
  business_name TEXT NOT NULL,
  address TEXT NOT NULL,
  kind TEXT NOT NULL,
  expected_customers BIGINT NOT NULL CHECK (expected_customers >= 0),
  terms_accepted_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  decided_at BIGINT,
  decided_by BLOB REFERENCES staff (id),
  -- Why it was rejected, as the applicant is told.
  reason TEXT,
  -- For staff only.
  notes TEXT,
  -- Whom its approval created.
  reseller_id BLOB REFERENCES reseller (id),
  CHECK ((state = 'pending') = (decided_at IS NULL)),
  CHECK ((state = 'pending') = (password_hash IS NOT NULL))
);
CREATE INDEX application_by_state ON application (operator_id, state, created_at, id);
CREATE UNIQUE INDEX application_waiting ON application (operator_id, email) WHERE state = 'pending';

-- A reseller's commission rates. In force at a moment is the row with the latest `valid_from` up to it; of several that
-- begin together, the one that was set last.
CREATE TABLE reseller_rate (
  id BLOB NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  reseller_id BLOB NOT NULL REFERENCES reseller (id),
  -- Basis points; none is by tier.
  rate_bp BIGINT CHECK (rate_bp BETWEEN 0 AND 10000),
  valid_from BIGINT NOT NULL,
  set_at BIGINT NOT NULL,
  set_by BLOB REFERENCES staff (id),
  note TEXT NOT NULL,
  CHECK (valid_from >= set_at)
);
CREATE INDEX reseller_rate_in_force ON reseller_rate (reseller_id, valid_from, set_at, id);

CREATE TRIGGER reseller_rate_is_immutable BEFORE UPDATE ON reseller_rate
BEGIN SELECT RAISE (ABORT, 'rates are append-only'); END;
CREATE TRIGGER reseller_rate_is_kept BEFORE DELETE ON reseller_rate
BEGIN SELECT RAISE (ABORT, 'rates are append-only'); END;

-- A member who is not active cannot sign in; its history stays.
ALTER TABLE member ADD COLUMN active BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE member ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
