//! Answers to why: whether a reseller sees an account, what became of a commission, where an application stands.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{AccountId, CodeId, PaymentId, ResellerId};
use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};
use uuid::Uuid;

use super::commission::Trade;
use super::desk::{Desk, Shop, add_plans, fund, redeem};
use super::world::{Answer, PASSWORD, World, foreign};
use crate::dialect::Db;

/// Support reads all of it.
async fn ask(world: &World, path: &str) -> Answer {
    let token = world.staff_token(StaffRole::Support).await;
    world.get(&format!("/api/v1/admin/{path}"), Some(&token)).await
}

async fn change(world: &World, statement: &'static str) {
    let mut work = world.app.begin(world.operator).await.expect("begun");
    sqlx::query::<Db>(statement).execute(&mut *work.conn()).await.expect("changed");
    work.commit().await.expect("committed");
}

fn kinds(findings: &Value) -> Vec<&str> {
    findings.as_array().expect("findings").iter().filter_map(|one| one["kind"].as_str()).collect()
}

/// An account of the shop "shop".
async fn account(shop: &Shop, username: &str) -> AccountId {
    let id: AccountId = mint(shop.world.app.now());
    let token = shop.world.token("reseller", "shop").await;
    let body = json!({ "account_id": id, "plan_id": shop.plans[0], "username": username });
    shop.world.post("/api/v1/reseller/accounts", Some(&token), &body).await.expect(200);
    id
}

async fn sight(world: &World, reseller: ResellerId, account: AccountId) -> Value {
    ask(world, &format!("resellers/{reseller}/sight/{account}")).await.expect(200).body
}

#[tokio::test]
async fn a_shop_sees_its_own_account_once_its_device_has_asked() {
    let shop = Shop::with_credits(100).await;
    let world = &shop.world;
    world.clock.advance_ms(1);
    let anna = account(&shop, "anna").await;
    let seen = sight(world, shop.reseller, anna).await;
    assert_eq!((&seen["sees"], kinds(&seen["findings"])), (&json!(true), vec!["own", "device_behind"]));
    assert_eq!(seen["findings"][1]["device"], "Till");
    assert_eq!((&seen["company"], &seen["username"]), (&json!("Company of shop"), &json!("anna")));
    world.clock.advance_ms(60_000);
    shop.desk.call(world, "GET", "/api/v1/sync/pull", Vec::new()).await.expect(200);
    assert_eq!(kinds(&sight(world, shop.reseller, anna).await["findings"]), ["own"]);
}

/// Neither a code nor service without one leaves a line of its own in the audit of an account.
#[tokio::test]
async fn a_device_that_has_not_heard_of_service_is_behind() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    let stock = shop.desk.lease(world, 120).await;
    shop.redeem(&stock.code(0, 1), 1).await.expect(200);
    let anna = AccountId::from_bytes([1; 16]);
    let heard = async || {
        world.clock.advance_ms(60_000);
        shop.desk.call(world, "GET", "/api/v1/sync/pull", Vec::new()).await.expect(200);
        assert_eq!(kinds(&sight(world, shop.reseller, anna).await["findings"]), ["own"]);
        world.clock.advance_ms(1);
    };
    heard().await;
    shop.redeem(&stock.code(0, 2), 1).await.expect(200);
    let seen = sight(world, shop.reseller, anna).await;
    assert_eq!(kinds(&seen["findings"]), ["own", "device_behind"]);
    assert_eq!(seen["findings"][1]["changed_at"], json!(world.app.now()));

    heard().await;
    let token = world.token("reseller", "shop").await;
    let body = json!({ "subscription_id": foreign(), "service": { "days": 30 } });
    world.post(&format!("/api/v1/reseller/accounts/{anna}/extend"), Some(&token), &body).await.expect(200);
    assert_eq!(kinds(&sight(world, shop.reseller, anna).await["findings"]), ["own", "device_behind"]);
}

