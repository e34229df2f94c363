//! The Credit page: the equation, the leases, the history.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use counterfoil_domain::lease as domain;
use counterfoil_domain::time::Timestamp;

use super::types::id;
use super::{ApiError, ErrorCode, FieldProblem};
use crate::Client;
use crate::credit;
use crate::lease::{self, HeldLease};
use crate::status;
use crate::sync;
use crate::till::Till;

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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<i64>,
    /// When the wallet is low; absent where Central does not say.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<LowCreditView>,
    /// True when the four figures add up; false is an incident to report.
    pub balanced: bool,
}

/// Below the threshold a wallet is low.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct LowCreditView {
    pub threshold: AmountView,
    /// Set for this reseller; otherwise it is the operator's.
    pub own: bool,
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
    /// Until when its codes can be redeemed; absent where this machine does not know.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redeem_by: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TakeLease {
    /// In the reseller's unit; absent takes the amount Central suggests.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct HistoryRow {
    pub entry_id: String,
    pub at: i64,
    /// Transfer kind, e.g. `purchase`, `lease_grant`, `lease_release`, `late_sale`, `void`.
    pub kind: String,
    /// Signed.
    pub amount: AmountView,
    pub balance_before: AmountView,
    pub balance_after: AmountView,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Serial of the code, number of the lease, name of the pack or company of the other reseller it belongs to.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The event behind it, such as `lease/{id}/grant`.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_event: Option<String>,
    /// User name of who moved it, where that is told.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Its number in the wallet: 1, 2, 3 …
    pub line: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct HistoryRequest {
    pub page: PageRequest,
    /// Only lines of this kind.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Unix ms: at this moment or later.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// Unix ms: before this moment.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// What the lines of the own wallet on this device come to.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct WalletProof {
    pub outcome: ProofOutcome,
    /// Lines that were hashed again; of a broken chain the first that does not fit.
    pub lines: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProofOutcome {
    /// All lines lead to the balance and the hash that Central told.
    Proven,
    /// They add up as far as they are here.
    Incomplete,
    /// They add up; this Central tells no hash to compare with.
    Unanchored,
    Broken,
}

pub async fn credit_overview(client: &Arc<Client>, (): ()) -> Result<CreditOverview, ApiError> {
    overview(&*client.till()?).await
}

pub async fn credit_history(client: &Arc<Client>, request: HistoryRequest) -> Result<HistoryPage, ApiError> {
    let till = client.till()?;
    let reseller = till.device().await?.and_then(|device| device.reseller_id);
    let limit = request.page.limit.clamp(1, 500);
    let filter =
        credit::Filter { kind: request.kind, from: request.from.map(Timestamp), until: request.until.map(Timestamp) };
    let after = request.page.after.as_deref();
    // An offset counts from the first line: it is for a jump without a place.
    let offset = if after.is_some() { 0 } else { request.page.offset.unwrap_or(0) };
    let mut entries = credit::history(&mut *till.read().await?, reseller, &filter, after, offset, limit + 1).await?;
    let more = entries.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        entries.pop();
    }
    let next = more.then(|| entries.last().map(credit::Entry::key)).flatten();
    Ok(HistoryPage { rows: entries.into_iter().map(history_row).collect(), next })
}

/// Hashes the own wallet's lines again. Works offline.
pub async fn prove_wallet(client: &Arc<Client>, (): ()) -> Result<WalletProof, ApiError> {
    let till = client.till()?;
    let reseller = till.device().await?.and_then(|device| device.reseller_id);
    let reseller = reseller.ok_or_else(|| ApiError::new(ErrorCode::NotPermitted, "this is not a reseller's device"))?;
    let (outcome, lines) = match credit::prove(&till, reseller).await? {
        credit::Proof::Proven { lines } => (ProofOutcome::Proven, lines),
        credit::Proof::Incomplete { lines } => (ProofOutcome::Incomplete, lines),
        credit::Proof::Unanchored { lines } => (ProofOutcome::Unanchored, lines),
        credit::Proof::Broken { line } => (ProofOutcome::Broken, line),
    };
    Ok(WalletProof { outcome, lines })
}

