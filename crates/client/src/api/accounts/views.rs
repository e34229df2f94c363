//! Accounts as the UI is given them.

use counterfoil_domain::account as domain;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::accounts as wire;
use counterfoil_wire::page::Page;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::accounts::{AccountsError, Line, Right, Rights, Show, Sort, SortBy};
use crate::api::ApiError;
use crate::api::types::AmountView;
use crate::store::StoreError;

/// Where an account stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    Active,
    Expired,
    Suspended,
    Archived,
}

/// Which accounts a list has: all that are not archived, or really all, by name; or those of one kind. What ends soon or has ended is
/// sorted by its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AccountsShow {
    InUse,
    All,
    Active,
    EndingSoon,
    Expired,
    Suspended,
    Archived,
}

/// What a list of accounts is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AccountsSortBy {
    Username,
    LastDay,
    Created,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AccountsSort {
    pub by: AccountsSortBy,
    pub descending: bool,
}

impl From<AccountsSort> for Sort {
    fn from(AccountsSort { by, descending }: AccountsSort) -> Self {
        let by = match by {
            AccountsSortBy::Username => SortBy::Name,
            AccountsSortBy::LastDay => SortBy::End,
            AccountsSortBy::Created => SortBy::Made,
        };
        Self { by, descending }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AccountView {
    pub account_id: String,
    pub version: u32,
    /// Absent where nobody owns it.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_company: Option<String>,
    pub username: String,
    /// Empty where there is none, as the next ones.
    pub email: String,
    pub mac: String,
    pub notes: String,
    pub status: AccountStatus,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_id: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_name: Option<String>,
    /// In the operator's zone, `2026-12-22`.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_day: Option<String>,
    pub max_connections: u16,
    pub created_at: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AccountsPage {
    pub rows: Vec<AccountView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What opens an account. It is shown once.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct CredentialsView {
    pub account: AccountView,
    pub password: String,
    /// Opens the page at `subscription_url`.
    pub token: String,
    pub subscription_url: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<AmountView>,
}

impl std::fmt::Debug for CredentialsView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CredentialsView").field("account", &self.account).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ExtendedAccount {
    pub account: AccountView,
    /// Absent for a gift.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<AmountView>,
}

/// Whether something is allowed, and who could allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AccountRight {
    Yes,
    /// Another role may.
    NotThisRole,
    /// The operator did not allow it to the shop.
    NotThisShop,
}

/// What whoever is signed in may do with accounts.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AccountRights {
    pub create: AccountRight,
    pub extend: AccountRight,
    pub edit: AccountRight,
    pub archive: AccountRight,
    pub reset_token: AccountRight,
    pub transfer: AccountRight,
    /// Recording what customers paid.
    pub pay: AccountRight,
    pub gift: AccountRight,
    pub max_connections: u16,
    /// Absent where there is no limit, and `accounts` with it.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_accounts: Option<u32>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts: Option<u32>,
}

/// Who did something to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AccountActor {
    Staff,
    Member,
    Device,
    Customer,
    System,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AccountHistory {
    pub rows: Vec<AccountEvent>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AccountEvent {
    pub at: i64,
    /// `account.create`, `code.redeem` and so on.
    pub action: String,
    pub by: AccountActor,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_name: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_name: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_day: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<AmountView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub changes: Vec<AccountFieldChange>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AccountFieldChange {
    /// As the field is called in an account.
    pub field: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl From<domain::AccountStatus> for AccountStatus {
    fn from(status: domain::AccountStatus) -> Self {
        match status {
            domain::AccountStatus::Active => Self::Active,
            domain::AccountStatus::Expired => Self::Expired,
            domain::AccountStatus::Suspended => Self::Suspended,
            domain::AccountStatus::Archived => Self::Archived,
        }
    }
}

impl From<AccountsShow> for Show {
    fn from(show: AccountsShow) -> Self {
        match show {
            AccountsShow::InUse => Self::InUse,
            AccountsShow::All => Self::All,
            AccountsShow::Active => Self::Active,
            AccountsShow::EndingSoon => Self::EndingSoon,
            AccountsShow::Expired => Self::Expired,
            AccountsShow::Suspended => Self::Suspended,
            AccountsShow::Archived => Self::Archived,
        }
    }
}

impl From<Right> for AccountRight {
    fn from(right: Right) -> Self {
        match right {
            Right::Yes => Self::Yes,
            Right::NotThisRole => Self::NotThisRole,
            Right::NotThisShop => Self::NotThisShop,
        }
    }
}

impl From<Rights> for AccountRights {
    fn from(rights: Rights) -> Self {
        Self {
            create: rights.create.into(),
            extend: rights.extend.into(),
            edit: rights.edit.into(),
            archive: rights.archive.into(),
            reset_token: rights.reset_token.into(),
            transfer: rights.transfer.into(),
            pay: rights.pay.into(),
            gift: rights.gift.into(),
            max_connections: rights.max_connections,
            max_accounts: rights.max_accounts,
            accounts: rights.accounts,
        }
    }
}

impl From<wire::ActorKind> for AccountActor {
    fn from(by: wire::ActorKind) -> Self {
        match by {
            wire::ActorKind::Staff => Self::Staff,
            wire::ActorKind::Member => Self::Member,
            wire::ActorKind::Device => Self::Device,
            wire::ActorKind::Customer => Self::Customer,
            wire::ActorKind::System => Self::System,
        }
    }
}

impl From<Page<wire::AccountEvent>> for AccountHistory {
    fn from(page: Page<wire::AccountEvent>) -> Self {
        Self { rows: page.items.into_iter().map(Into::into).collect(), next: page.next }
    }
}

impl From<wire::AccountEvent> for AccountEvent {
    fn from(event: wire::AccountEvent) -> Self {
        let change = |change: wire::FieldChange| AccountFieldChange {
            field: change.field,
            before: change.before,
            after: change.after,
        };
        Self {
            at: event.at.0,
            action: event.action,
            by: event.by.into(),
            by_name: event.by_name,
            serial: event.serial,
            plan_name: event.plan_name,
            last_day: event.last_day,
            cost: event.cost.map(AmountView::from),
            reason: event.reason,
            changes: event.changes.into_iter().map(change).collect(),
        }
    }
}

pub(super) fn of_wire(account: wire::Account, company: Option<String>) -> AccountView {
    AccountView {
        account_id: account.account_id.to_string(),
        version: account.version,
        reseller_id: account.reseller_id.map(|id| id.to_string()),
        reseller_company: company,
        username: account.username,
        email: account.email.unwrap_or_default(),
        mac: account.mac.unwrap_or_default(),
        notes: account.notes,
        status: account.status.into(),
        plan_id: account.plan_id.map(|id| id.to_string()),
        plan_name: account.plan_name,
        last_day: account.last_day,
        max_connections: account.max_connections,
        created_at: account.created_at.0,
    }
}

/// A row of the cache, as it stands at this moment.
pub(super) fn of_line(line: Line, now: Timestamp) -> Result<AccountView, ApiError> {
    let status = line.status(now).map_err(AccountsError::from)?.into();
    let damaged = |column: &'static str, value: i64| {
        AccountsError::from(StoreError::unknown("cached_account", column, value.to_string()))
    };
    Ok(AccountView {
        account_id: line.account_id.to_string(),
        version: u32::try_from(line.revision).map_err(|_| damaged("revision", line.revision))?,
        reseller_id: line.reseller_id.map(|id| id.to_string()),
        reseller_company: line.reseller_company,
        username: line.username,
        email: line.email.unwrap_or_default(),
        mac: line.mac.unwrap_or_default(),
        notes: line.notes,
        status,
        plan_id: line.plan_id.map(|id| id.to_string()),
        plan_name: line.plan_name,
        last_day: line.last_day,
        max_connections: u16::try_from(line.max_connections)
            .map_err(|_| damaged("max_connections", line.max_connections))?,
        created_at: line.created_at,
    })
}
