//! Plans, resellers and lost devices: work that needs Central, in the name of whoever is signed in.

use counterfoil_domain::ids::{DeviceId, LeaseId, PlanId, ResellerId, TransferId};
use counterfoil_domain::ledger::TransferKind;
use counterfoil_wire::credit_packs::PackAsShown;
use counterfoil_wire::credits::MoveCredits;
use counterfoil_wire::devices::{BlockDevice, Device, DevicesQuery};
use counterfoil_wire::endpoint::{
    AdminCreditMove, AdminDeviceBlock, AdminDevices, AdminLeaseRevoke, AdminLeases, AdminPlanCreate, AdminPlanUpdate,
    AdminPlans, AdminReseller, AdminResellerCreate, AdminResellerUpdate, AdminResellers, AdminUnlockSignIn,
    ResellerDeviceBlock, ResellerPlans, ResellerSubResellers,
};
use counterfoil_wire::leases::{Lease, LeasesQuery, RevokeLease};
use counterfoil_wire::page::{MAX_LIMIT, Page, PageQuery};
use counterfoil_wire::plans::{Plan, SavePlan};
use counterfoil_wire::resellers::{Reseller, SaveReseller};
use counterfoil_wire::sessions::{Audience, UnlockSignIn, UnlockedSignIn};

use crate::central::CentralError;
use crate::device;
use crate::session::{SessionError, call};
use crate::till::Till;

/// Pages of a list that is shown whole, at most.
const MOST_PAGES: usize = 40;

pub(crate) async fn is_staff(till: &Till) -> Result<bool, SessionError> {
    let member = device::repo::member(&mut *till.read().await?).await?.ok_or(CentralError::NotSignedIn)?;
    Ok(member.audience == Audience::Admin)
}

/// Every plan, archived ones too.
pub(crate) async fn plans(till: &Till) -> Result<Vec<Plan>, SessionError> {
    let staff = is_staff(till).await?;
    let mut plans = Vec::new();
    let mut query = PageQuery { after: None, limit: Some(MAX_LIMIT), search: None };
    for _ in 0..MOST_PAGES {
        let page = if staff {
            call::<AdminPlans>(till, &[], &query).await?
        } else {
            call::<ResellerPlans>(till, &[], &query).await?
        };
        plans.extend(page.items);
        if page.next.is_none() {
            break;
        }
        query.after = page.next;
    }
    Ok(plans)
}

pub(crate) async fn save_plan(till: &Till, plan: &SavePlan) -> Result<Plan, SessionError> {
    let saved = if plan.version.is_none() {
        call::<AdminPlanCreate>(till, &[], plan).await?
    } else {
        call::<AdminPlanUpdate>(till, &[&id(plan.plan_id)], plan).await?
    };
    till.sync.wake();
    Ok(saved)
}

fn id(plan: PlanId) -> String {
    plan.to_string()
}

pub(crate) async fn resellers(till: &Till, query: &PageQuery) -> Result<Page<Reseller>, SessionError> {
    if is_staff(till).await? {
        call::<AdminResellers>(till, &[], query).await
    } else {
        call::<ResellerSubResellers>(till, &[], query).await
    }
}

pub(crate) async fn save_reseller(till: &Till, reseller: &SaveReseller) -> Result<Reseller, SessionError> {
    let saved = if reseller.version.is_none() {
        call::<AdminResellerCreate>(till, &[], reseller).await?
    } else {
        call::<AdminResellerUpdate>(till, &[&reseller.reseller_id.to_string()], reseller).await?
    };
    till.sync.wake();
    Ok(saved)
}

/// Lets somebody try again after too many wrong passwords.
pub(crate) async fn unlock_sign_in(
    till: &Till,
    audience: Audience,
    username: String,
) -> Result<UnlockedSignIn, SessionError> {
    let asked = UnlockSignIn { audience, username };
    call::<AdminUnlockSignIn>(till, &[], &asked).await
}

/// Books credit the reseller bought; a repeat of the same id is answered, not booked again.
pub(crate) async fn top_up(
    till: &Till,
    transfer_id: TransferId,
    reseller: ResellerId,
    amount: i64,
    note: String,
    pack: Option<PackAsShown>,
) -> Result<Reseller, SessionError> {
    let reseller = reseller.to_string();
    let movement = MoveCredits { transfer_id, kind: TransferKind::Purchase, amount, note, pack };
    call::<AdminCreditMove>(till, &[&reseller], &movement).await?;
    till.sync.wake();
    call::<AdminReseller>(till, &[&reseller], &()).await
}

/// All pages of devices.
async fn all_devices(till: &Till, mut query: DevicesQuery) -> Result<Vec<Device>, SessionError> {
    let mut devices = Vec::new();
    for _ in 0..MOST_PAGES {
        let page = call::<AdminDevices>(till, &[], &query).await?;
        devices.extend(page.items);
        if page.next.is_none() {
            break;
        }
        query.after = page.next;
    }
    Ok(devices)
}

/// The operator's own machines, the newest first.
pub(crate) async fn staff_devices(till: &Till) -> Result<Vec<Device>, SessionError> {
    all_devices(till, DevicesQuery { limit: Some(MAX_LIMIT), of_staff: Some(true), ..DevicesQuery::default() }).await
}

/// A reseller's devices with their leases.
pub(crate) async fn devices(till: &Till, reseller: ResellerId) -> Result<Vec<(Device, Vec<Lease>)>, SessionError> {
    let of_it = DevicesQuery { limit: Some(MAX_LIMIT), reseller_id: Some(reseller), ..DevicesQuery::default() };
    let devices = all_devices(till, of_it).await?;
    let mut query = LeasesQuery { after: None, limit: Some(MAX_LIMIT), reseller_id: Some(reseller), device_id: None };
    let mut leases = Vec::new();
    for _ in 0..MOST_PAGES {
        let page = call::<AdminLeases>(till, &[], &query).await?;
        leases.extend(page.items);
        if page.next.is_none() {
            break;
        }
        query.after = page.next;
    }
    let of = |device: &Device| leases.iter().filter(|lease| lease.device_id == device.device_id).cloned().collect();
    Ok(devices
        .into_iter()
        .map(|device| {
            let held = of(&device);
            (device, held)
        })
        .collect())
}

/// The lost-laptop switch.
pub(crate) async fn revoke_lease(till: &Till, lease: LeaseId, cut: Option<u32>) -> Result<Lease, SessionError> {
    let request = RevokeLease { cut, reason: "revoked at the desktop".into() };
    let revoked = call::<AdminLeaseRevoke>(till, &[&lease.to_string()], &request).await?;
    till.sync.wake();
    Ok(revoked)
}

/// Blocks a lost machine: one of any shop or the operator's for staff, one of the own shop for its owner.
pub(crate) async fn block_device(till: &Till, device: DeviceId, reason: String) -> Result<Device, SessionError> {
    let (id, asked) = (device.to_string(), BlockDevice { reason });
    let blocked = if is_staff(till).await? {
        call::<AdminDeviceBlock>(till, &[&id], &asked).await?
    } else {
        call::<ResellerDeviceBlock>(till, &[&id], &asked).await?
    };
    till.sync.wake();
    Ok(blocked)
}
