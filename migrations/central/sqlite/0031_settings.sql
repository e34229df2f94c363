-- What an operator sets at a desktop, and the indexes behind the statistics of one plan and of one reseller.
--
-- An older Central gives codes 365 days, shows nobody to ask and writes the address that it was started with.

-- Counts the edits: whoever saves says which one was read.
ALTER TABLE operator ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
-- Days in which a new code can be redeemed: at least as long as a lease issues and settles.
ALTER TABLE operator ADD COLUMN redeem_days BIGINT NOT NULL DEFAULT 365 CHECK (redeem_days BETWEEN 60 AND 3660);
-- Whom customers ask; empty: nobody is named.
ALTER TABLE operator ADD COLUMN support_email TEXT NOT NULL DEFAULT '';
ALTER TABLE operator ADD COLUMN support_phone TEXT NOT NULL DEFAULT '';
-- Where shops and customers reach this Central; empty: as the program was started.
ALTER TABLE operator ADD COLUMN public_address TEXT NOT NULL DEFAULT '';

-- Codes of a reseller by state, and of a plan: reseller by reseller, state by state.
CREATE INDEX code_by_reseller_state ON code (reseller_id, state, plan_id);
-- What each reseller sold of one plan in a month.
CREATE INDEX statistic_month_of_plan ON statistic_month (plan_id, month, scope_id)
  WHERE kind IN ('sold', 'service', 'voided');
