PRAGMA busy_timeout = 30000;
-- Orders of one provider's offerings, as they lie in a database that is some years old: nearly all delivered.
PRAGMA synchronous = OFF;
PRAGMA temp_store = MEMORY;
BEGIN IMMEDIATE;
CREATE TEMP TABLE pick AS
  SELECT ROW_NUMBER() OVER (ORDER BY article) - 1 AS place, id, name, base_price FROM offering
  WHERE provider_id = x'{provider}';
CREATE UNIQUE INDEX temp.pick_by_place ON pick (place);
WITH RECURSIVE
  number (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM number WHERE n + 1 < {end}),
  one AS (
    SELECT number.n, pick.id AS offering_id, pick.name, pick.base_price AS base_exact,
      (pick.base_price * 12 + 50) / 100 AS markup_exact,
      CASE WHEN n % 100 = 0 THEN 'placed' WHEN n % 100 < 3 THEN 'paid' WHEN n % 100 = 3 THEN 'pending'
        WHEN n % 100 = 4 THEN 'partial' WHEN n % 100 = 5 THEN 'failed' ELSE 'fulfilled' END AS state,
      1700000000000 + n * 60000 AS at
    FROM number JOIN pick ON pick.place = number.n % (SELECT COUNT(*) FROM pick)),
  priced AS (
    SELECT *, (base_exact + 5000000) / 10000000 AS base,
      (base_exact + markup_exact + 5000000) / 10000000 AS total FROM one)
INSERT INTO market_order (id, operator_id, reseller_id, relationship_id, provider_id, offering_id, contract_id, token_hash,
  source, state, offering_name, term_days, quantity, markup, currency, unit_base, base_exact, markup_exact, total_exact, base,
  markup_amount, total, delivered, customer_name, customer_email, customer_phone, customer_note, payment_method, created_at,
  placed_at, paid_at, changed_at, ended_at)
SELECT randomblob(16), r.operator_id, r.reseller_id, r.id, r.provider_id, offering_id, printf('CF-BN%08d', n),
  randomblob(32), 'market', state, name, 30, 1, 12, 'EUR', base_exact, base_exact, markup_exact, base_exact + markup_exact,
  base, total - base, total, state = 'fulfilled', printf('Customer %07d', n), printf('customer-%07d@mail.example', n), '', '',
  CASE WHEN state <> 'placed' THEN 'cash' END, at, at, CASE WHEN state <> 'placed' THEN at END, at,
  CASE WHEN state IN ('fulfilled', 'failed') THEN at END
FROM priced, relationship r WHERE r.provider_id = x'{provider}';
COMMIT;
