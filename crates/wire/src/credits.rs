//! Wallets: movements, statements, and when a wallet is low.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{LedgerAccountId, ResellerId, TransferId};
use counterfoil_domain::ledger::{Equation, TransferKind};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::credit_packs::PackAsShown;

/// Moves credits of one reseller. `kind` is `purchase`, `credit`, `bonus`, `refund`, `debit` or `adjustment`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MoveCredits {
    /// Minted by the caller: a repeat is answered, not booked again.
    pub transfer_id: TransferId,
    pub kind: TransferKind,
    /// In the reseller's unit. Positive; negative only for an adjustment that takes away. With a pack, its credits.
    pub amount: i64,
    pub note: String,
    /// With a purchase: the pack that is sold. Its price is kept with the movement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pack: Option<PackAsShown>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Moved {
    pub transfer_id: TransferId,
    pub balance: Amount,
    /// Codes that waited for credit and settled with this movement. Of more than 500 the others follow within minutes.
    pub settled_held: u32,
}

/// Which way credit goes between a reseller and one below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FundDirection {
    /// Out of the own wallet into the one below.
    Give,
    /// Back again, of what was given: at most what is not spent, and still in the wallet below.
    TakeBack,
}

/// Moves credit between the caller's wallet and that of a reseller below it. Both count the same unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FundSubReseller {
    /// Minted by the caller: a repeat is answered, not booked again.
    pub transfer_id: TransferId,
    pub direction: FundDirection,
    /// More than zero.
    pub amount: i64,
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Funded {
    pub transfer_id: TransferId,
    /// Of the caller's wallet, now.
    pub own_balance: Amount,
    /// Of the wallet below, now.
    pub balance: Amount,
    /// What the caller gave to it, less what was taken back or spent until now.
    pub given: Amount,
    /// Codes that waited for this credit and settled with it. Of more than 500 the others follow within minutes.
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
    pub low_credit: LowCredit,
    pub entries: Vec<EntryView>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which lines of a statement are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct CreditsQuery {
    /// The `next` of the page before, with the same filters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<TransferKind>,
    /// At this moment or later, in Unix milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// When a wallet is low, in its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LowCredit {
    /// Below this it is.
    pub threshold: Amount,
    /// Set for this reseller; otherwise it is the operator's.
    pub own: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetLowCredit {
    /// In the wallet's unit, zero or more; null follows the operator's.
    #[serde(deserialize_with = "given")]
    pub threshold: Option<i64>,
}

/// Null is a choice, nothing at all is not.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Option::deserialize(deserializer)
}

/// When wallets are low for whom nothing else is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LowCreditDefaults {
    /// Of wallets in credits.
    pub credits: i64,
    /// Of wallets in money, minor units.
    pub money: i64,
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
    /// Serial of the code, number of the lease, name of the pack or company of the other reseller it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The event behind it, unique in the ledger, such as `lease/{id}/grant`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_event: Option<String>,
    /// User name of who moved it: a member of a reseller, and for staff also one of the staff; or "API key" and the name of
    /// the one that did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}
