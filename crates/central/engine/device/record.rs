//! One row of `device`.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{DeviceId, OperatorId, ResellerId};
use counterfoil_domain::oplog::LogHead;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::devices::{Device, DeviceStatus};
use counterfoil_wire::problem::Code;
use uuid::Uuid;

use crate::engine::stored::{stored, stored_bytes, stored_number};

/// A device as its requests are judged.
#[derive(Debug, Clone)]
pub(crate) struct DeviceRecord {
    pub(crate) id: Uuid,
    pub(crate) operator_id: Uuid,
    pub(crate) reseller_id: Option<Uuid>,
    pub(crate) reseller_path: Option<String>,
    pub(crate) signing_key: Vec<u8>,
    pub(crate) sealing_key: Vec<u8>,
    pub(crate) status: String,
    pub(crate) log_seq: i64,
    pub(crate) log_hash: Vec<u8>,
    pub(crate) last_seen_at: Option<i64>,
}

impl DeviceRecord {
    pub(crate) const fn device_id(&self) -> DeviceId {
        DeviceId(self.id)
    }

    pub(crate) const fn operator(&self) -> OperatorId {
        OperatorId(self.operator_id)
    }

    pub(crate) fn status(&self) -> Result<DeviceStatus, Failure> {
        stored(status_from_stored(&self.status), "device", "status", self.id)
    }

    /// Refuses one that is blocked, whoever has it now.
    pub(crate) fn check_heard(&self) -> Result<(), Failure> {
        if self.status()? == DeviceStatus::Retired {
            return Err(Failure::new(
                Code::DeviceQuarantined,
                "This device is blocked: it was reported as lost. If it is yours, ask the operator, and set it up anew.",
            ));
        }
        Ok(())
    }

    pub(crate) fn is_quarantined(&self) -> Result<bool, Failure> {
        Ok(self.status()? == DeviceStatus::Quarantined)
    }

    /// The end of its log.
    pub(crate) fn head(&self) -> Result<LogHead, Failure> {
        Ok(LogHead {
            seq: stored_number(self.log_seq, "device", "log_seq", self.id)?,
            hash: stored_bytes(&self.log_hash, "device", "log_hash", self.id)?,
        })
    }
}

pub(crate) fn status_from_stored(name: &str) -> Option<DeviceStatus> {
    match name {
        "active" => Some(DeviceStatus::Active),
        "quarantined" => Some(DeviceStatus::Quarantined),
        "retired" => Some(DeviceStatus::Retired),
        _ => None,
    }
}

/// A device as people see it.
#[derive(Debug, Clone)]
pub(crate) struct DeviceView {
    pub(crate) id: Uuid,
    pub(crate) reseller_id: Option<Uuid>,
    pub(crate) name: String,
    pub(crate) status: String,
    pub(crate) enrolled_at: i64,
    pub(crate) last_seen_at: Option<i64>,
}

/// A checked query that yields device views; `$tail` begins with `FROM device`.
macro_rules! device_views {
    ($tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::engine::device::DeviceView,
            r#"SELECT id AS "id!: uuid::Uuid", reseller_id AS "reseller_id?: uuid::Uuid", name AS "name!: String",
                status AS "status!: String", enrolled_at AS "enrolled_at!: i64",
                last_seen_at AS "last_seen_at?: i64" "#
                + $tail,
            $($argument),*
        )
    };
}
pub(crate) use device_views;

impl DeviceView {
    pub(crate) fn to_wire(&self) -> Result<Device, Failure> {
        Ok(Device {
            device_id: DeviceId(self.id),
            reseller_id: self.reseller_id.map(ResellerId),
            name: self.name.clone(),
            status: stored(status_from_stored(&self.status), "device", "status", self.id)?,
            enrolled_at: Timestamp(self.enrolled_at),
            last_seen_at: self.last_seen_at.map(Timestamp),
        })
    }
}
