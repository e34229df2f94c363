//! Customers' subscriber accounts. Password and token derive from Central's secret: nothing readable is stored.

mod names;
mod record;
mod repo;
mod unassigned;

use std::collections::HashMap;

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
use super::provisioning;
use super::stored::stored;
use super::work::Work;
use crate::dialect;

pub(crate) use names::{password, token};
pub(crate) use record::{AccountRecord, AccountStatus, account_records};
pub(crate) use unassigned::{assign, unassigned};

/// Invented user names that may be taken before one is not.
const NAMES_TRIED: u32 = 20;

/// Whose user names these are; a name that nobody has is left out.
pub(crate) async fn named(work: &mut Work, names: &[&str]) -> Result<HashMap<String, AccountId>, Failure> {
    let operator = work.operator();
    let named = repo::named(work.conn(), operator, names).await?;
    Ok(named.into_iter().map(|(name, id)| (name, AccountId(id))).collect())
}

/// The accounts with these ids, under their locks, which are taken in the order of the ids; those that nobody has are left
/// out.
pub(crate) async fn lock(work: &mut Work, ids: &[AccountId]) -> Result<Vec<AccountRecord>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (operator, ids): (_, Vec<Uuid>) = (work.operator(), ids.iter().map(|id| id.0).collect());
    Ok(dialect::lock_subscribers(work.conn(), operator.0, &ids).await?)
}

/// A reseller whose subscriber somebody becomes.
#[derive(Debug, Clone)]
pub(crate) struct Seller {
    pub(crate) id: Uuid,
    pub(crate) path: String,
}

/// Opens accounts under the ids their owners minted, with invented user names; they have no service yet. False where
/// another activation under the same id opened it meanwhile.
pub(crate) async fn open(
    work: &mut Work,
    keys: &Keys,
    mut new: Vec<(AccountId, &Seller)>,
) -> Result<HashMap<AccountId, (AccountRecord, bool)>, Failure> {
    let (operator, now) = (work.operator(), work.now());
    let mut open = HashMap::with_capacity(new.len());
    for attempt in 0..NAMES_TRIED {
        if new.is_empty() {
            return Ok(open);
        }
        let given: Vec<(String, _)> = new
            .iter()
            .map(|(id, _)| (names::username(keys, *id, attempt), token_hash(&token(keys, *id, FIRST_GENERATION))))
            .collect();
        let rows: Vec<_> = new
            .iter()
            .zip(&given)
            .map(|((id, seller), (username, token_hash))| repo::NewAccount {
                id: *id,
                reseller: seller.id,
                username,
                token_hash: token_hash.as_slice(),
            })
            .collect();
        let stored = repo::insert(work.conn(), operator, now, &rows).await?;
        for ((id, seller), (username, _)) in new.iter().zip(&given).filter(|((id, _), _)| stored.contains(&id.0)) {
            open.insert(*id, (opened(operator, *id, seller, username), true));
        }
        new.retain(|(id, _)| !open.contains_key(id));
        let ids: Vec<AccountId> = new.iter().map(|(id, _)| *id).collect();
        let meanwhile = lock(work, &ids).await?;
        open.extend(meanwhile.into_iter().map(|account| (AccountId(account.id), (account, false))));
        new.retain(|(id, _)| !open.contains_key(id));
    }
    Err(Failure::internal(format!("no invented user name is free for {} accounts", new.len())))
}

fn opened(operator: OperatorId, id: AccountId, seller: &Seller, username: &str) -> AccountRecord {
    AccountRecord {
        id: id.0,
        operator_id: operator.0,
        reseller_id: Some(seller.id),
        reseller_path: Some(seller.path.clone()),
        username: username.to_owned(),
        credential_generation: FIRST_GENERATION,
        status: AccountStatus::Active.as_str().to_owned(),
        plan_name: None,
        plan_price: None,
        last_day: None,
        ends_at: None,
    }
}

/// The generation of a new account's password and token.
pub(crate) const FIRST_GENERATION: i64 = 1;

/// An account that takes service, and until when.
pub(crate) struct Extension<'a> {
    pub(crate) account: &'a AccountRecord,
    pub(crate) plan: Uuid,
    pub(crate) end: End,
}

/// Moves the ends of service of accounts, each once. Their portals follow.
pub(crate) async fn extend(work: &mut Work, extensions: &[Extension<'_>]) -> Result<(), Failure> {
    repo::extend(work.conn(), extensions).await?;
    let accounts: Vec<Uuid> = extensions.iter().map(|extension| extension.account.id).collect();
    provisioning::want(work, &accounts).await?;
    for extension in extensions {
        let scope = extension.account.reseller_path.as_deref().unwrap_or(STAFF_ONLY);
        work.touch(FeedTable::Account, extension.account.id, scope);
    }
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