#[tokio::test]
async fn what_keeps_an_account_out_of_sight_is_named_with_who_moved_it() {
    let shop = Shop::with_credits(100).await;
    let world = &shop.world;
    let anna = account(&shop, "anna").await;
    let [above, beside] = [shop.reseller, world.add_reseller("beside", None).await];
    let below = world.add_reseller("below", Some(above)).await;
    let admin = world.staff_token(StaffRole::Admin).await;
    let give = async |to: ResellerId, reason: &str| {
        world.clock.advance_ms(1);
        let body = json!({ "reseller_id": to, "reason": reason });
        world.post(&format!("/api/v1/admin/accounts/{anna}/transfer"), Some(&admin), &body).await.expect(200);
    };
    give(below, "Its own shop now").await;
    let seen = sight(world, above, anna).await;
    assert_eq!(
        (&seen["sees"], &seen["findings"][0]),
        (&json!(true), &json!({ "kind": "below", "company": "Company of below" }))
    );
    give(beside, "The customer moved").await;
    let seen = sight(world, below, anna).await;
    assert_eq!((&seen["sees"], kinds(&seen["findings"])), (&json!(false), vec!["elsewhere", "given_away"]));
    assert_eq!(seen["findings"][0]["reseller_id"], json!(beside));
    assert_eq!(seen["findings"][1]["reason"], "The customer moved");
    assert_eq!(seen["findings"][1]["by"], "staff-admin");
    // Nobody took it from one that never had it.
    let stranger = world.add_reseller("stranger", None).await;
    assert_eq!(kinds(&sight(world, stranger, anna).await["findings"]), ["elsewhere"]);
    change(world, "UPDATE account SET reseller_id = NULL").await;
    assert_eq!(kinds(&sight(world, stranger, anna).await["findings"]), ["unassigned"]);
    let missing = ask(world, &format!("resellers/{above}/sight/{}", foreign())).await;
    assert_eq!(missing.expect(404).code(), "not_found");
    let missing = ask(world, &format!("resellers/{}/sight/{anna}", foreign())).await;
    assert_eq!(missing.expect(404).code(), "not_found");
}

#[tokio::test]
async fn all_that_hides_an_own_account_is_told_at_once() {
    let shop = Shop::with_credits(100).await;
    let world = &shop.world;
    let anna = account(&shop, "anna").await;
    let admin = world.staff_token(StaffRole::Admin).await;
    let grants: Vec<_> = Grant::ALL.iter().filter(|grant| **grant != Grant::ViewAccounts).collect();
    let body = json!({ "version": 0, "permissions": { "grants": grants, "max_connections": 3 } });
    let path = format!("/api/v1/admin/resellers/{}/permissions", shop.reseller);
    world.put(&path, Some(&admin), &body).await.expect(200);
    change(world, "UPDATE reseller SET status = 'suspended'").await;
    change(world, "UPDATE account SET status = 'archived'").await;
    let seen = sight(world, shop.reseller, anna).await;
    assert_eq!(seen["sees"], false);
    assert_eq!(kinds(&seen["findings"]), ["own", "archived", "reseller_not_active", "not_granted"]);
    assert_eq!(seen["findings"][2]["status"], "suspended");
}

async fn trace(world: &World, reference: &str) -> Value {
    ask(world, &format!("commissions/trace/{reference}")).await.expect(200).body
}

