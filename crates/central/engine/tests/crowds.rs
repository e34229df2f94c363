//! Many at one wallet or lease: what it holds is given out exactly once, and everybody gets an answer.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{CodeId, LeaseId, PlanId, ResellerId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::reseller::SettlementMode;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::desk::{Desk, Shop, fund, outcomes};
use super::proof::{count, prove};
use super::world::{Answer, START, call};
use crate::engine::audit::Actor;
use crate::engine::lot::{self, LotError, NewLot};
use crate::engine::{operators, settlement};

const HANDS: u8 = 64;

fn code_id(number: u8) -> Uuid {
    Uuid::from_bytes([number; 16])
}

fn asked(reseller: ResellerId, plan: PlanId, codes: &[CodeId]) -> NewLot<'_> {
    NewLot { id: mint(START), reseller, plan, codes, customer_email: None, made_by: Uuid::nil() }
}

/// Many create codes at once, each with what it sends.
async fn create(shop: &Shop, token: &str, bodies: impl Iterator<Item = Value>) -> Vec<Answer> {
    let second = shop.world.second_process().await;
    let mut hands = JoinSet::new();
    for (at, body) in bodies.enumerate() {
        let router = if at % 2 == 0 { shop.world.router.clone() } else { second.clone() };
        let token = token.to_owned();
        hands.spawn(async move { call(&router, "POST", "/api/v1/reseller/codes", Some(&token), Some(&body)).await });
    }
    hands.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_sell_from_one_wallet_until_it_is_empty_and_no_further() {
    let shop = Shop::with_credits(20 * 30 + 10).await;
    let token = shop.world.token("reseller", "shop").await;
    let bodies = (1..=HANDS).map(|hand| json!({ "code_id": code_id(hand), "plan_id": shop.plans[0] }));
    let answers = create(&shop, &token, bodies).await;
    let sold = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
    let refused = answers.iter().filter(|answer| answer.code() == "insufficient_credit").count();
    assert_eq!((sold, refused), (20, usize::from(HANDS) - 20));
    let serials: std::collections::HashSet<String> = answers.iter().map(|answer| answer.text("/row/serial")).collect();
    assert_eq!(serials.len(), 21, "each serial once, and none for a refusal");
    let books = shop.balance().await;
    assert_eq!((books.available, books.spent), (10, 600));
    prove(&shop.world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_request_sent_many_times_at_once_makes_one_code_and_every_answer_shows_it() {
    // Enough for one: whoever comes second must be shown the code, not the empty wallet.
    let shop = Shop::with_credits(30).await;
    let token = shop.world.token("reseller", "shop").await;
    let body = json!({ "code_id": code_id(7), "plan_id": shop.plans[0] });
    let answers = create(&shop, &token, std::iter::repeat_n(body, usize::from(HANDS))).await;
    let codes: Vec<String> = answers.into_iter().map(|answer| answer.expect(200).text("/code")).collect();
    assert!(!codes[0].is_empty() && codes.iter().all(|code| *code == codes[0]));
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM code").await, 1);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM lot").await, 1);
    prove(&shop.world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_resellers_with_one_code_id_the_second_is_told() {
    let shop = Shop::with_credits(300).await;
    let other = shop.world.add_reseller("other", None).await;
    fund(&shop.world, other, 300).await;
    let token = shop.world.staff_token(StaffRole::Admin).await;
    let mut hands = JoinSet::new();
    for reseller in [shop.reseller, other] {
        let (router, token) = (shop.world.router.clone(), token.clone());
        let body = json!({ "code_id": code_id(7), "plan_id": shop.plans[0], "reseller_id": reseller });
        hands.spawn(async move { call(&router, "POST", "/api/v1/admin/codes", Some(&token), Some(&body)).await });
    }
    let answers = hands.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.code() == "id_reused").count(), 1);
    prove(&shop.world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_leases_granted_at_once_from_one_wallet_only_those_it_covers_are() {
    let shop = Shop::with_credits(200).await;
    let token = shop.world.token("reseller", "shop").await;
    let world = Arc::new(shop.world);
    let mut hands = JoinSet::new();
    for seed in 2..10_u8 {
        let desk = Desk::enrol(&world, &token, seed).await;
        let world = world.clone();
        hands.spawn(async move { desk.ask_lease(&world, LeaseId::from_bytes([seed; 16]), Some(60), Some(8)).await });
    }
    let answers = hands.join_all().await;
    let granted = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
    let refused = answers.iter().filter(|answer| answer.code() == "insufficient_credit").count();
    assert_eq!((granted, refused), (3, 5));
    assert_eq!(count(&world, "SELECT COUNT(*) FROM lease").await, 3);
    prove(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn top_ups_settle_waiting_codes_once_while_customers_try_them() {
    let mut shop = Shop::with_credits(60).await;
    let lease = shop.desk.lease(&shop.world, 60).await;
    // A tampered device sells eighteen times what its lease covers.
    shop.desk.sell(&lease, 0, 1, 36);
    assert_eq!(outcomes(&shop.desk.push(&shop.world).await), ["held no_credit"]);
    let (reseller, world) = (shop.reseller, Arc::new(shop.world));
    let mut hands = JoinSet::new();
    for _ in 0..8 {
        let (funding, job) = (world.clone(), world.clone());
        hands.spawn(async move {
            let _ = fund(&funding, reseller, 45).await;
        });
        hands.spawn(async move {
            let _ = settlement::settle_waiting(&job.app).await.expect("the job runs");
        });
    }
    for seq in 1..=36_u32 {
        let (router, code) = (world.router.clone(), lease.code(0, seq));
        let body = json!({ "code": code, "account_id": Uuid::from_u128(u128::from(seq)) });
        hands.spawn(async move {
            let answer = call(&router, "POST", "/api/v1/public/activations", None, Some(&body)).await;
            assert!(answer.status == StatusCode::OK || answer.code() == "code_held", "{}", answer.body);
        });
    }
    hands.join_all().await;
    // 60 in the lease and 360 in the wallet, at 30 each.
    assert_eq!(count(&world, "SELECT COUNT(*) FROM code WHERE state <> 'held'").await, 14);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM code WHERE state = 'held'").await, 22);
    prove(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_lease_closes_while_its_sales_arrive_and_are_redeemed() {
    let shop = Shop::with_credits(2_000).await;
    let token = shop.world.token("reseller", "shop").await;
    let world = Arc::new(shop.world);
    let mut hands = JoinSet::new();
    for seed in 2..6_u8 {
        let mut desk = Desk::enrol(&world, &token, seed).await;
        let lease = desk.lease(&world, 300).await;
        for seq in 1..=10_u32 {
            let (router, code) = (world.router.clone(), lease.code(0, seq));
            let body =
                json!({ "code": code, "account_id": Uuid::from_u128((u128::from(seed) << 8) | u128::from(seq)) });
            hands.spawn(async move {
                let answer = call(&router, "POST", "/api/v1/public/activations", None, Some(&body)).await;
                // Sold is honoured whatever comes first; what was never sold may be gone with the lease.
                let gone = ["code_unknown", "code_held"].contains(&answer.code());
                assert!(answer.status == StatusCode::OK || (seq > 6 && gone), "{seq}: {}", answer.body);
            });
        }
        let world = world.clone();
        hands.spawn(async move {
            desk.sell(&lease, 0, 1, 3);
            desk.push(&world).await;
            desk.sell(&lease, 0, 4, 6);
            desk.close(&lease, 6, 180);
            let answers = outcomes(&desk.push(&world).await);
            assert_eq!(answers, ["applied", "applied"]);
        });
    }
    hands.join_all().await;
    assert_eq!(count(&world, "SELECT COUNT(*) FROM lease WHERE state = 'closed'").await, 4);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM code WHERE seq <= 6 AND state = 'activated'").await, 24);
    prove(&world).await;
}

/// A sale holds its own reseller's books and nothing that another reseller's sale needs, until the feed's lock at its
/// very end. On SQLite whoever writes is alone anyway.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sale_does_not_wait_for_another_resellers_sale() {
    if crate::dialect::ENGINE == "sqlite" {
        return;
    }
    let shop = Shop::with_credits(300).await;
    let other = shop.world.add_reseller("other", None).await;
    fund(&shop.world, other, 300).await;
    let stock = shop.desk.lease(&shop.world, 90).await;
    let (app, operator) = (&shop.world.app, shop.world.operator);
    let number = operators::next_number(app, operator).await.expect("a number");
    let mut open = app.begin(operator).await.expect("begun");
    let ids = [CodeId(code_id(1))];
    lot::make(app, &mut open, &asked(other, shop.plans[0], &ids), number).await.expect("made, up to the feed's lock");
    let meanwhile = async {
        let ids = [CodeId(code_id(2))];
        let mine = asked(shop.reseller, shop.plans[0], &ids);
        lot::create_one(app, operator, &Actor::system(), &mine).await.expect("made");
        shop.redeem(&stock.code(0, 1), 1).await.expect(200);
        shop.desk.ask_lease(&shop.world, LeaseId::from_bytes([9; 16]), Some(60), Some(4)).await.expect(200);
    };
    // Waiting for the other reseller, it would wait for ever.
    tokio::time::timeout(Duration::from_secs(30), meanwhile).await.expect("no lock is shared");
    open.commit().await.expect("committed");
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_lot_is_one_movement_and_its_codes_are_voided_and_redeemed_one_by_one() {
    let shop = Shop::with_credits(40_000).await;
    let (app, operator) = (&shop.world.app, shop.world.operator);
    let ids: Vec<CodeId> = (1..=1_100).map(|number| CodeId(Uuid::from_u128(number))).collect();
    let asked = asked(shop.reseller, shop.plans[0], &ids);
    let mut work = app.begin(operator).await.expect("begun");
    let made = lot::make(app, &mut work, &asked, 77).await.expect("made");
    work.commit().await.expect("committed");
    assert_eq!((made.len(), shop.balance().await.spent), (1_100, 33_000));
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM transfer WHERE kind = 'online_sale'").await, 1);
    prove(&shop.world).await;

    // The same lot again, as after a lost answer: nothing moves.
    let mut work = app.begin(operator).await.expect("begun");
    assert!(matches!(lot::make(app, &mut work, &asked, 78).await, Err(LotError::Taken)));
    drop(work);

    let token = shop.world.staff_token(StaffRole::Admin).await;
    let void = format!("/api/v1/admin/codes/{}/void", made[4].row.code_id);
    let reason = json!({ "reason": "asked by the shop" });
    shop.world.post(&void, Some(&token), &reason).await.expect(200);
    assert_eq!(shop.redeem(&made[4].code, 1).await.expect(409).code(), "code_revoked");
    shop.redeem(&made[1_099].code, 1).await.expect(200);
    assert_eq!(made[1_099].row.serial, "000077-1100");
    assert_eq!(shop.redeem(&made[1_099].code, 2).await.expect(409).code(), "already_activated");
    let books = shop.balance().await;
    assert_eq!((books.available, books.spent), (7_030, 32_970));
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_lot_in_money_costs_its_plans_price() {
    let shop = Shop::with_credits(0).await;
    let share = shop.world.add_reseller_of(shop.world.operator, "share", None, SettlementMode::Share).await;
    fund(&shop.world, share, 2_500).await;
    let token = shop.world.staff_token(StaffRole::Admin).await;
    for (number, status) in [(1, 200), (2, 200), (3, 409)] {
        let body = json!({ "code_id": code_id(number), "plan_id": shop.plans[0], "reseller_id": share });
        shop.world.post("/api/v1/admin/codes", Some(&token), &body).await.expect(status);
    }
    prove(&shop.world).await;
}
