-- The daily mail to a shop about services that end soon.

-- How many days ahead a shop wants to know; without a row the default holds.
CREATE TABLE ending_digest (
  reseller_id BLOB NOT NULL PRIMARY KEY REFERENCES reseller (id),
  operator_id BLOB NOT NULL REFERENCES operator (id),
  days BIGINT NOT NULL CHECK (days BETWEEN 1 AND 31)
);

-- The last day, in the operator's zone, on which every shop was told.
CREATE TABLE ending_digest_day (
  operator_id BLOB NOT NULL PRIMARY KEY REFERENCES operator (id),
  told_on TEXT NOT NULL
);

-- What ends soon, shop by shop.
CREATE INDEX account_ending_by_reseller ON account (reseller_id, last_day, username);
