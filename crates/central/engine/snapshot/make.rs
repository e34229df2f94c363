//! Making a file: every row of a scope, read at one moment, into a cache of its own.

use std::path::{Path, PathBuf};

use counterfoil_cache::{CacheError, Fill, SCHEMA};
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::snapshots::{Packed, SnapshotScope, Snapshots, pack};
use counterfoil_wire::snapshot::{CHUNK_BYTES, SnapshotManifest};
use uuid::Uuid;

use crate::engine::App;
use crate::engine::feed::{self, Standing, Whole};

/// Reads, fills, packs and keeps. Writers go on meanwhile: nothing is locked.
pub(super) async fn make(app: &App, snapshots: &Snapshots, scope: &SnapshotScope) -> Result<(), Failure> {
    let Some(_turn) = snapshots.turn().await else { return Ok(()) };
    let id = mint::<Uuid>(app.now());
    let unfinished = Unfinished::new(snapshots, id);
    let (standing, rows) = fill(app, scope, &unfinished.plain).await?;
    let (plain, packed) = (unfinished.plain.clone(), unfinished.packed.clone());
    let figures = tokio::task::spawn_blocking(move || pack(&plain, &packed)).await;
    let figures = figures.map_err(Failure::internal)?.map_err(Failure::internal)?;
    let manifest = manifest(id, &standing, rows, figures);
    tracing::info!(rows, bytes = manifest.size, version = manifest.version, "snapshot made");
    snapshots.keep(scope.clone(), manifest, unfinished.finish(), app.now());
    Ok(())
}

/// The rows of a scope into a new file.
async fn fill(app: &App, scope: &SnapshotScope, file: &Path) -> Result<(Standing, u64), Failure> {
    let mut conn = app.snapshot().await?;
    let standing = feed::standing(&mut conn, scope.operator, &scope.path).await?;
    let mut whole = Whole::begin(&mut conn, scope.operator, &scope.path, app.now()).await?;
    let mut into = Fill::begin(file).await.map_err(broken)?;
    loop {
        let rows = whole.next(&mut conn).await?;
        if rows.is_empty() {
            break;
        }
        into.put(&rows).await.map_err(broken)?;
    }
    drop(conn);
    let wrong = into.digests().differences(&standing.digests);
    if !wrong.is_empty() {
        return Err(Failure::internal(format!("a snapshot is not what the feed's sums say: {wrong:?}")));
    }
    let rows = into.rows();
    into.finish(&standing.cursor().to_text(), standing.version).await.map_err(broken)?;
    Ok((standing, rows))
}

fn manifest(id: Uuid, standing: &Standing, rows: u64, figures: Packed) -> SnapshotManifest {
    SnapshotManifest {
        snapshot_id: id,
        epoch: standing.epoch,
        version: standing.version,
        schema: SCHEMA,
        cursor: standing.cursor().to_text(),
        rows,
        plain_size: figures.plain_size,
        plain_sha256: figures.plain_sha256,
        size: figures.size,
        sha256: figures.sha256,
        chunk_size: CHUNK_BYTES,
        chunks: figures.chunks,
    }
}

fn broken(error: CacheError) -> Failure {
    Failure::internal(error)
}

/// Files that are removed unless they are finished, and the plain one always.
struct Unfinished {
    plain: PathBuf,
    packed: PathBuf,
    finished: bool,
}

impl Unfinished {
    fn new(snapshots: &Snapshots, id: Uuid) -> Self {
        Self { plain: snapshots.path_of(id, "db"), packed: snapshots.path_of(id, "db.zst"), finished: false }
    }

    fn finish(mut self) -> PathBuf {
        self.finished = true;
        self.packed.clone()
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // What cannot be removed goes with the folder at the next start.
        let _ = std::fs::remove_file(&self.plain);
        if !self.finished {
            let _ = std::fs::remove_file(&self.packed);
        }
    }
}
