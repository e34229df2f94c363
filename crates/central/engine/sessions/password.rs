//! One's own password, changed by whoever knows the current one.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_wire::problem::{Code, FieldProblem};
use counterfoil_wire::sessions::ChangePassword;
use serde_json::json;

use super::{Identity, proof, repo};
use crate::engine::App;
use crate::engine::audit::{self, NOTHING};
use crate::engine::second_factor;
use crate::engine::staff::check_password;

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
    let known = proof::check_password(app, identity, asked.current_password, address).await?;
    let hash = app.passwords().hash(asked.new_password).await.map_err(Failure::internal)?;
    let mut work = app.begin(identity.operator).await?;
    if !repo::set_password(work.conn(), identity, &known, &hash).await? {
        return Err(Failure::new(
            Code::Conflict,
            "Your password was changed meanwhile. Sign in with the one that you were given.",
        ));
    }
    // Where digits are asked for as well, the password alone must not clear the way to guess them.
    if !second_factor::standing(work.conn(), identity).await?.on {
        proof::forget_tries(&mut work, identity.audience(), &identity.username).await?;
    }
    proof::end_others(&mut work, identity).await?;
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
