//! Earnings whose time of waiting is over.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, ResellerId, TransferId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_wire::live::News;

use super::books::{Books, Movement};
use super::repo::earnings as repo;
use crate::engine::App;
use crate::engine::operators;
use crate::engine::resellers;

/// Resellers served in one round, and earnings of each.
const RESELLERS: i64 = 100;
const EARNINGS: i64 = 500;

/// Everything that can be had by now; says how many earnings that were.
pub(crate) async fn release(app: &App) -> Result<u32, Failure> {
    let due = repo::to_release(&mut *app.reader().await?, app.now(), RESELLERS).await?;
    let mut released = 0;
    for one in due {
        match of_reseller(app, OperatorId(one.operator_id), ResellerId(one.beneficiary_id)).await {
            Ok(done) => released += done,
            // One that fails must not keep the others from their turn.
            Err(failure) => failure.log(),
        }
    }
    Ok(released)
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
