//! One account as its portal shows it now, beside what Central wants.

use counterfoil_domain::ids::{AccountId, PortalId};
use counterfoil_domain::permission::StaffAction;
use counterfoil_domain::portal::ProvisioningState;
use counterfoil_portals::{
    AccountNumber, AccountRecord, Login, Mac, Portal, Reading, Shown, Trouble, key_of_login, look_at_box,
};
use counterfoil_wire::boxes::PortalBox;
use counterfoil_wire::drift::FieldDrift;

use super::{DirectError, reach, repo, rights, standings};
use crate::till::Till;

/// What was seen.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) portal_box: PortalBox,
    pub(crate) account_number: String,
    /// The customer's account; none where Central told of none of this login.
    pub(crate) account_id: Option<AccountId>,
    pub(crate) reseller_company: Option<String>,
    /// Central still had something to write.
    pub(crate) waiting: bool,
    pub(crate) fields: Vec<FieldDrift>,
}

/// Finds it by its login, its MAC address in any spelling, or its number.
pub(crate) async fn look(till: &Till, portal_id: PortalId, search: &str) -> Result<Seen, DirectError> {
    rights::require(till, StaffAction::RepairAccounts).await?;
    let connection = reach::connection(till, portal_id).await?;
    let reading = Reading::of(&connection)?;
    let portal = connection.portal_while_somebody_waits()?;
    let search = search.trim();
    if search.is_empty() {
        let message = "type a login, a MAC address or an account number".into();
        return Err(DirectError::Invalid { field: "search", message });
    }
    let record = find(&portal, search).await?;
    if record.login.is_empty() {
        let detail = format!("The box {} has no login: it can only be seen on the portal itself.", record.stb_mac);
        return Err(DirectError::Conflict(detail));
    }
    let portal_box = look_at_box(&portal, &connection, &record.login, till.clock().wall()).await?;
    let key = key_of_login(&record.login);
    let standing = repo::of_keys(&mut *till.read().await?, portal_id, &[key.as_str()]).await?.pop();
    let shown = Shown::of(&record);
    let now = till.trusted_now();
    let wanted = standing.as_ref().and_then(|standing| Some((standing, standings::wanted(standing, now)?)));
    let fields = match wanted {
        Some((standing, wanted)) => reading.drift(&wanted, &shown, standing.nobodys, standing.agreed.as_ref()),
        None => reading.alone(&shown),
    };
    Ok(Seen {
        portal_box,
        account_number: record.account_number,
        account_id: standing.as_ref().map(|standing| standing.account_id),
        waiting: standing.as_ref().is_some_and(|standing| standing.state == ProvisioningState::Waiting),
        reseller_company: standing.and_then(|standing| standing.reseller_company),
        fields,
    })
}

/// The login first: it is the only name that one account alone has.
async fn find(portal: &Portal, search: &str) -> Result<AccountRecord, DirectError> {
    if let Ok(login) = Login::new(search) {
        match portal.account(&login).await.map_err(Trouble::from) {
            Ok(Some(record)) => return Ok(record),
            Ok(None) => {}
            // Rules of its web server make another account's name of this text.
            Err(trouble) if trouble.code == "wrong_record" => {}
            Err(trouble) => return Err(trouble.into()),
        }
    }
    if let Ok(mac) = search.parse::<Mac>() {
        let found = portal.accounts_of_mac(mac).await.map_err(Trouble::from)?;
        if let Some(record) = only_one("MAC address", &mac.to_string(), found)? {
            return Ok(record);
        }
    }
    if let Ok(number) = AccountNumber::new(search) {
        let found = portal.accounts_of_number(&number).await.map_err(Trouble::from)?;
        if let Some(record) = only_one("account number", search, found)? {
            return Ok(record);
        }
    }
    Err(DirectError::NotFound(format!("of the portal has this login, MAC address or number: {search}")))
}

/// None of several is chosen: a look at one of them would pass for all.
fn only_one(what: &str, name: &str, mut found: Vec<AccountRecord>) -> Result<Option<AccountRecord>, DirectError> {
    if found.len() < 2 {
        return Ok(found.pop());
    }
    let logins: Vec<&str> = found.iter().map(|record| record.login.as_str()).collect();
    let logins = logins.join(", ");
    let detail = format!(
        "{} accounts have the {what} {name}: {logins}. Look for one of them by its login, and put the duplicate right on \
         the portal.",
        found.len()
    );
    Err(DirectError::Conflict(detail))
}
