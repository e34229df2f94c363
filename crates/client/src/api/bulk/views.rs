//! What the UI is shown of operations on many accounts.

use counterfoil_wire::accounts::Service;
use counterfoil_wire::bulk as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{BulkOperation, BulkRowState, BulkState};
use crate::api::accounts::AccountService;
use crate::api::types::AmountView;

/// An operation on many accounts, and how far it is. It goes on in Central, whoever watches.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Bulk {
    pub bulk_id: String,
    pub operation: BulkOperation,
    pub state: BulkState,
    /// Accounts written down. It grows while `counted` is false.
    pub total: u64,
    pub counted: bool,
    /// Accounts that were tried dry.
    pub tried: u64,
    /// Accounts that wait to be changed.
    pub planned: u64,
    pub refused: u64,
    pub done: u64,
    pub undone: u64,
    /// Accounts that taking back left as they are.
    pub kept: u64,
    /// Accounts that can still be put back.
    pub undoable: u64,
    /// What the accounts that wait cost, for each unit that anybody pays in.
    pub cost: Vec<AmountView>,
    pub paid: Vec<AmountView>,
    /// Why it failed.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<BulkRefusal>,
    pub ordered_at: i64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ordered_by: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct BulkPage {
    pub rows: Vec<Bulk>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// With the wallets that do not have what it costs.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct BulkDetail {
    pub bulk: Bulk,
    pub short: Vec<ShortWallet>,
    pub moves: Vec<BulkMove>,
}

/// Accounts that another plan takes to another portal.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct BulkMove {
    /// Absent where they are on none yet.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    pub to: String,
    pub accounts: u64,
}

/// A reseller whose wallet does not have what its accounts cost.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ShortWallet {
    pub reseller_id: String,
    pub company: String,
    pub needed: AmountView,
    pub available: AmountView,
}

/// Why an account is not changed, or not put back.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct BulkRefusal {
    /// Of Central's problems: `insufficient_credit`, `wrong_state`, …
    pub code: String,
    /// Central's sentence.
    pub detail: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needed: Option<AmountView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available: Option<AmountView>,
    /// The columns of its line that stand in the way.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
}

/// One line of a file, as it stands there.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BulkLine {
    /// Where it stands in the file, from 1.
    pub line: u32,
    pub username: String,
    pub email: String,
    pub plan: String,
    /// `2026-12-22`; empty: the plan's term.
    pub last_day: String,
    /// `yes`, `no` or nothing.
    pub gift: String,
    pub mac: String,
    pub max_connections: String,
    pub notes: String,
    pub reseller: String,
}

/// One account of an operation.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct BulkRow {
    pub position: u32,
    pub account_id: String,
    /// Absent where there is no such account, or it is not yours.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    pub state: BulkRowState,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<AmountView>,
    /// The last day of service before, `2026-12-22`.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_day: Option<String>,
    /// The last day of service with it.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_last_day: Option<String>,
    /// The plan before, where it gets another one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_name: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<BulkRefusal>,
    /// What it is created from.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<BulkLine>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct BulkRows {
    pub rows: Vec<BulkRow>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What opens an account that was created from a file.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct CreatedAccount {
    /// Of the file.
    pub line: u32,
    pub account_id: String,
    pub username: String,
    pub password: String,
    /// Opens the subscription page.
    pub token: String,
}

impl std::fmt::Debug for CreatedAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreatedAccount").field("account_id", &self.account_id).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CreatedAccounts {
    pub rows: Vec<CreatedAccount>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl From<wire::CreatedAccount> for CreatedAccount {
    fn from(created: wire::CreatedAccount) -> Self {
        let wire::CreatedAccount { line, account_id, username, password, token } = created;
        Self { line, account_id: account_id.to_string(), username, password, token }
    }
}

