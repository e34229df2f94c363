-- What the dashboards count: sales by month and accounts by the last day of their service.
--
-- Triggers note what happened, so that it is counted whichever Central wrote it, in the transaction that it belongs to and
-- without a row that writers share. Soon after, a worker adds the notes to the sums and takes them away.

CREATE TABLE statistic_waiting (
  id INTEGER NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL,
  -- None: an account that nobody owns.
  reseller_id BLOB,
  -- As in `statistic_month`, or 'service_end': an account's status and last day, or that it has them no more.
  kind TEXT NOT NULL,
  plan_id BLOB,
  at BIGINT,
  status TEXT,
  -- Empty before the first service.
  last_day TEXT,
  currency TEXT NOT NULL DEFAULT '',
  unit TEXT NOT NULL DEFAULT '',
  count BIGINT NOT NULL,
  price BIGINT NOT NULL DEFAULT 0,
  cost BIGINT NOT NULL DEFAULT 0
);

-- Whoever counts holds this row.
CREATE TABLE statistic_count (
  operator_id BLOB NOT NULL PRIMARY KEY REFERENCES operator (id),
  counted_at BIGINT NOT NULL
);

CREATE TABLE statistic_month (
  operator_id BLOB NOT NULL REFERENCES operator (id),
  -- The reseller, or the operator: all of its resellers together.
  scope_id BLOB NOT NULL,
  -- '2026-11' in the operator's zone.
  month TEXT NOT NULL,
  -- 'sold': codes, when they were sold. 'service': service without a code. 'voided', 'expired' and 'activated': codes, when
  -- it happened. 'account': accounts made. 'earned': commission, by the day of its sale. 'revenue': what 'sold' and 'service'
  -- brought less what was 'voided', of all plans together, with the number of sales: resellers are compared by it.
  kind TEXT NOT NULL,
  -- Sixteen zeros where it is about no plan.
  plan_id BLOB NOT NULL,
  currency TEXT NOT NULL,
  unit TEXT NOT NULL,
  count BIGINT NOT NULL,
  -- Minor units of the currency: what customers were charged, or what was earned.
  price BIGINT NOT NULL,
  -- What it took from the wallet, in the wallet's unit.
  cost BIGINT NOT NULL,
  PRIMARY KEY (scope_id, month, kind, plan_id, currency, unit)
) WITHOUT ROWID;
CREATE INDEX statistic_month_revenue ON statistic_month (operator_id, month, scope_id, currency, count, price) WHERE kind = 'revenue';

-- Accounts by how long their service lasts.
CREATE TABLE statistic_account (
  operator_id BLOB NOT NULL REFERENCES operator (id),
  -- As in `statistic_month`; accounts that nobody owns are the operator's only.
  scope_id BLOB NOT NULL,
  status TEXT NOT NULL,
  last_day TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (scope_id, status, last_day)
) WITHOUT ROWID;

-- What a customer paid is counted once: when the code is sold, or when a code that waited for credit is charged at last.
CREATE TRIGGER code_sold AFTER INSERT ON code
WHEN NOT (NEW.state = 'held' AND NEW.held_reason IS NOT NULL)
BEGIN
  INSERT INTO statistic_waiting (operator_id, reseller_id, kind, plan_id, at, currency, unit, count, price, cost)
  VALUES (NEW.operator_id, NEW.reseller_id, 'sold', NEW.plan_id, COALESCE(NEW.sold_at, NEW.settled_at), NEW.currency,
    NEW.unit, 1, NEW.price, NEW.cost);
END;
CREATE TRIGGER code_charged AFTER UPDATE OF state, held_reason ON code
WHEN OLD.state = 'held' AND OLD.held_reason IS NOT NULL
  AND (NEW.state IN ('sold', 'activated') OR (NEW.state = 'held' AND NEW.held_reason IS NULL))
BEGIN
  INSERT INTO statistic_waiting (operator_id, reseller_id, kind, plan_id, at, currency, unit, count, price, cost)
  VALUES (NEW.operator_id, NEW.reseller_id, 'sold', NEW.plan_id, COALESCE(NEW.sold_at, NEW.settled_at), NEW.currency,
    NEW.unit, 1, NEW.price, NEW.cost);
END;
-- A code that was used before its sale arrived: now it is known when it was sold.
CREATE TRIGGER code_dated AFTER UPDATE OF sold_at ON code
WHEN COALESCE(OLD.sold_at, OLD.settled_at) <> COALESCE(NEW.sold_at, NEW.settled_at)
  AND (OLD.state IN ('sold', 'activated') OR (OLD.state = 'held' AND OLD.held_reason IS NULL))
BEGIN
  INSERT INTO statistic_waiting (operator_id, reseller_id, kind, plan_id, at, currency, unit, count, price, cost)
  VALUES
    (OLD.operator_id, OLD.reseller_id, 'sold', OLD.plan_id, COALESCE(OLD.sold_at, OLD.settled_at), OLD.currency,
      OLD.unit, -1, -OLD.price, -OLD.cost),
    (NEW.operator_id, NEW.reseller_id, 'sold', NEW.plan_id, COALESCE(NEW.sold_at, NEW.settled_at), NEW.currency,
      NEW.unit, 1, NEW.price, NEW.cost);
END;
-- Of a code that was charged. A void gives the customer and the wallet back what they paid, expiry the wallet only.
CREATE TRIGGER code_ended AFTER UPDATE OF state ON code
WHEN NEW.state IN ('voided', 'expired')
  AND (OLD.state = 'sold' OR (OLD.state = 'held' AND OLD.held_reason IS NULL))