/// Takes stock to sell offline. Needs Central.
pub async fn take_lease(client: &Arc<Client>, request: TakeLease) -> Result<CreditOverview, ApiError> {
    let till = client.till()?;
    let max_codes = request.max_codes.map(u16::try_from).transpose().map_err(|_| {
        ApiError::new(ErrorCode::ValidationFailed, "a lease covers 1 to 65,535 codes").with_fields(vec![FieldProblem {
            field: "max_codes".into(),
            message: "a lease covers 1 to 65,535 codes".into(),
        }])
    })?;
    lease::take(&till, lease::Wanted { amount: request.amount, max_codes }).await?;
    // The books should show it at once; without, the grant is laid over them.
    if let Err(error) = sync::run_now(&till).await {
        tracing::debug!(%error, "no sync after the grant");
        till.sync.wake();
    }
    overview(&till).await
}

/// Gives back what a lease has left. Works offline; Central hears of it at the next sync.
pub async fn close_lease(client: &Arc<Client>, request: LeaseRef) -> Result<CreditOverview, ApiError> {
    let till = client.till()?;
    lease::close(&till, id(&request.lease_id)?).await?;
    status::announce(&till).await;
    overview(&till).await
}

pub(super) async fn overview(till: &Till) -> Result<CreditOverview, ApiError> {
    let overview = credit::overview(till).await?;
    let amount = |value: i64| AmountView { value, unit: overview.unit.clone() };
    let (at_risk, codes) = credit::exposure(&overview.held);
    let mut leases: Vec<LeaseView> =
        overview.held.iter().rev().map(|lease| held_lease(lease, &overview.device_name)).collect();
    leases.extend(overview.others.iter().map(other_lease));
    Ok(CreditOverview {
        funded: amount(overview.books.funded),
        available: amount(overview.books.available),
        reserved: amount(overview.books.reserved),
        spent: amount(overview.books.spent),
        credit_limit: amount(overview.credit_limit),
        exposure: Exposure { amount: amount(at_risk), codes },
        leases,
        as_of: overview.as_of.map(|at| at.0),
        low: overview.low.map(|low| LowCreditView { threshold: amount(low.threshold), own: low.own }),
        balanced: overview.books.holds(),
    })
}

fn held_lease(lease: &HeldLease, device_name: &str) -> LeaseView {
    // Closed in the keyring counts, whatever the database says.
    let closed = lease.mark.closed && lease.state == domain::LeaseState::Open;
    LeaseView {
        lease_id: lease.lease_id.to_string(),
        number: lease.number,
        device_name: device_name.to_owned(),
        this_device: true,
        state: if closed { LeaseState::Closed } else { lease.state.into() },
        amount: AmountView { value: lease.amount, unit: lease.unit.clone() },
        used: AmountView { value: lease.mark.used, unit: lease.unit.clone() },
        codes_used: lease.mark.seq,
        max_codes: lease.max_codes,
        issue_until: lease.issue_until.0,
        settle_until: lease.settle_until.0,
        redeem_by: Some(lease.redeem_by.0),
    }
}

fn other_lease(lease: &credit::OtherLease) -> LeaseView {
    LeaseView {
        lease_id: lease.lease_id.to_string(),
        number: lease.number,
        device_name: lease.device_name.clone(),
        this_device: false,
        state: lease.state.into(),
        amount: AmountView { value: lease.amount, unit: lease.unit.clone() },
        used: AmountView { value: lease.amount - lease.escrow, unit: lease.unit.clone() },
        codes_used: lease.codes_settled,
        max_codes: lease.max_codes,
        issue_until: lease.issue_until.0,
        settle_until: lease.settle_until.0,
        redeem_by: None,
    }
}

fn history_row(entry: credit::Entry) -> HistoryRow {
    let amount = |value: i64| AmountView { value, unit: entry.unit.clone() };
    HistoryRow {
        entry_id: format!("{}.{}", entry.account_id.simple(), entry.seq),
        at: entry.at,
        amount: amount(entry.delta),
        balance_before: amount(entry.balance_before),
        balance_after: amount(entry.balance_after),
        kind: entry.kind,
        note: entry.note,
        reference: entry.reference,
        source_event: entry.source_event,
        by: entry.by,
        line: entry.seq,
    }
}

impl From<domain::LeaseState> for LeaseState {
    fn from(state: domain::LeaseState) -> Self {
        match state {
            domain::LeaseState::Open => Self::Open,
            domain::LeaseState::Closed => Self::Closed,
            domain::LeaseState::Revoked => Self::Revoked,
            domain::LeaseState::Expired => Self::Expired,
        }
    }
}
