-- When the feed was last compared with the rows that it tells of. An older Central does not compare them by itself.
ALTER TABLE feed ADD COLUMN looked_at BIGINT NOT NULL DEFAULT 0;
