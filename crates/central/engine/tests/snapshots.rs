//! Snapshots: a file is what all pages together are, arrives by range, and is nobody else's.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{StatusCode, header};
use counterfoil_central_platform::snapshots::{SnapshotLimits, Snapshots};
use counterfoil_domain::ids::ResellerId;
use counterfoil_wire::pull::PullPage;
use counterfoil_wire::snapshot::{CHUNK_BYTES, SnapshotManifest};
use sha2::{Digest as _, Sha256};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, QueryBuilder, Sqlite, SqliteConnection};
use tempfile::TempDir;

use super::desk::{Desk, add_plans, fund};
use super::stall::Stall;
use super::world::{Answer, START, World};

const DAY_MS: i64 = 86_400_000;

/// Two shops beside each other, each with a device, and one of the staff.
struct Street {
    world: World,
    shops: [ResellerId; 2],
    desks: [Desk; 2],
    staff: Desk,
    folder: TempDir,
}

impl Street {
    async fn new(min_rows: u64) -> Self {
        let mut world = World::new().await;
        add_plans(&world).await;
        let folder = tempfile::tempdir().expect("folder");
        let limits = SnapshotLimits { min_rows, ..SnapshotLimits::default() };
        let snapshots = Snapshots::open(&folder.path().join("snapshots"), limits).expect("a folder");
        world.keep_snapshots(Arc::new(snapshots));
        let shops = [world.add_reseller("one", None).await, world.add_reseller("two", None).await];
        let mut desks = Vec::new();
        for (seed, (shop, username)) in (1_u8..).zip(shops.iter().zip(["one", "two"])) {
            fund(&world, *shop, 5_000).await;
            let token = world.token("reseller", username).await;
            let mut desk = Desk::enrol(&world, &token, seed).await;
            let stock = desk.lease(&world, 600).await;
            desk.sell(&stock, 0, 1, 5);
            desk.push(&world).await;
            super::desk::redeem(&world, &stock.code(0, 1), seed).await.expect(200);
            desks.push(desk);
        }
        let stall = Stall::of(world, "one").await;
        for _ in 0..3 {
            stall.paid(&stall.owner, 1).await;
        }
        let world = stall.world;
        let staff = Desk::enrol(&world, &stall.staff, 9).await;
        let [one, two] = desks.try_into().ok().expect("two desks");
        Self { world, shops, desks: [one, two], staff, folder }
    }

    async fn ask(&self, desk: &Desk) -> Answer {
        let path = format!("/api/v1/sync/snapshot?schema={}", counterfoil_cache::SCHEMA);
        desk.call(&self.world, "GET", &path, Vec::new()).await
    }

