//! SQL of payments.

use counterfoil_domain::ids::{AccountId, OperatorId, PaymentId, ResellerId};
use counterfoil_domain::payment::PaymentState;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::payments::RecordPayment;
use uuid::Uuid;

use crate::dialect::Conn;

/// 'staff' or 'member', and which.
type Who = (&'static str, Option<Uuid>);

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) username: String,
    pub(super) reseller_id: Uuid,
    pub(super) reseller_path: String,
    pub(super) company: String,
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) method: String,
    pub(super) paid_for: String,
    pub(super) collected_by: String,
    pub(super) paid_on: String,
    pub(super) reference: String,
    pub(super) note: String,
    pub(super) recorded_at: i64,
    pub(super) recorded_by_staff: Option<String>,
    pub(super) recorded_by_member: Option<String>,
    pub(super) state: String,
    pub(super) earns: i64,
    pub(super) charged: i64,
    pub(super) completed_at: Option<i64>,
    pub(super) ended_at: Option<i64>,
    pub(super) changed_by_staff: Option<String>,
    pub(super) changed_by_member: Option<String>,
    pub(super) reason: Option<String>,
}

/// Payments with the names of who is in them.
macro_rules! rows {
    ($rest:literal, $($value:expr),*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT p.id AS "id!: Uuid", p.account_id AS "account_id!: Uuid", a.username AS "username!: String",
                      p.reseller_id AS "reseller_id!: Uuid", r.path AS "reseller_path!: String",
                      r.company AS "company!: String", p.amount AS "amount!: i64", p.currency AS "currency!: String",
                      p.method AS "method!: String", p.paid_for AS "paid_for!: String",
                      p.collected_by AS "collected_by!: String", p.paid_on AS "paid_on!: String",
                      p.reference AS "reference!: String", p.note AS "note!: String",
                      p.recorded_at AS "recorded_at!: i64",
                      (SELECT username FROM staff s WHERE s.id = p.recorded_by) AS "recorded_by_staff?: String",
                      (SELECT username FROM member m WHERE m.id = p.recorded_by) AS "recorded_by_member?: String",
                      p.state AS "state!: String", p.earns AS "earns!: i64", p.charged AS "charged!: i64",
                      p.completed_at AS "completed_at?: i64", p.ended_at AS "ended_at?: i64",
                      (SELECT username FROM staff s WHERE s.id = p.changed_by) AS "changed_by_staff?: String",
                      (SELECT username FROM member m WHERE m.id = p.changed_by) AS "changed_by_member?: String",
                      p.reason AS "reason?: String"
               FROM payment p JOIN reseller r ON r.id = p.reseller_id JOIN account a ON a.id = p.account_id "# + $rest,
            $($value),*
        )
    };
}

pub(super) async fn by_id(conn: &mut Conn, operator: OperatorId, id: PaymentId) -> Result<Option<Row>, sqlx::Error> {
    rows!("WHERE p.operator_id = $1 AND p.id = $2", operator.0, id.0).fetch_optional(conn).await
}

/// Each is read along an index of its own.
pub(super) enum Whose<'a> {
    Operator(OperatorId),
    Reseller(ResellerId),
    /// As far as they are of resellers below this path.
    Account(AccountId, &'a str),
}

pub(super) struct Filter<'a> {
    pub(super) whose: Whose<'a>,
    pub(super) state: Option<PaymentState>,
    pub(super) first: &'a str,
    /// Day and id that they stand before.
    pub(super) before: (&'a str, Uuid),
}

pub(super) async fn list(conn: &mut Conn, filter: &Filter<'_>, limit: i64) -> Result<Vec<Row>, sqlx::Error> {
    let (first, (day, id), state) = (filter.first, filter.before, filter.state.map(PaymentState::as_str));
    match (&filter.whose, state) {
        (Whose::Operator(operator), None) => {
            rows!(
                "WHERE p.operator_id = $1 AND p.paid_on >= $2 AND (p.paid_on, p.id) < ($3, $4)
                 ORDER BY p.paid_on DESC, p.id DESC LIMIT $5",
                operator.0,
                first,
                day,
                id,
                limit
            )
            .fetch_all(conn)
            .await
        }
        (Whose::Operator(operator), Some(state)) => {
            rows!(
                "WHERE p.operator_id = $1 AND p.state = $2 AND p.paid_on >= $3 AND (p.paid_on, p.id) < ($4, $5)
                 ORDER BY p.paid_on DESC, p.id DESC LIMIT $6",
                operator.0,
                state,
                first,
                day,
                id,
                limit
            )
            .fetch_all(conn)
            .await
        }
        (Whose::Reseller(reseller), None) => {
            rows!(
                "WHERE p.reseller_id = $1 AND p.paid_on >= $2 AND (p.paid_on, p.id) < ($3, $4)
                 ORDER BY p.paid_on DESC, p.id DESC LIMIT $5",
                reseller.0,
                first,
                day,
                id,
                limit
            )
            .fetch_all(conn)
            .await
        }
        (Whose::Reseller(reseller), Some(state)) => {
            rows!(
                "WHERE p.reseller_id = $1 AND p.state = $2 AND p.paid_on >= $3 AND (p.paid_on, p.id) < ($4, $5)
                 ORDER BY p.paid_on DESC, p.id DESC LIMIT $6",
                reseller.0,
                state,
                first,
                day,
                id,
                limit
            )
            .fetch_all(conn)
            .await
        }
        (Whose::Account(account, path), _) => of_account(conn, *account, path, filter, limit).await,
    }
}

