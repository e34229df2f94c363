//! The operator's staff: people with a sign-in and a role. Nobody is ever deleted: what somebody did stays under the name.

mod change;
mod repo;

use counterfoil_central_platform::console::NewStaff;
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::tokens::new_password;
use counterfoil_domain::ids::{OperatorId, StaffId};
use counterfoil_domain::password::{LONGEST, SHORTEST};
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::{Code, FieldProblem};
use counterfoil_wire::staff::{CreateStaff, StaffMember, StaffWithPassword};
use serde_json::json;

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::repeat;
use super::resellers::{email, text};
use super::sessions::normal_name;
use super::stored::{stored, stored_number};
use crate::dialect::Conn;

pub(crate) use change::{By, edit, reset_password, set_active};

/// The staff, by user name, after this one.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    search: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<StaffMember>, Failure> {
    repo::list(conn, operator, search, after, limit).await?.into_iter().map(view).collect()
}

pub(crate) async fn get(conn: &mut Conn, operator: OperatorId, id: StaffId) -> Result<StaffMember, Failure> {
    view(repo::by_id(conn, operator, id).await?.ok_or_else(|| Failure::not_found("member of the staff"))?)
}

fn view(row: repo::Row) -> Result<StaffMember, Failure> {
    let id = row.id;
    Ok(StaffMember {
        staff_id: StaffId(id),
        version: stored_number(row.revision, "staff", "revision", id)?,
        username: row.username,
        full_name: row.full_name,
        email: row.email,
        role: stored(StaffRole::from_stored(&row.role), "staff", "role", id)?,
        active: row.active,
        must_change_password: row.must_change,
        created_at: Timestamp(row.created_at),
        last_login_at: row.last_login_at.map(Timestamp),
    })
}

/// Adds somebody at the console. Whoever has the console chooses the password, and nobody has to change it.
pub(crate) async fn create(app: &App, operator: OperatorId, actor: &Actor, new: NewStaff) -> Result<StaffId, Failure> {
    let username = normal_name(&new.username);
    let wrong: Vec<_> = check_username(&username).into_iter().chain(check_password(&new.password)).collect();
    if !wrong.is_empty() {
        return Err(Failure::validation(wrong));
    }
    let hash = app.passwords().hash(new.password).await.map_err(Failure::internal)?;
    let mut work = app.begin(operator).await?;
    check_free(work.conn(), &username).await?;
    let (id, now): (StaffId, _) = (mint(work.now()), work.now());
    let (full_name, email) = ("", "");
    let must_change = false;
    let row =
        repo::New { id, operator, username: &username, full_name, email, hash: &hash, role: new.role, must_change };
    repo::insert(work.conn(), &row, now).await?;
    let after = json!({ "username": username, "role": new.role });
    audit::record(&mut work, actor, "staff.create", Some(id.0), NOTHING, Some(&after)).await?;
    work.commit().await?;
    Ok(id)
}

/// Adds somebody in the name of one of the staff. A repeat with the same content is answered, without a password: Central
/// does not know it any more.
pub(crate) async fn add(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    asked: CreateStaff,
) -> Result<StaffWithPassword, Failure> {
    let (id, role, username) = (asked.staff_id, asked.role, normal_name(&asked.username));
    let (full_name, email) = (asked.full_name.trim(), asked.email.trim());
    let mut wrong = check_person(full_name, email);
    wrong.extend(check_username(&username));
    wrong.extend(asked.password.as_deref().and_then(check_password));
    if !wrong.is_empty() {
        return Err(Failure::validation(wrong));
    }
    let made = asked.password.is_none().then(new_password);
    let password = asked.password.clone().or_else(|| made.clone()).unwrap_or_default();
    let hash = app.passwords().hash(password).await.map_err(Failure::internal)?;
    let mut work = app.begin(operator).await?;
    if repo::id_is_used(work.conn(), id).await? {
        let known = get(work.conn(), operator, id).await;
        let same = |known: &StaffMember| (&known.username, known.role) == (&username, role);
        let staff = repeat::answer(work, known, same, "member of the staff").await?;
        return Ok(StaffWithPassword { staff, password: None });
    }
    check_free(work.conn(), &username).await?;
    let now = work.now();
    let row = repo::New { id, operator, username: &username, full_name, email, hash: &hash, role, must_change: true };
    repo::insert(work.conn(), &row, now).await?;
    let staff = get(work.conn(), operator, id).await?;
    audit::record(&mut work, actor, "staff.create", Some(id.0), NOTHING, Some(&staff)).await?;
    work.commit().await?;
    Ok(StaffWithPassword { staff, password: made })
}

async fn check_free(conn: &mut Conn, username: &str) -> Result<(), Failure> {
    if repo::exists(conn, username).await? {
        return Err(Failure::new(Code::UsernameTaken, format!("The user name {username} is taken. Choose another.")));
    }
    Ok(())
}

/// Name and address may both be empty.
fn check_person(full_name: &str, address: &str) -> Vec<FieldProblem> {
    let address = (!address.is_empty()).then(|| email(address)).flatten();
    text("full_name", full_name, 0, 80).into_iter().chain(address).collect()
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
