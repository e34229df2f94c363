//! First start, sign-in, device enrolment, and the vault.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use counterfoil_wire::sessions;

use super::{ApiError, ErrorCode};
use crate::Client;
use crate::central::Address;
use crate::client::Stage;
use crate::device;
use crate::session::{self, SessionError};
use crate::sync;

/// What the application can do right now; decides the first page.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AppState {
    pub phase: Phase,
    pub version: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<ServerInfo>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<UserView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
}

/// Where the user stands between first start and work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// No OS keyring answers and no sealed file exists: choose a passphrase first.
    ChoosePassphrase,
    /// The passphrase-sealed file must be opened.
    Locked,
    /// The local database exists but the key for it did not come back from the keyring.
    KeyMissing,
    /// Never enrolled: ask for server address and sign-in.
    SignIn,
    /// Enrolled, but the session ended; selling goes on, admin pages ask to sign in again.
    Ready,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ServerInfo {
    pub url: String,
    pub operator_name: String,
    /// IANA zone in which terms end.
    pub time_zone: String,
    /// ISO 4217 code of the operator's money: prices, packs, commission, and wallets on share are in it.
    pub currency: String,
    /// Plain HTTP to another machine: the page warns.
    pub insecure: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    Admin,
    Reseller,
}

impl From<Audience> for sessions::Audience {
    fn from(audience: Audience) -> Self {
        match audience {
            Audience::Admin => Self::Admin,
            Audience::Reseller => Self::Reseller,
        }
    }
}

