//! Pull: the change feed, in commit order, one page at a time.

use counterfoil_domain::digest::Digests;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::ledger::Equation;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::accounts::Account;
use crate::brand::ShownBrand;
use crate::codes::CodeRow;
use crate::credits::{EntryView, LowCreditDefaults};
use crate::devices::Device;
use crate::leases::Lease;
use crate::orders::Order;
use crate::plans::Plan;
use crate::resellers::Reseller;

/// Rows of a page at most.
pub const MAX_ROWS: u32 = 2_000;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct PullQuery {
    /// Absent starts from nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// How many tables of the feed the device knows, in their order; 9 when absent. Rows of later ones are not sent to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tables: Option<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PullPage {
    pub changes: Vec<Change>,
    /// Give it with the next pull; apply it in the same transaction as the changes.
    pub cursor: String,
    /// Every row of a version up to this one has been sent, in this page or before it.
    pub version: i64,
    /// More pages wait.
    pub more: bool,
    /// With the last page: what the device's tables add up to once it is applied, at `version`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digests: Option<Digests>,
    /// With the last page: operations of this device up to here survive a restore of Central's last backup; the device
    /// may forget them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup_watermark: Option<u32>,
    /// With the last page: where the audit's chain ends. The device remembers it, so that nobody rewrites history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<ChainHead>,
    /// With the last page: what the device shows. An older Central says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<ShownBrand>,
    pub server_time: Timestamp,
}

/// Of an answer 304: Central's time, which has no body to be in. Milliseconds.
pub const TIME_HEADER: &str = "counterfoil-time";

/// Of an answer 304: where the audit's chain ends, as `seq hash`.
pub const AUDIT_HEADER: &str = "counterfoil-audit";

/// A row at its latest version, or its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    pub version: i64,
    pub row: FeedRow,
}

/// One row of the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "table", content = "data", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FeedRow {
    Settings(Settings),
    Reseller(Reseller),
    Plan(Plan),
    Device(Device),
    Lease(Lease),
    Balance(Balance),
    Code(CodeRow),
    Entry(EntryView),
    Account(Account),
    Order(Box<Order>),
    /// The row was deleted, or left this device's scope.
    Gone(Gone),
}

impl FeedRow {
    /// Its table and key: what a version, a digest and the end of a row name it by.
    pub fn place(&self) -> (FeedTable, Uuid) {
        match self {
            Self::Settings(row) => (FeedTable::Settings, row.operator_id.0),
            Self::Reseller(row) => (FeedTable::Reseller, row.reseller_id.0),
            Self::Plan(row) => (FeedTable::Plan, row.plan_id.0),
            Self::Device(row) => (FeedTable::Device, row.device_id.0),
            Self::Lease(row) => (FeedTable::Lease, row.lease_id.0),
            Self::Balance(row) => (FeedTable::Balance, row.reseller_id.0),
            Self::Code(row) => (FeedTable::Code, row.code_id.0),
            Self::Entry(row) => (FeedTable::Entry, row.transfer_id.0),
            Self::Account(row) => (FeedTable::Account, row.account_id.0),
            Self::Order(row) => (FeedTable::Order, row.order_id.0),
            Self::Gone(gone) => (gone.of, gone.key),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Gone {
    pub of: FeedTable,
    pub key: Uuid,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    pub operator_id: OperatorId,
    /// The panel name, where there is one.
    pub operator_name: String,
    /// IANA name.
    pub time_zone: String,
    /// ISO 4217.
    pub currency: String,
    pub code_prefix: String,
    /// When wallets are low for whom nothing else is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_credit: Option<LowCreditDefaults>,
}

/// The wallet and the equation of one reseller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Balance {
    pub reseller_id: ResellerId,
    /// `credits` or a currency.
    pub unit: String,
    pub equation: Equation,
    pub credit_limit: i64,
    /// The reseller's own threshold; absent follows the operator's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_credit: Option<i64>,
    /// Where the wallet's chain of entries ends: with it a device proves every line by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wallet: Option<ChainHead>,
}

/// The last entry of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChainHead {
    /// Entries there are.
    pub seq: i64,
    /// Hash of the last one, in hexadecimal; of the genesis where there is none.
    pub hash: String,
}

impl ChainHead {
    /// As it stands in [`AUDIT_HEADER`].
    pub fn to_text(&self) -> String {
        format!("{} {}", self.seq, self.hash)
    }

    /// Out of [`AUDIT_HEADER`].
    pub fn from_text(text: &str) -> Option<Self> {
        let (seq, hash) = text.split_once(' ')?;
        Some(Self { seq: seq.parse().ok()?, hash: hash.to_owned() })
    }
}