    /// Asks until the file is made, as a device does.
    async fn wait(&self, desk: &Desk, but: Option<&SnapshotManifest>) -> SnapshotManifest {
        for _ in 0..1_000 {
            let answer = self.ask(desk).await;
            if answer.status == StatusCode::OK {
                let manifest: SnapshotManifest = serde_json::from_value(answer.body).expect("a manifest");
                if but.is_none_or(|but| but.snapshot_id != manifest.snapshot_id) {
                    return manifest;
                }
            } else {
                assert_eq!(answer.code(), "snapshot_unavailable");
                assert!(answer.body["retry_after_ms"].as_u64().is_some_and(|ms| ms > 0), "{}", answer.body);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("no snapshot was made");
    }

    /// Fetches a file chunk by chunk, and opens it.
    async fn fetch(&self, desk: &Desk, manifest: &SnapshotManifest) -> SqliteConnection {
        assert!(manifest.is_consistent(), "{manifest:?}");
        let path = format!("/api/v1/sync/snapshot/{}", manifest.snapshot_id);
        let mut packed = Vec::new();
        for (number, hash) in (0_u64..).zip(&manifest.chunks) {
            let from = number * u64::from(CHUNK_BYTES);
            let to = (from + u64::from(CHUNK_BYTES) - 1).min(manifest.size - 1);
            let (status, headers, bytes) = desk.fetch(&self.world, &path, Some(&format!("bytes={from}-{to}"))).await;
            assert_eq!(status, StatusCode::PARTIAL_CONTENT);
            let range = format!("bytes {from}-{to}/{}", manifest.size);
            assert_eq!(headers[header::CONTENT_RANGE].to_str().expect("text"), range);
            assert_eq!(hex::encode(Sha256::digest(&bytes)), *hash);
            packed.extend(bytes);
        }
        assert_eq!(hex::encode(Sha256::digest(&packed)), manifest.sha256);
        let plain = zstd::decode_all(&packed[..]).expect("zstd");
        assert_eq!(plain.len() as u64, manifest.plain_size);
        assert_eq!(hex::encode(Sha256::digest(&plain)), manifest.plain_sha256);
        let file = self.folder.path().join(format!("{}.db", manifest.snapshot_id));
        std::fs::write(&file, plain).expect("written");
        open(&file).await
    }

    /// The same by pages.
    async fn by_pages(&self, desk: &Desk) -> (SqliteConnection, PullPage) {
        let file = self.folder.path().join(format!("pages-{}.db", desk.id));
        let mut db = counterfoil_cache::create(&file).await.expect("a new file");
        let mut cursor = String::new();
        loop {
            let path = format!("/api/v1/sync/pull?limit=7&tables=10{cursor}");
            let answer = desk.call(&self.world, "GET", &path, Vec::new()).await.expect(200);
            let page: PullPage = serde_json::from_value(answer.body).expect("a page");
            counterfoil_cache::apply(&mut db, &page.changes).await.expect("applied");
            counterfoil_cache::set_position(&mut db, &page.cursor, page.version).await.expect("a position");
            cursor = format!("&cursor={}", page.cursor);
            if !page.more {
                return (db, page);
            }
        }
    }
}

async fn open(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).connect().await.expect("a SQLite file")
}

/// Every row of every table, as text. What an index of words keeps goes with the order in which it was told of the rows:
/// it is compared with its rows instead.
async fn content(db: &mut SqliteConnection) -> Vec<(String, Vec<String>)> {
    for check in [
        "INSERT INTO code_search (code_search, rank) VALUES ('integrity-check', 1)",
        "INSERT INTO account_search (account_search, rank) VALUES ('integrity-check', 1)",
    ] {
        sqlx::query(check).execute(&mut *db).await.expect(check);
    }
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'
         AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name",
    )
    .fetch_all(&mut *db)
    .await
    .expect("tables");
    let mut all = Vec::new();
    for table in tables {
        let columns: Vec<String> =
            sqlx::query_scalar("SELECT 'quote(' || name || ')' FROM pragma_table_info(?1) ORDER BY cid")
                .bind(&table)
                .fetch_all(&mut *db)
                .await
                .expect("columns");
        // Names of a schema cannot be parameters; these are the migrations' own.
        let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
        query.push(columns.join(" || ' ' || ")).push(" AS line FROM ").push(&table).push(" ORDER BY line");
        let rows: Vec<String> = query.build_query_scalar().fetch_all(&mut *db).await.expect("rows");
        all.push((table, rows));
    }
    all
}

async fn schema(db: &mut SqliteConnection) -> Vec<String> {
    let query = "SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1";
    sqlx::query_scalar(query).fetch_all(db).await.expect("schema")
}

#[tokio::test]
async fn a_file_is_what_all_pages_together_are() {
    let street = Street::new(1).await;
    for desk in [&street.desks[0], &street.staff] {
        let manifest = street.wait(desk, None).await;
        let mut fetched = street.fetch(desk, &manifest).await;
        let (mut paged, page) = street.by_pages(desk).await;
        let (fetched_rows, paged_rows) = (content(&mut fetched).await, content(&mut paged).await);
        for (one, other) in fetched_rows.iter().zip(&paged_rows) {
            assert_eq!(one, other);
        }
        assert_eq!(fetched_rows.len(), paged_rows.len());
        assert_eq!(schema(&mut fetched).await, schema(&mut paged).await);
        let codes = fetched_rows.iter().find(|(table, _)| table == "cached_code").map(|(_, rows)| rows.len());
        assert_eq!(codes, Some(if desk.id == street.staff.id { 10 } else { 5 }));
        let orders = fetched_rows.iter().find(|(table, _)| table == "cached_order").map(|(_, rows)| rows.len());
        assert_eq!(orders, Some(3));
        let counted = counterfoil_cache::recount(&mut fetched).await.expect("sums");
        assert_eq!(Some(counted), page.digests);
        assert_eq!((manifest.version, &manifest.cursor), (page.version, &page.cursor));
        let health: String =
            sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut fetched).await.expect("checked");
        assert_eq!(health, "ok");
    }
    // Nothing unfinished lies about.
    let inner = std::fs::read_dir(street.folder.path().join("snapshots")).expect("folder").next().expect("one");
    let names = std::fs::read_dir(inner.expect("entry").path()).expect("folder");
    let mut endings: Vec<_> =
        names.map(|name| name.expect("entry").path().extension().map(ToOwned::to_owned)).collect();
    endings.sort();
    assert_eq!(endings, [None, Some("zst".into()), Some("zst".into())]);
}

