-- Portals: the middleware that serves accounts, and how each account stands on it.

CREATE TABLE portal (
  id BLOB NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  name TEXT NOT NULL,
  -- As it was typed.
  address TEXT NOT NULL,
  -- None where the portal asks nobody.
  api_user TEXT,
  -- Sealed with Central's keys, bound to this row.
  sealed_password BLOB,
  -- DER of the only certificate that is believed.
  certificate BLOB,
  time_zone TEXT NOT NULL,
  status TEXT NOT NULL,
  -- JSON of what the last look found; nothing is written before the first.
  findings TEXT,
  probed_at BIGINT,
  -- Why nothing can be written now, and until when nothing is tried.
  trouble_code TEXT,
  trouble_detail TEXT,
  trouble_remedy TEXT,
  trouble_since BIGINT,
  troubles BIGINT NOT NULL DEFAULT 0,
  rests_until BIGINT NOT NULL DEFAULT 0,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX portal_by_operator ON portal (operator_id, name, id);

-- Where a plan is provisioned: on one portal or nowhere.
CREATE TABLE portal_plan (
  plan_id BLOB NOT NULL PRIMARY KEY REFERENCES plan (id),
  portal_id BLOB NOT NULL REFERENCES portal (id),
  -- External id of the portal's tariff; none leaves its default.
  tariff TEXT,
  -- Accounts of the plan after this id have still to be brought to the portal; none when all were.
  spread_after BLOB
);
CREATE INDEX portal_plan_by_portal ON portal_plan (portal_id);

-- Who a reseller is on a portal.
CREATE TABLE portal_reseller (
  portal_id BLOB NOT NULL REFERENCES portal (id),
  reseller_id BLOB NOT NULL REFERENCES reseller (id),
  remote_id BIGINT NOT NULL CHECK (remote_id > 0),
  PRIMARY KEY (portal_id, reseller_id),
  UNIQUE (portal_id, remote_id)
);

-- An account that is, or is to be, on a portal. What it should be there follows from the account: this row only tells
-- that it has to be looked at again, and how it went.
CREATE TABLE provisioning (
  account_id BLOB NOT NULL REFERENCES account (id),
  portal_id BLOB NOT NULL REFERENCES portal (id),
  operator_id BLOB NOT NULL REFERENCES operator (id),
  -- The account's name on the portal.
  login TEXT NOT NULL,
  -- Counts the changes of the account, and the last of them that is on the portal.
  wanted BIGINT NOT NULL,
  done BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL,
  -- Whether the portal's account of this login is known to be this one.
  created BOOLEAN NOT NULL DEFAULT FALSE,
  -- Generation of the password that was last written; 0 before.
  credential_generation BIGINT NOT NULL DEFAULT 0,
  tries BIGINT NOT NULL DEFAULT 0,
  -- None: a person has to decide, or nothing is wanted.
  due_at BIGINT,
  -- Somebody is at it until then, unless that process dies.
  claimed_until BIGINT NOT NULL DEFAULT 0,
  -- When Central itself has to switch it off, on portals that do not.
  off_at BIGINT,
  trouble_code TEXT,
  trouble_detail TEXT,
  trouble_remedy TEXT,
  trouble_since BIGINT,
  -- JSON array of what the portal shows otherwise.
  differences TEXT NOT NULL DEFAULT '[]',
  agreed_at BIGINT,
  PRIMARY KEY (account_id, portal_id)
);
CREATE INDEX provisioning_due ON provisioning (portal_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX provisioning_off ON provisioning (off_at) WHERE off_at IS NOT NULL;
CREATE INDEX provisioning_by_state ON provisioning (portal_id, state, login, account_id);
CREATE INDEX provisioning_by_login ON provisioning (portal_id, login, account_id);
