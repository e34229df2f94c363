//! Why a reseller does or does not see an account.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{AccountId, OperatorId, ResellerId};
use counterfoil_domain::reseller::{ResellerStatus, Scope};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::accounts::Account;
use counterfoil_wire::troubleshooting::{AccountSight, SightFinding};
use serde::Deserialize;

use super::repo;
use crate::dialect::Conn;
use crate::engine::stored::stored;
use crate::engine::{account, permissions, resellers};

pub(crate) async fn sight(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    id: AccountId,
    now: Timestamp,
) -> Result<AccountSight, Failure> {
    let shop = resellers::get(conn, operator, &Scope::Operator, reseller).await?;
    let account = account::get(conn, operator, &Scope::Operator, id, now).await?;
    let mut findings = owner(conn, operator, reseller, &account).await?;
    if account.status == AccountStatus::Archived {
        findings.push(SightFinding::Archived);
    }
    if shop.status != ResellerStatus::Active {
        findings.push(SightFinding::ResellerNotActive { status: shop.status });
    }
    if !permissions::of(conn, reseller).await?.allow(Grant::ViewAccounts) {
        findings.push(SightFinding::NotGranted);
    }
    let sees = !findings.iter().any(SightFinding::hides);
    if sees {
        let audited = repo::last_line(conn, id).await?.map(Timestamp);
        let served = repo::last_service(conn, id).await?.map(Timestamp);
        let changed = [audited, served].into_iter().flatten().fold(account.created_at, Timestamp::max);
        findings.extend(behind(conn, reseller, changed).await?);
    }
    Ok(AccountSight {
        reseller_id: reseller,
        company: shop.company,
        account_id: id,
        username: account.username,
        sees,
        findings,
    })
}

/// Whose it is, seen from the reseller.
async fn owner(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    account: &Account,
) -> Result<Vec<SightFinding>, Failure> {
    let mut findings = Vec::new();
    match account.reseller_id {
        Some(owner) if owner == reseller => findings.push(SightFinding::Own),
        Some(owner) => {
            let path = resellers::path(conn, operator, &Scope::Operator, owner).await?;
            let company = resellers::get(conn, operator, &Scope::Operator, owner).await?.company;
            if path.upward().contains(&reseller) {
                findings.push(SightFinding::Below { company });
            } else {
                findings.push(SightFinding::Elsewhere { reseller_id: owner, company });
                findings.extend(given_away(conn, reseller, account.account_id).await?);
            }
        }
        None => {
            findings.push(SightFinding::Unassigned);
            findings.extend(given_away(conn, reseller, account.account_id).await?);
        }
    }
    Ok(findings)
}

/// What a line of the audit says of an account before and after a transfer.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Moved {
    before: Owner,
    after: Owner,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Owner {
    reseller_id: Option<ResellerId>,
    reason: Option<String>,
}

/// The last time that somebody took it from the reseller.
async fn given_away(
    conn: &mut Conn,
    reseller: ResellerId,
    account: AccountId,
) -> Result<Option<SightFinding>, Failure> {
    for line in repo::transfers(conn, account).await? {
        let moved: Moved = stored(serde_json::from_str(&line.detail).ok(), "audit", "detail", line.id)?;
        if moved.before.reseller_id == Some(reseller) {
            let reason = moved.after.reason.unwrap_or_default();
            return Ok(Some(SightFinding::GivenAway { at: Timestamp(line.at), by: line.by_name, reason }));
        }
    }
    Ok(None)
}

/// The devices that sell for it and have not asked since then.
async fn behind(conn: &mut Conn, reseller: ResellerId, changed_at: Timestamp) -> Result<Vec<SightFinding>, Failure> {
    let devices = repo::devices(conn, reseller).await?;
    let seen = |device: &repo::Device| device.last_seen_at.map(Timestamp);
    Ok(devices
        .into_iter()
        .filter(|device| seen(device).is_none_or(|seen| seen < changed_at))
        .map(|device| SightFinding::DeviceBehind { last_seen_at: seen(&device), device: device.name, changed_at })
        .collect())
}
