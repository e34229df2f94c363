//! Reports, and files of them. These pages need Central; a file is made on this machine and lies where the person keeps files.

use std::sync::Arc;

use counterfoil_wire::reports as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::types::{AmountView, PageRequest, id};
use super::{ApiError, ErrorCode};
use crate::{Client, reports};

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReportRequest {
    /// `revenue-by-plan`
    pub name: String,
    /// `2026-11-01`; absent: the first of this month in the operator's zone.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    /// Absent: today.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    pub page: PageRequest,
}

/// A page of a report.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ReportPage {
    pub name: String,
    pub as_of: i64,
    /// In which days and months begin.
    pub time_zone: String,
    /// Absent where it says how things stand now.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<ReportPeriodView>,
    /// Sales and changes that are not counted in it yet; 10,000 is that many or more.
    pub waiting: u64,
    pub columns: Vec<ReportColumn>,
    pub rows: Vec<Vec<ReportCell>>,
    /// On the first page: of the whole report, a row for each currency.
    pub totals: Vec<Vec<ReportCell>>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ReportPeriodView {
    pub start_date: String,
    pub end_date: String,
    /// It is counted by months, whatever days were asked for.
    pub whole_months: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ReportColumn {
    pub key: String,
    pub kind: ReportColumnKind,
}

/// What the cells of a column hold, where they are not empty; a figure may be any of the others.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReportColumnKind {
    Text,
    Word,
    Count,
    Amount,
    Percent,
    Day,
    Moment,
    Month,
    Figure,
}

/// One value.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReportCell {
    Empty,
    /// As somebody wrote it.
    Text(String),
    /// One of a known set, such as a state.
    Word(String),
    Count(i64),
    Amount(AmountView),
    /// Basis points.
    Percent(i64),
    /// Hundredths.
    Ratio(i64),
    /// `2026-11-22`
    Day(String),
    /// Unix ms.
    Moment(i64),
    /// `2026-11`
    Month(String),
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    Csv,
    Xlsx,
    Pdf,
}

/// A key with what the screen calls it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReportWord {
    pub key: String,
    pub text: String,
}

/// The words of the screen's language, for a file.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReportWords {
    pub title: String,
    /// `en`
    pub language: String,
    pub right_to_left: bool,
    pub operator: String,
    pub period: String,
    pub time_zone: String,
    pub made: String,
    pub total: String,
    pub unit: String,
    pub nothing: String,
    /// With `{page}` and `{pages}`.
    pub pages: String,
    /// Of columns.
    pub headings: Vec<ReportWord>,
    /// Of cells that hold a word.
    pub values: Vec<ReportWord>,
}

/// Begins a file of all of a report.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveReport {
    /// Minted by the caller: a repeat is the same file.
    pub file_id: String,
    pub name: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    pub format: ReportFormat,
    pub words: ReportWords,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReportFileRef {
    pub file_id: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReportFileState {
    Making,
    Done,
    Cancelled,
    Failed,
}

/// How far a file is.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReportFile {
    pub file_id: String,
    pub state: ReportFileState,
    /// Written so far.
    pub rows: u64,
    /// Where it lies, once it is there.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Why there is none.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ApiError>,
}

/// A page of a report of the operator or of the shop, whoever is signed in.
pub async fn report(client: &Arc<Client>, request: ReportRequest) -> Result<ReportPage, ApiError> {
    let query = wire::ReportQuery {
        start_date: request.start_date,
        end_date: request.end_date,
        after: request.page.after,
        limit: Some(request.page.limit.clamp(1, 500)),
    };
    Ok(reports::page(&*client.till()?, named(&request.name)?, &query).await?.into())
}

/// Answers at once; [`report_file`] says how far it is. A PDF has at most 5,000 rows.
pub async fn save_report(client: &Arc<Client>, request: SaveReport) -> Result<ReportFile, ApiError> {
    let till = client.till()?;
    let file: Uuid = id(&request.file_id)?;
    let asked = reports::Asked {
        id: file,
        name: named(&request.name)?,
        days: (request.start_date, request.end_date),
        format: request.format.into(),
        words: request.words.into(),
        folder: client.options().downloads.clone(),
    };
    reports::start(&till, asked)?;
    shown(till.files.progress(file))
}

pub async fn report_file(client: &Arc<Client>, request: ReportFileRef) -> Result<ReportFile, ApiError> {
    shown(client.till()?.files.progress(id(&request.file_id)?))
}