#[tokio::test]
async fn a_commission_is_traced_from_the_code_or_the_account() {
    let trade = Trade::new().await;
    let world = &trade.world;
    let id: CodeId = mint(world.app.now());
    let body = json!({ "code_id": id, "plan_id": trade.plans[0] });
    let made = world.post("/api/v1/reseller/codes", Some(&trade.owner), &body).await.expect(200);
    let serial = made.text("/row/serial");
    let outcome = async |reference: &str| trace(world, reference).await["sales"][0]["outcome"].clone();
    assert_eq!(outcome(&serial).await, json!({ "kind": "not_activated", "state": "sold" }));

    let redeemed = redeem(world, &made.text("/code"), 1).await.expect(200);
    assert_eq!(outcome(&serial.to_lowercase()).await["kind"], "waiting");
    trade.accrue().await;
    let traced = trace(world, &serial).await;
    let sale = &traced["sales"][0];
    assert_eq!((&sale["outcome"]["kind"], &sale["seller"]), (&json!("earned"), &json!("Company of seller")));
    let shares = sale["outcome"]["shares"].as_array().expect("shares");
    let told: Vec<_> = shares.iter().map(|one| (one["company"].as_str(), one["amount"]["value"].as_i64())).collect();
    assert_eq!(told, [(Some("Company of seller"), Some(200)), (Some("Company of upline"), Some(50))]);

    // The account that it opened leads to the same sale.
    let username = redeemed.text("/username");
    let traced = trace(world, &username.to_uppercase()).await;
    assert_eq!((&traced["reference"], &traced["sales"][0]["reference"]), (&json!(username), &json!(serial)));
    let missing = ask(world, "commissions/trace/nobody").await.expect(404);
    assert!(missing.text("/detail").contains("\"nobody\""), "{}", missing.body);
}

#[tokio::test]
async fn what_earns_nothing_says_why() {
    let trade = Trade::new().await;
    let world = &trade.world;
    // What was sold before commission was kept has neither shares nor any that are due.
    trade.activate(1, 1).await;
    change(world, "DELETE FROM commission_due").await;
    // Paid in credits; and given by the operator.
    let wholesale = world.add_reseller("wholesale", None).await;
    fund(world, wholesale, 100).await;
    let token = world.token("reseller", "wholesale").await;
    for (username, token, gift) in [("paid-in-credits", &token, false), ("a-gift", &trade.admin, true)] {
        world.clock.advance_ms(1);
        let mut body = json!({ "account_id": mint::<AccountId>(world.app.now()), "plan_id": trade.plans[0],
            "username": username });
        let mut path = "/api/v1/reseller/accounts";
        if gift {
            (body["gift"], body["reseller_id"], path) = (json!(true), json!(wholesale), "/api/v1/admin/accounts");
        }
        world.post(path, Some(token), &body).await.expect(200);
    }
    let first = |traced: Value| traced["sales"][0]["outcome"]["kind"].as_str().unwrap_or_default().to_owned();
    assert_eq!(first(trace(world, "paid-in-credits").await), "wholesale");
    assert_eq!(first(trace(world, "a-gift").await), "free");
    let mut reader = world.app.reader().await.expect("reader");
    let serial: String =
        sqlx::query_scalar::<Db, String>("SELECT serial FROM code").fetch_one(&mut *reader).await.expect("a code");
    assert_eq!(first(trace(world, &serial).await), "before_commission");
}

#[tokio::test]
async fn the_payments_of_an_account_are_traced_with_what_was_sold_to_it() {
    let trade = Trade::new().await;
    let world = &trade.world;
    trade.activate(1, 1).await;
    let pay = async |paid_for: &str, collected_by: &str, completed: bool| {
        world.clock.advance_ms(1);
        let body = json!({ "payment_id": mint::<PaymentId>(world.app.now()), "account_id": Uuid::from_bytes([1; 16]),
            "amount": { "value": 1_000, "unit": "EUR" }, "method": "cash", "paid_for": paid_for,
            "collected_by": collected_by, "paid_on": "2026-11-21", "reference": "", "note": "",
            "completed": completed });
        world.post("/api/v1/admin/payments", Some(&trade.finance), &body).await.expect(200);
    };
    pay("sale", "reseller", true).await;
    pay("service", "operator", false).await;
    pay("service", "operator", true).await;
    trade.accrue().await;
    let account = world.get(&format!("/api/v1/admin/accounts/{}", Uuid::from_bytes([1; 16])), Some(&trade.admin)).await;
    let traced = trace(world, &account.expect(200).text("/username")).await;
    let told: Vec<_> = traced["sales"]
        .as_array()
        .expect("sales")
        .iter()
        .map(|sale| (sale["source"].as_str(), sale["outcome"]["kind"].as_str()))
        .collect();
    let payment = |kind| (Some("payment"), Some(kind));
    let expected = [payment("earned"), payment("not_completed"), payment("noted"), (Some("code"), Some("earned"))];
    assert_eq!(told, expected);
}

