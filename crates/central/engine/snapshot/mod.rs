//! A device's whole scope as one ready-made file, so that a first sync is a download and not half a thousand pages.

mod make;

use std::path::PathBuf;
use std::sync::Arc;

use counterfoil_cache::SCHEMA;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::snapshots::{SnapshotScope, Snapshots};
use counterfoil_domain::feed::Cursor;
use counterfoil_wire::problem::Code;
use counterfoil_wire::snapshot::{SnapshotManifest, SnapshotQuery};
use uuid::Uuid;

use super::App;
use super::device::DeviceRecord;
use super::feed::{self, Standing};

/// How long a file of a million rows takes to be made, about; a device asks again after this.
const RETRY_MS: u64 = 5_000;

/// A file is used again while at most this share of its rows changed behind it: a tenth.
const CHANGED_SHARE: i64 = 10;

/// What this device had better fetch than pages. Refused when pages are better, or while the file is being made.
pub(crate) async fn manifest(
    app: &App,
    device: &DeviceRecord,
    query: &SnapshotQuery,
) -> Result<SnapshotManifest, Failure> {
    let snapshots = app.snapshots().ok_or_else(|| unavailable("this process keeps none"))?;
    if query.schema != SCHEMA {
        return Err(unavailable(&format!("they have schema {SCHEMA}, and yours is {}", query.schema)));
    }
    let scope = scope_of(device);
    let mut conn = app.snapshot().await?;
    let standing = feed::standing(&mut conn, scope.operator, &scope.path).await?;
    if u64::try_from(standing.rows).unwrap_or_default() < snapshots.limits().min_rows {
        return Err(unavailable("you have few rows"));
    }
    let newest = snapshots.newest(&scope, app.now()).filter(|newest| goes_on(newest, &standing));
    if let Some(newest) = newest {
        let share = standing.rows / CHANGED_SHARE;
        let changed = feed::changed_since(&mut conn, scope.operator, &scope.path, newest.version, share + 1).await?;
        drop(conn);
        if changed > share {
            start(app, snapshots, &scope);
        }
        // An older file and its changes are still less than all pages.
        return Ok(newest);
    }
    drop(conn);
    start(app, snapshots, &scope);
    Err(unavailable("it is being made").retry_after_ms(RETRY_MS))
}

/// Whether a device can pull on from where the file ends.
fn goes_on(manifest: &SnapshotManifest, standing: &Standing) -> bool {
    let end = Cursor::after_version(manifest.epoch, manifest.version);
    manifest.epoch == standing.epoch && manifest.version >= standing.forgotten && end.to_text() == manifest.cursor
}

/// Makes the file of a scope, unless that is being done.
fn start(app: &App, snapshots: &Arc<Snapshots>, scope: &SnapshotScope) {
    let Some(making) = snapshots.claim(scope) else { return };
    let (app, snapshots, scope) = (app.clone(), Arc::clone(snapshots), scope.clone());
    tokio::spawn(async move {
        if let Err(failure) = make::make(&app, &snapshots, &scope).await {
            tracing::warn!("a snapshot could not be made; devices pull pages");
            failure.log();
        }
        drop(making);
    });
}

/// The file with this id, for a device that sees exactly its rows.
pub(crate) fn file(app: &App, device: &DeviceRecord, id: Uuid) -> Result<PathBuf, Failure> {
    let kept = app.snapshots().and_then(|snapshots| snapshots.file(id, app.now()));
    match kept {
        None => Err(Failure::new(
            Code::SnapshotGone,
            "This snapshot is not kept here any more, or another process made it. Ask for the manifest again.",
        )),
        Some((scope, _)) if scope != scope_of(device) => Err(Failure::not_found("snapshot")),
        Some((_, file)) => Ok(file),
    }
}

/// Removes files that nobody asked for lately.
pub(crate) fn forget_old(app: &App) {
    if let Some(snapshots) = app.snapshots() {
        snapshots.forget_old(app.now());
    }
}

fn scope_of(device: &DeviceRecord) -> SnapshotScope {
    SnapshotScope { operator: device.operator(), path: device.reseller_path.clone().unwrap_or_default() }
}

fn unavailable(why: &str) -> Failure {
    Failure::new(Code::SnapshotUnavailable, format!("No snapshot for you: {why}. Pull pages."))
}
