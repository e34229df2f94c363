//! What the commands of the console do on this engine.

use counterfoil_central_platform::console::{NewOperator, NewStaff, Report};
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::OperatorId;
use counterfoil_wire::second_factor::RemoveSecondFactor;
use counterfoil_wire::sessions::Audience;

use super::audit::Actor;
use super::{App, api_keys, audit, feed, ledger, operators, second_factor, staff};

/// Adds somebody to the staff, and sets the operator up first if there is none. True if it did.
pub async fn create_admin(app: &App, operator: &NewOperator, new: NewStaff) -> Result<bool, Failure> {
    let known = operators::first(&mut *app.reader().await?).await?;
    let fresh = known.is_none();
    let operator = match known {
        Some(operator) => operator,
        None => operators::create(app, mint(app.now()), operator).await?,
    };
    staff::create(app, operator.id, &Actor::system(), new).await?;
    Ok(fresh)
}

/// Takes the second factor away from one of the staff. True if there was one.
pub async fn remove_second_factor(app: &App, username: &str) -> Result<bool, Failure> {
    let operator = operators::first(&mut *app.reader().await?).await?;
    let operator = operator.ok_or_else(|| Failure::not_found("user name"))?;
    let asked = RemoveSecondFactor { audience: Audience::Admin, username: username.to_owned() };
    Ok(second_factor::remove_by_name(app, operator.id, &Actor::system(), &asked).await?.was_on)
}

/// API keys that are not revoked.
pub async fn count_api_keys(app: &App) -> Result<u32, Failure> {
    let mut reader = app.reader().await?;
    match operators::first(&mut reader).await? {
        Some(operator) => api_keys::count_live(&mut reader, operator.id).await,
        None => Ok(0),
    }
}

/// Revokes every API key, and says how many there were.
pub async fn revoke_api_keys(app: &App) -> Result<u32, Failure> {
    let operator = operators::first(&mut *app.reader().await?).await?;
    match operator {
        Some(operator) => api_keys::revoke_all(app, operator.id).await,
        None => Ok(0),
    }
}

/// Proves all books, entry by entry, the feed's sums, and the audit, line by line, at one moment.
pub async fn verify(app: &App) -> Result<Report, Failure> {
    let operator = operators::first(&mut *app.reader().await?).await?;
    match operator {
        Some(operator) => verify_operator(app, operator.id).await,
        None => Ok(Report::default()),
    }
}

pub(crate) async fn verify_operator(app: &App, operator: OperatorId) -> Result<Report, Failure> {
    let mut snapshot = app.snapshot().await?;
    let mut report = ledger::verify(&mut snapshot, operator).await?;
    report.faults.extend(feed::verify(&mut snapshot, operator).await?);
    audit::verify(&mut snapshot, operator, &mut report).await?;
    Ok(report)
}

/// The figures of `/metrics` that have to be looked up: connections, and whether the books balance.
pub async fn observe(app: &App) -> Result<(), Failure> {
    app.observe();
    let mut snapshot = app.snapshot().await?;
    if let Some(operator) = operators::first(&mut snapshot).await? {
        let faults = ledger::quick_verify(&mut snapshot, operator.id).await?.faults.len();
        metrics::gauge!("counterfoil_ledger_faults").set(f64::from(u32::try_from(faults).unwrap_or(u32::MAX)));
    }
    Ok(())
}
