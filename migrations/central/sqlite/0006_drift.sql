-- What was last seen of a portal's accounts, where it disagrees with ours, and work with many of them.

ALTER TABLE portal ADD COLUMN compared_at BIGINT;
-- Accounts of the last whole list, and JSON of what is odd about them.
ALTER TABLE portal ADD COLUMN listed_accounts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE portal ADD COLUMN oddities TEXT;

CREATE TABLE portal_account (
  portal_id BLOB NOT NULL REFERENCES portal (id),
  -- 'l:' and the login as the portal compares it, or 'm:' and the MAC of a box without one.
  key TEXT NOT NULL,
  login TEXT NOT NULL,
  account_number TEXT NOT NULL,
  mac TEXT NOT NULL,
  -- Rows of the list that have this key; more than one is nobody's.
  copies BIGINT NOT NULL DEFAULT 1,
  -- Of the cheap list's row.
  fingerprint BIGINT NOT NULL DEFAULT 0,
  -- 'listed': its details have to be read. 'read': they have to be compared. 'gone': the last list has it no more, and
  -- that has to be believed. 'known': all that is done. 'absent': it is not on the portal.
  stage TEXT NOT NULL,
  -- JSON of what its details showed.
  shown TEXT,
  -- The reseller's number that it shows, and the one that was last believed.
  owner BIGINT,
  owner_believed BIGINT,
  -- The customer's account of this login, and whether it is known to be this one.
  account_id BLOB REFERENCES account (id),
  linked BOOLEAN NOT NULL DEFAULT FALSE,
  drift TEXT,
  -- JSON array of what differs, and JSON of what both had when they last agreed.
  fields TEXT NOT NULL DEFAULT '[]',
  agreed TEXT,
  PRIMARY KEY (portal_id, key)
);
CREATE INDEX portal_account_by_stage ON portal_account (portal_id, stage, key) WHERE stage IN ('listed', 'read', 'gone');
CREATE INDEX portal_account_by_drift ON portal_account (portal_id, drift, key) WHERE drift IS NOT NULL;
CREATE INDEX portal_account_by_account ON portal_account (account_id) WHERE account_id IS NOT NULL;

CREATE TABLE portal_job (
  id BLOB NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  portal_id BLOB NOT NULL REFERENCES portal (id),
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  phase TEXT NOT NULL,
  done BIGINT NOT NULL DEFAULT 0,
  total BIGINT,
  changed BIGINT NOT NULL DEFAULT 0,
  refused BIGINT NOT NULL DEFAULT 0,
  -- What it asks, and whether somebody said yes.
  question TEXT,
  question_accounts BIGINT NOT NULL DEFAULT 0,
  question_of BIGINT NOT NULL DEFAULT 0,
  confirmed BOOLEAN NOT NULL DEFAULT FALSE,
  trouble_code TEXT,
  trouble_detail TEXT,
  trouble_remedy TEXT,
  -- The account up to which a walk over all is done.
  walked BLOB,
  -- The job that this one takes back, and the one that took it back.
  undoes BLOB REFERENCES portal_job (id),
  undone_by BLOB,
  started_at BIGINT NOT NULL,
  started_by BLOB REFERENCES staff (id),
  ended_at BIGINT,
  -- Whoever is at it, until then unless it says otherwise.
  claim BLOB,
  claimed_until BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX portal_job_by_portal ON portal_job (portal_id, started_at, id);
-- One at a time on a portal.
CREATE UNIQUE INDEX portal_job_open ON portal_job (portal_id) WHERE state IN ('running', 'asking');
CREATE INDEX portal_job_running ON portal_job (claimed_until) WHERE state = 'running';

-- The accounts that a repair was decided for, as they were shown then.
CREATE TABLE portal_job_item (
  job_id BLOB NOT NULL REFERENCES portal_job (id),
  key TEXT NOT NULL,
  drift TEXT NOT NULL,
  fields TEXT NOT NULL,
  -- 'open', 'done', 'refused', 'undone'.
  state TEXT NOT NULL,
  refusal TEXT,
  account_id BLOB,
  -- JSON of what undoing puts back; none where nothing can be.
  before TEXT,
  PRIMARY KEY (job_id, key)
);
CREATE INDEX portal_job_item_open ON portal_job_item (job_id, state, key);
