//! What the commands of the console do on this engine.

use counterfoil_central_platform::console::{NewOperator, NewStaff, Report};
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;

use super::audit::Actor;
use super::{App, ledger, operators, staff};

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

/// Proves all books, entry by entry, at one moment.
pub async fn verify(app: &App) -> Result<Report, Failure> {
    let mut snapshot = app.snapshot().await?;
    match operators::first(&mut snapshot).await? {
        Some(operator) => ledger::verify(&mut snapshot, operator.id).await,
        None => Ok(Report::default()),
    }
}

#[cfg(test)]
pub(crate) async fn verify_operator(
    app: &App,
    operator: counterfoil_domain::ids::OperatorId,
) -> Result<Report, Failure> {
    ledger::verify(&mut *app.snapshot().await?, operator).await
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
