//! Answers to why something is as it is, for staff. They need Central.

use counterfoil_domain::ids::{AccountId, ApplicationId, ResellerId};
use counterfoil_wire::endpoint::{AdminAccountSight, AdminApplicationStanding, AdminCommissionTrace};
use counterfoil_wire::troubleshooting::{AccountSight, ApplicationStanding, CommissionTrace};

use crate::session::{SessionError, call};
use crate::till::Till;

pub(crate) async fn sight(till: &Till, reseller: ResellerId, account: AccountId) -> Result<AccountSight, SessionError> {
    call::<AdminAccountSight>(till, &[&reseller.to_string(), &account.to_string()], &()).await
}

/// By the serial of a code or the user name of an account.
pub(crate) async fn trace(till: &Till, reference: &str) -> Result<CommissionTrace, SessionError> {
    call::<AdminCommissionTrace>(till, &[reference], &()).await
}

pub(crate) async fn standing(till: &Till, application: ApplicationId) -> Result<ApplicationStanding, SessionError> {
    call::<AdminApplicationStanding>(till, &[&application.to_string()], &()).await
}
