//! SQL of bulk operations.

pub(super) mod moves;
pub(super) mod work;

use counterfoil_domain::bulk::BulkState;
use counterfoil_domain::ids::{AccountId, BulkId, OperatorId, PlanId, ResellerId};
use counterfoil_domain::time::Timestamp;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::record::{BulkRecord, RowRecord, bulk_records};
use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};

/// A bulk operation that is to be planned.
pub(super) struct NewBulk<'a> {
    pub(super) id: BulkId,
    pub(super) reseller: Option<ResellerId>,
    pub(super) ordered_by: Uuid,
    pub(super) kind: &'static str,
    pub(super) plan: Option<Uuid>,
    pub(super) days: Option<i64>,
    pub(super) gift: bool,
    pub(super) to_reseller: Option<Uuid>,
    pub(super) reason: Option<&'a str>,
    /// Of a file that accounts are created from: its name, and its lines.
    pub(super) file: Option<&'a str>,
    pub(super) lines: Option<i64>,
    /// None where the accounts were chosen.
    pub(super) list: Option<List<'a>>,
    pub(super) total: i64,
}

/// The list that its accounts are taken from.
#[derive(PartialEq, Eq)]
pub(super) struct List<'a> {
    pub(super) search: Option<&'a str>,
    pub(super) status: Option<&'a str>,
    pub(super) plan: Option<Uuid>,
    pub(super) reseller: Option<Uuid>,
    /// Those of the resellers below that one, too.
    pub(super) with_below: bool,
    pub(super) ends_before: Option<&'a str>,
}

/// False when the id is taken.
pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    new: &NewBulk<'_>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let list = new.list.as_ref();
    let (search, status) = (list.and_then(|list| list.search), list.and_then(|list| list.status));
    let (plan, reseller) = (list.and_then(|list| list.plan), list.and_then(|list| list.reseller));
    let ends_before = list.and_then(|list| list.ends_before);
    let with_below = i64::from(list.is_some_and(|list| list.with_below));
    // Every user name is after no name at all.
    let walked = list.map(|_| "");
    let (of, gift) = (new.reseller.map(|id| id.0), i64::from(new.gift));
    let state = if new.lines.is_some() { BulkState::Receiving } else { BulkState::Planning }.as_str();
    let put = sqlx::query!(
        "INSERT INTO account_bulk (id, operator_id, reseller_id, ordered_by, ordered_at, kind, plan_id, days, gift,
           to_reseller, reason, filter_search, filter_status, filter_plan, filter_reseller, filter_ends_before, walked,
           total, state, file, lines, filter_below)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
         ON CONFLICT DO NOTHING",
        new.id.0,
        operator.0,
        of,
        new.ordered_by,
        now.0,
        new.kind,
        new.plan,
        new.days,
        gift,
        new.to_reseller,
        new.reason,
        search,
        status,
        plan,
        reseller,
        ends_before,
        walked,
        new.total,
        state,
        new.file,
        new.lines,
        with_below
    )
    .execute(conn)
    .await?;
    Ok(put.rows_affected() == 1)
}

