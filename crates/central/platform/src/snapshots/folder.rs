//! A part of a folder that belongs to one process for as long as it lives.

use std::fs::{self, File};
use std::io::{Error, Result};
use std::path::{Path, PathBuf};

use crate::tokens::new_token;

const LOCK: &str = "lock";

/// The lock ends with the process, however it ends.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    pub(super) fn open(shared: &Path) -> Result<Self> {
        fs::create_dir_all(shared)?;
        for entry in fs::read_dir(shared)? {
            remove_if_left(&entry?.path());
        }
        let path = shared.join(&new_token()[..16]);
        fs::create_dir(&path)?;
        let lock = File::create_new(path.join(LOCK))?;
        lock.try_lock().map_err(Error::from)?;
        Ok(Self { path, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Only folders with a lock that nobody holds; whatever else lies there is not ours. A process that is just starting
/// may lose its folder between making it and locking it: then it fails to start, and is started again.
fn remove_if_left(path: &Path) {
    let Ok(lock) = File::open(path.join(LOCK)) else { return };
    if lock.try_lock().is_ok()
        && let Err(error) = fs::remove_dir_all(path)
    {
        tracing::warn!(%error, "old snapshots could not be removed");
    }
}
