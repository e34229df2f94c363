//! The operator's staff, and names that are locked: work at Central.

use counterfoil_domain::ids::StaffId;
use counterfoil_wire::endpoint::{
    AdminSignIns, AdminStaff, AdminStaffCreate, AdminStaffDisable, AdminStaffEnable, AdminStaffResetPassword,
    AdminStaffUpdate,
};
use counterfoil_wire::page::{MAX_LIMIT, PageQuery};
use counterfoil_wire::sessions::LockedName;
use counterfoil_wire::staff::{CreateStaff, SaveStaff, StaffMember, StaffVersion, StaffWithPassword};

use crate::session::{SessionError, call};
use crate::till::Till;

/// Pages of a list that is shown whole, at most.
const MOST_PAGES: usize = 10;

/// Everybody, by user name.
pub(crate) async fn all(till: &Till) -> Result<Vec<StaffMember>, SessionError> {
    let mut staff = Vec::new();
    let mut query = PageQuery { after: None, limit: Some(MAX_LIMIT), search: None };
    for _ in 0..MOST_PAGES {
        let page = call::<AdminStaff>(till, &[], &query).await?;
        staff.extend(page.items);
        if page.next.is_none() {
            break;
        }
        query.after = page.next;
    }
    Ok(staff)
}

pub(crate) async fn create(till: &Till, new: &CreateStaff) -> Result<StaffWithPassword, SessionError> {
    call::<AdminStaffCreate>(till, &[], new).await
}

pub(crate) async fn save(till: &Till, id: StaffId, edited: &SaveStaff) -> Result<StaffMember, SessionError> {
    call::<AdminStaffUpdate>(till, &[&id.to_string()], edited).await
}

pub(crate) async fn set_active(
    till: &Till,
    id: StaffId,
    version: u32,
    active: bool,
) -> Result<StaffMember, SessionError> {
    let (id, version) = (id.to_string(), StaffVersion { version });
    if active {
        call::<AdminStaffEnable>(till, &[&id], &version).await
    } else {
        call::<AdminStaffDisable>(till, &[&id], &version).await
    }
}

pub(crate) async fn reset(till: &Till, id: StaffId, version: u32) -> Result<StaffWithPassword, SessionError> {
    call::<AdminStaffResetPassword>(till, &[&id.to_string()], &StaffVersion { version }).await
}

/// Names that are locked now, the latest first.
pub(crate) async fn locked(till: &Till) -> Result<Vec<LockedName>, SessionError> {
    call::<AdminSignIns>(till, &[], &()).await
}
