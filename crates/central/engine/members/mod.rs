//! Members: the people who work for a reseller, and their sign-ins. An owner manages those of its own reseller.

mod repo;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{MemberId, OperatorId, ResellerId};
use counterfoil_domain::permission::MemberRole;
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::members::{Member, SaveMember};
use counterfoil_wire::problem::{Code, FieldProblem};
use counterfoil_wire::second_factor::RemovedSecondFactor;
use counterfoil_wire::sessions::Audience;

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::repeat;
use super::resellers;
use super::second_factor::{self, Whose};
use super::sessions::{self, normal_name};
use super::staff::{check_password, check_username};
use super::stored::{stored, stored_number};
use super::work::Work;
use crate::dialect::Conn;

/// A member who is to be.
pub(crate) struct NewMember<'a> {
    pub(crate) id: MemberId,
    pub(crate) reseller: ResellerId,
    pub(crate) username: &'a str,
    pub(crate) hash: &'a str,
    pub(crate) role: MemberRole,
    /// Somebody else chose the password.
    pub(crate) must_change: bool,
}

/// The members of one reseller, by user name, after this one.
pub(crate) async fn list(
    conn: &mut Conn,
    reseller: ResellerId,
    search: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Member>, Failure> {
    repo::list(conn, reseller, search, after, limit).await?.into_iter().map(view).collect()
}

async fn get(conn: &mut Conn, reseller: ResellerId, id: MemberId) -> Result<Member, Failure> {
    view(repo::by_id(conn, reseller, id).await?.ok_or_else(|| Failure::not_found("member"))?)
}

fn view(row: repo::Row) -> Result<Member, Failure> {
    let id = row.id;
    Ok(Member {
        member_id: MemberId(id),
        version: stored_number(row.revision, "member", "revision", id)?,
        role: stored(MemberRole::from_stored(&row.role), "member", "role", id)?,
        active: row.active,
        principal: row.username == row.reseller_username,
        username: row.username,
        created_at: Timestamp(row.created_at),
        last_login_at: row.last_login_at.map(Timestamp),
        must_change_password: row.must_change,
        second_factor: row.second_factor > 0,
    })
}

/// Writes a new member; who may and that the name is free was looked at before.
pub(crate) async fn insert(work: &mut Work, new: &NewMember<'_>) -> Result<(), Failure> {
    let (operator, now) = (work.operator(), work.now());
    Ok(repo::insert(work.conn(), operator, new, now).await?)
}

/// Creates a member, who has to change the password that somebody else chose. A repeat with the same content is answered
/// like the first.
pub(crate) async fn create(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    reseller: ResellerId,
    asked: SaveMember,
) -> Result<Member, Failure> {
    if asked.version.is_some() {
        return Err(Failure::validation(vec![field("version", "a new member has none: leave it out, or PUT to edit")]));
    }
    let (username, id, role) = (normal_name(&asked.username), asked.member_id, asked.role);
    let mut wrong: Vec<FieldProblem> = check_username(&username).into_iter().collect();
    match asked.password.as_deref() {
        Some(password) => wrong.extend(check_password(password)),
        None => wrong.push(field("password", "a new member needs one")),
    }
    if !wrong.is_empty() {
        return Err(Failure::validation(wrong));
    }
    let hash = app.passwords().hash(asked.password.unwrap_or_default()).await.map_err(Failure::internal)?;
    let mut work = app.begin(operator).await?;
    if repo::exists(work.conn(), id).await? {
        let known = get(work.conn(), reseller, id).await;
        let same = |known: &Member| (&known.username, known.role) == (&username, role);
        return repeat::answer(work, known, same, "member").await;
    }
    if resellers::username_taken(work.conn(), &username).await? {
        return Err(Failure::new(Code::UsernameTaken, format!("The user name {username} is taken. Choose another.")));
    }
    let new = NewMember { id, reseller, username: &username, hash: &hash, role, must_change: true };
    insert(&mut work, &new).await?;
    if !asked.active {
        repo::update(work.conn(), id, 1, role, false, None).await?;
    }
    let after = get(work.conn(), reseller, id).await?;
    audit::record(&mut work, actor, "member.create", Some(id.0), NOTHING, Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

/// Edits a member as it was read: role, whether it may sign in, a new password. Who is shut out, or whose password is
/// new, has no session any more, and has to change a password that somebody else chose.
pub(crate) async fn edit(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    reseller: ResellerId,
    id: MemberId,
    asked: SaveMember,
) -> Result<Member, Failure> {
    let before = get(&mut *app.reader().await?, reseller, id).await?;
    let version = check_edit(&before, id, &asked)?;
    if asked.password.is_some() && actor.who() == ("member", Some(id.0)) {
        let message = "your own is changed with the current one: PUT /api/v1/me/password";
        return Err(Failure::validation(vec![field("password", message)]));
    }
    let hash = match asked.password {
        Some(password) => Some(app.passwords().hash(password).await.map_err(Failure::internal)?),
        None => None,
    };
    let mut work = app.begin(operator).await?;
    let before = get(work.conn(), reseller, id).await?;
    if !repo::update(work.conn(), id, version, asked.role, asked.active, hash.as_deref()).await? {
        return Err(Failure::new(
            Code::Conflict,
            format!("Somebody changed this member meanwhile: it is at version {}. Read it again.", before.version),
        ));
    }
    if hash.is_some() || !asked.active {
        sessions::end_all(&mut work, Audience::Reseller, id.0).await?;
    }
    let after = get(work.conn(), reseller, id).await?;
    let action = if hash.is_some() { "member.reset" } else { "member.edit" };
    audit::record(&mut work, actor, action, Some(id.0), Some(&before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

/// Takes the second factor away from a member who has lost it, also from one who may not sign in now. Nobody's own.
pub(crate) async fn remove_second_factor(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    reseller: ResellerId,
    id: MemberId,
) -> Result<RemovedSecondFactor, Failure> {
    let known = get(&mut *app.reader().await?, reseller, id).await?;
    let whose = Whose { audience: Audience::Reseller, user: id.0, username: known.username };
    second_factor::remove(app, operator, actor, whose).await
}

/// What an edit cannot change; the version that was read.
fn check_edit(before: &Member, id: MemberId, asked: &SaveMember) -> Result<u32, Failure> {
    let mut wrong: Vec<FieldProblem> = asked.password.as_deref().and_then(check_password).into_iter().collect();
    if asked.member_id != id {
        wrong.push(field("member_id", "the same as in the path"));
    }
    if normal_name(&asked.username) != before.username {
        wrong.push(field("username", "a user name stays as it was created"));
    }
    if before.principal && asked.role != MemberRole::Owner {
        wrong.push(field("role", "the owner that came with the reseller stays its owner"));
    }
    if before.principal && !asked.active {
        wrong.push(field("active", "the owner that came with the reseller stays active"));
    }
    let Some(version) = asked.version else {
        wrong.push(field("version", "say which version was edited, as it was read"));
        return Err(Failure::validation(wrong));
    };
    if wrong.is_empty() { Ok(version) } else { Err(Failure::validation(wrong)) }
}

/// Adds a member of whichever reseller at the console, where nobody has to change a password. One with the same name in the
/// same reseller is left as it is.
pub(crate) async fn add(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    reseller: ResellerId,
    username: &str,
    password: String,
    role: MemberRole,
) -> Result<(), Failure> {
    let hash = app.passwords().hash(password).await.map_err(Failure::internal)?;
    let mut work = app.begin(operator).await?;
    resellers::path(work.conn(), operator, &Scope::Operator, reseller).await?;
    if repo::is_member(work.conn(), reseller, username).await? {
        return work.commit().await;
    }
    let new = NewMember { id: mint(work.now()), reseller, username, hash: &hash, role, must_change: false };
    insert(&mut work, &new).await?;
    let after = serde_json::json!({ "username": username, "role": role, "reseller_id": reseller });
    audit::record(&mut work, actor, "member.create", Some(new.id.0), NOTHING, Some(&after)).await?;
    work.commit().await
}
