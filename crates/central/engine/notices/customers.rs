//! What customers with an account are told, in the name of their shop, which may do without each kind. Never a password.

use counterfoil_central_platform::calendar::Day;
use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::notice::NoticeKind;
use counterfoil_domain::reseller::Scope;

use super::{New, write};
use crate::engine::resellers;
use crate::engine::work::Work;

/// What a customer is told of an account.
#[derive(Debug, Clone)]
pub(crate) struct ToCustomer<'a> {
    pub(crate) kind: NoticeKind,
    /// One event makes one mail.
    pub(crate) event: String,
    pub(crate) to: &'a str,
    /// Whose customer it is.
    pub(crate) shop: ResellerId,
    pub(crate) username: &'a str,
    pub(crate) plan: &'a str,
    /// `2026-12-22`
    pub(crate) last_day: &'a str,
}

/// Puts it into the queue, in the transaction of what it tells of. Nothing where mail is not set up.
pub(crate) async fn tell_customer(work: &mut Work, told: &ToCustomer<'_>) -> Result<(), Failure> {
    if work.mailer().is_none() {
        return Ok(());
    }
    let operator = work.operator();
    let company = resellers::get(work.conn(), operator, &Scope::Operator, told.shop).await?.company;
    let last_day = Day::new(told.last_day, "").words;
    let values = [
        ("company", company.as_str()),
        ("username", told.username),
        ("plan", told.plan),
        ("last_day", last_day.as_str()),
    ];
    let event = told.event.clone();
    write(work, &New { kind: told.kind, event, to: told.to, reseller: Some(told.shop), values: &values }).await
}
