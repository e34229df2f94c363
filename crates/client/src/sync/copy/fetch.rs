//! The bytes of a snapshot, some chunks at a time.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use counterfoil_wire::snapshot::SnapshotManifest;
use sha2::{Digest as _, Sha256};
use tokio::fs::OpenOptions;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

use super::Attempt;
use super::files::Files;
use super::snapshot::Trouble;
use crate::sync::progress::{Phase, tell};
use crate::till::{AsDevice, Till};

/// Chunks of one request. Between two requests what was sold meanwhile is sent.
const CHUNKS: usize = 16;
/// A chunk that comes damaged again and again is damaged at Central.
const MOST_DAMAGED: u32 = 3;

/// Fetches the next chunks; true when all are here. A chunk counts once its hash is right, and a whole chunk is never
/// fetched twice.
pub(super) async fn some(
    till: &Till,
    asking: &AsDevice<'_>,
    manifest: &SnapshotManifest,
    files: &Files,
    attempt: &mut Attempt,
) -> Result<bool, Trouble> {
    let have = match attempt.chunks {
        Some(have) => have,
        None => whole_chunks(files.part.clone(), manifest.clone()).await?,
    };
    attempt.chunks = Some(have);
    let size = u64::from(manifest.chunk_size);
    let at = have as u64 * size;
    if have == manifest.chunks.len() {
        return Ok(true);
    }
    let range = at..manifest.size.min(at + CHUNKS as u64 * size);
    let mut download = till.central().snapshot(&asking.address, manifest.snapshot_id, &range, asking.caller()).await?;
    let failed = |error| Trouble::file("the snapshot cannot be written", error);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    let mut part = options.open(&files.part).await.map_err(failed)?;
    // Half a chunk of an earlier try is fetched again.
    part.set_len(at).await.map_err(failed)?;
    part.seek(std::io::SeekFrom::Start(at)).await.map_err(failed)?;
    let mut pending = Vec::new();
    let mut whole = have;
    while whole < manifest.chunks.len() {
        match download.next().await {
            Ok(Some(piece)) => pending.extend_from_slice(&piece),
            Ok(None) => break,
            // Cut after something came: it goes on from there at once.
            Err(error) if whole > have => {
                tracing::info!(%error, whole, "the snapshot was cut off");
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
        }
        while let Some(chunk) = take_chunk(&mut pending, manifest, whole) {
            if !is_chunk(&chunk, manifest, whole) {
                return damaged(attempt, whole);
            }
            part.write_all(&chunk).await.map_err(failed)?;
            part.flush().await.map_err(failed)?;
            whole += 1;
            attempt.chunks = Some(whole);
            tell(till, Phase::Fetching, manifest.size.min(whole as u64 * size), Some(manifest.size)).await;
        }
    }
    if whole == have {
        return damaged(attempt, whole);
    }
    Ok(whole == manifest.chunks.len())
}

/// The next chunk, once all of it has arrived.
fn take_chunk(pending: &mut Vec<u8>, manifest: &SnapshotManifest, at: usize) -> Option<Vec<u8>> {
    manifest.chunks.get(at)?;
    let length = usize::try_from(length(manifest, at)).ok()?;
    (pending.len() >= length).then(|| {
        let rest = pending.split_off(length);
        std::mem::replace(pending, rest)
    })
}

fn is_chunk(bytes: &[u8], manifest: &SnapshotManifest, at: usize) -> bool {
    manifest.chunks.get(at).is_some_and(|hash| hex::encode(Sha256::digest(bytes)).eq_ignore_ascii_case(hash))
}

fn damaged(attempt: &mut Attempt, chunk: usize) -> Result<bool, Trouble> {
    attempt.damaged += 1;
    tracing::warn!(chunk, "a part of the snapshot arrived damaged");
    if attempt.damaged < MOST_DAMAGED { Ok(false) } else { Err(Trouble::Wrong(format!("chunk {chunk} is damaged"))) }
}

fn length(manifest: &SnapshotManifest, chunk: usize) -> u64 {
    let size = u64::from(manifest.chunk_size);
    manifest.size.saturating_sub(chunk as u64 * size).min(size)
}

/// How many chunks an earlier run left whole.
async fn whole_chunks(part: std::path::PathBuf, manifest: SnapshotManifest) -> Result<usize, Trouble> {
    let counted = tokio::task::spawn_blocking(move || count(&part, &manifest)).await;
    counted
        .map_err(|error| Trouble::Wrong(error.to_string()))?
        .map_err(|error| Trouble::file("the snapshot cannot be read", error))
}

fn count(part: &Path, manifest: &SnapshotManifest) -> std::io::Result<usize> {
    let mut file = match File::open(part) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    let mut chunk = Vec::new();
    for at in 0..manifest.chunks.len() {
        chunk.clear();
        file.by_ref().take(length(manifest, at)).read_to_end(&mut chunk)?;
        if chunk.len() as u64 != length(manifest, at) || !is_chunk(&chunk, manifest, at) {
            return Ok(at);
        }
    }
    Ok(manifest.chunks.len())
}
