-- Search in the middle of words: which three letters stand in which rows. The texts stay in their tables, and what is
-- found here is compared with them, so neither places nor lengths are kept: some 35 MiB at a million codes, a third with
-- places. A row is known by its rowid, which holds as long as nobody runs VACUUM here.
CREATE VIRTUAL TABLE code_search USING fts5(
    serial, last_group, email_key, plan_key,
    content = 'cached_code', tokenize = 'trigram', detail = none, columnsize = 0
);
CREATE VIRTUAL TABLE account_search USING fts5(
    name_key, email, mac,
    content = 'cached_account', tokenize = 'trigram', detail = none, columnsize = 0
);

-- Most changes of a row are of its state. Each change names every column, so they are compared.
CREATE TRIGGER code_search_added AFTER INSERT ON cached_code BEGIN
    INSERT INTO code_search (rowid, serial, last_group, email_key, plan_key)
    VALUES (NEW.rowid, NEW.serial, NEW.last_group, NEW.email_key, NEW.plan_key);
END;
CREATE TRIGGER code_search_removed AFTER DELETE ON cached_code BEGIN
    INSERT INTO code_search (code_search, rowid, serial, last_group, email_key, plan_key)
    VALUES ('delete', OLD.rowid, OLD.serial, OLD.last_group, OLD.email_key, OLD.plan_key);
END;
CREATE TRIGGER code_search_changed AFTER UPDATE OF serial, last_group, email_key, plan_key ON cached_code
WHEN (OLD.serial, OLD.last_group, OLD.email_key, OLD.plan_key)
    IS NOT (NEW.serial, NEW.last_group, NEW.email_key, NEW.plan_key) BEGIN
    INSERT INTO code_search (code_search, rowid, serial, last_group, email_key, plan_key)
    VALUES ('delete', OLD.rowid, OLD.serial, OLD.last_group, OLD.email_key, OLD.plan_key);
    INSERT INTO code_search (rowid, serial, last_group, email_key, plan_key)
    VALUES (NEW.rowid, NEW.serial, NEW.last_group, NEW.email_key, NEW.plan_key);
END;

CREATE TRIGGER account_search_added AFTER INSERT ON cached_account BEGIN
    INSERT INTO account_search (rowid, name_key, email, mac) VALUES (NEW.rowid, NEW.name_key, NEW.email, NEW.mac);
END;
CREATE TRIGGER account_search_removed AFTER DELETE ON cached_account BEGIN
    INSERT INTO account_search (account_search, rowid, name_key, email, mac)
    VALUES ('delete', OLD.rowid, OLD.name_key, OLD.email, OLD.mac);
END;
CREATE TRIGGER account_search_changed AFTER UPDATE OF name_key, email, mac ON cached_account
WHEN (OLD.name_key, OLD.email, OLD.mac) IS NOT (NEW.name_key, NEW.email, NEW.mac) BEGIN
    INSERT INTO account_search (account_search, rowid, name_key, email, mac)
    VALUES ('delete', OLD.rowid, OLD.name_key, OLD.email, OLD.mac);
    INSERT INTO account_search (rowid, name_key, email, mac) VALUES (NEW.rowid, NEW.name_key, NEW.email, NEW.mac);
END;

-- Of the rows that are here, once; Central's ready-made file brings its own.
INSERT INTO code_search (code_search) VALUES ('rebuild');
INSERT INTO account_search (account_search) VALUES ('rebuild');
