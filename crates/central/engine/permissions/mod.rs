//! What each reseller may do. Without a row the defaults hold.

mod repo;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::grant::{Grant, Permissions};
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::permissions::{ResellerPermissions, SavePermissions};
use counterfoil_wire::problem::{Code, FieldProblem};

use super::audit::{self, Actor};
use super::stored::{stored, stored_number};
use super::{App, account, resellers};
use crate::dialect::Conn;

const LONGEST_TEMPLATE_NAME: usize = 40;

/// What a reseller may do now.
pub(crate) async fn of(conn: &mut Conn, reseller: ResellerId) -> Result<Permissions, Failure> {
    Ok(read(conn, reseller).await?.permissions)
}

/// Refuses what the operator does not allow this reseller.
pub(crate) async fn require(conn: &mut Conn, reseller: ResellerId, grant: Grant) -> Result<(), Failure> {
    if of(conn, reseller).await?.allow(grant) {
        return Ok(());
    }
    let what = grant.in_words();
    let detail = format!("{what} is not allowed to your shop. An administrator of the operator can allow it.");
    Err(Failure::new(Code::NotGranted, detail))
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
    let max_accounts = row.max_accounts.map(|most| stored_number(most, table, "max_accounts", reseller)).transpose()?;
    let permissions = Permissions {
        grants: stored(serde_json::from_str(&row.grants).ok(), table, "grants", reseller)?,
        max_accounts,
        max_connections: stored_number(row.max_connections, table, "max_connections", reseller)?,
    };
    let version = stored_number(row.revision, table, "revision", reseller)?;
    Ok(ResellerPermissions { version, template: row.template, ..none(permissions) })
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
    resellers::path(work.conn(), operator, &Scope::Operator, reseller).await?;
    check(asked)?;
    let before = read(work.conn(), reseller).await?;
    let now = work.now();
    if !repo::save(work.conn(), operator, reseller, asked, now).await? {
        let version = before.version;
        let detail =
            format!("Somebody changed these permissions meanwhile: they are at version {version}. Read them again.");
        return Err(Failure::new(Code::Conflict, detail));
    }
    let after = read(work.conn(), reseller).await?;
    audit::record(&mut work, actor, "permissions.edit", Some(reseller.0), Some(&before), Some(&after)).await?;
    work.commit().await?;
    get(&mut *app.reader().await?, operator, &Scope::Operator, reseller).await
}

fn check(asked: &SavePermissions) -> Result<(), Failure> {
    let mut wrong: Vec<FieldProblem> = Vec::new();
    let most = Permissions::MOST_CONNECTIONS;
    if !(1..=most).contains(&asked.permissions.max_connections) {
        wrong.push(field("permissions.max_connections", format!("1 to {most}")));
    }
    if asked.template.as_ref().is_some_and(|name| name.chars().count() > LONGEST_TEMPLATE_NAME) {
        wrong.push(field("template", format!("at most {LONGEST_TEMPLATE_NAME} characters")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}
