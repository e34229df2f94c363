//! Members and machines of the signed-in owner's reseller, and the resellers directly below it: work at Central.

use counterfoil_domain::ids::MemberId;
use counterfoil_wire::devices::{Device, OwnDevicesQuery};
use counterfoil_wire::endpoint::{
    ResellerDevices, ResellerMemberCreate, ResellerMemberSecondFactorRemove, ResellerMemberUpdate, ResellerMembers,
    ResellerSubResellerCreate, ResellerSubResellerUpdate,
};
use counterfoil_wire::members::{Member, SaveMember};
use counterfoil_wire::page::{MAX_LIMIT, PageQuery};
use counterfoil_wire::resellers::{Reseller, SaveSubReseller};
use counterfoil_wire::second_factor::RemovedSecondFactor;

use crate::session::{SessionError, call};
use crate::till::Till;

/// Pages of a list that is shown whole, at most.
const MOST_PAGES: usize = 10;

/// Everybody, by user name.
pub(crate) async fn all(till: &Till) -> Result<Vec<Member>, SessionError> {
    let mut members = Vec::new();
    let mut query = PageQuery { after: None, limit: Some(MAX_LIMIT), search: None };
    for _ in 0..MOST_PAGES {
        let page = call::<ResellerMembers>(till, &[], &query).await?;
        members.extend(page.items);
        if page.next.is_none() {
            break;
        }
        query.after = page.next;
    }
    Ok(members)
}

/// The shop's machines, the newest first.
pub(crate) async fn devices(till: &Till) -> Result<Vec<Device>, SessionError> {
    let mut devices = Vec::new();
    let mut query = OwnDevicesQuery { after: None, limit: Some(MAX_LIMIT) };
    for _ in 0..MOST_PAGES {
        let page = call::<ResellerDevices>(till, &[], &query).await?;
        devices.extend(page.items);
        if page.next.is_none() {
            break;
        }
        query.after = page.next;
    }
    Ok(devices)
}

pub(crate) async fn save(till: &Till, member: &SaveMember) -> Result<Member, SessionError> {
    if member.version.is_none() {
        call::<ResellerMemberCreate>(till, &[], member).await
    } else {
        call::<ResellerMemberUpdate>(till, &[&member.member_id.to_string()], member).await
    }
}

/// From a member who lost app and recovery codes.
pub(crate) async fn remove_second_factor(till: &Till, member: MemberId) -> Result<RemovedSecondFactor, SessionError> {
    call::<ResellerMemberSecondFactorRemove>(till, &[&member.to_string()], &()).await
}

pub(crate) async fn save_below(till: &Till, reseller: &SaveSubReseller) -> Result<Reseller, SessionError> {
    let saved = if reseller.version.is_none() {
        call::<ResellerSubResellerCreate>(till, &[], reseller).await?
    } else {
        call::<ResellerSubResellerUpdate>(till, &[&reseller.reseller_id.to_string()], reseller).await?
    };
    till.sync.wake();
    Ok(saved)
}
