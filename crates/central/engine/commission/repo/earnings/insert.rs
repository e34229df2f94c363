//! Storing the shares of a sale.

use counterfoil_domain::amount::BasisPoints;
use counterfoil_domain::commission::EarningState;
use counterfoil_domain::ids::{EarningId, OperatorId, ResellerId, TransferId};
use counterfoil_domain::time::Timestamp;
use sqlx::QueryBuilder;

use super::super::due::Due;
use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};

/// A share before it is stored.
pub(in crate::engine::commission) struct New<'a> {
    pub(in crate::engine::commission) id: EarningId,
    pub(in crate::engine::commission) due: &'a Due,
    pub(in crate::engine::commission) level: i64,
    pub(in crate::engine::commission) beneficiary: ResellerId,
    pub(in crate::engine::commission) facts: String,
    pub(in crate::engine::commission) basis: String,
    pub(in crate::engine::commission) rate: BasisPoints,
    pub(in crate::engine::commission) rate_before_cap: BasisPoints,
    pub(in crate::engine::commission) amount: i64,
    pub(in crate::engine::commission) rules_version: u32,
    pub(in crate::engine::commission) available_at: Timestamp,
    pub(in crate::engine::commission) transfer: Option<TransferId>,
}

/// Says how many were new: a share of a sale is stored once.
pub(in crate::engine::commission) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    new: &[New<'_>],
) -> Result<usize, sqlx::Error> {
    let mut stored = 0;
    for batch in new.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO earning (id, operator_id, source_kind, source_id, level, seller_id, beneficiary_id, account_id,
               reference, plan_name, price, currency, facts, basis, rate_bp, rate_before_cap_bp, amount, rules_version,
               sold_at, available_at, state, transfer_id) ",
        );
        query.push_values(batch, |mut row, new| {
            let due = new.due;
            row.push_bind(new.id.0).push_bind(operator.0).push_bind(due.source_kind.as_str()).push_bind(due.source_id);
            row.push_bind(new.level).push_bind(due.seller_id).push_bind(new.beneficiary.0).push_bind(due.account_id);
            row.push_bind(due.reference.as_str()).push_bind(due.plan_name.as_str());
            row.push_bind(due.price).push_bind(due.currency.as_str());
            row.push_bind(new.facts.as_str()).push_bind(new.basis.as_str());
            row.push_bind(i64::from(new.rate.value())).push_bind(i64::from(new.rate_before_cap.value()));
            row.push_bind(new.amount).push_bind(i64::from(new.rules_version));
            row.push_bind(due.sold_at).push_bind(new.available_at.0).push_bind(EarningState::Pending.as_str());
            row.push_bind(new.transfer.map(|id| id.0));
        });
        query.push(" ON CONFLICT (source_kind, source_id, level) DO NOTHING");
        stored += query.build().persistent(kept(batch)).execute(&mut *conn).await?.rows_affected();
    }
    Ok(usize::try_from(stored).unwrap_or(usize::MAX))
}
