//! Many hands on one thing: exactly one wins, and the books are exact.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use counterfoil_domain::ids::{AccountId, CodeId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_wire::codes::CodeReason;
use serde_json::json;
use tokio::task::JoinSet;

use super::desk::{Desk, Shop, fund};
use super::proof::{count, prove};
use super::world::call;
use crate::engine::account;
use crate::engine::audit::Actor;
use crate::engine::code::{self, Change};
use crate::engine::rate::{self, Limit};

const HANDS: u8 = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_customers_with_one_code_exactly_one_gets_it() {
    let shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    let (code, second) = (lease.code(0, 1), shop.world.second_process().await);
    let mut hands = JoinSet::new();
    for hand in 0..HANDS {
        let router = if hand % 2 == 0 { shop.world.router.clone() } else { second.clone() };
        let body = json!({ "code": code, "account_id": uuid::Uuid::from_bytes([hand + 1; 16]) });
        hands.spawn(async move { call(&router, "POST", "/api/v1/public/activations", None, Some(&body)).await });
    }
    let answers = hands.join_all().await;
    let won = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
    let lost = answers.iter().filter(|answer| answer.code() == "already_activated").count();
    assert_eq!((won, lost), (1, usize::from(HANDS) - 1));
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM account").await, 1);
    assert_eq!(shop.balance().await.spent, 30);
    prove(&shop.world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_customer_pressing_many_times_gets_one_answer() {
    let shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    let body = json!({ "code": lease.code(0, 1), "account_id": uuid::Uuid::from_bytes([1; 16]) });
    let mut hands = JoinSet::new();
    for _ in 0..HANDS {
        let (router, body) = (shop.world.router.clone(), body.clone());
        hands.spawn(async move { call(&router, "POST", "/api/v1/public/activations", None, Some(&body)).await });
    }
    let answers: Vec<_> = hands.join_all().await.into_iter().map(|answer| answer.expect(200).body).collect();
    assert_eq!(answers.iter().filter(|answer| answer["repeated"] == false).count(), 1);
    assert!(answers.iter().all(|answer| answer["password"] == answers[0]["password"]));
    prove(&shop.world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_void_and_redemption_one_wins_each_time() {
    let mut shop = Shop::with_credits(4_000).await;
    let lease = shop.desk.lease(&shop.world, 3_000).await;
    shop.desk.sell(&lease, 0, 1, 32);
    shop.desk.push(&shop.world).await;
    let token = shop.world.staff_token(counterfoil_domain::permission::StaffRole::Admin).await;
    let listed = shop.world.get("/api/v1/admin/codes?limit=100", Some(&token)).await.expect(200);
    let mut hands = JoinSet::new();
    for row in listed.body["items"].as_array().expect("rows") {
        let seq = u32::try_from(row["seq"].as_u64().expect("seq")).expect("seq");
        let id: CodeId = row["code_id"].as_str().expect("id").parse().expect("id");
        let (app, operator) = (shop.world.app.clone(), shop.world.operator);
        hands.spawn(async move {
            let reason = CodeReason { reason: "race".to_owned() };
            code::change(&app, operator, &Actor::system(), id, Change::Void, &reason).await.is_ok()
        });
        let (router, typed) = (shop.world.router.clone(), lease.code(0, seq));
        let body = json!({ "code": typed, "account_id": uuid::Uuid::from_u128(u128::from(seq)) });
        hands.spawn(async move {
            let answer = call(&router, "POST", "/api/v1/public/activations", None, Some(&body)).await;
            assert!(answer.status == StatusCode::OK || answer.code() == "code_revoked", "{}", answer.body);
            answer.status == StatusCode::OK
        });
    }
    let won = hands.join_all().await.into_iter().filter(|won| *won).count();
    assert_eq!(won, 32);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM code WHERE state IN ('activated', 'voided')").await, 32);
    prove(&shop.world).await;
}

/// Sales of several leases, redemptions of them, top-ups and grants at once: nothing waits in a circle, and nothing is
/// spent twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn everything_at_once_neither_hangs_nor_loses() {
    let shop = Shop::with_credits(2_000).await;
    let token = shop.world.token("reseller", "shop").await;
    let world = Arc::new(shop.world);
    let mut hands = JoinSet::new();
    for seed in 2..6 {
        let mut desk = Desk::enrol(&world, &token, seed).await;
        let leases = [desk.lease(&world, 200).await, desk.lease(&world, 200).await];
        let sold = leases.clone();
        let selling = world.clone();
        hands.spawn(async move {
            for seq in 1..=8 {
                desk.sell(&sold[usize::from(seq % 2 == 0)], 0, seq, seq);
                desk.sell(&sold[usize::from(seq % 2 == 1)], 0, seq, seq);
                desk.push(&selling).await;
            }
        });
        let redeeming = world.clone();
        hands.spawn(async move {
            for seq in 1..=8_u32 {
                for (at, lease) in leases.iter().enumerate() {
                    let body = json!({ "code": lease.code(0, seq),
                        "account_id": uuid::Uuid::from_u128((u128::from(seed) << 16) | ((at as u128) << 8) | u128::from(seq)) });
                    let answer = redeeming.post("/api/v1/public/activations", None, &body).await;
                    assert!(answer.status == StatusCode::OK || answer.code() == "code_held", "{}", answer.body);
                }
            }
        });
    }
    let (funding, reseller) = (world.clone(), shop.reseller);
    hands.spawn(async move {
        for _ in 0..20 {
            fund(&funding, reseller, 7).await;
        }
    });
    hands.join_all().await;
    assert_eq!(count(&world, "SELECT COUNT(*) FROM code").await, 64);
    prove(&world).await;
}

/// A limit is the same for many at once, whichever process they ask.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_at_once_no_more_are_let_in_than_the_limit_says() {
    let world = super::world::World::new().await;
    let limit = Limit { hits: 10, window_ms: 60_000 };
    let mut hands = JoinSet::new();
    for _ in 0..HANDS {
        let app = world.app.clone();
        hands.spawn(async move {
            let mut tx = app.transaction().await.expect("begun");
            let let_in = rate::take(&mut tx, "door", limit, app.now()).await.is_ok();
            if let_in {
                tx.commit().await.expect("counted");
            }
            let_in
        });
    }
    assert_eq!(hands.join_all().await.into_iter().filter(|let_in| *let_in).count(), 10);
    assert_eq!(count(&world, "SELECT CAST(SUM(hits) AS BIGINT) FROM rate_window").await, 10);
}

/// A parent that sends edits of the version to come, one after the other, waits for staff to suspend: none of them may put
/// back what was before.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_edit_of_a_parent_that_was_under_way_brings_back_whom_staff_suspend() {
    let world = super::world::World::new().await;
    let shop = world.add_reseller("shop", None).await;
    let kiosk = world.add_reseller("kiosk", Some(shop)).await;
    let (owner, admin) = (world.token("reseller", "shop").await, world.staff_token(StaffRole::Admin).await);
    let asked = |version: u32| {
        json!({ "reseller_id": kiosk, "version": version, "username": "kiosk", "company": "Company of kiosk",
            "email": "kiosk@example.org", "contact": "Sam Sample", "phone": "030 5550100" })
    };
    let mut suspend = asked(1);
    suspend["parent_id"] = json!(shop);
    suspend["settlement_mode"] = "wholesale".into();
    suspend["credit_limit"] = 0.into();
    suspend["status"] = "suspended".into();
    let mut hands = JoinSet::new();
    for hand in 0..HANDS {
        let router = world.router.clone();
        if hand == HANDS / 4 {
            let (path, token, body) = (format!("/api/v1/admin/resellers/{kiosk}"), admin.clone(), suspend.clone());
            hands.spawn(async move { call(&router, "PUT", &path, Some(&token), Some(&body)).await.status });
        }
        let (path, token, body) = (format!("/api/v1/reseller/sub-resellers/{kiosk}"), owner.clone(), asked(2));
        let router = world.router.clone();
        hands.spawn(async move { call(&router, "PUT", &path, Some(&token), Some(&body)).await.status });
    }
    let done = hands.join_all().await.into_iter().filter(|status| *status == StatusCode::OK).count();
    assert!(done <= 2, "staff, and at most one of the parent's: {done}");
    assert_eq!(count(&world, "SELECT COUNT(*) FROM reseller WHERE status = 'suspended'").await, 1);
}

/// The accounts that a batch changes are locked together and by id; one that is only shown again is not locked before them, or
/// batches of two processes could wait in a circle. On SQLite whoever writes is alone anyway.
#[tokio::test]
async fn a_customer_who_asks_again_does_not_wait_for_the_account() {
    if crate::dialect::ENGINE == "sqlite" {
        return;
    }
    let shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    let first = shop.redeem(&lease.code(0, 1), 1).await.expect(200);
    let mut open = shop.world.app.begin(shop.world.operator).await.expect("begun");
    let locked = account::lock(&mut open, &[AccountId(uuid::Uuid::from_bytes([1; 16]))]).await.expect("locked");
    assert_eq!(locked.len(), 1);
    let again = tokio::time::timeout(Duration::from_secs(30), shop.redeem(&lease.code(0, 1), 1)).await;
    let again = again.expect("it waits for nobody").expect(200);
    assert_eq!((&again.body["repeated"], &again.body["password"]), (&json!(true), &first.body["password"]));
}

/// Two orders of one pair of locks: PostgreSQL ends one of the two, and that one is told to come again. SQLite has one
/// writer at a time, so there is no such pair.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_loses_a_deadlock_is_asked_to_try_again() {
    if crate::dialect::ENGINE == "sqlite" {
        return;
    }
    let world = super::world::World::new().await;
    let limit = Limit { hits: 100, window_ms: 60_000 };
    let met = Arc::new(tokio::sync::Barrier::new(2));
    let mut hands = JoinSet::new();
    for (first, second) in [("a", "b"), ("b", "a")] {
        let (app, met) = (world.app.clone(), met.clone());
        hands.spawn(async move {
            let mut tx = app.transaction().await.expect("begun");
            rate::count(&mut tx, first, limit, app.now()).await.expect("the first lock is free");
            met.wait().await;
            rate::count(&mut tx, second, limit, app.now()).await?;
            tx.commit().await.map_err(counterfoil_central_platform::failure::Failure::from)
        });
    }
    let refused: Vec<_> = hands.join_all().await.into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 1);
    let problem = refused[0].problem();
    assert_eq!((problem.status, problem.retry_after_ms), (503, Some(2_000)), "{problem:?}");
    assert_eq!(
        count(&world, "SELECT CAST(SUM(hits) AS BIGINT) FROM rate_window").await,
        2,
        "nothing of the refused one is left"
    );
}
