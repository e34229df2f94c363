//! SQL of the books with providers.

use counterfoil_domain::ids::{OperatorId, ProviderId, RelationshipId, SettlementId, StaffId, TransferId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::settlements::SettleProvider;
use uuid::Uuid;

use crate::dialect::Conn;

mod movements;

pub(super) use movements::*;

pub(super) struct ProviderRow {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) currency: String,
}

pub(super) async fn provider(
    conn: &mut Conn,
    operator: OperatorId,
    id: ProviderId,
) -> Result<Option<ProviderRow>, sqlx::Error> {
    sqlx::query_as!(
        ProviderRow,
        r#"SELECT id AS "id!: Uuid", name AS "name!: String", currency AS "currency!: String" FROM provider
           WHERE id = $1 AND operator_id = $2"#,
        id.0,
        operator.0
    )
    .fetch_optional(conn)
    .await
}

/// Takes the lock of a provider.
pub(super) async fn lock(
    conn: &mut Conn,
    operator: OperatorId,
    id: ProviderId,
) -> Result<Option<ProviderRow>, sqlx::Error> {
    sqlx::query_as!(
        ProviderRow,
        r#"UPDATE provider SET status = status WHERE id = $1 AND operator_id = $2
           RETURNING id AS "id!: Uuid", name AS "name!: String", currency AS "currency!: String""#,
        id.0,
        operator.0
    )
    .fetch_optional(conn)
    .await
}

/// The four balances of one relationship.
pub(super) struct AccountRow {
    pub(super) relationship_id: Uuid,
    pub(super) reseller_id: Uuid,
    pub(super) company: String,
    pub(super) customers: i64,
    pub(super) payable: i64,
    pub(super) settled: i64,
    pub(super) markup: i64,
}

/// By company.
pub(super) async fn accounts(conn: &mut Conn, provider: ProviderId) -> Result<Vec<AccountRow>, sqlx::Error> {
    sqlx::query_as!(
        AccountRow,
        r#"SELECT r.id AS "relationship_id!: Uuid", r.reseller_id AS "reseller_id!: Uuid", s.company AS "company!: String",
             customers.balance AS "customers!: i64", payable.balance AS "payable!: i64", paid.balance AS "settled!: i64",
             markup.balance AS "markup!: i64"
           FROM relationship r JOIN reseller s ON s.id = r.reseller_id
             JOIN ledger_account customers ON customers.owner_id = r.id AND customers.kind = 'order_customers'
             JOIN ledger_account payable ON payable.owner_id = r.id AND payable.kind = 'provider_payable'
             JOIN ledger_account paid ON paid.owner_id = r.id AND paid.kind = 'provider_paid'
             JOIN ledger_account markup ON markup.owner_id = r.id AND markup.kind = 'order_markup'
           WHERE r.provider_id = $1 ORDER BY s.company, r.id"#,
        provider.0
    )
    .fetch_all(conn)
    .await
}

/// A relationship through which something is owed.
pub(super) struct OwingRow {
    pub(super) relationship_id: Uuid,
    pub(super) reseller_id: Uuid,
    pub(super) payable_id: Uuid,
    pub(super) paid_id: Uuid,
}

/// All of a provider or one of them, by id.
pub(super) async fn owing(
    conn: &mut Conn,
    provider: ProviderId,
    one: Option<RelationshipId>,
) -> Result<Vec<OwingRow>, sqlx::Error> {
    let one = one.map(|one| one.0);
    sqlx::query_as!(
        OwingRow,
        r#"SELECT r.id AS "relationship_id!: Uuid", r.reseller_id AS "reseller_id!: Uuid", payable.id AS "payable_id!: Uuid", paid.id AS "paid_id!: Uuid"
           FROM relationship r
             JOIN ledger_account payable ON payable.owner_id = r.id AND payable.kind = 'provider_payable'
             JOIN ledger_account paid ON paid.owner_id = r.id AND paid.kind = 'provider_paid'
           WHERE r.provider_id = $1 AND r.id = COALESCE($2, r.id) AND payable.balance > 0 ORDER BY r.id"#,
        provider.0,
        one
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn is_of_provider(
    conn: &mut Conn,
    provider: ProviderId,
    relationship: RelationshipId,
) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM relationship WHERE id = $1 AND provider_id = $2"#,
        relationship.0,
        provider.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) provider_id: Uuid,
    pub(super) amount: i64,
    pub(super) paid_on: String,
    pub(super) reference: String,
    pub(super) note: String,
    pub(super) recorded_at: i64,
    pub(super) recorded_by: String,
}

