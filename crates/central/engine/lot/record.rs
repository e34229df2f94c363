//! One row of `lot_order`, with what its lot has.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::{DeviceId, LotId, OperatorId, PlanId, ResellerId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::codes::StateCount;
use counterfoil_wire::jobs::CodeJob;
use counterfoil_wire::lots::Lot;
use uuid::Uuid;

use super::list::Viewer;
use crate::engine::code::Source;
use crate::engine::stored::{stored_amount, stored_currency, stored_number, stored_unit};

/// Codes made together, as they were asked for.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct LotRecord {
    pub(crate) lot_id: Uuid,
    pub(crate) operator_id: Uuid,
    /// None where the operator keeps its codes.
    pub(crate) reseller_id: Option<Uuid>,
    pub(crate) company: Option<String>,
    /// Its codes' serials begin with it: of an allocated lot the number of the one that they were taken from.
    pub(crate) number: i64,
    pub(crate) plan_id: Uuid,
    pub(crate) plan_name: String,
    pub(crate) term_days: i64,
    pub(crate) price: i64,
    pub(crate) currency: String,
    pub(crate) cost: i64,
    pub(crate) unit: String,
    pub(crate) ordered: i64,
    pub(crate) made: i64,
    pub(crate) last_seq: i64,
    /// The lot of the operator that its codes were taken from.
    pub(crate) stock_id: Option<Uuid>,
    pub(crate) first_seq: i64,
    /// Of a lot that the operator keeps: codes that resellers have.
    pub(crate) allocated: i64,
    /// Of a lot that the operator keeps: codes that it revoked.
    pub(crate) revoked: i64,
    pub(crate) customer_email: Option<String>,
    pub(crate) label: String,
    pub(crate) redeem_by: i64,
    pub(crate) made_by_kind: String,
    pub(crate) made_by_name: Option<String>,
    pub(crate) made_at: i64,
    pub(crate) key_id: i64,
    pub(crate) salt: Vec<u8>,
    pub(crate) word_list: i64,
    pub(crate) prefix: String,
}

impl LotRecord {
    pub(crate) const fn lot(&self) -> LotId {
        LotId(self.lot_id)
    }

    pub(crate) fn reseller(&self) -> Option<ResellerId> {
        self.reseller_id.map(ResellerId)
    }

    pub(crate) fn unit(&self) -> Result<Unit, Failure> {
        stored_unit(&self.unit, "lot_order", self.lot_id)
    }

    pub(crate) fn first_seq(&self) -> Result<u32, Failure> {
        stored_number(self.first_seq, "lot_order", "first_seq", self.lot_id)
    }

    pub(crate) fn last_seq(&self) -> Result<u32, Failure> {
        stored_number(self.last_seq, "lot_order", "last_seq", self.lot_id)
    }

    /// The states of codes that have no rows: those that the operator keeps or revoked, and how many resellers were given.
    pub(super) fn states_in_stock(&self) -> Vec<StateCount> {
        let counts = [
            (CodeState::Allocated, self.allocated),
            (CodeState::Generated, self.made - self.allocated - self.revoked),
            (CodeState::Revoked, self.revoked),
        ];
        let some = counts.into_iter().filter(|(_, count)| *count > 0);
        some.map(|(state, count)| StateCount { state, count: count.unsigned_abs() }).collect()
    }

    /// What its codes derive from: of an allocated lot the one that they were taken from, which has the same salt.
    pub(crate) fn source(&self) -> Source {
        Source {
            id: self.stock_id.unwrap_or(self.lot_id),
            operator: OperatorId(self.operator_id),
            device: DeviceId(Uuid::nil()),
            key_id: self.key_id,
            salt: self.salt.clone(),
            word_list: self.word_list,
            prefix: self.prefix.clone(),
        }
    }

    pub(crate) fn view(
        self,
        viewer: Viewer,
        by_state: Option<Vec<StateCount>>,
        job: Option<CodeJob>,
    ) -> Result<Lot, Failure> {
        let of = self.lot_id;
        let unit = self.unit()?;
        let number = |value: i64, column: &str| stored_number(value, "lot_order", column, of);
        let currency = Unit::Minor(stored_currency(&self.currency, "lot_order", of)?);
        let amount = |value: i64, unit| -> Result<Amount, Failure> { stored_amount(value, unit, "lot_order", of) };
        let told = viewer == Viewer::Staff || self.made_by_kind != "staff";
        Ok(Lot {
            lot_id: LotId(of),
            number: number(self.number, "number")?,
            reseller_id: self.reseller_id.map(ResellerId),
            company: self.company.unwrap_or_default(),
            plan_id: PlanId(self.plan_id),
            plan_name: self.plan_name,
            term_days: stored_number(self.term_days, "lot_order", "term_days", of)?,
            price: amount(self.price, currency)?,
            cost: amount(self.cost, unit)?,
            ordered: number(self.ordered, "ordered")?,
            made: number(self.made, "made")?,
            first_seq: number(self.first_seq, "first_seq")?,
            last_seq: number(self.last_seq, "last_seq")?,
            stock_id: self.stock_id.map(LotId),
            label: self.label,
            redeem_by: Timestamp(self.redeem_by),
            made_at: Timestamp(self.made_at),
            made_by: self.made_by_name.filter(|_| told),
            by_state,
            job,
        })
    }
}
