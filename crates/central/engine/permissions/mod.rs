//! What each reseller may do. Without a row the defaults hold.

mod repo;
mod templates;

use std::collections::BTreeSet;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::grant::{Grant, Permissions, Template};
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::reseller::{ResellerPath, Scope};
use counterfoil_wire::permissions::{ResellerPermissions, SavePermissions};
use counterfoil_wire::problem::Code;
use uuid::Uuid;

use super::audit::{self, Actor};
use super::stored::{stored, stored_number};
use super::work::Work;
use super::{App, account, brand, resellers};
use crate::dialect::Conn;
pub(crate) use templates::{list as templates, save as save_template};

/// What a reseller may do now.
pub(crate) async fn of(conn: &mut Conn, reseller: ResellerId) -> Result<Permissions, Failure> {
    Ok(read(conn, reseller).await?.permissions)
}

/// Refuses what the operator does not allow this reseller.
pub(crate) async fn require(conn: &mut Conn, reseller: ResellerId, grant: Grant) -> Result<(), Failure> {
    if of(conn, reseller).await?.allow(grant) {
        return Ok(());
    }
    Err(Failure::new(Code::NotGranted, grant.refusal()))
}

/// [`require`], and nobody changes them before this transaction ends.
pub(crate) async fn hold(work: &mut Work, reseller: ResellerId, grant: Grant) -> Result<(), Failure> {
    repo::lock(work.conn(), reseller).await?;
    require(work.conn(), reseller, grant).await
}

/// With how many accounts it has, where that is limited.
pub(crate) async fn get(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    reseller: ResellerId,
) -> Result<ResellerPermissions, Failure> {
    resellers::path(conn, operator, scope, reseller).await?;
    let mut known = read(conn, reseller).await?;
    if let Some(limit) = known.permissions.max_accounts {
        known.accounts = Some(account::count_up_to(conn, reseller, limit).await?);
    }
    Ok(known)
}

/// Grants as they are stored for this reseller, where whoever asks read them with something else.
pub(crate) fn grants(text: &str, reseller: Uuid) -> Result<BTreeSet<Grant>, Failure> {
    stored(serde_json::from_str(text).ok(), "reseller_permission", "grants", reseller)
}

async fn read(conn: &mut Conn, reseller: ResellerId) -> Result<ResellerPermissions, Failure> {
    let none = |permissions| ResellerPermissions {
        reseller_id: reseller,
        version: 0,
        template: None,
        permissions,
        accounts: None,
    };
    let Some(row) = repo::by_reseller(conn, reseller).await? else { return Ok(none(Permissions::default())) };
    let table = "reseller_permission";
    let template = |name: String| stored(Template::from_stored(&name), table, "template", reseller);
    let held = Held { table, row: reseller.to_string() };
    let permissions = held.permissions(&row.grants, row.max_accounts, row.max_connections)?;
    let version = stored_number(row.revision, table, "revision", reseller)?;
    Ok(ResellerPermissions { version, template: row.template.map(template).transpose()?, ..none(permissions) })
}

/// Where permissions are stored, for the message about a damaged row.
struct Held {
    table: &'static str,
    row: String,
}

impl Held {
    fn permissions(&self, grants: &str, accounts: Option<i64>, connections: i64) -> Result<Permissions, Failure> {
        let Self { table, row } = self;
        Ok(Permissions {
            grants: stored(serde_json::from_str(grants).ok(), table, "grants", row)?,
            max_accounts: accounts.map(|most| stored_number(most, table, "max_accounts", row)).transpose()?,
            max_connections: stored_number(connections, table, "max_connections", row)?,
        })
    }
}

/// Changes them as they were read.
pub(crate) async fn save(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    reseller: ResellerId,
    asked: &SavePermissions,
) -> Result<ResellerPermissions, Failure> {
    let mut work = app.begin(operator).await?;
    let path = resellers::path(work.conn(), operator, &Scope::Operator, reseller).await?;
    check(&asked.permissions)?;
    set(&mut work, actor, reseller, &path, asked).await?;
    work.commit().await?;
    get(&mut *app.reader().await?, operator, &Scope::Operator, reseller).await
}

/// Gives a new reseller what the template holds now, in the transaction that creates it.
pub(crate) async fn take(
    work: &mut Work,
    actor: &Actor,
    reseller: ResellerId,
    path: &ResellerPath,
    template: Template,
) -> Result<(), Failure> {
    let operator = work.operator();
    let permissions = templates::read(work.conn(), operator, template).await?.permissions;
    set(work, actor, reseller, path, &SavePermissions { version: 0, template: Some(template), permissions }).await
}

/// Its row goes to the devices that follow it: they refuse the same without a network.
async fn set(
    work: &mut Work,
    actor: &Actor,
    reseller: ResellerId,
    path: &ResellerPath,
    asked: &SavePermissions,
) -> Result<(), Failure> {
    let (operator, now) = (work.operator(), work.now());
    let before = read(work.conn(), reseller).await?;
    if !repo::save(work.conn(), operator, reseller, asked, now).await? {
        return Err(changed_meanwhile("these permissions", before.version));
    }
    work.touch(FeedTable::Reseller, reseller, path.as_str());
    if before.permissions.allow(Grant::Branding) != asked.permissions.allow(Grant::Branding) {
        brand::touch_below(work, path).await?;
    }
    let after = read(work.conn(), reseller).await?;
    audit::record(work, actor, "permissions.edit", Some(reseller.0), Some(&before), Some(&after)).await
}

fn changed_meanwhile(what: &str, version: u32) -> Failure {
    let detail = format!("Somebody changed {what} meanwhile: now at version {version}. Read again what they are.");
    Failure::new(Code::Conflict, detail)
}

fn check(permissions: &Permissions) -> Result<(), Failure> {
    let most = Permissions::MOST_CONNECTIONS;
    if (1..=most).contains(&permissions.max_connections) {
        return Ok(());
    }
    Err(Failure::validation(vec![field("permissions.max_connections", format!("1 to {most}"))]))
}