/// Settlements with who recorded them.
macro_rules! rows {
    ($rest:literal, $($value:expr),*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT q.id AS "id!: Uuid", q.provider_id AS "provider_id!: Uuid", q.amount AS "amount!: i64",
                 q.paid_on AS "paid_on!: String", q.reference AS "reference!: String", q.note AS "note!: String",
                 q.recorded_at AS "recorded_at!: i64", m.username AS "recorded_by!: String"
               FROM provider_settlement q JOIN staff m ON m.id = q.recorded_by "#
                + $rest,
            $($value),*
        )
    };
}

pub(super) async fn by_id(conn: &mut Conn, id: SettlementId) -> Result<Option<Row>, sqlx::Error> {
    rows!("WHERE q.id = $1", id.0).fetch_optional(conn).await
}

/// The latest first.
pub(super) async fn list(
    conn: &mut Conn,
    provider: ProviderId,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    rows!(
        "WHERE q.provider_id = $1 AND (q.recorded_at, q.id) < ($2, $3)
         ORDER BY q.recorded_at DESC, q.id DESC LIMIT $4",
        provider.0,
        at,
        id,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) struct LineRow {
    pub(super) settlement_id: Uuid,
    pub(super) relationship_id: Uuid,
    pub(super) company: String,
    pub(super) amount: i64,
}

/// Lines of settlements with the company whose sales they are of.
macro_rules! lines {
    ($rest:literal, $($value:expr),*) => {
        sqlx::query_as!(
            LineRow,
            r#"SELECT l.settlement_id AS "settlement_id!: Uuid", l.relationship_id AS "relationship_id!: Uuid",
                 s.company AS "company!: String", l.amount AS "amount!: i64"
               FROM provider_settlement_line l JOIN provider_settlement q ON q.id = l.settlement_id
                 JOIN relationship r ON r.id = l.relationship_id JOIN reseller s ON s.id = r.reseller_id "#
                + $rest
                + " ORDER BY s.company, l.relationship_id",
            $($value),*
        )
    };
}

/// Of one settlement, by company.
pub(super) async fn lines(conn: &mut Conn, settlement: SettlementId) -> Result<Vec<LineRow>, sqlx::Error> {
    lines!("WHERE q.id = $1", settlement.0).fetch_all(conn).await
}

/// Of a provider's settlements from one to another, both with their lines.
pub(super) async fn lines_between(
    conn: &mut Conn,
    provider: ProviderId,
    (oldest, newest): ((i64, Uuid), (i64, Uuid)),
) -> Result<Vec<LineRow>, sqlx::Error> {
    lines!(
        "WHERE q.provider_id = $1 AND (q.recorded_at, q.id) >= ($2, $3) AND (q.recorded_at, q.id) <= ($4, $5)",
        provider.0,
        oldest.0,
        oldest.1,
        newest.0,
        newest.1
    )
    .fetch_all(conn)
    .await
}

pub(super) struct New<'a> {
    pub(super) asked: &'a SettleProvider,
    pub(super) provider: ProviderId,
    pub(super) staff: StaffId,
    pub(super) currency: &'a str,
    pub(super) reference: &'a str,
}

/// False where the id is taken.
pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    new: &New<'_>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (amount, note) = (new.asked.amount.value(), new.asked.note.trim());
    let stored = sqlx::query!(
        "INSERT INTO provider_settlement
           (id, operator_id, provider_id, amount, currency, paid_on, reference, note, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING",
        new.asked.settlement_id.0,
        operator.0,
        new.provider.0,
        amount,
        new.currency,
        new.asked.paid_on,
        new.reference,
        note,
        now.0,
        new.staff.0
    )
    .execute(conn)
    .await?;
    Ok(stored.rows_affected() == 1)
}

pub(super) async fn insert_line(
    conn: &mut Conn,
    settlement: SettlementId,
    relationship: RelationshipId,
    amount: i64,
    transfer: TransferId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO provider_settlement_line (settlement_id, relationship_id, amount, transfer_id)
         VALUES ($1, $2, $3, $4)",
        settlement.0,
        relationship.0,
        amount,
        transfer.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}
