//! Answers to why something is as it is, for staff. This page needs Central.

use std::sync::Arc;

use counterfoil_wire::troubleshooting as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::admin::ResellerStatus;
use super::applications::{ApplicationRef, ApplicationState};
use super::codes::CodeState;
use super::commission::{EarningView, SaleSource};
use super::payments::PaymentState;
use super::types::{AmountView, id};
use super::{ApiError, ErrorCode, FieldProblem};
use crate::{Client, troubleshooting};

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SightRequest {
    pub reseller_id: String,
    pub account_id: String,
}

/// Whether a reseller sees an account, and all that decides it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AccountSight {
    pub reseller_id: String,
    pub company: String,
    pub account_id: String,
    pub username: String,
    pub sees: bool,
    /// Whose the account is comes first.
    pub findings: Vec<SightFinding>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SightFinding {
    Own,
    Below {
        company: String,
    },
    Elsewhere {
        reseller_id: String,
        company: String,
    },
    GivenAway {
        at: i64,
        #[ts(optional)]
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        reason: String,
    },
    Unassigned,
    Archived,
    ResellerNotActive {
        status: ResellerStatus,
    },
    NotGranted,
    DeviceBehind {
        device: String,
        #[ts(optional)]
        #[serde(skip_serializing_if = "Option::is_none")]
        last_seen_at: Option<i64>,
        changed_at: i64,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TraceRequest {
    /// The serial of a code or the user name of an account.
    pub reference: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CommissionTrace {
    pub reference: String,
    /// The newest first.
    pub sales: Vec<TracedSale>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct TracedSale {
    pub source: SaleSource,
    pub source_id: String,
    pub reference: String,
    /// Absent for a payment.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_name: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<AmountView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seller: Option<String>,
    pub at: i64,
    pub outcome: CommissionOutcome,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CommissionOutcome {
    /// The seller's share first.
    Earned {
        shares: Vec<EarningView>,
    },
    Waiting {
        due_at: i64,
        tries: u32,
        #[ts(optional)]
        #[serde(skip_serializing_if = "Option::is_none")]
        trouble: Option<String>,
    },
    NotActivated {
        state: CodeState,
    },
    NotCompleted {
        state: PaymentState,
    },
    /// A payment of what was sold here and earns by itself.
    Noted,
    Wholesale,
    Free,
    BeforeCommission,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ApplicationStanding {
    pub application_id: String,
    pub business_name: String,
    pub state: ApplicationState,
    /// In the order in which somebody meets them.
    pub findings: Vec<ApplicationFinding>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ApplicationFinding {
    Waiting { since: i64 },
    EmailTaken { reseller_id: String, company: String },
    Rejected { at: i64, by: String, reason: String },
    Approved { at: i64, by: String },
    ResellerNotActive { status: ResellerStatus },
    NeverSignedIn { username: String },
    NothingToSell,
    NoCredit { available: AmountView, limit: AmountView },
    NoDevice,
    Sells,
}

pub async fn account_sight(client: &Arc<Client>, request: SightRequest) -> Result<AccountSight, ApiError> {
    let (reseller, account) = (id(&request.reseller_id)?, id(&request.account_id)?);
    let sight = troubleshooting::sight(&*client.till()?, reseller, account).await?;
    Ok(AccountSight {
        reseller_id: sight.reseller_id.to_string(),
        company: sight.company,
        account_id: sight.account_id.to_string(),
        username: sight.username,
        sees: sight.sees,
        findings: sight.findings.into_iter().map(Into::into).collect(),
    })
}

pub async fn commission_trace(client: &Arc<Client>, request: TraceRequest) -> Result<CommissionTrace, ApiError> {
    let reference = request.reference.trim();
    if reference.is_empty() {
        let field = FieldProblem { field: "reference".into(), message: "a serial or a user name".into() };
        let empty = ApiError::new(ErrorCode::ValidationFailed, "there is nothing to look for");
        return Err(empty.with_fields(vec![field]));
    }
    let trace = troubleshooting::trace(&*client.till()?, reference).await?;
    Ok(CommissionTrace { reference: trace.reference, sales: trace.sales.into_iter().map(Into::into).collect() })
}

pub async fn application_standing(
    client: &Arc<Client>,
    request: ApplicationRef,
) -> Result<ApplicationStanding, ApiError> {
    let standing = troubleshooting::standing(&*client.till()?, id(&request.application_id)?).await?;
    Ok(ApplicationStanding {
        application_id: standing.application_id.to_string(),
        business_name: standing.business_name,
        state: standing.state.into(),
        findings: standing.findings.into_iter().map(Into::into).collect(),
    })
}

impl From<wire::SightFinding> for SightFinding {
    fn from(finding: wire::SightFinding) -> Self {
        use wire::SightFinding as Found;
        match finding {
            Found::Own => Self::Own,
            Found::Below { company } => Self::Below { company },
            Found::Elsewhere { reseller_id, company } => {
                Self::Elsewhere { reseller_id: reseller_id.to_string(), company }
            }
            Found::GivenAway { at, by, reason } => Self::GivenAway { at: at.0, by, reason },
            Found::Unassigned => Self::Unassigned,
            Found::Archived => Self::Archived,
            Found::ResellerNotActive { status } => Self::ResellerNotActive { status: status.into() },
            Found::NotGranted => Self::NotGranted,
            Found::DeviceBehind { device, last_seen_at, changed_at } => {
                Self::DeviceBehind { device, last_seen_at: last_seen_at.map(|at| at.0), changed_at: changed_at.0 }
            }
        }
    }
}

impl From<wire::TracedSale> for TracedSale {
    fn from(sale: wire::TracedSale) -> Self {
        Self {
            source: sale.source.into(),
            source_id: sale.source_id.to_string(),
            reference: sale.reference,
            plan_name: sale.plan_name,
            price: sale.price.map(Into::into),
            seller: sale.seller,
            at: sale.at.0,
            outcome: sale.outcome.into(),
        }
    }
}

impl From<wire::CommissionOutcome> for CommissionOutcome {
    fn from(outcome: wire::CommissionOutcome) -> Self {
        use wire::CommissionOutcome as Found;
        match outcome {
            Found::Earned { shares } => Self::Earned { shares: shares.into_iter().map(Into::into).collect() },
            Found::Waiting { due_at, tries, trouble } => Self::Waiting { due_at: due_at.0, tries, trouble },
            Found::NotActivated { state } => Self::NotActivated { state: state.into() },
            Found::NotCompleted { state } => Self::NotCompleted { state: state.into() },
            Found::Noted => Self::Noted,
            Found::Wholesale => Self::Wholesale,
            Found::Free => Self::Free,
            Found::BeforeCommission => Self::BeforeCommission,
        }
    }
}

impl From<wire::ApplicationFinding> for ApplicationFinding {
    fn from(finding: wire::ApplicationFinding) -> Self {
        use wire::ApplicationFinding as Found;
        match finding {
            Found::Waiting { since } => Self::Waiting { since: since.0 },
            Found::EmailTaken { reseller_id, company } => {
                Self::EmailTaken { reseller_id: reseller_id.to_string(), company }
            }
            Found::Rejected { at, by, reason } => Self::Rejected { at: at.0, by, reason },
            Found::Approved { at, by, .. } => Self::Approved { at: at.0, by },
            Found::ResellerNotActive { status } => Self::ResellerNotActive { status: status.into() },
            Found::NeverSignedIn { username } => Self::NeverSignedIn { username },
            Found::NothingToSell => Self::NothingToSell,
            Found::NoCredit { available, limit } => Self::NoCredit { available: available.into(), limit: limit.into() },
            Found::NoDevice => Self::NoDevice,
            Found::Sells => Self::Sells,
        }
    }
}
