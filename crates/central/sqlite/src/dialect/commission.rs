//! Sales whose shares are due, and the shares.

use counterfoil_domain::commission::EarningState;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use serde_json::json;
use uuid::Uuid;

use super::{Conn, count, hex_of, json_of, json_rows};
use crate::engine::commission::{Due, NewDue, NewEarning};

pub(crate) async fn insert_due(conn: &mut Conn, operator: OperatorId, new: &[NewDue<'_>]) -> Result<(), sqlx::Error> {
    let rows = json_rows(new, |new| {
        json!([
            new.kind.as_str(),
            hex_of(new.id),
            hex_of(new.seller),
            hex_of(new.account.0),
            new.reference,
            new.plan_name,
            new.price,
            new.currency,
            new.active_accounts,
            new.at.0
        ])
    });
    sqlx::query!(
        "INSERT INTO commission_due (source_kind, source_id, operator_id, seller_id, account_id, reference, plan_name,
           price, currency, active_accounts, sold_at, due_at)
         SELECT value ->> 0, unhex(value ->> 1), $1, unhex(value ->> 2), unhex(value ->> 3), value ->> 4, value ->> 5,
           value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 9
         FROM json_each($2)",
        operator.0,
        rows
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Takes sales of one seller out of what is due: those that nobody took before.
pub(crate) async fn take_due(conn: &mut Conn, seller: ResellerId, sources: &[Uuid]) -> Result<Vec<Due>, sqlx::Error> {
    let sources = json_of(sources);
    sqlx::query_as!(
        Due,
        r#"DELETE FROM commission_due WHERE seller_id = $1 AND source_id IN (SELECT unhex(value) FROM json_each($2))
           RETURNING source_kind AS "source_kind!: String", source_id AS "source_id!: Uuid",
             seller_id AS "seller_id!: Uuid", account_id AS "account_id!: Uuid", reference AS "reference!: String",
             plan_name AS "plan_name!: String", price AS "price!: i64", currency AS "currency!: String",
             active_accounts AS "active_accounts!: i64", sold_at AS "sold_at!: i64""#,
        seller.0,
        sources
    )
    .fetch_all(conn)
    .await
}

/// Says how many were new: a share of a sale is stored once.
pub(crate) async fn insert_earnings(
    conn: &mut Conn,
    operator: OperatorId,
    new: &[NewEarning<'_>],
) -> Result<usize, sqlx::Error> {
    let rows = json_rows(new, row_of);
    let pending = EarningState::Pending.as_str();
    let done = sqlx::query!(
        "INSERT INTO earning (id, operator_id, source_kind, source_id, level, seller_id, beneficiary_id, account_id,
           reference, plan_name, price, currency, facts, basis, rate_bp, rate_before_cap_bp, amount, rules_version,
           sold_at, available_at, state, transfer_id)
         SELECT unhex(value ->> 0), $1, value ->> 1, unhex(value ->> 2), value ->> 3, unhex(value ->> 4),
           unhex(value ->> 5), unhex(value ->> 6), value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11,
           value ->> 12, value ->> 13, value ->> 14, value ->> 15, value ->> 16, value ->> 17, value ->> 18, $2,
           unhex(value ->> 19)
         FROM json_each($3) WHERE TRUE
         ON CONFLICT (source_kind, source_id, level) DO NOTHING",
        operator.0,
        pending,
        rows
    )
    .execute(conn)
    .await?;
    Ok(count(&done))
}

fn row_of(new: &NewEarning<'_>) -> serde_json::Value {
    let due = new.due;
    json!([
        hex_of(new.id.0),
        due.source_kind,
        hex_of(due.source_id),
        new.level,
        hex_of(due.seller_id),
        hex_of(new.beneficiary.0),
        hex_of(due.account_id),
        due.reference,
        due.plan_name,
        due.price,
        due.currency,
        new.facts,
        new.basis,
        new.rate.value(),
        new.rate_before_cap.value(),
        new.amount,
        new.rules_version,
        due.sold_at,
        new.available_at.0,
        new.transfer.map(|id| hex_of(id.0))
    ])
}