BEGIN
  INSERT INTO statistic_waiting (operator_id, reseller_id, kind, plan_id, at, currency, unit, count, price, cost)
  VALUES (NEW.operator_id, NEW.reseller_id, NEW.state, NEW.plan_id, COALESCE(NEW.ended_at, NEW.settled_at), NEW.currency,
    NEW.unit, 1, NEW.price, NEW.cost);
END;
CREATE TRIGGER code_used AFTER UPDATE OF state ON code
WHEN OLD.state <> 'activated' AND NEW.state = 'activated'
BEGIN
  INSERT INTO statistic_waiting (operator_id, reseller_id, kind, plan_id, at, currency, unit, count, price, cost)
  VALUES (NEW.operator_id, NEW.reseller_id, 'activated', NEW.plan_id, COALESCE(NEW.activated_at, NEW.settled_at),
    NEW.currency, NEW.unit, 1, NEW.price, NEW.cost);
END;

-- A gift of the operator is no sale. Days by themselves have no price.
CREATE TRIGGER service_sold AFTER INSERT ON subscription
WHEN NEW.cost > 0 AND NEW.reseller_id IS NOT NULL
BEGIN
  INSERT INTO statistic_waiting (operator_id, reseller_id, kind, plan_id, at, currency, unit, count, price, cost)
  VALUES (NEW.operator_id, NEW.reseller_id, 'service', NEW.plan_id, NEW.at, NEW.currency, NEW.unit, 1,
    COALESCE(NEW.price, 0), NEW.cost);
END;

CREATE TRIGGER account_made AFTER INSERT ON account
BEGIN
  INSERT INTO statistic_waiting (operator_id, reseller_id, kind, at, count)
  VALUES (NEW.operator_id, NEW.reseller_id, 'account', NEW.created_at, 1);
  INSERT INTO statistic_waiting (operator_id, reseller_id, kind, status, last_day, count)
  VALUES (NEW.operator_id, NEW.reseller_id, 'service_end', NEW.status, COALESCE(NEW.last_day, ''), 1);
END;
CREATE TRIGGER account_moved AFTER UPDATE OF reseller_id, status, last_day ON account
WHEN OLD.reseller_id IS NOT NEW.reseller_id OR OLD.status <> NEW.status OR OLD.last_day IS NOT NEW.last_day
BEGIN
  INSERT INTO statistic_waiting (operator_id, reseller_id, kind, status, last_day, count)
  VALUES (OLD.operator_id, OLD.reseller_id, 'service_end', OLD.status, COALESCE(OLD.last_day, ''), -1),
    (NEW.operator_id, NEW.reseller_id, 'service_end', NEW.status, COALESCE(NEW.last_day, ''), 1);
END;

-- What was taken back is in no month, as in the reports of commission.
CREATE TRIGGER share_earned AFTER INSERT ON earning
WHEN NEW.state <> 'reversed'
BEGIN
  INSERT INTO statistic_waiting (operator_id, reseller_id, kind, at, currency, count, price)
  VALUES (NEW.operator_id, NEW.beneficiary_id, 'earned', NEW.sold_at, NEW.currency, 1, NEW.amount);
END;
CREATE TRIGGER share_reversed AFTER UPDATE OF state ON earning
WHEN OLD.state <> 'reversed' AND NEW.state = 'reversed'
BEGIN
  INSERT INTO statistic_waiting (operator_id, reseller_id, kind, at, currency, count, price)
  VALUES (OLD.operator_id, OLD.beneficiary_id, 'earned', OLD.sold_at, OLD.currency, -1, -OLD.amount);
END;

-- What was before. Of a code that ended nothing tells whether it was ever charged: it counts as sold and, where it was
-- voided, as voided.
INSERT INTO statistic_waiting (operator_id, reseller_id, kind, plan_id, at, currency, unit, count, price, cost)
  SELECT operator_id, reseller_id, 'sold', plan_id, COALESCE(sold_at, settled_at), currency, unit, 1, price, cost
  FROM code WHERE NOT (state = 'held' AND held_reason IS NOT NULL);
INSERT INTO statistic_waiting (operator_id, reseller_id, kind, plan_id, at, currency, unit, count, price, cost)
  SELECT operator_id, reseller_id, state, plan_id, COALESCE(ended_at, settled_at), currency, unit, 1, price, cost
  FROM code WHERE state IN ('voided', 'expired');
INSERT INTO statistic_waiting (operator_id, reseller_id, kind, plan_id, at, currency, unit, count, price, cost)
  SELECT operator_id, reseller_id, 'activated', plan_id, COALESCE(activated_at, settled_at), currency, unit, 1, price, cost
  FROM code WHERE state = 'activated';
INSERT INTO statistic_waiting (operator_id, reseller_id, kind, plan_id, at, currency, unit, count, price, cost)
  SELECT operator_id, reseller_id, 'service', plan_id, at, currency, unit, 1, COALESCE(price, 0), cost
  FROM subscription WHERE cost > 0 AND reseller_id IS NOT NULL;
INSERT INTO statistic_waiting (operator_id, reseller_id, kind, at, count)
  SELECT operator_id, reseller_id, 'account', created_at, 1 FROM account;
INSERT INTO statistic_waiting (operator_id, reseller_id, kind, status, last_day, count)
  SELECT operator_id, reseller_id, 'service_end', status, COALESCE(last_day, ''), 1 FROM account;
INSERT INTO statistic_waiting (operator_id, reseller_id, kind, at, currency, count, price)
  SELECT operator_id, beneficiary_id, 'earned', sold_at, currency, 1, amount FROM earning WHERE state <> 'reversed';

-- What was paid out in a month.
CREATE INDEX payout_confirmed ON payout (operator_id, ended_at) WHERE state = 'confirmed';
