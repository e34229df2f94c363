-- What customers paid for their accounts.
--
-- Breaking: an earning of a payment has a kind of source that an older Central takes for a damaged row, and one that posted
-- what is due would put these shares off.

-- What was recorded never changes; its state moves on. A correction is a refund and another payment.
CREATE TABLE payment (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  account_id UUID NOT NULL REFERENCES account (id),
  -- Who had the account when it was recorded.
  reseller_id UUID NOT NULL REFERENCES reseller (id),
  amount BIGINT NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  -- 'cash', 'card', 'transfer' or 'other'.
  method TEXT NOT NULL,
  -- 'sale': of something that was sold here and earns by itself. 'service': nobody sold it here.
  paid_for TEXT NOT NULL,
  -- 'operator' or 'reseller'.
  collected_by TEXT NOT NULL,
  -- '2026-11-22', in the operator's zone.
  paid_on TEXT NOT NULL,
  reference TEXT NOT NULL,
  note TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  -- 'staff' or 'member', and which.
  recorded_kind TEXT NOT NULL,
  recorded_by UUID NOT NULL,
  -- 'pending', 'completed', 'failed' or 'refunded'.
  state TEXT NOT NULL,
  -- Both decided when it was completed: whether shares are due of it, and what the reseller's wallet paid.
  earns BIGINT NOT NULL DEFAULT 0 CHECK (earns IN (0, 1)),
  charged BIGINT NOT NULL DEFAULT 0 CHECK (charged = 0 OR charged = amount),
  completed_at BIGINT,
  ended_at BIGINT,
  changed_kind TEXT,
  changed_by UUID,
  reason TEXT,
  CHECK ((state IN ('completed', 'refunded')) = (completed_at IS NOT NULL)),
  CHECK ((state IN ('failed', 'refunded')) = (ended_at IS NOT NULL)),
  CHECK (completed_at IS NOT NULL OR (earns = 0 AND charged = 0)),
  CHECK (paid_for = 'service' OR (earns = 0 AND charged = 0))
);
CREATE INDEX payment_by_day ON payment (operator_id, paid_on, id);
CREATE INDEX payment_by_state ON payment (operator_id, state, paid_on, id);
CREATE INDEX payment_by_reseller ON payment (reseller_id, paid_on, id);
CREATE INDEX payment_by_reseller_state ON payment (reseller_id, state, paid_on, id);
CREATE INDEX payment_by_account ON payment (account_id, paid_on, id);

CREATE TRIGGER payment_is_kept BEFORE DELETE OR TRUNCATE ON payment
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change ();
CREATE TRIGGER payment_is_as_it_was BEFORE UPDATE OF operator_id, account_id, reseller_id, amount, currency, method, paid_for, collected_by, paid_on,
  reference, note, recorded_at, recorded_kind, recorded_by ON payment
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change ();

-- Customers of a reseller by e-mail address, and by the serial of what they bought.
CREATE INDEX code_by_customer ON code (reseller_id, customer_email, id) WHERE customer_email IS NOT NULL;
CREATE INDEX code_of_customer ON code (reseller_id, serial) WHERE customer_email IS NOT NULL;
CREATE INDEX account_by_customer ON account (reseller_id, email, id) WHERE email IS NOT NULL;
