//! What stands of a code that was used, beside the books and the account: the code, who used it, what is owed for it, and
//! who is told.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{AccountId, CodeId, ResellerId};
use counterfoil_domain::notice::NoticeKind;

use super::answer::Ending;
use super::batch::{Captured, Extended};
use super::repo;
use crate::engine::account::AccountRecord;
use crate::engine::code::CodeRecord;
use crate::engine::commission;
use crate::engine::notices::{self, ToCustomer};
use crate::engine::work::Work;

/// Writes codes that were used, with the ends of service that they brought.
pub(super) async fn write(work: &mut Work, captured: &[Captured<'_>], extended: &[Extended]) -> Result<(), Failure> {
    if captured.is_empty() {
        return Ok(());
    }
    let now = work.now();
    let new: Vec<_> = captured
        .iter()
        .zip(extended)
        .map(|(one, end)| repo::NewActivation {
            code: one.code.id,
            account: AccountId(one.admitted.account),
            opened_account: end.opened,
            last_day: &end.ending.last_day,
            ends_at: end.ending.ends_at,
            address: one.admitted.target.asked.guard.address(),
        })
        .collect();
    let tries: Vec<_> = captured
        .iter()
        .map(|one| one.admitted.target.asked.guard.attempt(Some(CodeId(one.code.id)), "activated", now))
        .collect();
    if !repo::activate(work.conn(), now, &new, &tries).await? {
        return Err(Failure::internal("a code left its state under our lock"));
    }
    for one in captured {
        work.touch(FeedTable::Code, one.code.id, &one.code.reseller_path);
    }
    commission::owe_for_codes(work, captured.iter().map(|one| (&one.code, AccountId(one.admitted.account)))).await
}

/// Tells the customer by mail: at the account's address, or at the one that the code was sold to.
pub(super) async fn tell(
    work: &mut Work,
    code: &CodeRecord,
    account: &AccountRecord,
    end: &Ending,
) -> Result<(), Failure> {
    let Some(to) = account.email.as_deref().or(code.customer_email.as_deref()) else { return Ok(()) };
    let told = ToCustomer {
        kind: NoticeKind::CodeActivated,
        event: format!("code/{}/activated", code.id),
        to,
        shop: ResellerId(code.reseller_id),
        username: &account.username,
        plan: &code.plan_name,
        last_day: &end.last_day,
    };
    notices::tell_customer(work, &told).await
}
