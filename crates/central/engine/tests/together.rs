//! Redemptions that meet share a transaction, and each has its own outcome.

use std::sync::Arc;

use axum::http::StatusCode;
use counterfoil_domain::ids::LeaseId;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::desk::{Shop, Stock};
use super::proof::{count, prove};
use super::world::{Answer, World, call};
use crate::engine::lease;
use crate::engine::work::Work;

/// Keeps every redemption of a lease waiting until it is dropped.
async fn hold(world: &World, lease: LeaseId) -> Work {
    let mut work = world.app.begin(world.operator).await.expect("begins");
    lease::repo::lock(work.conn(), lease).await.expect("locks").expect("the lease");
    work
}

/// Redeems one after the other while the lease is held; comes back when all wait. The first is a batch of its own.
async fn ask(world: &Arc<World>, bodies: Vec<Value>) -> Vec<JoinHandle<Answer>> {
    let mut asked = Vec::new();
    for body in bodies {
        let (router, all) = (world.router.clone(), asked.len());
        asked.push(tokio::spawn(async move {
            call(&router, "POST", "/api/v1/public/activations", None, Some(&body)).await
        }));
        // The first one leaves the queue at once.
        while world.app.redemptions().waiting(world.operator) != Some(all) {
            tokio::task::yield_now().await;
        }
    }
    asked
}

fn body(stock: &Stock, slot: u8, seq: u32, account: u128) -> Value {
    json!({ "code": stock.code(slot, seq), "account_id": Uuid::from_u128(account) })
}

async fn transactions(world: &World) -> i64 {
    count(world, "SELECT version FROM feed").await
}

#[tokio::test]
async fn each_of_a_batch_has_its_own_outcome() {
    let mut shop = Shop::with_credits(1_000).await;
    let stock = shop.desk.lease(&shop.world, 365).await;
    shop.desk.sell(&stock, 0, 6, 6);
    shop.desk.void(&stock, 6);
    shop.desk.push(&shop.world).await;
    let world = Arc::new(shop.world);
    let before = transactions(&world).await;
    let held = hold(&world, stock.terms.lease_id).await;
    let nobody = json!({ "code": stock.code(0, 5), "username": "nobody", "account_id": Uuid::nil() });
    let asked = ask(
        &world,
        vec![
            body(&stock, 0, 1, 1),
            body(&stock, 0, 2, 2),
            // The same customer again: the months follow one another.
            body(&stock, 0, 3, 2),
            body(&stock, 1, 4, 4),
            nobody,
            body(&stock, 0, 6, 6),
            // One number of which there is only one: the later ones find what the first one did.
            body(&stock, 0, 2, 7),
            body(&stock, 0, 2, 2),
        ],
    )
    .await;
    drop(held);
    let mut told = Vec::new();
    for one in asked {
        let answer = one.await.expect("answered");
        told.push(match answer.status {
            StatusCode::OK => format!("{} {}", answer.text("/last_day"), answer.body["repeated"]),
            _ => answer.code().to_owned(),
        });
    }
    let expected = [
        "2026-12-21 false",
        "2026-12-21 false",
        "2027-01-20 false",
        "2027-02-19 false",
        "validation_failed",
        "code_revoked",
        "already_activated",
        "2026-12-21 true",
    ];
    assert_eq!(told, expected);
    // The first alone, and those that came meanwhile together. What only repeats or is refused changes nothing.
    assert_eq!(transactions(&world).await - before, 2);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM activation_attempt WHERE outcome = 'activated'").await, 4);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM activation_attempt WHERE outcome <> 'activated'").await, 3);
    prove(&world).await;
}

