//! Accounts that no reseller owns: nobody's account is guessed to be anybody's, a person gives it away.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{AccountId, OperatorId, ResellerId};
use counterfoil_domain::reseller::{ResellerPath, Scope};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::drift::{AssignAccounts, Assigned, UnassignedAccount};
use counterfoil_wire::page::MAX_LIMIT;
use counterfoil_wire::portals::WhichAccounts;
use uuid::Uuid;

use super::{lock, repo};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::provisioning;
use crate::engine::resellers;
use crate::engine::search::contains;

/// Accounts given away in one transaction.
const PART: i64 = 500;

/// By user name; those that contain the searched text.
pub(crate) async fn unassigned(
    conn: &mut Conn,
    operator: OperatorId,
    search: &str,
    after: &str,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<UnassignedAccount>, Failure> {
    let rows = repo::unassigned(conn, operator, &contains(search), after, limit + 1).await?;
    rows.into_iter()
        .map(|row| {
            Ok(UnassignedAccount {
                account_id: AccountId(row.id),
                status: row.status_at(now)?.as_str().to_owned(),
                username: row.username,
                plan_name: row.plan_name,
                last_day: row.last_day,
            })
        })
        .collect()
}

/// Gives accounts that nobody owns to a reseller; their portals follow.
pub(crate) async fn assign(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    asked: &AssignAccounts,
) -> Result<Assigned, Failure> {
    let path = resellers::path(&mut *app.reader().await?, operator, &Scope::Operator, asked.reseller_id).await?;
    let mut accounts = 0;
    match &asked.which {
        WhichAccounts::These(ids) => {
            if ids.is_empty() || ids.len() > MAX_LIMIT as usize {
                return Err(Failure::validation(vec![field("which", format!("1 to {MAX_LIMIT} by id, or all"))]));
            }
            accounts += part(app, operator, actor, asked.reseller_id, &path, ids).await?;
        }
        WhichAccounts::All => {
            let mut after = Uuid::nil();
            loop {
                let ids = repo::unassigned_after(&mut *app.reader().await?, operator, after, PART).await?;
                let Some(last) = ids.last() else { break };
                after = *last;
                let ids: Vec<AccountId> = ids.into_iter().map(AccountId).collect();
                accounts += part(app, operator, actor, asked.reseller_id, &path, &ids).await?;
            }
        }
    }
    Ok(Assigned { accounts })
}

async fn part(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    reseller: ResellerId,
    path: &ResellerPath,
    ids: &[AccountId],
) -> Result<u64, Failure> {
    let mut work = app.begin(operator).await?;
    let nobodys: Vec<Uuid> = lock(&mut work, ids)
        .await?
        .into_iter()
        .filter(|account| account.reseller_id.is_none())
        .map(|account| account.id)
        .collect();
    for account in &nobodys {
        repo::set_owner(work.conn(), *account, reseller).await?;
        work.touch(FeedTable::Account, *account, path.as_str());
        let after = serde_json::json!({ "reseller_id": reseller });
        audit::record(&mut work, actor, "account.assign", Some(*account), NOTHING, Some(&after)).await?;
    }
    provisioning::want(&mut work, &nobodys).await?;
    work.commit().await?;
    Ok(nobodys.len() as u64)
}
