//! Periods that are counted by whole months.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::subscription;
use counterfoil_wire::reports::ReportPeriod;
use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::engine::commission::Period;

/// Ten years: what a report by month and plan holds in memory.
const MOST: usize = 120;

/// The months that a period touches, the oldest first: `2026-11`.
pub(super) struct Months {
    names: Vec<String>,
    period: ReportPeriod,
}

impl Months {
    pub(super) fn of(period: &Period) -> Result<Self, Failure> {
        let day = |text: &str| {
            let day = subscription::last_day(text);
            day.ok_or_else(|| Failure::internal(format!("{text} is no day of a period")))
        };
        let (first, last) = (day(&period.start)?.first_of_month(), day(&period.end)?.last_of_month());
        let mut names = Vec::new();
        let mut month = first;
        while month <= last {
            if names.len() == MOST {
                let message = format!("a report by month has {MOST} months at most");
                return Err(Failure::validation(vec![field("start_date", message)]));
            }
            names.push(name(month));
            // The calendar ends with the last month of all.
            let Ok(next) = month.checked_add(1.months()) else { break };
            month = next;
        }
        let period = ReportPeriod { start_date: first.to_string(), end_date: last.to_string(), whole_months: true };
        Ok(Self { names, period })
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn first(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    pub(super) fn last(&self) -> &str {
        self.names.last().map_or("", String::as_str)
    }

    pub(super) fn period(&self) -> ReportPeriod {
        self.period.clone()
    }
}

fn name(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// A period that is counted by the day.
pub(super) fn by_day(period: &Period) -> ReportPeriod {
    let (start_date, end_date) = (period.start.clone(), period.end.clone());
    ReportPeriod { start_date, end_date, whole_months: false }
}

#[cfg(test)]
mod tests {
    use counterfoil_domain::time::Timestamp;

    use super::*;

    fn period(start: &str, end: &str) -> Period {
        Period { start: start.into(), end: end.into(), range: (Timestamp(0), Timestamp(0)) }
    }

    #[test]
    fn a_period_is_widened_to_its_months() {
        let months = Months::of(&period("2026-11-20", "2027-01-03")).expect("months");
        assert_eq!(months.names(), ["2026-11", "2026-12", "2027-01"]);
        let widened = months.period();
        assert_eq!((widened.start_date.as_str(), widened.end_date.as_str()), ("2026-11-01", "2027-01-31"));
        assert!(widened.whole_months);
        let one = Months::of(&period("2024-02-10", "2024-02-10")).expect("a month");
        assert_eq!(one.period().end_date, "2024-02-29");
    }

    #[test]
    fn a_period_has_a_limit() {
        assert!(Months::of(&period("2016-12-01", "2026-11-30")).is_ok_and(|months| months.names().len() == 120));
        assert!(Months::of(&period("2016-11-30", "2026-11-30")).is_err());
        assert!(Months::of(&period("9999-12-01", "9999-12-31")).is_ok());
    }
}
