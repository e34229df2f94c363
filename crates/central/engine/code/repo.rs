//! SQL of codes.

use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::{CodeId, OperatorId, PlanId, ResellerId};
use counterfoil_domain::reseller::Scope;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::list::Search;
use super::record::{CodeRecord, code_records};
use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};

/// Takes the row's lock; what is read is what stands until the commit.
pub(super) async fn lock(conn: &mut Conn, operator: OperatorId, id: Uuid) -> Result<Option<CodeRecord>, sqlx::Error> {
    code_records!("UPDATE code SET state = state WHERE id = $1 AND operator_id = $2 RETURNING", "", id, operator.0)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn find(conn: &mut Conn, operator: OperatorId, id: Uuid) -> Result<Option<CodeRecord>, sqlx::Error> {
    code_records!("SELECT", "FROM code WHERE id = $1 AND operator_id = $2", id, operator.0).fetch_optional(conn).await
}

/// Whether a code of any operator has one of these ids.
pub(crate) async fn any(conn: &mut Conn, ids: &[CodeId]) -> Result<bool, sqlx::Error> {
    for batch in ids.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new("SELECT id FROM code WHERE id IN (");
        let mut list = query.separated(", ");
        for id in batch {
            list.push_bind(id.0);
        }
        query.push(") LIMIT 1");
        if query.build().persistent(kept(batch)).fetch_optional(&mut *conn).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Moves a code from the state it was read in; false when it has left it.
pub(super) async fn put_state(
    conn: &mut Conn,
    id: Uuid,
    from: &str,
    to: &str,
    ended_at: Option<i64>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE code SET state = $3, held_reason = NULL, ended_at = $4 WHERE id = $1 AND state = $2",
        id,
        from,
        to,
        ended_at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// An unused code whose redeem-by has passed.
pub(super) struct Due {
    pub(super) operator_id: Uuid,
    pub(super) source_id: Uuid,
    pub(super) id: Uuid,
}

/// So many, past so many. Only in the order of the index: the codes of a lot have one deadline, and sorting a million of them for
/// each part would take hours. Those of one moment come in any order, so one may be passed over; it is there a minute later.
pub(super) async fn to_expire(conn: &mut Conn, now: i64, (limit, past): (i64, i64)) -> Result<Vec<Due>, sqlx::Error> {
    sqlx::query_as!(
        Due,
        r#"SELECT operator_id AS "operator_id!: Uuid", source_id AS "source_id!: Uuid", id AS "id!: Uuid" FROM code
           WHERE redeem_by <= $1 AND state IN ('sold', 'held') ORDER BY redeem_by LIMIT $2 OFFSET $3"#,
        now,
        limit,
        past
    )
    .fetch_all(conn)
    .await
}

/// Which codes a list shows.
pub(super) struct Filter<'a> {
    pub(super) operator: OperatorId,
    pub(super) scope: &'a Scope,
    pub(super) search: Option<Search>,
    pub(super) state: Option<CodeState>,
    pub(super) reseller: Option<ResellerId>,
    /// Rows before this key.
    pub(super) before: (i64, Uuid),
}

/// Each combination of filters is a statement of its own, so that each can use the index made for it.
pub(super) async fn list(conn: &mut Conn, filter: &Filter<'_>, limit: i64) -> Result<Vec<CodeRecord>, sqlx::Error> {
    let mut sql = QueryBuilder::<Db>::new(
        "SELECT code.*, reseller.path AS reseller_path FROM code JOIN reseller ON reseller.id = code.reseller_id
         WHERE code.operator_id = ",
    );
    sql.push_bind(filter.operator.0);
    if let Scope::Subtree { path, .. } = filter.scope {
        sql.push(" AND reseller.path LIKE ").push_bind(format!("{}%", path.as_str()));
    }
    if let Some(reseller) = filter.reseller {
        sql.push(" AND code.reseller_id = ").push_bind(reseller.0);
    }
    if let Some(state) = filter.state {
        sql.push(" AND code.state = ").push_bind(state.as_str());
    }
    match &filter.search {
        None => {}
        Some(Search::Number { source, seq }) => {
            sql.push(" AND code.source_id = ").push_bind(*source).push(" AND code.seq = ").push_bind(*seq);
        }
        Some(Search::Serial(start)) => {
            // A range instead of LIKE, so that it can use the index of serials: digits, a hyphen, digits.
            sql.push(" AND code.serial >= ").push_bind(start.clone());
            sql.push(" AND code.serial < ").push_bind(format!("{start}:"));
        }
        Some(Search::Email(address)) => {
            sql.push(" AND code.customer_email = ").push_bind(address.clone());
        }
    }
    let (at, id) = filter.before;
    sql.push(" AND (code.settled_at, code.id) < (").push_bind(at).push(", ").push_bind(id).push(")");
    sql.push(" ORDER BY code.settled_at DESC, code.id DESC LIMIT ").push_bind(limit);
    sql.build_query_as().fetch_all(conn).await
}

/// Codes in one state.
pub(super) struct Counted {
    pub(super) state: String,
    pub(super) count: i64,
}

pub(super) async fn count_by_state(conn: &mut Conn, operator: OperatorId) -> Result<Vec<Counted>, sqlx::Error> {
    sqlx::query_as!(
        Counted,
        r#"SELECT state AS "state!: String", COUNT(*) AS "count!: i64" FROM code
           WHERE operator_id = $1 GROUP BY state ORDER BY state"#,
        operator.0
    )
    .fetch_all(conn)
    .await
}

/// Reseller by reseller and state by state, along an index that has nothing else in it. All states are named, because the
/// plan comes behind the state there.
pub(super) async fn count_of_plan(
    conn: &mut Conn,
    operator: OperatorId,
    plan: PlanId,
) -> Result<Vec<Counted>, sqlx::Error> {
    sqlx::query_as!(
        Counted,
        r#"SELECT c.state AS "state!: String", COUNT(*) AS "count!: i64"
           FROM reseller r JOIN code c ON c.reseller_id = r.id AND c.plan_id = $2
             AND c.state IN ('generated', 'allocated', 'leased', 'sold', 'activated', 'held', 'expired', 'revoked',
               'voided')
           WHERE r.operator_id = $1 GROUP BY c.state ORDER BY c.state"#,
        operator.0,
        plan.0
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn count_of_reseller(conn: &mut Conn, reseller: ResellerId) -> Result<Vec<Counted>, sqlx::Error> {
    sqlx::query_as!(
        Counted,
        r#"SELECT state AS "state!: String", COUNT(*) AS "count!: i64" FROM code
           WHERE reseller_id = $1 GROUP BY state ORDER BY state"#,
        reseller.0
    )
    .fetch_all(conn)
    .await
}
