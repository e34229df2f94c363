//! Plans, Resellers and lost devices for administrators. These pages need Central.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ApiError, ErrorCode};
use crate::Client;

use super::credit::LeaseView;
use super::types::{AmountView, PageRequest};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PlanKind {
    Monthly,
    Quarterly,
    Yearly,
    Custom,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ArchiveStatus {
    Active,
    Archived,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PlanView {
    pub plan_id: String,
    pub version: u32,
    pub name: String,
    pub kind: PlanKind,
    pub price: AmountView,
    pub term_days: u32,
    pub features: Vec<String>,
    pub status: ArchiveStatus,
}

/// Create (`plan_id` minted by the caller, `version` absent) or edit (`version` = the one that was read).
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SavePlan {
    pub plan_id: String,
    #[ts(optional)]
    pub version: Option<u32>,
    pub name: String,
    pub kind: PlanKind,
    pub price: AmountView,
    pub term_days: u32,
    pub features: Vec<String>,
    pub status: ArchiveStatus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SettlementMode {
    Wholesale,
    Share,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ResellerStatus {
    Active,
    Suspended,
    Inactive,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ResellerView {
    pub reseller_id: String,
    pub version: u32,
    pub username: String,
    pub company: String,
    pub email: String,
    pub contact: String,
    pub phone: String,
    #[ts(optional)]
    pub parent_id: Option<String>,
    #[ts(optional)]
    pub parent_company: Option<String>,
    pub settlement_mode: SettlementMode,
    pub status: ResellerStatus,
    pub balance: AmountView,
    pub reserved: AmountView,
    pub credit_limit: AmountView,
    #[ts(optional)]
    pub last_login_at: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ResellersRequest {
    pub search: String,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ResellersPage {
    pub rows: Vec<ResellerView>,
    #[ts(optional)]
    pub next: Option<String>,
}

/// Create or edit, as `SavePlan`. `password` is required on create, absent keeps it on edit.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveReseller {
    pub reseller_id: String,
    #[ts(optional)]
    pub version: Option<u32>,
    pub username: String,
    #[ts(optional)]
    pub password: Option<String>,
    pub company: String,
    pub email: String,
    pub contact: String,
    pub phone: String,
    #[ts(optional)]
    pub parent_id: Option<String>,
    pub settlement_mode: SettlementMode,
    /// How far the wallet may go below zero, in its own unit.
    pub credit_limit: i64,
    pub status: ResellerStatus,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ResellerRef {
    pub reseller_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TopUp {
    /// Minted by the caller: a repeat is answered, not booked again.
    pub top_up_id: String,
    pub reseller_id: String,
    pub amount: i64,
    pub note: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DeviceView {
    pub device_id: String,
    pub name: String,
    pub status: DeviceStatus,
    pub enrolled_at: i64,
    #[ts(optional)]
    pub last_seen_at: Option<i64>,
    pub leases: Vec<LeaseView>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeviceStatus {
    Active,
    Quarantined,
    Retired,
}

/// The lost-laptop switch. Sales up to `cut` (the last sequence on a printed receipt) are honoured,
/// later ones are held. Without `cut` every unseen sale is held.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RevokeLease {
    pub lease_id: String,
    #[ts(optional)]
    pub cut: Option<u32>,
}

pub async fn plans_list(_client: &Arc<Client>, _request: ()) -> Result<Vec<PlanView>, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn save_plan(_client: &Arc<Client>, _request: SavePlan) -> Result<PlanView, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn resellers_page(_client: &Arc<Client>, _request: ResellersRequest) -> Result<ResellersPage, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn save_reseller(_client: &Arc<Client>, _request: SaveReseller) -> Result<ResellerView, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn top_up(_client: &Arc<Client>, _request: TopUp) -> Result<ResellerView, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn reseller_devices(_client: &Arc<Client>, _request: ResellerRef) -> Result<Vec<DeviceView>, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn revoke_lease(_client: &Arc<Client>, _request: RevokeLease) -> Result<(), ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}
