//! Sales say that their shares are due: one row, in the transaction of the sale, without a lock that sales would share.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::ids::{AccountId, ResellerId};
use counterfoil_wire::commission::SourceKind;
use uuid::Uuid;

use super::repo::due as repo;
use crate::dialect;
use crate::engine::code::CodeRecord;
use crate::engine::work::Work;

/// Codes that are activated now. What was sold by `share` says so itself: it cost money, and not credits.
pub(crate) async fn owe_for_codes(
    work: &mut Work,
    activated: impl Iterator<Item = (&CodeRecord, AccountId)> + Send,
) -> Result<(), Failure> {
    let now = work.now();
    let mut new = Vec::new();
    for (code, account) in activated {
        if matches!(code.unit()?, Unit::Minor(_)) && code.price > 0 {
            new.push(repo::New {
                kind: SourceKind::Code,
                id: code.id,
                seller: code.reseller_id,
                account,
                reference: &code.serial,
                plan_name: &code.plan_name,
                price: code.price,
                currency: &code.currency,
                active_accounts: 0,
                at: now,
            });
        }
    }
    owe(work, &new).await
}

/// Service that a reseller sold by `share` and without a code.
pub(crate) struct SoldService<'a> {
    pub(crate) source: SourceKind,
    /// The subscription, or the payment.
    pub(crate) id: Uuid,
    pub(crate) seller: ResellerId,
    pub(crate) account: AccountId,
    pub(crate) username: &'a str,
    pub(crate) plan_name: &'a str,
    pub(crate) price: Amount,
}

/// Its rate may depend on how many accounts the seller has now, which nobody could count later.
pub(crate) async fn owe_for_service(work: &mut Work, sold: &SoldService<'_>) -> Result<(), Failure> {
    if sold.price.value() <= 0 {
        return Ok(());
    }
    let now = work.now();
    let active_accounts = repo::count_active(work.conn(), sold.seller, now).await?;
    let new = repo::New {
        kind: sold.source,
        id: sold.id,
        seller: sold.seller.0,
        account: sold.account,
        reference: sold.username,
        plan_name: sold.plan_name,
        price: sold.price.value(),
        currency: &sold.price.unit().to_string(),
        active_accounts,
        at: now,
    };
    owe(work, &[new]).await
}

async fn owe(work: &mut Work, new: &[repo::New<'_>]) -> Result<(), Failure> {
    if new.is_empty() {
        return Ok(());
    }
    let operator = work.operator();
    dialect::insert_due(work.conn(), operator, new).await?;
    work.wake_commission();
    Ok(())
}
