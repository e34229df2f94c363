//! Enrolled desktops.

use counterfoil_domain::ids::{DeviceId, Epoch, OperatorId, ResellerId};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Binds this machine's keys to the signed-in user's reseller (or, for staff, to the operator).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolDevice {
    /// Minted by the device: a repeat with the same keys is answered again.
    pub device_id: DeviceId,
    pub name: String,
    /// Base64 of the Ed25519 key that signs its requests.
    pub signing_key: String,
    /// Base64 of the X25519 key that lease keys are sealed to.
    pub sealing_key: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Enrolled {
    pub device_id: DeviceId,
    pub operator_id: OperatorId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<ResellerId>,
    /// Base64 of the Ed25519 key Central signs leases with.
    pub central_key: String,
    pub epoch: Epoch,
    pub server_time: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum DeviceStatus {
    Active,
    /// Frozen after a fork, until a person looks.
    Quarantined,
    /// Blocked for good: lost, stolen or given away. It is told so, and nothing else.
    Retired,
}

/// Why a device is blocked. There is no way back: a machine that is found again is enrolled anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockDevice {
    /// For the operator and the audit: 1 to 500 characters.
    pub reason: String,
}

/// Query of the devices of the caller's own reseller.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct OwnDevicesQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// 1 to 500; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Device {
    pub device_id: DeviceId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<ResellerId>,
    pub name: String,
    pub status: DeviceStatus,
    pub enrolled_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct DevicesQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<ResellerId>,
    /// Only the operator's own, of no reseller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_staff: Option<bool>,
}
