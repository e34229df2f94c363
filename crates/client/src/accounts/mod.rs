//! Customers' accounts: the list out of the cache, at any size and without a network; changes by Central.

mod finding;
mod list;
mod order;
mod rights;
mod search;

use counterfoil_domain::ids::AccountId;
use counterfoil_wire::accounts::{
    Account, AccountEvent, AccountPortals, AccountReason, AccountSeen, AskAccess, ChangePlan, CreateAccount,
    Credentials, ExtendAccount, Extended, SaveAccount, TransferAccount,
};
use counterfoil_wire::endpoint::{
    AdminAccount, AdminAccountActivate, AdminAccountArchive, AdminAccountCreate, AdminAccountExtend,
    AdminAccountHistory, AdminAccountPlan, AdminAccountPortals, AdminAccountResetToken, AdminAccountSuspend,
    AdminAccountTransfer, AdminAccountUpdate, AdminAccountsSeen, ResellerAccount, ResellerAccountActivate,
    ResellerAccountArchive, ResellerAccountCreate, ResellerAccountExtend, ResellerAccountHistory, ResellerAccountPlan,
    ResellerAccountPortals, ResellerAccountResetToken, ResellerAccountSuspend, ResellerAccountUpdate,
    ResellerAccountsSeen,
};
use counterfoil_wire::page::{Page, PageQuery};

pub(crate) use list::{AccountsError, Line, Show, Wanted, company, find, list, whole};
pub(crate) use order::{Sort, SortBy};
pub(crate) use rights::{Right, Rights, rights};

use crate::admin::is_staff;
use crate::session::{SessionError, call};
use crate::till::Till;

/// The same call for both audiences.
macro_rules! either {
    ($till:expr, $staff:ty | $member:ty, $parameters:expr, $body:expr) => {
        if is_staff($till).await? {
            call::<$staff>($till, $parameters, $body).await
        } else {
            call::<$member>($till, $parameters, $body).await
        }
    };
}

/// What was changed comes into the cache with the next pull: at once.
fn changed<T>(till: &Till, answer: Result<T, SessionError>) -> Result<T, SessionError> {
    if answer.is_ok() {
        till.sync.wake();
    }
    answer
}

pub(crate) async fn create(till: &Till, new: &CreateAccount) -> Result<Credentials, SessionError> {
    changed(till, either!(till, AdminAccountCreate | ResellerAccountCreate, &[], new))
}

/// As Central has it now, with what no device follows.
pub(crate) async fn get(till: &Till, id: AccountId) -> Result<Account, SessionError> {
    either!(till, AdminAccount | ResellerAccount, &[&id.to_string()], &())
}

/// When those of a page were last at their portals; who is not told of is left out.
pub(crate) async fn seen(till: &Till, asked: &AskAccess) -> Result<Vec<AccountSeen>, SessionError> {
    either!(till, AdminAccountsSeen | ResellerAccountsSeen, &[], asked)
}

/// On which portal it is, and which one serves each plan.
pub(crate) async fn portals(till: &Till, id: AccountId) -> Result<AccountPortals, SessionError> {
    either!(till, AdminAccountPortals | ResellerAccountPortals, &[&id.to_string()], &())
}

pub(crate) async fn save(till: &Till, id: AccountId, account: &SaveAccount) -> Result<Account, SessionError> {
    changed(till, either!(till, AdminAccountUpdate | ResellerAccountUpdate, &[&id.to_string()], account))
}

pub(crate) async fn extend(till: &Till, id: AccountId, service: &ExtendAccount) -> Result<Extended, SessionError> {
    changed(till, either!(till, AdminAccountExtend | ResellerAccountExtend, &[&id.to_string()], service))
}

pub(crate) async fn change_plan(till: &Till, id: AccountId, to: &ChangePlan) -> Result<Account, SessionError> {
    changed(till, either!(till, AdminAccountPlan | ResellerAccountPlan, &[&id.to_string()], to))
}

pub(crate) async fn suspend(till: &Till, id: AccountId, reason: &AccountReason) -> Result<Account, SessionError> {
    changed(till, either!(till, AdminAccountSuspend | ResellerAccountSuspend, &[&id.to_string()], reason))
}

pub(crate) async fn activate(till: &Till, id: AccountId) -> Result<Account, SessionError> {
    changed(till, either!(till, AdminAccountActivate | ResellerAccountActivate, &[&id.to_string()], &()))
}

pub(crate) async fn archive(till: &Till, id: AccountId, reason: &AccountReason) -> Result<Account, SessionError> {
    changed(till, either!(till, AdminAccountArchive | ResellerAccountArchive, &[&id.to_string()], reason))
}

pub(crate) async fn transfer(till: &Till, id: AccountId, to: &TransferAccount) -> Result<Account, SessionError> {
    changed(till, call::<AdminAccountTransfer>(till, &[&id.to_string()], to).await)
}

pub(crate) async fn reset_token(till: &Till, id: AccountId) -> Result<Credentials, SessionError> {
    changed(till, either!(till, AdminAccountResetToken | ResellerAccountResetToken, &[&id.to_string()], &()))
}

pub(crate) async fn history(till: &Till, id: AccountId, query: &PageQuery) -> Result<Page<AccountEvent>, SessionError> {
    either!(till, AdminAccountHistory | ResellerAccountHistory, &[&id.to_string()], query)
}
