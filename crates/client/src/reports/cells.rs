//! What stands in a cell, in words.

use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::subscription::zone;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::reports::{Cell, Column, ColumnKind, Report};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::brand::Shown;

/// The words of the screen's language; what is missing is shown as Central calls it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    pub(crate) title: String,
    /// Two or three letters.
    pub(crate) language: String,
    pub(crate) right_to_left: bool,
    pub(crate) operator: String,
    pub(crate) period: String,
    pub(crate) time_zone: String,
    pub(crate) made: String,
    pub(crate) total: String,
    pub(crate) unit: String,
    /// When there are no rows.
    pub(crate) nothing: String,
    /// With `{page}` and `{pages}`.
    pub(crate) pages: String,
    /// Of columns, by key.
    pub(crate) headings: Vec<(String, String)>,
    /// Of cells that hold a word.
    pub(crate) values: Vec<(String, String)>,
}

fn found(list: &[(String, String)], key: &str) -> String {
    list.iter().find(|(known, _)| known == key).map_or_else(|| key.to_owned(), |(_, text)| text.clone())
}

/// What all rows of a file have in common.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// In paths and sheets: `revenue-by-plan`.
    pub(super) name: String,
    pub(super) operator: String,
    /// A PNG picture, for paper.
    pub(super) logo: Option<Vec<u8>>,
    pub(super) period: Option<(String, String)>,
    pub(super) made: Timestamp,
    pub(super) columns: Vec<Column>,
    pub(super) totals: Vec<Vec<Cell>>,
    pub(super) words: Words,
    zone_name: String,
    zone: TimeZone,
}

impl Head {
    /// Of a report under the brand that this computer shows.
    pub(super) fn of(report: &Report, brand: Shown, words: Words) -> Self {
        // A zone this build does not know must not keep anybody from the file: UTC, and said so.
        let (zone_name, zone) = zone(&report.time_zone)
            .map_or_else(|_| ("UTC".to_owned(), TimeZone::UTC), |zone| (report.time_zone.clone(), zone));
        Self {
            name: report.name.as_str().to_owned(),
            operator: brand.name,
            logo: brand.logo,
            period: report.period.clone().map(|period| (period.start_date, period.end_date)),
            made: report.as_of,
            columns: report.columns.clone(),
            totals: report.totals.clone(),
            words,
            zone_name,
            zone,
        }
    }

    /// `revenue-by-plan-2026-11-01-to-2026-11-30`
    pub(super) fn file_stem(&self) -> String {
        if let Some((start, end)) = &self.period {
            return format!("{}-{start}-to-{end}", self.name);
        }
        let day = self.civil(self.made).map(|at| at.date().to_string()).unwrap_or_default();
        format!("{}-{day}", self.name)
    }

    /// Who, what period, which zone, and when it was made, each with its name.
    pub(super) fn facts(&self) -> Vec<(String, String)> {
        let words = &self.words;
        let mut facts = vec![(words.operator.clone(), self.operator.clone())];
        if let Some((start, end)) = &self.period {
            facts.push((words.period.clone(), format!("{start} \u{2013} {end}")));
        }
        facts.push((words.time_zone.clone(), self.zone_name.clone()));
        facts.push((words.made.clone(), self.moment(self.made)));
        facts
    }

    pub(super) fn heading(&self, column: &Column) -> String {
        found(&self.words.headings, &column.key)
    }

    pub(super) fn word(&self, word: &str) -> String {
        found(&self.words.values, word)
    }

    /// The moment where the operator is; none outside the calendar.
    pub(super) fn civil(&self, at: Timestamp) -> Option<DateTime> {
        let instant = jiff::Timestamp::from_millisecond(at.0).ok()?;
        Some(instant.to_zoned(self.zone.clone()).datetime())
    }

    /// `2026-11-22 14:05`
    fn moment(&self, at: Timestamp) -> String {
        self.civil(at).map(|at| at.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
    }

    /// `credits` in words, or the letters of a currency.
    pub(super) fn unit(&self, unit: Unit) -> String {
        match unit {
            Unit::Credits => self.word("credits"),
            Unit::Minor(_) => unit.to_string(),
        }
    }

    /// As people read it, without the unit of an amount.
    pub(super) fn text(&self, cell: &Cell) -> String {
        match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) | Cell::Day(text) | Cell::Month(text) => text.clone(),
            Cell::Word(word) => self.word(word),
            Cell::Count(count) => count.to_string(),
            Cell::Amount(amount) => figure(*amount),
            Cell::Percent(hundredths) | Cell::Ratio(hundredths) => decimal(*hundredths, 2),
            Cell::Moment(at) => self.moment(*at),
        }
    }

    /// The same with its unit: `12.40 EUR`, `20.00 %`.
    pub(super) fn text_with_unit(&self, cell: &Cell) -> String {
        match cell {
            Cell::Amount(amount) => format!("{} {}", figure(*amount), self.unit(amount.unit())),
            Cell::Percent(hundredths) => format!("{} %", decimal(*hundredths, 2)),
            other => self.text(other),
        }
    }
}

/// Figures stand at the end of their column, so that their digits stand below each other.
pub(super) fn is_figure(kind: ColumnKind) -> bool {
    matches!(kind, ColumnKind::Count | ColumnKind::Amount | ColumnKind::Percent | ColumnKind::Figure)
}

