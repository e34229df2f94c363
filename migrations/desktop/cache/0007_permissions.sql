-- A reseller's row says what it may do now, so that a desktop refuses the same without a network.

-- The rows that are here came without it: they are read again, and shown until then.
UPDATE feed_position SET cursor = '', version = 0;
