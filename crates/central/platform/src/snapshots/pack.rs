//! A file compressed for its way, with what proves that it arrived whole.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use counterfoil_wire::snapshot::CHUNK_BYTES;
use sha2::{Digest as _, Sha256};

/// Measured on a file of a million rows: higher levels cost more time than they save on any link above a few MB/s.
const LEVEL: i32 = 3;

/// A packed file in figures; hashes in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    pub plain_size: u64,
    pub plain_sha256: String,
    pub size: u64,
    pub sha256: String,
    /// Of each [`CHUNK_BYTES`] of the packed file, in order.
    pub chunks: Vec<String>,
}

/// Compresses `plain` into `packed`, which must not exist. Blocks until it is done.
pub fn pack(plain: &Path, packed: &Path) -> io::Result<Packed> {
    let mut from = Hashed { inner: BufReader::new(File::open(plain)?), hash: Sha256::new(), size: 0 };
    let into = Chunked::new(File::create_new(packed)?);
    let mut encoder = zstd::Encoder::new(into, LEVEL)?;
    encoder.include_checksum(true)?;
    io::copy(&mut from, &mut encoder)?;
    let (size, sha256, chunks) = encoder.finish()?.finish()?;
    Ok(Packed { plain_size: from.size, plain_sha256: hex(from.hash), size, sha256, chunks })
}

struct Hashed<R> {
    inner: R,
    hash: Sha256,
    size: u64,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        self.size += read as u64;
        Ok(read)
    }
}

/// Writes chunk by chunk, and hashes each.
struct Chunked {
    file: File,
    chunk: Vec<u8>,
    whole: Sha256,
    size: u64,
    chunks: Vec<String>,
}

impl Chunked {
    fn new(file: File) -> Self {
        let chunk = Vec::with_capacity(CHUNK_BYTES as usize);
        Self { file, chunk, whole: Sha256::new(), size: 0, chunks: Vec::new() }
    }

    fn end_chunk(&mut self) -> io::Result<()> {
        self.file.write_all(&self.chunk)?;
        self.whole.update(&self.chunk);
        self.size += self.chunk.len() as u64;
        let mut hash = Sha256::new();
        hash.update(&self.chunk);
        self.chunks.push(hex(hash));
        self.chunk.clear();
        Ok(())
    }

    fn finish(mut self) -> io::Result<(u64, String, Vec<String>)> {
        if !self.chunk.is_empty() {
            self.end_chunk()?;
        }
        Ok((self.size, hex(self.whole), self.chunks))
    }
}

impl Write for Chunked {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = CHUNK_BYTES as usize - self.chunk.len();
        let taken = bytes.len().min(room);
        self.chunk.extend_from_slice(&bytes[..taken]);
        if taken == room {
            self.end_chunk()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn hex(hash: Sha256) -> String {
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_those_of_the_two_files() {
        let folder = tempfile::tempdir().expect("folder");
        let (plain, packed) = (folder.path().join("plain"), folder.path().join("packed"));
        // Bytes that do not compress, more than two chunks of them.
        let mut seed = Sha256::new();
        let mut bytes = Vec::new();
        while bytes.len() < 2 * CHUNK_BYTES as usize + 5_000 {
            seed.update(bytes.len().to_be_bytes());
            bytes.extend_from_slice(&seed.clone().finalize());
        }
        std::fs::write(&plain, &bytes).expect("written");
        let figures = pack(&plain, &packed).expect("packed");
        let sent = std::fs::read(&packed).expect("read");
        let hash_of = |bytes: &[u8]| {
            let mut hash = Sha256::new();
            hash.update(bytes);
            hex(hash)
        };
        assert_eq!((figures.plain_size, figures.size), (bytes.len() as u64, sent.len() as u64));
        assert_eq!((&figures.plain_sha256, &figures.sha256), (&hash_of(&bytes), &hash_of(&sent)));
        let chunks: Vec<String> = sent.chunks(CHUNK_BYTES as usize).map(hash_of).collect();
        assert_eq!((chunks.len(), figures.chunks), (3, chunks));
        assert_eq!(zstd::decode_all(&sent[..]).expect("unpacked"), bytes);
        assert!(pack(&plain, &packed).is_err());
    }
}
