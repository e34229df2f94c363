//! A report as a workbook: cells of their kinds, written as they come and never held.

use std::collections::HashMap;
use std::path::Path;

use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_wire::reports::{Cell, ColumnKind};
use jiff::civil::DateTime;
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::ReportError;
use super::cells::{Head, digits_of, is_figure};

/// A sheet cannot have more; what comes behind stands on the next.
const MOST_ROWS: u32 = 1_048_576;
/// Of one cell. A spreadsheet refuses the whole file otherwise.
const MOST_LETTERS: usize = 32_000;

pub(super) struct Xlsx<'a> {
    head: &'a Head,
    book: Workbook,
    formats: Formats,
    most_rows: u32,
    sheets: usize,
    /// Of the sheet: where the names of the columns stand, and the next free row.
    names: u32,
    next: u32,
}

/// A format for each kind of cell; amounts have one for each unit.
struct Formats {
    title: Format,
    quiet: Format,
    name: Format,
    name_of_figure: Format,
    count: Format,
    percent: Format,
    ratio: Format,
    day: Format,
    moment: Format,
    month: Format,
    amounts: HashMap<Unit, Format>,
    bold: bool,
}

impl Formats {
    fn new(bold: bool, right_to_left: bool) -> Self {
        let number = |format: &str| emphasized(Format::new().set_num_format(format), bold);
        // Below their headings, where a line begins: spreadsheets put dates to the right, as numbers.
        let begin = if right_to_left { FormatAlign::Right } else { FormatAlign::Left };
        let date = |format: &str| number(format).set_align(begin);
        Self {
            title: Format::new().set_bold().set_font_size(14.0),
            quiet: Format::new().set_font_color(Color::RGB(0x0066_6666)),
            name: Format::new().set_bold(),
            name_of_figure: Format::new().set_bold().set_align(FormatAlign::Right),
            count: number("#,##0"),
            percent: number("0.00%"),
            ratio: number("#,##0.00"),
            day: date("yyyy-mm-dd"),
            moment: date("yyyy-mm-dd hh:mm"),
            month: date("yyyy-mm"),
            amounts: HashMap::new(),
            bold,
        }
    }

    /// With as many digits as the currency has: `#,##0.00 "EUR"`.
    fn amount(&mut self, unit: Unit, word: &str) -> &Format {
        let bold = self.bold;
        self.amounts.entry(unit).or_insert_with(|| {
            let digits = usize::try_from(digits_of(unit)).unwrap_or_default();
            let point = if digits == 0 { "" } else { "." };
            let word = word.replace(['"', '\\'], "");
            emphasized(Format::new().set_num_format(format!("#,##0{point}{:0<digits$} \"{word}\"", "")), bold)
        })
    }
}

fn emphasized(format: Format, bold: bool) -> Format {
    if bold { format.set_bold() } else { format }
}

impl<'a> Xlsx<'a> {
    /// What is on its way lies in this folder, where the file will be.
    pub(super) fn begin(head: &'a Head, folder: &Path) -> Result<Self, ReportError> {
        Self::begin_with(head, folder, MOST_ROWS)
    }

    fn begin_with(head: &'a Head, folder: &Path, most_rows: u32) -> Result<Self, ReportError> {
        let mut book = Workbook::new();
        book.set_tempdir(folder)?;
        let properties = DocProperties::new().set_title(&head.words.title).set_author(&head.operator);
        // The time it was made at is Central's, and not that of this machine's clock.
        let properties = match head.civil(head.made).and_then(excel) {
            Some(made) => properties.set_creation_datetime(&made),
            None => properties,
        };
        book.set_properties(&properties);
        let formats = Formats::new(false, head.words.right_to_left);
        let mut xlsx = Self { head, book, formats, most_rows, sheets: 0, names: 0, next: 0 };
        xlsx.sheet()?;
        Ok(xlsx)
    }

