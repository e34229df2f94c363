//! One row of `code`.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::Unit;
use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::{CodeId, DeviceId, PlanId, ResellerId};
use counterfoil_domain::settlement::HeldReason;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::codes::CodeRow;
use uuid::Uuid;

use crate::engine::stored::{stored, stored_amount, stored_currency, stored_number, stored_unit};

/// As stored; its path comes with it, because whoever changes a code tells the devices in its scope.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct CodeRecord {
    pub(crate) id: Uuid,
    pub(crate) operator_id: Uuid,
    pub(crate) reseller_id: Uuid,
    pub(crate) reseller_path: String,
    pub(crate) device_id: Option<Uuid>,
    pub(crate) source_id: Uuid,
    pub(crate) slot: i64,
    pub(crate) seq: i64,
    pub(crate) serial: String,
    pub(crate) masked: String,
    pub(crate) plan_id: Uuid,
    pub(crate) plan_name: String,
    pub(crate) term_days: i64,
    pub(crate) price: i64,
    pub(crate) currency: String,
    pub(crate) cost: i64,
    pub(crate) unit: String,
    pub(crate) state: String,
    pub(crate) held_reason: Option<String>,
    pub(crate) flagged: bool,
    pub(crate) customer_email: Option<String>,
    pub(crate) sale_id: Option<Uuid>,
    pub(crate) sold_at: Option<i64>,
    pub(crate) settled_at: i64,
    pub(crate) activated_at: Option<i64>,
    pub(crate) ended_at: Option<i64>,
    pub(crate) redeem_by: i64,
}

/// A checked query that yields code records: `code_records!("UPDATE … RETURNING", "", arguments…)` or
/// `code_records!("SELECT", "FROM code WHERE …", arguments…)`.
macro_rules! code_records {
    ($head:literal, $tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::engine::code::CodeRecord,
            $head
                + r#" id AS "id!: uuid::Uuid", operator_id AS "operator_id!: uuid::Uuid",
                reseller_id AS "reseller_id!: uuid::Uuid",
                (SELECT path FROM reseller WHERE reseller.id = code.reseller_id) AS "reseller_path!: String",
                device_id AS "device_id?: uuid::Uuid", source_id AS "source_id!: uuid::Uuid",
                slot AS "slot!: i64", seq AS "seq!: i64", serial AS "serial!: String", masked AS "masked!: String",
                plan_id AS "plan_id!: uuid::Uuid", plan_name AS "plan_name!: String",
                term_days AS "term_days!: i64", price AS "price!: i64", currency AS "currency!: String",
                cost AS "cost!: i64", unit AS "unit!: String", state AS "state!: String",
                held_reason AS "held_reason?: String", flagged AS "flagged!: bool",
                customer_email AS "customer_email?: String", sale_id AS "sale_id?: uuid::Uuid",
                sold_at AS "sold_at?: i64", settled_at AS "settled_at!: i64", activated_at AS "activated_at?: i64",
                ended_at AS "ended_at?: i64", redeem_by AS "redeem_by!: i64" "#
                + $tail,
            $($argument),*
        )
    };
}
pub(crate) use code_records;

impl CodeRecord {
    pub(crate) fn state(&self) -> Result<CodeState, Failure> {
        stored(CodeState::from_stored(&self.state), "code", "state", self.id)
    }

    pub(crate) fn held_reason(&self) -> Result<Option<HeldReason>, Failure> {
        let Some(name) = &self.held_reason else { return Ok(None) };
        stored(HeldReason::from_stored(name), "code", "held_reason", self.id).map(Some)
    }

    pub(crate) fn unit(&self) -> Result<Unit, Failure> {
        stored_unit(&self.unit, "code", self.id)
    }

    pub(crate) fn seq(&self) -> Result<u32, Failure> {
        stored_number(self.seq, "code", "seq", self.id)
    }

    pub(crate) fn slot(&self) -> Result<u8, Failure> {
        stored_number(self.slot, "code", "slot", self.id)
    }

    pub(crate) fn term_days(&self) -> Result<u16, Failure> {
        stored_number(self.term_days, "code", "term_days", self.id)
    }

    /// Whether its cost is in ISSUED: settled, whatever a person did with it since. A code held for credit or after a
    /// cut has settled nothing; one held by a person has.
    pub(crate) fn is_paid(&self) -> Result<bool, Failure> {
        Ok(self.state()? != CodeState::Held || self.held_reason()?.is_none())
    }

    pub(crate) fn to_wire(&self) -> Result<CodeRow, Failure> {
        let currency = stored_currency(&self.currency, "code", self.id)?;
        Ok(CodeRow {
            code_id: CodeId(self.id),
            serial: self.serial.clone(),
            source_id: self.source_id,
            seq: self.seq()?,
            masked: self.masked.clone(),
            reseller_id: ResellerId(self.reseller_id),
            device_id: self.device_id.map(DeviceId),
            plan_id: PlanId(self.plan_id),
            plan_name: self.plan_name.clone(),
            term_days: self.term_days()?,
            price: stored_amount(self.price, Unit::Minor(currency), "code", self.id)?,
            cost: stored_amount(self.cost, self.unit()?, "code", self.id)?,
            state: self.state()?,
            held_reason: self.held_reason()?,
            flagged: self.flagged,
            customer_email: self.customer_email.clone(),
            sold_at: self.sold_at.map(Timestamp),
            settled_at: Timestamp(self.settled_at),
            activated_at: self.activated_at.map(Timestamp),
            ended_at: self.ended_at.map(Timestamp),
            redeem_by: Timestamp(self.redeem_by),
        })
    }
}
