//! The bytes of a snapshot, some chunks at a time. What has come is kept on the disk, so that a kill goes on from there, and
//! is unpacked on the way.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use counterfoil_wire::snapshot::SnapshotManifest;
use sha2::{Digest as _, Sha256};
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};

use super::Attempt;
use super::files::Files;
use super::inflate::Inflater;
use super::snapshot::Trouble;
use crate::sync::progress::{Phase, tell};
use crate::till::{AsDevice, Till};

/// Chunks of one request. Between two requests what was sold meanwhile is sent.
const CHUNKS: usize = 16;
/// And no longer than this, as soon as a whole chunk has come: a slow line would take half an hour for all of them.
const TURN: Duration = Duration::from_secs(20);
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
    if attempt.arriving.is_none() {
        attempt.arriving = Some(Arriving::begin(till, manifest, files).await?);
    }
    let Attempt { arriving: Some(arriving), damaged: faults, .. } = attempt else { return Ok(false) };
    let have = arriving.chunks;
    let size = u64::from(manifest.chunk_size);
    let at = have as u64 * size;
    if have == manifest.chunks.len() {
        return Ok(true);
    }
    let range = at..manifest.size.min(at + CHUNKS as u64 * size);
    let began = till.clock().elapsed();
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
                return damaged(faults, whole);
            }
            part.write_all(&chunk).await.map_err(failed)?;
            part.flush().await.map_err(failed)?;
            whole += 1;
            arriving.chunks = whole;
            if !arriving.inflater.put(chunk).await {
                return Ok(true);
            }
            tell(till, Phase::Fetching, manifest.size.min(whole as u64 * size), Some(manifest.size)).await;
            if whole < manifest.chunks.len() && till.clock().elapsed().saturating_sub(began) > TURN {
                return Ok(false);
            }
        }
    }
    if whole == have {
        return damaged(faults, whole);
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

fn damaged(faults: &mut u32, chunk: usize) -> Result<bool, Trouble> {
    *faults += 1;
    tracing::warn!(chunk, "a part of the snapshot arrived damaged");
    if *faults < MOST_DAMAGED { Ok(false) } else { Err(Trouble::Wrong(format!("chunk {chunk} is damaged"))) }
}

fn length(manifest: &SnapshotManifest, chunk: usize) -> u64 {
    let size = u64::from(manifest.chunk_size);
    manifest.size.saturating_sub(chunk as u64 * size).min(size)
}

/// A snapshot on its way.
#[derive(Debug)]
pub(super) struct Arriving {
    /// Chunks on the disk whose hash was found right; the inflater has them.
    chunks: usize,
    pub(super) inflater: Inflater,
}

impl Arriving {
    /// With the whole chunks that an earlier run left.
    async fn begin(till: &Till, manifest: &SnapshotManifest, files: &Files) -> Result<Self, Trouble> {
        let turn = Arc::clone(&till.sync.unpacking);
        let inflater = Inflater::start(files.plain.clone(), manifest.clone(), turn).await;
        let unreadable = |error| Trouble::file("the snapshot cannot be read", error);
        let mut part = match File::open(&files.part).await {
            Ok(part) => part,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self { chunks: 0, inflater }),
            Err(error) => return Err(unreadable(error)),
        };
        let mut chunks = 0;
        while chunks < manifest.chunks.len() {
            let mut chunk = Vec::new();
            (&mut part).take(length(manifest, chunks)).read_to_end(&mut chunk).await.map_err(unreadable)?;
            if chunk.len() as u64 != length(manifest, chunks) || !is_chunk(&chunk, manifest, chunks) {
                break;
            }
            chunks += 1;
            if !inflater.put(chunk).await {
                break;
            }
        }
        Ok(Self { chunks, inflater })
    }
}