#[tokio::test]
async fn bytes_are_given_by_range_and_only_to_whom_they_belong() {
    let street = Street::new(1).await;
    let manifest = street.wait(&street.desks[0], None).await;
    let path = format!("/api/v1/sync/snapshot/{}", manifest.snapshot_id);
    let own = async |range: Option<&str>| street.desks[0].fetch(&street.world, &path, range).await;
    let (status, headers, whole) = own(None).await;
    assert_eq!((status, whole.len() as u64), (StatusCode::OK, manifest.size));
    assert_eq!(headers[header::CONTENT_TYPE], "application/zstd");
    let (status, _, part) = own(Some("bytes=5-9")).await;
    assert_eq!((status, &part[..]), (StatusCode::PARTIAL_CONTENT, &whole[5..10]));
    let (status, _, rest) = own(Some(&format!("bytes={}-", manifest.size - 3))).await;
    assert_eq!((status, &rest[..]), (StatusCode::PARTIAL_CONTENT, &whole[whole.len() - 3..]));
    let (status, ..) = own(Some(&format!("bytes={}-", manifest.size))).await;
    assert_eq!(status, StatusCode::RANGE_NOT_SATISFIABLE);

    let refused = async |desk: &Desk, path: &str, status: u16, code: &str| {
        let answer = desk.call(&street.world, "GET", path, Vec::new()).await.expect(status);
        assert_eq!(answer.code(), code);
    };
    refused(&street.desks[1], &path, 404, "not_found").await;
    refused(&street.staff, &path, 404, "not_found").await;
    let unknown = format!("/api/v1/sync/snapshot/{}", super::world::foreign());
    refused(&street.desks[0], &unknown, 410, "snapshot_gone").await;
    refused(&street.desks[0], "/api/v1/sync/snapshot/..%2F..%2Fcentral.db", 404, "not_found").await;
    let unsigned = street.world.get(&path, None).await.expect(401);
    assert_eq!(unsigned.code(), "invalid_signature");
}

#[tokio::test]
async fn where_pages_are_better_none_is_offered() {
    let street = Street::new(1_000).await;
    let answer = street.ask(&street.desks[0]).await.expect(404);
    assert_eq!((answer.code(), answer.body.get("retry_after_ms")), ("snapshot_unavailable", None));
    let street = Street::new(1).await;
    let other = "/api/v1/sync/snapshot?schema=999";
    let answer = street.desks[0].call(&street.world, "GET", other, Vec::new()).await.expect(404);
    assert_eq!((answer.code(), answer.body.get("retry_after_ms")), ("snapshot_unavailable", None));
    let without = World::new().await;
    without.add_reseller("shop", None).await;
    let token = without.token("reseller", "shop").await;
    let desk = Desk::enrol(&without, &token, 1).await;
    let path = format!("/api/v1/sync/snapshot?schema={}", counterfoil_cache::SCHEMA);
    let answer = desk.call(&without, "GET", &path, Vec::new()).await.expect(404);
    assert_eq!(answer.code(), "snapshot_unavailable");
}

#[tokio::test]
async fn a_file_is_used_again_until_much_has_changed() {
    let street = Street::new(1).await;
    let desk = &street.desks[0];
    let first = street.wait(desk, None).await;
    fund(&street.world, street.shops[1], 10).await;
    assert_eq!(street.wait(desk, None).await, first);
    // Its own rows change: the next device gets the old file at once, and a new one is made.
    for amount in 1..30 {
        fund(&street.world, street.shops[0], amount).await;
    }
    let offered: SnapshotManifest =
        serde_json::from_value(street.ask(desk).await.expect(200).body).expect("a manifest");
    assert_eq!(offered, first);
    let second = street.wait(desk, Some(&first)).await;
    assert!(second.version > first.version && second.rows > first.rows);
    // Whoever fetches the first may finish; a day later nobody asks for it.
    street.fetch(desk, &first).await;
    street.world.clock.set(START.plus_ms(DAY_MS + 1));
    crate::engine::snapshot::forget_old(&street.world.app);
    let path = format!("/api/v1/sync/snapshot/{}", first.snapshot_id);
    let answer = desk.call(&street.world, "GET", &path, Vec::new()).await.expect(410);
    assert_eq!(answer.code(), "snapshot_gone");
}
