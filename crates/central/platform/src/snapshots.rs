//! Ready-made files for devices, in a folder of this process. Everything in it can be made again.
//!
//! Knows no database: an engine fills a file, this packs it, keeps it for a while and says what is in it.

mod folder;
mod pack;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::snapshot::SnapshotManifest;
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

use folder::Folder;
pub use pack::{Packed, pack};

/// What is kept, and for whom a file is worth making.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotLimits {
    /// A scope with fewer rows is pulled by pages.
    pub min_rows: u64,
    /// Bytes of all files together; what was asked for longest ago goes first.
    pub max_bytes: u64,
    /// A file that nobody asked for goes after this, milliseconds.
    pub max_idle_ms: i64,
}

impl Default for SnapshotLimits {
    fn default() -> Self {
        Self { min_rows: 5_000, max_bytes: 4 << 30, max_idle_ms: 24 * 60 * 60 * 1_000 }
    }
}

/// Whose rows a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SnapshotScope {
    pub operator: OperatorId,
    /// Path of a reseller; empty for everything of the operator.
    pub path: String,
}

#[derive(Debug)]
struct Kept {
    scope: SnapshotScope,
    manifest: SnapshotManifest,
    file: PathBuf,
    asked_at: Timestamp,
}

/// The files of this process.
#[derive(Debug)]
pub struct Snapshots {
    folder: Folder,
    limits: SnapshotLimits,
    state: Mutex<State>,
    /// One file is made at a time: it reads every row of a scope.
    turn: Semaphore,
}

#[derive(Debug, Default)]
struct State {
    kept: HashMap<Uuid, Kept>,
    making: HashSet<SnapshotScope>,
}

/// Held while the file of a scope is made; nobody else makes one for it meanwhile.
#[derive(Debug)]
pub struct Making {
    snapshots: Arc<Snapshots>,
    scope: SnapshotScope,
}

impl Drop for Making {
    fn drop(&mut self) {
        self.snapshots.lock().making.remove(&self.scope);
    }
}

impl Snapshots {
    /// Takes a part of the folder for this process, and removes what processes that are gone left in it.
    pub fn open(folder: &Path, limits: SnapshotLimits) -> std::io::Result<Self> {
        let folder = Folder::open(folder)?;
        Ok(Self { folder, limits, state: Mutex::default(), turn: Semaphore::new(1) })
    }

    pub fn limits(&self) -> SnapshotLimits {
        self.limits
    }

    /// Where an unfinished file goes.
    pub fn path_of(&self, id: Uuid, ending: &str) -> PathBuf {
        self.folder.path().join(format!("{}.{ending}", id.simple()))
    }

    /// The newest file of a scope, if there is one. Asking keeps it.
    pub fn newest(&self, scope: &SnapshotScope, now: Timestamp) -> Option<SnapshotManifest> {
        let mut state = self.lock();
        let kept = state.kept.values_mut().filter(|kept| kept.scope == *scope);
        let newest = kept.max_by_key(|kept| kept.manifest.version)?;
        newest.asked_at = now;
        Some(newest.manifest.clone())
    }

    /// The file with this id and whose it is. Asking keeps it.
    pub fn file(&self, id: Uuid, now: Timestamp) -> Option<(SnapshotScope, PathBuf)> {
        let mut state = self.lock();
        let kept = state.kept.get_mut(&id)?;
        kept.asked_at = now;
        Some((kept.scope.clone(), kept.file.clone()))
    }

    /// The right to make a file of this scope, unless somebody is at it.
    pub fn claim(self: &Arc<Self>, scope: &SnapshotScope) -> Option<Making> {
        let fresh = self.lock().making.insert(scope.clone());
        fresh.then(|| Making { snapshots: Arc::clone(self), scope: scope.clone() })
    }

