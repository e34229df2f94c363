//! Once a day each shop is told whose service ends soon. A shop that nobody leaves is told nothing.
//!
//! The event of a mail is shop and day, so whoever goes on after a stop tells nobody twice, and two processes that look at the
//! same time write one mail. That all shops were told is noted, so the rest of the day costs one row.

use counterfoil_central_platform::calendar::Day;
use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::notice::NoticeKind;
use counterfoil_domain::subscription;
use counterfoil_wire::notices::ENDING_DAYS;
use jiff::ToSpan as _;
use jiff::civil::Date;
use uuid::Uuid;

use super::repo::digest::{self as repo, Ending, Shop};
use super::repo::ending::operators as all_operators;
use super::{tell_reseller, told_or_passed_over};
use crate::engine::dashboard::zone_of;
use crate::engine::{App, operators, permissions};

/// Shops of one look.
const TOGETHER: i64 = 500;

/// Accounts that a mail names; of more it says how many they are.
const NAMED: i64 = 50;

/// Tells every shop whose customers' service ends soon and that was not told today; says how many were. Where mail is not set
/// up nothing is noted: who sets it up is told of what ends from then on.
pub(crate) async fn tell_shops_of_ending(app: &App) -> Result<u32, Failure> {
    if app.mailer().is_none() {
        return Ok(0);
    }
    let operators = all_operators(&mut *app.reader().await?).await?;
    let mut told = 0;
    for operator in operators {
        told += tell_shops(app, OperatorId(operator)).await?;
    }
    Ok(told)
}

async fn tell_shops(app: &App, operator: OperatorId) -> Result<u32, Failure> {
    let mut reader = app.reader().await?;
    let zone = zone_of(&operators::get(&mut reader, operator).await?)?;
    let known = repo::told_on(&mut reader, operator).await?;
    drop(reader);
    let today = subscription::day_of(app.now(), &zone).map_err(Failure::internal)?;
    if known.is_some_and(|day| day >= today.to_string()) {
        return Ok(0);
    }
    let (mut told, mut after) = (0, Uuid::nil());
    loop {
        let shops = repo::shops(&mut *app.reader().await?, operator, after, TOGETHER).await?;
        let Some(last) = shops.last() else { break };
        after = last.id;
        for shop in &shops {
            told += u32::from(told_or_passed_over(tell_shop(app, operator, shop, today).await)?.unwrap_or_default());
        }
    }
    let mut tx = app.transaction().await?;
    repo::note(&mut tx, operator, &today.to_string()).await?;
    tx.commit().await?;
    Ok(told)
}

/// False where nothing ends, and where the shop may not see accounts.
async fn tell_shop(app: &App, operator: OperatorId, shop: &Shop, today: Date) -> Result<bool, Failure> {
    let reseller = ResellerId(shop.id);
    let days = shop.days.unwrap_or(i64::from(ENDING_DAYS));
    let until = today.checked_add(days.days()).map_err(Failure::internal)?;
    let (from, until) = (today.to_string(), until.to_string());
    let mut reader = app.reader().await?;
    let ending = repo::ending(&mut reader, reseller, (&from, &until), NAMED).await?;
    if ending.is_empty() || !permissions::of(&mut reader, reseller).await?.allow(Grant::ViewAccounts) {
        return Ok(false);
    }
    let all = repo::count(&mut reader, reseller, (&from, &until)).await?;
    drop(reader);
    let (days, count, list) = (days.to_string(), all.to_string(), listed(&ending, all));
    let values = [("days", days.as_str()), ("count", count.as_str()), ("list", list.as_str())];
    let mut work = app.begin(operator).await?;
    let event = format!("reseller/{reseller}/ending/{from}");
    tell_reseller(&mut work, NoticeKind::ServicesEnding, event, reseller, &values).await?;
    work.commit().await?;
    Ok(true)
}

/// A line for each, and how many more there are.
fn listed(ending: &[Ending], all: i64) -> String {
    let line = |one: &Ending| {
        let plan = one.plan.as_deref().unwrap_or("\u{2013}");
        format!("{}: {} ({plan})", Day::new(&one.last_day, "").words, one.username)
    };
    let mut lines: Vec<String> = ending.iter().map(line).collect();
    let more = all - i64::try_from(ending.len()).unwrap_or(all);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ending(username: &str, plan: Option<&str>) -> Ending {
        Ending { username: username.to_owned(), last_day: "2026-12-22".to_owned(), plan: plan.map(str::to_owned) }
    }

    #[test]
    fn what_is_not_named_is_counted() {
        let two = [ending("ada", Some("Month")), ending("bea", None)];
        assert_eq!(listed(&two, 2), "22 December 2026: ada (Month)\n22 December 2026: bea (\u{2013})");
        assert!(listed(&two, 14).ends_with("\nand 12 more"));
    }
}
