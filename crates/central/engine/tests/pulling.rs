//! The feed: every device gets every change in its scope, in commit order, once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::header;
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::reseller::ResellerPath;
use counterfoil_wire::pull::{FeedRow, PullPage, TIME_HEADER};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::desk::{Desk, Shop, add_plans, fund};
use super::proof::{count, prove};
use super::world::World;

async fn page(world: &World, desk: &Desk, cursor: Option<&str>, limit: u32) -> PullPage {
    let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
    let path = format!("/api/v1/sync/pull?limit={limit}{cursor}");
    let answer = desk.call(world, "GET", &path, Vec::new()).await.expect(200);
    serde_json::from_value(answer.body).expect("a page")
}

/// (table, key) of a row.
fn name(row: &FeedRow) -> String {
    let value = serde_json::to_value(row).expect("JSON");
    let data = &value["data"];
    let table = value["table"].as_str().expect("table");
    let key = match table {
        "settings" => "operator_id",
        "reseller" | "balance" => "reseller_id",
        "plan" => "plan_id",
        "device" => "device_id",
        "lease" => "lease_id",
        "code" => "code_id",
        "entry" => "transfer_id",
        "account" => "account_id",
        _ => "key",
    };
    format!("{table}/{}", data[key].as_str().unwrap_or_default())
}

/// A row without the figures that move on their own: a wallet's have their own row, and being here is no change.
fn followed(row: &FeedRow) -> Value {
    let mut value = serde_json::to_value(row).expect("JSON");
    let table = value["table"].as_str().unwrap_or_default().to_owned();
    if let Some(data) = value["data"].as_object_mut() {
        let apart: &[&str] = match table.as_str() {
            "reseller" => &["balance", "reserved", "last_login_at"],
            "device" => &["last_seen_at"],
            _ => &[],
        };
        data.retain(|name, _| !apart.contains(&name.as_str()));
    }
    value
}

/// Everything, page by page; checks the promises every page makes.
async fn pull_all(world: &World, desk: &Desk, limit: u32, cursor: &mut Option<String>) -> Vec<(i64, String, Value)> {
    let mut rows = Vec::new();
    loop {
        let page = page(world, desk, cursor.as_deref(), limit).await;
        assert!(page.changes.is_sorted_by_key(|change| change.version));
        assert!(page.changes.len() <= limit as usize);
        for change in &page.changes {
            rows.push((change.version, name(&change.row), followed(&change.row)));
        }
        *cursor = Some(page.cursor);
        if !page.more {
            assert!(rows.iter().all(|(version, ..)| *version <= page.version));
            return rows;
        }
    }
}

#[tokio::test]
async fn pages_of_any_size_give_the_same_rows_once() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    shop.desk.sell(&lease, 0, 1, 6);
    shop.desk.push(&shop.world).await;
    shop.redeem(&lease.code(0, 1), 1).await.expect(200);
    let whole = pull_all(&shop.world, &shop.desk, 2_000, &mut None).await;
    let tables: std::collections::BTreeSet<&str> =
        whole.iter().filter_map(|(_, name, _)| name.split('/').next()).collect();
    let all = ["account", "balance", "code", "device", "entry", "lease", "plan", "reseller", "settings"];
    assert_eq!(tables.into_iter().collect::<Vec<_>>(), all);
    for limit in [1, 2, 3, 7] {
        assert_eq!(pull_all(&shop.world, &shop.desk, limit, &mut None).await, whole, "{limit}");
    }
    let balance = whole.iter().find(|(_, name, _)| name.starts_with("balance")).expect("balance");
    let books = json!({ "funded": 1_000, "available": 635, "reserved": 185, "spent": 180 });
    assert_eq!(balance.2["data"]["equation"], books);

    // Only what changed comes next.
    let mut cursor = None;
    pull_all(&shop.world, &shop.desk, 2_000, &mut cursor).await;
    assert_eq!(pull_all(&shop.world, &shop.desk, 2_000, &mut cursor).await, []);
    shop.redeem(&lease.code(0, 2), 2).await.expect(200);
    let changed: Vec<_> = pull_all(&shop.world, &shop.desk, 2_000, &mut cursor).await;
    let tables: Vec<_> = changed.iter().filter_map(|(_, name, _)| name.split('/').next()).collect();
    assert_eq!(tables, ["lease", "balance", "code", "account"]);
}