/// Who is opened for a paid code has its service at once; of two codes of one new customer, neither may be lost.
#[tokio::test]
async fn two_paid_codes_of_one_new_customer_follow_one_another() {
    let mut shop = Shop::with_credits(1_000).await;
    let stock = shop.desk.lease(&shop.world, 365).await;
    shop.desk.sell(&stock, 0, 1, 4);
    shop.desk.push(&shop.world).await;
    let world = Arc::new(shop.world);
    let held = hold(&world, stock.terms.lease_id).await;
    let bodies = vec![body(&stock, 0, 1, 1), body(&stock, 0, 2, 2), body(&stock, 0, 3, 2), body(&stock, 0, 4, 4)];
    let asked = ask(&world, bodies).await;
    drop(held);
    let mut told = Vec::new();
    for one in asked {
        let answer = one.await.expect("answered").expect(200);
        told.push((answer.text("/last_day"), answer.body["password"].is_string()));
    }
    let expected = [("2026-12-21", true), ("2026-12-21", true), ("2027-01-20", false), ("2026-12-21", true)];
    assert_eq!(told, expected.map(|(day, opened)| (day.to_owned(), opened)));
    assert_eq!(count(&world, "SELECT COUNT(*) FROM account WHERE last_day = '2026-12-21'").await, 2);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM account WHERE last_day = '2027-01-20'").await, 1);
    prove(&world).await;
}

#[tokio::test]
async fn new_customers_and_known_ones_of_a_batch_are_told_apart() {
    let shop = Shop::with_credits(1_000).await;
    let stock = shop.desk.lease(&shop.world, 365).await;
    let world = Arc::new(shop.world);
    let mut names = Vec::new();
    for known in [3, 5] {
        let body = body(&stock, 0, known, u128::from(known));
        let answer = call(&world.router, "POST", "/api/v1/public/activations", None, Some(&body)).await.expect(200);
        names.push(answer.text("/username"));
    }
    let held = hold(&world, stock.terms.lease_id).await;
    let named = json!({ "code": stock.code(0, 4), "username": names[0], "account_id": Uuid::nil() });
    let bodies = vec![
        body(&stock, 0, 1, 1),
        body(&stock, 0, 2, 2),
        named,
        // Known by the id that it was opened under.
        body(&stock, 0, 6, 5),
        body(&stock, 0, 7, 7),
    ];
    let asked = ask(&world, bodies).await;
    drop(held);
    let mut told = Vec::new();
    for one in asked {
        let answer = one.await.expect("answered").expect(200);
        let known = names.iter().position(|name| *name == answer.text("/username"));
        told.push((known, answer.body["password"].is_string(), answer.text("/last_day")));
    }
    let new = (None, true, "2026-12-21".to_owned());
    let longer = |known| (Some(known), false, "2027-01-20".to_owned());
    assert_eq!(told, [new.clone(), new.clone(), longer(0), longer(1), new]);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM account").await, 5);
    prove(&world).await;
}

#[tokio::test]
async fn one_that_fails_takes_nobody_along() {
    let shop = Shop::with_credits(1_000).await;
    let stock = shop.desk.lease(&shop.world, 365).await;
    let world = Arc::new(shop.world);
    let mut tx = world.app.transaction().await.expect("begins");
    // A slot that no lease has: a database that somebody damaged.
    sqlx::query("UPDATE candidate SET slot = 9 WHERE slot = 1 AND seq = 2").execute(&mut *tx).await.expect("damaged");
    tx.commit().await.expect("committed");
    let held = hold(&world, stock.terms.lease_id).await;
    let bodies = vec![body(&stock, 0, 1, 1), body(&stock, 1, 2, 2), body(&stock, 0, 3, 3), body(&stock, 0, 4, 4)];
    let asked = ask(&world, bodies).await;
    drop(held);
    let mut told = Vec::new();
    for one in asked {
        told.push(one.await.expect("answered").status.as_u16());
    }
    assert_eq!(told, [200, 500, 200, 200]);
    prove(&world).await;
}

#[tokio::test]
async fn a_customer_who_hangs_up_stops_nobody() {
    let shop = Shop::with_credits(1_000).await;
    let stock = shop.desk.lease(&shop.world, 365).await;
    let world = Arc::new(shop.world);
    let held = hold(&world, stock.terms.lease_id).await;
    let mut asked = ask(&world, (1..=3).map(|seq| body(&stock, 0, seq, u128::from(seq))).collect()).await;
    asked.remove(0).abort();
    asked.remove(0).abort();
    drop(held);
    assert_eq!(asked.remove(0).await.expect("answered").status, StatusCode::OK);
    // Who hung up asks again, and is told what was done.
    let again = call(&world.router, "POST", "/api/v1/public/activations", None, Some(&body(&stock, 0, 1, 1))).await;
    assert_eq!((again.status, &again.body["repeated"]), (StatusCode::OK, &json!(true)));
    prove(&world).await;
}
