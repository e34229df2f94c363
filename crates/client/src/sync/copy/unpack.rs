//! From what was unpacked to a cache file that can be trusted as far as Central can.

use std::path::Path;

use counterfoil_wire::snapshot::SnapshotManifest;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use super::files::Files;
use super::inflate::Inflater;
use super::snapshot::Trouble;
use crate::atomic_file;
use crate::store::StoreError;
use crate::sync::progress::{Phase, tell};
use crate::till::Till;

/// Leaves `next.db`, or nothing.
pub(super) async fn unpack(
    till: &Till,
    manifest: &SnapshotManifest,
    files: &Files,
    inflater: Inflater,
) -> Result<(), Trouble> {
    tell(till, Phase::Unpacking, 0, Some(manifest.plain_size)).await;
    inflater.finish().await?;
    check(&files.plain, manifest).await?;
    let next = till.store().next_file();
    std::fs::rename(&files.plain, &next)
        .and_then(|()| atomic_file::sync_folder(till.store().folder()))
        .map_err(|error| Trouble::file("the snapshot cannot be moved", error))
}

/// Of this schema, and where the manifest says. That it is sound its maker found, and its hash says that it is what was made.
async fn check(plain: &Path, manifest: &SnapshotManifest) -> Result<(), Trouble> {
    let mut db = SqliteConnectOptions::new()
        .filename(plain)
        .read_only(true)
        .pragma("trusted_schema", "OFF")
        .connect()
        .await
        .map_err(unreadable)?;
    let outcome = checked(&mut db, manifest).await;
    let closed = db.close().await.map_err(unreadable);
    outcome.and(closed)
}

async fn checked(db: &mut SqliteConnection, manifest: &SnapshotManifest) -> Result<(), Trouble> {
    let wrong = |error: counterfoil_cache::CacheError| Trouble::Wrong(error.to_string());
    counterfoil_cache::verify_schema(db).await.map_err(wrong)?;
    let position = counterfoil_cache::position(db).await.map_err(wrong)?;
    match position {
        Some(position) if (&position.cursor, position.version) == (&manifest.cursor, manifest.version) => Ok(()),
        _ => Err(Trouble::Wrong("it stands elsewhere than its manifest says".into())),
    }
}

fn unreadable(error: sqlx::Error) -> Trouble {
    match StoreError::from(error) {
        StoreError::DiskFull => Trouble::Store(StoreError::DiskFull),
        other => Trouble::Wrong(other.to_string()),
    }
}
