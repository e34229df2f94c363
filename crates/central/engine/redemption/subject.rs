//! For whom a code is redeemed.

use counterfoil_domain::ids::AccountId;
use counterfoil_wire::public::ActivationRequest;
use uuid::Uuid;

use super::RedeemError;
use crate::engine::App;
use crate::engine::account::{self, AccountRecord, AccountStatus};
use crate::engine::work::Work;

/// An account named by its user, or one to be opened under the id the caller minted.
#[derive(Debug)]
pub(super) struct Subject {
    username: Option<String>,
    account_id: AccountId,
}

impl Subject {
    pub(super) fn of(request: &ActivationRequest) -> Self {
        let username = request.username.as_deref().map(str::trim).filter(|name| !name.is_empty());
        Self { username: username.map(str::to_owned), account_id: request.account_id }
    }

    /// Where its misses are counted; bounded, because it is what somebody typed.
    pub(super) fn bucket(&self) -> String {
        match &self.username {
            Some(name) => format!("name/{}", name.chars().take(64).collect::<String>()),
            None => format!("id/{}", self.account_id),
        }
    }

    /// The account under its lock, and whether it was opened now.
    pub(super) async fn account(
        &self,
        app: &App,
        work: &mut Work,
        reseller: Uuid,
    ) -> Result<(AccountRecord, bool), RedeemError> {
        let known = match &self.username {
            Some(name) => Some(account::lock_by_username(work, name).await?.ok_or(RedeemError::NoAccount)?),
            // Another code under the same id extends what the first one opened.
            None => account::lock(work, self.account_id).await?,
        };
        match known {
            Some(account) => match account.status()? {
                AccountStatus::Active | AccountStatus::Expired => Ok((account, false)),
                AccountStatus::Suspended | AccountStatus::Archived => Err(RedeemError::AccountClosed),
            },
            None => Ok(account::open(work, app.keys(), self.account_id, reseller).await?),
        }
    }

    /// Whether it means this account.
    pub(super) fn is(&self, account: &AccountRecord) -> bool {
        match &self.username {
            Some(name) => *name == account.username,
            None => self.minted(account),
        }
    }

    /// Whether the caller minted this account's id: only its opener knows it.
    pub(super) fn minted(&self, account: &AccountRecord) -> bool {
        self.account_id.0 == account.id
    }
}
