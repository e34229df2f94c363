-- What the dashboards lacked: when accounts were last seen, how many are connected, what comes in over and over, who left,
-- and how many writes to portals went through.
--
-- An older Central cannot count the new notes: they have no `at`, so it leaves them, and whatever stands beside them in its
-- part, to a newer one, which runs as soon as this is here.

-- When an account was last at its portal, by the portal's own stamp. It is beside the account and not in it: a look at a
-- million accounts moves many of them, and none of that is news for any device.
CREATE TABLE account_access (
  account_id UUID NOT NULL PRIMARY KEY REFERENCES account (id),
  -- Who said so.
  portal_id UUID NOT NULL REFERENCES portal (id),
  last_access_at BIGINT NOT NULL
);

-- Accounts that were connected when a portal's whole list was last read, by reseller, and for the operator all of them.
CREATE TABLE portal_connection (
  portal_id UUID NOT NULL REFERENCES portal (id),
  -- As in `statistic_month`.
  scope_id UUID NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (portal_id, scope_id)
);
-- When that was.
ALTER TABLE portal ADD COLUMN connections_at BIGINT;

-- Accounts that are switched on, by the last day of their service and by plan.
CREATE TABLE statistic_service (
  operator_id UUID NOT NULL REFERENCES operator (id),
  -- As in `statistic_account`.
  scope_id UUID NOT NULL,
  last_day TEXT NOT NULL,
  plan_id UUID NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (scope_id, last_day, plan_id)
);

-- By month in the operator's zone. 'active': accounts with service when the month began. 'ended': accounts whose last day
-- was in the month and that were not renewed in the days after it. 'written' and 'not_written': attempts to write an account
-- to its portal, of the operator only.
CREATE TABLE statistic_tally (
  operator_id UUID NOT NULL REFERENCES operator (id),
  scope_id UUID NOT NULL,
  month TEXT NOT NULL,
  kind TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (scope_id, month, kind)
);

-- How far accounts that ended have been counted.
CREATE TABLE statistic_day (
  operator_id UUID NOT NULL PRIMARY KEY REFERENCES operator (id),
  -- The first last day that counts: nobody knows when those before it were renewed.
  since TEXT NOT NULL,
  -- Last days up to this one are counted.
  closed TEXT NOT NULL,
  -- The last month whose beginning was counted.
  opened TEXT NOT NULL
);
CREATE INDEX statistic_account_by_day ON statistic_account (operator_id, last_day);

-- Of 'service_of': a plan and a last day that an account has, or that it has no more.
CREATE FUNCTION account_serves () RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistic_waiting (operator_id, reseller_id, kind, plan_id, last_day, count)
  VALUES (NEW.operator_id, NEW.reseller_id, 'service_of', NEW.plan_id, NEW.last_day, 1);
  RETURN NULL;
END;
$$;
CREATE TRIGGER account_serves AFTER INSERT ON account FOR EACH ROW
WHEN (NEW.status = 'active' AND NEW.plan_id IS NOT NULL AND NEW.last_day IS NOT NULL)
EXECUTE FUNCTION account_serves ();
CREATE FUNCTION account_serves_no_more () RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistic_waiting (operator_id, reseller_id, kind, plan_id, last_day, count)
  VALUES (OLD.operator_id, OLD.reseller_id, 'service_of', OLD.plan_id, OLD.last_day, -1);
  RETURN NULL;
END;
$$;
CREATE TRIGGER account_serves_no_more AFTER UPDATE OF reseller_id, status, plan_id, last_day ON account FOR EACH ROW
WHEN (OLD.status = 'active' AND OLD.plan_id IS NOT NULL AND OLD.last_day IS NOT NULL
  AND (OLD.reseller_id IS DISTINCT FROM NEW.reseller_id OR OLD.status <> NEW.status
    OR OLD.plan_id IS DISTINCT FROM NEW.plan_id OR OLD.last_day IS DISTINCT FROM NEW.last_day))
EXECUTE FUNCTION account_serves_no_more ();
CREATE FUNCTION account_serves_now () RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistic_waiting (operator_id, reseller_id, kind, plan_id, last_day, count)
  VALUES (NEW.operator_id, NEW.reseller_id, 'service_of', NEW.plan_id, NEW.last_day, 1);
  RETURN NULL;
END;
$$;
CREATE TRIGGER account_serves_now AFTER UPDATE OF reseller_id, status, plan_id, last_day ON account FOR EACH ROW
WHEN (NEW.status = 'active' AND NEW.plan_id IS NOT NULL AND NEW.last_day IS NOT NULL
  AND (OLD.reseller_id IS DISTINCT FROM NEW.reseller_id OR OLD.status <> NEW.status
    OR OLD.plan_id IS DISTINCT FROM NEW.plan_id OR OLD.last_day IS DISTINCT FROM NEW.last_day))
EXECUTE FUNCTION account_serves_now ();

-- An attempt to write an account ended. It went through when the portal was found to show what was wanted.
CREATE FUNCTION attempt_ended () RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistic_waiting (operator_id, kind, count)
  VALUES (NEW.operator_id, CASE WHEN NEW.done > OLD.done OR NEW.agreed_at IS DISTINCT FROM OLD.agreed_at THEN 'written'
    ELSE 'not_written' END, 1);
  RETURN NULL;
END;
$$;
CREATE TRIGGER attempt_ended AFTER UPDATE OF claimed_until ON provisioning FOR EACH ROW
WHEN (OLD.claimed_until <> 0 AND NEW.claimed_until = 0)
EXECUTE FUNCTION attempt_ended ();

-- What was before.
INSERT INTO statistic_waiting (operator_id, reseller_id, kind, plan_id, last_day, count)
  SELECT operator_id, reseller_id, 'service_of', plan_id, last_day, COUNT(*) FROM account
  WHERE status = 'active' AND plan_id IS NOT NULL AND last_day IS NOT NULL
  GROUP BY operator_id, reseller_id, plan_id, last_day;