#[tokio::test]
async fn nothing_new_is_answered_without_a_body_until_something_is() {
    let shop = Shop::with_credits(1_000).await;
    let (world, desk) = (&shop.world, &shop.desk);
    let mut cursor = None;
    pull_all(world, desk, 2_000, &mut cursor).await;
    let path = format!("/api/v1/sync/pull?limit=2000&cursor={}", cursor.as_deref().expect("a cursor"));
    let first = desk.call(world, "GET", &path, Vec::new()).await.expect(200);
    assert_eq!(first.body["changes"], json!([]));
    let tag = first.headers[header::ETAG].clone();
    world.clock.advance_ms(60_000);
    let again = desk.pull_knowing(world, &path, &tag).await.expect(304);
    assert_eq!(again.body, Value::Null);
    let told: i64 = again.headers[TIME_HEADER].to_str().expect("text").parse().expect("a time");
    assert_eq!(told, first.body["server_time"].as_i64().expect("a time") + 60_000);
    // Ninety bytes of it tell where the audit ends.
    assert!(again.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum::<usize>() < 240);
    fund(world, shop.reseller, 7).await;
    let changed = desk.pull_knowing(world, &path, &tag).await.expect(200);
    assert!(!changed.body["changes"].as_array().expect("rows").is_empty());
    assert!(!changed.headers.contains_key(header::ETAG), "a page with rows is not asked for again");
}

#[tokio::test]
async fn an_overlay_may_go_once_the_pushes_version_is_pulled() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    let mut cursor = None;
    pull_all(&shop.world, &shop.desk, 2_000, &mut cursor).await;
    shop.desk.sell(&lease, 0, 1, 1);
    let version = shop.desk.push(&shop.world).await.results[0].version;
    let last = page(&shop.world, &shop.desk, cursor.as_deref(), 2_000).await;
    assert!(last.version >= version);
    assert!(last.changes.iter().any(|change| matches!(&change.row, FeedRow::Code(code) if code.seq == 1)));
}

#[tokio::test]
async fn a_resellers_device_sees_its_subtree_and_nothing_beside_it() {
    let world = World::new().await;
    add_plans(&world).await;
    let top = world.add_reseller("top", None).await;
    let below = world.add_reseller("below", Some(top)).await;
    let beside = world.add_reseller("beside", None).await;
    for reseller in [top, below, beside] {
        fund(&world, reseller, 500).await;
    }
    let mut desks = Vec::new();
    for (seed, username) in [(1, "top"), (2, "below"), (3, "beside")] {
        let token = world.token("reseller", username).await;
        let desk = Desk::enrol(&world, &token, seed).await;
        let lease = desk.lease(&world, 365).await;
        super::desk::redeem(&world, &lease.code(0, 1), seed).await.expect(200);
        desks.push(desk);
    }
    let admin = world.staff_token(StaffRole::Admin).await;
    let staff = Desk::enrol(&world, &admin, 9).await;
    let owned = async |desk: &Desk| {
        let mut owners: BTreeMap<String, usize> = BTreeMap::new();
        for (_, _, row) in pull_all(&world, desk, 2_000, &mut None).await {
            if let Some(owner) = row["data"]["reseller_id"].as_str() {
                *owners.entry(owner.to_owned()).or_default() += 1;
            }
        }
        owners.into_keys().collect::<Vec<_>>()
    };
    let sorted = |resellers: &[counterfoil_domain::ids::ResellerId]| {
        let mut ids: Vec<_> = resellers.iter().map(ToString::to_string).collect();
        ids.sort();
        ids
    };
    assert_eq!(owned(&desks[0]).await, sorted(&[top, below]));
    assert_eq!(owned(&desks[1]).await, sorted(&[below]));
    assert_eq!(owned(&desks[2]).await, sorted(&[beside]));
    assert_eq!(owned(&staff).await, sorted(&[top, below, beside]));
    // The staff's own desktop is nobody else's business.
    let devices = pull_all(&world, &desks[0], 2_000, &mut None).await;
    assert!(devices.iter().all(|(_, name, _)| *name != format!("device/{}", staff.id)));
    assert!(ResellerPath::from_stored(crate::engine::device::STAFF_ONLY).is_none());
    let refused = staff.ask_lease(&world, counterfoil_domain::ids::LeaseId::from_bytes([1; 16]), None, None).await;
    assert_eq!(refused.expect(403).code(), "not_permitted");
    prove(&world).await;
}

