//! JSON answers that a device reads: whatever listens at Central's address may have written them.

use counterfoil_wire::snapshot::{CHUNK_BYTES, MAX_BYTES, SnapshotManifest};
use counterfoil_wire::{credits, devices, leases, live, page, plans, problem, public, pull, push, resellers, sessions};

use crate::requests::reads_back;

pub(crate) fn run(bytes: &[u8]) {
    reads_back::<problem::Problem>(bytes);
    reads_back::<public::About>(bytes);
    reads_back::<sessions::SignedIn>(bytes);
    reads_back::<devices::Enrolled>(bytes);
    reads_back::<leases::GrantedLease>(bytes);
    reads_back::<push::PushResponse>(bytes);
    reads_back::<push::LogTail>(bytes);
    reads_back::<pull::PullPage>(bytes);
    reads_back::<live::Head>(bytes);
    reads_back::<credits::Statement>(bytes);
    reads_back::<page::Page<plans::Plan>>(bytes);
    reads_back::<page::Page<resellers::Reseller>>(bytes);
    reads_back::<SnapshotManifest>(bytes);
    if let Ok(manifest) = serde_json::from_slice::<SnapshotManifest>(bytes)
        && manifest.is_consistent()
    {
        chunks_cover_the_file(&manifest);
    }
}

/// Whoever fetches chunk after chunk has fetched the file, no byte twice, and knew beforehand how much it would be.
fn chunks_cover_the_file(manifest: &SnapshotManifest) {
    let (chunk, chunks) = (u64::from(manifest.chunk_size), manifest.chunks.len() as u64);
    assert_eq!(manifest.chunk_size, CHUNK_BYTES);
    assert!(chunks >= 1 && (chunks - 1) * chunk < manifest.size && manifest.size <= chunks * chunk);
    assert!(manifest.size <= MAX_BYTES && manifest.plain_size <= MAX_BYTES);
}
