-- What a shop's customers paid in a month, by customer.
CREATE INDEX code_bought ON code (reseller_id, (COALESCE(sold_at, settled_at))) WHERE customer_email IS NOT NULL;
CREATE INDEX payment_kept ON payment (reseller_id, completed_at) WHERE paid_for = 'service' AND state = 'completed';

-- Accounts by the end of their service, and by when they were made: ids begin with that moment.
CREATE INDEX account_by_day_of_operator ON account (operator_id, (COALESCE(last_day, '')), id);
CREATE INDEX account_by_day_of_reseller ON account (reseller_id, (COALESCE(last_day, '')), id);
CREATE INDEX account_by_id_of_operator ON account (operator_id, id);
CREATE INDEX account_by_id_of_reseller ON account (reseller_id, id);
