-- Sendings: the same to the boxes of many accounts. Who is reached is fixed when it begins, in batches, and each batch is
-- begun in a transaction of its own before it is sent: what a crash leaves begun is never sent again.

CREATE TABLE sending (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  portal_id UUID NOT NULL REFERENCES portal (id),
  -- JSON: what is sent, to whom, and who that was by the portal's list when it began.
  what TEXT NOT NULL,
  addressees TEXT NOT NULL,
  reach TEXT NOT NULL,
  -- Whether it goes to everybody in one call, without any box being named.
  broadcast BOOLEAN NOT NULL,
  state TEXT NOT NULL,
  served BIGINT NOT NULL DEFAULT 0,
  failed BIGINT NOT NULL DEFAULT 0,
  unknown BIGINT NOT NULL DEFAULT 0,
  skipped BIGINT NOT NULL DEFAULT 0,
  -- None: nothing is to be done about it any more.
  due_at BIGINT,
  -- Somebody is at it until then, unless that process dies. Each claim has its number.
  claimed_until BIGINT NOT NULL DEFAULT 0,
  claim BIGINT NOT NULL DEFAULT 0,
  -- Times in a row that the portal was away.
  tries BIGINT NOT NULL DEFAULT 0,
  trouble_code TEXT,
  trouble_detail TEXT,
  trouble_remedy TEXT,
  trouble_since BIGINT,
  created_at BIGINT NOT NULL,
  started_at BIGINT,
  ended_at BIGINT
);
CREATE INDEX sending_by_portal ON sending (portal_id, created_at, id);
CREATE INDEX sending_due ON sending (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE sending_batch (
  sending_id UUID NOT NULL REFERENCES sending (id),
  number BIGINT NOT NULL,
  -- Accounts in it, and JSON of their logins and MACs; a broadcast names none.
  accounts BIGINT NOT NULL,
  boxes TEXT NOT NULL,
  -- waiting, begun, over
  state TEXT NOT NULL,
  -- JSON of those that were not served.
  unserved TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (sending_id, number)
);
CREATE INDEX sending_batch_open ON sending_batch (sending_id, number) WHERE state <> 'over';
