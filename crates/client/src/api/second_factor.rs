//! A second factor beside the password: setting one up, ending it, and taking it away from somebody who lost it. Central
//! keeps it; what is secret passes through once.

use std::sync::Arc;

use counterfoil_wire::second_factor as wire;
use counterfoil_wire::sessions;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::session::Audience;
use crate::{Client, printing, second_factor};

/// How whoever is signed in stands to it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SecondFactorView {
    /// It is asked for at each sign-in.
    pub on: bool,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
    /// Nothing else may be done before there is one.
    pub required: bool,
}

/// What an app is given, shown this once.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct SecondFactorSetUp {
    /// Base 32, for typing.
    pub secret: String,
    /// The same as a QR, an SVG document.
    pub svg: String,
}

/// Shown this once, each good for one sign-in.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct RecoveryCodes {
    pub codes: Vec<String>,
}

#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BeginSecondFactor {
    pub password: String,
}

#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ConfirmSecondFactor {
    /// Six digits.
    pub code: String,
}

#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ProveSecondFactor {
    pub password: String,
    /// Six digits, or a recovery code.
    pub code: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RemoveSecondFactor {
    pub audience: Audience,
    pub username: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RemovedSecondFactor {
    /// As it is written.
    pub username: String,
    /// Whether there was one.
    pub was_on: bool,
}

/// How whoever is signed in stands to it, as Central has it.
pub async fn second_factor(client: &Arc<Client>, (): ()) -> Result<SecondFactorView, ApiError> {
    Ok(second_factor::standing(&*client.till()?).await?.into())
}

/// Gives an app what it needs; it counts once it is confirmed.
pub async fn begin_second_factor(
    client: &Arc<Client>,
    request: BeginSecondFactor,
) -> Result<SecondFactorSetUp, ApiError> {
    let wire::SecondFactorSecret { secret, uri } = second_factor::begin(&*client.till()?, request.password).await?;
    Ok(SecondFactorSetUp { secret, svg: printing::qr_svg(&uri)? })
}

/// Switches it on.
pub async fn confirm_second_factor(
    client: &Arc<Client>,
    request: ConfirmSecondFactor,
) -> Result<RecoveryCodes, ApiError> {
    Ok(second_factor::confirm(&*client.till()?, request.code).await?.into())
}

/// Switches it off; how it is then.
pub async fn end_second_factor(client: &Arc<Client>, request: ProveSecondFactor) -> Result<SecondFactorView, ApiError> {
    let till = client.till()?;
    second_factor::end(&till, request.password, request.code).await?;
    Ok(second_factor::standing(&till).await?.into())
}

/// New recovery codes in place of the older ones.
pub async fn renew_recovery_codes(client: &Arc<Client>, request: ProveSecondFactor) -> Result<RecoveryCodes, ApiError> {
    Ok(second_factor::renew(&*client.till()?, request.password, request.code).await?.into())
}

/// Takes it away from somebody who lost app and recovery codes. Staff only.
pub async fn remove_second_factor(
    client: &Arc<Client>,
    request: RemoveSecondFactor,
) -> Result<RemovedSecondFactor, ApiError> {
    let audience = match request.audience {
        Audience::Admin => sessions::Audience::Admin,
        Audience::Reseller => sessions::Audience::Reseller,
    };
    let asked = wire::RemoveSecondFactor { audience, username: request.username };
    Ok(second_factor::remove(&*client.till()?, &asked).await?.into())
}

impl From<wire::SecondFactor> for SecondFactorView {
    fn from(standing: wire::SecondFactor) -> Self {
        Self { on: standing.on, recovery_codes: standing.recovery_codes, required: standing.required }
    }
}

impl From<wire::RecoveryCodes> for RecoveryCodes {
    fn from(codes: wire::RecoveryCodes) -> Self {
        Self { codes: codes.codes }
    }
}

impl From<wire::RemovedSecondFactor> for RemovedSecondFactor {
    fn from(removed: wire::RemovedSecondFactor) -> Self {
        Self { username: removed.username, was_on: removed.was_on }
    }
}
