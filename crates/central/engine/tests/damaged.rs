//! Rows that always fail hold up no others in whatever goes through many by itself, and come again once they are put right.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::AccountId;
use serde_json::json;

use super::commission::{DAY_MS, Trade};
use super::desk::{Shop, add_plans, fund};
use super::lots::Desk;
use super::mail_sink::Sink;
use super::proof::{count, prove};
use super::stall::Stall;
use super::world::{START, World};
use crate::dialect::Db;
use crate::engine::{code, commission, lease, notices, orders};

async fn change(world: &World, statement: &'static str) {
    let mut tx = world.app.transaction().await.expect("transaction");
    sqlx::query::<Db>(statement).execute(&mut *tx).await.expect("changed");
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn codes_that_cannot_end_keep_no_others_from_ending() {
    let desk = Desk::with_credits(5 * 30).await;
    let world = &desk.shop.world;
    for _ in 0..5 {
        desk.lot(1).await;
        world.clock.advance_ms(1);
    }
    // A whole part of them, and one more.
    change(world, "UPDATE code SET unit = 'shells' WHERE id IN (SELECT id FROM code ORDER BY redeem_by LIMIT 3)").await;
    world.clock.set(START.plus_days(366));
    assert_eq!(code::expire_in_parts(&world.app, 2).await.expect("the job runs"), 2);
    assert_eq!(code::expire_in_parts(&world.app, 2).await.expect("the job runs"), 0);
    assert_eq!(desk.available().await, 2 * 30);
    change(world, "UPDATE code SET unit = 'credits'").await;
    assert_eq!(code::expire_in_parts(&world.app, 2).await.expect("the job runs"), 3);
    assert_eq!(desk.available().await, 5 * 30);
    prove(world).await;
}

#[tokio::test]
async fn leases_that_cannot_end_keep_no_others_from_ending() {
    let shop = Shop::with_credits(400).await;
    for _ in 0..2 {
        shop.desk.lease(&shop.world, 100).await;
        shop.world.clock.advance_ms(1);
    }
    change(
        &shop.world,
        "UPDATE lease SET unit = 'shells' WHERE id = (SELECT id FROM lease ORDER BY settle_until, id LIMIT 1)",
    )
    .await;
    shop.world.clock.set(START.plus_days(61));
    assert_eq!(lease::expire_in_parts(&shop.world.app, 1).await.expect("the job runs"), 1);
    assert_eq!(shop.balance().await.reserved, 100);
    change(&shop.world, "UPDATE lease SET unit = 'credits'").await;
    assert_eq!(lease::expire_in_parts(&shop.world.app, 1).await.expect("the job runs"), 1);
    assert_eq!(shop.balance().await.reserved, 0);
    prove(&shop.world).await;
}

#[tokio::test]
async fn books_that_are_damaged_keep_no_other_reseller_from_its_earnings() {
    let trade = Trade::new().await;
    trade.activate(1, 2).await;
    assert_eq!(trade.accrue().await, 2);
    trade.world.clock.advance_ms(7 * DAY_MS);
    change(
        &trade.world,
        "UPDATE ledger_account SET balance = 0 WHERE kind = 'commission_pending'
           AND owner_id = (SELECT beneficiary_id FROM earning ORDER BY beneficiary_id LIMIT 1)",
    )
    .await;
    let app = &trade.world.app;
    assert_eq!(commission::release_in_parts(app, 1).await.expect("the job runs"), 2);
    assert_eq!(count(&trade.world, "SELECT COUNT(*) FROM earning WHERE state = 'available'").await, 2);
}

#[tokio::test]
async fn an_order_that_cannot_be_read_keeps_no_other_reseller_from_being_reminded() {
    let stall = Stall::new().await;
    for _ in 0..2 {
        stall.order(&stall.owner, 1, true).await;
    }
    change(
        &stall.world,
        "UPDATE market_order SET payment_method = 'shells'
         WHERE id = (SELECT id FROM market_order ORDER BY remind_at, id LIMIT 1)",
    )
    .await;
    stall.world.clock.advance_ms(DAY_MS);
    assert_eq!(orders::remind(&stall.world.app).await.expect("the job runs"), 1);
    change(&stall.world, "UPDATE market_order SET payment_method = NULL").await;
    assert_eq!(orders::remind(&stall.world.app).await.expect("the job runs"), 1);
    assert_eq!(orders::remind(&stall.world.app).await.expect("the job runs"), 0);
}

/// Two shops without credit, each with a customer whose service ends after thirty days.
async fn two_shops() -> World {
    let mut world = World::new().await;
    let plans = add_plans(&world).await;
    for name in ["one", "two"] {
        let reseller = world.add_reseller(name, None).await;
        fund(&world, reseller, 30).await;
        let (id, owner): (AccountId, String) = (mint(START), world.token("reseller", name).await);
        let body = json!({ "account_id": id, "plan_id": plans[0], "username": format!("ada-{name}"),
            "email": format!("ada@{name}.example") });
        world.post("/api/v1/reseller/accounts", Some(&owner), &body).await.expect(200);
    }
    world.send_mail(Sink::new().await.mailer());
    world
}

const SPOIL_A_SHOP: &str =
    "UPDATE reseller SET settlement_mode = 'shells' WHERE id = (SELECT id FROM reseller ORDER BY id LIMIT 1)";

#[tokio::test]
async fn a_shop_that_is_damaged_keeps_no_other_from_being_told_that_its_credit_is_low() {
    let world = two_shops().await;
    change(&world, SPOIL_A_SHOP).await;
    let told = "SELECT COUNT(*) FROM notice WHERE kind = 'low_credit'";
    for _ in 0..2 {
        notices::look_for_low_credit(&world.app).await.expect("the job runs");
        assert_eq!(count(&world, told).await, 1);
    }
    change(&world, "UPDATE reseller SET settlement_mode = 'wholesale'").await;
    notices::look_for_low_credit(&world.app).await.expect("the job runs");
    assert_eq!(count(&world, told).await, 2);
}

#[tokio::test]
async fn a_shop_that_is_damaged_keeps_no_other_from_hearing_whose_service_ends() {
    let world = two_shops().await;
    assert_eq!(notices::tell_of_ending(&world.app).await.expect("the job runs"), 0, "the first look only notes");
    change(&world, SPOIL_A_SHOP).await;
    world.clock.advance_ms(28 * DAY_MS);
    assert_eq!(notices::tell_of_ending(&world.app).await.expect("the job runs"), 1);
    assert_eq!(notices::tell_shops_of_ending(&world.app).await.expect("the job runs"), 1);
    for kind in [
        "SELECT COUNT(*) FROM notice WHERE kind = 'expiry_soon'",
        "SELECT COUNT(*) FROM notice WHERE kind = 'services_ending'",
    ] {
        assert_eq!(count(&world, kind).await, 1, "{kind}");
    }
}
