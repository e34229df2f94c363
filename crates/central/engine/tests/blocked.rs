//! A machine that is lost is blocked by its shop: it hears nothing any more, and no credit moves.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::DeviceId;
use counterfoil_domain::permission::StaffRole;
use counterfoil_wire::leases::{PresentLeases, PresentedLease, RequestLease};
use counterfoil_wire::problem::Code;
use ed25519_dalek::SigningKey;
use serde_json::json;

use super::desk::{Desk, Shop, enrolment};
use super::proof::{count, prove};
use super::restoring::epoch;
use super::world::{PASSWORD, START, foreign};
use crate::engine::{device, lease, push};

const DEVICES: &str = "/api/v1/reseller/devices";

#[tokio::test]
async fn an_owner_blocks_a_lost_machine_and_no_credit_moves() {
    let mut shop = Shop::with_credits(1_000).await;
    let stock = shop.desk.lease(&shop.world, 365).await;
    shop.desk.sell(&stock, 0, 1, 1);
    let before = shop.balance().await;
    let owner = shop.world.token("reseller", "shop").await;
    let thief = shop.world.sign_in("reseller", "shop", PASSWORD).await.expect(200);
    let listed = shop.world.get(DEVICES, Some(&owner)).await.expect(200);
    let id = listed.text("/items/0/device_id");
    let path = format!("{DEVICES}/{id}/block");
    let refused = shop.world.post(&path, Some(&owner), &json!({ "reason": " " })).await.expect(422);
    assert_eq!(refused.text("/fields/0/field"), "reason");
    let lost = json!({ "reason": "stolen from the counter" });
    for _ in 0..2 {
        let blocked = shop.world.post(&path, Some(&owner), &lost).await.expect(200);
        assert_eq!(blocked.text("/status"), "retired");
    }
    assert_eq!(shop.balance().await, before);

    let pulled = shop.desk.call(&shop.world, "GET", "/api/v1/sync/pull", Vec::new()).await.expect(403);
    assert_eq!(pulled.code(), "device_quarantined");
    shop.world.get("/api/v1/me", Some(&thief.text("/access_token"))).await.expect(401);
    shop.world.refresh(&thief.text("/refresh_token")).await.expect(401);
    shop.world.get("/api/v1/me", Some(&owner)).await.expect(200);
    // What was handed to a customer before is good: that is why the shop cannot take its lease back by itself.
    shop.redeem(&stock.code(0, 1), 1).await.expect(200);
    let open = "SELECT COUNT(*) FROM lease WHERE state = 'open'";
    assert_eq!(count(&shop.world, open).await, 1);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM incident WHERE kind = 'device_blocked'").await, 1);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM audit WHERE action = 'device.block'").await, 1);
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_blocked_machine_is_not_enrolled_again_and_anothers_is_nobodys() {
    let shop = Shop::with_credits(0).await;
    shop.world.add_reseller("other", None).await;
    let owner = shop.world.token("reseller", "shop").await;
    let stranger = shop.world.token("reseller", "other").await;
    let (id, key): (DeviceId, _) = (mint(START), SigningKey::from_bytes(&[7; 32]));
    let enrol = async |token: &str| shop.world.post("/api/v1/sync/devices", Some(token), &enrolment(id, &key)).await;
    enrol(&owner).await.expect(200);
    let lost = json!({ "reason": "lost" });
    let path = format!("{DEVICES}/{id}/block");
    let foreign_one = shop.world.post(&path, Some(&stranger), &lost).await.expect(404);
    let unknown = shop.world.post(&format!("{DEVICES}/{}/block", foreign()), Some(&stranger), &lost).await.expect(404);
    assert_eq!(foreign_one.text("/detail"), unknown.text("/detail"));
    assert_eq!(shop.world.get(DEVICES, Some(&stranger)).await.expect(200).body["items"], json!([]));
    let staff = shop.world.staff_token(StaffRole::Support).await;
    shop.world.post(&format!("/api/v1/admin/devices/{id}/block"), Some(&staff), &lost).await.expect(200);
    // Staff are no member of the shop: all of its people sign in again.
    shop.world.get("/api/v1/me", Some(&owner)).await.expect(401);
    let owner = shop.world.token("reseller", "shop").await;
    assert_eq!(enrol(&owner).await.expect(403).code(), "device_quarantined");
}

#[tokio::test]
async fn staff_list_and_block_the_operators_own_machines() {
    let shop = Shop::with_credits(0).await;
    let boss = shop.world.staff_token(StaffRole::SuperAdmin).await;
    let colleague = shop.world.staff_token(StaffRole::Support).await;
    let owner = shop.world.token("reseller", "shop").await;
    let desk = Desk::enrol(&shop.world, &boss, 3).await;
    let listed = shop.world.get("/api/v1/admin/devices?of_staff=true", Some(&boss)).await.expect(200);
    assert_eq!(listed.body["items"].as_array().expect("items").len(), 1, "{}", listed.body);
    assert_eq!(listed.text("/items/0/device_id"), desk.id.to_string());
    desk.call(&shop.world, "GET", "/api/v1/sync/pull", Vec::new()).await.expect(200);

    let path = format!("/api/v1/admin/devices/{}/block", desk.id);
    shop.world.post(&path, Some(&boss), &json!({ "reason": "left with a colleague" })).await.expect(200);
    let pulled = desk.call(&shop.world, "GET", "/api/v1/sync/pull", Vec::new()).await.expect(403);
    assert_eq!(pulled.code(), "device_quarantined");
    shop.world.get("/api/v1/me", Some(&colleague)).await.expect(401);
    for other in [&boss, &owner] {
        shop.world.get("/api/v1/me", Some(other)).await.expect(200);
    }
}

#[tokio::test]
async fn a_machine_that_is_blocked_while_it_asks_gets_nothing() {
    let mut shop = Shop::with_credits(1_000).await;
    let stock = shop.desk.lease(&shop.world, 300).await;
    shop.desk.sell(&stock, 0, 1, 1);
    let (app, epoch) = (&shop.world.app, epoch(&shop.world).await);
    // As it was when its signature was checked.
    let mut work = app.begin(shop.world.operator).await.expect("begun");
    let asks = device::lock(&mut work, shop.desk.id).await.expect("the device");
    work.commit().await.expect("committed");
    let owner = shop.world.token("reseller", "shop").await;
    let path = format!("{DEVICES}/{}/block", shop.desk.id);
    shop.world.post(&path, Some(&owner), &json!({ "reason": "stolen" })).await.expect(200);
    let before = shop.balance().await;

    let request = RequestLease { lease_id: mint(START), amount: Some(60), max_codes: None, granted_before: false };
    let granted = lease::grant(app, &asks, &request).await.map(|_| ()).map_err(Failure::from);
    let pushed = push::push(app, &asks, &shop.desk.request(None)).await.map(|_| ());
    let leases = vec![PresentedLease { number: 1, blob: String::new() }];
    let presented = lease::present(app, &asks, &PresentLeases { epoch, leases }).await.map(|_| ());
    for answer in [granted, pushed, presented] {
        assert_eq!(answer.expect_err("it is blocked").code(), Code::DeviceQuarantined);
    }
    assert_eq!(shop.balance().await, before);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM device_op").await, 0);
    prove(&shop.world).await;
}