    /// A new sheet with what stands above the rows.
    fn sheet(&mut self) -> Result<(), ReportError> {
        let head = self.head;
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        self.sheets += 1;
        let name = if self.sheets == 1 { head.name.clone() } else { format!("{} {}", head.name, self.sheets) };
        sheet.set_name(name)?.set_right_to_left(head.words.right_to_left);
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
        for (at, column) in head.columns.iter().enumerate() {
            sheet.set_column_width(place(at)?, width(column.kind))?;
        }
        sheet.write_string_with_format(0, 0, short(&head.words.title), &self.formats.title)?;
        let mut row = 1;
        for (name, fact) in head.facts() {
            sheet.write_string_with_format(row, 0, short(&name), &self.formats.quiet)?;
            sheet.write_string(row, 1, short(&fact))?;
            row += 1;
        }
        row += 1;
        for (at, column) in head.columns.iter().enumerate() {
            let format = if is_figure(column.kind) { &self.formats.name_of_figure } else { &self.formats.name };
            sheet.write_string_with_format(row, place(at)?, short(&head.heading(column)), format)?;
        }
        sheet.set_freeze_panes(row + 1, 0)?;
        sheet.set_repeat_rows(row, row)?;
        (self.names, self.next) = (row, row + 1);
        Ok(())
    }

    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<(), ReportError> {
        if self.next >= self.most_rows {
            self.end_sheet()?;
            self.sheet()?;
        }
        self.cells(cells)
    }

    fn cells(&mut self, cells: &[Cell]) -> Result<(), ReportError> {
        let (head, row) = (self.head, self.next);
        let sheet = self.book.worksheet_from_index(self.sheets - 1)?;
        for (at, cell) in cells.iter().enumerate() {
            write(sheet, (row, place(at)?), cell, head, &mut self.formats)?;
        }
        self.next += 1;
        Ok(())
    }

    /// The filter reaches as far as the rows, and not over the totals.
    fn end_sheet(&mut self) -> Result<(), ReportError> {
        let (first, last) = (self.names, self.next.saturating_sub(1));
        let columns = place(self.head.columns.len().saturating_sub(1))?;
        self.book.worksheet_from_index(self.sheets - 1)?.autofilter(first, 0, last, columns)?;
        Ok(())
    }

    pub(super) fn finish(mut self, path: &Path) -> Result<(), ReportError> {
        self.end_sheet()?;
        let head = self.head;
        let totals = &head.totals;
        let needed = u32::try_from(totals.len()).unwrap_or(u32::MAX).saturating_add(1);
        if !totals.is_empty() && self.next.saturating_add(needed) <= self.most_rows {
            self.next += 1;
            self.formats = Formats::new(true, head.words.right_to_left);
            for total in totals {
                let mut cells = total.clone();
                if let Some(first) = cells.first_mut().filter(|first| **first == Cell::Empty) {
                    *first = Cell::Text(head.words.total.clone());
                }
                self.cells(&cells)?;
            }
        }
        Ok(self.book.save(path)?)
    }
}

/// Where a column stands.
fn place(at: usize) -> Result<u16, ReportError> {
    u16::try_from(at).map_err(|_| ReportError::Workbook(XlsxError::RowColumnLimitError))
}

/// In letters of the usual size.
fn width(kind: ColumnKind) -> f64 {
    match kind {
        ColumnKind::Text => 26.0,
        ColumnKind::Word => 18.0,
        ColumnKind::Count | ColumnKind::Percent | ColumnKind::Month | ColumnKind::Day => 15.0,
        ColumnKind::Amount | ColumnKind::Moment | ColumnKind::Figure => 19.0,
    }
}

fn short(text: &str) -> String {
    // A letter may count twice there.
    text.chars().take(MOST_LETTERS / 2).collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "amounts are within 2^53, which a number of a spreadsheet holds exactly"
)]
fn scaled(value: i64, digits: u32) -> f64 {
    value as f64 / 10_f64.powi(i32::try_from(digits).unwrap_or_default())
}

/// None before 1900, where the days of a spreadsheet begin.
fn excel(at: DateTime) -> Option<ExcelDateTime> {
    let unsigned = |part: i8| u8::try_from(part).ok();
    let year = u16::try_from(at.year()).ok()?;
    let day = ExcelDateTime::from_ymd(year, unsigned(at.month())?, unsigned(at.day())?).ok()?;
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    day.and_hms(u16::from(unsigned(hour)?), unsigned(minute)?, f64::from(second)).ok()
}