/// Digits behind the point of a unit.
pub(super) fn digits_of(unit: Unit) -> u32 {
    match unit {
        Unit::Credits => 0,
        Unit::Minor(currency) => u32::from(currency.minor_digits()),
    }
}

/// `12.40`
fn figure(amount: Amount) -> String {
    decimal(amount.value(), digits_of(amount.unit()))
}

/// A whole number of the smallest parts: `-5` with two digits is `-0.05`.
fn decimal(value: i64, digits: u32) -> String {
    let scale = 10_u64.pow(digits);
    let (whole, rest) = (value.unsigned_abs() / scale, value.unsigned_abs() % scale);
    let sign = if value < 0 { "-" } else { "" };
    if digits == 0 {
        return format!("{sign}{whole}");
    }
    let width = usize::try_from(digits).unwrap_or(2);
    format!("{sign}{whole}.{rest:0width$}")
}

/// Whether a text is read from right to left: as its first letter of Hebrew, Arabic and their relatives, or of another script.
pub(super) fn is_right_to_left(text: &str) -> bool {
    text.chars().find(|letter| letter.is_alphabetic()).is_some_and(
        |letter| matches!(letter, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}'),
    )
}

#[cfg(test)]
pub(super) mod tests {
    use counterfoil_wire::reports::{ReportName, ReportPeriod};

    use super::*;

    pub(in crate::reports) fn money(value: i64, unit: &str) -> Cell {
        Cell::Amount(Amount::new(value, unit.parse().expect("unit")).expect("amount"))
    }

    /// A report with a column of each kind, whose names do their worst.
    pub(in crate::reports) fn report(rows: usize) -> Report {
        let columns = [
            ("company", ColumnKind::Text),
            ("state", ColumnKind::Word),
            ("sold", ColumnKind::Count),
            ("revenue", ColumnKind::Amount),
            ("rate", ColumnKind::Percent),
            ("paid_on", ColumnKind::Day),
            ("sold_at", ColumnKind::Moment),
            ("month", ColumnKind::Month),
        ];
        let names =
            ["=1+1", "Kiosk \"Am Markt\", Nord", "\u{634}\u{631}\u{643}\u{629} 12", "\u{5D7}\u{5E0}\u{5D5}\u{5EA}"];
        let units = ["EUR", "JPY", "KWD", "credits"];
        let row = |at: usize| {
            vec![
                Cell::Text(names[at % 4].into()),
                Cell::Word("completed".into()),
                Cell::Count(i64::try_from(at).expect("few")),
                money(-1_240, units[at % 4]),
                Cell::Percent(1_250),
                Cell::Day("2026-11-22".into()),
                Cell::Moment(Timestamp(1_795_219_200_000)),
                Cell::Month("2026-11".into()),
            ]
        };
        let mut total = vec![Cell::Empty; 8];
        total[3] = money(9_900, "EUR");
        Report {
            name: ReportName::Payments,
            as_of: Timestamp(1_795_219_200_000),
            time_zone: "Asia/Tehran".into(),
            period: Some(ReportPeriod {
                start_date: "2026-11-01".into(),
                end_date: "2026-11-30".into(),
                whole_months: true,
            }),
            waiting: 0,
            columns: columns.map(|(key, kind)| Column { key: key.into(), kind }).to_vec(),
            rows: (0..rows).map(row).collect(),
            totals: vec![total],
            next: None,
        }
    }

    pub(in crate::reports) fn head(report: &Report) -> Head {
        let words = Words {
            title: "Payments #1".into(),
            language: "en".into(),
            operator: "Operator".into(),
            period: "Period".into(),
            time_zone: "Time zone".into(),
            made: "Made".into(),
            total: "Total".into(),
            unit: "Unit".into(),
            nothing: "No rows".into(),
            pages: "Page {page} of {pages}".into(),
            headings: vec![("company".into(), "Company".into())],
            values: vec![("completed".into(), "Received".into())],
            ..Words::default()
        };
        Head::of(report, Shown { name: "Caspian Vision".into(), ..Shown::default() }, words)
    }

    #[test]
    fn cells_read_as_people_write_them() {
        let head = head(&report(1));
        for (cell, text) in [
            (money(-1_240, "EUR"), "-12.40 EUR"),
            (money(1_240, "JPY"), "1240 JPY"),
            (money(5, "KWD"), "0.005 KWD"),
            (money(30, "credits"), "30 credits"),
            (Cell::Percent(-50), "-0.50 %"),
            (Cell::Word("completed".into()), "Received"),
            (Cell::Word("unheard_of".into()), "unheard_of"),
            // Midnight in Greenwich is half past three in Tehran.
            (Cell::Moment(Timestamp(1_795_219_200_000)), "2026-11-21 03:30"),
            (Cell::Empty, ""),
        ] {
            assert_eq!(head.text_with_unit(&cell), text);
        }
        assert_eq!(head.file_stem(), "payments-2026-11-01-to-2026-11-30");
        let now = Report { period: None, ..report(1) };
        assert_eq!(self::head(&now).file_stem(), "payments-2026-11-21");
    }

    #[test]
    fn a_name_says_in_which_direction_it_is_read() {
        assert!(is_right_to_left("12 \u{634}\u{631}\u{643}\u{629} AB") && is_right_to_left("(\u{5D7}\u{5E0}"));
        assert!(!is_right_to_left("AB \u{634}") && !is_right_to_left("12.40 EUR") && !is_right_to_left(""));
    }
}
