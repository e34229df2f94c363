//! What a disk remembers: how much it will still take, and which writes no sync has confirmed.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::vfs;

/// Smaller parts of a write do not tear.
const SECTOR: usize = 512;

/// What became of a write that no sync had confirmed when the power went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Kept,
    Lost,
    /// Only this many of its sectors reached the disk.
    Torn(usize),
}

/// The disk of one machine: a folder of SQLite files.
#[derive(Debug, Clone)]
pub struct Disk {
    shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    events: u64,
    cut_at: Option<u64>,
    dead: bool,
    full_at: Option<u64>,
    fail_sync_at: Option<u64>,
    /// In the order of writing, for all files together.
    unsynced: Vec<Unsynced>,
}

/// One change no sync has confirmed, with what was there before.
#[derive(Debug)]
struct Unsynced {
    file: PathBuf,
    size_before: u64,
    offset: u64,
    before: Vec<u8>,
    change: Change,
}

#[derive(Debug)]
enum Change {
    Write(Vec<u8>),
    /// To the length that is the entry's offset.
    Truncate,
}

/// What the file system below SQLite is to do with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Go,
    Full,
    Dead,
}

impl Disk {
    /// Puts a folder on a disk of its own, until the last clone of it is dropped. No file in it may be open yet.
    pub fn at(folder: &Path) -> Self {
        vfs::install();
        let shared = Arc::new(Shared { folder: folder.to_owned(), state: Mutex::default() });
        vfs::mount(&shared);
        Self { shared }
    }

    /// Lets the power go at the `n`-th event from now; 1 is the next.
    pub fn cut_after(&self, n: u64) {
        let mut state = self.shared.lock();
        state.cut_at = Some(state.events + n);
    }

    /// Makes the `n`-th event from now, if it is a write, and every later write find the disk full.
    pub fn fill_after(&self, n: u64) {
        let mut state = self.shared.lock();
        state.full_at = Some(state.events + n);
    }

    /// Makes the first sync at or after the `n`-th event from now fail, once.
    pub fn fail_sync_after(&self, n: u64) {
        let mut state = self.shared.lock();
        state.fail_sync_at = Some(state.events + n);
    }

    /// Forgets faults that have not happened yet, and makes room. Does not bring back the power.
    pub fn mend(&self) {
        let mut state = self.shared.lock();
        (state.cut_at, state.full_at, state.fail_sync_at) = (None, None, None);
    }

    /// Counts something else of this machine that leaves a trace outside: a keyring entry, a request. False once the
    /// power is gone: then it must not happen.
    pub fn event(&self) -> bool {
        self.shared.event() != Verdict::Dead
    }

    /// Events so far.
    pub fn events(&self) -> u64 {
        self.shared.lock().events
    }

    /// The power is gone.
    pub fn is_dead(&self) -> bool {
        self.shared.lock().dead
    }

    /// Brings the power back. Nothing of the folder may be open. `fate` is asked for each unconfirmed write, in order,
    /// with the number of its sectors; no write after the first of a file that was not wholly kept can be relied on by
    /// SQLite, but each may have reached the disk, as on a real one.
    pub fn power_on(&self, mut fate: impl FnMut(usize) -> Fate) -> std::io::Result<()> {
        let mut state = self.shared.lock();
        let unsynced = std::mem::take(&mut state.unsynced);
        *state = State { events: state.events, ..State::default() };
        for entry in unsynced.iter().rev() {
            entry.undo()?;
        }
        for entry in &unsynced {
            let sectors = match &entry.change {
                Change::Write(data) => data.len().div_ceil(SECTOR),
                Change::Truncate => 1,
            };
            entry.redo(fate(sectors))?;
        }
        Ok(())
    }

    /// Takes everything written so far as confirmed: what a test set up is not what it tests.
    pub fn settle(&self) {
        self.shared.lock().unsynced.clear();
    }
}

impl Shared {
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn event(&self) -> Verdict {
        self.lock().count()
    }

    /// Judges a write; one that the power is cut in was on its way, and may yet be found on the disk.
    pub(crate) fn write(&self, file: &Path, offset: u64, data: &[u8]) -> Verdict {
        self.change(file, offset, data.len(), || Change::Write(data.to_vec()))
    }

    pub(crate) fn truncate(&self, file: &Path, size: u64) -> Verdict {
        let length = std::fs::metadata(file).map_or(0, |known| known.len().saturating_sub(size));
        self.change(file, size, usize::try_from(length).unwrap_or(0), || Change::Truncate)
    }

    fn change(&self, file: &Path, offset: u64, length: usize, change: impl FnOnce() -> Change) -> Verdict {
        let mut state = self.lock();
        let was_dead = state.dead;
        let verdict = state.count();
        let full = verdict == Verdict::Go && state.full_at.is_some_and(|at| state.events >= at);
        if full {
            return Verdict::Full;
        }
        if !was_dead && let Ok((size_before, before)) = content(file, offset, length) {
            state.unsynced.push(Unsynced { file: file.to_owned(), size_before, offset, before, change: change() });
        }
        verdict
    }

    /// Judges a sync; false when it fails.
    pub(crate) fn sync(&self, file: &Path) -> bool {
        let mut state = self.lock();
        if state.count() == Verdict::Dead {
            return false;
        }
        if state.fail_sync_at.is_some_and(|at| state.events >= at) {
            state.fail_sync_at = None;
            return false;
        }
        state.unsynced.retain(|entry| entry.file != file);
        true
    }

    pub(crate) fn delete(&self, file: &Path) -> Verdict {
        let mut state = self.lock();
        let verdict = state.count();
        if verdict == Verdict::Go {
            state.unsynced.retain(|entry| entry.file != file);
        }
        verdict
    }
}

impl State {
    fn count(&mut self) -> Verdict {
        if self.dead {
            return Verdict::Dead;
        }
        self.events += 1;
        if self.cut_at.is_some_and(|at| self.events >= at) {
            self.dead = true;
            return Verdict::Dead;
        }
        Verdict::Go
    }
}

impl Unsynced {
    fn undo(&self) -> std::io::Result<()> {
        let file = open(&self.file)?;
        file.write_all_at(&self.before, self.offset)?;
        file.set_len(self.size_before)
    }

    fn redo(&self, fate: Fate) -> std::io::Result<()> {
        match (&self.change, fate) {
            (_, Fate::Lost) | (Change::Truncate, Fate::Torn(_)) => Ok(()),
            (Change::Write(data), Fate::Kept) => open(&self.file)?.write_all_at(data, self.offset),
            (Change::Write(data), Fate::Torn(sectors)) => {
                let end = (sectors * SECTOR).min(data.len());
                open(&self.file)?.write_all_at(&data[..end], self.offset)
            }
            (Change::Truncate, Fate::Kept) => open(&self.file)?.set_len(self.offset),
        }
    }
}

fn open(file: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).open(file)
}

/// What a file has now: its size, and the bytes of a range as far as it goes.
fn content(path: &Path, offset: u64, length: usize) -> std::io::Result<(u64, Vec<u8>)> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let there = usize::try_from(size.saturating_sub(offset)).unwrap_or(usize::MAX).min(length);
    let mut before = vec![0; there];
    file.read_exact_at(&mut before, offset)?;
    Ok((size, before))
}
