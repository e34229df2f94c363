//! Asking Central to write accounts to their portal once more: kept in this device's log until Central hears of it.

use counterfoil_domain::ids::{AccountId, OpId, PortalId};
use counterfoil_domain::oplog::OpBody;
use counterfoil_domain::permission::StaffAction;

use super::act::unknown_account;
use super::{DirectError, repo, rights};
use crate::api::Topic;
use crate::outbox::{LogWriter, repo as log};
use crate::till::Till;

/// Accounts asked for at a time.
const MOST: usize = 500;

/// An account that is to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) account_id: AccountId,
    /// Becomes the operation's: a repeat queues nothing.
    pub(crate) step_id: OpId,
}

/// When this returns they are on the disk and numbered in the keyring: all of them, or none. Tells how many stand in the
/// log, those of a repeat among them.
pub(crate) async fn reprovision(till: &Till, portal_id: PortalId, accounts: &[Asked]) -> Result<u32, DirectError> {
    rights::require(till, StaffAction::RepairAccounts).await?;
    if accounts.is_empty() || accounts.len() > MOST {
        let message = format!("1 to {MOST} accounts at a time");
        return Err(DirectError::Invalid { field: "accounts", message });
    }
    let mut writer = LogWriter::begin(till).await?;
    if repo::portal(writer.db(), portal_id).await?.is_none() {
        return Err(DirectError::NotSetUp);
    }
    let mut appended = false;
    for asked in accounts {
        if log::has(writer.db(), asked.step_id).await? {
            continue;
        }
        let account_id = asked.account_id;
        if repo::of_account(writer.db(), portal_id, account_id).await?.is_none() {
            return Err(unknown_account(account_id));
        }
        writer.append_as(asked.step_id, OpBody::Reprovision { portal_id, account_id }).await?;
        appended = true;
    }
    if appended {
        writer.commit().await?;
        till.tell(Topic::Queue);
        till.sync.wake();
    }
    Ok(u32::try_from(accounts.len()).unwrap_or(u32::MAX))
}
