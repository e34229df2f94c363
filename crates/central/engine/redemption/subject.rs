//! For whom a code is redeemed.

use std::collections::BTreeMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::ids::AccountId;
use counterfoil_wire::public::ActivationRequest;

use super::RedeemError;
use crate::engine::App;
use crate::engine::account::{self, AccountRecord, FirstService, Opening, Seller};
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

/// A code's subscriber, before it is known who that is.
pub(super) struct Wanted<'a> {
    pub(super) subject: &'a Subject,
    pub(super) seller: &'a Seller,
    /// What an account that is opened for it has from the beginning.
    pub(super) service: Option<FirstService>,
}

/// The accounts of these subjects under their locks, in their order, each with whether it was opened now; one that nobody
/// has is opened for its seller.
pub(super) async fn accounts(
    app: &App,
    work: &mut Work,
    wanted: &[Wanted<'_>],
) -> Result<Vec<Result<(AccountRecord, bool), RedeemError>>, Failure> {
    let names: Vec<&str> = wanted.iter().filter_map(|wanted| wanted.subject.username.as_deref()).collect();
    let named = account::named(work, &names).await?;
    let named_ids: Vec<AccountId> = named.values().copied().collect();
    let mut known = account::lock_or_open(work, app.keys(), &named_ids, openings(wanted)).await?;
    let mut accounts = Vec::with_capacity(wanted.len());
    for Wanted { subject, .. } in wanted {
        let id = subject.username.as_ref().map_or(Some(subject.account_id), |name| named.get(name).copied());
        let Some((account, opened)) = id.and_then(|id| known.get_mut(&id)) else {
            accounts.push(Err(RedeemError::NoAccount));
            continue;
        };
        accounts.push(if in_service(account)? {
            // Another code under the same id extends what the first one opened.
            Ok((account.clone(), std::mem::take(opened)))
        } else {
            Err(RedeemError::AccountClosed)
        });
    }
    Ok(accounts)
}

/// By the ids that were minted. The first to come opens; where several codes have one id, their services follow one another
/// as any account's.
fn openings<'a>(wanted: &[Wanted<'a>]) -> BTreeMap<AccountId, Opening<'a>> {
    let mut openings = BTreeMap::new();
    for &Wanted { subject, seller, service } in wanted.iter().filter(|wanted| wanted.subject.username.is_none()) {
        openings
            .entry(subject.account_id)
            .and_modify(|opening: &mut Opening<'a>| opening.service = None)
            .or_insert(Opening { seller, service });
    }
    openings
}

fn in_service(account: &AccountRecord) -> Result<bool, Failure> {
    Ok(match account.status()? {
        AccountStatus::Active | AccountStatus::Expired => true,
        AccountStatus::Suspended | AccountStatus::Archived => false,
    })
}