/// What is written of it is taken away.
pub async fn cancel_report_file(client: &Arc<Client>, request: ReportFileRef) -> Result<ReportFile, ApiError> {
    shown(client.till()?.files.cancel(id(&request.file_id)?))
}

fn named(name: &str) -> Result<wire::ReportName, ApiError> {
    let found = wire::ReportName::from_path(name);
    found.ok_or_else(|| ApiError::new(ErrorCode::NotFound, format!("there is no report {name:?}")))
}

fn shown(progress: Option<reports::Progress>) -> Result<ReportFile, ApiError> {
    let progress = progress.ok_or_else(|| ApiError::new(ErrorCode::NotFound, "this file is not being made"))?;
    let (state, path, error) = match progress.stage {
        reports::Stage::Making => (ReportFileState::Making, None, None),
        reports::Stage::Done(path) => (ReportFileState::Done, Some(path.to_string_lossy().into_owned()), None),
        reports::Stage::Cancelled => (ReportFileState::Cancelled, None, None),
        reports::Stage::Failed(error) => (ReportFileState::Failed, None, Some(*error)),
    };
    Ok(ReportFile { file_id: progress.id.to_string(), state, rows: progress.rows, path, error })
}

impl From<wire::Report> for ReportPage {
    fn from(report: wire::Report) -> Self {
        let period = |period: wire::ReportPeriod| ReportPeriodView {
            start_date: period.start_date,
            end_date: period.end_date,
            whole_months: period.whole_months,
        };
        let column = |column: wire::Column| ReportColumn { key: column.key, kind: column.kind.into() };
        Self {
            name: report.name.as_str().to_owned(),
            as_of: report.as_of.0,
            time_zone: report.time_zone,
            period: report.period.map(period),
            waiting: report.waiting,
            columns: report.columns.into_iter().map(column).collect(),
            rows: cells(report.rows),
            totals: cells(report.totals),
            next: report.next,
        }
    }
}

fn cells(rows: Vec<Vec<wire::Cell>>) -> Vec<Vec<ReportCell>> {
    rows.into_iter().map(|row| row.into_iter().map(Into::into).collect()).collect()
}

impl From<wire::Cell> for ReportCell {
    fn from(cell: wire::Cell) -> Self {
        match cell {
            wire::Cell::Empty => Self::Empty,
            wire::Cell::Text(text) => Self::Text(text),
            wire::Cell::Word(word) => Self::Word(word),
            wire::Cell::Count(count) => Self::Count(count),
            wire::Cell::Amount(amount) => Self::Amount(amount.into()),
            wire::Cell::Percent(points) => Self::Percent(points),
            wire::Cell::Ratio(hundredths) => Self::Ratio(hundredths),
            wire::Cell::Day(day) => Self::Day(day),
            wire::Cell::Moment(at) => Self::Moment(at.0),
            wire::Cell::Month(month) => Self::Month(month),
        }
    }
}

impl From<wire::ColumnKind> for ReportColumnKind {
    fn from(kind: wire::ColumnKind) -> Self {
        match kind {
            wire::ColumnKind::Text => Self::Text,
            wire::ColumnKind::Word => Self::Word,
            wire::ColumnKind::Count => Self::Count,
            wire::ColumnKind::Amount => Self::Amount,
            wire::ColumnKind::Percent => Self::Percent,
            wire::ColumnKind::Day => Self::Day,
            wire::ColumnKind::Moment => Self::Moment,
            wire::ColumnKind::Month => Self::Month,
            wire::ColumnKind::Figure => Self::Figure,
        }
    }
}

impl From<ReportFormat> for reports::Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Csv => Self::Csv,
            ReportFormat::Xlsx => Self::Xlsx,
            ReportFormat::Pdf => Self::Pdf,
        }
    }
}

impl From<ReportWords> for reports::Words {
    fn from(words: ReportWords) -> Self {
        let list = |list: Vec<ReportWord>| list.into_iter().map(|word| (word.key, word.text)).collect();
        Self {
            title: words.title,
            language: words.language,
            right_to_left: words.right_to_left,
            operator: words.operator,
            period: words.period,
            time_zone: words.time_zone,
            made: words.made,
            total: words.total,
            unit: words.unit,
            nothing: words.nothing,
            pages: words.pages,
            headings: list(words.headings),
            values: list(words.values),
        }
    }
}
