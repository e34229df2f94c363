//! Letting somebody try again whose name is locked: a person who is known, and not a name that nobody has.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::OperatorId;
use counterfoil_wire::sessions::{Audience, UnlockSignIn, UnlockedSignIn};
use serde_json::json;

use super::{Identity, audience_name, guard, identity, normal_name};
use crate::engine::App;
use crate::engine::audit::{self, Actor, NOTHING};

/// Forgets the wrong tries under a name. Those from one network go on counting: nobody's guessing is helped along.
pub(crate) async fn unlock(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    asked: &UnlockSignIn,
) -> Result<UnlockedSignIn, Failure> {
    let known = known(app, operator, asked.audience, &asked.username).await?;
    let username = known.username.clone();
    let mut work = app.begin(operator).await?;
    let was_locked = guard::unlock(&mut work, asked.audience, &username).await?;
    if was_locked {
        let told = json!({ "audience": audience_name(asked.audience), "username": username });
        audit::record(&mut work, actor, "session.unlock", Some(known.user()), NOTHING, Some(&told)).await?;
    }
    work.commit().await?;
    Ok(UnlockedSignIn { username, was_locked })
}

/// Whom one of the operator's staff means by a name.
pub(crate) async fn known(
    app: &App,
    operator: OperatorId,
    audience: Audience,
    username: &str,
) -> Result<Identity, Failure> {
    let found = identity::by_username(app, audience, &normal_name(username)).await?;
    let known = found.map(|(identity, _)| identity).filter(|identity| identity.operator == operator);
    known.ok_or_else(|| Failure::not_found("user name"))
}
