//! Who left, month by month, and what was written to portals. What both mean stands with the shapes in `wire`.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::subscription;
use counterfoil_wire::dashboard::{Churn, PortalWrites};
use uuid::Uuid;

use super::calendar::Calendar;
use super::repo::regulars::{self, DayRow, TallyRow};
use crate::dialect::Conn;
use crate::engine::stored::stored;

/// What is known of one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MonthChurn {
    pub(crate) month: String,
    /// None where nobody was counting when it began.
    pub(crate) active: Option<i64>,
    /// None where none of its days was counted yet.
    pub(crate) ended: Option<i64>,
    /// All its days were.
    pub(crate) whole: bool,
}

impl MonthChurn {
    fn of(month: &str, day: &DayRow, tallies: &[TallyRow]) -> Result<Self, Failure> {
        let first = subscription::last_day(&format!("{month}-01"));
        let first = stored(first, "statistic_tally", "month", month)?;
        let (first, last) = (first.to_string(), first.last_of_month().to_string());
        let begun_in = day.since.get(..7).unwrap_or_default();
        let has_active = begun_in < month && month <= day.opened.as_str();
        let has_ended = day.since <= last && first <= day.closed;
        let count = |kind| tally(tallies, month, kind);
        Ok(Self {
            month: month.to_owned(),
            active: has_active.then(|| count("active")),
            ended: has_ended.then(|| count("ended")),
            whole: day.since <= first && last <= day.closed,
        })
    }

    /// What of a month that is counted wholly can be compared.
    pub(crate) fn rated(&self) -> Option<(i64, i64)> {
        self.active.zip(self.ended).filter(|_| self.whole)
    }
}

fn tally(tallies: &[TallyRow], month: &str, kind: &str) -> i64 {
    let found = tallies.iter().find(|row| row.month == month && row.kind == kind);
    found.map_or(0, |row| row.count)
}

/// Of each of these months, the oldest first.
pub(crate) async fn churn(
    conn: &mut Conn,
    operator: OperatorId,
    scope: Uuid,
    months: &[String],
) -> Result<Vec<MonthChurn>, Failure> {
    let (first, last) = (months.first().map_or("", String::as_str), months.last().map_or("", String::as_str));
    let tallies = regulars::tallies(conn, scope, (first, last)).await?;
    let Some(day) = regulars::day(conn, operator).await? else {
        let unknown = |month: &String| MonthChurn { month: month.clone(), active: None, ended: None, whole: false };
        return Ok(months.iter().map(unknown).collect());
    };
    months.iter().map(|month| MonthChurn::of(month, &day, &tallies)).collect()
}

/// The last month that is counted wholly.
pub(super) async fn last(
    conn: &mut Conn,
    operator: OperatorId,
    scope: Uuid,
    calendar: &Calendar,
) -> Result<Option<Churn>, Failure> {
    let months = churn(conn, operator, scope, &calendar.months).await?;
    let Some((month, (active, ended))) = months.iter().rev().find_map(|one| one.rated().map(|both| (one, both))) else {
        return Ok(None);
    };
    let count = |count: i64| u64::try_from(count).map_err(Failure::internal);
    let (active, ended) = (count(active)?, count(ended)?);
    Ok(Some(Churn { month: month.month.clone(), active, ended, rate: rate(ended, active) }))
}

/// In basis points, half up; none of nobody.
fn rate(ended: u64, active: u64) -> Option<u64> {
    let (ended, active) = (u128::from(ended), u128::from(active));
    let twice = (2 * ended * 10_000 + active).checked_div(2 * active)?;
    u64::try_from(twice).ok()
}

/// Attempts and those that went through, of each of these months.
pub(crate) async fn portal_writes(
    conn: &mut Conn,
    scope: Uuid,
    months: &[String],
) -> Result<Vec<(String, PortalWrites)>, Failure> {
    let (first, last) = (months.first().map_or("", String::as_str), months.last().map_or("", String::as_str));
    let tallies = regulars::tallies(conn, scope, (first, last)).await?;
    let of = |month: &String| {
        let count = |kind| u64::try_from(tally(&tallies, month, kind)).map_err(Failure::internal);
        let went_through = count("written")?;
        let attempts = went_through.saturating_add(count("not_written")?);
        Ok((month.clone(), PortalWrites { attempts, went_through }))
    };
    months.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> DayRow {
        DayRow { since: "2026-11-22".into(), closed: "2027-01-10".into(), opened: "2027-01".into() }
    }

    #[test]
    fn what_nobody_counted_is_not_known_and_a_month_is_rated_when_it_is_whole() {
        let row = |month: &str, kind: &str, count| TallyRow { month: month.into(), kind: kind.into(), count };
        let tallies = [row("2026-11", "ended", 1), row("2026-12", "active", 8), row("2026-12", "ended", 2)];
        let of = |month| MonthChurn::of(month, &day(), &tallies).expect("a month");
        let november = of("2026-11");
        assert_eq!((november.active, november.ended, november.rated()), (None, Some(1), None));
        assert_eq!((of("2026-10").ended, of("2026-10").rated()), (None, None));
        assert_eq!(of("2026-12").rated(), Some((8, 2)));
        let january = of("2027-01");
        assert_eq!((january.active, january.ended, january.rated()), (Some(0), Some(0), None));
        assert_eq!((of("2027-02").active, of("2027-02").ended), (None, None));
    }

    #[test]
    fn a_rate_is_rounded_half_up_and_nobody_has_none() {
        assert_eq!((rate(1, 3), rate(2, 3), rate(5, 2), rate(1, 0)), (Some(3_333), Some(6_667), Some(25_000), None));
    }
}