    /// Waits until no other file is made.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turn.acquire().await.ok()
    }

    /// Keeps a finished file. Of one scope the one before stays, too: somebody may be fetching it.
    pub fn keep(&self, scope: SnapshotScope, manifest: SnapshotManifest, file: PathBuf, now: Timestamp) {
        let mut state = self.lock();
        let mut older: Vec<(i64, Uuid)> = state
            .kept
            .values()
            .filter(|kept| kept.scope == scope)
            .map(|kept| (kept.manifest.version, kept.manifest.snapshot_id))
            .collect();
        older.sort_unstable();
        older.pop();
        for (_, id) in older {
            remove(&mut state, id);
        }
        state.kept.insert(manifest.snapshot_id, Kept { scope, manifest, file, asked_at: now });
        self.trim(&mut state, now);
    }

    /// Removes what nobody asked for lately.
    pub fn forget_old(&self, now: Timestamp) {
        self.trim(&mut self.lock(), now);
    }

    fn trim(&self, state: &mut State, now: Timestamp) {
        let mut by_age: Vec<(Timestamp, Uuid, u64)> =
            state.kept.iter().map(|(id, kept)| (kept.asked_at, *id, kept.manifest.size)).collect();
        by_age.sort_unstable_by_key(|(asked_at, ..)| *asked_at);
        let mut total: u64 = by_age.iter().map(|(.., size)| size).sum();
        for (asked_at, id, size) in by_age {
            if total > self.limits.max_bytes || now.ms_since(asked_at) > self.limits.max_idle_ms {
                remove(state, id);
                total -= size;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reader that has the file open goes on to its end.
fn remove(state: &mut State, id: Uuid) {
    if let Some(kept) = state.kept.remove(&id)
        && let Err(error) = std::fs::remove_file(&kept.file)
    {
        tracing::warn!(%error, "an old snapshot could not be removed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

    fn scope(path: &str) -> SnapshotScope {
        SnapshotScope { operator: OperatorId(Uuid::from_u128(1)), path: path.to_owned() }
    }

    fn put(snapshots: &Snapshots, path: &str, version: i64, size: u64, now: i64) -> Uuid {
        let id = Uuid::from_u128(u128::try_from(version).expect("positive"));
        let file = snapshots.path_of(id, "zst");
        std::fs::write(&file, "rows").expect("written");
        let manifest = SnapshotManifest {
            snapshot_id: id,
            epoch: Uuid::nil().into(),
            version,
            schema: 1,
            cursor: String::new(),
            rows: 1,
            plain_size: size,
            plain_sha256: String::new(),
            size,
            sha256: String::new(),
            chunk_size: 1,
            chunks: Vec::new(),
        };
        snapshots.keep(scope(path), manifest, file, Timestamp(now));
        id
    }

    fn files(folder: &Path) -> usize {
        let inner = std::fs::read_dir(folder).expect("folder").map(|entry| entry.expect("entry").path());
        inner.map(|inner| std::fs::read_dir(inner).expect("folder").count() - 1).sum()
    }

    #[test]
    fn what_was_asked_for_longest_ago_goes_first() {
        let folder = tempfile::tempdir().expect("folder");
        let limits = SnapshotLimits { max_bytes: 10, ..SnapshotLimits::default() };
        let snapshots = Snapshots::open(folder.path(), limits).expect("open");
        let [one, two] = [put(&snapshots, "/a/", 1, 4, 0), put(&snapshots, "/b/", 2, 4, 1)];
        assert!(snapshots.newest(&scope("/a/"), Timestamp(2)).is_some());
        let three = put(&snapshots, "/c/", 3, 4, 3);
        let there = [one, two, three].map(|id| snapshots.file(id, Timestamp(3)).is_some());
        assert_eq!(there, [true, false, true]);
        assert_eq!(files(folder.path()), 2);
        snapshots.forget_old(Timestamp(3 + DAY_MS));
        assert_eq!(files(folder.path()), 2);
        snapshots.forget_old(Timestamp(4 + DAY_MS));
        assert_eq!(files(folder.path()), 0);
    }

    #[test]
    fn of_one_scope_the_last_two_stay_and_the_newest_is_offered() {
        let folder = tempfile::tempdir().expect("folder");
        let snapshots = Snapshots::open(folder.path(), SnapshotLimits::default()).expect("open");
        let ids = [1, 2, 3].map(|version| put(&snapshots, "/a/", version, 4, 0));
        assert_eq!(ids.map(|id| snapshots.file(id, Timestamp(0)).is_some()), [false, true, true]);
        let newest = snapshots.newest(&scope("/a/"), Timestamp(0)).expect("a file");
        assert_eq!(newest.snapshot_id, ids[2]);
        assert!(snapshots.newest(&scope("/a/b/"), Timestamp(0)).is_none());
    }

    #[test]
    fn one_at_a_time_makes_the_file_of_a_scope() {
        let folder = tempfile::tempdir().expect("folder");
        let snapshots = Arc::new(Snapshots::open(folder.path(), SnapshotLimits::default()).expect("open"));
        let making = snapshots.claim(&scope("/a/")).expect("nobody is at it");
        assert!(snapshots.claim(&scope("/a/")).is_none());
        assert!(snapshots.claim(&scope("/b/")).is_some());
        drop(making);
        assert!(snapshots.claim(&scope("/a/")).is_some());
    }

    #[test]
    fn a_folder_is_shared_by_processes_and_cleaned_of_those_that_are_gone() {
        let folder = tempfile::tempdir().expect("folder");
        let one = Snapshots::open(folder.path(), SnapshotLimits::default()).expect("open");
        let id = put(&one, "/a/", 1, 4, 0);
        let two = Snapshots::open(folder.path(), SnapshotLimits::default()).expect("open");
        assert!(two.file(id, Timestamp(0)).is_none());
        assert_eq!(files(folder.path()), 1);
        drop(one);
        Snapshots::open(folder.path(), SnapshotLimits::default()).expect("open");
        assert_eq!(files(folder.path()), 0);
        drop(two);
    }
}
