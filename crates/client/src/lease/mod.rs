//! The leases this device holds: what it may sell with no network.

mod closing;
mod ended;
mod error;
mod grant;
mod marks;
mod present;
pub(crate) mod repo;
mod top_up;

use counterfoil_domain::code::{Code, SourceKey, WordList, derive_code};
use counterfoil_domain::ids::{LeaseId, PlanId};
use counterfoil_domain::lease::{LeaseBudget, LeaseState, Slot, Watermark};
use counterfoil_domain::time::Timestamp;

pub(crate) use closing::close;
pub(crate) use ended::end_as_central;
pub(crate) use error::LeaseError;
pub(crate) use grant::{Wanted, recover, recover_for_sales, recover_sold, take};
pub(crate) use marks::forget_over;
pub(crate) use present::present;
pub(crate) use top_up::top_up_if_low;

/// A lease with everything a sale needs of it.
#[derive(Debug, Clone)]
pub(crate) struct HeldLease {
    pub(crate) lease_id: LeaseId,
    pub(crate) number: u32,
    pub(crate) state: LeaseState,
    pub(crate) unit: String,
    pub(crate) amount: i64,
    pub(crate) max_codes: u32,
    pub(crate) mark: Watermark,
    pub(crate) issued_at: Timestamp,
    pub(crate) issue_until: Timestamp,
    pub(crate) settle_until: Timestamp,
    pub(crate) redeem_by: Timestamp,
    pub(crate) granted_version: i64,
    pub(crate) slots: Vec<HeldSlot>,
}

/// One plan of a held lease.
#[derive(Debug, Clone)]
pub(crate) struct HeldSlot {
    pub(crate) slot: Slot,
    pub(crate) plan_name: String,
    pub(crate) currency: String,
}

impl HeldLease {
    pub(crate) fn budget(&self) -> LeaseBudget {
        LeaseBudget {
            lease_id: self.lease_id,
            state: self.state,
            amount: self.amount,
            max_codes: self.max_codes,
            issued_at: self.issued_at,
            issue_until: self.issue_until,
            mark: self.mark,
        }
    }

    pub(crate) fn slot_of_plan(&self, plan: PlanId) -> Option<&HeldSlot> {
        self.slots.iter().find(|slot| slot.slot.plan_id == plan)
    }

    /// `000123-0007`
    pub(crate) fn serial(&self, seq: u32) -> String {
        format!("{:06}-{seq:04}", self.number)
    }
}

/// What a lease's codes are derived from. The key never leaves the encrypted database but to derive.
pub(crate) struct CodeSource {
    pub(crate) lease_id: LeaseId,
    pub(crate) key: SourceKey,
    pub(crate) prefix: counterfoil_domain::code::Prefix,
    pub(crate) words: WordList,
}

impl CodeSource {
    pub(crate) fn code(&self, slot: u8, seq: u32) -> Code {
        derive_code(&self.key, self.lease_id.into(), &self.prefix, slot, seq, self.words)
    }
}
