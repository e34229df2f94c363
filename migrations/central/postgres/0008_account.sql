-- Accounts that people make and keep, and what each reseller may do.

ALTER TABLE account ADD COLUMN mac TEXT;
ALTER TABLE account ADD COLUMN notes TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX account_by_mac ON account (operator_id, mac) WHERE mac IS NOT NULL;
CREATE INDEX account_by_email ON account (operator_id, email, username) WHERE email IS NOT NULL;
CREATE INDEX account_by_status ON account (operator_id, status, username);
CREATE INDEX activation_by_account ON activation (account_id, activated_at);

-- The MAC address that was last written to the portal.
ALTER TABLE provisioning ADD COLUMN mac TEXT;

-- Service given to an account without a code. The id is minted by whoever asks: asked again, it is answered.
CREATE TABLE subscription (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  account_id UUID NOT NULL REFERENCES account (id),
  -- Who owned the account then.
  reseller_id UUID REFERENCES reseller (id),
  plan_id UUID NOT NULL REFERENCES plan (id),
  plan_name TEXT NOT NULL,
  days BIGINT NOT NULL CHECK (days > 0),
  -- Of the plan, minor units; none where days were given by themselves.
  price BIGINT,
  currency TEXT NOT NULL,
  -- What the reseller's wallet paid; 0 for a gift of the operator.
  cost BIGINT NOT NULL CHECK (cost >= 0),
  unit TEXT NOT NULL,
  -- How long service lasted with it.
  last_day TEXT NOT NULL,
  ends_at BIGINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX subscription_by_account ON subscription (account_id, at);
CREATE INDEX subscription_by_reseller ON subscription (reseller_id, at);

-- What somebody changed of what a reseller may do; without a row the defaults hold.
CREATE TABLE reseller_permission (
  reseller_id UUID NOT NULL PRIMARY KEY REFERENCES reseller (id),
  operator_id UUID NOT NULL REFERENCES operator (id),
  -- Name of the template they were taken from.
  template TEXT,
  -- JSON array of names.
  grants TEXT NOT NULL,
  max_accounts BIGINT CHECK (max_accounts >= 0),
  max_connections BIGINT NOT NULL CHECK (max_connections > 0),
  revision BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
