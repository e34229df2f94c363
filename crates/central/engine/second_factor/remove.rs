//! Taking it away from somebody who has lost the app and the recovery codes: the password alone opens again.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::OperatorId;
use counterfoil_wire::problem::Code;
use counterfoil_wire::second_factor::{RemoveSecondFactor, RemovedSecondFactor};
use counterfoil_wire::sessions::Audience;
use serde_json::json;
use uuid::Uuid;

use super::repo;
use crate::engine::App;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::sessions;

/// Who has lost it.
pub(crate) struct Whose {
    pub(crate) audience: Audience,
    pub(crate) user: Uuid,
    pub(crate) username: String,
}

/// From whom the operator's staff mean by a name.
pub(crate) async fn remove_by_name(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    asked: &RemoveSecondFactor,
) -> Result<RemovedSecondFactor, Failure> {
    let known = sessions::known(app, operator, asked.audience, &asked.username).await?;
    let (audience, user) = (known.audience(), known.user());
    remove(app, operator, actor, Whose { audience, user, username: known.username }).await
}

/// From somebody who is known; whether the actor may was looked at before. All sessions of that user are over: whoever has the
/// telephone may have one.
pub(crate) async fn remove(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    whose: Whose,
) -> Result<RemovedSecondFactor, Failure> {
    let Whose { audience, user, username } = whose;
    // Otherwise a stolen session would be enough to be rid of it. No two users have one id.
    if actor.who().1 == Some(user) {
        return Err(not_the_own(audience));
    }
    let mut work = app.begin(operator).await?;
    let was_on = repo::delete(work.conn(), user).await?;
    if was_on {
        sessions::end_all(&mut work, audience, user).await?;
        let told = json!({ "audience": audience, "username": username });
        audit::record(&mut work, actor, "second_factor.remove", Some(user), NOTHING, Some(&told)).await?;
    }
    work.commit().await?;
    Ok(RemovedSecondFactor { username, was_on })
}

fn not_the_own(audience: Audience) -> Failure {
    let others = match audience {
        Audience::Admin => "somebody else of the staff",
        Audience::Reseller => "another owner, or the operator",
    };
    let detail = format!(
        "Your own second factor ends with your password and a code. If you lost app and recovery codes, ask {others}."
    );
    Failure::new(Code::NotPermitted, detail)
}
