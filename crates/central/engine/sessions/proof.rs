//! Asking somebody who is signed in for the password again, and what follows from a proof. Wrong tries count as those of
//! signing in: a session that was stolen is no way to guess.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_domain::ids::SessionId;
use counterfoil_wire::problem::Code;
use uuid::Uuid;

use super::{Identity, guard, identity, repo};
use crate::engine::App;
use crate::engine::audit::{self, NOTHING};
use crate::engine::second_factor;
use crate::engine::work::Work;

/// Counts a try and looks at the password. Whoever asked for more than the password says with [`forget_tries`] that all
/// of it was right.
pub(crate) async fn check_password(
    app: &App,
    caller: &Identity,
    password: String,
    address: ClientAddress,
) -> Result<(), Failure> {
    guard::begin(app, caller.audience(), &caller.username, address).await?;
    let known = identity::by_username(app, caller.audience(), &caller.username).await?;
    let stored = known.map(|(_, hash)| hash);
    if app.passwords().verify(password, stored).await.map_err(Failure::internal)? {
        return Ok(());
    }
    guard::wrong(app, address).await?;
    Err(Failure::new(Code::InvalidCredentials, "This is not your password. Type it again."))
}

/// All that was asked for was right.
pub(crate) async fn forget_tries(work: &mut Work, caller: &Identity) -> Result<(), Failure> {
    guard::clear(work, caller.audience(), &caller.username).await
}

/// Something beside the password was wrong.
pub(crate) async fn count_wrong(app: &App, address: ClientAddress) -> Result<(), Failure> {
    guard::wrong(app, address).await
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
    guard::wrong(app, address).await?;
    Ok(second_factor::wrong())
}

/// Ends the other sessions of whoever asks.
pub(crate) async fn end_others(work: &mut Work, caller: &Identity) -> Result<(), Failure> {
    let now = work.now();
    Ok(repo::end_all_but(work.conn(), caller, caller.session, now).await?)
}

/// Ends all sessions of somebody.
pub(crate) async fn end_all(work: &mut Work, whose: &Identity) -> Result<(), Failure> {
    let now = work.now();
    Ok(repo::end_all_but(work.conn(), whose, SessionId(Uuid::nil()), now).await?)
}
