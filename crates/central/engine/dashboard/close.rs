//! Days that are over: who ended and was not renewed, who was there when a month began, and what the month before it came to.
//!
//! Both are told by the sums of accounts by last day, at the right moment and only then: an account that is renewed late has
//! another last day from then on, and nothing would tell that it was away. So each is counted once, by whichever process
//! comes first, and stands from then on. A renewal that is noted and not counted yet when a day is closed is some seconds late.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::subscription;
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::calendar::{month, moved, zone_of};
use super::repo::regulars::{self, DayRow};
use super::{months, repo};
use crate::dialect::Conn;
use crate::engine::stored::stored;
use crate::engine::{App, operators};

/// Days after its last one in which an account is renewed and has never left.
const GRACE_DAYS: i64 = 7;

/// What is due at a day.
struct Due {
    today: Date,
    /// Accounts with this last day have been waited for long enough.
    ended: Date,
    /// The first day of its month.
    first: Date,
}

impl Due {
    fn on(today: Date) -> Result<Self, Failure> {
        Ok(Self { today, ended: moved(today, (-GRACE_DAYS - 1).days())?, first: today.first_of_month() })
    }

    /// Whether nothing is to be done; most of the time.
    fn is_done(&self, day: &DayRow) -> bool {
        day.closed >= self.ended.to_string() && day.opened >= month(self.first)
    }
}

/// Closes what is over, for every operator. Ask it when all notes are counted.
pub(super) async fn close_all(app: &App) -> Result<(), Failure> {
    let all = regulars::operators(&mut *app.reader().await?).await?;
    for id in all {
        let operator = OperatorId(id);
        let mut reader = app.reader().await?;
        let due = due(&mut reader, app, operator).await?;
        let day = regulars::day(&mut reader, operator).await?;
        drop(reader);
        if day.is_none_or(|day| !due.is_done(&day)) {
            close(app, operator, &due).await?;
        }
        months::rebuild(app, operator).await?;
    }
    Ok(())
}

async fn due(conn: &mut Conn, app: &App, operator: OperatorId) -> Result<Due, Failure> {
    let zone = zone_of(&operators::get(conn, operator).await?)?;
    Due::on(subscription::day_of(app.now(), &zone).map_err(Failure::internal)?)
}

async fn close(app: &App, operator: OperatorId, due: &Due) -> Result<(), Failure> {
    let mut work = app.begin(operator).await?;
    let now = work.now();
    repo::lock(work.conn(), operator, now).await?;
    let known = regulars::day(work.conn(), operator).await?;
    let day = match known {
        None => begun(due)?,
        Some(day) => {
            let ended = due.ended.to_string();
            if day.closed < ended {
                regulars::add_ended(work.conn(), operator, (&day.closed, &ended)).await?;
            }
            for first in months_after(&day, due, operator)? {
                let begins = (month(first), first.to_string());
                regulars::add_active(work.conn(), operator, (&begins.0, &begins.1)).await?;
                let whose = operators::get(work.conn(), operator).await?;
                months::write_down(&mut work, &whose, first, due.today).await?;
            }
            DayRow { since: day.since, closed: day.closed.max(ended), opened: day.opened.max(month(due.first)) }
        }
    };
    regulars::set_day(work.conn(), operator, &day).await?;
    work.commit().await
}

/// The first day of counting: of what ended before it nobody knows when it was renewed.
fn begun(due: &Due) -> Result<DayRow, Failure> {
    let before = moved(due.today, (-1).days())?;
    Ok(DayRow { since: due.today.to_string(), closed: before.to_string(), opened: month(due.first) })
}

/// The first days of the months that began since.
fn months_after(day: &DayRow, due: &Due, operator: OperatorId) -> Result<Vec<Date>, Failure> {
    let opened = subscription::last_day(&format!("{}-01", day.opened));
    let mut first = stored(opened, "statistic_day", "opened", operator)?;
    let mut months = Vec::new();
    while first < due.first {
        first = moved(first, 1.months())?;
        months.push(first);
    }
    Ok(months)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_closed_when_its_seven_days_are_over_and_a_month_once() {
        let due = Due::on(Date::constant(2027, 1, 5)).expect("in the calendar");
        assert_eq!((due.ended.to_string().as_str(), month(due.first).as_str()), ("2026-12-28", "2027-01"));
        let mut day = begun(&Due::on(Date::constant(2026, 11, 22)).expect("in the calendar")).expect("a day");
        assert_eq!(
            (day.since.as_str(), day.closed.as_str(), day.opened.as_str()),
            ("2026-11-22", "2026-11-21", "2026-11")
        );
        assert!(!due.is_done(&day));
        let months = months_after(&day, &due, OperatorId(uuid::Uuid::nil())).expect("months");
        assert_eq!(months, [Date::constant(2026, 12, 1), Date::constant(2027, 1, 1)]);
        (day.closed, day.opened) = ("2026-12-28".to_owned(), "2027-01".to_owned());
        assert!(due.is_done(&day));
    }
}
