//! A new account with its first service.

use std::collections::BTreeMap;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::tokens::token_hash;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::grant::Permissions;
use counterfoil_domain::ids::{AccountId, ResellerId, SubscriptionId};
use counterfoil_domain::ledger::SourceEvent;
use counterfoil_domain::notice::NoticeKind;
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::accounts::{CreateAccount, Credentials, Service};
use counterfoil_wire::problem::{Code, FieldProblem};

use super::draft::{Draft, chosen_day, most_connections};
use super::service::{self, Ground};
use super::{AccountRecord, Asker, FIRST_GENERATION, NewAccount, Noted, Opening, Seller, password, repo, token};
use crate::engine::notices::{self, ToCustomer};
use crate::engine::work::Work;
use crate::engine::{App, audit, credits, operators, resellers};

/// Once under the caller's id; a repeat is answered.
pub(crate) async fn create(app: &App, asker: &Asker<'_>, asked: &CreateAccount) -> Result<Credentials, Failure> {
    let mut work = app.begin(asker.operator).await?;
    let created = create_within(app, &mut work, asker, asked).await?;
    tell(&mut work, &created).await?;
    // Neither it nor what a repeat rests on may be told before it is durable.
    work.commit().await?;
    Ok(created)
}

/// Tells the customer, where an address is known. Accounts that are made many at once are told by whoever made them: they are
/// often customers of long standing that came with a file.
async fn tell(work: &mut Work, created: &Credentials) -> Result<(), Failure> {
    let account = &created.account;
    let (Some(to), Some(shop), Some(plan), Some(last_day)) =
        (&account.email, account.reseller_id, &account.plan_name, &account.last_day)
    else {
        return Ok(());
    };
    let (kind, event) = (NoticeKind::AccountCreated, format!("account/{}/created", account.account_id));
    let told = ToCustomer { kind, event, to, shop, username: &account.username, plan, last_day };
    notices::tell_customer(work, &told).await
}

/// [`create`] in a transaction of somebody else's.
pub(crate) async fn create_within(
    app: &App,
    work: &mut Work,
    asker: &Asker<'_>,
    asked: &CreateAccount,
) -> Result<Credentials, Failure> {
    let reseller = owner_of_new(asker, asked)?;
    let path = resellers::path(work.conn(), asker.operator, asker.scope, reseller).await?;
    let limits = asker.limits(work.conn(), reseller).await?;
    let (draft, username) = Draft::of_new(asked, most_connections(limits.as_ref()))?;
    if let Some(known) = super::lock(work, &[asked.account_id]).await?.pop() {
        return repeat(app, work, asker, &known, (reseller, asked)).await;
    }
    let ground = Ground::read(work, reseller).await?;
    let offer = match chosen_day(asked) {
        None => ground.offer(work, Service::Plan(asked.plan_id), None, asked.gift).await?,
        Some(day) => ground.until(work, asked.plan_id, day, asked.gift).await?,
    };
    let seller = Seller { id: reseller.0, path: path.as_str().to_owned() };
    let Some(account) = insert(app, work, asked.account_id, &seller, username.as_deref()).await? else {
        // Somebody asked the same at the same moment.
        let known = super::lock(work, &[asked.account_id]).await?.pop();
        let known = known.ok_or_else(|| name_taken(username.as_deref().unwrap_or_default()))?;
        return repeat(app, work, asker, &known, (reseller, asked)).await;
    };
    fill(work, &account, &draft).await?;
    let id = SubscriptionId(asked.account_id.0);
    let purpose = service::Purpose { id, sentence: "to create this account", gift: asked.gift };
    let mut books = ground.books(work).await?;
    within_limit(work, reseller, limits.as_ref(), 0).await?;
    let cost = service::give(work, &mut books, &ground, &account, &offer, &purpose).await?;
    credits::note_key(work, asker.actor, &SourceEvent::subscription(id)).await?;
    let after = super::locked(work, asked.account_id).await?;
    let shown = shown(app, work, &after, cost).await?;
    let noted = Noted { account: &shown.account, reason: None, cost };
    audit::record(work, asker.actor, "account.create", Some(account.id), audit::NOTHING, Some(&noted)).await?;
    work.touch(FeedTable::Account, account.id, path.as_str());
    Ok(shown)
}

/// What is wrong with the fields themselves. Whoever asks may be allowed fewer connections.
pub(crate) fn wrong_fields(asked: &CreateAccount) -> Vec<FieldProblem> {
    match Draft::of_new(asked, most_connections(None)) {
        Ok(_) => Vec::new(),
        Err(failure) => failure.problem().fields.clone(),
    }
}

/// Whether a reseller's members may have what it has now, and so many accounts more that somebody plans. Staff may always.
pub(crate) async fn room_beside(
    work: &mut Work,
    asker: &Asker<'_>,
    reseller: ResellerId,
    planned: u32,
) -> Result<(), Failure> {
    let limits = asker.limits(work.conn(), reseller).await?;
    within_limit(work, reseller, limits.as_ref(), planned).await
}

