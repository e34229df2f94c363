//! Wallets that Central moves or judges: when one is low, those of resellers below, and of any reseller for staff.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use counterfoil_domain::ledger::TransferKind;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::credits as wire;
use counterfoil_wire::page::{MAX_LIMIT, PageQuery};

use super::ApiError;
use super::admin::wrong;
use super::credit::{CreditOverview, HistoryRequest, HistoryRow, LowCreditView, overview};
use super::types::{AmountView, id};
use crate::Client;
use crate::admin;
use crate::credit::wallets;
use crate::status;
use crate::sync;

/// Resellers below that are shown, at most.
const MOST: usize = 2_000;

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetLowCredit {
    /// In the wallet's unit; absent follows the operator's.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetResellerLowCredit {
    pub reseller_id: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<i64>,
}

/// When wallets are low for whom nothing else is set.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LowCreditDefaults {
    /// Of wallets in credits.
    pub credits: i64,
    /// Of wallets in money, minor units.
    pub money: i64,
}

/// A reseller below, with its wallet.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SubReseller {
    pub reseller_id: String,
    pub company: String,
    pub username: String,
    pub balance: AmountView,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FundDirection {
    Give,
    TakeBack,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FundSubReseller {
    /// Minted by the caller: a repeat is answered, not booked again.
    pub transfer_id: String,
    pub reseller_id: String,
    pub direction: FundDirection,
    pub amount: i64,
    pub note: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Funded {
    pub own_balance: AmountView,
    pub balance: AmountView,
    /// What was given to it, less what was taken back or spent until now.
    pub given: AmountView,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ResellerCreditsRequest {
    pub reseller_id: String,
    pub history: HistoryRequest,
}

/// A reseller's wallet with a page of its lines, the newest first.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ResellerCredits {
    pub balance: AmountView,
    pub low: LowCreditView,
    pub rows: Vec<HistoryRow>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Sets when the own wallet is low.
pub async fn set_low_credit(client: &Arc<Client>, request: SetLowCredit) -> Result<CreditOverview, ApiError> {
    let till = client.till()?;
    wallets::set_low(&till, request.threshold).await?;
    // It comes back with the next rows; until then the page shows the older one.
    if let Err(error) = sync::run_now(&till).await {
        tracing::debug!(%error, "no sync after the threshold");
    }
    status::announce(&till).await;
    overview(&till).await
}

/// The resellers below the caller's; none where there are none, and for who may not manage them.
pub async fn sub_resellers(client: &Arc<Client>, (): ()) -> Result<Vec<SubReseller>, ApiError> {
    let till = client.till()?;
    let mut below = Vec::new();
    let mut query = PageQuery { after: None, limit: Some(MAX_LIMIT), search: None };
    while below.len() < MOST {
        let page = admin::resellers(&till, &query).await?;
        below.extend(page.items.into_iter().map(|reseller| SubReseller {
            reseller_id: reseller.reseller_id.to_string(),
            company: reseller.company,
            username: reseller.username,
            balance: reseller.balance.into(),
        }));
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    Ok(below)
}

pub async fn fund_sub_reseller(client: &Arc<Client>, request: FundSubReseller) -> Result<Funded, ApiError> {
    let asked = wire::FundSubReseller {
        transfer_id: id(&request.transfer_id)?,
        direction: match request.direction {
            FundDirection::Give => wire::FundDirection::Give,
            FundDirection::TakeBack => wire::FundDirection::TakeBack,
        },
        amount: request.amount,
        note: request.note,
    };
    let funded = wallets::fund(&*client.till()?, id(&request.reseller_id)?, &asked).await?;
    Ok(Funded { own_balance: funded.own_balance.into(), balance: funded.balance.into(), given: funded.given.into() })
}

pub async fn reseller_credits(
    client: &Arc<Client>,
    request: ResellerCreditsRequest,
) -> Result<ResellerCredits, ApiError> {
    let asked = request.history;
    let kind = asked
        .kind
        .as_deref()
        .map(|kind| TransferKind::from_stored(kind).ok_or_else(|| wrong("kind", "not a kind of movement")));
    let query = wire::CreditsQuery {
        after: asked.page.after,
        limit: Some(asked.page.limit.clamp(1, MAX_LIMIT)),
        kind: kind.transpose()?,
        from: asked.from.map(Timestamp),
        until: asked.until.map(Timestamp),
    };
    let statement = wallets::statement(&*client.till()?, id(&request.reseller_id)?, &query).await?;
    Ok(ResellerCredits {
        balance: statement.balance.into(),
        low: low(statement.low_credit),
        rows: statement.entries.into_iter().map(row).collect(),
        next: statement.next,
    })
}

pub async fn set_reseller_low_credit(
    client: &Arc<Client>,
    request: SetResellerLowCredit,
) -> Result<LowCreditView, ApiError> {
    Ok(low(wallets::set_low_of(&*client.till()?, id(&request.reseller_id)?, request.threshold).await?))
}

pub async fn low_credit_defaults(client: &Arc<Client>, (): ()) -> Result<LowCreditDefaults, ApiError> {
    let defaults = wallets::low_defaults(&*client.till()?).await?;
    Ok(LowCreditDefaults { credits: defaults.credits, money: defaults.money })
}

pub async fn save_low_credit_defaults(
    client: &Arc<Client>,
    request: LowCreditDefaults,
) -> Result<LowCreditDefaults, ApiError> {
    let asked = wire::LowCreditDefaults { credits: request.credits, money: request.money };
    let saved = wallets::set_low_defaults(&*client.till()?, &asked).await?;
    Ok(LowCreditDefaults { credits: saved.credits, money: saved.money })
}

fn low(low: wire::LowCredit) -> LowCreditView {
    LowCreditView { threshold: low.threshold.into(), own: low.own }
}

pub(super) fn row(entry: wire::EntryView) -> HistoryRow {
    let amount = |value: i64| AmountView { value, unit: entry.unit.clone() };
    HistoryRow {
        entry_id: entry.transfer_id.to_string(),
        at: entry.at.0,
        kind: entry.kind.as_str().to_owned(),
        amount: amount(entry.delta),
        balance_before: amount(entry.balance_before),
        balance_after: amount(entry.balance_after),
        note: entry.note,
        reference: entry.reference,
        source_event: entry.source_event,
        by: entry.by,
        line: entry.seq,
    }
}
