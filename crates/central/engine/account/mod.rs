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

use std::collections::{BTreeMap, HashMap};

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
pub(crate) use repo::{FirstService, NewAccount};
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

/// An account without its lock, for what only looks.
pub(crate) async fn find(work: &mut Work, id: AccountId) -> Result<Option<AccountRecord>, Failure> {
    let operator = work.operator();
    Ok(repo::by_id(work.conn(), operator, id).await?)
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

/// An account that is opened if nobody has it yet.
#[derive(Debug, Clone)]
pub(crate) struct Opening<'a> {
    pub(crate) seller: &'a Seller,
    /// None where its service depends on what is not known yet.
    pub(crate) service: Option<FirstService>,
}

/// Known accounts under their locks, and accounts under the ids that their owners minted, each with whether it was opened
/// now. Those that nobody has are opened, with invented user names, and brought to the portals of their first service.
///
/// Most minted ids are new. So all are written first, in the order of the ids, which opens the new ones and leaves the others
/// alone; these and the known ones are locked then, by id. Nobody can hold the lock of an account that is not there yet: who
/// else mints its id waits for this transaction, and holds nothing of accounts but others that it has just opened, too.
pub(crate) async fn lock_or_open(
    work: &mut Work,
    keys: &Keys,
    known: &[AccountId],
    minted: BTreeMap<AccountId, Opening<'_>>,
) -> Result<HashMap<AccountId, (AccountRecord, bool)>, Failure> {
    let mut all = HashMap::with_capacity(known.len() + minted.len());
    let (mut left, mut to_lock) = (minted, known.to_vec());
    for attempt in 0..NAMES_TRIED {
        let new = open(work, keys, attempt, &left).await?;
        all.extend(new.into_iter().map(|account| (AccountId(account.id), (account, true))));
        to_lock.extend(left.keys());
        to_lock.retain(|id| !all.contains_key(id));
        let locked = lock(work, &to_lock).await?;
        all.extend(locked.into_iter().map(|account| (AccountId(account.id), (account, false))));
        // The invented names of those that are left belong to others.
        left.retain(|id, _| !all.contains_key(id));
        if left.is_empty() {
            return Ok(all);
        }
        to_lock.clear();
    }
    Err(Failure::internal(format!("no invented user name is free for {} accounts", left.len())))
}

/// Opens those whose id and invented user name nobody has.
async fn open(
    work: &mut Work,
    keys: &Keys,
    attempt: u32,
    minted: &BTreeMap<AccountId, Opening<'_>>,
) -> Result<Vec<AccountRecord>, Failure> {
    if minted.is_empty() {
        return Ok(Vec::new());
    }
    let given: Vec<(String, _)> = minted
        .keys()
        .map(|id| (names::username(keys, *id, attempt), token_hash(&token(keys, *id, FIRST_GENERATION))))
        .collect();
    let rows: Vec<_> = minted
        .iter()
        .zip(&given)
        .map(|((id, opening), (username, token_hash))| NewAccount {
            id: *id,
            reseller: opening.seller.id,
            username,
            token_hash: token_hash.as_slice(),
            service: opening.service,
        })
        .collect();
    let stored = insert(work, &rows).await?;
    let mut new = Vec::with_capacity(stored.len());
    for ((id, opening), row) in minted.iter().zip(&rows).filter(|((id, _), _)| stored.contains(&id.0)) {
        // Also where its code then waits for credit, and no service begins: the shop sees who waits.
        work.touch(FeedTable::Account, *id, &opening.seller.path);
        new.push(opened(work, opening.seller, row));
    }
    Ok(new)
}

/// Stores accounts whose id and user name nobody has, and gives the ids of those. Nobody else sees them yet, so their places
/// on portals can be made at once.
async fn insert(work: &mut Work, rows: &[NewAccount<'_>]) -> Result<Vec<Uuid>, Failure> {
    let (operator, now) = (work.operator(), work.now());
    let stored = dialect::insert_accounts(work.conn(), operator, now, rows).await?;
    let on_portals: Vec<Uuid> = stored.iter().filter(|(_, on_portal)| *on_portal).map(|(id, _)| *id).collect();
    provisioning::want(work, &on_portals).await?;
    Ok(stored.into_iter().map(|(id, _)| id).collect())
}

fn opened(work: &Work, seller: &Seller, row: &NewAccount<'_>) -> AccountRecord {
    AccountRecord {
        id: row.id.0,
        operator_id: work.operator().0,
        reseller_id: Some(seller.id),
        reseller_path: Some(seller.path.clone()),
        username: row.username.to_owned(),
        credential_generation: FIRST_GENERATION,
        status: AccountStatus::Active.as_str().to_owned(),
        email: None,
        mac: None,
        notes: String::new(),
        max_connections: 1,
        revision: 1,
        created_at: work.now().0,
        plan_id: row.service.map(|service| service.plan),
        plan_name: None,
        plan_price: None,
        last_day: row.service.map(|service| service.end.last_day.to_string()),
        ends_at: row.service.map(|service| service.end.at.0),
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
