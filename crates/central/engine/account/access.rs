//! When accounts were last at their portals, as the last look at each portal found it.

use std::collections::HashMap;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::{AccountId, OperatorId};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::accounts::{Account, AccountSeen, AskAccess};
use uuid::Uuid;

use super::repo;
use crate::dialect::Conn;

/// Accounts that can be asked about in a call: a page of a list.
const MOST: usize = 500;

/// Of those that whoever asks may see and a portal has told of; the others are left out.
pub(crate) async fn seen(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    asked: &AskAccess,
) -> Result<Vec<AccountSeen>, Failure> {
    if !(1..=MOST).contains(&asked.account_ids.len()) {
        return Err(Failure::validation(vec![field("account_ids", format!("1 to {MOST} accounts"))]));
    }
    let ids: Vec<Uuid> = asked.account_ids.iter().map(|id| id.0).collect();
    let rows = repo::last_access(conn, operator, &ids).await?;
    let own = |path: Option<&str>| {
        *scope == Scope::Operator || path.is_some_and(|path| path.starts_with(scope.path_prefix()))
    };
    let seen = rows.into_iter().filter(|(_, _, path)| own(path.as_deref()));
    let seen = seen.map(|(id, at, _)| AccountSeen { account_id: AccountId(id), last_access_at: Timestamp(at) });
    Ok(seen.collect())
}

/// Says it of accounts that whoever asks is shown.
pub(super) async fn tell(conn: &mut Conn, operator: OperatorId, accounts: &mut [Account]) -> Result<(), Failure> {
    let ids: Vec<Uuid> = accounts.iter().map(|account| account.account_id.0).collect();
    let rows = repo::last_access(conn, operator, &ids).await?;
    let seen: HashMap<Uuid, i64> = rows.into_iter().map(|(id, at, _)| (id, at)).collect();
    for account in accounts {
        account.last_access_at = seen.get(&account.account_id.0).copied().map(Timestamp);
    }
    Ok(())
}
