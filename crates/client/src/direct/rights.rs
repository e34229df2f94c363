//! Who may use a portal from this computer.

use counterfoil_domain::permission::{StaffAction, StaffRole};
use counterfoil_wire::sessions::Audience;

use super::DirectError;
use crate::device;
use crate::store::StoreError;
use crate::till::Till;

/// Staff whose role allows it, on a computer of the operator's own. A shop's stays the shop's, whoever signs in there:
/// Central takes nothing about portals from it. A role that this build does not know may do nothing.
pub(super) async fn may(till: &Till, action: StaffAction) -> Result<bool, StoreError> {
    let mut db = till.read().await?;
    let device = device::repo::device(&mut db).await?;
    let member = device::repo::member(&mut db).await?;
    let own = device.is_some_and(|device| device.enrolled && device.reseller_id.is_none());
    let staff = member.filter(|member| member.signed_in && member.audience == Audience::Admin);
    let role = staff.and_then(|member| StaffRole::from_stored(&member.role));
    Ok(own && role.is_some_and(|role| role.may(action)))
}

pub(super) async fn require(till: &Till, action: StaffAction) -> Result<(), DirectError> {
    if may(till, action).await? { Ok(()) } else { Err(DirectError::NotPermitted) }
}
