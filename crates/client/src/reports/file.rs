//! The file on its way: under another name beside its place until it is whole.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use counterfoil_wire::reports::Cell;
use tokio::sync::mpsc::Receiver;
use uuid::Uuid;

use super::cells::Head;
use super::csv::Csv;
use super::pdf::Pdf;
use super::xlsx::Xlsx;
use super::{Format, ReportError};
use crate::atomic_file::sync_folder;

/// Files of one name in a folder at most.
const MOST_OF_A_NAME: u32 = 100_000;

/// What a file is made of, in order.
pub(super) enum Piece {
    Rows(Vec<Vec<Cell>>),
    /// There is no more; a file without it is given up.
    End,
}

/// A file that is taken away again unless it is kept.
struct Part {
    path: PathBuf,
    kept: bool,
}

impl Part {
    fn new(folder: &Path, id: Uuid) -> Self {
        Self { path: folder.join(format!(".{}.part", id.simple())), kept: false }
    }

    fn create(&self) -> Result<File, ReportError> {
        Ok(OpenOptions::new().write(true).create(true).truncate(true).open(&self.path)?)
    }

    /// Makes it durable and gives it its name, or a name with a number where that is taken.
    fn keep(mut self, folder: &Path, stem: &str, extension: &str) -> Result<PathBuf, ReportError> {
        OpenOptions::new().write(true).open(&self.path)?.sync_all()?;
        let place = take(folder, stem, extension)?;
        if let Err(error) = fs::rename(&self.path, &place) {
            let _ = fs::remove_file(&place);
            return Err(error.into());
        }
        self.kept = true;
        sync_folder(folder)?;
        Ok(place)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.kept
            && let Err(error) = fs::remove_file(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "what was written of a report could not be taken away");
        }
    }
}

/// Takes the first name that is free, by an empty file: of two that are whole at the same moment each gets its own.
fn take(folder: &Path, stem: &str, extension: &str) -> io::Result<PathBuf> {
    let first = folder.join(format!("{stem}.{extension}"));
    let numbered = (2_u32..=MOST_OF_A_NAME).map(|number| folder.join(format!("{stem} ({number}).{extension}")));
    for place in std::iter::once(first).chain(numbered) {
        match OpenOptions::new().write(true).create_new(true).open(&place) {
            Ok(_) => return Ok(place),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{stem} has every number up to {MOST_OF_A_NAME}")))
}

/// Writes pieces as they come; none where they stop before the end. Blocks.
pub(super) fn write(
    folder: &Path,
    id: Uuid,
    format: Format,
    head: &Head,
    pieces: &mut Receiver<Piece>,
) -> Result<Option<PathBuf>, ReportError> {
    fs::create_dir_all(folder).map_err(|source| ReportError::Folder { folder: folder.to_owned(), source })?;
    let part = Part::new(folder, id);
    let file = part.create().map_err(|error| match error {
        ReportError::Write(source) => ReportError::Folder { folder: folder.to_owned(), source },
        other => other,
    })?;
    let whole = match format {
        Format::Csv => {
            let mut csv = Csv::begin(head, file)?;
            let whole = each(pieces, |row| csv.row(row))?;
            csv.finish()?;
            whole
        }
        Format::Xlsx => {
            drop(file);
            let mut xlsx = Xlsx::begin(head, folder)?;
            let whole = each(pieces, |row| xlsx.row(row))?;
            if whole {
                xlsx.finish(&part.path)?;
            }
            whole
        }
        Format::Pdf => {
            let mut pdf = Pdf::begin(head);
            let whole = each(pieces, |row| pdf.row(row))?;
            if whole {
                pdf.finish(file)?;
            }
            whole
        }
    };
    if whole { part.keep(folder, &head.file_stem(), format.extension()).map(Some) } else { Ok(None) }
}

/// Says whether the end came.
fn each(
    pieces: &mut Receiver<Piece>,
    mut row: impl FnMut(&[Cell]) -> Result<(), ReportError>,
) -> Result<bool, ReportError> {
    while let Some(piece) = pieces.blocking_recv() {
        match piece {
            Piece::Rows(rows) => rows.iter().try_for_each(|cells| row(cells))?,
            Piece::End => return Ok(true),
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Barrier;

    use tokio::sync::mpsc;

    use super::*;
    use crate::reports::cells::tests::{head, report};

    fn written(folder: &Path, format: Format, end: bool) -> Result<Option<PathBuf>, ReportError> {
        let report = report(3);
        let (sender, mut receiver) = mpsc::channel(4);
        assert!(sender.try_send(Piece::Rows(report.rows.clone())).is_ok());
        assert!(!end || sender.try_send(Piece::End).is_ok());
        drop(sender);
        write(folder, Uuid::from_u128(7), format, &head(&report), &mut receiver)
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_gets_its_name_when_it_is_whole_and_takes_nobody_elses() {
        let folder = tempfile::tempdir().expect("folder");
        let downloads = folder.path().join("new");
        for format in [Format::Csv, Format::Xlsx, Format::Pdf, Format::Csv] {
            assert!(written(&downloads, format, true).expect("written").is_some_and(|path| path.is_file()));
        }
        let stem = "payments-2026-11-01-to-2026-11-30";
        let expected = [" (2).csv", ".csv", ".pdf", ".xlsx"].map(|end| format!("{stem}{end}"));
        assert_eq!(names(&downloads), expected);
    }

    #[test]
    fn of_two_that_are_whole_at_the_same_moment_each_gets_a_name() {
        const AT_ONCE: u128 = 8;
        for _ in 0..20 {
            let folder = tempfile::tempdir().expect("folder");
            let (folder, together) = (folder.path(), Barrier::new(8));
            let places: BTreeSet<PathBuf> = std::thread::scope(|scope| {
                let keep = |id| {
                    let part = Part::new(folder, Uuid::from_u128(id));
                    part.create().expect("made");
                    together.wait();
                    part.keep(folder, "payments", "csv").expect("kept")
                };
                let all: Vec<_> = (0..AT_ONCE).map(|id| scope.spawn(move || keep(id))).collect();
                all.into_iter().map(|one| one.join().expect("ended")).collect()
            });
            assert_eq!((places.len(), names(folder).len()), (8, 8));
        }
    }

    #[test]
    fn what_breaks_off_leaves_nothing() {
        let folder = tempfile::tempdir().expect("folder");
        for format in [Format::Csv, Format::Xlsx, Format::Pdf] {
            assert_eq!(written(folder.path(), format, false).expect("given up"), None);
        }
        assert_eq!(names(folder.path()), Vec::<String>::new());
        let file = folder.path().join("a file");
        fs::write(&file, "x").expect("written");
        assert!(matches!(written(&file, Format::Csv, true), Err(ReportError::Folder { .. })));
    }
}
