//! The operator's staff.

mod repo;

use counterfoil_central_platform::console::NewStaff;
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{OperatorId, StaffId};
use counterfoil_domain::password::{LONGEST, SHORTEST};
use counterfoil_wire::problem::{Code, FieldProblem};
use serde_json::json;

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::sessions::normal_name;

pub(crate) async fn create(app: &App, operator: OperatorId, actor: &Actor, new: NewStaff) -> Result<StaffId, Failure> {
    let username = normal_name(&new.username);
    let wrong: Vec<_> = check_username(&username).into_iter().chain(check_password(&new.password)).collect();
    if !wrong.is_empty() {
        return Err(Failure::validation(wrong));
    }
    let hash = app.passwords().hash(new.password).await.map_err(Failure::internal)?;
    let mut work = app.begin(operator).await?;
    if repo::exists(work.conn(), &username).await? {
        return Err(Failure::new(Code::UsernameTaken, format!("The user name {username} is taken. Choose another.")));
    }
    let id: StaffId = mint(work.now());
    let now = work.now();
    repo::insert(work.conn(), &repo::New { id, operator, username: &username, hash: &hash, role: new.role, now })
        .await?;
    let after = json!({ "username": username, "role": new.role });
    audit::record(&mut work, actor, "staff.create", Some(id.0), NOTHING, Some(&after)).await?;
    work.commit().await?;
    Ok(id)
}

/// One way to write user names: a shop reads them out on the telephone.
pub(crate) fn check_username(username: &str) -> Option<FieldProblem> {
    let fits = (1..=50).contains(&username.len())
        && username.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_@".contains(&b));
    let message = "a user name has 1 to 50 letters a to z, digits, points, hyphens, underscores or @";
    (!fits).then(|| field("username", message))
}

pub(crate) fn check_password(password: &str) -> Option<FieldProblem> {
    let fits = (SHORTEST..=LONGEST).contains(&password.chars().count());
    (!fits).then(|| field("password", format!("a password has {SHORTEST} to {LONGEST} characters")))
}
