-- What a shop's customers paid in a month, by customer.
CREATE INDEX code_bought ON code (reseller_id, COALESCE(sold_at, settled_at)) WHERE customer_email IS NOT NULL;
CREATE INDEX payment_kept ON payment (reseller_id, completed_at) WHERE paid_for = 'service' AND state = 'completed';