/// An account has few.
async fn of_account(
    conn: &mut Conn,
    account: AccountId,
    path: &str,
    filter: &Filter<'_>,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let (first, (day, id)) = (filter.first, filter.before);
    // An empty one is all states.
    let state = filter.state.map_or("", PaymentState::as_str);
    rows!(
        "WHERE p.account_id = $1 AND r.path LIKE $2 || '%' AND (p.state = $3 OR $3 = '') AND p.paid_on >= $4
           AND (p.paid_on, p.id) < ($5, $6)
         ORDER BY p.paid_on DESC, p.id DESC LIMIT $7",
        account.0,
        path,
        state,
        first,
        day,
        id,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) struct New<'a> {
    pub(super) asked: &'a RecordPayment,
    pub(super) reseller: ResellerId,
    pub(super) by: Who,
}

/// Says whether the id was new.
pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    new: &New<'_>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let asked = new.asked;
    let (amount, currency) = (asked.amount.value(), asked.amount.unit().to_string());
    let (method, paid_for, collected_by) =
        (asked.method.as_str(), asked.paid_for.as_str(), asked.collected_by.as_str());
    let (reference, note, (kind, by)) = (asked.reference.trim(), asked.note.trim(), new.by);
    let stored = sqlx::query!(
        "INSERT INTO payment (id, operator_id, account_id, reseller_id, amount, currency, method, paid_for, collected_by,
                              paid_on, reference, note, recorded_at, recorded_kind, recorded_by, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'pending')
         ON CONFLICT (id) DO NOTHING",
        asked.payment_id.0,
        operator.0,
        asked.account_id.0,
        new.reseller.0,
        amount,
        currency,
        method,
        paid_for,
        collected_by,
        asked.paid_on,
        reference,
        note,
        now.0,
        kind,
        by
    )
    .execute(conn)
    .await?;
    Ok(stored.rows_affected() == 1)
}

/// Takes the row's lock, before those of the ledger.
pub(super) async fn lock(conn: &mut Conn, id: PaymentId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE payment SET state = state WHERE id = $1", id.0).execute(conn).await.map(|_| ())
}

/// Of the plan that an account has now.
pub(super) async fn plan_name(conn: &mut Conn, account: AccountId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT p.name AS "name!: String" FROM account a JOIN plan p ON p.id = a.plan_id WHERE a.id = $1"#,
        account.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) struct Completed {
    pub(super) earns: bool,
    pub(super) charged: i64,
    pub(super) by: Who,
}

/// Only one that is expected.
pub(super) async fn complete(
    conn: &mut Conn,
    id: PaymentId,
    completed: &Completed,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (earns, (kind, by)) = (i64::from(completed.earns), completed.by);
    let done = sqlx::query!(
        "UPDATE payment SET state = 'completed', completed_at = $2, earns = $3, charged = $4, changed_kind = $5,
           changed_by = $6
         WHERE id = $1 AND state = 'pending'",
        id.0,
        now.0,
        earns,
        completed.charged,
        kind,
        by
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) struct Ended<'a> {
    pub(super) from: PaymentState,
    pub(super) to: PaymentState,
    pub(super) reason: &'a str,
    pub(super) by: Who,
}

/// Only from the state it was read in.
pub(super) async fn end(
    conn: &mut Conn,
    id: PaymentId,
    ended: &Ended<'_>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (from, to, (kind, by)) = (ended.from.as_str(), ended.to.as_str(), ended.by);
    let done = sqlx::query!(
        "UPDATE payment SET state = $3, ended_at = $4, reason = $5, changed_kind = $6, changed_by = $7
         WHERE id = $1 AND state = $2",
        id.0,
        from,
        to,
        now.0,
        ended.reason,
        kind,
        by
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
