//! Months and days in the operator's zone, as the sums are kept by.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::subscription;
use counterfoil_domain::time::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan as _};

use crate::engine::operators::Operator;
use crate::engine::stored::stored;

/// Of a series, this one included.
const MONTHS: i64 = 12;
/// Days of service that are soon over, today included.
const SOON_DAYS: i64 = 7;
/// And those that are over in what a month usually is.
const THIRTY_DAYS: i64 = 30;

/// The days that a dashboard is about, as they are stored.
pub(super) struct Calendar {
    /// `2026-11-21`
    pub(super) today: String,
    /// The last day that is soon.
    pub(super) soon: String,
    /// The last of thirty days.
    pub(super) in_thirty_days: String,
    /// `2026-11`, twelve of them, the oldest first.
    pub(super) months: Vec<String>,
    /// From the first moment of this month to before the first of the next.
    pub(super) this_month: (Timestamp, Timestamp),
}

impl Calendar {
    pub(super) fn at(now: Timestamp, operator: &Operator) -> Result<Self, Failure> {
        let zone = zone_of(operator)?;
        let today = subscription::day_of(now, &zone).map_err(Failure::internal)?;
        let first = today.first_of_month();
        let months = (0..MONTHS).rev().map(|back| Ok(month(moved(first, (-back).months())?)));
        let start = |day| subscription::start_of(day, &zone).map_err(Failure::internal);
        Ok(Self {
            today: today.to_string(),
            soon: moved(today, (SOON_DAYS - 1).days())?.to_string(),
            in_thirty_days: moved(today, (THIRTY_DAYS - 1).days())?.to_string(),
            months: months.collect::<Result<_, Failure>>()?,
            this_month: (start(first)?, start(moved(first, 1.months())?)?),
        })
    }

    pub(super) fn first(&self) -> &str {
        self.months.first().map_or("", String::as_str)
    }

    pub(super) fn this(&self) -> &str {
        self.months.last().map_or("", String::as_str)
    }

    pub(super) fn before(&self) -> &str {
        self.months.iter().nth_back(1).map_or("", String::as_str)
    }
}

pub(crate) fn zone_of(operator: &Operator) -> Result<TimeZone, Failure> {
    stored(subscription::zone(&operator.time_zone).ok(), "operator", "time_zone", operator.id)
}

/// The month of a moment; none outside the calendar.
pub(crate) fn month_of(at: Timestamp, zone: &TimeZone) -> Option<String> {
    subscription::day_of(at, zone).ok().map(month)
}

pub(super) fn month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

pub(super) fn moved(day: Date, by: Span) -> Result<Date, Failure> {
    day.checked_add(by).map_err(Failure::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_in_the_zone_of_the_operator() {
        let at = |text: &str| Timestamp(text.parse::<jiff::Timestamp>().expect("instant").as_millisecond());
        let (tehran, utc) = (subscription::zone("Asia/Tehran").expect("zone"), TimeZone::UTC);
        // 23:00 in London is the next day, and here the next month, in Tehran.
        let evening = at("2026-11-30T23:00:00Z");
        assert_eq!(month_of(evening, &utc).as_deref(), Some("2026-11"));
        assert_eq!(month_of(evening, &tehran).as_deref(), Some("2026-12"));
        assert_eq!(month_of(Timestamp(i64::MAX), &utc), None);
    }

    #[test]
    fn months_are_counted_back_over_the_turn_of_a_year() {
        let january = Date::constant(2027, 1, 1);
        assert_eq!(month(moved(january, (-1).months()).expect("a day")), "2026-12");
        assert_eq!(month(moved(january, (-11).months()).expect("a day")), "2026-02");
    }
}
