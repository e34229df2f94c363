//! Letting somebody try again whose name is locked: a person who is known, and not a name that nobody has.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::OperatorId;
use counterfoil_wire::sessions::{UnlockSignIn, UnlockedSignIn};
use serde_json::json;

use super::{audience_name, guard, identity, normal_name};
use crate::engine::App;
use crate::engine::audit::{self, Actor, NOTHING};

/// Forgets the wrong tries under a name. Those from one network go on counting: nobody's guessing is helped along.
pub(crate) async fn unlock(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    asked: &UnlockSignIn,
) -> Result<UnlockedSignIn, Failure> {
    let username = normal_name(&asked.username);
    let found = identity::by_username(app, asked.audience, &username).await?;
    let known = found.map(|(identity, _)| identity).filter(|identity| identity.operator == operator);
    let known = known.ok_or_else(|| Failure::not_found("user name"))?;
    let mut work = app.begin(operator).await?;
    let was_locked = guard::unlock(&mut work, asked.audience, &username).await?;
    if was_locked {
        let told = json!({ "audience": audience_name(asked.audience), "username": username });
        audit::record(&mut work, actor, "session.unlock", Some(known.user()), NOTHING, Some(&told)).await?;
    }
    work.commit().await?;
    Ok(UnlockedSignIn { username, was_locked })
}
