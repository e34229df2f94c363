//! One's own password, changed by whoever knows the current one.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_wire::problem::{Code, FieldProblem};
use counterfoil_wire::sessions::{Audience, ChangePassword};
use serde_json::json;

use super::{Identity, guard, identity, repo};
use crate::engine::App;
use crate::engine::audit::{self, NOTHING};
use crate::engine::staff::check_password;
use crate::engine::work::Work;

/// Changes it, and ends all other sessions: whoever had the old password is out.
pub(crate) async fn change(
    app: &App,
    identity: &Identity,
    address: ClientAddress,
    asked: ChangePassword,
) -> Result<(), Failure> {
    let wrong: Vec<_> = check_new(&asked).into_iter().collect();
    if !wrong.is_empty() {
        return Err(Failure::validation(wrong));
    }
    let known = prove(app, identity, address, asked.current_password).await?;
    let hash = app.passwords().hash(asked.new_password).await.map_err(Failure::internal)?;
    let mut work = app.begin(identity.operator).await?;
    let now = work.now();
    if !repo::set_password(work.conn(), identity, &known, &hash).await? {
        return Err(Failure::new(
            Code::Conflict,
            "Your password was changed meanwhile. Sign in with the one that you were given.",
        ));
    }
    guard::clear(&mut work, identity.audience(), &identity.username).await?;
    repo::end_others(work.conn(), identity, now).await?;
    let told = json!({ "username": identity.username });
    let actor = identity.actor(address);
    audit::record(&mut work, &actor, "session.password", Some(identity.user()), NOTHING, Some(&told)).await?;
    work.commit().await
}

fn check_new(asked: &ChangePassword) -> Option<FieldProblem> {
    if asked.new_password == asked.current_password {
        return Some(field("new_password", "another one than the current password"));
    }
    check_password(&asked.new_password).map(|problem| field("new_password", problem.message))
}

/// The stored hash, for whoever knows its password. A wrong one counts as at the sign-in, and locks like there: a session
/// that was left open is no way to guess.
async fn prove(app: &App, of: &Identity, address: ClientAddress, password: String) -> Result<String, Failure> {
    guard::begin(app, of.audience(), &of.username, address).await?;
    let found = identity::by_username(app, of.audience(), &of.username).await?;
    let stored = found.filter(|(found, _)| found.user() == of.user()).map(|(_, stored)| stored);
    let right = app.passwords().verify(password, stored.clone()).await.map_err(Failure::internal)?;
    match stored {
        Some(stored) if right => Ok(stored),
        _ => {
            guard::wrong(app, address).await?;
            Err(Failure::new(Code::InvalidCredentials, "The current password is wrong. Try again."))
        }
    }
}

/// Forgets the wrong tries under a name, in the transaction that gives it a new password.
pub(crate) async fn forget_tries(work: &mut Work, audience: Audience, username: &str) -> Result<(), Failure> {
    guard::clear(work, audience, username).await
}
