//! Signing in, staying signed in, and enrolling this machine.

mod enrol;
mod error;
mod first;
mod keeper;
pub(crate) mod open;

use std::time::Duration;

use counterfoil_wire::endpoint::{About, AdminLogin, Endpoint, ResellerLogin, SessionLogout};
use counterfoil_wire::public;
use counterfoil_wire::sessions::{Audience, LoginRequest, SignedIn};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use error::SessionError;
pub(crate) use keeper::Keeper;

use crate::api::Topic;
use crate::central::{Address, Caller, CentralError, WHOLE_LIMIT};
use crate::device;
use crate::direct;
use crate::store::StoreError;
use crate::till::Till;

/// What a person enters to sign in.
pub(crate) struct Credentials<'a> {
    pub(crate) address: Address,
    pub(crate) audience: Audience,
    pub(crate) username: &'a str,
    pub(crate) password: &'a str,
    /// Once Central asked for one.
    pub(crate) second_factor: Option<&'a str>,
    pub(crate) device_name: &'a str,
    /// In place of a password that somebody else chose.
    pub(crate) new_password: Option<&'a str>,
}

/// Who the server at an address is.
pub(crate) async fn about(till: &Till, address: &Address) -> Result<public::About, CentralError> {
    till.central().call::<About>(address, &[], &(), Caller::Nobody).await
}

/// Signs in and, on a new machine, enrols it.
pub(crate) async fn sign_in(till: &Till, credentials: &Credentials<'_>) -> Result<(), SessionError> {
    let _one = till.session.signing_in.lock().await;
    let about = about(till, &credentials.address).await?;
    if let Some(device) = till.device().await?
        && device.operator_id != Some(about.operator_id)
    {
        return Err(SessionError::OtherOperator(device.operator_name));
    }
    let signed_in = match first::waiting(till, credentials).await {
        Some(waiting) => waiting,
        None => login(till, credentials).await?,
    };
    // Staff may work at a shop's machine, which stays the shop's; another shop may not.
    if let Some(device) = till.device().await?
        && device.reseller_id.is_some()
        && signed_in.me.reseller_id.is_some()
        && device.reseller_id != signed_in.me.reseller_id
    {
        return Err(SessionError::OtherReseller);
    }
    let signed_in = first::own_password(till, credentials, signed_in).await?;
    enrol::ensure(till, credentials, &about, &signed_in).await?;
    keep(till, &credentials.address, &signed_in).await?;
    direct::signed_in(till).await?;
    till.learn_time(about.server_time);
    till.tell(Topic::Session);
    Ok(())
}

async fn login(till: &Till, credentials: &Credentials<'_>) -> Result<SignedIn, CentralError> {
    let login = LoginRequest {
        username: credentials.username.to_owned(),
        password: credentials.password.to_owned(),
        second_factor: credentials.second_factor.map(str::to_owned),
    };
    match credentials.audience {
        Audience::Admin => till.central().call::<AdminLogin>(&credentials.address, &[], &login, Caller::Nobody).await,
        Audience::Reseller => {
            till.central().call::<ResellerLogin>(&credentials.address, &[], &login, Caller::Nobody).await
        }
    }
}

/// The tokens, then whose they are. Where the second fails nobody is signed in, rather than somebody under the name of who
/// was before.
async fn keep(till: &Till, address: &Address, signed_in: &SignedIn) -> Result<(), SessionError> {
    till.files.cancel_all();
    till.session.adopt(till, signed_in).await?;
    let remembered = remember(till, address, signed_in).await;
    if remembered.is_err()
        && let Err(error) = till.session.forget(till).await
    {
        tracing::warn!(%error, "what is known of a sign-in that failed is not all gone");
    }
    Ok(remembered?)
}

async fn remember(till: &Till, address: &Address, signed_in: &SignedIn) -> Result<(), StoreError> {
    let mut transaction = till.store().write_local().await?;
    device::repo::save_member(&mut transaction, &signed_in.me).await?;
    device::repo::set_server_url(&mut transaction, address.as_str()).await?;
    transaction.commit().await?;
    Ok(())
}

/// Ends the session. The device stays enrolled and goes on selling.
pub(crate) async fn sign_out(till: &Till) -> Result<(), SessionError> {
    // It may wait for Central for long, and what it forgets then must still be the session that it was asked to end.
    let _alone = till.session.signing_in.lock().await;
    till.files.cancel_all();
    // Central forgets the session when it hears of it; a shop that is offline must be able to leave too.
    if let Err(error) = call::<SessionLogout>(till, &[], &()).await {
        tracing::debug!(%error, "Central did not hear of the sign-out");
    }
    till.session.forget(till).await?;
    till.tell(Topic::Session);
    Ok(())
}

/// A call in the name of the signed-in person. An access token that ended is renewed once.
pub(crate) async fn call<E>(till: &Till, parameters: &[&str], request: &E::Request) -> Result<E::Response, SessionError>
where
    E: Endpoint,
    E::Request: Serialize,
    E::Response: DeserializeOwned,
{
    call_within::<E>(till, WHOLE_LIMIT, parameters, request).await
}

/// As [`call`], for what Central itself has to wait for.
pub(crate) async fn call_within<E>(
    till: &Till,
    limit: Duration,
    parameters: &[&str],
    request: &E::Request,
) -> Result<E::Response, SessionError>
where
    E: Endpoint,
    E::Request: Serialize,
    E::Response: DeserializeOwned,
{
    let device = till.device().await?.ok_or(CentralError::NotSignedIn)?;
    let address = Address::parse(&device.server_url)
        .ok_or_else(|| CentralError::Incompatible("the stored address cannot be read".into()))?;
    let central = till.central();
    let token = till.session.token(till, &address).await?;
    let first = central.call_within::<E>(&address, parameters, request, Caller::Session(token.text()), limit).await;
    match first {
        Err(error) if error.is(counterfoil_wire::problem::Code::NotSignedIn) => {
            let token = till.session.renew(till, &address, &token).await?;
            let caller = Caller::Session(token.text());
            Ok(central.call_within::<E>(&address, parameters, request, caller, limit).await?)
        }
        other => Ok(other?),
    }
}

/// As [`call_within`], for what answers with text.
pub(crate) async fn text<E>(
    till: &Till,
    limit: Duration,
    parameters: &[&str],
    request: &E::Request,
) -> Result<String, SessionError>
where
    E: Endpoint,
    E::Request: Serialize,
{
    let device = till.device().await?.ok_or(CentralError::NotSignedIn)?;
    let address = Address::parse(&device.server_url)
        .ok_or_else(|| CentralError::Incompatible("the stored address cannot be read".into()))?;
    let central = till.central();
    let token = till.session.token(till, &address).await?;
    let first = central.text::<E>(&address, parameters, request, Caller::Session(token.text()), limit).await;
    match first {
        Err(error) if error.is(counterfoil_wire::problem::Code::NotSignedIn) => {
            let token = till.session.renew(till, &address, &token).await?;
            Ok(central.text::<E>(&address, parameters, request, Caller::Session(token.text()), limit).await?)
        }
        other => Ok(other?),
    }
}