async fn standing(world: &World, application: Uuid) -> Value {
    ask(world, &format!("applications/{application}/standing")).await.expect(200).body
}

async fn apply(world: &World, n: u128) -> Uuid {
    let id = Uuid::from_u128(n);
    let body = json!({ "application_id": id, "name": "Sam Sample", "email": format!("sam{n}@example.org"),
        "phone": "+49 30 5550100", "password": PASSWORD, "business_name": "Corner Shop", "address": "1 Long Road",
        "kind": "company", "expected_customers": 40, "terms_accepted": true });
    world.post("/api/v1/reseller/signup", None, &body).await.expect(200);
    id
}

#[tokio::test]
async fn an_application_tells_what_its_reseller_still_needs() {
    let world = World::new().await;
    let admin = world.staff_token(StaffRole::Admin).await;
    let id = apply(&world, 1).await;
    assert_eq!(kinds(&standing(&world, id).await["findings"]), ["waiting"]);
    let shop: ResellerId = mint(world.app.now());
    let body = json!({ "reseller_id": shop, "username": "corner", "settlement_mode": "wholesale",
        "rate": { "kind": "by_tier" }, "credit_limit": 0, "notes": "" });
    world.post(&format!("/api/v1/admin/applications/{id}/approve"), Some(&admin), &body).await.expect(200);
    let missing = standing(&world, id).await;
    assert_eq!((&missing["state"], &missing["business_name"]), (&json!("approved"), &json!("Corner Shop")));
    let expected = ["approved", "never_signed_in", "nothing_to_sell", "no_credit", "no_device"];
    assert_eq!(kinds(&missing["findings"]), expected);
    assert_eq!(missing["findings"][1]["username"], "corner");

    add_plans(&world).await;
    fund(&world, shop, 90).await;
    let token = world.token("reseller", "corner").await;
    assert_eq!(kinds(&standing(&world, id).await["findings"]), ["approved", "no_device"]);
    Desk::enrol(&world, &token, 1).await;
    assert_eq!(kinds(&standing(&world, id).await["findings"]), ["approved", "sells"]);
    change(&world, "UPDATE reseller SET status = 'inactive'").await;
    assert_eq!(kinds(&standing(&world, id).await["findings"]), ["approved", "reseller_not_active"]);
}

#[tokio::test]
async fn an_application_that_cannot_be_approved_or_was_rejected_says_why() {
    let world = World::new().await;
    let admin = world.staff_token(StaffRole::Admin).await;
    let id = apply(&world, 1).await;
    // Its address is free when it applies, and somebody gives it to a reseller afterwards.
    world.add_reseller("sam1", None).await;
    let stuck = standing(&world, id).await;
    assert_eq!(kinds(&stuck["findings"]), ["waiting", "email_taken"]);
    assert_eq!(stuck["findings"][1]["company"], "Company of sam1");
    let reason = json!({ "reason": "We know you already" });
    world.post(&format!("/api/v1/admin/applications/{id}/reject"), Some(&admin), &reason).await.expect(200);
    let rejected = standing(&world, id).await;
    assert_eq!(kinds(&rejected["findings"]), ["rejected"]);
    assert_eq!(rejected["findings"][0]["reason"], "We know you already");
    assert_eq!(ask(&world, &format!("applications/{}/standing", foreign())).await.expect(404).code(), "not_found");
}
