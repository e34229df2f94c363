//! A dump of the whole database while it serves, by PostgreSQL's own `pg_dump`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use counterfoil_central_platform::console::BackupMark;
use counterfoil_central_platform::copied_file;
use counterfoil_domain::time::Timestamp;
use sqlx::{Connection as _, PgConnection};
use thiserror::Error;
use tokio::process::Command;
use url::Url;

use crate::engine::backup_repo;

/// Why there is no copy.
#[derive(Debug, Error)]
pub(crate) enum CopyError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    File(#[from] std::io::Error),
    #[error("the database's URL cannot be read")]
    Address,
    #[error("{program} failed: {said}")]
    Program { program: &'static str, said: String },
}

/// Dumps one moment of the database into `file`, which must not exist, and reads the dump's contents to prove it.
///
/// The marks are read in the very snapshot that is dumped.
pub(crate) async fn copy(url: &str, file: &Path, _now: Timestamp) -> Result<Vec<BackupMark>, CopyError> {
    let partial: PathBuf = copied_file::begin(file)?;
    let mut connection = PgConnection::connect(url).await?;
    let mut moment = connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let snapshot: String = sqlx::query_scalar("SELECT pg_export_snapshot()").fetch_one(&mut *moment).await?;
    let marks = backup_repo::marks(&mut moment).await?;
    let (address, password) = parted(url)?;
    let mut dump = Command::new("pg_dump");
    dump.args(["--format=custom", "--no-password", "--snapshot", &snapshot, "--dbname", &address, "--file"]);
    dump.arg(&partial);
    // Where other users of the machine cannot read it.
    dump.envs(password.map(|password| ("PGPASSWORD", password)));
    run("pg_dump", dump).await?;
    moment.commit().await?;
    connection.close().await?;
    let mut list = Command::new("pg_restore");
    list.args([OsStr::new("--list"), partial.as_os_str()]);
    run("pg_restore", list).await?;
    copied_file::finish(&partial, file)?;
    Ok(marks)
}

/// The URL without its password, and the password.
fn parted(url: &str) -> Result<(String, Option<String>), CopyError> {
    let mut url = Url::parse(url).map_err(|_| CopyError::Address)?;
    let password =
        url.password().map(|password| percent_encoding::percent_decode_str(password).decode_utf8_lossy().into());
    if password.is_some() {
        url.set_password(None).map_err(|()| CopyError::Address)?;
    }
    Ok((url.into(), password))
}

async fn run(program: &'static str, mut command: Command) -> Result<(), CopyError> {
    let output = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).output().await;
    let output = output.map_err(|error| CopyError::Program { program, said: error.to_string() })?;
    if output.status.success() {
        return Ok(());
    }
    Err(CopyError::Program { program, said: String::from_utf8_lossy(&output.stderr).trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_not_in_the_address() {
        let (address, password) = parted("postgres://me:se%2Fcret@db.example:5433/central").expect("a URL");
        assert_eq!((address.as_str(), password.as_deref()), ("postgres://me@db.example:5433/central", Some("se/cret")));
        let (address, password) = parted("postgres:///central?host=/run/socket").expect("a URL");
        assert_eq!((address.as_str(), password), ("postgres:///central?host=/run/socket", None));
    }
}
