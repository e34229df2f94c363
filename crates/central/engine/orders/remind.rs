//! Reminders: whoever waits for a reseller's next step waits a day, and then the reseller is told; again two days later, and
//! a last time four days after that. Each step of the order begins this anew.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, OrderId};
use counterfoil_wire::problem::Code;

use super::{lock, repo};
use crate::engine::App;
use crate::engine::market::told::{self, ForReseller};

/// Orders of one look; a full one goes on in a minute.
const TOGETHER: i64 = 500;

/// Days from one reminder to the next, and then no more.
const PAUSES: [i64; 2] = [2, 4];

/// Reminders of one standing at most.
const MOST: i64 = 3;

/// Reminds of every order that is due; says how many that were. What is due is noted even where mail is not set up.
pub(crate) async fn remind(app: &App) -> Result<u32, Failure> {
    let due = repo::due(&mut *app.reader().await?, app.now(), TOGETHER).await?;
    let (mut reminded, mut failed) = (0, None);
    for order in due {
        match remind_of(app, OperatorId(order.operator_id), OrderId(order.id)).await {
            Ok(done) => reminded += u32::from(done),
            Err(failure) if failure.code() == Code::Unavailable => return Err(failure),
            // A damaged row keeps nobody else waiting.
            Err(failure) => failed = Some(failure),
        }
    }
    failed.map_or(Ok(reminded), Err)
}

/// False when another process, or a step of the order, was faster.
async fn remind_of(app: &App, operator: OperatorId, id: OrderId) -> Result<bool, Failure> {
    let mut work = app.begin(operator).await?;
    let order = lock(&mut work, id).await?;
    let now = work.now();
    let Some(before) = repo::reminders(work.conn(), id, now).await? else {
        work.commit().await?;
        return Ok(false);
    };
    let next = usize::try_from(before).ok().and_then(|before| PAUSES.get(before)).map(|days| now.plus_days(*days));
    repo::reminded(work.conn(), id, before + 1, next).await?;
    // One event makes one mail, and the first reminder of the next standing is another event.
    let reminder = order.revision * MOST + before;
    let for_ms = now.0 - order.changed_at;
    told::reseller(&mut work, &order.to_wire()?, ForReseller::Waiting { reminder, for_ms }).await?;
    work.commit().await?;
    Ok(true)
}
