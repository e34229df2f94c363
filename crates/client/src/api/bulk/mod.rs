//! The page Many accounts: an operation is tried dry, run, watched and taken back.

mod views;

use std::sync::Arc;

use counterfoil_domain::account::AccountStatus as DomainStatus;
use counterfoil_domain::bulk as domain;
use counterfoil_domain::ids::{AccountId, PlanId, ResellerId};
use counterfoil_wire::page::PageQuery;
use counterfoil_wire::{accounts as wire_accounts, bulk as wire};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::accounts::{AccountRight, AccountService, AccountStatus};
use super::types::id;
use crate::{Client, bulk};

pub use views::{
    Bulk, BulkDetail, BulkLine, BulkMove, BulkPage, BulkRefusal, BulkRow, BulkRows, CreatedAccount, CreatedAccounts,
    ShortWallet,
};

words! {
    /// Where an operation on many accounts stands.
    BulkState { Receiving, Planning, Planned, Running, Done, Cancelled, Undoing, Undone, Failed }
    /// Where one of its accounts stands.
    BulkRowState { Waiting, Planned, Refused, Done, Undone, Kept }
}

/// What is done to each account.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BulkOperation {
    Extend {
        service: AccountService,
        gift: bool,
    },
    Suspend {
        reason: String,
    },
    Activate,
    /// Another plan for what is left of the service.
    PlanChange {
        plan_id: String,
    },
    Transfer {
        reseller_id: String,
        reason: String,
    },
    /// `gift`: a line may say that its account is the operator's gift.
    Create {
        file: String,
        lines: u32,
        gift: bool,
    },
}

/// Which accounts: chosen ones, all of a list, or those that the lines of a file describe.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BulkTargets {
    Chosen {
        account_ids: Vec<String>,
    },
    Matching {
        /// As the list of accounts is searched: the accounts it shows are taken, at most 5,000. Empty: all.
        search: String,
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<AccountStatus>,
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan_id: Option<String>,
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reseller_id: Option<String>,
        /// `2026-12-22`; empty for any.
        ends_before: String,
    },
    Lines,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PlanBulk {
    /// Minted by the caller: a repeat is answered, not planned again.
    pub bulk_id: String,
    pub operation: BulkOperation,
    pub targets: BulkTargets,
}

