//! Reports: read from Central a page at a time, and made into files on this machine.
//!
//! A file is written as its pages arrive and never held as a whole, so its size is that of the disk; only a PDF, which has to
//! be laid out, has a limit. It is written under another name beside its place and gets its own at the end: whatever breaks
//! off leaves no half file. Central's words are keys; the screen gives the words of its language with the order for a file.

mod cells;
mod csv;
mod error;
mod file;
mod jobs;
mod pdf;
mod xlsx;

use counterfoil_wire::endpoint::{AdminReport, ResellerReport};
use counterfoil_wire::reports::{Report, ReportName, ReportQuery};

use crate::session::{SessionError, call};
use crate::till::Till;

pub(crate) use cells::Words;
pub(crate) use error::ReportError;
pub(crate) use jobs::{Asked, Files, Progress, Stage, start};

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Csv,
    Xlsx,
    Pdf,
}

impl Format {
    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }
}

/// A page of a report. Each is of one audience.
pub(crate) async fn page(till: &Till, name: ReportName, query: &ReportQuery) -> Result<Report, SessionError> {
    if name.is_of_reseller() {
        call::<ResellerReport>(till, &[name.as_str()], query).await
    } else {
        call::<AdminReport>(till, &[name.as_str()], query).await
    }
}
