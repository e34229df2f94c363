//! A sign-in with a password that somebody else chose. It opens nothing but the way to another one, so it is held in memory
//! until its user has chosen; neither the password nor a second factor, which is used up, is asked for twice.

use counterfoil_wire::endpoint::MePassword;
use counterfoil_wire::problem::Code;
use counterfoil_wire::sessions::{Audience, ChangePassword, SignedIn};

use super::{Credentials, SessionError};
use crate::central::{Address, Caller};
use crate::till::Till;

/// What waits for another password.
#[derive(Debug)]
pub(crate) struct Waiting {
    address: Address,
    audience: Audience,
    username: String,
    signed_in: SignedIn,
}

/// The sign-in that waits, if these are the words that began it and there is another password now.
pub(super) async fn waiting(till: &Till, credentials: &Credentials<'_>) -> Option<SignedIn> {
    let waiting = till.session.take_waiting().await?;
    let same = waiting.address == credentials.address
        && waiting.audience == credentials.audience
        && waiting.username == credentials.username
        && credentials.new_password.is_some();
    same.then_some(waiting.signed_in)
}

/// Lets a sign-in through whose password is its user's own, now or already. Any other one waits.
pub(super) async fn own_password(
    till: &Till,
    credentials: &Credentials<'_>,
    mut signed_in: SignedIn,
) -> Result<SignedIn, SessionError> {
    if !signed_in.me.must_change_password {
        return Ok(signed_in);
    }
    let Some(new_password) = credentials.new_password else {
        wait(till, credentials, signed_in).await;
        return Err(SessionError::PasswordChangeNeeded);
    };
    let asked =
        ChangePassword { current_password: credentials.password.to_owned(), new_password: new_password.to_owned() };
    let caller = Caller::Session(&signed_in.access_token);
    let changed = till.central().call::<MePassword>(&credentials.address, &[], &asked, caller).await;
    match changed {
        Ok(()) => {
            signed_in.me.must_change_password = false;
            Ok(signed_in)
        }
        // It was over before another password was chosen: the next try signs in anew.
        Err(error) if error.is(Code::NotSignedIn) => Err(error.into()),
        Err(error) => {
            wait(till, credentials, signed_in).await;
            Err(error.into())
        }
    }
}

async fn wait(till: &Till, credentials: &Credentials<'_>, signed_in: SignedIn) {
    let waiting = Waiting {
        address: credentials.address.clone(),
        audience: credentials.audience,
        username: credentials.username.to_owned(),
        signed_in,
    };
    till.session.wait(waiting).await;
}
