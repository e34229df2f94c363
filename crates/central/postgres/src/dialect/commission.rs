//! Sales whose shares are due, and the shares.

use counterfoil_domain::commission::EarningState;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use uuid::Uuid;

use super::{Conn, column, count};
use crate::engine::commission::{Due, NewDue, NewEarning};

pub(crate) async fn insert_due(conn: &mut Conn, operator: OperatorId, new: &[NewDue<'_>]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO commission_due (source_kind, source_id, operator_id, seller_id, account_id, reference, plan_name,
           price, currency, active_accounts, sold_at, due_at)
         SELECT source_kind, source_id, $1, seller_id, account_id, reference, plan_name, price, currency, active_accounts,
           at, at
         FROM UNNEST($2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::bigint[], $9::text[],
                $10::bigint[], $11::bigint[])
           AS new (source_kind, source_id, seller_id, account_id, reference, plan_name, price, currency, active_accounts,
             at)",
        operator.0,
        &column(new, |new| new.kind.as_str())[..] as _,
        &column(new, |new| new.id)[..],
        &column(new, |new| new.seller)[..],
        &column(new, |new| new.account.0)[..],
        &column(new, |new| new.reference)[..] as _,
        &column(new, |new| new.plan_name)[..] as _,
        &column(new, |new| new.price)[..],
        &column(new, |new| new.currency)[..] as _,
        &column(new, |new| new.active_accounts)[..],
        &column(new, |new| new.at.0)[..]
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Takes sales of one seller out of what is due: those that nobody took before.
pub(crate) async fn take_due(conn: &mut Conn, seller: ResellerId, sources: &[Uuid]) -> Result<Vec<Due>, sqlx::Error> {
    sqlx::query_as!(
        Due,
        r#"DELETE FROM commission_due WHERE seller_id = $1 AND source_id = ANY($2)
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
    let pending = EarningState::Pending.as_str();
    let done = sqlx::query!(
        "INSERT INTO earning (id, operator_id, source_kind, source_id, level, seller_id, beneficiary_id, account_id,
           reference, plan_name, price, currency, facts, basis, rate_bp, rate_before_cap_bp, amount, rules_version,
           sold_at, available_at, state, transfer_id)
         SELECT id, $1, source_kind, source_id, level, seller_id, beneficiary_id, account_id, reference, plan_name, price,
           currency, facts, basis, rate_bp, rate_before_cap_bp, amount, rules_version, sold_at, available_at, $2,
           transfer_id
         FROM UNNEST($3::uuid[], $4::text[], $5::uuid[], $6::bigint[], $7::uuid[], $8::uuid[], $9::uuid[], $10::text[],
                $11::text[], $12::bigint[], $13::text[], $14::text[], $15::text[], $16::bigint[], $17::bigint[],
                $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::uuid[])
           AS new (id, source_kind, source_id, level, seller_id, beneficiary_id, account_id, reference, plan_name, price,
             currency, facts, basis, rate_bp, rate_before_cap_bp, amount, rules_version, sold_at, available_at,
             transfer_id)
         ON CONFLICT (source_kind, source_id, level) DO NOTHING",
        operator.0,
        pending,
        &column(new, |new| new.id.0)[..],
        &column(new, |new| new.due.source_kind.as_str())[..] as _,
        &column(new, |new| new.due.source_id)[..],
        &column(new, |new| new.level)[..],
        &column(new, |new| new.due.seller_id)[..],
        &column(new, |new| new.beneficiary.0)[..],
        &column(new, |new| new.due.account_id)[..],
        &column(new, |new| new.due.reference.as_str())[..] as _,
        &column(new, |new| new.due.plan_name.as_str())[..] as _,
        &column(new, |new| new.due.price)[..],
        &column(new, |new| new.due.currency.as_str())[..] as _,
        &column(new, |new| new.facts.as_str())[..] as _,
        &column(new, |new| new.basis.as_str())[..] as _,
        &column(new, |new| i64::from(new.rate.value()))[..],
        &column(new, |new| i64::from(new.rate_before_cap.value()))[..],
        &column(new, |new| new.amount)[..],
        &column(new, |new| i64::from(new.rules_version))[..],
        &column(new, |new| new.due.sold_at)[..],
        &column(new, |new| new.available_at.0)[..],
        &column(new, |new| new.transfer.map(|id| id.0))[..] as _
    )
    .execute(conn)
    .await?;
    Ok(count(&done))
}
