//! The ready-made file: where it is, and its bytes, whole, damaged or cut.

use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use counterfoil_cache::{Fill, SCHEMA};
use counterfoil_domain::feed::Cursor;
use counterfoil_wire::snapshot::{CHUNK_BYTES, SnapshotManifest};
use futures_util::stream::unfold;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::StandIn;
use super::answers::{problem, problem_with};

impl StandIn {
    /// Makes the ready-made file of what is there now, some chunks long.
    pub(in crate::rig) async fn make_file(&self) {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("made.db");
        let (rows, cursor, version, epoch) = {
            let world = self.world();
            (world.changes(), Cursor::after_version(world.epoch, world.version).to_text(), world.version, world.epoch)
        };
        let mut fill = Fill::begin(&path).await.expect("begun");
        fill.put(&rows).await.expect("put");
        fill.finish(&cursor, version).await.expect("finished");
        let plain = std::fs::read(&path).expect("made");
        // A frame that is skipped makes it longer than its few rows.
        let padding: Vec<u8> = (0..2_600_000_u32).map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()[1]).collect();
        let mut packed = 0x184D_2A50_u32.to_le_bytes().to_vec();
        packed.extend_from_slice(&u32::try_from(padding.len()).expect("short").to_le_bytes());
        packed.extend_from_slice(&padding);
        packed.extend_from_slice(&zstd::encode_all(&plain[..], 3).expect("packed"));
        let hash = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
        let manifest = SnapshotManifest {
            snapshot_id: Uuid::from_u128(u128::from(version.unsigned_abs()) + 0x5a),
            epoch,
            version,
            schema: SCHEMA,
            cursor,
            rows: rows.len() as u64,
            plain_size: plain.len() as u64,
            plain_sha256: hash(&plain),
            size: packed.len() as u64,
            sha256: hash(&packed),
            chunk_size: CHUNK_BYTES,
            chunks: packed.chunks(CHUNK_BYTES as usize).map(hash).collect(),
        };
        assert!(manifest.is_consistent() && manifest.chunks.len() == 3);
        self.world().file = Some((manifest, packed));
    }
}

pub(super) async fn manifest(State(central): State<StandIn>) -> Response {
    let mut world = central.world();
    if world.later > 0 {
        world.later -= 1;
        return problem_with(StatusCode::NOT_FOUND, &json!({ "code": "snapshot_unavailable", "retry_after_ms": 1 }));
    }
    match &world.file {
        Some((manifest, _)) => Json(manifest).into_response(),
        None => problem(StatusCode::NOT_FOUND, "snapshot_unavailable"),
    }
}

pub(super) async fn bytes(State(central): State<StandIn>, Path(id): Path<Uuid>, headers: HeaderMap) -> Response {
    let mut world = central.world();
    let Some((manifest, file)) = world.file.clone().filter(|(manifest, _)| manifest.snapshot_id == id) else {
        return problem(StatusCode::GONE, "snapshot_gone");
    };
    let range = headers[header::RANGE].to_str().expect("text");
    let (from, to) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')).expect("a range");
    let (from, to): (usize, usize) = (from.parse().expect("a number"), to.parse().expect("a number"));
    let mut part = file[from..=to].to_vec();
    if world.damaged > 0 {
        world.damaged -= 1;
        part[10] ^= 1;
    }
    if let Some(clock) = &world.slow {
        clock.pass(Duration::from_mins(1));
    }
    let cut = world.cuts.pop_front();
    let named = format!("bytes {from}-{to}/{}", manifest.size);
    let named = [(header::CONTENT_RANGE, named)];
    let Some(cut) = cut else { return (StatusCode::PARTIAL_CONTENT, named, part).into_response() };
    part.truncate(cut);
    let (file, whole) = (world.part.clone(), (from + cut) / CHUNK_BYTES as usize * CHUNK_BYTES as usize);
    let body = unfold(Some(part), move |part| {
        let file = file.clone();
        async move {
            if let Some(part) = part {
                return Some((Ok(Bytes::from(part)), None));
            }
            // A broken connection loses what is in flight: the whole chunks of it have to be there before.
            while std::fs::metadata(&file).map_or(0, |part| part.len()) < whole as u64 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            Some((Err(std::io::Error::other("cut")), None))
        }
    });
    (StatusCode::PARTIAL_CONTENT, named, Body::from_stream(body)).into_response()
}
