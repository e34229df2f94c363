//! Taking it away from somebody who has lost the app and the recovery codes: the password alone opens again.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::OperatorId;
use counterfoil_wire::problem::Code;
use counterfoil_wire::second_factor::{RemoveSecondFactor, RemovedSecondFactor};
use serde_json::json;

use super::repo;
use crate::engine::App;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::sessions;

/// All sessions of that user are over: whoever has the telephone may have one.
pub(crate) async fn remove(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    asked: &RemoveSecondFactor,
) -> Result<RemovedSecondFactor, Failure> {
    let known = sessions::known(app, operator, asked.audience, &asked.username).await?;
    // Otherwise a stolen session of staff would be enough to be rid of it.
    if actor.who() == ("staff", Some(known.user())) {
        return Err(Failure::new(
            Code::NotPermitted,
            "Your own second factor ends with your password and a code. If you lost both, ask somebody else of the staff.",
        ));
    }
    let mut work = app.begin(operator).await?;
    let was_on = repo::delete(work.conn(), known.user()).await?;
    if was_on {
        sessions::end_all(&mut work, &known).await?;
        let told = json!({ "audience": asked.audience, "username": known.username });
        audit::record(&mut work, actor, "second_factor.remove", Some(known.user()), NOTHING, Some(&told)).await?;
    }
    work.commit().await?;
    Ok(RemovedSecondFactor { username: known.username, was_on })
}
