//! Terms are calendar days in the operator's zone; a subscription ends at the end of its last day (rule 7).

use jiff::{Span, Timestamp as Instant, civil::Date, tz::TimeZone};
use thiserror::Error;

use crate::time::Timestamp;

/// The end of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct End {
    /// The last day of service in the operator's zone.
    pub last_day: Date,
    /// The last millisecond of that day.
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TermError {
    #[error("the time zone is not an IANA name such as Europe/Berlin")]
    UnknownZone,
    #[error("the term ends outside the calendar")]
    OutOfCalendar,
}

/// The zone with this IANA name.
pub fn zone(name: &str) -> Result<TimeZone, TermError> {
    TimeZone::get(name).map_err(|_| TermError::UnknownZone)
}

/// A last day as it is stored and shown: `2026-12-22`.
pub fn last_day(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// Adds a term: from the day of `now`, or from the current end when that is later. The day of activation is a gift,
/// never a day lost.
pub fn extend(now: Timestamp, current: Option<End>, term_days: u16, zone: &TimeZone) -> Result<End, TermError> {
    let today = day_of(now, zone)?;
    let from = current.map_or(today, |end| end.last_day.max(today));
    let last_day = from.checked_add(Span::new().days(i64::from(term_days))).map_err(|_| TermError::OutOfCalendar)?;
    end_of(last_day, zone)
}

/// The end of a service whose last day this is.
pub fn end_of(last_day: Date, zone: &TimeZone) -> Result<End, TermError> {
    let next_day = last_day.tomorrow().map_err(|_| TermError::OutOfCalendar)?;
    let midnight = next_day.to_zoned(zone.clone()).map_err(|_| TermError::OutOfCalendar)?;
    Ok(End { last_day, at: Timestamp(midnight.timestamp().as_millisecond() - 1) })
}

/// The first moment of a day in this zone.
pub fn start_of(day: Date, zone: &TimeZone) -> Result<Timestamp, TermError> {
    let first = day.to_zoned(zone.clone()).map_err(|_| TermError::OutOfCalendar)?;
    Ok(Timestamp(first.timestamp().as_millisecond()))
}

/// The day in this zone.
pub fn day_of(now: Timestamp, zone: &TimeZone) -> Result<Date, TermError> {
    let instant = Instant::from_millisecond(now.0).map_err(|_| TermError::OutOfCalendar)?;
    Ok(instant.to_zoned(zone.clone()).date())
}

/// Days of service after today in this zone: 0 on the last day, negative when it is over.
pub fn days_left(now: Timestamp, last_day: Date, zone: &TimeZone) -> Result<i32, TermError> {
    Ok(day_of(now, zone)?.until(last_day).map_err(|_| TermError::OutOfCalendar)?.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<Instant>().expect("instant").as_millisecond())
    }

    #[test]
    fn the_last_day_is_whole_in_the_operators_zone() {
        let tehran = zone("Asia/Tehran").expect("zone");
        // 22:00 UTC is already the next day in Tehran.
        let end = extend(at("2026-11-21T22:00:00Z"), None, 30, &tehran).expect("end");
        assert_eq!(end.last_day.to_string(), "2026-12-22");
        assert_eq!(end.at, Timestamp(at("2026-12-22T20:30:00Z").0 - 1));
    }

    #[test]
    fn an_extension_starts_from_the_later_of_now_and_the_end() {
        let berlin = zone("Europe/Berlin").expect("zone");
        let now = at("2026-11-21T12:00:00Z");
        let first = extend(now, None, 30, &berlin).expect("end");
        let second = extend(now, Some(first), 30, &berlin).expect("end");
        assert_eq!(second.last_day.to_string(), "2027-01-20");
        let lapsed = extend(at("2027-06-01T12:00:00Z"), Some(second), 30, &berlin).expect("end");
        assert_eq!(lapsed.last_day.to_string(), "2027-07-01");
    }

    #[test]
    fn summer_time_makes_no_day_shorter() {
        let berlin = zone("Europe/Berlin").expect("zone");
        let end = extend(at("2026-03-27T12:00:00Z"), None, 2, &berlin).expect("end");
        assert_eq!(end.at, Timestamp(at("2026-03-29T22:00:00Z").0 - 1));
        assert_eq!(zone("Mars/Olympus"), Err(TermError::UnknownZone));
    }
    #[test]
    fn days_left_are_counted_in_the_operators_zone() {
        let (berlin, tehran) = (zone("Europe/Berlin").expect("zone"), zone("Asia/Tehran").expect("zone"));
        let last_day = "2026-12-22".parse().expect("date");
        let evening = at("2026-12-21T22:00:00Z");
        assert_eq!(days_left(evening, last_day, &berlin), Ok(1));
        assert_eq!(days_left(evening, last_day, &tehran), Ok(0));
        assert_eq!(days_left(at("2026-12-23T12:00:00Z"), last_day, &berlin), Ok(-1));
        assert_eq!(days_left(at("2026-03-01T12:00:00Z"), last_day, &berlin), Ok(296));
    }
}
