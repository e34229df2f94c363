//! A report on paper. Its rows are held until all are there, because a page is laid out as a whole: so it has a limit.

use std::fs::File;
use std::io::Write as _;

use counterfoil_wire::reports::{Cell, Column, ColumnKind};
use serde::Serialize;

use super::ReportError;
use super::cells::{Head, is_figure, is_right_to_left};
use crate::printing::{self, PrintError};

/// Some hundred pages: nobody reads more on paper.
const MOST_ROWS: usize = 5_000;
/// More columns than these want the long side of the paper.
const UPRIGHT: usize = 7;
const TEMPLATE: &str = include_str!("report.typ");

/// A text with the direction it is read in.
#[derive(Serialize)]
struct Text {
    text: String,
    rtl: bool,
}

#[derive(Serialize)]
struct Heading {
    heading: Text,
    figure: bool,
    /// Beside the others.
    width: f64,
}

#[derive(Serialize)]
struct Data {
    title: Text,
    operator: Text,
    language: String,
    rtl: bool,
    landscape: bool,
    facts: Vec<[Text; 2]>,
    columns: Vec<Heading>,
    rows: Vec<Vec<Text>>,
    totals: Vec<Vec<Text>>,
    pages: String,
    nothing: Text,
}

pub(super) struct Pdf<'a> {
    head: &'a Head,
    rows: Vec<Vec<Text>>,
    most: usize,
}

impl<'a> Pdf<'a> {
    pub(super) fn begin(head: &'a Head) -> Self {
        Self { head, rows: Vec::new(), most: MOST_ROWS }
    }

    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<(), ReportError> {
        if self.rows.len() >= self.most {
            return Err(ReportError::TooLong(self.most));
        }
        let row = cells.iter().map(|cell| directed(self.head.text_with_unit(cell))).collect();
        self.rows.push(row);
        Ok(())
    }

    pub(super) fn finish(self, mut file: File) -> Result<(), ReportError> {
        let head = self.head;
        let words = &head.words;
        let data = Data {
            title: directed(words.title.clone()),
            operator: directed(head.operator.clone()),
            language: language(&words.language),
            rtl: words.right_to_left,
            landscape: head.columns.len() > UPRIGHT,
            facts: head.facts().into_iter().map(|(name, fact)| [directed(name), directed(fact)]).collect(),
            columns: head.columns.iter().map(|column| heading(head, column)).collect(),
            rows: self.rows,
            totals: head.totals.iter().map(|total| total_row(head, total)).collect(),
            pages: words.pages.clone(),
            nothing: directed(words.nothing.clone()),
        };
        let data = serde_json::to_string(&data).map_err(|error| PrintError::Layout(error.to_string()))?;
        let pdf = printing::pdf(TEMPLATE, &data, head.logo.clone())?;
        Ok(file.write_all(&pdf)?)
    }
}

fn directed(text: String) -> Text {
    Text { rtl: is_right_to_left(&text), text }
}

fn heading(head: &Head, column: &Column) -> Heading {
    let width = match column.kind {
        ColumnKind::Text => 3.0,
        ColumnKind::Amount | ColumnKind::Moment | ColumnKind::Figure => 2.2,
        ColumnKind::Word => 2.0,
        ColumnKind::Day => 1.6,
        ColumnKind::Count | ColumnKind::Month | ColumnKind::Percent => 1.4,
    };
    Heading { heading: directed(head.heading(column)), figure: is_figure(column.kind), width }
}

/// With the word for it in the first cell, which is no sum as a rule.
fn total_row(head: &Head, cells: &[Cell]) -> Vec<Text> {
    let mut row: Vec<Text> = cells.iter().map(|cell| directed(head.text_with_unit(cell))).collect();
    if let Some(first) = row.first_mut().filter(|first| first.text.is_empty()) {
        *first = directed(head.words.total.clone());
    }
    row
}

/// The layout takes two or three letters and nothing else.
fn language(name: &str) -> String {
    let letters: String = name.chars().take_while(char::is_ascii_alphabetic).collect();
    if (2..=3).contains(&letters.len()) { letters.to_ascii_lowercase() } else { "en".to_owned() }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    use super::*;
    use crate::reports::cells::tests::{head, report};

    /// One transparent pixel.
    const PIXEL: &str =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

    fn made(rows: usize, right_to_left: bool, logo: Option<&str>) -> Result<Vec<u8>, ReportError> {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("report.pdf");
        let report = report(rows);
        let mut head = head(&report);
        head.words.right_to_left = right_to_left;
        head.logo = logo.map(|logo| STANDARD.decode(logo).expect("base64"));
        let mut pdf = Pdf { most: 200, ..Pdf::begin(&head) };
        for row in &report.rows {
            pdf.row(row)?;
        }
        pdf.finish(File::create(&path)?)?;
        if let Ok(kept) = std::env::var("COUNTERFOIL_KEEP_REPORT") {
            std::fs::copy(&path, std::path::Path::new(&kept).join(format!("report-{rows}-{right_to_left}.pdf")))?;
        }
        Ok(std::fs::read(&path)?)
    }

    fn pages(pdf: &[u8]) -> usize {
        let text = String::from_utf8_lossy(pdf).replace("/Type /", "/Type/");
        text.matches("/Type/Page").count() - text.matches("/Type/Pages").count()
    }

    #[test]
    fn a_report_becomes_pages_whatever_its_names_hold() {
        let short = made(3, false, None).expect("laid out");
        assert!(short.starts_with(b"%PDF-") && short.len() > 5_000);
        let empty = made(0, true, None).expect("laid out");
        assert!(empty.starts_with(b"%PDF-"));
        let long = made(150, true, None).expect("laid out");
        assert_eq!((pages(&short), pages(&empty)), (1, 1));
        assert!(pages(&long) > 2, "{}", pages(&long));
    }

    #[test]
    fn the_logo_stands_in_the_head_and_one_that_nobody_can_unpack_is_left_out() {
        let has_picture =
            |pdf: &[u8]| String::from_utf8_lossy(pdf).replace("/Subtype /", "/Subtype/").contains("/Subtype/Image");
        for (logo, shown) in [(Some(PIXEL), true), (Some("iVBORw0KGgo="), false), (None, false)] {
            let pdf = made(3, false, logo).expect("laid out");
            assert_eq!((has_picture(&pdf), pages(&pdf)), (shown, 1), "{logo:?}");
        }
    }

    #[test]
    fn more_than_anybody_reads_is_refused() {
        assert!(matches!(made(201, false, None), Err(ReportError::TooLong(200))));
    }

    #[test]
    fn only_letters_are_a_language() {
        assert_eq!((language("fa-IR").as_str(), language("EN").as_str()), ("fa", "en"));
        assert_eq!((language("x").as_str(), language("\u{634}\u{631}").as_str()), ("en", "en"));
    }
}
