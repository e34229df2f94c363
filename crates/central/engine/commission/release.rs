//! Earnings whose time of waiting is over.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, ResellerId, TransferId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_wire::live::News;
use uuid::Uuid;

use super::books::{Books, Movement};
use super::repo::earnings as repo;
use crate::engine::App;
use crate::engine::operators;
use crate::engine::resellers;

/// Resellers that are looked up together, and earnings of each in one round.
const RESELLERS: i64 = 100;
const EARNINGS: i64 = 500;

/// What each reseller can have by now; says how many earnings that were. Of one with more than a transaction takes there may
/// be more.
pub(crate) async fn release(app: &App) -> Result<u32, Failure> {
    release_in_parts(app, RESELLERS).await
}

/// The same, so many resellers at a time. Whose books are damaged holds up nobody: the next part begins behind it.
pub(crate) async fn release_in_parts(app: &App, most: i64) -> Result<u32, Failure> {
    let (mut released, mut after) = (0, Uuid::nil());
    loop {
        let due = repo::to_release(&mut *app.reader().await?, app.now(), after, most).await?;
        let Some(last) = due.last() else { return Ok(released) };
        after = last.beneficiary_id;
        for one in &due {
            match of_reseller(app, OperatorId(one.operator_id), ResellerId(one.beneficiary_id)).await {
                Ok(done) => released += done,
                Err(failure) => failure.log(),
            }
        }
    }
}

async fn of_reseller(app: &App, operator: OperatorId, reseller: ResellerId) -> Result<u32, Failure> {
    let mut work = app.begin(operator).await?;
    let currency = operators::get(work.conn(), operator).await?.currency;
    let mut books = Books::lock(&mut work, &[reseller], currency).await?;
    let now = work.now();
    let due = repo::pending(work.conn(), reseller, now, EARNINGS).await?;
    let mut last: Option<TransferId> = None;
    for earning in due.iter().filter(|earning| earning.amount > 0) {
        let movement = Movement {
            kind: TransferKind::CommissionReleased,
            from: AccountKind::CommissionPending,
            to: AccountKind::CommissionAvailable,
            amount: earning.amount,
            event: SourceEvent::earning_released(earning.id.into()),
            reverses: None,
            reference: Some(&earning.reference),
            note: None,
        };
        last = Some(books.post(&mut work, reseller, movement)?);
    }
    if let Some(last) = last {
        books.net(&mut work, reseller, last)?;
    }
    books.write(&mut work).await?;
    let ids: Vec<_> = due.iter().map(|earning| earning.id).collect();
    if repo::make_available(work.conn(), &ids).await? != ids.len() {
        return Err(Failure::internal("an earning left its state under the lock of its books"));
    }
    if !ids.is_empty() {
        resellers::ring(&mut work, News::Earnings, reseller).await?;
    }
    work.commit().await?;
    Ok(u32::try_from(ids.len()).unwrap_or(u32::MAX))
}
