-- What changed and stands in no row of the feed: devices that listen are told, and ask again.
CREATE TABLE feed_news (
  operator_id UUID NOT NULL REFERENCES operator (id),
  -- applications, top_ups, earnings, payouts, notices
  subject TEXT NOT NULL,
  -- Path of the reseller whose it is; its devices and the operator's are told. '/staff/': only the operator's.
  scope_path TEXT NOT NULL,
  -- Of the last change.
  version BIGINT NOT NULL,
  PRIMARY KEY (operator_id, subject, scope_path)
);
CREATE INDEX feed_news_by_version ON feed_news (operator_id, version);

-- Two who apply with one address are both received: a refusal would tell a stranger that the address is known. Whoever
-- decides is shown that it is.
DROP INDEX application_waiting;
CREATE INDEX application_by_email ON application (operator_id, email, state);
