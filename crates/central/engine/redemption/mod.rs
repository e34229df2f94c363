//! Redeeming a code, once: settle it if nobody has, capture it, and extend the subscriber, in one transaction. Those of an
//! operator that meet share it: [`lane`].

mod answer;
mod batch;
mod error;
mod finding;
mod guard;
mod lane;
mod lookup;
mod repo;
mod subject;
mod target;
mod used;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_domain::code::Code;
use counterfoil_domain::ids::OperatorId;
use counterfoil_wire::public::ActivationRequest;

use super::App;
use super::stored::stored;

pub(crate) use answer::Activated;
pub(crate) use error::RedeemError;
pub(crate) use finding::Findings;
pub(crate) use guard::Guard;
pub(crate) use lane::Redemptions;
use lane::{Asked, Told};
pub(crate) use lookup::{look_up, subscription};
pub(crate) use repo::{Attempt, NewActivation};
use subject::Subject;

/// Redeems a code for an account, or answers a repeat with the first success.
pub(crate) async fn activate(
    app: &App,
    request: &ActivationRequest,
    address: ClientAddress,
) -> Result<Activated, RedeemError> {
    let code = Code::parse(&request.code)?;
    let subject = Subject::of(request);
    let guard = Guard::new(Some(&subject.bucket()), address);
    let Some(found) = finding::find(app, &code, &guard).await? else {
        guard.miss(app).await?;
        return Err(RedeemError::Unknown);
    };
    if found.in_stock {
        let refused = if found.revoked { RedeemError::Withdrawn } else { RedeemError::NotSold };
        guard.refused(app, None, refused.outcome()).await?;
        return Err(refused);
    }
    let operator = found.lease_operator.or(found.lot_operator);
    let operator = OperatorId(stored(operator, "candidate", "source_id", found.source_id)?);
    let asked = Asked { code, found, subject, guard: guard.clone() };
    let Told { seen, outcome } = lane::redeem(app, operator, asked).await;
    if let Err(error) = &outcome
        && !matches!(error, RedeemError::Failed(_))
    {
        guard.refused(app, seen, error.outcome()).await?;
    }
    outcome
}

/// Forgets attempts older than half a year.
pub(crate) async fn forget_attempts(app: &App) -> Result<(), Failure> {
    let mut tx = app.transaction().await?;
    repo::forget_attempts(&mut tx, app.now().plus_days(-183)).await?;
    Ok(tx.commit().await?)
}
