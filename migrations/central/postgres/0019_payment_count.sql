-- The dashboards count what customers paid for service that nobody sold here: 'paid' when it came, 'refunded' when it was
-- given back. Both stand in 'revenue', a refund takes its amount off and is no sale.

-- The triggers take the locks that keep writers out before anything is copied, so that what is copied is all there is.

CREATE FUNCTION payment_came () RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistic_waiting (operator_id, reseller_id, kind, at, currency, count, price)
  VALUES (NEW.operator_id, NEW.reseller_id, 'paid', NEW.completed_at, NEW.currency, 1, NEW.amount);
  RETURN NULL;
END;
$$;
CREATE TRIGGER payment_came AFTER INSERT ON payment FOR EACH ROW
WHEN (NEW.paid_for = 'service' AND NEW.state = 'completed')
EXECUTE FUNCTION payment_came ();
CREATE TRIGGER payment_completed AFTER UPDATE OF state ON payment FOR EACH ROW
WHEN (NEW.paid_for = 'service' AND NEW.state = 'completed' AND OLD.state <> 'completed')
EXECUTE FUNCTION payment_came ();
CREATE FUNCTION payment_refunded () RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistic_waiting (operator_id, reseller_id, kind, at, currency, count, price)
  VALUES (NEW.operator_id, NEW.reseller_id, 'refunded', NEW.ended_at, NEW.currency, 1, NEW.amount);
  RETURN NULL;
END;
$$;
CREATE TRIGGER payment_refunded AFTER UPDATE OF state ON payment FOR EACH ROW
WHEN (NEW.paid_for = 'service' AND NEW.state = 'refunded' AND OLD.state = 'completed')
EXECUTE FUNCTION payment_refunded ();

-- What was before.
INSERT INTO statistic_waiting (operator_id, reseller_id, kind, at, currency, count, price)
  SELECT operator_id, reseller_id, 'paid', completed_at, currency, 1, amount
  FROM payment WHERE paid_for = 'service' AND completed_at IS NOT NULL;
INSERT INTO statistic_waiting (operator_id, reseller_id, kind, at, currency, count, price)
  SELECT operator_id, reseller_id, 'refunded', ended_at, currency, 1, amount
  FROM payment WHERE paid_for = 'service' AND state = 'refunded';