/// The next lines of a file; those that are there already are answered.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddBulkLines {
    pub bulk_id: String,
    /// The place of the first of them among all lines of accounts, from 1.
    pub first: u32,
    /// At most 500.
    pub lines: Vec<BulkLine>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BulkRef {
    pub bulk_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BulkPageRequest {
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    pub limit: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BulkRowsRequest {
    pub bulk_id: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<BulkRowState>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    pub limit: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CreatedAccountsRequest {
    pub bulk_id: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    pub limit: u32,
}

/// What whoever is signed in may do to many accounts.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct BulkRights {
    /// From the lines of a file.
    pub create: AccountRight,
    pub extend: AccountRight,
    /// Suspending, and switching on again.
    pub edit: AccountRight,
    pub transfer: AccountRight,
    pub gift: AccountRight,
}

/// The newest first.
pub async fn bulk_page(client: &Arc<Client>, request: BulkPageRequest) -> Result<BulkPage, ApiError> {
    let query = PageQuery { after: request.after, limit: Some(request.limit.clamp(1, 500)), search: None };
    let page = bulk::list(&*client.till()?, &query).await?;
    Ok(BulkPage { rows: page.items.into_iter().map(Into::into).collect(), next: page.next })
}

pub async fn bulk(client: &Arc<Client>, request: BulkRef) -> Result<BulkDetail, ApiError> {
    Ok(bulk::detail(&*client.till()?, id(&request.bulk_id)?).await?.into())
}

pub async fn bulk_rows(client: &Arc<Client>, request: BulkRowsRequest) -> Result<BulkRows, ApiError> {
    let limit = Some(request.limit.clamp(1, 500));
    let query = wire::BulkRowsQuery { after: request.after, limit, state: request.state.map(Into::into) };
    let page = bulk::rows(&*client.till()?, id(&request.bulk_id)?, &query).await?;
    Ok(BulkRows { rows: page.items.into_iter().map(Into::into).collect(), next: page.next })
}

pub async fn bulk_rights(client: &Arc<Client>, (): ()) -> Result<BulkRights, ApiError> {
    let bulk::Rights { create, extend, edit, transfer, gift } = bulk::rights(&*client.till()?).await?;
    Ok(BulkRights {
        create: create.into(),
        extend: extend.into(),
        edit: edit.into(),
        transfer: transfer.into(),
        gift: gift.into(),
    })
}

/// Has an operation tried; nothing is changed.
pub async fn plan_bulk(client: &Arc<Client>, request: PlanBulk) -> Result<Bulk, ApiError> {
    let asked = wire::PlanBulk {
        bulk_id: id(&request.bulk_id)?,
        operation: operation(request.operation)?,
        targets: targets(request.targets)?,
    };
    Ok(bulk::plan(&*client.till()?, asked).await?.into())
}

/// Sends the next lines of a file. With the last ones, each is tried.
pub async fn add_bulk_lines(client: &Arc<Client>, request: AddBulkLines) -> Result<Bulk, ApiError> {
    let bulk = id(&request.bulk_id)?;
    let lines = request.lines.into_iter().map(Into::into).collect();
    let asked = wire::AddBulkLines { first: request.first, lines };
    Ok(bulk::add_lines(&*client.till()?, bulk, &asked).await?.into())
}

/// What opens the accounts that were created, for whoever ordered them. That it was shown is noted by the server.
pub async fn bulk_created(client: &Arc<Client>, request: CreatedAccountsRequest) -> Result<CreatedAccounts, ApiError> {
    let query = PageQuery { after: request.after, limit: Some(request.limit.clamp(1, 500)), search: None };
    let page = bulk::created(&*client.till()?, id(&request.bulk_id)?, &query).await?;
    Ok(CreatedAccounts { rows: page.items.into_iter().map(Into::into).collect(), next: page.next })
}

pub async fn run_bulk(client: &Arc<Client>, request: BulkRef) -> Result<Bulk, ApiError> {
    Ok(bulk::run(&*client.till()?, id(&request.bulk_id)?).await?.into())
}

pub async fn cancel_bulk(client: &Arc<Client>, request: BulkRef) -> Result<Bulk, ApiError> {
    Ok(bulk::cancel(&*client.till()?, id(&request.bulk_id)?).await?.into())
}

pub async fn undo_bulk(client: &Arc<Client>, request: BulkRef) -> Result<Bulk, ApiError> {
    Ok(bulk::undo(&*client.till()?, id(&request.bulk_id)?).await?.into())
}

fn operation(operation: BulkOperation) -> Result<wire::BulkOperation, ApiError> {
    Ok(match operation {
        BulkOperation::Extend { service, gift } => {
            let service = match service {
                AccountService::Plan(plan) => wire_accounts::Service::Plan(id::<PlanId>(&plan)?),
                AccountService::Days(days) => wire_accounts::Service::Days(days),
            };
            wire::BulkOperation::Extend { service, gift }
        }
        BulkOperation::Suspend { reason } => wire::BulkOperation::Suspend { reason: reason.trim().to_owned() },
        BulkOperation::Activate => wire::BulkOperation::Activate,
        BulkOperation::PlanChange { plan_id } => wire::BulkOperation::PlanChange { plan_id: id::<PlanId>(&plan_id)? },
        BulkOperation::Transfer { reseller_id, reason } => wire::BulkOperation::Transfer {
            reseller_id: id::<ResellerId>(&reseller_id)?,
            reason: reason.trim().to_owned(),
        },
        BulkOperation::Create { file, lines, gift } => {
            wire::BulkOperation::Create { file: file.trim().to_owned(), lines, gift }
        }
    })
}

fn targets(targets: BulkTargets) -> Result<wire::BulkTargets, ApiError> {
    let given = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    Ok(match targets {
        BulkTargets::Lines => wire::BulkTargets::Lines,
        BulkTargets::Chosen { account_ids } => wire::BulkTargets::Chosen {
            account_ids: account_ids.iter().map(|account| id::<AccountId>(account)).collect::<Result<_, _>>()?,
        },
        BulkTargets::Matching { search, status, plan_id, reseller_id, ends_before } => {
            // The list of accounts shows those of the resellers below as well, unless it is of one reseller.
            let with_below = reseller_id.is_none();
            wire::BulkTargets::Matching(wire::BulkFilter {
                search: given(search),
                status: status.map(stored_status),
                plan_id: plan_id.as_deref().map(id).transpose()?,
                reseller_id: reseller_id.as_deref().map(id).transpose()?,
                ends_before: given(ends_before),
                with_below,
            })
        }
    })
}

const fn stored_status(status: AccountStatus) -> DomainStatus {
    match status {
        AccountStatus::Active => DomainStatus::Active,
        AccountStatus::Expired => DomainStatus::Expired,
        AccountStatus::Suspended => DomainStatus::Suspended,
        AccountStatus::Archived => DomainStatus::Archived,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn some<T: From<Uuid>>(number: u128) -> T {
        Uuid::from_u128(number).into()
    }

    #[test]
    fn what_is_asked_for_is_what_is_shown() {
        for asked in [
            wire::BulkOperation::Extend { service: wire_accounts::Service::Plan(some(5)), gift: true },
            wire::BulkOperation::Extend { service: wire_accounts::Service::Days(30), gift: false },
            wire::BulkOperation::Suspend { reason: "no power in the street".into() },
            wire::BulkOperation::Activate,
            wire::BulkOperation::PlanChange { plan_id: some(5) },
            wire::BulkOperation::Transfer { reseller_id: some(4), reason: "sold the street".into() },
            wire::BulkOperation::Create { file: "customers.csv".into(), lines: 240, gift: true },
        ] {
            let shown = BulkOperation::from(asked.clone());
            assert_eq!(operation(shown).ok(), Some(asked));
        }
    }

    /// The list on the screen has the accounts of the resellers below, unless it is of one reseller.
    #[test]
    fn a_list_of_nobody_in_particular_has_those_below() {
        for (reseller, with_below) in [(None, true), (Some(Uuid::from_u128(4).to_string()), false)] {
            let list = BulkTargets::Matching {
                search: String::new(),
                status: None,
                plan_id: None,
                reseller_id: reseller,
                ends_before: String::new(),
            };
            let asked = targets(list).expect("targets");
            assert!(matches!(asked, wire::BulkTargets::Matching(filter) if filter.with_below == with_below));
        }
    }

    #[test]
    fn a_line_of_a_file_goes_as_it_stands() {
        let line = wire::BulkLine {
            line: 8,
            username: "anna".into(),
            email: "anna@example.org".into(),
            plan: "Month".into(),
            last_day: "2026-12-31".into(),
            gift: "yes".into(),
            mac: "00:1A:79:0B:2C:3D".into(),
            max_connections: "2".into(),
            notes: "third floor".into(),
            reseller: "corner-shop".into(),
        };
        assert_eq!(wire::BulkLine::from(BulkLine::from(line.clone())), line);
    }
}
