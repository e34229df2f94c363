//! Customers' subscriber accounts. Password and token derive from Central's secret: nothing readable is stored.

mod access;
mod asker;
mod create;
mod draft;
mod edit;
mod history;
mod list;
mod names;
mod plan;
mod portals;
mod record;
mod repo;
mod service;
mod standing;
mod transfer;
mod unassigned;

use std::collections::HashMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::keys::Keys;
use counterfoil_central_platform::tokens::token_hash;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{AccountId, OperatorId, ResellerId};
use counterfoil_domain::subscription::End;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::public::Subscription;
use uuid::Uuid;

use super::App;
use super::brand;
use super::device::STAFF_ONLY;
use super::operators;
use super::provisioning;
use super::work::Work;
use crate::dialect::{self, Conn};

pub(crate) use access::seen;
pub(crate) use asker::{Asker, is_nobodys, mine};
use asker::{Noted, in_use, is_archived, locked, shown};
pub(crate) use create::{create, create_within, room_beside, wrong_fields};
pub(crate) use draft::reason;
pub(crate) use edit::edit;
pub(crate) use history::history;
pub(crate) use list::{Matching, get, list, matching};
pub(crate) use names::{password, token};
pub(crate) use plan::{change_plan, change_plan_within};
pub(crate) use portals::portals;
pub(crate) use record::{AccountRecord, account_records};
pub(crate) use repo::NewAccount;
pub(crate) use service::{extend_service, extend_within};
pub(crate) use standing::{activate, activate_within, archive, reset_token, suspend, suspend_within};
pub(crate) use transfer::{transfer, transfer_within};
pub(crate) use unassigned::{assign, unassigned};

/// Invented user names that may be taken before one is not.
const NAMES_TRIED: u32 = 20;

/// Whose user names these are; a name that nobody has is left out.
pub(crate) async fn named(work: &mut Work, names: &[&str]) -> Result<HashMap<String, AccountId>, Failure> {
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let operator = work.operator();
    let named = dialect::accounts_named(work.conn(), operator, names).await?;
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

/// Accounts of a reseller that are not archived, as far as `most`.
pub(crate) async fn count_up_to(conn: &mut Conn, reseller: ResellerId, most: u32) -> Result<u32, Failure> {
    let count = repo::count_up_to(conn, reseller, i64::from(most)).await?;
    u32::try_from(count).map_err(Failure::internal)
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
            .map(|((id, seller), (username, token_hash))| NewAccount {
                id: *id,
                reseller: seller.id,
                username,
                token_hash: token_hash.as_slice(),
            })
            .collect();
        let stored = dialect::insert_accounts(work.conn(), operator, now, &rows).await?;
        for ((id, seller), (username, _)) in new.iter().zip(&given).filter(|((id, _), _)| stored.contains(&id.0)) {
            // Also where its code then waits for credit, and no service begins: the shop sees who waits.
            work.touch(FeedTable::Account, *id, &seller.path);
            open.insert(*id, (opened(operator, now, *id, seller, username), true));
        }
        new.retain(|(id, _)| !open.contains_key(id));
        let ids: Vec<AccountId> = new.iter().map(|(id, _)| *id).collect();
        let meanwhile = lock(work, &ids).await?;
        open.extend(meanwhile.into_iter().map(|account| (AccountId(account.id), (account, false))));
        new.retain(|(id, _)| !open.contains_key(id));
    }
    Err(Failure::internal(format!("no invented user name is free for {} accounts", new.len())))
}

fn opened(operator: OperatorId, now: Timestamp, id: AccountId, seller: &Seller, username: &str) -> AccountRecord {
    AccountRecord {
        id: id.0,
        operator_id: operator.0,
        reseller_id: Some(seller.id),
        reseller_path: Some(seller.path.clone()),
        username: username.to_owned(),
        credential_generation: FIRST_GENERATION,
        status: AccountStatus::Active.as_str().to_owned(),
        email: None,
        mac: None,
        notes: String::new(),
        max_connections: 1,
        revision: 1,
        created_at: now.0,
        plan_id: None,
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
    if extensions.is_empty() {
        return Ok(());
    }
    if dialect::extend_accounts(work.conn(), extensions).await? {
        let accounts: Vec<Uuid> = extensions.iter().map(|extension| extension.account.id).collect();
        provisioning::want(work, &accounts).await?;
    }
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
    let brand = match account.reseller_id {
        Some(reseller) => brand::of_reseller(&mut reader, ResellerId(reseller)).await?,
        None => None,
    };
    Ok(Some(Subscription {
        username: account.username,
        status: status.as_str().to_owned(),
        plan_name: account.plan_name,
        last_day: account.last_day,
        ends_at: account.ends_at.map(Timestamp),
        time_zone: operator.time_zone,
        brand,
    }))
}
