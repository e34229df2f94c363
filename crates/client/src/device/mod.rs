//! This machine as Central knows it: its enrolment, its keys, and whether it may work.

mod keys;
pub(crate) mod repo;

use counterfoil_domain::ids::{DeviceId, Epoch, OperatorId, ResellerId};
use counterfoil_domain::oplog::LogHead;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::sessions::Audience;

pub(crate) use keys::DeviceKeys;

/// The one row about this device.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(crate) server_url: String,
    pub(crate) device_id: DeviceId,
    pub(crate) name: String,
    pub(crate) enrolled: bool,
    pub(crate) operator_id: Option<OperatorId>,
    pub(crate) operator_name: String,
    pub(crate) time_zone: String,
    pub(crate) currency: String,
    pub(crate) reseller_id: Option<ResellerId>,
    pub(crate) central_key: Option<[u8; 32]>,
    pub(crate) server_time: Timestamp,
    pub(crate) quarantined: Option<String>,
    /// The end of this device's log.
    pub(crate) head: LogHead,
    /// How much of it Central has.
    pub(crate) acked: LogHead,
    /// Of the Central this device agrees with; none until both have compared.
    pub(crate) epoch: Option<Epoch>,
    pub(crate) last_sync_at: Option<Timestamp>,
}

/// Who uses this device.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) username: String,
    pub(crate) audience: Audience,
    pub(crate) role: String,
    pub(crate) reseller_name: Option<String>,
    /// False once the session ended; selling goes on.
    pub(crate) signed_in: bool,
}
