//! Dates as a portal keeps them: no offset, in the zone of its database, with zeros or null for none.

use jiff::civil::{Date, DateTime, date, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::value::InvalidValue;

/// When the portal's nightly run cuts accounts whose end date has come, by its own clock.
const CUT: jiff::civil::Time = time(0, 5, 0, 0);

const ZERO: &str = "0000-00-00";

/// A moment in an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stamp {
    /// Null, empty or zeros.
    #[default]
    Unset,
    /// By the portal's clock: see [`PortalZone`].
    At(DateTime),
    /// Something else. Not the same as unset: an account with an unreadable end date does not run for ever.
    Unreadable(String),
}

impl Stamp {
    pub(crate) fn of(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() || text.starts_with(ZERO) {
            return Self::Unset;
        }
        let (day, clock) = text.split_once(' ').unwrap_or((text, "00:00:00"));
        match format!("{day}T{clock}").parse() {
            Ok(moment) => Self::At(moment),
            Err(_) => Self::Unreadable(text.chars().take(40).collect()),
        }
    }

    /// Its day, where it can be read.
    pub fn date(&self) -> Option<Date> {
        match self {
            Self::At(moment) => Some(moment.date()),
            _ => None,
        }
    }
}

/// The time zone of a portal's database. The portal does not tell it, so it is a setting.
#[derive(Clone, Debug)]
pub struct PortalZone(TimeZone);

impl PortalZone {
    /// By its IANA name, such as `Europe/Kyiv`.
    pub fn named(name: &str) -> Result<Self, jiff::Error> {
        TimeZone::get(name).map(Self)
    }

    /// For a portal whose database keeps UTC.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The moment that a portal's stamp means. Of an hour that comes twice it is the first one.
    pub fn moment(&self, stamp: &Stamp) -> Option<Timestamp> {
        match stamp {
            Stamp::At(moment) => self.0.to_timestamp(*moment).ok(),
            _ => None,
        }
    }

    /// When the nightly run cuts an account with this end date.
    pub fn cut(&self, end: EndDate) -> Timestamp {
        self.cut_on(end.0)
    }

    fn cut_on(&self, day: Date) -> Timestamp {
        self.0.to_timestamp(day.to_datetime(CUT)).unwrap_or(Timestamp::MAX)
    }
}

/// The day on which the portal cuts an account, five minutes past midnight.
///
/// So a customer whose last day is the 31st has the 1st here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EndDate(Date);

impl EndDate {
    /// The first and last day that the portal's TIMESTAMP column holds in every zone.
    const FIRST: Date = date(1970, 1, 2);
    const LAST: Date = date(2038, 1, 18);

    /// The cut on this day.
    pub fn cut_on(day: Date) -> Result<Self, InvalidValue> {
        if (Self::FIRST..=Self::LAST).contains(&day) { Ok(Self(day)) } else { Err(InvalidValue::Date) }
    }

    /// The earliest end date with which the portal serves up to this moment: what was promised is kept, and the customer
    /// gets less than a day more.
    pub fn serving_until(end: Timestamp, zone: &PortalZone) -> Result<Self, InvalidValue> {
        let mut day = zone.0.to_datetime(end).date();
        // The cut of that day, or of the next one when it comes too early.
        if zone.cut_on(day) < end {
            day = day.checked_add(1.day()).map_err(|_| InvalidValue::Date)?;
        }
        Self::cut_on(day)
    }

    /// The day, in the portal's own zone.
    pub fn day(self) -> Date {
        self.0
    }

    /// As it is sent: the one spelling that every portal reads.
    pub(crate) fn text(self) -> String {
        self.0.strftime("%Y-%m-%d 00:00:00").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    #[test]
    fn stamps_are_read() {
        assert_eq!(Stamp::of("2027-06-30 12:00:00"), Stamp::At(date(2027, 6, 30).at(12, 0, 0, 0)));
        assert_eq!(Stamp::of("0000-00-00 00:00:00"), Stamp::Unset);
        assert_eq!(Stamp::of(""), Stamp::Unset);
        assert_eq!(Stamp::of("31.01.2027"), Stamp::Unreadable("31.01.2027".to_owned()));
    }

    #[test]
    fn the_last_day_promised_is_kept() {
        let zone = PortalZone::named("Europe/Berlin").expect("a zone");
        // The end of the 31st of January in Berlin.
        let end = EndDate::serving_until(at("2027-01-31T23:00:00Z"), &zone).expect("a date");
        assert_eq!(end.day(), date(2027, 2, 1));
        // An operator further west: its 31st ends in the morning of Berlin's 1st, after the cut.
        let end = EndDate::serving_until(at("2027-02-01T05:00:00Z"), &zone).expect("a date");
        assert_eq!(end.day(), date(2027, 2, 2));
        // Further east: it ends in the evening of Berlin's 31st.
        let end = EndDate::serving_until(at("2027-01-31T17:00:00Z"), &zone).expect("a date");
        assert_eq!(end.day(), date(2027, 2, 1));
    }

    #[test]
    fn never_cut_before_the_end_and_never_a_day_after() {
        for name in ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "America/Sao_Paulo"] {
            let zone = PortalZone::named(name).expect("a zone");
            for hour in 0..24 * 400 {
                let end = at("2026-12-01T00:00:00Z") + hour.hours();
                let cut = zone.cut(EndDate::serving_until(end, &zone).expect("a date"));
                assert!(cut >= end && end + 25.hours() >= cut, "{name} {end} {cut}");
            }
        }
    }

    #[test]
    fn what_the_column_cannot_hold_is_refused() {
        assert_eq!(EndDate::cut_on(date(2040, 1, 1)), Err(InvalidValue::Date));
        assert_eq!(EndDate::cut_on(date(1969, 12, 31)), Err(InvalidValue::Date));
        assert_eq!(EndDate::cut_on(date(2027, 1, 31)).expect("a date").text(), "2027-01-31 00:00:00");
    }
}
