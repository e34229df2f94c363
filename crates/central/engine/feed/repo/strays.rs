//! Where the feed and the rows that it tells of differ.

use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

/// A row of the feed whose row is gone.
pub(in super::super) struct Lost {
    pub(in super::super) table_no: i64,
    pub(in super::super) row_key: Uuid,
}

/// A row that the feed does not tell of, and where it should stand.
pub(in super::super) struct Unlisted {
    pub(in super::super) table_no: i64,
    pub(in super::super) row_key: Uuid,
    pub(in super::super) scope_path: String,
}

/// Rows of the feed that tell of nothing, up to a limit.
pub(in super::super) async fn lost(
    conn: &mut Conn,
    operator: OperatorId,
    limit: i64,
) -> Result<Vec<Lost>, sqlx::Error> {
    sqlx::query_as!(
        Lost,
        r#"SELECT f.table_no AS "table_no!: i64", f.row_key AS "row_key!: Uuid" FROM feed_row f
           WHERE f.operator_id = $1 AND NOT CASE f.table_no
             WHEN 0 THEN EXISTS (SELECT 1 FROM operator o WHERE o.id = f.row_key)
             WHEN 1 THEN EXISTS (SELECT 1 FROM reseller r WHERE r.id = f.row_key)
             WHEN 2 THEN EXISTS (SELECT 1 FROM plan p WHERE p.id = f.row_key)
             WHEN 3 THEN EXISTS (SELECT 1 FROM device d WHERE d.id = f.row_key)
             WHEN 4 THEN EXISTS (SELECT 1 FROM lease l WHERE l.id = f.row_key)
             WHEN 5 THEN EXISTS (SELECT 1 FROM reseller r WHERE r.id = f.row_key)
             WHEN 6 THEN EXISTS (SELECT 1 FROM code c WHERE c.id = f.row_key)
             WHEN 7 THEN EXISTS (SELECT 1 FROM transfer t WHERE t.id = f.row_key)
             WHEN 8 THEN EXISTS (SELECT 1 FROM account a WHERE a.id = f.row_key)
             WHEN 9 THEN EXISTS (SELECT 1 FROM market_order m WHERE m.id = f.row_key)
             ELSE FALSE END
           ORDER BY f.table_no, f.row_key LIMIT $2"#,
        operator.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Rows that devices should be told of and the feed does not know, up to a limit. `staff` is the path of what only the
/// operator's own desktops see.
pub(in super::super) async fn unlisted(
    conn: &mut Conn,
    operator: OperatorId,
    staff: &str,
    limit: i64,
) -> Result<Vec<Unlisted>, sqlx::Error> {
    sqlx::query_as!(
        Unlisted,
        r#"SELECT u.table_no AS "table_no!: i64", u.row_key AS "row_key!: Uuid", u.scope_path AS "scope_path!: String"
           FROM (
             SELECT CAST(0 AS BIGINT) AS table_no, o.id AS row_key, CAST('' AS TEXT) AS scope_path
               FROM operator o WHERE o.id = $1
             UNION ALL SELECT CAST(1 AS BIGINT), r.id, r.path FROM reseller r WHERE r.operator_id = $1
             UNION ALL SELECT CAST(2 AS BIGINT), p.id, CAST('' AS TEXT) FROM plan p WHERE p.operator_id = $1
             UNION ALL SELECT CAST(3 AS BIGINT), d.id, COALESCE(r.path, CAST($2 AS TEXT))
               FROM device d LEFT JOIN reseller r ON r.id = d.reseller_id WHERE d.operator_id = $1
             UNION ALL SELECT CAST(4 AS BIGINT), l.id, r.path
               FROM lease l JOIN reseller r ON r.id = l.reseller_id WHERE l.operator_id = $1
             UNION ALL SELECT CAST(5 AS BIGINT), r.id, r.path FROM reseller r WHERE r.operator_id = $1
             UNION ALL SELECT CAST(6 AS BIGINT), c.id, r.path
               FROM code c JOIN reseller r ON r.id = c.reseller_id WHERE c.operator_id = $1
             UNION ALL SELECT CAST(7 AS BIGINT), t.id, r.path
               FROM transfer t JOIN ledger_account f ON f.id = t.debit_id JOIN ledger_account g ON g.id = t.credit_id
                 JOIN reseller r ON r.id = f.reseller_id
               WHERE t.operator_id = $1 AND (f.kind = 'wallet' OR g.kind = 'wallet')
             UNION ALL SELECT CAST(8 AS BIGINT), a.id, COALESCE(r.path, CAST($2 AS TEXT))
               FROM account a LEFT JOIN reseller r ON r.id = a.reseller_id WHERE a.operator_id = $1
             UNION ALL SELECT CAST(9 AS BIGINT), m.id, r.path
               FROM market_order m JOIN reseller r ON r.id = m.reseller_id WHERE m.operator_id = $1
           ) AS u
           WHERE NOT EXISTS (SELECT 1 FROM feed_row w
             WHERE w.operator_id = $1 AND w.table_no = u.table_no AND w.row_key = u.row_key)
           ORDER BY u.table_no, u.row_key LIMIT $3"#,
        operator.0,
        staff,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Operators whose feed nobody has looked at since then.
pub(in super::super) async fn looked_before(conn: &mut Conn, then: Timestamp) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT operator_id AS "operator_id!: Uuid" FROM feed WHERE looked_at <= $1 ORDER BY operator_id"#,
        then.0
    )
    .fetch_all(conn)
    .await
}

/// Notes that somebody looks now. False: another process was faster.
pub(in super::super) async fn look_now(
    conn: &mut Conn,
    operator: OperatorId,
    then: Timestamp,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE feed SET looked_at = $3 WHERE operator_id = $1 AND looked_at <= $2",
        operator.0,
        then.0,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
