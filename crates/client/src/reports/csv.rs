//! A report as CSV (RFC 4180): one line of names, then a line for each row. For programs, so it has no totals.

use std::fs::File;
use std::io::{BufWriter, Write as _};

use counterfoil_domain::amount::Unit;
use counterfoil_wire::reports::{Cell, ColumnKind};

use super::ReportError;
use super::cells::Head;

pub(super) struct Csv<'a> {
    head: &'a Head,
    file: BufWriter<File>,
    /// A column more, behind the others, where there are amounts: what they are counted in.
    has_unit: bool,
}

impl<'a> Csv<'a> {
    pub(super) fn begin(head: &'a Head, file: File) -> Result<Self, ReportError> {
        let has_unit = head.columns.iter().any(|column| matches!(column.kind, ColumnKind::Amount | ColumnKind::Figure));
        let mut csv = Self { head, file: BufWriter::new(file), has_unit };
        let mut names: Vec<String> = head.columns.iter().map(|column| text(&head.heading(column))).collect();
        if has_unit {
            names.push(text(&head.words.unit));
        }
        csv.line(&names)?;
        Ok(csv)
    }

    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<(), ReportError> {
        let unit = unit_of(cells);
        let mut line: Vec<String> = cells.iter().map(|cell| self.cell(cell, unit)).collect();
        if self.has_unit {
            line.push(unit.map(|unit| text(&self.head.unit(unit))).unwrap_or_default());
        }
        self.line(&line)
    }

    pub(super) fn finish(mut self) -> Result<(), ReportError> {
        Ok(self.file.flush()?)
    }

    /// An amount in another unit than the rest of its row says so itself.
    fn cell(&self, cell: &Cell, unit: Option<Unit>) -> String {
        match cell {
            Cell::Amount(amount) if Some(amount.unit()) != unit => self.head.text_with_unit(cell),
            Cell::Text(_) | Cell::Word(_) => text(&self.head.text(cell)),
            other => self.head.text(other),
        }
    }

    fn line(&mut self, cells: &[String]) -> Result<(), ReportError> {
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                self.file.write_all(b",")?;
            }
            if cell.contains([',', '"', '\r', '\n']) {
                write!(self.file, "\"{}\"", cell.replace('"', "\"\""))?;
            } else {
                self.file.write_all(cell.as_bytes())?;
            }
        }
        Ok(self.file.write_all(b"\r\n")?)
    }
}

fn unit_of(cells: &[Cell]) -> Option<Unit> {
    cells.iter().find_map(|cell| match cell {
        Cell::Amount(amount) => Some(amount.unit()),
        _ => None,
    })
}

/// Text that somebody typed, so that no spreadsheet takes it for a formula. Only for text: a number below zero is one.
fn text(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::cells::tests::{head, report};

    #[test]
    fn whatever_a_spreadsheet_would_count_is_text() {
        for cell in ["=1+1", "+49 30 5550100", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(text(cell), format!("'{cell}"));
        }
        for cell in ["", "Kiosk", "a=b", "1-2", "nora@example.org", "'=1"] {
            assert_eq!(text(cell), cell);
        }
    }

    #[test]
    fn a_cell_stays_one_cell_and_a_formula_stays_text() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("report.csv");
        let report = report(3);
        let head = head(&report);
        let mut csv = Csv::begin(&head, File::create(&path).expect("a file")).expect("begun");
        for row in &report.rows {
            csv.row(row).expect("written");
        }
        csv.finish().expect("written");
        let written = std::fs::read_to_string(&path).expect("text");
        let lines: Vec<_> = written.split("\r\n").collect();
        assert_eq!(lines[0], "Company,state,sold,revenue,rate,paid_on,sold_at,month,Unit");
        assert_eq!(lines[1], "'=1+1,Received,0,-12.40,12.50,2026-11-22,2026-11-21 03:30,2026-11,EUR");
        assert!(lines[2].starts_with("\"Kiosk \"\"Am Markt\"\", Nord\",Received,1,-1240,"), "{}", lines[2]);
        assert!(lines[3].ends_with(",2,-1.240,12.50,2026-11-22,2026-11-21 03:30,2026-11,KWD"), "{}", lines[3]);
        assert_eq!(lines[4..], [""]);
    }
}