/// Writes accounts down, from this position on, each with the id of what will be done to it.
pub(super) async fn insert_rows(
    conn: &mut Conn,
    bulk: BulkId,
    first: i64,
    accounts: &[(AccountId, Uuid)],
) -> Result<(), sqlx::Error> {
    let mut position = first;
    for batch in accounts.chunks(ROWS) {
        let mut query =
            QueryBuilder::<Db>::new("INSERT INTO account_bulk_row (bulk_id, position, account_id, event_id, state) ");
        query.push_values(batch, |mut row, (account, event)| {
            row.push_bind(bulk.0).push_bind(position).push_bind(account.0).push_bind(*event).push_bind("waiting");
            position += 1;
        });
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Those that are written down, in their order.
pub(super) async fn accounts(conn: &mut Conn, id: BulkId, limit: i64) -> Result<Vec<AccountId>, sqlx::Error> {
    let accounts = sqlx::query_scalar!(
        r#"SELECT account_id AS "account_id!: Uuid" FROM account_bulk_row WHERE bulk_id = $1 ORDER BY position LIMIT $2"#,
        id.0,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(accounts.into_iter().map(AccountId).collect())
}

/// Of any operator: an id is used once.
pub(super) async fn by_id(conn: &mut Conn, id: BulkId) -> Result<Option<BulkRecord>, sqlx::Error> {
    bulk_records!("SELECT", "FROM account_bulk WHERE id = $1", id.0).fetch_optional(conn).await
}

/// What staff ordered, the newest first.
pub(super) async fn of_staff(
    conn: &mut Conn,
    operator: OperatorId,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<BulkRecord>, sqlx::Error> {
    bulk_records!(
        "SELECT",
        "FROM account_bulk WHERE operator_id = $1 AND reseller_id IS NULL AND (ordered_at, id) < ($2, $3)
         ORDER BY ordered_at DESC, id DESC LIMIT $4",
        operator.0,
        at,
        id,
        limit
    )
    .fetch_all(conn)
    .await
}

/// What the members of a reseller ordered, the newest first.
pub(super) async fn of_reseller(
    conn: &mut Conn,
    reseller: ResellerId,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<BulkRecord>, sqlx::Error> {
    bulk_records!(
        "SELECT",
        "FROM account_bulk WHERE reseller_id = $1 AND (ordered_at, id) < ($2, $3)
         ORDER BY ordered_at DESC, id DESC LIMIT $4",
        reseller.0,
        at,
        id,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn has_plan(conn: &mut Conn, operator: OperatorId, plan: PlanId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM plan WHERE operator_id = $1 AND id = $2"#,
        operator.0,
        plan.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Accounts behind a position, of one state where it is said.
pub(super) async fn rows(
    conn: &mut Conn,
    bulk: BulkId,
    state: Option<&str>,
    after: i64,
    limit: i64,
) -> Result<Vec<RowRecord>, sqlx::Error> {
    let mut query = QueryBuilder::<Db>::new(
        "SELECT r.position, r.account_id, r.event_id, r.state, r.username, r.owner_id, r.cost, r.unit, r.was_status,
           r.was_last_day, r.new_last_day, r.was_plan, p.name AS was_plan_name, r.revision, r.refusal_code,
           r.refusal_detail, r.needed, r.available, r.refusal_columns, l.line, l.username AS line_username,
           l.email AS line_email, l.plan AS line_plan, l.last_day AS line_last_day, l.gift AS line_gift,
           l.mac AS line_mac, l.max_connections AS line_max_connections, l.notes AS line_notes, l.reseller AS line_reseller
         FROM account_bulk_row r
              LEFT JOIN account_bulk_line l ON l.bulk_id = r.bulk_id AND l.position = r.position
              LEFT JOIN plan p ON p.id = r.was_plan
         WHERE r.bulk_id = ",
    );
    query.push_bind(bulk.0);
    if let Some(state) = state {
        query.push(" AND r.state = ").push_bind(state.to_owned());
    }
    query.push(" AND r.position > ").push_bind(after).push(" ORDER BY r.position LIMIT ").push_bind(limit);
    query.build_query_as().fetch_all(conn).await
}

/// Where an account stands by now; it stood so before. False when it did not.
pub(super) async fn save_row(
    conn: &mut Conn,
    bulk: BulkId,
    before: &str,
    row: &RowRecord,
) -> Result<bool, sqlx::Error> {
    let saved = sqlx::query!(
        "UPDATE account_bulk_row SET state = $4, username = $5, owner_id = $6, cost = $7, unit = $8, was_status = $9,
           was_last_day = $10, new_last_day = $11, revision = $12, refusal_code = $13, refusal_detail = $14,
           needed = $15, available = $16, refusal_columns = $17, was_plan = $18
         WHERE bulk_id = $1 AND position = $2 AND state = $3",
        bulk.0,
        row.position,
        before,
        row.state,
        row.username,
        row.owner_id,
        row.cost,
        row.unit,
        row.was_status,
        row.was_last_day,
        row.new_last_day,
        row.revision,
        row.refusal_code,
        row.refusal_detail,
        row.needed,
        row.available,
        row.refusal_columns,
        row.was_plan
    )
    .execute(conn)
    .await?;
    Ok(saved.rows_affected() == 1)
}

/// What changes of the sums.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Delta {
    pub(super) tried: i64,
    pub(super) planned: i64,
    pub(super) refused: i64,
    pub(super) done: i64,
    pub(super) undone: i64,
    pub(super) kept: i64,
    pub(super) cost_credits: i64,
    pub(super) cost_money: i64,
    pub(super) paid_credits: i64,
    pub(super) paid_money: i64,
}

pub(super) async fn count(conn: &mut Conn, id: BulkId, delta: &Delta) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE account_bulk SET tried = tried + $2, planned = planned + $3, refused = refused + $4, done = done + $5,
           undone = undone + $6, kept = kept + $7, cost_credits = cost_credits + $8, cost_money = cost_money + $9,
           paid_credits = paid_credits + $10, paid_money = paid_money + $11
         WHERE id = $1",
        id.0,
        delta.tried,
        delta.planned,
        delta.refused,
        delta.done,
        delta.undone,
        delta.kept,
        delta.cost_credits,
        delta.cost_money,
        delta.paid_credits,
        delta.paid_money
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// So many more accounts are written down, up to this user name; none when all are.
pub(super) async fn walked(conn: &mut Conn, id: BulkId, more: i64, to: Option<&str>) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE account_bulk SET total = total + $2, walked = $3 WHERE id = $1", id.0, more, to)
        .execute(conn)
        .await
        .map(|_| ())
}

/// False when there is nothing to run, or not any more.
pub(super) async fn run(conn: &mut Conn, id: BulkId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE account_bulk SET state = 'running', ended_at = NULL, claim = NULL, claimed_until = 0, trouble_code = NULL,
           trouble_detail = NULL
         WHERE id = $1 AND state IN ('planned', 'cancelled', 'failed') AND walked IS NULL AND tried = total
           AND planned > 0 AND undone = 0 AND kept = 0",
        id.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn cancel(conn: &mut Conn, id: BulkId, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE account_bulk SET state = 'cancelled', ended_at = $2, claim = NULL, claimed_until = 0
         WHERE id = $1 AND state IN ('receiving', 'planning', 'planned', 'running', 'undoing')",
        id.0,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// False when nothing of it was done, or it goes on.
pub(super) async fn undo(conn: &mut Conn, id: BulkId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE account_bulk SET state = 'undoing', ended_at = NULL, claim = NULL, claimed_until = 0, trouble_code = NULL,
           trouble_detail = NULL
         WHERE id = $1 AND state IN ('done', 'cancelled', 'failed', 'undone') AND done > 0
           AND kind NOT IN ('extend', 'create')",
        id.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A reseller whose wallet has less than its accounts cost.
pub(super) struct Short {
    pub(super) reseller: Uuid,
    pub(super) company: String,
    pub(super) unit: String,
    pub(super) needed: i64,
    pub(super) available: i64,
}

pub(super) async fn short(conn: &mut Conn, id: BulkId, limit: i64) -> Result<Vec<Short>, sqlx::Error> {
    sqlx::query_as!(
        Short,
        r#"SELECT r.id AS "reseller!: Uuid", r.company AS "company!: String", w.unit AS "unit!: String",
                  d.needed AS "needed!: i64", w.balance - w.floor AS "available!: i64"
           FROM (SELECT owner_id, CAST(SUM(cost) AS BIGINT) AS needed FROM account_bulk_row
                 WHERE bulk_id = $1 AND state = 'planned' AND cost > 0 GROUP BY owner_id) AS d
                JOIN reseller r ON r.id = d.owner_id
                JOIN ledger_account w ON w.owner_id = d.owner_id AND w.kind = 'wallet'
           WHERE d.needed > w.balance - w.floor ORDER BY r.company, r.id LIMIT $2"#,
        id.0,
        limit
    )
    .fetch_all(conn)
    .await
}
