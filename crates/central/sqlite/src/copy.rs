//! A copy of the whole database while it serves.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use counterfoil_central_platform::console::BackupMark;
use counterfoil_central_platform::copied_file;
use counterfoil_domain::time::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use thiserror::Error;

use crate::engine::backup_repo;

/// Why there is no copy.
#[derive(Debug, Error)]
pub(crate) enum CopyError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    File(#[from] std::io::Error),
    #[error("the copy is damaged: {0}")]
    Damaged(String),
}

/// Writes one moment of the database into `file`, which must not exist, and opens the copy to prove it. The copy says
/// of itself that it is one.
pub(crate) async fn copy(url: &str, file: &Path, now: Timestamp) -> Result<Vec<BackupMark>, CopyError> {
    let partial: PathBuf = copied_file::begin(file)?;
    let mut source = SqliteConnectOptions::from_str(url)?.connect().await?;
    // Readers and writers go on meanwhile: this is one long read.
    sqlx::query("VACUUM INTO $1").bind(partial.to_string_lossy()).execute(&mut source).await?;
    source.close().await?;
    // Without a log beside it, the copy is one file.
    let options = SqliteConnectOptions::new().filename(&partial).journal_mode(SqliteJournalMode::Delete);
    let mut copy = options.connect().await?;
    prove(&mut copy).await?;
    let marks = backup_repo::marks(&mut copy).await?;
    backup_repo::mark_copy(&mut copy, now).await?;
    copy.close().await?;
    copied_file::finish(&partial, file)?;
    Ok(marks)
}

async fn prove(copy: &mut SqliteConnection) -> Result<(), CopyError> {
    let said: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut *copy).await?;
    if said != ["ok"] {
        return Err(CopyError::Damaged(said.join("; ")));
    }
    let orphans = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut *copy).await?.len();
    if orphans > 0 {
        return Err(CopyError::Damaged(format!("{orphans} rows name others that are not there")));
    }
    Ok(())
}
