//! What a report is made of, before it is sent.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_wire::reports::{Cell, Column, ColumnKind, ReportPeriod};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Question;
use crate::engine::http::{key_of, key_text, page};

/// A page of it, with its totals.
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
    pub(super) totals: Vec<Vec<Cell>>,
    pub(super) period: Option<ReportPeriod>,
    pub(super) next: Option<String>,
}

impl Table {
    /// Out of all rows, each with what it is sorted by. They are few: months, plans, currencies.
    pub(super) fn of_all<K: Ord + Clone + Serialize + DeserializeOwned>(
        question: &Question<'_>,
        columns: Vec<Column>,
        rows: Vec<(K, Vec<Cell>)>,
        period: Option<ReportPeriod>,
    ) -> Result<Self, Failure> {
        let totals = if question.is_first() { totals(&rows)? } else { Vec::new() };
        let after: Option<K> = key_of(question.after())?;
        let behind: Vec<_> =
            rows.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after)).collect();
        let page = page(behind, question.limit, |(key, _)| key_text(key));
        let rows = page.items.into_iter().map(|(_, cells)| cells).collect();
        Ok(Self { columns, rows, totals, period, next: page.next })
    }
}

pub(super) fn columns<const N: usize>(columns: [(&str, ColumnKind); N]) -> Vec<Column> {
    columns.into_iter().map(|(key, kind)| Column { key: key.to_owned(), kind }).collect()
}

/// A text that may be missing.
pub(super) fn text(text: Option<impl Into<String>>) -> Cell {
    text.map_or(Cell::Empty, |text| Cell::Text(text.into()))
}

pub(super) fn word(word: &str) -> Cell {
    Cell::Word(word.to_owned())
}

pub(super) fn count(count: u64) -> Result<Cell, Failure> {
    i64::try_from(count).map(Cell::Count).map_err(Failure::internal)
}

pub(super) fn amount(value: i64, unit: Unit) -> Result<Cell, Failure> {
    Amount::new(value, unit).map(Cell::Amount).map_err(Failure::internal)
}

/// How many of so many, in basis points; empty where there are none to be of.
pub(super) fn percent(part: i64, whole: i64) -> Result<Cell, Failure> {
    share(part, whole, 10_000).map(|share| share.map_or(Cell::Empty, Cell::Percent))
}

/// How many for each, in hundredths; empty where there is nobody.
pub(super) fn ratio(part: i64, whole: i64) -> Result<Cell, Failure> {
    share(part, whole, 100).map(|share| share.map_or(Cell::Empty, Cell::Ratio))
}

/// Half up; none of nothing.
fn share(part: i64, whole: i64, scale: i128) -> Result<Option<i64>, Failure> {
    if whole <= 0 {
        return Ok(None);
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    let rounded = (2 * part * scale + whole).div_euclid(2 * whole);
    i64::try_from(rounded).map(Some).map_err(Failure::internal)
}

/// Counts and amounts of all rows, a row for each unit: counts stand beside the money they belong to.
fn totals<K>(rows: &[(K, Vec<Cell>)]) -> Result<Vec<Vec<Cell>>, Failure> {
    let mut totals: Vec<(Option<Unit>, Vec<Cell>)> = Vec::new();
    for (_, cells) in rows {
        let unit = unit_of(cells);
        if let Some((_, sums)) = totals.iter_mut().find(|(known, _)| *known == unit) {
            for (sum, cell) in sums.iter_mut().zip(cells) {
                add(sum, cell)?;
            }
        } else {
            totals.push((unit, cells.iter().map(only_sums).collect()));
        }
    }
    Ok(totals.into_iter().map(|(_, sums)| sums).collect())
}

fn unit_of(cells: &[Cell]) -> Option<Unit> {
    cells.iter().find_map(|cell| match cell {
        Cell::Amount(amount) => Some(amount.unit()),
        _ => None,
    })
}

fn only_sums(cell: &Cell) -> Cell {
    match cell {
        Cell::Count(_) | Cell::Amount(_) => cell.clone(),
        _ => Cell::Empty,
    }
}

fn add(sum: &mut Cell, cell: &Cell) -> Result<(), Failure> {
    match (&mut *sum, cell) {
        (Cell::Count(sum), Cell::Count(more)) => {
            let added = sum.checked_add(*more);
            *sum = added.ok_or_else(|| Failure::internal("a total is out of range"))?;
        }
        (Cell::Amount(sum), Cell::Amount(more)) => *sum = sum.checked_add(*more).map_err(Failure::internal)?,
        (Cell::Empty, Cell::Count(_) | Cell::Amount(_)) => *sum = cell.clone(),
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(value: i64, unit: &str) -> Cell {
        Cell::Amount(Amount::new(value, unit.parse().expect("unit")).expect("amount"))
    }

    #[test]
    fn currencies_have_a_total_each() {
        let row = |month: &str, sold, amount| (0, vec![Cell::Month(month.into()), Cell::Count(sold), amount]);
        let rows = [
            row("2026-10", 2, money(200, "EUR")),
            row("2026-11", 1, money(5, "USD")),
            row("2026-11", 3, money(-50, "EUR")),
        ];
        let totals = totals(&rows).expect("totals");
        assert_eq!(
            totals,
            [vec![Cell::Empty, Cell::Count(5), money(150, "EUR")], vec![Cell::Empty, Cell::Count(1), money(5, "USD")]]
        );
        assert_eq!(super::totals::<u8>(&[]).expect("totals"), Vec::<Vec<Cell>>::new());
    }

    #[test]
    fn shares_are_rounded_half_up_and_nothing_is_no_whole() {
        assert_eq!(percent(1, 3).expect("in range"), Cell::Percent(3_333));
        assert_eq!(percent(2, 3).expect("in range"), Cell::Percent(6_667));
        assert_eq!(percent(3, 2).expect("in range"), Cell::Percent(15_000));
        assert_eq!(percent(1, 0).expect("in range"), Cell::Empty);
        assert_eq!(ratio(5, 2).expect("in range"), Cell::Ratio(250));
    }
}
