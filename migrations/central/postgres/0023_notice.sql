-- Notices by e-mail: what is to be sent, in whose words, and what nobody wants.

CREATE TABLE notice (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  -- What it tells of, such as 'payout/…/sent': one event makes one mail.
  source_event TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- The address as it was then.
  recipient TEXT NOT NULL,
  -- For whom it is; NULL for somebody who applies.
  reseller_id UUID REFERENCES reseller (id),
  language TEXT NOT NULL,
  -- As they are sent: whoever changes a template changes no mail.
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  -- 'queued', 'sending', 'sent', 'failed' or 'given_up'.
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  -- When it was put into the queue, the last time.
  queued_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  next_attempt_at BIGINT NOT NULL,
  sent_at BIGINT,
  -- Why the last try did not work, for staff.
  trouble TEXT,
  -- Whoever is at it, until then.
  claim UUID,
  claimed_until BIGINT NOT NULL DEFAULT 0,
  UNIQUE (operator_id, source_event),
  CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX notice_by_time ON notice (operator_id, created_at, id);
CREATE INDEX notice_by_state ON notice (operator_id, state, created_at, id);
CREATE INDEX notice_due ON notice (next_attempt_at) WHERE state IN ('queued', 'sending');

-- The words that somebody changed; without a row, or with NULL words, they are as they are built in.
CREATE TABLE notice_template (
  operator_id UUID NOT NULL REFERENCES operator (id),
  kind TEXT NOT NULL,
  -- 'en' is the only one built in.
  language TEXT NOT NULL,
  subject TEXT,
  body TEXT,
  revision BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (operator_id, kind, language),
  CHECK ((subject IS NULL) = (body IS NULL))
);

-- What a reseller does without. All others it gets.
CREATE TABLE notice_off (
  reseller_id UUID NOT NULL REFERENCES reseller (id),
  kind TEXT NOT NULL,
  operator_id UUID NOT NULL REFERENCES operator (id),
  PRIMARY KEY (reseller_id, kind)
);

-- Whether a wallet was low when it was last looked at, and how often it became so.
CREATE TABLE low_credit_mark (
  reseller_id UUID NOT NULL PRIMARY KEY REFERENCES reseller (id),
  operator_id UUID NOT NULL REFERENCES operator (id),
  low BIGINT NOT NULL CHECK (low IN (0, 1)),
  crossing BIGINT NOT NULL
);
