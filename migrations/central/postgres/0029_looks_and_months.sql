-- What recurred in months that are over, how jobs of provisioning came out on each portal, looks at portals that Central begins
-- by itself, and mails to customers.
--
-- An older Central cannot count the new notes, as those of `0022`: they have no `at`, and it leaves them to a newer one.

-- Accounts that were switched on, by plan, on the last day of a month. Price and days are the plan's of that day, so what a
-- month came to never changes.
CREATE TABLE statistic_recurring (
  operator_id UUID NOT NULL REFERENCES operator (id),
  -- As in `statistic_month`.
  scope_id UUID NOT NULL,
  month TEXT NOT NULL,
  plan_id UUID NOT NULL REFERENCES plan (id),
  currency TEXT NOT NULL,
  price BIGINT NOT NULL,
  term_days BIGINT NOT NULL,
  accounts BIGINT NOT NULL,
  PRIMARY KEY (scope_id, month, plan_id)
);
-- How each of these months is known. 'counted': on the day after it. 'late': on a later day, as accounts were then. 'rebuilt':
-- from the activations and services on record, by the prices of the day it was done on.
CREATE TABLE statistic_recurring_month (
  operator_id UUID NOT NULL REFERENCES operator (id),
  month TEXT NOT NULL,
  source TEXT NOT NULL,
  -- The day on which it was written.
  written_on TEXT NOT NULL,
  PRIMARY KEY (operator_id, month)
);
-- The first month that is known; none until those before the first count were rebuilt.
ALTER TABLE statistic_day ADD COLUMN recurring_from TEXT;
CREATE INDEX statistic_service_by_day ON statistic_service (operator_id, last_day);

-- Since when an account waits to be brought to its portal; none where nothing waits, or where it began before this.
ALTER TABLE provisioning ADD COLUMN wanted_since BIGINT;
ALTER TABLE statistic_waiting ADD COLUMN portal_id UUID;
-- By month in which they ended. 'job_agreed': the portal shows what was wanted; of these 'job_first': at the first try, and
-- 'job_hour': within an hour. 'job_failed': a person had to decide.
CREATE TABLE statistic_portal (
  operator_id UUID NOT NULL REFERENCES operator (id),
  portal_id UUID NOT NULL REFERENCES portal (id),
  month TEXT NOT NULL,
  kind TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (portal_id, month, kind)
);
CREATE INDEX statistic_portal_by_month ON statistic_portal (operator_id, month);
CREATE FUNCTION provisioning_came_to () RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistic_waiting (operator_id, portal_id, kind, count)
    SELECT NEW.operator_id, NEW.portal_id, 'job_agreed', 1 WHERE NEW.done > OLD.done
    UNION ALL SELECT NEW.operator_id, NEW.portal_id, 'job_first', 1 WHERE NEW.done > OLD.done AND OLD.tries <= 1
    UNION ALL SELECT NEW.operator_id, NEW.portal_id, 'job_hour', 1
      WHERE NEW.done > OLD.done AND NEW.agreed_at - OLD.wanted_since <= 3600000
    UNION ALL SELECT NEW.operator_id, NEW.portal_id, 'job_failed', 1
      WHERE NEW.state = 'attention' AND OLD.state <> 'attention';
  RETURN NULL;
END;
$$;
CREATE TRIGGER provisioning_came_to AFTER UPDATE OF claimed_until ON provisioning FOR EACH ROW
WHEN (OLD.claimed_until <> 0 AND NEW.claimed_until = 0 AND OLD.wanted_since IS NOT NULL
  AND (NEW.done > OLD.done OR (NEW.state = 'attention' AND OLD.state <> 'attention')))
EXECUTE FUNCTION provisioning_came_to ();

-- Central looks for changes by itself so often; 0 is never.
ALTER TABLE portal ADD COLUMN look_every_hours BIGINT NOT NULL DEFAULT 24 CHECK (look_every_hours BETWEEN 0 AND 720);
-- When it last did. Of two processes that find the same look due, the one that changes this begins it.
ALTER TABLE portal ADD COLUMN timer_at BIGINT NOT NULL DEFAULT 0;

-- Last days up to this one were told to the customers whose service ends.
CREATE TABLE expiry_notice (
  operator_id UUID NOT NULL PRIMARY KEY REFERENCES operator (id),
  told_until TEXT NOT NULL
);
CREATE INDEX account_ending ON account (operator_id, last_day, id) WHERE email IS NOT NULL;
-- Mails that were sent are not kept for ever.
CREATE INDEX notice_sent ON notice (sent_at) WHERE state = 'sent';
