//! First start, sign-in, device enrolment, and the vault.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ApiError, ErrorCode};
use crate::Client;

/// What the application can do right now; decides the first page.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AppState {
    pub phase: Phase,
    pub version: String,
    #[ts(optional)]
    pub server: Option<ServerInfo>,
    #[ts(optional)]
    pub user: Option<UserView>,
    #[ts(optional)]
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
    /// Plain HTTP to another machine: the page warns.
    pub insecure: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    Admin,
    Reseller,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct UserView {
    pub username: String,
    pub audience: Audience,
    /// Role name of the glossary, e.g. `owner`, `clerk`, `super_admin`.
    pub role: String,
    /// The reseller's company name; absent for administrators.
    #[ts(optional)]
    pub reseller_name: Option<String>,
    /// False when the session has ended: Central asks for the password again before admin work.
    pub signed_in: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CheckServer {
    pub url: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    pub url: String,
    pub audience: Audience,
    pub username: String,
    pub password: String,
    /// Shown to the owner and on receipts, e.g. "Till 2".
    pub device_name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Passphrase {
    pub passphrase: String,
}

pub async fn app_state(_client: &Arc<Client>, _request: ()) -> Result<AppState, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn check_server(_client: &Arc<Client>, _request: CheckServer) -> Result<ServerInfo, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn sign_in(_client: &Arc<Client>, _request: SignIn) -> Result<AppState, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn sign_out(_client: &Arc<Client>, _request: ()) -> Result<AppState, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn choose_passphrase(_client: &Arc<Client>, _request: Passphrase) -> Result<AppState, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn unlock(_client: &Arc<Client>, _request: Passphrase) -> Result<AppState, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}
