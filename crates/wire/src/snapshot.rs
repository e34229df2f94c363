//! A device's whole scope as one ready-made `cache.db`: fetched once, then followed by pages.
//!
//! The manifest names the file and the hash of each of its chunks; the bytes come by range, so a lost connection
//! costs one chunk at most.

use counterfoil_domain::ids::Epoch;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Bytes of a chunk. Every chunk but the last is this long.
pub const CHUNK_BYTES: u32 = 1 << 20;
/// No file is larger, compressed or not.
pub const MAX_BYTES: u64 = 16 << 30;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct SnapshotQuery {
    /// The schema of the cache file that the device can open.
    pub schema: u32,
}

/// What to fetch, and how to know it arrived whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SnapshotManifest {
    pub snapshot_id: Uuid,
    /// Of the cursor.
    pub epoch: Epoch,
    /// The file holds every row up to this version.
    pub version: i64,
    /// The schema of the file: the number of its newest migration.
    pub schema: u32,
    /// Go on pulling from here; the file holds the same cursor.
    pub cursor: String,
    /// Rows in the file.
    pub rows: u64,
    /// Bytes of the SQLite file.
    pub plain_size: u64,
    /// SHA-256 of the SQLite file, 64 hexadecimal digits.
    pub plain_sha256: String,
    /// Bytes to fetch: the file compressed with zstd.
    pub size: u64,
    /// SHA-256 of what is fetched, 64 hexadecimal digits.
    pub sha256: String,
    /// Bytes of a chunk.
    pub chunk_size: u32,
    /// SHA-256 of each chunk of what is fetched, in order, 64 hexadecimal digits.
    pub chunks: Vec<String>,
}

impl SnapshotManifest {
    /// Whether its figures fit each other and the limits. Nothing is said about the bytes.
    pub fn is_consistent(&self) -> bool {
        let is_hash = |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        self.chunk_size == CHUNK_BYTES
            && (1..=MAX_BYTES).contains(&self.size)
            && (1..=MAX_BYTES).contains(&self.plain_size)
            && self.size.div_ceil(u64::from(self.chunk_size)) == self.chunks.len() as u64
            && self.version >= 0
            && [&self.plain_sha256, &self.sha256].into_iter().chain(&self.chunks).all(is_hash)
    }
}
