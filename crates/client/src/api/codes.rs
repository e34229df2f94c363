//! The Codes page: a grid over any number of rows.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ApiError, ErrorCode};
use crate::Client;

use super::types::{AmountView, PageRequest};

/// States of a code (product.md C2, and `voided`: cancelled before use with the credits returned).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CodeState {
    Generated,
    Allocated,
    Leased,
    Sold,
    Activated,
    Held,
    Expired,
    Revoked,
    Voided,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CodeFilter {
    /// Matches the start of a serial, a customer e-mail, a plan name or the last group of the code.
    #[serde(default)]
    pub search: String,
    /// Empty means every state.
    #[serde(default)]
    pub states: Vec<CodeState>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CodesRequest {
    pub filter: CodeFilter,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CodesPage {
    pub rows: Vec<CodeRow>,
    /// Absent on the last page.
    #[ts(optional)]
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CodeRow {
    pub code_id: String,
    pub serial: String,
    /// `PM2D-····-····-5CYQ`; the full code only in the detail, and only where this device sold it.
    pub masked: String,
    pub plan_name: String,
    pub price: AmountView,
    pub state: CodeState,
    /// A local change Central has not confirmed yet.
    pub pending: bool,
    #[ts(optional)]
    pub customer_email: Option<String>,
    /// Device or person that sold it.
    pub sold_by: String,
    pub sold_at: i64,
    #[ts(optional)]
    pub activated_at: Option<i64>,
    pub redeem_by: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct StateCount {
    pub state: CodeState,
    pub count: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CodeCounts {
    pub total: u32,
    pub by_state: Vec<StateCount>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CodeDetail {
    pub row: CodeRow,
    /// Present where this device sold the code.
    #[ts(optional)]
    pub code: Option<String>,
    pub term_days: u32,
    pub cost: AmountView,
    pub timeline: Vec<CodeEvent>,
    /// True when void is possible now.
    pub can_void: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CodeEvent {
    pub at: i64,
    pub kind: CodeEventKind,
    /// Who or where: a device name, "public page".
    #[ts(optional)]
    pub by: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CodeEventKind {
    Leased,
    Sold,
    Settled,
    Activated,
    Held,
    Voided,
    Revoked,
    Expired,
    VoidRequested,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct VoidCodes {
    pub code_ids: Vec<String>,
}

pub async fn codes_page(_client: &Arc<Client>, _request: CodesRequest) -> Result<CodesPage, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn codes_counts(_client: &Arc<Client>, _request: CodeFilter) -> Result<CodeCounts, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn code_detail(_client: &Arc<Client>, _request: super::selling::CodeRef) -> Result<CodeDetail, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn void_codes(_client: &Arc<Client>, _request: VoidCodes) -> Result<(), ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}
