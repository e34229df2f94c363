//! A machine that is lost is blocked: it is told so and nothing else, and whoever is signed in at it is signed out.
//!
//! Its leases stay as they are, whoever blocks it. A block moves no credit and takes no code away from a customer, so a shop
//! gains nothing by it; what is to become of a lease that a thief may sell from is decided by the operator (`lease::revoke`),
//! who is told by the incident.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{DeviceId, OperatorId, ResellerId, SessionId};
use counterfoil_wire::devices::{BlockDevice, Device, DeviceStatus};
use serde_json::json;

use super::{STAFF_ONLY, repo, report};
use crate::engine::App;
use crate::engine::audit::{self, Actor};

/// Who blocks a device.
pub(crate) struct Blocker<'a> {
    pub(crate) operator: OperatorId,
    /// Only a device of this reseller; none for the operator's staff.
    pub(crate) reseller: Option<ResellerId>,
    pub(crate) actor: &'a Actor,
    /// Goes on: whoever blocks sits elsewhere.
    pub(crate) session: SessionId,
}

/// For good. The same again is answered as before.
pub(crate) async fn block(app: &App, by: &Blocker<'_>, id: DeviceId, asked: &BlockDevice) -> Result<Device, Failure> {
    let known = repo::find(&mut *app.reader().await?, id).await?;
    let known = known.filter(|known| {
        known.operator_id == by.operator.0 && by.reseller.is_none_or(|reseller| known.reseller_id == Some(reseller.0))
    });
    let known = known.ok_or_else(|| Failure::not_found("device"))?;
    let reason = asked.reason.trim();
    if !(1..=500).contains(&reason.chars().count()) {
        return Err(Failure::validation(vec![field("reason", "say why, in 1 to 500 characters")]));
    }
    let mut work = app.begin(by.operator).await?;
    if repo::retire(work.conn(), id).await? {
        let now = work.now();
        match known.reseller_id {
            Some(reseller) => repo::end_sessions_of_shop(work.conn(), reseller, by.session, now).await?,
            None => repo::end_sessions_of_staff(work.conn(), by.operator, by.session, now).await?,
        }
        work.touch(FeedTable::Device, id, known.reseller_path.as_deref().unwrap_or(STAFF_ONLY));
        report(&mut work, Some(id), "device_blocked", &json!({ "reason": reason })).await?;
        let before = json!({ "status": known.status });
        let after = json!({ "status": DeviceStatus::Retired, "reason": reason });
        audit::record(&mut work, by.actor, "device.block", Some(id.0), Some(&before), Some(&after)).await?;
    }
    let view = repo::view(work.conn(), id).await?.ok_or_else(|| Failure::not_found("device"))?;
    work.commit().await?;
    view.to_wire()
}