#[tokio::test]
async fn a_cursor_of_another_time_starts_again() {
    let shop = Shop::with_credits(100).await;
    let mut cursor = None;
    pull_all(&shop.world, &shop.desk, 2_000, &mut cursor).await;
    let cursor = cursor.expect("cursor");
    let (epoch, rest) = cursor.split_once('.').expect("an epoch");
    let other = format!("{}.{rest}", epoch.chars().rev().collect::<String>());
    let ahead = format!("{epoch}.999999.0.{}", uuid::Uuid::nil().simple());
    for cursor in [other.as_str(), ahead.as_str(), "nonsense"] {
        let path = format!("/api/v1/sync/pull?cursor={cursor}");
        let refused = shop.desk.call(&shop.world, "GET", &path, Vec::new()).await.expect(410);
        assert_eq!(refused.code(), "cursor_expired");
    }
    shop.desk.call(&shop.world, "GET", "/api/v1/sync/pull?limit=2001", Vec::new()).await.expect(422);
}

/// Writers that overlap, on two processes, and a reader that keeps up: its copy is Central's, row for row.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_behind_many_writers_misses_nothing() {
    let world = World::new().await;
    add_plans(&world).await;
    // Each writer has a shop of its own: no lease and no wallet makes them wait for each other, only the feed.
    let mut stocks = Vec::new();
    for seed in 1..=10_u8 {
        let name = format!("shop-{seed}");
        let reseller = world.add_reseller(&name, None).await;
        fund(&world, reseller, 365).await;
        let token = world.token("reseller", &name).await;
        let lease = Desk::enrol(&world, &token, seed).await.lease(&world, 365).await;
        stocks.push((reseller, (1..=10_u32).map(|seq| lease.code(0, seq)).collect::<Vec<_>>()));
    }
    let staff = world.staff_token(StaffRole::Admin).await;
    let reader = Desk::enrol(&world, &staff, 99).await;
    let (world, done) = (Arc::new(world), Arc::new(AtomicBool::new(false)));
    let second = world.second_process().await;
    let mut writers = JoinSet::new();
    for (at, (reseller, codes)) in stocks.into_iter().enumerate() {
        let router = if at % 2 == 0 { world.router.clone() } else { second.clone() };
        let world = world.clone();
        writers.spawn(async move {
            for (number, code) in codes.into_iter().enumerate() {
                let account = uuid::Uuid::from_u128(((at as u128) << 8) | (number as u128 + 1));
                let body = json!({ "code": code, "account_id": account });
                super::world::call(&router, "POST", "/api/v1/public/activations", None, Some(&body)).await.expect(200);
                // Redemptions that meet in a process share a transaction; these do not.
                fund(&world, reseller, 1).await;
            }
        });
    }
    let following = {
        let (world, done, reader) = (world.clone(), done.clone(), reader.clone());
        tokio::spawn(async move {
            let (mut copy, mut cursor) = (BTreeMap::new(), None);
            loop {
                let last = done.load(Ordering::SeqCst);
                for (version, name, row) in pull_all(&world, &reader, 5, &mut cursor).await {
                    let before = copy.insert(name, (version, row));
                    assert!(before.is_none_or(|(older, _)| older < version), "a row came twice in one version");
                }
                if last {
                    return copy;
                }
            }
        })
    };
    writers.join_all().await;
    done.store(true, Ordering::SeqCst);
    let copy = following.await.expect("the reader");
    let fresh = pull_all(&world, &reader, 2_000, &mut None).await;
    let fresh: BTreeMap<_, _> = fresh.into_iter().map(|(version, name, row)| (name, (version, row))).collect();
    let names = |rows: &BTreeMap<String, (i64, Value)>| rows.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&copy), names(&fresh));
    for (name, row) in &fresh {
        assert_eq!(&copy[name], row, "{name}");
    }
    assert_eq!(count(&world, "SELECT COUNT(*) FROM code WHERE state = 'activated'").await, 100);
    prove(&world).await;
}
