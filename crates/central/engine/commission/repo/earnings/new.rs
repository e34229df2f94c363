//! The shares of a sale before they are stored.

use counterfoil_domain::amount::BasisPoints;
use counterfoil_domain::ids::{EarningId, ResellerId, TransferId};
use counterfoil_domain::time::Timestamp;

use super::super::due::Due;

/// A share before it is stored.
pub(crate) struct New<'a> {
    pub(crate) id: EarningId,
    pub(crate) due: &'a Due,
    pub(crate) level: i64,
    pub(crate) beneficiary: ResellerId,
    pub(crate) facts: String,
    pub(crate) basis: String,
    pub(crate) rate: BasisPoints,
    pub(crate) rate_before_cap: BasisPoints,
    pub(crate) amount: i64,
    pub(crate) rules_version: u32,
    pub(crate) available_at: Timestamp,
    pub(crate) transfer: Option<TransferId>,
}
