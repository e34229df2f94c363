//! Leases.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{DeviceId, Epoch, LeaseId, ResellerId};
use counterfoil_domain::lease::LeaseState;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// HPKE (RFC 9180) base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. `info` of the seal.
pub const SEAL_INFO: &[u8] = b"counterfoil/lease-key/v1";

/// Asks for stock to sell offline, signed by the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestLease {
    /// Minted by the device: a repeat returns the same lease.
    pub lease_id: LeaseId,
    /// In the reseller's unit; absent lets Central choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_codes: Option<u16>,
    /// The device was granted this lease and lost it: where Central does not know it, none is cut (`not_found`), because
    /// its key would be another one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub granted_before: bool,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrantedLease {
    pub lease_id: LeaseId,
    /// Stands at the start of each serial.
    pub number: u32,
    /// Base64 of the signed terms.
    pub blob: String,
    /// Base64 of encapsulated key (32 bytes) and sealed lease key; the additional data are the 16 bytes of the lease id.
    pub sealed_key: String,
    /// Feed version of the grant.
    pub version: i64,
    pub server_time: Timestamp,
}

impl std::fmt::Debug for GrantedLease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GrantedLease").field("lease_id", &self.lease_id).finish_non_exhaustive()
    }
}

/// Leases presented at once at most.
pub const MAX_PRESENTED: usize = 16;

/// Shows a restored Central the leases it granted and may have lost, signed by the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PresentLeases {
    /// The epoch they are presented to; another is refused with `epoch_changed`.
    pub epoch: Epoch,
    /// At most `MAX_PRESENTED`.
    pub leases: Vec<PresentedLease>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PresentedLease {
    /// As it was granted: it stands in serials that customers hold.
    pub number: u32,
    /// Base64 of the signed terms.
    pub blob: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeasesPresented {
    /// One for each lease presented, in the same order.
    pub standings: Vec<LeaseStanding>,
    /// Feed version of what was restored; 0 when nothing was.
    pub version: i64,
}

/// What became of a presented lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LeaseStanding {
    /// Central has it.
    Known,
    /// It is there again with its codes and its escrow.
    Restored,
    /// Its codes are there again, its escrow is not: its time is over or the wallet is short. What was sold from it is
    /// paid by the wallet, or waits for credit.
    Expired,
    /// Not a lease of this device and Central, or its codes can no longer be redeemed.
    Refused,
}

/// A lease as Central sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lease {
    pub lease_id: LeaseId,
    pub number: u32,
    pub reseller_id: ResellerId,
    pub device_id: DeviceId,
    pub device_name: String,
    pub state: LeaseState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<u32>,
    pub amount: Amount,
    /// What its account still holds.
    pub escrow: Amount,
    /// Settled codes.
    pub codes_settled: u32,
    pub max_codes: u32,
    pub issued_at: Timestamp,
    pub issue_until: Timestamp,
    pub settle_until: Timestamp,
    pub redeem_by: Timestamp,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct LeasesQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<ResellerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<DeviceId>,
}

/// The lost-laptop switch. Codes up to `cut` are honoured, later ones held; without `cut` every unseen code is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevokeLease {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<u32>,
    pub reason: String,
}
