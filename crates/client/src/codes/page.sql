-- A page of the list in one statement: each statement crosses to SQLite's thread and back, which costs more than most
-- of them do. Each way to look at the codes is an arm along an index of its own; those of other ways stop at their
-- LIMIT of none, and a later arm is begun only where those before it leave room. Lines come in no order: each tells its
-- place.
--
-- ?1 lines wanted, ?2 lines of the list before them
-- ?3 the way ('search': decided here), ?4 the way of a search that finds more lines than ?5, ?6 states, a JSON list
-- ?7 to ?8 what serials and last groups begin with, ?9 to ?10 what addresses and plans begin with
-- ?11 to ?14 behind this place: the moment, the class (4: what only contains the search), the text found, the serial
-- ?15 of each word the groups of letters that the index knows, a JSON list of lists
-- ?16 the first word, ?17 the others, a JSON list, ?18 how many candidates are compared with them
-- ?19 the rows of lines that a walk found, a JSON list
--
-- A plus stands before a parameter that is compared or limits. Without it SQLite would look at what is bound, because
-- another value may ask for another plan, and make the plan anew for each page: some milliseconds for a statement of
-- this size. The driver has no switch for that.
WITH own AS MATERIALIZED (
    -- This device's codes with something laid over them; every code it sold while the cache is empty.
    SELECT i.code_id, i.lease_id, i.seq, i.serial, i.masked, i.plan_name, i.price, i.currency, i.customer_email,
        i.sold_at, i.redeem_by
    FROM (
        SELECT DISTINCT lease_id, seq FROM overlay
        UNION
        SELECT s.lease_id, s.seq
        FROM (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM feed_position)) e CROSS JOIN issued_code s
    ) o
    CROSS JOIN issued_code i ON i.lease_id = o.lease_id AND i.seq = o.seq
), overlaid AS MATERIALIZED (
    SELECT k.rowid AS place FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq
), way AS MATERIALIZED (
    -- A line that is found twice counts twice.
    SELECT +?1 + ?2 AS most, CASE WHEN +?3 <> 'search' THEN +?3 WHEN (
        SELECT COUNT(*) FROM (
            SELECT 1 FROM cached_code WHERE serial >= +?7 AND serial < +?8
            UNION ALL SELECT 1 FROM cached_code WHERE last_group >= +?7 AND last_group < +?8
            UNION ALL SELECT 1 FROM cached_code WHERE email_key >= +?9 AND email_key < +?10
            UNION ALL SELECT 1 FROM cached_code WHERE plan_key >= +?9 AND plan_key < +?10
            LIMIT ?5 + 1
        )
    ) > +?5 THEN +?4 ELSE 'few' END AS name,
    -- Own lines above those of the cache push them down by as many as there are at most.
    max(+?2 - (SELECT COUNT(*) FROM own), 0) AS skipped
), rare AS MATERIALIZED (
    -- Of each word the two of its groups of letters that are in fewest lines: how far back the newest so many of them
    -- go tells. Those that are in nearly every line, as the first of a serial are, take longer to walk along than all
    -- others together.
    SELECT w.key AS word, w.value AS letters, (SELECT group_concat(value, ' AND ') FROM (
        SELECT g.value FROM json_each(w.value) g ORDER BY (
            SELECT rowid FROM code_search WHERE code_search MATCH g.value ORDER BY rowid DESC LIMIT 1 OFFSET +?18
        ), g.key LIMIT 2)) AS question
    FROM json_each(+?15) w
), rarest AS (
    -- Of several words the rarest finds the candidates: two frequent ones that never meet would be walked along to
    -- their ends.
    SELECT question FROM rare ORDER BY iif(json_array_length(+?15) = 1, 0, (SELECT COUNT(*) FROM (
        SELECT 1 FROM code_search WHERE code_search MATCH question LIMIT ?18 + 1))), word LIMIT 1
), some AS MATERIALIZED (
    SELECT rowid AS place FROM code_search WHERE code_search MATCH (SELECT question FROM rarest)
    ORDER BY rowid DESC LIMIT ?18 + 1
), whole AS MATERIALIZED (
    -- Two groups find more than are looked through: all of the rarest word are asked for, where there are more.
    SELECT question FROM (
        SELECT word, (SELECT group_concat(value, ' AND ') FROM json_each(letters)) AS question FROM rare)
    WHERE (SELECT COUNT(*) FROM some) > +?18 AND (SELECT max(json_array_length(letters)) FROM rare) > 2
    ORDER BY iif(json_array_length(+?15) = 1, 0, (SELECT COUNT(*) FROM (
        SELECT 1 FROM code_search WHERE code_search MATCH question LIMIT ?18 + 1))), word LIMIT 1
), candidates AS (
    SELECT * FROM (SELECT place FROM some WHERE NOT EXISTS (SELECT 1 FROM whole) ORDER BY place DESC LIMIT +?18)
    UNION ALL
    SELECT * FROM (
        SELECT rowid FROM code_search WHERE code_search MATCH COALESCE((SELECT question FROM whole), '""')
        ORDER BY rowid DESC LIMIT +?18)
)
SELECT TRUE AS "own!: bool", (SELECT name FROM way) AS "way!: String", NULL AS "class?: i64", '' AS "key!: String",
    o.code_id AS "code_id!: Uuid", o.lease_id AS "source_id!: Uuid", o.seq AS "seq!: i64",
    o.serial AS "serial!: String", o.masked AS "masked!: String", o.plan_name AS "plan_name!: String", o.price AS "price!: i64",
    o.currency AS "currency!: String", c.state AS "state?: String",
    EXISTS (SELECT 1 FROM overlay v WHERE v.lease_id = o.lease_id AND v.seq = o.seq AND v.kind = 'void')
        AS "voided!: bool",
    o.customer_email AS "customer_email?: String",
    COALESCE((SELECT device_name FROM device WHERE one = 1), '') AS "sold_by!: String", o.sold_at AS "sold_at!: i64",
    c.activated_at AS "activated_at?: i64", o.redeem_by AS "redeem_by!: i64"
