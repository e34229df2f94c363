//! Asking somebody who is signed in for the password again, and what follows from a proof. Wrong tries count as those of
//! signing in: a session that was stolen is no way to guess.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_domain::ids::SessionId;
use counterfoil_wire::problem::Code;
use counterfoil_wire::sessions::Audience;
use uuid::Uuid;

use super::{Identity, guard, identity, repo};
use crate::engine::App;
use crate::engine::audit::{self, NOTHING};
use crate::engine::second_factor;
use crate::engine::work::Work;

/// Counts a try and looks at the password; answers its stored hash. Whoever asked says with [`forget_tries`] that all of
/// what was asked for was right.
pub(crate) async fn check_password(
    app: &App,
    caller: &Identity,
    password: String,
    address: ClientAddress,
) -> Result<String, Failure> {
    let counted = guard::begin(app, caller.audience(), &caller.username, address).await?;
    let known = identity::by_username(app, caller.audience(), &caller.username).await?;
    let stored = known.filter(|(known, _)| known.user() == caller.user()).map(|(_, hash)| hash);
    let right = app.passwords().verify(password, stored.clone()).await.map_err(Failure::internal)?;
    match stored {
        Some(stored) if right => {
            guard::right(app, address, counted).await?;
            Ok(stored)
        }
        _ => {
            guard::wrong(app).await?;
            Err(Failure::new(Code::InvalidCredentials, "This is not your current password. Type it again."))
        }
    }
}

/// Forgets the wrong tries under a name: all that was asked for was right, or the name has a new password.
pub(crate) async fn forget_tries(work: &mut Work, audience: Audience, username: &str) -> Result<(), Failure> {
    guard::clear(work, audience, username).await
}

/// Counts a try that is about something else than the password, or refuses it; [`forget_tries`] as above.
pub(crate) async fn count_try(app: &App, caller: &Identity, address: ClientAddress) -> Result<(), Failure> {
    guard::begin(app, caller.audience(), &caller.username, address).await.map(|_| ())
}

/// Something beside the password was wrong.
pub(crate) async fn count_wrong(app: &App, address: ClientAddress) -> Result<(), Failure> {
    guard::wrong_beside(app, address).await
}

/// The refusal of a sign-in whose second factor is wrong. The operator sees it: somebody has the password.
pub(super) async fn refused(
    app: &App,
    mut work: Work,
    who: &Identity,
    address: ClientAddress,
) -> Result<Failure, Failure> {
    let actor = who.actor(address);
    audit::record(&mut work, &actor, "second_factor.refused", Some(who.user()), NOTHING, NOTHING).await?;
    work.commit().await?;
    count_wrong(app, address).await?;
    Ok(second_factor::wrong())
}

/// Ends the other sessions of whoever asks.
pub(crate) async fn end_others(work: &mut Work, caller: &Identity) -> Result<(), Failure> {
    let now = work.now();
    Ok(repo::end_all_but(work.conn(), caller.audience(), caller.user(), caller.session, now).await?)
}

/// Ends all sessions of somebody.
pub(crate) async fn end_all(work: &mut Work, audience: Audience, user: Uuid) -> Result<(), Failure> {
    let now = work.now();
    Ok(repo::end_all_but(work.conn(), audience, user, SessionId(Uuid::nil()), now).await?)
}
