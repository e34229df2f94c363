//! Rows of `lease` and `lease_slot`.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::Unit;
use counterfoil_domain::ids::{DeviceId, LeaseId, OperatorId, ResellerId};
use counterfoil_domain::lease::LeaseState;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::leases::Lease;
use uuid::Uuid;

use crate::engine::code::Source;
use crate::engine::stored::{stored, stored_amount, stored_number, stored_unit};

/// What Central decides about a lease with, read under its lock.
#[derive(Debug, Clone)]
pub(crate) struct LeaseRecord {
    pub(crate) id: Uuid,
    pub(crate) operator_id: Uuid,
    pub(crate) reseller_id: Uuid,
    pub(crate) reseller_path: String,
    pub(crate) device_id: Uuid,
    pub(crate) number: i64,
    pub(crate) state: String,
    pub(crate) cut: Option<i64>,
    pub(crate) ledger_account_id: Uuid,
    pub(crate) amount: i64,
    pub(crate) unit: String,
    pub(crate) currency: String,
    pub(crate) max_codes: i64,
    pub(crate) key_id: i64,
    pub(crate) salt: Vec<u8>,
    pub(crate) word_list: i64,
    pub(crate) prefix: String,
    pub(crate) blob: Vec<u8>,
    pub(crate) redeem_by: i64,
}

/// A checked query that yields lease records, like `code_records!`.
macro_rules! lease_records {
    ($head:literal, $tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::engine::lease::LeaseRecord,
            $head
                + r#" id AS "id!: uuid::Uuid", operator_id AS "operator_id!: uuid::Uuid",
                reseller_id AS "reseller_id!: uuid::Uuid",
                (SELECT path FROM reseller WHERE reseller.id = lease.reseller_id) AS "reseller_path!: String",
                device_id AS "device_id!: uuid::Uuid", number AS "number!: i64", state AS "state!: String",
                cut AS "cut?: i64", ledger_account_id AS "ledger_account_id!: uuid::Uuid", amount AS "amount!: i64",
                unit AS "unit!: String", currency AS "currency!: String", max_codes AS "max_codes!: i64",
                key_id AS "key_id!: i64", salt AS "salt!: Vec<u8>", word_list AS "word_list!: i64",
                prefix AS "prefix!: String", blob AS "blob!: Vec<u8>", redeem_by AS "redeem_by!: i64" "#
                + $tail,
            $($argument),*
        )
    };
}
pub(crate) use lease_records;

/// One plan of a lease, as it was when the lease was granted.
#[derive(Debug, Clone)]
pub(crate) struct SlotRecord {
    pub(crate) slot: i64,
    pub(crate) plan_id: Uuid,
    pub(crate) plan_name: String,
    pub(crate) term_days: i64,
    pub(crate) cost: i64,
    pub(crate) price: i64,
}

impl LeaseRecord {
    pub(crate) fn state(&self) -> Result<LeaseState, Failure> {
        stored(LeaseState::from_stored(&self.state), "lease", "state", self.id)
    }

    pub(crate) fn cut(&self) -> Result<Option<u32>, Failure> {
        self.cut.map(|cut| stored_number(cut, "lease", "cut", self.id)).transpose()
    }

    pub(crate) fn unit(&self) -> Result<Unit, Failure> {
        stored_unit(&self.unit, "lease", self.id)
    }

    pub(crate) fn max_codes(&self) -> Result<u32, Failure> {
        stored_number(self.max_codes, "lease", "max_codes", self.id)
    }

    /// `000123-0007`
    pub(crate) fn serial(&self, seq: u32) -> String {
        serial(self.number, seq)
    }

    pub(crate) fn source(&self) -> Source {
        Source {
            id: self.id,
            operator: OperatorId(self.operator_id),
            device: DeviceId(self.device_id),
            key_id: self.key_id,
            salt: self.salt.clone(),
            word_list: self.word_list,
            prefix: self.prefix.clone(),
        }
    }
}

/// The public identity of a code: number of its lease or lot, and the sequence in it.
pub(crate) fn serial(number: i64, seq: u32) -> String {
    format!("{number:06}-{seq:04}")
}

/// A lease as people see it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct LeaseView {
    pub(crate) id: Uuid,
    pub(crate) number: i64,
    pub(crate) reseller_id: Uuid,
    pub(crate) device_id: Uuid,
    pub(crate) device_name: String,
    pub(crate) state: String,
    pub(crate) cut: Option<i64>,
    pub(crate) amount: i64,
    pub(crate) escrow: i64,
    pub(crate) unit: String,
    pub(crate) codes_settled: i64,
    pub(crate) max_codes: i64,
    pub(crate) issued_at: i64,
    pub(crate) issue_until: i64,
    pub(crate) settle_until: i64,
    pub(crate) redeem_by: i64,
}

/// A checked query that yields lease views; `$tail` begins with `FROM lease`.
macro_rules! lease_views {
    ($tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::engine::lease::LeaseView,
            r#"SELECT id AS "id!: uuid::Uuid", number AS "number!: i64", reseller_id AS "reseller_id!: uuid::Uuid",
                device_id AS "device_id!: uuid::Uuid",
                (SELECT name FROM device WHERE device.id = lease.device_id) AS "device_name!: String",
                state AS "state!: String", cut AS "cut?: i64", amount AS "amount!: i64",
                (SELECT balance FROM ledger_account WHERE ledger_account.id = lease.ledger_account_id)
                  AS "escrow!: i64",
                unit AS "unit!: String", codes_settled AS "codes_settled!: i64", max_codes AS "max_codes!: i64",
                issued_at AS "issued_at!: i64", issue_until AS "issue_until!: i64",
                settle_until AS "settle_until!: i64", redeem_by AS "redeem_by!: i64" "#
                + $tail,
            $($argument),*
        )
    };
}
pub(crate) use lease_views;

impl LeaseView {
    pub(crate) fn to_wire(&self) -> Result<Lease, Failure> {
        let unit = stored_unit(&self.unit, "lease", self.id)?;
        Ok(Lease {
            lease_id: LeaseId(self.id),
            number: stored_number(self.number, "lease", "number", self.id)?,
            reseller_id: ResellerId(self.reseller_id),
            device_id: DeviceId(self.device_id),
            device_name: self.device_name.clone(),
            state: stored(LeaseState::from_stored(&self.state), "lease", "state", self.id)?,
            cut: self.cut.map(|cut| stored_number(cut, "lease", "cut", self.id)).transpose()?,
            amount: stored_amount(self.amount, unit, "lease", self.id)?,
            escrow: stored_amount(self.escrow, unit, "ledger_account", self.id)?,
            codes_settled: stored_number(self.codes_settled, "lease", "codes_settled", self.id)?,
            max_codes: stored_number(self.max_codes, "lease", "max_codes", self.id)?,
            issued_at: Timestamp(self.issued_at),
            issue_until: Timestamp(self.issue_until),
            settle_until: Timestamp(self.settle_until),
            redeem_by: Timestamp(self.redeem_by),
        })
    }
}
