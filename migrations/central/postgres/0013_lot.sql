-- Lots of many codes, and work with many codes that goes on by itself.

-- What was asked for when many codes were made together, on the terms of that day. A code made alone has a lot too, and
-- no row here.
CREATE TABLE lot_order (
  lot_id UUID NOT NULL PRIMARY KEY REFERENCES lot (id),
  operator_id UUID NOT NULL REFERENCES operator (id),
  reseller_id UUID NOT NULL REFERENCES reseller (id),
  number BIGINT NOT NULL,
  plan_id UUID NOT NULL REFERENCES plan (id),
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
  made_by UUID NOT NULL,
  made_at BIGINT NOT NULL,
  UNIQUE (operator_id, number)
);
CREATE INDEX lot_order_by_operator ON lot_order (operator_id, made_at, lot_id);
CREATE INDEX lot_order_by_reseller ON lot_order (reseller_id, made_at, lot_id);

-- The codes of a lot by state, without reading them.
CREATE INDEX code_of_lot ON code (source_id, state) WHERE device_id IS NULL;

CREATE TABLE code_job (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  lot_id UUID NOT NULL REFERENCES lot_order (lot_id),
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
  undoes UUID REFERENCES code_job (id),
  undone_by UUID,
  started_at BIGINT NOT NULL,
  started_by UUID NOT NULL REFERENCES staff (id),
  ended_at BIGINT,
  -- Whoever is at it, until then unless it says otherwise.
  claim UUID,
  claimed_until BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX code_job_by_lot ON code_job (lot_id, started_at, id);
-- One at a time on a lot.
CREATE UNIQUE INDEX code_job_open ON code_job (lot_id) WHERE state = 'running';
CREATE INDEX code_job_running ON code_job (claimed_until) WHERE state = 'running';

-- The numbers that a job changed and that can be put back.
CREATE TABLE code_job_item (
  job_id UUID NOT NULL REFERENCES code_job (id),
  seq BIGINT NOT NULL,
  PRIMARY KEY (job_id, seq)
);
