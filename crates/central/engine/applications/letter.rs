//! The e-mail for an applicant, written for staff to send.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::application::ApplicationState;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::applications::{Application, Letter, SERVER_PLACE};

use crate::dialect::Conn;
use crate::engine::{operators, resellers};

/// None while the application waits.
pub(super) async fn of(
    conn: &mut Conn,
    operator: OperatorId,
    application: &Application,
) -> Result<Option<Letter>, Failure> {
    let Some(decision) = &application.decision else { return Ok(None) };
    let from = operators::get(conn, operator).await?.name;
    let Application { name, business_name, email, .. } = application;
    let (subject, text) = match (application.state, decision.reseller_id) {
        (ApplicationState::Approved, Some(reseller)) => {
            let username = resellers::get(conn, operator, &Scope::Operator, reseller).await?.username;
            (format!("{business_name}: welcome to {from}"), approved(name, business_name, &from, &username))
        }
        (ApplicationState::Rejected, _) => {
            let reason = decision.reason.as_deref().unwrap_or_default();
            (format!("Your application to {from}"), rejected(name, business_name, &from, reason))
        }
        _ => return Ok(None),
    };
    Ok(Some(Letter { to: email.clone(), subject, text }))
}

fn approved(name: &str, business: &str, from: &str, username: &str) -> String {
    format!(
        "Dear {name},\n\n\
         {from} has approved the application of {business}. You can start at once:\n\n\
         1. Install Counterfoil and sign in as a reseller.\n   \
         Server: {SERVER_PLACE}\n   \
         User name: {username}\n   \
         Password: the one you chose when you applied\n\
         2. Buy credit from {from}.\n\
         3. On the Credit page, take credit to this device. From then on you can sell there, also without a network.\n\
         4. Sell your first code on the Sell page.\n\n\
         We never ask for your password. If you have forgotten it, answer this e-mail and we set a new one.\n\n\
         {from}\n"
    )
}

fn rejected(name: &str, business: &str, from: &str, reason: &str) -> String {
    format!(
        "Dear {name},\n\n\
         Thank you for the application of {business}. {from} cannot approve it:\n\n\
         {reason}\n\n\
         If this changes, you are welcome to apply again.\n\n\
         {from}\n"
    )
}
