//! Customers' subscriber accounts. Password and token derive from Central's secret: nothing readable is stored.

mod names;
mod record;
mod repo;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::keys::Keys;
use counterfoil_central_platform::tokens::token_hash;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{AccountId, OperatorId};
use counterfoil_domain::subscription::End;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::public::Subscription;
use uuid::Uuid;

use super::App;
use super::device::STAFF_ONLY;
use super::operators;
use super::stored::stored;
use super::work::Work;

pub(crate) use names::{password, token};
pub(crate) use record::{AccountRecord, AccountStatus, account_records};

/// Invented user names that may be taken before one is not.
const NAMES_TRIED: u32 = 20;

/// The account with this user name, under its lock.
pub(crate) async fn lock_by_username(work: &mut Work, username: &str) -> Result<Option<AccountRecord>, Failure> {
    let operator = work.operator();
    Ok(repo::lock_by_username(work.conn(), operator, username).await?)
}

/// The account with this id, under its lock.
pub(crate) async fn lock(work: &mut Work, id: AccountId) -> Result<Option<AccountRecord>, Failure> {
    let operator = work.operator();
    Ok(repo::lock(work.conn(), operator, id).await?)
}

/// Opens an account under the id its owner minted, with an invented user name; it has no service yet. False when
/// another activation under the same id opened it meanwhile.
pub(crate) async fn open(
    work: &mut Work,
    keys: &Keys,
    id: AccountId,
    reseller: Uuid,
) -> Result<(AccountRecord, bool), Failure> {
    let hash = token_hash(&token(keys, id, FIRST_GENERATION));
    for attempt in 0..NAMES_TRIED {
        let username = names::username(keys, id, attempt);
        let (operator, now) = (work.operator(), work.now());
        let new = repo::NewAccount { id, operator, reseller, username: &username, token_hash: &hash, now };
        if let Some(account) = repo::insert(work.conn(), &new).await? {
            return Ok((account, true));
        }
        if let Some(account) = lock(work, id).await? {
            return Ok((account, false));
        }
    }
    Err(Failure::internal(format!("no invented user name is free for account {id}")))
}

/// The generation of a new account's password and token.
pub(crate) const FIRST_GENERATION: i64 = 1;

/// Moves the end of service of an account that takes service.
pub(crate) async fn extend(work: &mut Work, account: &AccountRecord, plan: Uuid, end: End) -> Result<(), Failure> {
    repo::extend(work.conn(), account.id, plan, &end.last_day.to_string(), end.at).await?;
    let scope = account.reseller_path.as_deref().unwrap_or(STAFF_ONLY);
    work.touch(FeedTable::Account, account.id, scope);
    Ok(())
}

/// What the bearer of a token may know of its account.
pub(crate) async fn subscription(app: &App, token: &str) -> Result<Option<Subscription>, Failure> {
    let mut reader = app.reader().await?;
    let Some(account) = repo::by_token(&mut reader, &token_hash(token)).await? else { return Ok(None) };
    let operator = operators::get(&mut reader, OperatorId(account.operator_id)).await?;
    let status = account.status_at(app.now())?;
    Ok(Some(Subscription {
        username: account.username,
        status: status.to_owned(),
        plan_name: account.plan_name,
        last_day: account.last_day,
        ends_at: account.ends_at.map(Timestamp),
        time_zone: operator.time_zone,
    }))
}

impl AccountRecord {
    pub(crate) fn status(&self) -> Result<AccountStatus, Failure> {
        stored(AccountStatus::from_stored(&self.status), "account", "status", self.id)
    }

    /// For people: an active account whose service is over has expired.
    pub(crate) fn status_at(&self, now: Timestamp) -> Result<&'static str, Failure> {
        let status = self.status()?;
        let over = self.ends_at.is_none_or(|end| end < now.0);
        Ok(if status == AccountStatus::Active && over { "expired" } else { status.as_str() })
    }
}
