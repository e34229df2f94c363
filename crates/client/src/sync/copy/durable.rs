//! A large new file that reaches the disk while it is written.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

/// So much may wait for the disk before it is told to take it. Left to the end, half a gigabyte is half a second in which
/// nothing else happens.
const BEHIND: u64 = 16 << 20;

/// Appended to by one thread, made durable by another.
#[derive(Debug)]
pub(super) struct DurableFile {
    file: Arc<File>,
    behind: u64,
    tell: SyncSender<()>,
    work: JoinHandle<io::Result<()>>,
}

impl DurableFile {
    /// Empty, whatever was there before.
    pub(super) fn create(path: PathBuf) -> io::Result<Self> {
        let file = Arc::new(File::create(path)?);
        let (tell, told) = sync_channel(1);
        let work = std::thread::Builder::new().name("snapshot-disk".into()).spawn({
            let file = Arc::clone(&file);
            move || told.iter().try_for_each(|()| file.sync_data())
        })?;
        Ok(Self { file, behind: 0, tell, work })
    }

    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        (&*self.file).write_all(bytes)?;
        self.behind += bytes.len() as u64;
        // While it is busy the next piece tells it.
        if self.behind >= BEHIND && self.tell.try_send(()).is_ok() {
            self.behind = 0;
        }
        Ok(())
    }

    /// All of it is on the disk, or why not.
    pub(super) fn finish(self) -> io::Result<()> {
        drop(self.tell);
        self.work.join().map_err(|_| io::Error::other("the thread that waits for the disk broke"))??;
        self.file.sync_all()
    }
}
