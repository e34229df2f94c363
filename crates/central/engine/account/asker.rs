//! Who asks for something of an account, and what that takes.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::grant::Permissions;
use counterfoil_domain::ids::{AccountId, OperatorId, ResellerId};
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::accounts::Account;
use counterfoil_wire::problem::Code;
use serde::Serialize;

use super::{AccountRecord, lock};
use crate::dialect::Conn;
use crate::engine::audit::Actor;
use crate::engine::work::Work;
use crate::engine::{operators, permissions};

/// Staff, or a member of a reseller for the accounts of its subtree.
pub(crate) struct Asker<'a> {
    pub(crate) operator: OperatorId,
    pub(crate) scope: &'a Scope,
    pub(crate) actor: &'a Actor,
}

impl Asker<'_> {
    /// What a reseller's members may give its accounts; staff may give what they want.
    pub(super) async fn limits(&self, conn: &mut Conn, of: ResellerId) -> Result<Option<Permissions>, Failure> {
        match self.scope {
            Scope::Operator => Ok(None),
            Scope::Subtree { .. } => permissions::of(conn, of).await.map(Some),
        }
    }
}

/// A line of the audit beyond the account itself.
#[derive(Serialize)]
pub(super) struct Noted<'a> {
    #[serde(flatten)]
    pub(super) account: &'a Account,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<&'a str>,
    /// What the reseller paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cost: Option<Amount>,
}

/// The account under its lock, if whoever asks may see it.
pub(crate) async fn mine(work: &mut Work, asker: &Asker<'_>, id: AccountId) -> Result<AccountRecord, Failure> {
    let account = lock(work, &[id]).await?.pop().ok_or_else(|| Failure::not_found("account"))?;
    if account.is_in(asker.scope) { Ok(account) } else { Err(Failure::not_found("account")) }
}

/// [`mine`], and not archived.
pub(super) async fn in_use(work: &mut Work, asker: &Asker<'_>, id: AccountId) -> Result<AccountRecord, Failure> {
    let account = mine(work, asker, id).await?;
    if account.status()? == AccountStatus::Archived { Err(is_archived()) } else { Ok(account) }
}

pub(super) fn is_archived() -> Failure {
    let detail = "This account is archived: it stays as it is. Create a new one.";
    Failure::new(Code::WrongState, detail)
}

pub(crate) fn is_nobodys() -> Failure {
    let detail = "Nobody owns this account. Give it to a reseller first, under Unassigned.";
    Failure::new(Code::WrongState, detail)
}

/// One that is locked already, as it is now.
pub(super) async fn locked(work: &mut Work, id: AccountId) -> Result<AccountRecord, Failure> {
    let account = lock(work, &[id]).await?.pop();
    account.ok_or_else(|| Failure::internal(format!("account {id} vanished under its lock")))
}

/// As it is shown.
pub(super) async fn shown(work: &mut Work, account: &AccountRecord) -> Result<Account, Failure> {
    let (operator, now) = (work.operator(), work.now());
    let currency = operators::get(work.conn(), operator).await?.currency;
    account.to_wire(currency, now)
}
