//! From what was fetched to a cache file that can be trusted as far as Central can.

use std::fs::File;
use std::io::{BufReader, Read, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use counterfoil_wire::snapshot::SnapshotManifest;
use sha2::{Digest as _, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use super::files::Files;
use super::snapshot::Trouble;
use crate::atomic_file;
use crate::store::StoreError;
use crate::sync::progress::{Phase, tell};
use crate::till::Till;

/// What zstd's own tools take without being asked: a file may not make this program allocate more.
const WINDOW_LOG: u32 = 27;

/// Leaves `next.db`, or nothing.
pub(super) async fn unpack(till: &Till, manifest: &SnapshotManifest, files: &Files) -> Result<(), Trouble> {
    tell(till, Phase::Unpacking, 0, Some(manifest.plain_size)).await;
    let cancelled = Cancelled::default();
    let flag = Arc::clone(&cancelled.0);
    let (paths, expected) = (files.clone(), manifest.clone());
    let inflated = tokio::task::spawn_blocking(move || inflate(&paths.part, &paths.plain, &expected, &flag)).await;
    let plain = inflated.map_err(|error| Trouble::Wrong(error.to_string()))??;
    // While the disk takes it, it is read from memory: for a million rows, each is half a second.
    let durable = tokio::task::spawn_blocking(move || plain.sync_all());
    let (durable, sound) = tokio::join!(durable, check(&files.plain, manifest));
    sound?;
    durable
        .map_err(std::io::Error::other)
        .flatten()
        .map_err(|error| Trouble::file("the snapshot cannot be unpacked", error))?;
    let next = till.store().next_file();
    std::fs::rename(&files.plain, &next)
        .and_then(|()| atomic_file::sync_folder(till.store().folder()))
        .map_err(|error| Trouble::file("the snapshot cannot be moved", error))
}

/// Tells the thread that unpacks when nobody waits for it any more.
#[derive(Default)]
struct Cancelled(Arc<AtomicBool>);

impl Drop for Cancelled {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Never writes more than the manifest says, whatever the file would unpack to. The file is whole, but not durable yet.
fn inflate(part: &Path, plain: &Path, manifest: &SnapshotManifest, cancelled: &AtomicBool) -> Result<File, Trouble> {
    let failed = |error| Trouble::file("the snapshot cannot be unpacked", error);
    let wrong = |error: std::io::Error| Trouble::Wrong(error.to_string());
    let fetched = Hashing { inner: BufReader::new(File::open(part).map_err(failed)?), hash: Sha256::new() };
    let mut decoder = zstd::stream::read::Decoder::new(fetched).map_err(wrong)?;
    decoder.window_log_max(WINDOW_LOG).map_err(wrong)?;
    let mut out = File::create(plain).map_err(failed)?;
    let (mut hash, mut size) = (Sha256::new(), 0_u64);
    let mut buffer = vec![0; 1 << 20];
    loop {
        if cancelled.load(Ordering::Relaxed) {
            return Err(Trouble::Wrong("nobody waits for it any more".into()));
        }
        let read = decoder.read(&mut buffer).map_err(wrong)?;
        if read == 0 {
            break;
        }
        size += read as u64;
        if size > manifest.plain_size {
            return Err(Trouble::Wrong(format!("it is larger than the {} bytes it says", manifest.plain_size)));
        }
        hash.update(&buffer[..read]);
        out.write_all(&buffer[..read]).map_err(failed)?;
    }
    let fetched = decoder.finish().into_inner().hash;
    if hex::encode(fetched.finalize()) != manifest.sha256.to_ascii_lowercase() {
        return Err(Trouble::Wrong("what was fetched has another hash".into()));
    }
    if size != manifest.plain_size || hex::encode(hash.finalize()) != manifest.plain_sha256.to_ascii_lowercase() {
        return Err(Trouble::Wrong("it unpacks to something else".into()));
    }
    Ok(out)
}

struct Hashing<R> {
    inner: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        Ok(read)
    }
}

/// Sound, of this schema, and where the manifest says.
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
    counterfoil_cache::verify(db).await.map_err(wrong)?;
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
