//! SQL of lots.

use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::{DeviceId, JobId, LotId, OperatorId, ResellerId};
use counterfoil_domain::reseller::Scope;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::list::Search;
use super::record::LotRecord;
use crate::dialect::{Conn, Db};
use crate::engine::batch::kept;
use crate::engine::code::{CodeRecord, Source, code_records};

/// A lot before it is stored.
pub(super) struct NewLot<'a> {
    pub(super) source: &'a Source,
    /// None where the operator keeps its codes.
    pub(super) reseller: Option<Uuid>,
    pub(super) number: i64,
    pub(super) made_by: Uuid,
    pub(super) made_at: i64,
}

/// False when a lot has this id.
pub(super) async fn insert(conn: &mut Conn, lot: &NewLot<'_>) -> Result<bool, sqlx::Error> {
    let source = lot.source;
    let salt = source.salt.as_slice();
    let put = sqlx::query!(
        "INSERT INTO lot (id, operator_id, reseller_id, number, key_id, salt, word_list, prefix, made_by, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING",
        source.id,
        source.operator.0,
        lot.reseller,
        lot.number,
        source.key_id,
        salt,
        source.word_list,
        source.prefix,
        lot.made_by,
        lot.made_at
    )
    .execute(conn)
    .await?;
    Ok(put.rows_affected() == 1)
}

/// Whether any operator has a lot with this id.
pub(super) async fn exists(conn: &mut Conn, id: LotId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM lot WHERE id = $1"#, id.0)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// What the codes of a lot derive from.
pub(super) struct StoredLot {
    pub(super) id: Uuid,
    pub(super) key_id: i64,
    pub(super) salt: Vec<u8>,
    pub(super) word_list: i64,
    pub(super) prefix: String,
}

impl StoredLot {
    pub(super) fn source(self, operator: OperatorId) -> Source {
        let Self { id, key_id, salt, word_list, prefix } = self;
        Source { id, operator, device: DeviceId(Uuid::nil()), key_id, salt, word_list, prefix }
    }
}

/// The lot of a code that this one made by itself. A lot that was ordered has its order beside it.
pub(super) async fn single(
    conn: &mut Conn,
    operator: OperatorId,
    id: Uuid,
    made_by: Uuid,
) -> Result<Option<StoredLot>, sqlx::Error> {
    sqlx::query_as!(
        StoredLot,
        r#"SELECT id AS "id!: Uuid", key_id AS "key_id!: i64", salt AS "salt!: Vec<u8>",
             word_list AS "word_list!: i64", prefix AS "prefix!: String"
           FROM lot WHERE id = $1 AND operator_id = $2 AND made_by = $3
             AND NOT EXISTS (SELECT 1 FROM lot_order o WHERE o.lot_id = lot.id)"#,
        id,
        operator.0,
        made_by
    )
    .fetch_optional(conn)
    .await
}

/// What was asked for, before it is stored beside its lot.
pub(super) struct NewOrder<'a> {
    pub(super) lot: LotId,
    pub(super) operator: OperatorId,
    pub(super) reseller: Option<ResellerId>,
    pub(super) number: i64,
    pub(super) plan: Uuid,
    pub(super) plan_name: &'a str,
    pub(super) term_days: i64,
    pub(super) price: i64,
    pub(super) currency: &'a str,
    pub(super) cost: i64,
    pub(super) unit: &'a str,
    pub(super) ordered: i64,
    pub(super) made: i64,
    /// The lot that its codes are taken from, and the lowest of their numbers.
    pub(super) from_stock: Option<(LotId, i64)>,
    pub(super) customer_email: Option<&'a str>,
    pub(super) label: &'a str,
    pub(super) redeem_by: i64,
    pub(super) made_by_kind: &'a str,
    pub(super) made_by: Uuid,
    pub(super) made_at: i64,
}

