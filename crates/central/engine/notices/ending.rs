//! Customers whose service ends soon. A last day is told once, three days before, to whoever has it then and an e-mail address:
//! the days told are noted, so nothing is read twice, and a day that passed while no Central ran is told as long as it is ahead.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::notice::NoticeKind;
use counterfoil_domain::subscription;
use jiff::ToSpan as _;
use jiff::civil::Date;
use uuid::Uuid;

use super::repo::ending::{self as repo, EndingRow};
use super::{ToCustomer, tell_customer, told_or_passed_over};
use crate::engine::dashboard::zone_of;
use crate::engine::stored::stored;
use crate::engine::{App, operators};

/// Enough to go to the shop.
const DAYS_BEFORE: i64 = 3;

/// Mails of one transaction: sales wait behind it where there is one writer.
const TOGETHER: i64 = 100;

/// Tells everybody whose last day came near; says how many that were. Where mail is not set up the days are noted only, and so
/// is the first look of all: setting mail up, or an update, tells of nothing that is long known.
pub(crate) async fn tell_of_ending(app: &App) -> Result<u32, Failure> {
    let operators = repo::operators(&mut *app.reader().await?).await?;
    let mut told = 0;
    for operator in operators {
        told += tell_of_operator(app, OperatorId(operator)).await?;
    }
    Ok(told)
}

async fn tell_of_operator(app: &App, operator: OperatorId) -> Result<u32, Failure> {
    let mut reader = app.reader().await?;
    let zone = zone_of(&operators::get(&mut reader, operator).await?)?;
    let known = repo::told_until(&mut reader, operator).await?;
    drop(reader);
    let today = subscription::day_of(app.now(), &zone).map_err(Failure::internal)?;
    let until = moved(today, DAYS_BEFORE)?;
    let known = known.map(|day| stored(subscription::last_day(&day), "expiry_notice", "told_until", operator));
    let known = known.transpose()?;
    if known.is_some_and(|known| known >= until) {
        return Ok(0);
    }
    let Some(known) = known.filter(|_| app.mailer().is_some()) else {
        note(app, operator, until).await?;
        return Ok(0);
    };
    let mut day = moved(known, 1)?.max(today);
    let mut told = 0;
    while day <= until {
        told += tell_of_day(app, operator, day).await?;
        note(app, operator, day).await?;
        day = moved(day, 1)?;
    }
    Ok(told)
}

/// Goes on from the first account after a stop: an event that was told is not told again.
async fn tell_of_day(app: &App, operator: OperatorId, day: Date) -> Result<u32, Failure> {
    let (mut told, mut after, last_day) = (0, Uuid::nil(), day.to_string());
    loop {
        let ending = repo::ending(&mut *app.reader().await?, operator, &last_day, after, TOGETHER).await?;
        let Some(last) = ending.last() else { return Ok(told) };
        after = last.id;
        if told_or_passed_over(tell(app, operator, &last_day, &ending).await)?.is_some() {
            told += u32::try_from(ending.len()).map_err(Failure::internal)?;
            continue;
        }
        for one in ending.chunks(1) {
            told += u32::from(told_or_passed_over(tell(app, operator, &last_day, one).await)?.is_some());
        }
    }
}

/// All of them or none: after a failure each is told alone.
async fn tell(app: &App, operator: OperatorId, last_day: &str, ending: &[EndingRow]) -> Result<(), Failure> {
    let mut work = app.begin(operator).await?;
    for one in ending {
        let customer = ToCustomer {
            kind: NoticeKind::ExpirySoon,
            event: format!("account/{}/ends/{last_day}", one.id),
            to: &one.email,
            shop: ResellerId(one.reseller_id),
            username: &one.username,
            plan: one.plan.as_deref().unwrap_or("\u{2013}"),
            last_day,
        };
        tell_customer(&mut work, &customer).await?;
    }
    work.commit().await
}

/// Never back: another process may be ahead.
async fn note(app: &App, operator: OperatorId, day: Date) -> Result<(), Failure> {
    let mut tx = app.transaction().await?;
    repo::note(&mut tx, operator, &day.to_string()).await?;
    Ok(tx.commit().await?)
}

fn moved(day: Date, days: i64) -> Result<Date, Failure> {
    day.checked_add(days.days()).map_err(Failure::internal)
}
