-- Templates of what a reseller may do.

-- Those that somebody changed; without a row a template is as it is built in.
CREATE TABLE permission_template (
  operator_id UUID NOT NULL REFERENCES operator (id),
  -- 'basic', 'premium' or 'trial'.
  name TEXT NOT NULL,
  -- JSON array of names.
  grants TEXT NOT NULL,
  max_accounts BIGINT CHECK (max_accounts >= 0),
  max_connections BIGINT NOT NULL CHECK (max_connections > 0),
  revision BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (operator_id, name)
);

-- Until now a template was any text.
UPDATE reseller_permission
  SET template = CASE WHEN LOWER(template) IN ('basic', 'premium', 'trial') THEN LOWER(template) END
  WHERE template IS NOT NULL;
