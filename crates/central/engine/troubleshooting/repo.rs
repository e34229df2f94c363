//! SQL of answers to why.

use counterfoil_domain::ids::{AccountId, OperatorId, ResellerId};
use counterfoil_wire::commission::SourceKind;
use uuid::Uuid;

use crate::dialect::Conn;

/// Of an account, the newest.
pub(super) async fn last_line(conn: &mut Conn, account: AccountId) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT MAX(at) AS "at?: i64" FROM audit WHERE subject_id = $1"#, account.0)
        .fetch_one(conn)
        .await
}

/// When service was last given to an account, by a code or without one: neither leaves a line in the audit.
pub(super) async fn last_service(conn: &mut Conn, account: AccountId) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT MAX(given.at) AS "at?: i64" FROM (
             SELECT MAX(at) AS at FROM subscription WHERE account_id = $1
             UNION ALL SELECT MAX(activated_at) FROM activation WHERE account_id = $1) AS given"#,
        account.0
    )
    .fetch_one(conn)
    .await
}

pub(super) struct Transfer {
    pub(super) id: Uuid,
    pub(super) at: i64,
    pub(super) detail: String,
    pub(super) by_name: Option<String>,
}

/// Of an account between resellers, the newest first.
pub(super) async fn transfers(conn: &mut Conn, account: AccountId) -> Result<Vec<Transfer>, sqlx::Error> {
    sqlx::query_as!(
        Transfer,
        r#"SELECT a.id AS "id!: Uuid", a.at, a.detail, s.username AS "by_name?: String"
           FROM audit a LEFT JOIN staff s ON s.id = a.actor_id
           WHERE a.subject_id = $1 AND a.action = 'account.transfer' ORDER BY a.at DESC, a.id DESC LIMIT 50"#,
        account.0
    )
    .fetch_all(conn)
    .await
}

pub(super) struct Device {
    pub(super) name: String,
    pub(super) last_seen_at: Option<i64>,
}

/// Those in use, the last enrolled first.
pub(super) async fn devices(conn: &mut Conn, reseller: ResellerId) -> Result<Vec<Device>, sqlx::Error> {
    sqlx::query_as!(
        Device,
        "SELECT name, last_seen_at FROM device WHERE reseller_id = $1 AND status <> 'retired'
         ORDER BY enrolled_at DESC LIMIT 20",
        reseller.0
    )
    .fetch_all(conn)
    .await
}

/// A code, or service without one, with what decides whether somebody earns of it.
pub(super) struct Sale {
    pub(super) source: SourceKind,
    pub(super) id: Uuid,
    pub(super) reference: String,
    pub(super) plan_name: Option<String>,
    pub(super) price: Option<i64>,
    pub(super) currency: String,
    pub(super) cost: i64,
    pub(super) unit: String,
    /// Of a code or a payment.
    pub(super) state: Option<String>,
    /// Of a payment: 'sale' or 'service'.
    pub(super) paid_for: Option<String>,
    pub(super) seller: Option<String>,
    pub(super) at: i64,
}

/// Codes with the names of who made them.
macro_rules! codes {
    ($rest:literal, $($value:expr),*) => {
        sqlx::query!(
            r#"SELECT c.id AS "id!: Uuid", c.serial AS "serial!: String", c.plan_name AS "plan_name!: String",
                      c.price AS "price!: i64", c.currency AS "currency!: String", c.cost AS "cost!: i64",
                      c.unit AS "unit!: String", c.state AS "state!: String", r.company AS "seller!: String",
                      COALESCE(c.activated_at, c.sold_at, c.settled_at) AS "at!: i64"
               FROM code c JOIN reseller r ON r.id = c.reseller_id "# + $rest,
            $($value),*
        )
        .map(|row| Sale {
            source: SourceKind::Code,
            id: row.id,
            reference: row.serial,
            plan_name: Some(row.plan_name),
            price: Some(row.price),
            currency: row.currency,
            cost: row.cost,
            unit: row.unit,
            state: Some(row.state),
            paid_for: None,
            seller: Some(row.seller),
            at: row.at,
        })
    };
}

pub(super) async fn code(conn: &mut Conn, operator: OperatorId, serial: &str) -> Result<Vec<Sale>, sqlx::Error> {
    codes!("WHERE c.operator_id = $1 AND c.serial = $2", operator.0, serial).fetch_all(conn).await
}

/// Redeemed for an account, the last ones.
pub(super) async fn codes_of(conn: &mut Conn, account: Uuid) -> Result<Vec<Sale>, sqlx::Error> {
    codes!(
        "JOIN activation v ON v.code_id = c.id WHERE v.account_id = $1 ORDER BY v.activated_at DESC LIMIT 10",
        account
    )
    .fetch_all(conn)
    .await
}

/// Given to an account without a code, the last ones.
pub(super) async fn services_of(conn: &mut Conn, account: Uuid) -> Result<Vec<Sale>, sqlx::Error> {
    sqlx::query!(
        r#"SELECT s.id AS "id!: Uuid", a.username, s.plan_name, s.price AS "price?: i64", s.currency, s.cost, s.unit,
                  r.company AS "seller?: String", s.at
           FROM subscription s JOIN account a ON a.id = s.account_id LEFT JOIN reseller r ON r.id = s.reseller_id
           WHERE s.account_id = $1 ORDER BY s.at DESC LIMIT 10"#,
        account
    )
    .map(|row| Sale {
        source: SourceKind::Subscription,
        id: row.id,
        reference: row.username,
        plan_name: Some(row.plan_name),
        price: row.price,
        currency: row.currency,
        cost: row.cost,
        unit: row.unit,
        state: None,
        paid_for: None,
        seller: row.seller,
        at: row.at,
    })
    .fetch_all(conn)
    .await
}

/// What was paid for an account, the last ones.
pub(super) async fn payments_of(conn: &mut Conn, account: Uuid) -> Result<Vec<Sale>, sqlx::Error> {
    sqlx::query!(
        r#"SELECT p.id AS "id!: Uuid", a.username, p.amount, p.currency, p.charged, p.state, p.paid_for,
                  r.company AS "seller!: String", COALESCE(p.completed_at, p.recorded_at) AS "at!: i64"
           FROM payment p JOIN account a ON a.id = p.account_id JOIN reseller r ON r.id = p.reseller_id
           WHERE p.account_id = $1 ORDER BY p.paid_on DESC, p.id DESC LIMIT 10"#,
        account
    )
    .map(|row| Sale {
        source: SourceKind::Payment,
        id: row.id,
        reference: row.username,
        plan_name: None,
        price: Some(row.amount),
        unit: row.currency.clone(),
        currency: row.currency,
        cost: row.charged,
        state: Some(row.state),
        paid_for: Some(row.paid_for),
        seller: Some(row.seller),
        at: row.at,
    })
    .fetch_all(conn)
    .await
}

pub(super) async fn account(conn: &mut Conn, operator: OperatorId, name: &str) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id!: Uuid" FROM account WHERE operator_id = $1 AND username = $2"#,
        operator.0,
        name
    )
    .fetch_optional(conn)
    .await
}

/// The reseller with this e-mail address, and its company.
pub(super) async fn by_email(
    conn: &mut Conn,
    operator: OperatorId,
    email: &str,
) -> Result<Option<(Uuid, String)>, sqlx::Error> {
    let found = sqlx::query!(
        r#"SELECT id AS "id!: Uuid", company FROM reseller WHERE operator_id = $1 AND email = $2"#,
        operator.0,
        email
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map(|row| (row.id, row.company)))
}