fn owner_of_new(asker: &Asker<'_>, asked: &CreateAccount) -> Result<ResellerId, Failure> {
    let own = match asker.scope {
        Scope::Operator => None,
        Scope::Subtree { reseller, .. } => Some(*reseller),
    };
    asked.reseller_id.or(own).ok_or_else(|| Failure::validation(vec![field("reseller_id", "say whose it will be")]))
}

/// None when an account has the id already, or the user name.
async fn insert(
    app: &App,
    work: &mut Work,
    id: AccountId,
    seller: &Seller,
    username: Option<&str>,
) -> Result<Option<AccountRecord>, Failure> {
    let Some(username) = username else {
        let opening = Opening { seller, service: None };
        let mut open = super::lock_or_open(work, app.keys(), &[], BTreeMap::from([(id, opening)])).await?;
        return Ok(open.remove(&id).filter(|(_, new)| *new).map(|(account, _)| account));
    };
    let hash = token_hash(&token(app.keys(), id, FIRST_GENERATION));
    let new = NewAccount { id, reseller: seller.id, username, token_hash: hash.as_slice(), service: None };
    let stored = super::insert(work, std::slice::from_ref(&new)).await?;
    Ok((!stored.is_empty()).then(|| super::opened(work, seller, &new)))
}

fn name_taken(username: &str) -> Failure {
    let detail = format!("The user name {username} is taken. Choose another, or leave it out: one is invented.");
    Failure::new(Code::UsernameTaken, detail)
}

pub(super) async fn fill(work: &mut Work, account: &AccountRecord, draft: &Draft) -> Result<(), Failure> {
    if let Some(mac) = &draft.mac {
        free(work, account, mac).await?;
    }
    Ok(repo::fill(work.conn(), account.id, draft).await?)
}

/// No other account may have the MAC address: portals write to both.
pub(super) async fn free(work: &mut Work, account: &AccountRecord, mac: &str) -> Result<(), Failure> {
    let operator = work.operator();
    match repo::of_mac(work.conn(), operator, mac).await? {
        Some(other) if other != account.id => {
            let detail = format!(
                "Another account has the MAC address {mac}. Use another box, or take the address from that account first."
            );
            Err(Failure::new(Code::MacTaken, detail))
        }
        _ => Ok(()),
    }
}

/// Asked behind the lock of the wallet, so that of two at once the second counts the first. So many more are planned.
async fn within_limit(
    work: &mut Work,
    reseller: ResellerId,
    limits: Option<&Permissions>,
    planned: u32,
) -> Result<(), Failure> {
    let Some(limit) = limits.and_then(|limits| limits.max_accounts) else { return Ok(()) };
    let most = limit.saturating_sub(planned);
    if super::count_up_to(work.conn(), reseller, most.saturating_add(1)).await? <= most {
        return Ok(());
    }
    let detail = format!(
        "You have reached your maximum account limit ({limit}). Archive an account, or ask the operator for a higher limit."
    );
    Err(Failure::new(Code::AccountLimit, detail))
}

/// The same id again from whoever made the account: the same answer, or a refusal when it asks for something else. To anybody
/// else it is a used id: lists show ids, and the answer opens the account. So it is given only while it is the same.
async fn repeat(
    app: &App,
    work: &mut Work,
    asker: &Asker<'_>,
    known: &AccountRecord,
    (reseller, asked): (ResellerId, &CreateAccount),
) -> Result<Credentials, Failure> {
    let first = repo::subscription::by_id(work.conn(), SubscriptionId(known.id)).await?;
    let same =
        first.as_ref().is_some_and(|first| first.plan_id == asked.plan_id.0 && first.reseller_id == Some(reseller.0));
    let own = known.is_in(asker.scope)
        && audit::was_first_done_by(work.conn(), asker.actor, "account.create", known.id).await?;
    let Some(first) = first.filter(|_| same && own) else {
        let detail = "This id belongs to another account. Mint a new id for a new account.";
        return Err(Failure::new(Code::IdReused, detail));
    };
    if known.credential_generation != FIRST_GENERATION || known.status()? == AccountStatus::Archived {
        let detail = "This account was made under this id, and what opened it then does not open it any more. Look at the \
                      account; a new one takes a new id.";
        return Err(Failure::new(Code::WrongState, detail));
    }
    shown(app, work, known, first.cost()?).await
}

/// The account with what opens it.
pub(super) async fn shown(
    app: &App,
    work: &mut Work,
    account: &AccountRecord,
    cost: Option<Amount>,
) -> Result<Credentials, Failure> {
    let (id, generation) = (AccountId(account.id), account.credential_generation);
    let (operator, now) = (work.operator(), work.now());
    let currency = operators::get(work.conn(), operator).await?.currency;
    Ok(Credentials {
        account: account.to_wire(currency, now)?,
        password: password(app.keys(), id, generation),
        token: token(app.keys(), id, generation),
        cost,
    })
}