pub(super) async fn insert_order(conn: &mut Conn, new: &NewOrder<'_>) -> Result<(), sqlx::Error> {
    let (reseller, stock) = (new.reseller.map(|id| id.0), new.from_stock.map(|(stock, _)| stock.0));
    let first = new.from_stock.map_or(1, |(_, first)| first);
    // Nothing below the first number was looked at, and what is made already is all of it.
    let last = first - 1 + new.made;
    sqlx::query!(
        "INSERT INTO lot_order (lot_id, operator_id, reseller_id, number, plan_id, plan_name, term_days, price, currency,
           cost, unit, ordered, made, last_seq, customer_email, label, redeem_by, made_by_kind, made_by, made_at, stock_id,
           first_seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
        new.lot.0,
        new.operator.0,
        reseller,
        new.number,
        new.plan,
        new.plan_name,
        new.term_days,
        new.price,
        new.currency,
        new.cost,
        new.unit,
        new.ordered,
        new.made,
        last,
        new.customer_email,
        new.label,
        new.redeem_by,
        new.made_by_kind,
        new.made_by,
        new.made_at,
        stock,
        first
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Counts what a part made; false when somebody else made one meanwhile.
pub(super) async fn made(
    conn: &mut Conn,
    lot: LotId,
    codes: i64,
    last_before: i64,
    last: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE lot_order SET made = made + $2, last_seq = $4 WHERE lot_id = $1 AND last_seq = $3",
        lot.0,
        codes,
        last_before,
        last
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) const RECORDS: &str = "SELECT o.lot_id, o.operator_id, o.reseller_id, reseller.company,
    COALESCE(stock.number, o.number) AS number, o.plan_id, o.plan_name, o.term_days, o.price, o.currency, o.cost, o.unit,
    o.ordered, o.made, o.last_seq, o.stock_id, o.first_seq, o.allocated, o.revoked,
    o.customer_email, o.label, o.redeem_by, o.made_by_kind,
    COALESCE((SELECT username FROM staff WHERE staff.id = o.made_by),
             (SELECT username FROM member WHERE member.id = o.made_by),
             (SELECT 'API key ' || name FROM api_key WHERE api_key.id = o.made_by)) AS made_by_name,
    o.made_at, lot.key_id, lot.salt, lot.word_list, lot.prefix
  FROM lot_order o JOIN lot ON lot.id = o.lot_id LEFT JOIN reseller ON reseller.id = o.reseller_id
    LEFT JOIN lot_order stock ON stock.lot_id = o.stock_id
  WHERE o.operator_id = ";

/// None outside the scope.
pub(crate) async fn by_id(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    id: LotId,
) -> Result<Option<LotRecord>, sqlx::Error> {
    let mut sql = QueryBuilder::<Db>::new(RECORDS);
    sql.push_bind(operator.0).push(" AND o.lot_id = ").push_bind(id.0);
    in_scope(&mut sql, scope);
    sql.build_query_as().fetch_optional(conn).await
}

fn in_scope(sql: &mut QueryBuilder<Db>, scope: &Scope) {
    if let Scope::Subtree { path, .. } = scope {
        sql.push(" AND reseller.path LIKE ").push_bind(format!("{}%", path.as_str()));
    }
}

/// Which lots a list shows.
pub(super) struct Filter<'a> {
    pub(super) operator: OperatorId,
    pub(super) scope: &'a Scope,
    pub(super) reseller: Option<ResellerId>,
    pub(super) search: Option<Search>,
    /// Rows before this key.
    pub(super) before: (i64, Uuid),
}

/// Each combination of filters is a statement of its own, so that each can use the index made for it.
pub(super) async fn list(conn: &mut Conn, filter: &Filter<'_>, limit: i64) -> Result<Vec<LotRecord>, sqlx::Error> {
    let mut sql = QueryBuilder::<Db>::new(RECORDS);
    sql.push_bind(filter.operator.0);
    in_scope(&mut sql, filter.scope);
    if let Some(reseller) = filter.reseller {
        sql.push(" AND o.reseller_id = ").push_bind(reseller.0);
    }
    match &filter.search {
        None => {}
        Some(Search::Number(number)) => {
            sql.push(" AND COALESCE(stock.number, o.number) = ").push_bind(*number);
        }
        Some(Search::Words(pattern)) => {
            sql.push(" AND (lower(o.label) LIKE ").push_bind(pattern.clone()).push(" ESCAPE '\\'");
            sql.push(" OR lower(o.plan_name) LIKE ").push_bind(pattern.clone()).push(" ESCAPE '\\'");
            sql.push(" OR lower(reseller.company) LIKE ").push_bind(pattern.clone()).push(" ESCAPE '\\')");
        }
    }
    let (at, id) = filter.before;
    sql.push(" AND (o.made_at, o.lot_id) < (").push_bind(at).push(", ").push_bind(id).push(")");
    sql.push(" ORDER BY o.made_at DESC, o.lot_id DESC LIMIT ").push_bind(limit);
    sql.build_query_as().fetch_all(conn).await
}

/// Codes of one lot in one state.
#[derive(sqlx::FromRow)]
pub(super) struct Counted {
    pub(super) source_id: Uuid,
    pub(super) state: String,
    pub(super) count: i64,
}

pub(super) async fn count_by_state(conn: &mut Conn, lots: &[Uuid]) -> Result<Vec<Counted>, sqlx::Error> {
    if lots.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = QueryBuilder::<Db>::new(
        "SELECT source_id, state, COUNT(*) AS count FROM code WHERE device_id IS NULL AND source_id IN (",
    );
    let mut list = sql.separated(", ");
    for lot in lots {
        list.push_bind(*lot);
    }
    sql.push(") GROUP BY source_id, state ORDER BY source_id, state");
    sql.build_query_as().persistent(kept(lots)).fetch_all(conn).await
}

/// Codes of a range of a lot in one state, and what they cost.
pub(super) struct InRange {
    pub(super) state: String,
    pub(super) count: i64,
    pub(super) cost: i64,
}

pub(super) async fn count_range(conn: &mut Conn, lot: LotId, from: i64, to: i64) -> Result<Vec<InRange>, sqlx::Error> {
    sqlx::query_as!(
        InRange,
        r#"SELECT state AS "state!: String", COUNT(*) AS "count!: i64", CAST(SUM(cost) AS BIGINT) AS "cost!: i64"
           FROM code WHERE source_id = $1 AND seq BETWEEN $2 AND $3 GROUP BY state ORDER BY state"#,
        lot.0,
        from,
        to
    )
    .fetch_all(conn)
    .await
}

/// The codes of a lot from a number on, in their order.
pub(super) async fn codes(
    conn: &mut Conn,
    lot: Uuid,
    from: i64,
    to: i64,
    limit: i64,
) -> Result<Vec<CodeRecord>, sqlx::Error> {
    code_records!(
        "SELECT",
        "FROM code WHERE source_id = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq LIMIT $4",
        lot,
        from,
        to,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Moves locked codes to another state, and says how many.
pub(super) async fn put_state(
    conn: &mut Conn,
    lot: Uuid,
    seqs: &[i64],
    to: CodeState,
    ended_at: Option<i64>,
) -> Result<usize, sqlx::Error> {
    let mut sql = QueryBuilder::<Db>::new("UPDATE code SET held_reason = NULL, state = ");
    sql.push_bind(to.as_str()).push(", ended_at = ").push_bind(ended_at);
    sql.push(" WHERE source_id = ").push_bind(lot).push(" AND seq IN (");
    let mut list = sql.separated(", ");
    for seq in seqs {
        list.push_bind(*seq);
    }
    sql.push(")");
    let done = sql.build().persistent(kept(seqs)).execute(conn).await?;
    Ok(usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
}

/// Keeps which numbers a job changed.
pub(super) async fn keep_items(conn: &mut Conn, job: JobId, seqs: &[i64]) -> Result<(), sqlx::Error> {
    let mut sql = QueryBuilder::<Db>::new("INSERT INTO code_job_item (job_id, seq) ");
    sql.push_values(seqs, |mut row, seq| {
        row.push_bind(job.0).push_bind(*seq);
    });
    sql.build().persistent(kept(seqs)).execute(conn).await.map(|_| ())
}

/// Which numbers of a range a job changed.
pub(super) async fn items(conn: &mut Conn, job: JobId, from: i64, to: i64) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT seq AS "seq!: i64" FROM code_job_item WHERE job_id = $1 AND seq BETWEEN $2 AND $3"#,
        job.0,
        from,
        to
    )
    .fetch_all(conn)
    .await
}