impl From<wire::BulkOperation> for BulkOperation {
    fn from(operation: wire::BulkOperation) -> Self {
        match operation {
            wire::BulkOperation::Extend { service, gift } => {
                let service = match service {
                    Service::Plan(plan) => AccountService::Plan(plan.to_string()),
                    Service::Days(days) => AccountService::Days(days),
                };
                Self::Extend { service, gift }
            }
            wire::BulkOperation::Suspend { reason } => Self::Suspend { reason },
            wire::BulkOperation::Activate => Self::Activate,
            wire::BulkOperation::Transfer { reseller_id, reason } => {
                Self::Transfer { reseller_id: reseller_id.to_string(), reason }
            }
            wire::BulkOperation::PlanChange { plan_id } => Self::PlanChange { plan_id: plan_id.to_string() },
            wire::BulkOperation::Create { file, lines, gift } => Self::Create { file, lines, gift },
        }
    }
}

impl From<wire::Bulk> for Bulk {
    fn from(bulk: wire::Bulk) -> Self {
        Self {
            bulk_id: bulk.bulk_id.to_string(),
            operation: bulk.operation.into(),
            state: bulk.state.into(),
            total: bulk.total,
            counted: bulk.counted,
            tried: bulk.tried,
            planned: bulk.planned,
            refused: bulk.refused,
            done: bulk.done,
            undone: bulk.undone,
            kept: bulk.kept,
            undoable: bulk.undoable,
            cost: bulk.cost.into_iter().map(AmountView::from).collect(),
            paid: bulk.paid.into_iter().map(AmountView::from).collect(),
            trouble: bulk.trouble.map(Into::into),
            ordered_at: bulk.ordered_at.0,
            ordered_by: bulk.ordered_by,
            ended_at: bulk.ended_at.map(|at| at.0),
        }
    }
}

impl From<wire::BulkDetail> for BulkDetail {
    fn from(detail: wire::BulkDetail) -> Self {
        let short = |wallet: wire::ShortWallet| ShortWallet {
            reseller_id: wallet.reseller_id.to_string(),
            company: wallet.company,
            needed: wallet.needed.into(),
            available: wallet.available.into(),
        };
        let moved = |one: wire::BulkMove| BulkMove { from: one.from, to: one.to, accounts: one.accounts };
        Self {
            bulk: detail.bulk.into(),
            short: detail.short.into_iter().map(short).collect(),
            moves: detail.moves.into_iter().map(moved).collect(),
        }
    }
}

impl From<wire::BulkRefusal> for BulkRefusal {
    fn from(refusal: wire::BulkRefusal) -> Self {
        let code = serde_json::to_value(refusal.code).ok();
        Self {
            code: code.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default(),
            detail: refusal.detail,
            needed: refusal.needed.map(AmountView::from),
            available: refusal.available.map(AmountView::from),
            columns: Some(refusal.columns).filter(|columns| !columns.is_empty()),
        }
    }
}

impl From<wire::BulkLine> for BulkLine {
    fn from(line: wire::BulkLine) -> Self {
        let wire::BulkLine { line, username, email, plan, last_day, gift, mac, max_connections, notes, reseller } =
            line;
        Self { line, username, email, plan, last_day, gift, mac, max_connections, notes, reseller }
    }
}

impl From<BulkLine> for wire::BulkLine {
    fn from(line: BulkLine) -> Self {
        let BulkLine { line, username, email, plan, last_day, gift, mac, max_connections, notes, reseller } = line;
        Self { line, username, email, plan, last_day, gift, mac, max_connections, notes, reseller }
    }
}

impl From<wire::BulkRow> for BulkRow {
    fn from(row: wire::BulkRow) -> Self {
        Self {
            position: row.position,
            account_id: row.account_id.to_string(),
            username: row.username,
            state: row.state.into(),
            cost: row.cost.map(AmountView::from),
            last_day: row.last_day,
            new_last_day: row.new_last_day,
            plan_name: row.plan_name,
            refusal: row.refusal.map(Into::into),
            line: row.line.map(Into::into),
        }
    }
}
