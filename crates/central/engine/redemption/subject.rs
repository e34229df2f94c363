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

    /// Whether the first service of this account is the one that its id was minted for: what opens the account was shown to
    /// nobody yet, also where it was opened by a code that then waited for the shop.
    pub(super) fn opens(&self, account: &AccountRecord) -> bool {
        self.username.is_none() && self.minted(account) && account.plan_id.is_none()
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
    /// The code waits since before, and nothing pays it now: it opens no account for each id that it is tried under.
    pub(super) waits: bool,
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
    let waiting = wanted.iter().filter(|wanted| wanted.waits && wanted.subject.username.is_none());
    let to_find: Vec<_> = waiting.map(|wanted| wanted.subject.account_id).chain(named.values().copied()).collect();
    let known = account::lock_or_open(work, app.keys(), &to_find, openings(wanted)).await?;
    let mut accounts = Vec::with_capacity(wanted.len());
    for Wanted { subject, .. } in wanted {
        let id = subject.username.as_ref().map_or(Some(subject.account_id), |name| named.get(name).copied());
        let Some((account, opened)) = id.and_then(|id| known.get(&id)) else {
            let by_name = subject.username.is_some();
            accounts.push(Err(if by_name { RedeemError::NoAccount } else { RedeemError::Held }));
            continue;
        };
        accounts.push(if in_service(account)? {
            Ok((account.clone(), *opened))
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
    let opening = wanted.iter().filter(|wanted| wanted.subject.username.is_none() && !wanted.waits);
    for &Wanted { subject, seller, service, .. } in opening {
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
