//! A ready-made file: asked for, fetched, unpacked, found sound.

use std::time::Duration;

use counterfoil_cache::SCHEMA;
use counterfoil_wire::endpoint::Snapshot;
use counterfoil_wire::problem::Code;
use counterfoil_wire::snapshot::{SnapshotManifest, SnapshotQuery};
use thiserror::Error;

use super::files::Files;
use super::{Attempt, fetch, unpack};
use crate::central::CentralError;
use crate::store::StoreError;
use crate::sync::SyncError;
use crate::sync::progress::{Phase, tell};
use crate::till::{AsDevice, Till};

/// Snapshots that vanished before pages are read instead.
const MOST_BEGUN: u32 = 3;
/// A file that is being made is asked for again so often, and waited for so long each time. In between, what is sold is
/// sent.
const MOST_WAITS: u32 = 60;
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sync) enum Fetched {
    /// More is to come.
    Part,
    /// The copy is there; pages follow.
    Ready,
    /// Pages only.
    Unavailable,
}

/// Why a part did not come, or the whole is of no use.
#[derive(Debug, Error)]
pub(super) enum Trouble {
    /// Damaged, too large, or not what it says: thrown away.
    #[error("the snapshot is wrong: {0}")]
    Wrong(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Central(#[from] CentralError),
}

impl Trouble {
    pub(super) fn file(action: &'static str, error: std::io::Error) -> Self {
        Self::Store(StoreError::of_file(action, error))
    }
}

pub(super) async fn advance(till: &Till, asking: &AsDevice<'_>, attempt: &mut Attempt) -> Result<Fetched, SyncError> {
    if !attempt.snapshots {
        return Ok(Fetched::Unavailable);
    }
    let files = Files::of(till);
    let kept = files.manifest();
    if kept.is_none() {
        // Whatever lies here belongs to nothing.
        attempt.stop_unpacking().await;
        files.discard()?;
    }
    let manifest = match kept {
        Some(manifest) => {
            require_room(till, &files, &manifest)?;
            manifest
        }
        None => match ask(till, asking).await? {
            Asked::Offered(manifest) => {
                files.keep(&manifest)?;
                manifest
            }
            Asked::Later(wait) if attempt.waited < MOST_WAITS => {
                attempt.waited += 1;
                tokio::time::sleep(wait.min(LONGEST_WAIT)).await;
                return Ok(Fetched::Part);
            }
            Asked::Later(_) | Asked::Nothing => {
                attempt.snapshots = false;
                return Ok(Fetched::Unavailable);
            }
        },
    };
    let outcome = match fetch::some(till, asking, &manifest, &files, attempt).await {
        Ok(false) => return Ok(Fetched::Part),
        Ok(true) => match attempt.arriving.take() {
            Some(arriving) => unpack::unpack(till, &manifest, &files, arriving.inflater).await,
            None => return Ok(Fetched::Part),
        },
        Err(trouble) => Err(trouble),
    };
    if outcome.is_err() {
        attempt.stop_unpacking().await;
    }
    match outcome {
        Ok(()) => {
            attempt.from_snapshot = true;
            files.discard()?;
            tracing::info!(rows = manifest.rows, version = manifest.version, "a snapshot was fetched");
            Ok(Fetched::Ready)
        }
        Err(Trouble::Central(error)) if error.is(Code::SnapshotGone) || error.is(Code::NotFound) => {
            files.discard()?;
            attempt.begun += 1;
            attempt.snapshots = attempt.begun < MOST_BEGUN;
            tracing::info!("the snapshot is not kept any more");
            Ok(if attempt.snapshots { Fetched::Part } else { Fetched::Unavailable })
        }
        Err(Trouble::Wrong(reason)) => {
            tracing::warn!(%reason, snapshot = %manifest.snapshot_id, "the snapshot is thrown away; pages are read instead");
            files.discard()?;
            attempt.snapshots = false;
            Ok(Fetched::Unavailable)
        }
        Err(Trouble::Central(error)) => Err(error.into()),
        Err(Trouble::Store(error)) => Err(error.into()),
    }
}

/// What Central says to the question for a file.
enum Asked {
    Offered(SnapshotManifest),
    /// It is being made.
    Later(Duration),
    /// Pages are better, or it cannot be used.
    Nothing,
}

/// The manifest, where there is one and room for what it names.
async fn ask(till: &Till, asking: &AsDevice<'_>) -> Result<Asked, SyncError> {
    let query = SnapshotQuery { schema: SCHEMA };
    let manifest = match till.central().call::<Snapshot>(&asking.address, &[], &query, asking.caller()).await {
        Ok(manifest) => manifest,
        Err(error) if error.is(Code::SnapshotUnavailable) && error.retry_after_ms().is_some() => {
            return Ok(Asked::Later(Duration::from_millis(error.retry_after_ms().unwrap_or_default())));
        }
        // An older Central does not know the question.
        Err(error) if [Code::SnapshotUnavailable, Code::SnapshotGone, Code::NotFound].iter().any(|c| error.is(*c)) => {
            return Ok(Asked::Nothing);
        }
        Err(error) => return Err(error.into()),
    };
    if !manifest.is_consistent() || manifest.schema != SCHEMA {
        tracing::warn!(snapshot = %manifest.snapshot_id, "the manifest contradicts itself; pages are read instead");
        return Ok(Asked::Nothing);
    }
    if asking.device.epoch.is_some_and(|known| known != manifest.epoch) {
        // The next page says so, too, and that is looked into there.
        return Ok(Asked::Nothing);
    }
    require_room(till, &Files::of(till), &manifest)?;
    tell(till, Phase::Fetching, 0, Some(manifest.size)).await;
    Ok(Asked::Offered(manifest))
}

/// Pages would need as much: a full disk is told, not filled. Asked before each part, because a file takes its time and others
/// write to the disk, too.
fn require_room(till: &Till, files: &Files, manifest: &SnapshotManifest) -> Result<(), StoreError> {
    match till.store().room() {
        Some(room) if room < files.missing(manifest) => Err(StoreError::DiskFull),
        _ => Ok(()),
    }
}
