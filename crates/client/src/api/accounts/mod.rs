//! The Accounts page: a grid over any number of accounts that needs no network, and one account with its history.

mod views;

use std::sync::Arc;

use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{AccountId, PlanChangeId, PlanId, SubscriptionId};
use counterfoil_wire::accounts as wire;
use counterfoil_wire::page::PageQuery;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::types::{AmountView, PageRequest, id};
use crate::till::Till;
use crate::{Client, accounts, permissions};

pub use views::{
    AccountActor, AccountEvent, AccountFieldChange, AccountHistory, AccountRight, AccountRights, AccountStatus,
    AccountView, AccountsPage, AccountsShow, AccountsSort, AccountsSortBy, CredentialsView, ExtendedAccount,
};

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AccountsRequest {
    /// The start of a user name, an e-mail address or a MAC address; after those, what contains each of its words, where
    /// one has three letters.
    pub search: String,
    pub show: AccountsShow,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<String>,
    /// Absent: by name, or what ends soon or has ended by its end. What a search finds is listed by name.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<AccountsSort>,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AccountRef {
    pub account_id: String,
}

/// What Central alone knows of an account.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
pub struct AccountAccess {
    /// When it was last at its portal, as the last look at the portal found it; absent where nothing tells.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_access_at: Option<i64>,
}

/// Asks when accounts of a list were last seen.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AccountsSeen {
    /// At most 500.
    pub account_ids: Vec<String>,
}

/// On which portal an account is, and which one serves each plan: a change of its plan moves it there.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AccountPortals {
    /// Its name; absent where the account is on none.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// Those that a portal serves. With any other the account stays where it is.
    pub plans: Vec<ServingPortal>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ServingPortal {
    pub plan_id: String,
    /// The portal's name.
    pub portal: String,
}

