//! A snapshot is unpacked while it is fetched: chunks whose hashes were found right go in, a file comes out.
//!
//! Two threads, because both take about as long as the line: one inflates, the other hashes and writes. A third only waits
//! for the disk.

use std::io::{BufRead, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use counterfoil_wire::snapshot::SnapshotManifest;
use sha2::{Digest as _, Sha256};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;
use zstd::stream::read::Decoder;

use super::durable::DurableFile;
use super::snapshot::Trouble;

/// What zstd's own tools take without being asked: a file may not make this program allocate more.
const WINDOW_LOG: u32 = 27;
/// Chunks that wait to be inflated.
const WAITING: usize = 8;
/// Pieces of what comes out, and how many there are.
const PIECE: usize = 1 << 20;
const PIECES: usize = 4;

/// Takes a snapshot's chunks in order. Dropping it ends the work.
#[derive(Debug)]
pub(super) struct Inflater {
    chunks: mpsc::Sender<Vec<u8>>,
    work: JoinHandle<Result<(), Trouble>>,
}

impl Inflater {
    /// `turn` is held until the threads have ended: the file of one that was given up must not be written by it while
    /// another begins anew.
    pub(super) async fn start(plain: PathBuf, manifest: SnapshotManifest, turn: Arc<Mutex<()>>) -> Self {
        let turn = turn.lock_owned().await;
        let (chunks, waiting) = mpsc::channel(WAITING);
        let work = tokio::task::spawn_blocking(move || {
            let outcome = inflate(Chunks::new(waiting), plain, &manifest);
            drop(turn);
            outcome
        });
        Self { chunks, work }
    }

    /// The next chunk. False when no more are taken: the end tells why.
    pub(super) async fn put(&self, chunk: Vec<u8>) -> bool {
        self.chunks.send(chunk).await.is_ok()
    }

    /// Returns when nothing is written any more.
    pub(super) async fn stop(self) {
        let _ = self.finish().await;
    }

    /// After the last chunk: the whole file is there, and durable.
    pub(super) async fn finish(self) -> Result<(), Trouble> {
        drop(self.chunks);
        self.work.await.map_err(|error| Trouble::Wrong(error.to_string()))?
    }
}

/// The chunks as one stream, hashed as they pass.
struct Chunks {
    waiting: mpsc::Receiver<Vec<u8>>,
    now: Vec<u8>,
    read: usize,
    hash: Sha256,
}

impl Chunks {
    fn new(waiting: mpsc::Receiver<Vec<u8>>) -> Self {
        Self { waiting, now: Vec::new(), read: 0, hash: Sha256::new() }
    }
}

impl BufRead for Chunks {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.read == self.now.len()
            && let Some(next) = self.waiting.blocking_recv()
        {
            self.hash.update(&next);
            (self.now, self.read) = (next, 0);
        }
        Ok(&self.now[self.read..])
    }

    fn consume(&mut self, amount: usize) {
        self.read += amount;
    }
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

/// Never writes more than the manifest says, whatever the chunks would unpack to.
fn inflate(chunks: Chunks, plain: PathBuf, manifest: &SnapshotManifest) -> Result<(), Trouble> {
    let wrong = |error: std::io::Error| Trouble::Wrong(error.to_string());
    let mut decoder = Decoder::with_buffer(chunks).map_err(wrong)?;
    decoder.window_log_max(WINDOW_LOG).map_err(wrong)?;
    let (pieces, to_write) = sync_channel(PIECES);
    let (done, empty) = sync_channel(PIECES);
    let (inflated, written) = std::thread::scope(|scope| {
        let writer = scope.spawn(|| write(plain, to_write, &done));
        let inflated = pour(&mut decoder, &pieces, &empty, manifest.plain_size);
        // Nothing more comes: the writer ends.
        drop(pieces);
        (inflated, writer.join())
    });
    let (size, hash) = written.map_err(|_| Trouble::Wrong("the thread that writes it broke".into()))??;
    inflated?;
    let mut chunks = decoder.finish();
    // What follows the end of the packed stream belongs to the file, too.
    std::io::copy(&mut chunks, &mut std::io::sink()).map_err(wrong)?;
    if hex::encode(chunks.hash.finalize()) != manifest.sha256.to_ascii_lowercase() {
        return Err(Trouble::Wrong("what was fetched has another hash".into()));
    }
    if size != manifest.plain_size || hash != manifest.plain_sha256.to_ascii_lowercase() {
        return Err(Trouble::Wrong("it unpacks to something else".into()));
    }
    Ok(())
}

/// Inflates into pieces; ends early when nobody writes them any more, who then says why.
fn pour(
    decoder: &mut impl Read,
    pieces: &SyncSender<Vec<u8>>,
    empty: &Receiver<Vec<u8>>,
    most: u64,
) -> Result<(), Trouble> {
    let mut size = 0_u64;
    loop {
        let mut piece = empty.try_recv().unwrap_or_default();
        piece.clear();
        let read = decoder.by_ref().take(PIECE as u64).read_to_end(&mut piece);
        size += read.map_err(|error| Trouble::Wrong(error.to_string()))? as u64;
        if size > most {
            return Err(Trouble::Wrong(format!("it is larger than the {most} bytes it says")));
        }
        if piece.is_empty() || pieces.send(piece).is_err() {
            return Ok(());
        }
    }
}

/// The file, durable; its size and hash.
fn write(plain: PathBuf, pieces: Receiver<Vec<u8>>, done: &SyncSender<Vec<u8>>) -> Result<(u64, String), Trouble> {
    let failed = |error| Trouble::file("the snapshot cannot be unpacked", error);
    let mut file = DurableFile::create(plain).map_err(failed)?;
    let (mut hash, mut size) = (Sha256::new(), 0_u64);
    for piece in pieces {
        hash.update(&piece);
        file.append(&piece).map_err(failed)?;
        size += piece.len() as u64;
        // Full when as many are under way as there ever are.
        let _ = done.try_send(piece);
    }
    file.finish().map_err(failed)?;
    Ok((size, hex::encode(hash.finalize())))
}
