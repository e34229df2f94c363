//! The Sell page.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ApiError, ErrorCode};
use crate::Client;

use super::codes::CodeState;
use super::status::InHand;
use super::types::AmountView;

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SellPage {
    pub plans: Vec<PlanTile>,
    #[ts(optional)]
    pub in_hand: Option<InHand>,
    /// The last five sales of this device, newest first.
    pub recent: Vec<SoldCode>,
    /// False for roles that may not sell: the page says who can grant it.
    pub may_sell: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PlanTile {
    pub plan_id: String,
    pub name: String,
    pub term_days: u32,
    /// What the customer pays.
    pub price: AmountView,
    /// What one code takes from the lease.
    pub cost: AmountView,
    /// How many codes of this plan the open leases still cover.
    pub sellable: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SellRequest {
    /// Minted by the caller: a repeat of the same request returns the first answer, never a second sale.
    pub sale_id: String,
    pub plan_id: String,
    pub quantity: u32,
    #[ts(optional)]
    pub customer_email: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Sale {
    pub sale_id: String,
    pub codes: Vec<SoldCode>,
    pub total: AmountView,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SoldCode {
    pub code_id: String,
    /// The full code, `PM2D-XXXX-XXXX-XXXX`.
    pub code: String,
    pub serial: String,
    pub plan_name: String,
    pub term_days: u32,
    pub price: AmountView,
    pub sold_at: i64,
    pub redeem_by: i64,
    pub state: CodeState,
    /// Central has answered for this sale.
    pub synced: bool,
    #[ts(optional)]
    pub customer_email: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CodeRef {
    pub code_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReceiptRequest {
    pub code_ids: Vec<String>,
}

/// A QR of the code as an SVG document.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct QrImage {
    pub svg: String,
}

pub async fn sell_page(_client: &Arc<Client>, _request: ()) -> Result<SellPage, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn sell(_client: &Arc<Client>, _request: SellRequest) -> Result<Sale, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn code_qr(_client: &Arc<Client>, _request: CodeRef) -> Result<QrImage, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn receipt(_client: &Arc<Client>, _request: ReceiptRequest) -> Result<super::types::DocumentFile, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}
