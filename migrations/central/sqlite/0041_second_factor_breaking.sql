-- A second factor beside the password: six digits from an app, or a recovery code.
--
-- Breaking: an older Central does not ask for it, and would let anybody in who has the password.

CREATE TABLE second_factor (
  -- Of staff or of a member; ids of both are never the same.
  user_id BLOB NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  -- What the app computes from, sealed with Central's keys for this user.
  secret BLOB NOT NULL,
  begun_at BIGINT NOT NULL,
  -- Null: begun, and not asked for yet.
  confirmed_at BIGINT,
  -- The last half minute whose digits were taken; they and older ones are never taken again.
  last_step BIGINT NOT NULL DEFAULT 0
);

-- The recovery codes that are left; one that is used is deleted.
CREATE TABLE recovery_code (
  user_id BLOB NOT NULL REFERENCES second_factor (user_id) ON DELETE CASCADE,
  -- SHA-256 of user and code; the code itself is nowhere.
  code_hash BLOB NOT NULL,
  PRIMARY KEY (user_id, code_hash)
);

-- Whether staff may do anything before they have one.
ALTER TABLE operator ADD COLUMN staff_second_factor BOOLEAN NOT NULL DEFAULT FALSE;
