//! Where Central's data is, and copies of it to go back to.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use counterfoil_testkit::postgres::Database;
use tempfile::TempDir;

/// What Central keeps its data in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The data of a Central that may not run.
pub(crate) enum Store {
    Sqlite(TempDir),
    /// None while it is thrown away and made anew.
    Postgres(Option<Database>),
}

/// A copy of it.
pub enum Kept {
    Sqlite(TempDir),
    Postgres(Database),
}

impl Store {
    pub(crate) fn new(engine: Engine) -> Result<Self> {
        Ok(match engine {
            Engine::Sqlite => Self::Sqlite(crate::folder()?),
            Engine::Postgres => Self::Postgres(Some(Database::create()?)),
        })
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite:{}", folder.path().join("central.db").display()),
            Self::Postgres(database) => database.as_ref().map(Database::url).unwrap_or_default(),
        }
    }

    /// Nobody may have it open.
    pub(crate) fn keep(&self) -> Result<Kept> {
        match self {
            Self::Sqlite(folder) => {
                let copy = crate::folder()?;
                copy_files(folder.path(), copy.path())?;
                Ok(Kept::Sqlite(copy))
            }
            Self::Postgres(database) => Ok(Kept::Postgres(database.as_ref().context("there is a database")?.copy()?)),
        }
    }

    /// Nobody may have it open.
    pub(crate) fn go_back(&mut self, to: &Kept) -> Result<()> {
        match (self, to) {
            (Self::Sqlite(folder), Kept::Sqlite(copy)) => {
                empty(folder.path())?;
                copy_files(copy.path(), folder.path())
            }
            (Self::Postgres(database), Kept::Postgres(copy)) => {
                *database = None;
                *database = Some(copy.copy()?);
                Ok(())
            }
            _ => anyhow::bail!("a copy of another database"),
        }
    }
}

/// Copies the files of a folder into another one.
pub fn copy_files(from: &Path, to: &Path) -> Result<()> {
    for file in files(from)? {
        std::fs::copy(&file, to.join(file.file_name().context("a file has a name")?))?;
    }
    Ok(())
}

pub(crate) fn empty(folder: &Path) -> Result<()> {
    for file in files(folder)? {
        std::fs::remove_file(file)?;
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    Ok(entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_file()).collect())
}
