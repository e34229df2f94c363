//! Changes to one of the staff. They stand in a row, each after the other, by the operator's row: of two super admins who shut
//! each other out at once, one stays.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::tokens::new_password;
use counterfoil_domain::ids::{OperatorId, StaffId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_wire::problem::Code;
use counterfoil_wire::sessions::Audience;
use counterfoil_wire::staff::{SaveStaff, StaffMember, StaffWithPassword};

use super::{check_person, get, repo};
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::sessions;
use crate::engine::work::Work;

/// Who changes somebody.
pub(crate) struct By<'a> {
    pub(crate) operator: OperatorId,
    pub(crate) id: StaffId,
    pub(crate) actor: &'a Actor,
}

/// Edits somebody as it was read.
pub(crate) async fn edit(app: &App, by: &By<'_>, id: StaffId, asked: SaveStaff) -> Result<StaffMember, Failure> {
    get(&mut *app.reader().await?, by.operator, id).await?;
    let (full_name, email) = (asked.full_name.trim(), asked.email.trim());
    let wrong = check_person(full_name, email);
    if !wrong.is_empty() {
        return Err(Failure::validation(wrong));
    }
    let mut work = begin(app, by.operator).await?;
    let before = get(work.conn(), by.operator, id).await?;
    if asked.role != before.role {
        check_other(by, id)?;
        check_last(&mut work, &before).await?;
    }
    let edit = repo::Edit { id, version: asked.version, full_name, email, role: asked.role };
    if !repo::update(work.conn(), &edit).await? {
        return Err(changed_meanwhile(&before));
    }
    finish(work, by, "staff.edit", &before).await
}

/// Shuts somebody out, or lets somebody in again. Who is shut out has no session any more.
pub(crate) async fn set_active(
    app: &App,
    by: &By<'_>,
    id: StaffId,
    version: u32,
    active: bool,
) -> Result<StaffMember, Failure> {
    get(&mut *app.reader().await?, by.operator, id).await?;
    let mut work = begin(app, by.operator).await?;
    let before = get(work.conn(), by.operator, id).await?;
    if before.active == active {
        work.commit().await?;
        return Ok(before);
    }
    if !active {
        check_other(by, id)?;
        check_last(&mut work, &before).await?;
    }
    if !repo::set_active(work.conn(), id, version, active).await? {
        return Err(changed_meanwhile(&before));
    }
    if !active {
        sessions::end_all(&mut work, Audience::Admin, id.0).await?;
    }
    finish(work, by, if active { "staff.enable" } else { "staff.disable" }, &before).await
}

/// Gives somebody a new password, which is answered here and kept nowhere.
pub(crate) async fn reset_password(
    app: &App,
    by: &By<'_>,
    id: StaffId,
    version: u32,
) -> Result<StaffWithPassword, Failure> {
    get(&mut *app.reader().await?, by.operator, id).await?;
    if by.id == id {
        return Err(Failure::new(
            Code::NotPermitted,
            "Nobody resets the own password: change it with the current one, or ask another super admin.",
        ));
    }
    let password = new_password();
    let hash = app.passwords().hash(password.clone()).await.map_err(Failure::internal)?;
    let mut work = begin(app, by.operator).await?;
    let before = get(work.conn(), by.operator, id).await?;
    if !repo::set_password(work.conn(), id, version, &hash).await? {
        return Err(changed_meanwhile(&before));
    }
    // Whoever forgot the password has often locked the name as well.
    sessions::forget_tries(&mut work, Audience::Admin, &before.username).await?;
    sessions::end_all(&mut work, Audience::Admin, id.0).await?;
    let staff = finish(work, by, "staff.reset", &before).await?;
    Ok(StaffWithPassword { staff, password: Some(password) })
}

/// A transaction in which nobody else changes the staff.
async fn begin(app: &App, operator: OperatorId) -> Result<Work, Failure> {
    let mut work = app.begin(operator).await?;
    repo::lock(work.conn(), operator).await?;
    Ok(work)
}

fn check_other(by: &By<'_>, id: StaffId) -> Result<(), Failure> {
    if by.id == id {
        return Err(Failure::new(
            Code::NotPermitted,
            "Nobody takes the own role or sign-in away. Ask another super admin.",
        ));
    }
    Ok(())
}

/// Somebody has to be left who manages the staff.
async fn check_last(work: &mut Work, before: &StaffMember) -> Result<(), Failure> {
    if before.role != StaffRole::SuperAdmin || !before.active {
        return Ok(());
    }
    let operator = work.operator();
    if repo::other_super_admins(work.conn(), operator, before.staff_id).await? == 0 {
        return Err(Failure::new(
            Code::LastSuperAdmin,
            format!("{} is the last super admin. Make somebody else one first.", before.username),
        ));
    }
    Ok(())
}

fn changed_meanwhile(before: &StaffMember) -> Failure {
    let version = before.version;
    Failure::new(
        Code::Conflict,
        format!("Somebody changed this person meanwhile: it is at version {version}. Read it again."),
    )
}

async fn finish(mut work: Work, by: &By<'_>, action: &str, before: &StaffMember) -> Result<StaffMember, Failure> {
    let after = get(work.conn(), by.operator, before.staff_id).await?;
    audit::record(&mut work, by.actor, action, Some(before.staff_id.0), Some(before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}
