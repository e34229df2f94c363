//! What happens with time and nobody asking. Every process of a Central runs these; each step changes its row only when
//! nobody else has, so that it happens once.

use std::time::Duration;

use counterfoil_central_platform::failure::Failure;

use super::{App, code, commission, feed, lease, notices, orders, portal_jobs, rate, redemption, settlement, snapshot};

/// Deadlines are days long: a minute late is on time.
const PAUSE: Duration = Duration::from_mins(1);

/// Runs all jobs over and over, until the task is dropped. One that fails is told and tried again; the others go on.
pub async fn run_jobs(app: App) {
    loop {
        run_once(&app).await;
        tokio::time::sleep(PAUSE).await;
    }
}

/// Everything that is due now. Nothing waits behind what fails, and what comes in crowds goes on in the next minute.
pub async fn run_once(app: &App) {
    told("lease expiry", lease::expire(app).await);
    told("code expiry", code::expire(app).await);
    told("forgetting of unsold codes", lease::forget(app).await);
    while told("release of earnings", commission::release(app).await) > 0 {}
    told("low credit", notices::look_for_low_credit(app).await);
    told("reminders of orders", orders::remind(app).await);
    told("mail about ending service", notices::tell_of_ending(app).await);
    told("mail to shops about ending service", notices::tell_shops_of_ending(app).await);
    told("giving up of mail", notices::give_up_old(app).await);
    while told("forgetting of mail", notices::forget_sent(app).await) > 0 {}
    told("looks at portals", portal_jobs::begin_due(app).await);
    told("settling of waiting codes", settlement::settle_waiting(app).await);
    told("forgetting of attempts", redemption::forget_attempts(app).await.map(|()| 0));
    told("look at the feed", feed::look(app).await);
    snapshot::forget_old(app);
    told("forgetting of limits", forget_limits(app).await.map(|()| 0));
}

async fn forget_limits(app: &App) -> Result<(), Failure> {
    let mut tx = app.transaction().await?;
    rate::forget_old(&mut tx, app.now()).await?;
    Ok(tx.commit().await?)
}

fn told(job: &'static str, done: Result<u32, Failure>) -> u32 {
    match done {
        Ok(count) => {
            if count > 0 {
                tracing::info!(job, count, "job done");
            }
            count
        }
        Err(failure) => {
            tracing::warn!(job, "job failed, tried again in a minute");
            failure.log();
            0
        }
    }
}
