//! What all codes of a lot have in common.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::{Amount, Currency, Unit};
use counterfoil_domain::ids::{OperatorId, PlanId, ResellerId};
use counterfoil_domain::reseller::{ResellerStatus, SettlementMode};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::Code as ProblemCode;

use super::record::LotRecord;
use crate::dialect::Conn;
use crate::engine::lease;
use crate::engine::prices::{self, Sellable};
use crate::engine::stored::{stored, stored_currency};

pub(super) struct Ground {
    pub(super) code_prefix: String,
    pub(super) reseller_path: String,
    pub(super) plan: Sellable,
    pub(super) currency: Currency,
    pub(super) unit: Unit,
    /// Of one code.
    pub(super) cost: i64,
    pub(super) redeem_by: Timestamp,
}

impl Ground {
    /// The terms of today. Refused for a reseller that is not active, and for a plan that is not sold.
    pub(super) async fn read(
        conn: &mut Conn,
        operator: OperatorId,
        reseller: ResellerId,
        plan: PlanId,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        Self::on_terms(conn, operator, reseller, plan, now, |_| ()).await
    }

    /// The price of today for codes that are there already: what stands on their cards stays as it is.
    pub(super) async fn of_stock(
        conn: &mut Conn,
        operator: OperatorId,
        reseller: ResellerId,
        stock: &LotRecord,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let card = |plan: &mut Sellable| {
            plan.name.clone_from(&stock.plan_name);
            plan.term_days = stock.term_days;
        };
        Self::on_terms(conn, operator, reseller, PlanId(stock.plan_id), now, card).await
    }

    async fn on_terms(
        conn: &mut Conn,
        operator: OperatorId,
        reseller: ResellerId,
        plan: PlanId,
        now: Timestamp,
        terms: impl FnOnce(&mut Sellable),
    ) -> Result<Self, Failure> {
        let ground = lease::repo::ground(conn, reseller.0).await?;
        active(&ground.status, reseller)?;
        let mode = SettlementMode::from_stored(&ground.settlement_mode);
        let mode = stored(mode, "reseller", "settlement_mode", reseller.0)?;
        let currency = stored_currency(&ground.currency, "operator", operator.0)?;
        let mut plan = prices::sellable_plan(conn, operator, reseller, plan, now).await?;
        terms(&mut plan);
        let cost = plan.cost(mode)?;
        let (unit, redeem_by) = (mode.unit(currency), now.plus_days(ground.redeem_days));
        let (code_prefix, reseller_path) = (ground.code_prefix, ground.path);
        Ok(Self { code_prefix, reseller_path, plan, currency, unit, cost, redeem_by })
    }

    pub(super) fn amount(&self, value: i64) -> Result<Amount, Failure> {
        Amount::new(value, self.unit).map_err(Failure::internal)
    }

    /// What so many codes cost.
    pub(super) fn total(&self, codes: usize) -> Result<Amount, Failure> {
        let codes = i64::try_from(codes).map_err(Failure::internal)?;
        self.amount(self.cost)?.checked_mul(codes).map_err(Failure::internal)
    }
}

pub(super) fn active(status: &str, reseller: ResellerId) -> Result<(), Failure> {
    let status = stored(ResellerStatus::from_stored(status), "reseller", "status", reseller.0)?;
    if status == ResellerStatus::Active {
        return Ok(());
    }
    Err(Failure::new(
        ProblemCode::ResellerSuspended,
        "This reseller is suspended or inactive, so no codes can be made for it. Make it active first.",
    ))
}
