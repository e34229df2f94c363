//! The Credit page: the equation, the leases, the history.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ApiError, ErrorCode};
use crate::Client;

use super::types::{AmountView, PageRequest};

/// `funded = available + reserved + spent`, with this device's unsynced sales already moved from
/// reserved to spent.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CreditOverview {
    pub funded: AmountView,
    pub available: AmountView,
    pub reserved: AmountView,
    pub spent: AmountView,
    pub credit_limit: AmountView,
    pub exposure: Exposure,
    pub leases: Vec<LeaseView>,
    /// Unix ms of the data; absent before the first sync.
    #[ts(optional)]
    pub as_of: Option<i64>,
    /// True when the four figures add up; false is an incident to report.
    pub balanced: bool,
}

/// "At most n credits / m codes at risk": what a thief of this device could sell.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Exposure {
    pub amount: AmountView,
    pub codes: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LeaseState {
    Open,
    Closed,
    Revoked,
    Expired,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct LeaseView {
    pub lease_id: String,
    /// The number printed at the start of every serial.
    pub number: u32,
    pub device_name: String,
    pub this_device: bool,
    pub state: LeaseState,
    pub amount: AmountView,
    pub used: AmountView,
    pub codes_used: u32,
    pub max_codes: u32,
    pub issue_until: i64,
    pub settle_until: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TakeLease {
    /// In the reseller's unit; absent takes the amount Central suggests.
    #[ts(optional)]
    pub amount: Option<i64>,
    #[ts(optional)]
    pub max_codes: Option<u32>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LeaseRef {
    pub lease_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct HistoryPage {
    pub rows: Vec<HistoryRow>,
    #[ts(optional)]
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct HistoryRow {
    pub entry_id: String,
    pub at: i64,
    /// Transfer kind, e.g. `top_up`, `lease_grant`, `lease_release`, `sale`, `void`.
    pub kind: String,
    /// Signed.
    pub amount: AmountView,
    pub balance_before: AmountView,
    pub balance_after: AmountView,
    #[ts(optional)]
    pub note: Option<String>,
    /// Serial of the code or lease it belongs to.
    #[ts(optional)]
    pub reference: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct HistoryRequest {
    pub page: PageRequest,
}

pub async fn credit_overview(_client: &Arc<Client>, _request: ()) -> Result<CreditOverview, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn credit_history(_client: &Arc<Client>, _request: HistoryRequest) -> Result<HistoryPage, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn take_lease(_client: &Arc<Client>, _request: TakeLease) -> Result<CreditOverview, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn close_lease(_client: &Arc<Client>, _request: LeaseRef) -> Result<CreditOverview, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}
