//! Provisioning: bringing accounts on portals to what they should be, in the wake of whatever changed them.
//!
//! A change of an account says in its own transaction that the account is wanted anew ([`want`]); nothing is ever sent to
//! a portal there. What the account should be follows from its row at the time it is written ([`desired`]), so a change
//! that comes meanwhile is never lost and never written in a wrong order. Who writes it ([`worker`]) claims it first, for
//! a limited time: of several processes one is at it, and one that dies leaves it to another.

mod attempt;
mod carried;
mod desired;
mod link;
mod repo;
mod spread;
mod standing;
mod worker;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::{AccountId, OperatorId, PortalId};
use counterfoil_domain::portal::ProvisioningState;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::page::MAX_LIMIT;
use counterfoil_wire::portals::{PortalAccount, Retried, WhichAccounts};
use counterfoil_wire::problem::Code;
use uuid::Uuid;

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::portals::{self, trouble};
use super::stored::{stored, stored_number};
use super::work::Work;
use crate::dialect::{self, Conn};

pub(crate) use carried::carried;
pub(crate) use link::{count_linked, link, link_and_write, linked_after, make_anew, unlink};
pub(crate) use standing::{Standing, standings};
pub(crate) use worker::Clients;
pub use worker::run as run_provisioning;
pub use worker::run_once as run_provisioning_once;

/// What is to be written, and where somebody waits for it.
pub(crate) type Wake = tokio::sync::Notify;

/// Says that these accounts have to be brought to their portals, as they are when this transaction is committed.
pub(crate) async fn want(work: &mut Work, accounts: &[Uuid]) -> Result<(), Failure> {
    if accounts.is_empty() {
        return Ok(());
    }
    let (operator, now) = (work.operator(), work.now());
    if dialect::want_provisioning(work.conn(), operator.0, accounts, now.0).await? > 0 {
        work.wake_provisioning();
    }
    Ok(())
}

/// Where a page of a portal's accounts begins: after this login and id.
pub(crate) type Key = (String, AccountId);

/// Accounts of a portal by login.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    portal: PortalId,
    state: Option<ProvisioningState>,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<PortalAccount>, Failure> {
    portals::record(conn, operator, portal).await?;
    let rows = match state {
        Some(state) => repo::list_of_state(conn, portal, state, after, limit).await?,
        None => repo::list(conn, portal, after, limit).await?,
    };
    rows.into_iter().map(view).collect()
}

fn view(row: repo::Row) -> Result<PortalAccount, Failure> {
    let id = row.account_id;
    Ok(PortalAccount {
        account_id: AccountId(id),
        username: row.login,
        reseller_company: row.reseller_company,
        state: stored(ProvisioningState::from_stored(&row.state), "provisioning", "state", id)?,
        trouble: trouble(row.trouble_code, row.trouble_detail, row.trouble_remedy, row.trouble_since),
        differences: stored(serde_json::from_str(&row.differences).ok(), "provisioning", "differences", id)?,
        tries: stored_number(row.tries, "provisioning", "tries", id)?,
        next_at: row.due_at.map(Timestamp),
        agreed_at: row.agreed_at.map(Timestamp),
    })
}

/// Tries again what waits for a person: of these, or of all on the portal.
pub(crate) async fn retry(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    portal: PortalId,
    which: &WhichAccounts,
) -> Result<Retried, Failure> {
    let only = match which {
        WhichAccounts::All => None,
        WhichAccounts::These(accounts) => Some(accounts),
    };
    if only.is_some_and(|only| only.len() > MAX_LIMIT as usize) {
        return Err(Failure::validation(vec![field("which", format!("at most {MAX_LIMIT} by name, or all"))]));
    }
    let mut retried = 0;
    let mut after = Uuid::nil();
    loop {
        let mut work = app.begin(operator).await?;
        portals::record(work.conn(), operator, portal).await?;
        let mut waiting = repo::waiting_for_a_person(work.conn(), portal, after).await?;
        after = waiting.last().copied().unwrap_or(Uuid::max());
        if let Some(only) = only {
            waiting.retain(|id| only.contains(&AccountId(*id)));
        }
        want(&mut work, &waiting).await?;
        retried += waiting.len() as u64;
        let over = after == Uuid::max();
        if over {
            let told = Retried { accounts: retried };
            audit::record(&mut work, actor, "portal.retry", Some(portal.0), NOTHING, Some(&told)).await?;
        }
        work.commit().await?;
        if over {
            return Ok(Retried { accounts: retried });
        }
    }
}

/// Locks an account's place on a portal of this operator; false when it is not known to be the customer's there.
pub(crate) async fn lock_created(work: &mut Work, portal: PortalId, account: AccountId) -> Result<bool, Failure> {
    let operator = work.operator();
    Ok(repo::lock_created(work.conn(), operator, portal, account).await?)
}

/// The portal's account of this login is the customer's: from now on it is written to.
pub(crate) async fn adopt(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    portal: PortalId,
    account: AccountId,
) -> Result<PortalAccount, Failure> {
    let mut work = app.begin(operator).await?;
    portals::record(work.conn(), operator, portal).await?;
    let row = repo::by_account(work.conn(), portal, account).await?;
    let row = row.ok_or_else(|| Failure::not_found("account on this portal"))?;
    let before = view(row)?;
    if before.trouble.as_ref().is_none_or(|trouble| trouble.code != "login_taken") {
        return Err(Failure::new(
            Code::WrongState,
            "Only an account whose login was taken on the portal can be used instead of a new one.",
        ));
    }
    if repo::is_somebody_elses(work.conn(), portal, &before.username, account).await? {
        return Err(Failure::new(Code::Conflict, "Another customer's account already is the one of this login."));
    }
    repo::adopt(work.conn(), portal, account).await?;
    want(&mut work, &[account.0]).await?;
    let after = repo::by_account(work.conn(), portal, account).await?;
    let after = view(stored(after, "provisioning", "account_id", account)?)?;
    audit::record(&mut work, actor, "portal.adopt", Some(account.0), Some(&before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}
