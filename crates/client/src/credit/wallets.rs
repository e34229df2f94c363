//! What Central does with wallets when a person asks for it: thresholds, statements of others, credit for those below.

use counterfoil_domain::ids::ResellerId;
use counterfoil_wire::credits::{
    CreditsQuery, FundSubReseller, Funded, LowCredit, LowCreditDefaults, SetLowCredit, Statement,
};
use counterfoil_wire::endpoint::{
    AdminCredits, AdminLowCredit, AdminLowCreditDefaults, AdminLowCreditDefaultsUpdate, ResellerFund, ResellerLowCredit,
};

use crate::session::{SessionError, call};
use crate::till::Till;

/// When the own wallet is low; nothing follows the operator's threshold.
pub(crate) async fn set_low(till: &Till, threshold: Option<i64>) -> Result<LowCredit, SessionError> {
    call::<ResellerLowCredit>(till, &[], &SetLowCredit { threshold }).await
}

pub(crate) async fn set_low_of(
    till: &Till,
    reseller: ResellerId,
    threshold: Option<i64>,
) -> Result<LowCredit, SessionError> {
    call::<AdminLowCredit>(till, &[&reseller.to_string()], &SetLowCredit { threshold }).await
}

pub(crate) async fn low_defaults(till: &Till) -> Result<LowCreditDefaults, SessionError> {
    call::<AdminLowCreditDefaults>(till, &[], &()).await
}

pub(crate) async fn set_low_defaults(
    till: &Till,
    defaults: &LowCreditDefaults,
) -> Result<LowCreditDefaults, SessionError> {
    call::<AdminLowCreditDefaultsUpdate>(till, &[], defaults).await
}

/// The books of one reseller, for staff.
pub(crate) async fn statement(
    till: &Till,
    reseller: ResellerId,
    query: &CreditsQuery,
) -> Result<Statement, SessionError> {
    call::<AdminCredits>(till, &[&reseller.to_string()], query).await
}

/// Gives credit to a reseller below, or takes it back, once under its id.
pub(crate) async fn fund(till: &Till, below: ResellerId, asked: &FundSubReseller) -> Result<Funded, SessionError> {
    let funded = call::<ResellerFund>(till, &[&below.to_string()], asked).await?;
    till.sync.wake();
    Ok(funded)
}
