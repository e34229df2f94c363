//! What the operator's staff did with a portal while only the portal could be reached: asked for a write, or told a box
//! something.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{AccountId, PortalId};
use counterfoil_domain::oplog::{OpOutcome, RejectCode};
use counterfoil_domain::portal::{BoxContact, BoxOutcome};
use counterfoil_domain::time::Timestamp;
use serde::Serialize;

use super::apply::{clamped, rejected};
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::device::DeviceRecord;
use crate::engine::provisioning;
use crate::engine::work::Work;

const UNKNOWN: OpOutcome = rejected(RejectCode::AccountUnknown);

/// An account on a portal, as a desktop of the operator's names it.
pub(super) struct Named {
    pub(super) portal_id: PortalId,
    pub(super) account_id: AccountId,
    /// What the desktop's clock said.
    pub(super) created_at: Timestamp,
}

#[derive(Serialize)]
struct Asked {
    portal_id: PortalId,
    device_at: Timestamp,
}

/// The account is written once more, as it is here: nothing of what the desktop saw is taken over.
pub(super) async fn reprovision(work: &mut Work, device: &DeviceRecord, named: &Named) -> Result<OpOutcome, Failure> {
    if !is_theirs(work, device, named).await? {
        return Ok(UNKNOWN);
    }
    provisioning::want(work, &[named.account_id.0]).await?;
    let asked = Asked { portal_id: named.portal_id, device_at: clamped(named.created_at) };
    note(work, device, "portal.reprovision", named.account_id, &asked).await?;
    Ok(OpOutcome::Applied)
}

#[derive(Serialize)]
struct Told {
    portal_id: PortalId,
    contact: BoxContact,
    outcome: BoxOutcome,
    device_at: Timestamp,
}

/// It is over, and is only written down.
pub(super) async fn contact(
    work: &mut Work,
    device: &DeviceRecord,
    named: &Named,
    (contact, outcome): (BoxContact, BoxOutcome),
) -> Result<OpOutcome, Failure> {
    if !is_theirs(work, device, named).await? {
        return Ok(UNKNOWN);
    }
    let told = Told { portal_id: named.portal_id, contact, outcome, device_at: clamped(named.created_at) };
    note(work, device, "portal.direct_box", named.account_id, &told).await?;
    Ok(OpOutcome::Applied)
}

/// Shops deal with no portal; the operator's own desktops belong to no reseller.
pub(super) const fn may(device: &DeviceRecord) -> bool {
    device.reseller_id.is_none()
}

async fn is_theirs(work: &mut Work, device: &DeviceRecord, named: &Named) -> Result<bool, Failure> {
    Ok(may(device) && provisioning::lock_created(work, named.portal_id, named.account_id).await?)
}

/// Who stood at the device is not known: the line has the device.
async fn note<A: Serialize + Sync>(
    work: &mut Work,
    device: &DeviceRecord,
    action: &str,
    account: AccountId,
    after: &A,
) -> Result<(), Failure> {
    audit::record(work, &Actor::device(device.device_id().0), action, Some(account.0), NOTHING, Some(after)).await
}
