//! A dump of Central's own schema while it serves, by PostgreSQL's own `pg_dump`.
//!
//! Whatever else is in the database is somebody else's: other schemas, and extensions. They are left out by name, because
//! `--schema` would have the archive make a schema that every new database has already (`public`).

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

/// Dumps one moment of Central's tables into `file`, which must not exist, and reads the dump's contents to prove it.
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
    dump.args(["--format=custom", "--no-password", "--snapshot", &snapshot, "--dbname", &address]);
    // The one extension that Central's triggers need; every database has it, so the archive makes none.
    dump.arg("--extension=plpgsql");
    for schema in others(&mut moment).await? {
        dump.args(["--exclude-schema", &pattern(&schema)]);
    }
    dump.arg("--file").arg(&partial);
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

/// Schemas that are neither PostgreSQL's nor the one where Central keeps its tables.
async fn others(connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT nspname::TEXT FROM pg_namespace
         WHERE nspname <> current_schema() AND nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'
         ORDER BY nspname",
    )
    .fetch_all(connection)
    .await
}

/// A pattern of `pg_dump` that fits this name and no other.
fn pattern(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
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
    use crate::scratch::Scratch;

    /// Another program's tables, and an extension, in the same database.
    const SOMEBODY_ELSES: [&str; 4] = [
        "CREATE SCHEMA \"Some.body's\"",
        "CREATE TABLE \"Some.body's\".figures AS SELECT 7 AS n",
        "CREATE SCHEMA tools",
        "CREATE EXTENSION citext SCHEMA tools",
    ];

    #[tokio::test]
    async fn what_others_keep_in_the_database_is_left_out_and_the_rest_is_restored() {
        let scratch = Scratch::new().await;
        let tables = "SELECT nspname || '.' || relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
                      WHERE relkind = 'r' AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY 1";
        let mut connection = PgConnection::connect(&scratch.url()).await.expect("a connection");
        let own: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut connection).await.expect("tables");
        for order in SOMEBODY_ELSES {
            sqlx::query(order).execute(&mut connection).await.expect("done");
        }
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("archive");
        copy(&scratch.url(), &file, Timestamp(0)).await.expect("a copy");
        let restored = Scratch::of_backup(&file).await;
        let mut connection = PgConnection::connect(&restored.url()).await.expect("a connection");
        let there: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut connection).await.expect("tables");
        assert_eq!(there, own);
        assert!(there.contains(&"public.ledger_account".to_owned()), "{there:?}");
    }

    #[test]
    fn a_pattern_fits_one_name() {
        assert_eq!(pattern("Reports"), "\"Reports\"");
        assert_eq!(pattern("odd\"name.*"), "\"odd\"\"name.*\"");
    }

    #[test]
    fn the_password_is_not_in_the_address() {
        let (address, password) = parted("postgres://me:se%2Fcret@db.example:5433/central").expect("a URL");
        assert_eq!((address.as_str(), password.as_deref()), ("postgres://me@db.example:5433/central", Some("se/cret")));
        let (address, password) = parted("postgres:///central?host=/run/socket").expect("a URL");
        assert_eq!((address.as_str(), password), ("postgres:///central?host=/run/socket", None));
    }
}
