//! The Sell page.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use counterfoil_domain::permission::{MemberAction, MemberRole};
use counterfoil_wire::sessions;

use super::types::{DocumentFile, id};
use super::{ApiError, ErrorCode};
use crate::Client;
use crate::codes;
use crate::credit;
use crate::device;
use crate::printing;
use crate::selling::{self, Issued, Order, SellError, Tile};
use crate::status;
use crate::till::Till;

use super::codes::CodeState;
use super::status::InHand;
use super::types::AmountView;

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SellPage {
    pub plans: Vec<PlanTile>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Sale {
    pub sale_id: String,
    pub codes: Vec<SoldCode>,
    pub total: AmountView,
}

#[derive(Clone, Serialize, Deserialize, TS)]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<String>,
}

impl std::fmt::Debug for SoldCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SoldCode")
            .field("code_id", &self.code_id)
            .field("serial", &self.serial)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
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

/// Codes shown below the form.
const RECENT: i64 = 5;

pub async fn sell_page(client: &Arc<Client>, (): ()) -> Result<SellPage, ApiError> {
    let till = client.till()?;
    let held = credit::held(&till).await?;
    let now = till.trusted_now();
    let reseller = till.device().await?.and_then(|device| device.reseller_id);
    let mut db = till.read().await?;
    let plans = selling::tiles(&mut db, &held, reseller, now).await?;
    let issued = selling::repo::recent(&mut db, RECENT).await?;
    drop(db);
    Ok(SellPage {
        plans: plans.into_iter().map(tile).collect(),
        in_hand: selling::in_hand(&held, now).map(status::in_hand),
        recent: sold(&till, issued).await?,
        may_sell: may_sell(&till).await?,
    })
}

/// Sells. The answer comes after the sale is durable; a repeat of the same `sale_id` gets the same answer.
pub async fn sell(client: &Arc<Client>, request: SellRequest) -> Result<Sale, ApiError> {
    let till = client.till()?;
    if !may_sell(&till).await? {
        return Err(SellError::NotPermitted.into());
    }
    let email = request.customer_email.as_deref().map(str::trim).filter(|email| !email.is_empty());
    let order = Order {
        sale_id: id(&request.sale_id)?,
        plan_id: id(&request.plan_id)?,
        quantity: request.quantity,
        customer_email: email.map(str::to_owned),
    };
    let issued = selling::sell(&till, &order).await?;
    let total = issued.iter().map(|code| code.price).sum();
    let currency = issued.first().map(|code| code.currency.clone()).unwrap_or_default();
    // The counter waits for the codes, not for the strip to be told.
    let teller = Arc::clone(&till);
    tokio::spawn(async move { status::announce(&teller).await });
    Ok(Sale {
        sale_id: request.sale_id,
        total: AmountView { value: total, unit: currency },
        codes: sold(&till, issued).await?,
    })
}

/// The code as a QR, for the screen.
pub async fn code_qr(client: &Arc<Client>, request: CodeRef) -> Result<QrImage, ApiError> {
    let till = client.till()?;
    let issued = issued(&till, &request.code_id).await?;
    Ok(QrImage { svg: printing::qr_svg(&issued.code)? })
}

/// A receipt of codes this device sold, as a PDF for a roll of 80 mm.
pub async fn receipt(client: &Arc<Client>, request: ReceiptRequest) -> Result<DocumentFile, ApiError> {
    let till = client.till()?;
    let mut codes = Vec::new();
    for code in &request.code_ids {
        codes.push(issued(&till, code).await?);
    }
    let receipt = printing::receipt(&till, codes).await?;
    Ok(DocumentFile {
        file_name: receipt.file_name,
        media_type: "application/pdf".into(),
        content: BASE64_STANDARD.encode(receipt.pdf),
    })
}

async fn issued(till: &Till, code: &str) -> Result<Issued, ApiError> {
    let known = codes::find(&mut *till.read().await?, id(code)?).await?;
    known
        .and_then(|known| known.issued)
        .ok_or_else(|| ApiError::new(ErrorCode::NotFound, "this device did not sell that code"))
}

/// Owners, clerks and field agents, signed in or not: the shop's right to sell is in the lease.
async fn may_sell(till: &Till) -> Result<bool, ApiError> {
    let member = device::repo::member(&mut *till.read().await?).await?;
    Ok(member.is_some_and(|member| {
        member.audience == sessions::Audience::Reseller
            && MemberRole::from_stored(&member.role).is_some_and(|role| role.may(MemberAction::Sell))
    }))
}

/// With the state each code has now.
async fn sold(till: &Till, issued: Vec<Issued>) -> Result<Vec<SoldCode>, ApiError> {
    let mut db = till.read().await?;
    let mut sold = Vec::with_capacity(issued.len());
    for code in issued {
        let (state, answered) = selling::repo::standing(&mut db, &code).await?;
        sold.push(SoldCode {
            code_id: code.code_id.to_string(),
            code: code.code,
            serial: code.serial,
            plan_name: code.plan_name,
            term_days: u32::from(code.term_days),
            price: AmountView { value: code.price, unit: code.currency },
            sold_at: code.sold_at.0,
            redeem_by: code.redeem_by.0,
            state: state.into(),
            synced: answered,
            customer_email: code.customer_email,
        });
    }
    Ok(sold)
}

fn tile(tile: Tile) -> PlanTile {
    PlanTile {
        plan_id: tile.plan_id.to_string(),
        name: tile.name,
        term_days: tile.term_days,
        price: AmountView { value: tile.price, unit: tile.currency },
        cost: AmountView { value: tile.cost, unit: tile.unit },
        sellable: tile.sellable,
    }
}
