//! What of a snapshot is on the disk.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use counterfoil_wire::snapshot::SnapshotManifest;

use crate::atomic_file;
use crate::store::StoreError;
use crate::till::Till;

#[derive(Debug, Clone)]
pub(super) struct Files {
    /// What is fetched.
    manifest: PathBuf,
    /// Its bytes so far. Only whole chunks with the right hash count.
    pub(super) part: PathBuf,
    /// Unpacked, but not found sound yet.
    pub(super) plain: PathBuf,
}

impl Files {
    pub(super) fn of(till: &Till) -> Self {
        let folder = till.store().folder();
        Self {
            manifest: folder.join("snapshot.json"),
            part: folder.join("snapshot.part"),
            plain: folder.join("snapshot.db"),
        }
    }

    /// One that cannot be read counts as none.
    pub(super) fn manifest(&self) -> Option<SnapshotManifest> {
        let text = fs::read(&self.manifest).ok()?;
        serde_json::from_slice::<SnapshotManifest>(&text).ok().filter(SnapshotManifest::is_consistent)
    }

    pub(super) fn keep(&self, manifest: &SnapshotManifest) -> Result<(), StoreError> {
        let text = serde_json::to_vec(manifest).unwrap_or_default();
        atomic_file::write(&self.manifest, &text)
            .map_err(|error| StoreError::of_file("the snapshot's manifest cannot be kept", error))
    }

    /// Bytes that are still to be written, of what is fetched and of what it unpacks to: both lie here at the same time.
    pub(super) fn missing(&self, manifest: &SnapshotManifest) -> u64 {
        let there = [&self.part, &self.plain].map(|file| fs::metadata(file).map_or(0, |file| file.len()));
        let whole = manifest.size.saturating_add(manifest.plain_size);
        there.into_iter().fold(whole, u64::saturating_sub)
    }

    /// The manifest goes first: bytes without one are not taken for anything.
    pub(super) fn discard(&self) -> Result<(), StoreError> {
        for file in [&self.manifest, &self.part, &self.plain] {
            match fs::remove_file(file) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(StoreError::of_file("an unfinished snapshot cannot be removed", error));
                }
                _ => {}
            }
        }
        Ok(())
    }
}
