-- Lots that the operator keeps, and what resellers are given out of them.
--
-- Breaking: a lot may have no reseller now. An older Central leaves such a lot out of its lists, fails at its job, and does not
-- know that the codes of an allocated lot derive from the one they were taken from.
--
-- SQLite cannot take NOT NULL off a column: the four tables are made anew, each copied before the one that it refers to is
-- dropped, so that no reference ever leads nowhere.

CREATE TABLE lot_new (
  id BLOB NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  -- None: kept by the operator. Its numbers are candidates and no codes, so nobody can use them or owe for them.
  reseller_id BLOB REFERENCES reseller (id),
  number BIGINT NOT NULL,
  -- Of an allocated lot these four are those of the lot that its codes were taken from.
  key_id BIGINT NOT NULL,
  salt BLOB NOT NULL,
  word_list BIGINT NOT NULL,
  prefix TEXT NOT NULL,
  made_by BLOB NOT NULL,
  made_at BIGINT NOT NULL,
  UNIQUE (operator_id, number)
);
INSERT INTO lot_new (id, operator_id, reseller_id, number, key_id, salt, word_list, prefix, made_by, made_at)
  SELECT id, operator_id, reseller_id, number, key_id, salt, word_list, prefix, made_by, made_at FROM lot;

CREATE TABLE lot_order_new (
  lot_id BLOB NOT NULL PRIMARY KEY REFERENCES lot_new (id),
  operator_id BLOB NOT NULL REFERENCES operator (id),
  reseller_id BLOB REFERENCES reseller (id),
  number BIGINT NOT NULL,
  plan_id BLOB NOT NULL REFERENCES plan (id),
  plan_name TEXT NOT NULL,
  term_days BIGINT NOT NULL,
  price BIGINT NOT NULL,
  currency TEXT NOT NULL,
  -- Of one code.
  cost BIGINT NOT NULL CHECK (cost >= 0),
  unit TEXT NOT NULL,
  ordered BIGINT NOT NULL CHECK (ordered > 0),
  made BIGINT NOT NULL DEFAULT 0 CHECK (made BETWEEN 0 AND ordered),
  -- The highest number that was looked at: where the next part begins.
  last_seq BIGINT NOT NULL DEFAULT 0,
  customer_email TEXT,
  label TEXT NOT NULL,
  redeem_by BIGINT NOT NULL,
  -- 'staff' or 'member'.
  made_by_kind TEXT NOT NULL,
  made_by BLOB NOT NULL,
  made_at BIGINT NOT NULL,
  -- The lot of the operator that its codes are taken from: their serials have its number. None where they are its own.
  stock_id BLOB REFERENCES lot_new (id),
  -- Its lowest number.
  first_seq BIGINT NOT NULL DEFAULT 1,
  -- Of a lot that the operator keeps: codes that resellers have by now.
  allocated BIGINT NOT NULL DEFAULT 0 CHECK (allocated BETWEEN 0 AND made),
  UNIQUE (operator_id, number)
);
INSERT INTO lot_order_new (lot_id, operator_id, reseller_id, number, plan_id, plan_name, term_days, price, currency, cost, unit,
    ordered, made, last_seq, customer_email, label, redeem_by, made_by_kind, made_by, made_at)
  SELECT lot_id, operator_id, reseller_id, number, plan_id, plan_name, term_days, price, currency, cost, unit, ordered, made,
    last_seq, customer_email, label, redeem_by, made_by_kind, made_by, made_at FROM lot_order;

CREATE TABLE code_job_new (
  id BLOB NOT NULL PRIMARY KEY,
  operator_id BLOB NOT NULL REFERENCES operator (id),
  lot_id BLOB NOT NULL REFERENCES lot_order_new (lot_id),
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  -- The numbers it goes through, and the last one that is done.
  seq_from BIGINT NOT NULL,
  seq_to BIGINT NOT NULL,
  walked BIGINT NOT NULL DEFAULT 0,
  done BIGINT NOT NULL DEFAULT 0,
  total BIGINT NOT NULL,
  changed BIGINT NOT NULL DEFAULT 0,
  refused BIGINT NOT NULL DEFAULT 0,
  -- What it charged, or gave back.
  amount BIGINT NOT NULL DEFAULT 0,
  reason TEXT NOT NULL,
  trouble_code TEXT,
  trouble_detail TEXT,
  -- The job that this one takes back, and the one that took it back.
  undoes BLOB REFERENCES code_job_new (id),
  undone_by BLOB,
  started_at BIGINT NOT NULL,
  started_by BLOB NOT NULL REFERENCES staff (id),
  ended_at BIGINT,
  -- Whoever is at it, until then unless it says otherwise.
  claim BLOB,
  claimed_until BIGINT NOT NULL DEFAULT 0
);
INSERT INTO code_job_new (id, operator_id, lot_id, kind, state, seq_from, seq_to, walked, done, total, changed, refused, amount,
    reason, trouble_code, trouble_detail, undoes, undone_by, started_at, started_by, ended_at, claim, claimed_until)
  SELECT id, operator_id, lot_id, kind, state, seq_from, seq_to, walked, done, total, changed, refused, amount, reason,
    trouble_code, trouble_detail, undoes, undone_by, started_at, started_by, ended_at, claim, claimed_until FROM code_job;

CREATE TABLE code_job_item_new (
  job_id BLOB NOT NULL REFERENCES code_job_new (id),
  seq BIGINT NOT NULL,
  PRIMARY KEY (job_id, seq)
);
INSERT INTO code_job_item_new (job_id, seq) SELECT job_id, seq FROM code_job_item;

DROP TABLE code_job_item;
DROP TABLE code_job;
DROP TABLE lot_order;
DROP TABLE lot;
ALTER TABLE lot_new RENAME TO lot;
ALTER TABLE lot_order_new RENAME TO lot_order;
ALTER TABLE code_job_new RENAME TO code_job;
ALTER TABLE code_job_item_new RENAME TO code_job_item;

CREATE INDEX lot_order_by_operator ON lot_order (operator_id, made_at, lot_id);
CREATE INDEX lot_order_by_reseller ON lot_order (reseller_id, made_at, lot_id);
CREATE INDEX lot_order_by_stock ON lot_order (stock_id) WHERE stock_id IS NOT NULL;
CREATE INDEX code_job_by_lot ON code_job (lot_id, started_at, id);
-- One at a time on a lot.
CREATE UNIQUE INDEX code_job_open ON code_job (lot_id) WHERE state = 'running';
CREATE INDEX code_job_running ON code_job (claimed_until) WHERE state = 'running';
