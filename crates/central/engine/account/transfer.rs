//! An account goes from one reseller to another, with what is left of its service.

use counterfoil_central_platform::failure::{Failure, field, if_found};
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::AccountId;
use counterfoil_domain::reseller::{ResellerStatus, Scope};
use counterfoil_wire::accounts::{Account, TransferAccount};

use super::{Asker, Noted, draft, repo};
use crate::engine::stored::stored;
use crate::engine::work::Work;
use crate::engine::{App, audit, lease, provisioning, resellers};

/// No credit moves. The old owner's devices see it no more, and its portal follows.
pub(crate) async fn transfer(
    app: &App,
    asker: &Asker<'_>,
    id: AccountId,
    asked: &TransferAccount,
) -> Result<Account, Failure> {
    let mut work = app.begin(asker.operator).await?;
    let account = transfer_within(&mut work, asker, id, asked).await?;
    work.commit().await?;
    Ok(account)
}

/// [`transfer`] in a transaction of somebody else's.
pub(crate) async fn transfer_within(
    work: &mut Work,
    asker: &Asker<'_>,
    id: AccountId,
    asked: &TransferAccount,
) -> Result<Account, Failure> {
    let before = super::in_use(work, asker, id).await?;
    let reason = draft::reason(&asked.reason)?;
    let wrong = |message: &str| Failure::validation(vec![field("reseller_id", message)]);
    let path = resellers::path(work.conn(), asker.operator, &Scope::Operator, asked.reseller_id).await;
    let path = if_found(path)?.ok_or_else(|| wrong("there is no such reseller"))?;
    if before.reseller_id == Some(asked.reseller_id.0) {
        return Err(wrong("the account is this reseller's already"));
    }
    let ground = lease::repo::ground(work.conn(), asked.reseller_id.0).await?;
    let status = ResellerStatus::from_stored(&ground.status);
    if stored(status, "reseller", "status", asked.reseller_id)? != ResellerStatus::Active {
        return Err(wrong("this reseller is suspended or inactive: make it active first, or choose another"));
    }
    repo::give_to(work.conn(), id, asked.reseller_id).await?;
    repo::revise(work.conn(), id).await?;
    provisioning::want(work, &[id.0]).await?;
    work.touch(FeedTable::Account, id, path.as_str());
    let after = super::locked(work, id).await?;
    let left = before.reseller_id;
    let (before, after) = (super::shown(work, &before).await?, super::shown(work, &after).await?);
    let noted = Noted { account: &after, reason: Some(reason), cost: None };
    let (actor, subject) = (asker.actor, Some(id.0));
    audit::record_and_tell(work, actor, "account.transfer", subject, left, Some(&before), Some(&noted)).await?;
    Ok(after)
}
