//! Applications of those who want to sell, and the rates of those who do: work of staff, at Central.

use counterfoil_domain::ids::{ApplicationId, ResellerId};
use counterfoil_wire::applications::{
    Application, ApplicationsQuery, ApproveApplication, RejectApplication, SERVER_PLACE,
};
use counterfoil_wire::commission::{ResellerRates, SetRate};
use counterfoil_wire::endpoint::{
    AdminApplication, AdminApplicationApprove, AdminApplicationReject, AdminApplications, AdminResellerRateSet,
    AdminResellerRates,
};
use counterfoil_wire::page::Page;

use crate::session::{SessionError, call};
use crate::till::Till;

/// The newest first.
pub(crate) async fn list(till: &Till, query: &ApplicationsQuery) -> Result<Page<Application>, SessionError> {
    call::<AdminApplications>(till, &[], query).await
}

pub(crate) async fn one(till: &Till, id: ApplicationId) -> Result<Application, SessionError> {
    let application = call::<AdminApplication>(till, &[&id.to_string()], &()).await?;
    addressed(till, application).await
}

/// Creates the reseller; the same again is answered like the first.
pub(crate) async fn approve(
    till: &Till,
    id: ApplicationId,
    asked: &ApproveApplication,
) -> Result<Application, SessionError> {
    let application = call::<AdminApplicationApprove>(till, &[&id.to_string()], asked).await?;
    till.sync.wake();
    addressed(till, application).await
}

pub(crate) async fn reject(till: &Till, id: ApplicationId, reason: String) -> Result<Application, SessionError> {
    let asked = RejectApplication { reason };
    let application = call::<AdminApplicationReject>(till, &[&id.to_string()], &asked).await?;
    addressed(till, application).await
}

/// Puts the address of the server that this device uses into the letter.
async fn addressed(till: &Till, mut application: Application) -> Result<Application, SessionError> {
    if let Some(letter) = &mut application.letter
        && let Some(device) = till.device().await?
    {
        letter.text = letter.text.replace(SERVER_PLACE, device.server_url.trim_end_matches('/'));
    }
    Ok(application)
}

pub(crate) async fn rates(till: &Till, reseller: ResellerId) -> Result<ResellerRates, SessionError> {
    call::<AdminResellerRates>(till, &[&reseller.to_string()], &()).await
}

pub(crate) async fn set_rate(
    till: &Till,
    reseller: ResellerId,
    asked: &SetRate,
) -> Result<ResellerRates, SessionError> {
    call::<AdminResellerRateSet>(till, &[&reseller.to_string()], asked).await
}