/// An account that a portal has told of.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AccountSeen {
    pub account_id: String,
    pub last_access_at: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AccountHistoryRequest {
    pub account_id: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// A new account with its first service.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CreateAccount {
    /// Minted by the caller: a repeat is answered, not charged again.
    pub account_id: String,
    /// By staff: whose it will be.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<String>,
    pub plan_id: String,
    /// `2026-12-22`; empty: the plan's term.
    pub last_day: String,
    /// Empty: one is invented.
    pub username: String,
    pub email: String,
    pub mac: String,
    pub notes: String,
    pub max_connections: u16,
    /// By staff: the reseller's wallet pays nothing.
    pub gift: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveAccount {
    pub account_id: String,
    /// As it was read.
    pub version: u32,
    pub email: String,
    pub mac: String,
    pub notes: String,
    pub max_connections: u16,
}

/// A plan with its term, or days of the plan it has.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AccountService {
    Plan(String),
    Days(u16),
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ExtendAccount {
    pub account_id: String,
    /// Minted by the caller: a repeat is answered, not charged again.
    pub subscription_id: String,
    pub service: AccountService,
    pub gift: bool,
}

/// Another plan for what is left of its service: the last day stays, and nothing is paid.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangeAccountPlan {
    pub account_id: String,
    /// Minted by the caller: a repeat is answered, not done again.
    pub plan_change_id: String,
    pub plan_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AccountReason {
    pub account_id: String,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TransferAccount {
    pub account_id: String,
    pub reseller_id: String,
    pub reason: String,
}

pub async fn accounts_page(client: &Arc<Client>, request: AccountsRequest) -> Result<AccountsPage, ApiError> {
    let till = client.till()?;
    permissions::require(&till, Grant::ViewAccounts).await?;
    let wanted = accounts::Wanted {
        search: request.search,
        show: request.show.into(),
        reseller: request.reseller_id.as_deref().map(id).transpose()?,
        sort: request.sort.map(Into::into),
        after: request.page.after,
        offset: request.page.offset,
        limit: request.page.limit,
        ..accounts::Wanted::default()
    };
    let (lines, next) = accounts::list(&till, &wanted).await?;
    let now = till.trusted_now();
    let rows = lines.into_iter().map(|line| views::of_line(line, now)).collect::<Result<_, _>>()?;
    Ok(AccountsPage { rows, next })
}

/// As this machine knows it.
pub async fn account(client: &Arc<Client>, request: AccountRef) -> Result<AccountView, ApiError> {
    let till = client.till()?;
    permissions::require(&till, Grant::ViewAccounts).await?;
    of_cache(&till, id(&request.account_id)?).await
}

async fn of_cache(till: &Till, id: AccountId) -> Result<AccountView, ApiError> {
    let line = accounts::find(&mut *till.read().await?, id).await?;
    views::of_line(line, till.trusted_now())
}

/// When an account was last seen. It moves all the time, so this machine keeps nothing of it.
pub async fn account_access(client: &Arc<Client>, request: AccountRef) -> Result<AccountAccess, ApiError> {
    let account = accounts::get(&*client.till()?, id(&request.account_id)?).await?;
    Ok(AccountAccess { last_access_at: account.last_access_at.map(|at| at.0) })
}

/// [`account_access`] of many. Those that no portal has told of are left out.
pub async fn accounts_seen(client: &Arc<Client>, request: AccountsSeen) -> Result<Vec<AccountSeen>, ApiError> {
    let account_ids = request.account_ids.iter().map(|account| id(account)).collect::<Result<Vec<AccountId>, _>>()?;
    let seen = accounts::seen(&*client.till()?, &wire::AskAccess { account_ids }).await?;
    let seen = seen
        .into_iter()
        .map(|one| AccountSeen { account_id: one.account_id.to_string(), last_access_at: one.last_access_at.0 });
    Ok(seen.collect())
}

/// Portals are known to Central alone.
pub async fn account_portals(client: &Arc<Client>, request: AccountRef) -> Result<AccountPortals, ApiError> {
    let known = accounts::portals(&*client.till()?, id(&request.account_id)?).await?;
    let plan = |one: wire::ServingPortal| ServingPortal { plan_id: one.plan_id.to_string(), portal: one.portal };
    Ok(AccountPortals { now: known.now, plans: known.plans.into_iter().map(plan).collect() })
}

pub async fn account_rights(client: &Arc<Client>, (): ()) -> Result<AccountRights, ApiError> {
    Ok(accounts::rights(&*client.till()?).await?.into())
}

pub async fn account_history(client: &Arc<Client>, request: AccountHistoryRequest) -> Result<AccountHistory, ApiError> {
    let query = PageQuery { after: request.after, limit: None, search: None };
    Ok(accounts::history(&*client.till()?, id(&request.account_id)?, &query).await?.into())
}

pub async fn create_account(client: &Arc<Client>, request: CreateAccount) -> Result<CredentialsView, ApiError> {
    let till = client.till()?;
    let new = wire::CreateAccount {
        account_id: id(&request.account_id)?,
        reseller_id: request.reseller_id.as_deref().map(id).transpose()?,
        plan_id: id::<PlanId>(&request.plan_id)?,
        last_day: given(request.last_day),
        username: given(request.username),
        email: given(request.email),
        mac: given(request.mac),
        notes: given(request.notes),
        max_connections: Some(request.max_connections),
        gift: request.gift,
    };
    let server = server(&till).await?;
    let made = accounts::create(&till, &new).await?;
    Ok(shown(&till, &server, made).await)
}

pub async fn save_account(client: &Arc<Client>, request: SaveAccount) -> Result<AccountView, ApiError> {
    let till = client.till()?;
    let account = wire::SaveAccount {
        version: request.version,
        email: given(request.email),
        mac: given(request.mac),
        notes: request.notes,
        max_connections: request.max_connections,
    };
    Ok(told(&till, accounts::save(&till, id(&request.account_id)?, &account).await?).await)
}

pub async fn extend_account(client: &Arc<Client>, request: ExtendAccount) -> Result<ExtendedAccount, ApiError> {
    let till = client.till()?;
    let service = match request.service {
        AccountService::Plan(plan) => wire::Service::Plan(id(&plan)?),
        AccountService::Days(days) => wire::Service::Days(days),
    };
    let subscription_id = id::<SubscriptionId>(&request.subscription_id)?;
    let asked = wire::ExtendAccount { subscription_id, service, gift: request.gift };
    let extended = accounts::extend(&till, id(&request.account_id)?, &asked).await?;
    let account = told(&till, extended.account).await;
    Ok(ExtendedAccount { account, cost: extended.cost.map(AmountView::from) })
}

pub async fn change_account_plan(client: &Arc<Client>, request: ChangeAccountPlan) -> Result<AccountView, ApiError> {
    let till = client.till()?;
    let plan_change_id = id::<PlanChangeId>(&request.plan_change_id)?;
    let to = wire::ChangePlan { plan_change_id, plan_id: id::<PlanId>(&request.plan_id)? };
    Ok(told(&till, accounts::change_plan(&till, id(&request.account_id)?, &to).await?).await)
}

pub async fn suspend_account(client: &Arc<Client>, request: AccountReason) -> Result<AccountView, ApiError> {
    let till = client.till()?;
    let reason = wire::AccountReason { reason: request.reason };
    Ok(told(&till, accounts::suspend(&till, id(&request.account_id)?, &reason).await?).await)
}

pub async fn activate_account(client: &Arc<Client>, request: AccountRef) -> Result<AccountView, ApiError> {
    let till = client.till()?;
    Ok(told(&till, accounts::activate(&till, id(&request.account_id)?).await?).await)
}

pub async fn archive_account(client: &Arc<Client>, request: AccountReason) -> Result<AccountView, ApiError> {
    let till = client.till()?;
    let reason = wire::AccountReason { reason: request.reason };
    Ok(told(&till, accounts::archive(&till, id(&request.account_id)?, &reason).await?).await)
}

pub async fn transfer_account(client: &Arc<Client>, request: TransferAccount) -> Result<AccountView, ApiError> {
    let till = client.till()?;
    let to = wire::TransferAccount { reseller_id: id(&request.reseller_id)?, reason: request.reason };
    Ok(told(&till, accounts::transfer(&till, id(&request.account_id)?, &to).await?).await)
}

pub async fn reset_account_token(client: &Arc<Client>, request: AccountRef) -> Result<CredentialsView, ApiError> {
    let till = client.till()?;
    let server = server(&till).await?;
    let reset = accounts::reset_token(&till, id(&request.account_id)?).await?;
    Ok(shown(&till, &server, reset).await)
}

fn given(text: String) -> Option<String> {
    Some(text).filter(|text| !text.trim().is_empty())
}

/// What Central answered, with the name of its reseller where the cache has it.
async fn told(till: &Till, account: wire::Account) -> AccountView {
    let company = match account.reseller_id {
        Some(reseller) => accounts::company(till, reseller).await.unwrap_or_default(),
        None => None,
    };
    views::of_wire(account, company)
}

/// Where the customer's page is. Asked before anything is made: what opens an account is shown once, and an address that
/// cannot be read must not be left out of it.
async fn server(till: &Till) -> Result<String, ApiError> {
    Ok(till.device().await?.map(|device| device.server_url).unwrap_or_default())
}

async fn shown(till: &Till, server: &str, made: wire::Credentials) -> CredentialsView {
    CredentialsView {
        password: made.password,
        subscription_url: format!("{}/subscription", server.trim_end_matches('/')),
        token: made.token,
        cost: made.cost.map(AmountView::from),
        account: told(till, made.account).await,
    }
}
