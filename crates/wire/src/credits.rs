//! Wallets: movements and statements.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{LedgerAccountId, ResellerId, TransferId};
use counterfoil_domain::ledger::{Equation, TransferKind};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Moves credits of one reseller. `kind` is `purchase`, `credit`, `bonus`, `refund`, `debit` or `adjustment`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MoveCredits {
    /// Minted by the caller: a repeat is answered, not booked again.
    pub transfer_id: TransferId,
    pub kind: TransferKind,
    /// In the reseller's unit. Positive; negative only for an adjustment that takes away.
    pub amount: i64,
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Moved {
    pub transfer_id: TransferId,
    pub balance: Amount,
    /// Codes that waited for credit and settled with this movement.
    pub settled_held: u32,
}

/// The books of one reseller: the equation, and a page of its wallet's entries, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Statement {
    pub reseller_id: ResellerId,
    pub balance: Amount,
    pub credit_limit: Amount,
    pub equation: Equation,
    pub entries: Vec<EntryView>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One line of a wallet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntryView {
    pub transfer_id: TransferId,
    pub reseller_id: ResellerId,
    pub account_id: LedgerAccountId,
    pub seq: i64,
    pub at: Timestamp,
    pub kind: TransferKind,
    /// Signed.
    pub delta: i64,
    pub balance_before: i64,
    pub balance_after: i64,
    /// `credits` or a currency.
    pub unit: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Serial of the code, or number of the lease, it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}
