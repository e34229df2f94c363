//! Why a report did not become a file.

use std::io;
use std::path::PathBuf;

use rust_xlsxwriter::XlsxError;
use thiserror::Error;

use crate::printing::PrintError;
use crate::session::SessionError;

#[derive(Debug, Error)]
pub(crate) enum ReportError {
    #[error("the file cannot be written to {folder}: {source}")]
    Folder { folder: PathBuf, source: io::Error },
    #[error("the file cannot be written: {0}")]
    Write(#[from] io::Error),
    #[error("the workbook cannot be written: {0}")]
    Workbook(#[from] XlsxError),
    #[error("the report has more than {0} rows, which is the most that a PDF can have")]
    TooLong(usize),
    #[error("files of reports are being made already: wait for one to end")]
    Busy,
    #[error(transparent)]
    Layout(#[from] PrintError),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error("it broke off: {0}")]
    BrokeOff(String),
}

impl ReportError {
    pub(crate) fn is_full(&self) -> bool {
        let kind = match self {
            Self::Folder { source, .. } | Self::Write(source) | Self::Workbook(XlsxError::IoError(source)) => {
                source.kind()
            }
            _ => return false,
        };
        matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
    }
}
