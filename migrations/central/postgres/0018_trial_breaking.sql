-- Trials: plans that cost nobody anything, so many a month for each reseller.
--
-- Breaking: an older Central would charge credits for a trial, or give any number of them away.

ALTER TABLE plan ADD COLUMN trials_a_month BIGINT
  CHECK (trials_a_month IS NULL OR (trials_a_month BETWEEN 1 AND 1000 AND price = 0 AND term_days <= 31));

-- What was given for nothing is counted by month, while the reseller's wallet is locked.
CREATE INDEX code_for_nothing ON code (reseller_id, plan_id, settled_at) WHERE cost = 0;
CREATE INDEX subscription_for_nothing ON subscription (reseller_id, plan_id, at) WHERE cost = 0;
