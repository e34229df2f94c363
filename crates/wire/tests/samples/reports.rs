//! An invented report, with a cell of each kind.

use counterfoil_wire::reports::{Cell, Column, ColumnKind, Report, ReportName, ReportPeriod};

use super::{AT, euros};

pub(crate) fn report() -> Report {
    let columns = [
        ("plan", ColumnKind::Text),
        ("state", ColumnKind::Word),
        ("sold", ColumnKind::Count),
        ("revenue", ColumnKind::Amount),
        ("rate", ColumnKind::Percent),
        ("paid_on", ColumnKind::Day),
        ("sold_at", ColumnKind::Moment),
        ("month", ColumnKind::Month),
        ("value", ColumnKind::Figure),
    ];
    let total = [Cell::Empty, Cell::Empty, Cell::Count(2), Cell::Amount(euros(1_998))];
    Report {
        name: ReportName::RevenueByPlan,
        as_of: AT,
        time_zone: "Europe/Berlin".into(),
        period: Some(ReportPeriod {
            start_date: "2026-11-01".into(),
            end_date: "2026-11-30".into(),
            whole_months: true,
        }),
        waiting: 0,
        columns: columns.map(|(key, kind)| Column { key: key.into(), kind }).to_vec(),
        rows: vec![vec![
            Cell::Text("Month".into()),
            Cell::Word("completed".into()),
            Cell::Count(2),
            Cell::Amount(euros(1_998)),
            Cell::Percent(5_000),
            Cell::Day("2026-11-22".into()),
            Cell::Moment(AT),
            Cell::Month("2026-11".into()),
            Cell::Ratio(150),
        ]],
        totals: vec![total.into_iter().chain(vec![Cell::Empty; 5]).collect()],
        next: Some("WyJNb250aCJd".into()),
    }
}