impl From<sessions::Audience> for Audience {
    fn from(audience: sessions::Audience) -> Self {
        match audience {
            sessions::Audience::Admin => Self::Admin,
            sessions::Audience::Reseller => Self::Reseller,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct UserView {
    pub username: String,
    pub audience: Audience,
    /// Role name of the glossary, e.g. `owner`, `clerk`, `super_admin`.
    pub role: String,
    /// The reseller's company name; absent for administrators.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_name: Option<String>,
    /// False when the session has ended: Central asks for the password again before admin work.
    pub signed_in: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CheckServer {
    pub url: String,
}

#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    pub url: String,
    pub audience: Audience,
    pub username: String,
    pub password: String,
    /// Six digits or a recovery code, once Central asked for one.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor: Option<String>,
    /// Shown to the owner and on receipts, e.g. "Till 2".
    pub device_name: String,
    /// In place of a password that somebody else chose: after `password_change_needed`, with all else as it was.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_password: Option<String>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn")
            .field("url", &self.url)
            .field("audience", &self.audience)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Passphrase {
    pub passphrase: String,
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passphrase").finish_non_exhaustive()
    }
}

/// The application as it is now; also tries again what waited for the keyring.
pub async fn app_state(client: &Arc<Client>, (): ()) -> Result<AppState, ApiError> {
    client.retry().await;
    state(client).await
}

/// Who is at an address, before anybody signs in there.
pub async fn check_server(client: &Arc<Client>, request: CheckServer) -> Result<ServerInfo, ApiError> {
    let address = Address::parse(&request.url).ok_or(SessionError::Address)?;
    let about = session::about(&*client.till()?, &address).await?;
    Ok(ServerInfo {
        url: address.as_str().to_owned(),
        operator_name: about.operator_name,
        time_zone: about.time_zone,
        currency: about.currency,
        insecure: address.is_insecure(),
    })
}

/// Signs in; a new machine is enrolled and gets its first data and its first lease.
pub async fn sign_in(client: &Arc<Client>, request: SignIn) -> Result<AppState, ApiError> {
    let till = client.till()?;
    let address = Address::parse(&request.url).ok_or(SessionError::Address)?;
    let device_name = match request.device_name.trim() {
        "" => "Desktop",
        name => name,
    };
    let credentials = session::Credentials {
        address,
        audience: request.audience.into(),
        username: request.username.trim(),
        password: &request.password,
        second_factor: request.second_factor.as_deref(),
        device_name,
        new_password: request.new_password.as_deref(),
    };
    session::sign_in(&till, &credentials).await?;
    // The first pages should not be empty. What goes wrong here the status strip tells.
    if let Err(error) = sync::run_now(&till).await {
        tracing::warn!(%error, "the first sync did not finish");
    }
    till.sync.wake();
    state(client).await
}

/// Ends the session; selling goes on.
pub async fn sign_out(client: &Arc<Client>, (): ()) -> Result<AppState, ApiError> {
    session::sign_out(&*client.till()?).await?;
    state(client).await
}

/// Seals the secrets with a passphrase where no keyring answers.
pub async fn choose_passphrase(client: &Arc<Client>, request: Passphrase) -> Result<AppState, ApiError> {
    client.choose_passphrase(request.passphrase).await?;
    state(client).await
}

/// Opens the sealed secrets.
pub async fn unlock(client: &Arc<Client>, request: Passphrase) -> Result<AppState, ApiError> {
    client.unlock(request.passphrase).await?;
    state(client).await
}

/// Puts the records of a frozen till, or of one whose key or passphrase is gone, aside; this machine can then be set up
/// anew.
pub async fn start_over(client: &Arc<Client>, (): ()) -> Result<AppState, ApiError> {
    if !client.start_over().await? {
        return Err(ApiError::new(ErrorCode::Conflict, "this till is not frozen and its key is here"));
    }
    state(client).await
}

async fn state(client: &Arc<Client>) -> Result<AppState, ApiError> {
    let version = client.options().app_version.clone();
    let closed = |phase| Ok(AppState { phase, version: version.clone(), server: None, user: None, device_name: None });
    let till = match client.stage() {
        Stage::ChoosePassphrase => return closed(Phase::ChoosePassphrase),
        Stage::Locked => return closed(Phase::Locked),
        Stage::KeyMissing { .. } => return closed(Phase::KeyMissing),
        Stage::Open(till) => till,
    };
    let Some(device) = till.device().await? else { return closed(Phase::SignIn) };
    let member = device::repo::member(&mut *till.read().await?).await?;
    let user = member.map(|member| UserView {
        username: member.username,
        audience: member.audience.into(),
        role: member.role,
        reseller_name: member.reseller_name,
        signed_in: member.signed_in,
    });
    let insecure = Address::parse(&device.server_url).is_some_and(|address| address.is_insecure());
    let server = ServerInfo {
        url: device.server_url,
        operator_name: device.operator_name,
        time_zone: device.time_zone,
        currency: device.currency,
        insecure,
    };
    Ok(AppState { phase: Phase::Ready, version, server: Some(server), user, device_name: Some(device.name) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::{admin, selling};

    /// What a person types in secret, and the code that a customer is given, show in no debug print.
    #[test]
    fn debug_shows_no_secret() {
        let sign_in: SignIn = serde_json::from_value(json!({
            "url": "https://central.example", "audience": "reseller", "username": "corner-shop",
            "password": "correct horse", "second_factor": "081804", "device_name": "Till 2",
        }))
        .expect("a sign-in");
        let passphrase: Passphrase = serde_json::from_value(json!({ "passphrase": "correct horse" })).expect("one");
        let reseller: admin::SaveReseller = serde_json::from_value(json!({
            "reseller_id": "0195c0de-0000-7000-8000-000000000001", "username": "corner-shop",
            "password": "correct horse", "company": "", "email": "", "contact": "", "phone": "",
            "settlement_mode": "wholesale", "credit_limit": 0, "status": "active",
        }))
        .expect("a reseller");
        let sold: selling::SoldCode = serde_json::from_value(json!({
            "code_id": "0195c0de-0000-7000-8000-000000000002", "code": "PM2D-M0BP-0419-5CYQ",
            "serial": "000001-0001", "plan_name": "Month", "term_days": 30,
            "price": { "value": 999, "unit": "EUR" }, "sold_at": 0, "redeem_by": 0, "state": "sold", "synced": false,
        }))
        .expect("a code");
        let printed = format!("{sign_in:?} {passphrase:?} {reseller:?} {sold:?}");
        assert!(printed.contains("corner-shop"));
        for secret in ["correct horse", "081804", "M0BP"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
}
