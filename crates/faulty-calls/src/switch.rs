//! What a test tells the program: at which call, and what.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// The variable with the path of the file that both share.
pub const SWITCH: &str = "COUNTERFOIL_CALLS_SWITCH";
/// The variable with the folder whose files are watched.
pub const FOLDER: &str = "COUNTERFOIL_CALLS_FOLDER";

/// Three numbers of eight bytes: at which call, what, and how many calls there were.
pub(crate) const BYTES: usize = 24;

/// What happens at the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The program is gone before the call does anything.
    End = 1,
    /// The disk is full.
    Full = 2,
    /// The disk does not answer.
    Broken = 3,
}

/// Which call, counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Nothing is counted.
    Never,
    /// Calls are counted, and nothing happens.
    OnlyCount,
    Call(u64, Fault),
}

/// The test's end of it.
#[derive(Debug)]
pub struct Switch(File);

impl Switch {
    /// Makes the file, set to never.
    pub fn new(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path)?;
        file.write_all_at(&[0; BYTES], 0)?;
        Ok(Self(file))
    }

    /// From the next call on, counted from one again.
    pub fn set(&self, at: At) -> io::Result<()> {
        let (call, fault) = match at {
            At::Never => (0, 0),
            At::OnlyCount => (u64::MAX, 0),
            At::Call(call, fault) => (call, fault as u64),
        };
        // Off while the other two change.
        self.put(0, 0)?;
        self.put(16, 0)?;
        self.put(8, fault)?;
        self.put(0, call)
    }

    /// How many calls there were since it was set.
    pub fn calls(&self) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.0.read_exact_at(&mut bytes, 16)?;
        Ok(u64::from_ne_bytes(bytes))
    }

    fn put(&self, offset: u64, number: u64) -> io::Result<()> {
        self.0.write_all_at(&number.to_ne_bytes(), offset)
    }
}