/// `2026-11-22`, or `2026-11` for the first of it.
fn day(text: &str) -> Option<ExcelDateTime> {
    let whole = if text.len() == "2026-11".len() { format!("{text}-01") } else { text.to_owned() };
    let day: jiff::civil::Date = whole.parse().ok()?;
    excel(day.at(0, 0, 0, 0))
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    head: &Head,
    formats: &mut Formats,
) -> Result<(), XlsxError> {
    let dated = match cell {
        Cell::Day(text) => day(text).map(|day| (day, &formats.day)),
        Cell::Month(text) => day(text).map(|day| (day, &formats.month)),
        Cell::Moment(at) => head.civil(*at).and_then(excel).map(|at| (at, &formats.moment)),
        _ => None,
    };
    if let Some((at, format)) = dated {
        sheet.write_datetime_with_format(row, column, &at, format)?;
        return Ok(());
    }
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Count(count) => sheet.write_number_with_format(row, column, scaled(*count, 0), &formats.count)?,
        // A share of one: the spreadsheet shows it as a percentage.
        Cell::Percent(points) => sheet.write_number_with_format(row, column, scaled(*points, 4), &formats.percent)?,
        Cell::Ratio(hundredths) => {
            sheet.write_number_with_format(row, column, scaled(*hundredths, 2), &formats.ratio)?
        }
        Cell::Amount(amount) => {
            let value = value(*amount);
            sheet.write_number_with_format(
                row,
                column,
                value,
                formats.amount(amount.unit(), &head.unit(amount.unit())),
            )?
        }
        // Never as a formula, whatever it begins with.
        Cell::Text(_) | Cell::Word(_) | Cell::Day(_) | Cell::Month(_) | Cell::Moment(_) if formats.bold => {
            sheet.write_string_with_format(row, column, short(&head.text(cell)), &formats.name)?
        }
        Cell::Text(_) | Cell::Word(_) | Cell::Day(_) | Cell::Month(_) | Cell::Moment(_) => {
            sheet.write_string(row, column, short(&head.text(cell)))?
        }
    };
    Ok(())
}

fn value(amount: Amount) -> f64 {
    scaled(amount.value(), digits_of(amount.unit()))
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Read as _;

    use super::*;
    use crate::reports::cells::tests::{head, report};

    /// The parts of a workbook as they were written.
    fn parts(path: &Path) -> HashMap<String, String> {
        let mut archive = zip::ZipArchive::new(File::open(path).expect("a file")).expect("an archive");
        let mut parts = HashMap::new();
        for at in 0..archive.len() {
            let mut part = archive.by_index(at).expect("a part");
            let mut text = String::new();
            part.read_to_string(&mut text).expect("text");
            parts.insert(part.name().expect("a name").into_owned(), text);
        }
        parts
    }

    fn made(rows: usize, most_rows: u32) -> HashMap<String, String> {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("report.xlsx");
        let report = report(rows);
        let head = head(&report);
        let mut xlsx = Xlsx::begin_with(&head, folder.path(), most_rows).expect("begun");
        for row in &report.rows {
            xlsx.row(row).expect("written");
        }
        xlsx.finish(&path).expect("written");
        parts(&path)
    }

    #[test]
    fn cells_are_of_their_kinds_and_a_formula_stays_text() {
        let parts = made(4, MOST_ROWS);
        let sheet = &parts["xl/worksheets/sheet1.xml"];
        // Four facts below the title, a free row, the names: the first row is the eighth.
        assert!(sheet.contains(r#"<c r="A8" t="inlineStr"><is><t>=1+1</t></is></c>"#), "{sheet}");
        assert!(!sheet.contains("<f>"), "{sheet}");
        for number in ["<v>-12.4</v>", "<v>-1240</v>", "<v>-1.24</v>", "<v>0.125</v>", "<v>99</v>"] {
            assert!(sheet.contains(number), "{number} in {sheet}");
        }
        // 22 November 2026 as the spreadsheet counts days.
        assert!(sheet.contains("<v>46348</v>"), "{sheet}");
        assert!(sheet.contains(r#"<autoFilter ref="A7:H11"/>"#), "{sheet}");
        assert!(sheet.contains(r#"state="frozen""#), "{sheet}");
        for format in ["#,##0.00 &quot;EUR&quot;", "#,##0 &quot;JPY&quot;", "#,##0.000 &quot;KWD&quot;"] {
            assert!(parts["xl/styles.xml"].contains(format), "{format} in {}", parts["xl/styles.xml"]);
        }
        assert!(sheet.contains("Caspian Vision") && sheet.contains("Total"), "{sheet}");
    }

    #[test]
    fn what_does_not_fit_on_a_sheet_stands_on_the_next() {
        let parts = made(25, 20);
        let rows = |sheet: &str| parts[sheet].matches("\u{5D7}\u{5E0}\u{5D5}\u{5EA}").count();
        assert_eq!(rows("xl/worksheets/sheet1.xml") + rows("xl/worksheets/sheet2.xml"), 6);
        assert!(parts["xl/workbook.xml"].contains(r#"name="payments 2""#));
        assert!(!parts.contains_key("xl/worksheets/sheet3.xml"));
    }
}
