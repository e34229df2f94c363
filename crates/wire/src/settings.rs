//! What an operator sets for itself.

use serde::{Deserialize, Serialize};

/// As they are now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OperatorSettings {
    /// Counts the edits.
    pub version: u32,
    /// On vouchers, in mails and on the public pages.
    pub operator_name: String,
    /// IANA name: days and months begin and end there.
    pub time_zone: String,
    /// ISO 4217. Set once, because the books and all prices are in it.
    pub currency: String,
    /// What new codes begin with; those that exist keep theirs.
    pub code_prefix: String,
    /// Days in which a new code can be redeemed; those that exist keep theirs.
    pub redeem_days: u16,
    /// Whom customers ask, on the public pages; empty where none is named.
    pub support_email: String,
    pub support_phone: String,
    /// Where shops and customers reach this Central, for links in mails; empty follows `started_with_address`.
    pub public_address: String,
    /// Staff need a second factor before they may do anything.
    #[serde(default)]
    pub staff_second_factor: bool,
    /// What the program was started with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_with_address: Option<String>,
}

/// All that can be changed, with `version` as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveSettings {
    pub version: u32,
    pub operator_name: String,
    /// Services that run keep the moment at which they end; what was counted stays in its month.
    pub time_zone: String,
    pub code_prefix: String,
    /// 60 to 3,660.
    pub redeem_days: u16,
    /// Empty: none.
    pub support_email: String,
    /// Empty: none.
    pub support_phone: String,
    /// Empty: as the program was started.
    pub public_address: String,
    /// None, as an older desktop sends it: as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_second_factor: Option<bool>,
}
