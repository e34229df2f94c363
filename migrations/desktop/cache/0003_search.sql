-- Search as you type over a million codes: each index also has the time that lines are sorted by, so that which of many
-- lines are the newest is known without reading them. 23 MiB more at a million codes, next to nothing compressed.
DROP INDEX cached_code_by_serial;
DROP INDEX cached_code_by_email;
DROP INDEX cached_code_by_group;
DROP INDEX cached_code_by_plan;
CREATE INDEX cached_code_by_serial ON cached_code (serial, sold_key);
CREATE INDEX cached_code_by_email ON cached_code (email_key, sold_key) WHERE email_key IS NOT NULL;
CREATE INDEX cached_code_by_group ON cached_code (last_group, sold_key);
CREATE INDEX cached_code_by_plan ON cached_code (plan_key, sold_key);
