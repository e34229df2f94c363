//! Days and durations as people say them.

use counterfoil_domain::subscription::{day_of, days_left, zone};
use counterfoil_domain::time::Timestamp;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day as the wire has it, in words: the last of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// `2026-12-22`, for programs.
    pub iso: String,
    /// `22 December 2026`.
    pub words: String,
    /// `Berlin`.
    pub place: String,
}

impl Day {
    pub fn new(iso: &str, time_zone: &str) -> Self {
        Self { iso: iso.to_owned(), words: in_words(iso).unwrap_or_else(|| iso.to_owned()), place: place(time_zone) }
    }

    /// The day on which something happened; the moment itself where the zone makes no sense to this build.
    pub fn of(at: Timestamp, time_zone: &str) -> Self {
        let day = zone(time_zone).and_then(|zone| day_of(at, &zone)).map(|day| day.to_string());
        Self::new(&day.unwrap_or_else(|_| at.0.to_string()), time_zone)
    }

    /// Days after today; none when the day or the zone makes no sense to this build.
    pub fn left(&self, now: Timestamp, time_zone: &str) -> Option<i32> {
        days_left(now, self.iso.parse().ok()?, &zone(time_zone).ok()?).ok()
    }
}

/// `22 December 2026 (Berlin)`.
impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.words, self.place)
    }
}

/// `January 2026`, of the day on which something happened.
pub fn month_of(at: Timestamp, time_zone: &str) -> String {
    let words = Day::of(at, time_zone).words;
    words.split_once(' ').map_or_else(|| words.clone(), |(_, month)| month.to_owned())
}

fn in_words(iso: &str) -> Option<String> {
    let mut parts = iso.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    let (day, year) = (day.parse::<u8>().ok()?, year.parse::<u16>().ok()?);
    Some(format!("{day} {month} {year}"))
}

/// The city of an IANA zone: what follows the last slash.
fn place(time_zone: &str) -> String {
    time_zone.rsplit('/').next().unwrap_or(time_zone).replace('_', " ")
}

/// `1 day`, `30 days`.
pub fn days(count: i64) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}

/// How long to wait, rounded up as a person would say it.
pub fn waiting(ms: u64) -> String {
    const MINUTE: u64 = 60_000;
    match ms {
        0..=5_000 => "a few seconds".to_owned(),
        5_001..=MINUTE => "a minute".to_owned(),
        60_001..=5_400_000 => format!("{} minutes", ms.div_ceil(MINUTE)),
        _ => format!("{} hours", ms.div_ceil(60 * MINUTE)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_reads_as_people_write_it() {
        let day = Day::new("2026-12-02", "America/Argentina/Buenos_Aires");
        assert_eq!((day.words.as_str(), day.place.as_str()), ("2 December 2026", "Buenos Aires"));
        assert_eq!(Day::new("2026-13-02", "UTC").words, "2026-13-02");
        assert_eq!(Day::of(Timestamp(0), "Asia/Tokyo").to_string(), "1 January 1970 (Tokyo)");
        assert_eq!(Day::new("soon", "UTC").left(Timestamp(0), "UTC"), None);
        assert_eq!(Day::new("1970-01-31", "UTC").left(Timestamp(0), "UTC"), Some(30));
    }

    #[test]
    fn waiting_is_rounded_up() {
        let told = [2_000, 31_000, 61_000, 3_600_000, 7_200_001].map(waiting);
        assert_eq!(told, ["a few seconds", "a minute", "2 minutes", "60 minutes", "3 hours"]);
    }
}