FROM own o
LEFT JOIN cached_code c ON c.source_id = o.lease_id AND c.seq = o.seq
UNION ALL
SELECT FALSE, (SELECT name FROM way), w.class,
    CASE w.class WHEN 1 THEN c.last_group WHEN 2 THEN c.email_key WHEN 3 THEN c.plan_key ELSE '' END,
    COALESCE(i.code_id, c.code_id), c.source_id, c.seq, c.serial, c.masked, c.plan_name, c.price, c.currency, c.state,
    FALSE, c.customer_email, COALESCE(d.name, r.company, ''), c.sold_key, c.activated_at, c.redeem_by
FROM (
    -- No search: newest first, every state.
    SELECT * FROM (
        SELECT rowid AS place, NULL AS class FROM cached_code INDEXED BY cached_code_by_time
        WHERE (sold_key, serial) < (+?11, +?14) AND rowid NOT IN overlaid
        ORDER BY sold_key DESC, serial DESC LIMIT (SELECT (name = 'time') * most FROM way))
    UNION ALL
    -- What a walk along a chosen order found.
    SELECT value, NULL FROM json_each(+?19)
    UNION ALL
    -- One state.
    SELECT * FROM (
        SELECT rowid, NULL FROM cached_code INDEXED BY cached_code_by_state
        WHERE state = json_extract(+?6, '$[0]') AND (sold_key, serial) < (+?11, +?14) AND rowid NOT IN overlaid
        ORDER BY sold_key DESC, serial DESC LIMIT (SELECT (name = 'state') * most FROM way))
    UNION ALL
    -- Several: the newest of each are cheaper to sort than all of them.
    SELECT * FROM (
        SELECT c.rowid, NULL FROM json_each(+?6) s CROSS JOIN cached_code c ON c.rowid IN (
            SELECT k.rowid FROM cached_code k INDEXED BY cached_code_by_state
            WHERE k.state = s.value AND (k.sold_key, k.serial) < (+?11, +?14) AND k.rowid NOT IN overlaid
            ORDER BY k.sold_key DESC, k.serial DESC LIMIT +?1 + ?2)
        ORDER BY c.sold_key DESC, c.serial DESC LIMIT (SELECT (name = 'states') * most FROM way))
    UNION ALL
    -- Along time, keeping what fits: what is found often in some states, or many states far down the list.
    SELECT * FROM (
        SELECT rowid, NULL FROM cached_code INDEXED BY cached_code_by_time
        WHERE +?12 < 4 AND (sold_key, serial) < (+?11, +?14)
        AND (+?6 = '[]' OR state IN (SELECT value FROM json_each(+?6)))
        AND (+?7 = '' OR (serial >= +?7 AND serial < +?8) OR (last_group >= +?7 AND last_group < +?8)
            OR (email_key >= +?9 AND email_key < +?10) OR (plan_key >= +?9 AND plan_key < +?10))
        AND rowid NOT IN overlaid
        ORDER BY sold_key DESC, serial DESC LIMIT (SELECT (name = 'walk') * most FROM way))
    UNION ALL
    -- A search that finds few: collected along four indexes, then sorted, newest first.
    SELECT * FROM (
        SELECT f.rowid, NULL FROM (
            SELECT rowid AS place FROM cached_code WHERE serial >= +?7 AND serial < +?8
            UNION SELECT rowid FROM cached_code WHERE last_group >= +?7 AND last_group < +?8
            UNION SELECT rowid FROM cached_code WHERE email_key >= +?9 AND email_key < +?10
            UNION SELECT rowid FROM cached_code WHERE plan_key >= +?9 AND plan_key < +?10
        ) w CROSS JOIN cached_code f ON f.rowid = w.place
        WHERE +?12 < 4 AND (f.sold_key, f.serial) < (+?11, +?14)
        AND (+?6 = '[]' OR f.state IN (SELECT value FROM json_each(+?6))) AND f.rowid NOT IN overlaid
        ORDER BY f.sold_key DESC, f.serial DESC LIMIT (SELECT (name = 'few') * most FROM way))
    UNION ALL
    -- A search that finds very many, in the order of the indexes that find them. First what a serial starts with, the
    -- highest first: serials count up with time.
    SELECT * FROM (
        SELECT rowid, 0 FROM cached_code INDEXED BY cached_code_by_serial
        WHERE +?12 < 1 AND serial >= +?7 AND serial < iif(+?14 = '', +?8, +?14) AND rowid NOT IN overlaid
        ORDER BY serial DESC LIMIT (SELECT (name = 'found') * most FROM way))
    UNION ALL
    -- Then last groups, of each the highest serials first: the rest of the one that the page goes on in, and others.
    SELECT * FROM (
        SELECT rowid, 1 FROM cached_code INDEXED BY cached_code_by_group
        WHERE +?12 = 1 AND last_group = +?13 AND serial < +?14 AND NOT (serial >= +?7 AND serial < +?8)
        AND rowid NOT IN overlaid
        ORDER BY serial DESC LIMIT (SELECT (name = 'found') * most FROM way))
    UNION ALL
    SELECT * FROM (
        SELECT rowid, 1 FROM cached_code INDEXED BY cached_code_by_group
        WHERE +?12 < 2 AND last_group >= iif(+?12 = 1, +?13 || char(0), +?7) AND last_group < +?8
        AND NOT (serial >= +?7 AND serial < +?8) AND rowid NOT IN overlaid
        ORDER BY last_group, serial DESC LIMIT (SELECT (name = 'found') * most FROM way))
    UNION ALL
    -- Addresses, likewise.
    SELECT * FROM (
        SELECT rowid, 2 FROM cached_code INDEXED BY cached_code_by_email
        WHERE +?12 = 2 AND email_key = +?13 AND email_key IS NOT NULL AND serial < +?14
        AND NOT (serial >= +?7 AND serial < +?8) AND NOT (last_group >= +?7 AND last_group < +?8)
        AND rowid NOT IN overlaid
        ORDER BY serial DESC LIMIT (SELECT (name = 'found') * most FROM way))
    UNION ALL
    SELECT * FROM (
        SELECT rowid, 2 FROM cached_code INDEXED BY cached_code_by_email
        WHERE +?12 < 3 AND email_key >= iif(+?12 = 2, +?13 || char(0), +?9) AND email_key < +?10
        AND email_key IS NOT NULL
        AND NOT (serial >= +?7 AND serial < +?8) AND NOT (last_group >= +?7 AND last_group < +?8)
        AND rowid NOT IN overlaid
        ORDER BY email_key, serial DESC LIMIT (SELECT (name = 'found') * most FROM way))
    UNION ALL
    -- And plans.
    SELECT * FROM (
        SELECT rowid, 3 FROM cached_code INDEXED BY cached_code_by_plan
        WHERE +?12 = 3 AND plan_key = +?13 AND serial < +?14
        AND NOT (serial >= +?7 AND serial < +?8) AND NOT (last_group >= +?7 AND last_group < +?8)
        AND (email_key IS NULL OR NOT (email_key >= +?9 AND email_key < +?10)) AND rowid NOT IN overlaid
        ORDER BY serial DESC LIMIT (SELECT (name = 'found') * most FROM way))
    UNION ALL
    SELECT * FROM (
        SELECT rowid, 3 FROM cached_code INDEXED BY cached_code_by_plan
        WHERE +?12 < 4 AND plan_key >= iif(+?12 = 3, +?13 || char(0), +?9) AND plan_key < +?10
        AND NOT (serial >= +?7 AND serial < +?8) AND NOT (last_group >= +?7 AND last_group < +?8)
        AND (email_key IS NULL OR NOT (email_key >= +?9 AND email_key < +?10)) AND rowid NOT IN overlaid
        ORDER BY plan_key, serial DESC LIMIT (SELECT (name = 'found') * most FROM way))
    UNION ALL
    -- Behind all that begins with the search, what only contains it, newest first.
    SELECT * FROM (
        SELECT f.rowid, 4 FROM candidates w CROSS JOIN cached_code f ON f.rowid = w.place
        WHERE +?15 <> '[]' AND (+?12 < 4 OR (f.sold_key, f.serial) < (+?11, +?14))
        AND (+?6 = '[]' OR f.state IN (SELECT value FROM json_each(+?6)))
        AND NOT (f.serial >= +?7 AND f.serial < +?8) AND NOT (f.last_group >= +?7 AND f.last_group < +?8)
        AND (f.email_key IS NULL OR NOT (f.email_key >= +?9 AND f.email_key < +?10))
        AND NOT (f.plan_key >= +?9 AND f.plan_key < +?10)
        AND (instr(f.serial, upper(+?16)) > 0 OR instr(f.last_group, upper(+?16)) > 0
            OR instr(f.email_key, +?16) > 0 OR instr(f.plan_key, +?16) > 0)
        AND (+?17 = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(+?17) o
            WHERE instr(f.serial, upper(o.value)) = 0 AND instr(f.last_group, upper(o.value)) = 0
            AND COALESCE(instr(f.email_key, o.value), 0) = 0 AND instr(f.plan_key, o.value) = 0))
        AND f.rowid NOT IN overlaid
        ORDER BY f.sold_key DESC, f.serial DESC LIMIT +?1 + ?2)
    LIMIT (SELECT most - skipped FROM way) OFFSET (SELECT skipped FROM way)
) w
CROSS JOIN cached_code c ON c.rowid = w.place
LEFT JOIN issued_code i ON i.lease_id = c.source_id AND i.seq = c.seq
LEFT JOIN cached_device d ON d.device_id = c.device_id
LEFT JOIN cached_reseller r ON r.reseller_id = c.reseller_id
