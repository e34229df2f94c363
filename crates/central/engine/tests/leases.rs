//! Enrolment and leases: who may have one, what it takes from the wallet, and what comes back.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{DeviceId, LeaseId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_domain::time::Timestamp;
use ed25519_dalek::SigningKey;
use serde_json::json;

use super::desk::{Desk, Shop, add_plans, enrolment, fund, outcomes, redeem, stock};
use super::proof::{count, prove};
use super::world::{Answer, START, World};
use crate::engine::jobs;

fn lease_id(byte: u8) -> LeaseId {
    LeaseId::from_bytes([byte; 16])
}

#[tokio::test]
async fn enrolling_again_with_the_same_keys_is_answered_and_with_others_refused() {
    let shop = Shop::with_credits(0).await;
    let token = shop.world.token("reseller", "shop").await;
    let (id, key): (DeviceId, _) = (mint(START), SigningKey::from_bytes(&[7; 32]));
    let enrol =
        async |key: &SigningKey| shop.world.post("/api/v1/sync/devices", Some(&token), &enrolment(id, key)).await;
    let first = enrol(&key).await.expect(200);
    assert_eq!(enrol(&key).await.expect(200).body["central_key"], first.body["central_key"]);
    assert_eq!(first.text("/reseller_id"), shop.reseller.to_string());
    assert_eq!(enrol(&SigningKey::from_bytes(&[8; 32])).await.expect(409).code(), "id_reused");
    let mut bad = enrolment(mint(START), &key);
    bad["signing_key"] = "AAAA".into();
    bad["name"] = " ".into();
    let refused = shop.world.post("/api/v1/sync/devices", Some(&token), &bad).await.expect(422);
    assert_eq!(
        (refused.text("/fields/0/field").as_str(), refused.text("/fields/1/field").as_str()),
        ("name", "signing_key")
    );
}

#[tokio::test]
async fn only_the_device_itself_is_heard_and_every_refusal_is_the_same() {
    let shop = Shop::with_credits(1_000).await;
    let token = shop.world.token("reseller", "shop").await;
    let other = Desk::enrol(&shop.world, &token, 2).await;
    let pull = "/api/v1/sync/pull";
    shop.desk.call(&shop.world, "GET", pull, Vec::new()).await.expect(200);
    let forged = other.call_as(&shop.world, shop.desk.id, "GET", pull, None, Vec::new()).await.expect(401);
    let unknown = other.call_as(&shop.world, mint(START), "GET", pull, None, Vec::new()).await.expect(401);
    let unsigned = shop.world.get(pull, Some(&token)).await.expect(401);
    assert_eq!((&forged.body, &unknown.body), (&unsigned.body, &unsigned.body));
    assert_eq!(forged.code(), "invalid_signature");
}

#[tokio::test]
async fn a_lease_is_granted_once_and_exactly() {
    let shop = Shop::with_credits(1_000).await;
    let first = shop.desk.ask_lease(&shop.world, lease_id(1), Some(365), Some(64)).await.expect(200);
    let again = shop.desk.ask_lease(&shop.world, lease_id(1), Some(365), Some(64)).await.expect(200);
    for same in ["lease_id", "number", "blob", "version"] {
        assert_eq!(first.body[same], again.body[same], "{same}");
    }
    let lease = stock(&shop.world, &first);
    assert_eq!((lease.terms.amount, lease.terms.max_codes, lease.terms.slots.len()), (365, 64, 2));
    assert_eq!(
        lease.terms.slots.iter().map(|s| (s.slot, s.cost, s.price)).collect::<Vec<_>>(),
        [(0, 30, 1_000), (1, 90, 2_500)]
    );
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM candidate").await, 128);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM transfer WHERE kind = 'lease_grant'").await, 1);

    let token = shop.world.token("reseller", "shop").await;
    let other = Desk::enrol(&shop.world, &token, 2).await;
    assert_eq!(other.ask_lease(&shop.world, lease_id(1), None, None).await.expect(409).code(), "id_reused");

    // Central chooses: of two tills each has a half of what is there, in whole months. Two are the most.
    let second = shop.desk.ask_lease(&shop.world, lease_id(2), None, None).await.expect(200);
    assert_eq!(stock(&shop.world, &second).terms.amount, 330);
    assert_eq!(shop.desk.ask_lease(&shop.world, lease_id(3), None, None).await.expect(409).code(), "lease_limit");
    let rest = other.ask_lease(&shop.world, lease_id(4), None, None).await.expect(200);
    assert_eq!(stock(&shop.world, &rest).terms.amount, 180);
    for (amount, codes, field) in
        [(Some(5), None, "amount"), (None, Some(0), "max_codes"), (None, Some(5_000), "max_codes")]
    {
        let refused = other.ask_lease(&shop.world, lease_id(5), amount, codes).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), field);
    }
    prove(&shop.world).await;
}

#[tokio::test]
async fn the_first_till_leaves_something_to_the_next_and_a_refusal_uses_up_no_number() {
    let shop = Shop::with_credits(120).await;
    let world = &shop.world;
    let first = shop.desk.ask_lease(world, lease_id(1), None, None).await.expect(200);
    // As long as it is the only one it has a code of each plan, and no more than that.
    assert_eq!(stock(world, &first).terms.amount, 90);
    let token = world.token("reseller", "shop").await;
    let other = Desk::enrol(world, &token, 2).await;
    let second = other.ask_lease(world, lease_id(2), None, None).await.expect(200);
    assert_eq!(stock(world, &second).terms.amount, 30);

    for _ in 0..3 {
        let refused = other.ask_lease(world, lease_id(3), None, None).await.expect(409);
        assert_eq!(refused.code(), "insufficient_credit");
    }
    fund(world, shop.reseller, 300).await;
    let third = other.ask_lease(world, lease_id(3), None, None).await.expect(200);
    assert_eq!(stock(world, &third).terms.amount, 150);
    let number = |answer: &Answer| answer.body["number"].as_i64().expect("a number");
    assert_eq!(number(&third), number(&second) + 1);
    prove(world).await;
}

#[tokio::test]
async fn a_lease_of_a_reseller_on_share_holds_money() {
    let world = World::new().await;
    add_plans(&world).await;
    let reseller = world.add_reseller_of(world.operator, "sharer", None, SettlementMode::Share).await;
    fund(&world, reseller, 20_000).await;
    let token = world.token("reseller", "sharer").await;
    let mut desk = Desk::enrol(&world, &token, 1).await;
    let lease = desk.lease(&world, 5_000).await;
    assert_eq!(lease.terms.slots.iter().map(|s| s.cost).collect::<Vec<_>>(), [1_000, 2_500]);
    desk.sell(&lease, 1, 1, 2);
    assert_eq!(outcomes(&desk.push(&world).await), ["applied"]);
    let refused = desk.ask_lease(&world, lease_id(9), Some(15_001), None).await.expect(409);
    assert_eq!(
        refused.text("/detail"),
        "You need 150.01 EUR for this lease, but you only have 150.00 EUR. Top up the wallet or ask for a smaller lease."
    );
    // A suggested amount is worth a year in the dearest plan, where a half of the wallet is more than that.
    fund(&world, reseller, 20_000).await;
    let suggested = desk.ask_lease(&world, lease_id(9), None, None).await.expect(200);
    assert_eq!(stock(&world, &suggested).terms.amount, 365 * 1_000 / 30);
    prove(&world).await;
}

#[tokio::test]
async fn closing_gives_back_exactly_what_was_not_used() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    shop.desk.sell(&lease, 0, 1, 2);
    // Number 3 was given out and lost in a rollback: 30 stay until the time to settle is over.
    shop.desk.close(&lease, 3, 90);
    assert_eq!(outcomes(&shop.desk.push(&shop.world).await), ["applied", "applied"]);
    let books = shop.balance().await;
    assert_eq!((books.available, books.reserved, books.spent), (910, 30, 60));
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM candidate").await, 6);
    prove(&shop.world).await;

    assert_eq!(redeem(&shop.world, &lease.code(0, 4), 1).await.expect(404).code(), "code_unknown");
    redeem(&shop.world, &lease.code(0, 3), 2).await.expect(200);
    assert_eq!(shop.balance().await.reserved, 0);
    shop.desk.close(&lease, 3, 90);
    assert_eq!(outcomes(&shop.desk.push(&shop.world).await), ["rejected close_refused"]);
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_number_seen_above_the_last_one_shows_a_copy_also_after_the_close() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    // A copy of the device sold number 5; the device itself closes at 2.
    redeem(&shop.world, &lease.code(0, 5), 1).await.expect(200);
    shop.desk.close(&lease, 2, 60);
    assert_eq!(outcomes(&shop.desk.push(&shop.world).await), ["applied"]);
    assert_eq!(redeem(&shop.world, &lease.code(1, 5), 2).await.expect(409).code(), "code_revoked");
    assert_eq!(redeem(&shop.world, &lease.code(0, 6), 3).await.expect(404).code(), "code_unknown");
    prove(&shop.world).await;
}

#[tokio::test]
async fn time_releases_escrow_and_then_the_codes_themselves() {
    let mut shop = Shop::with_credits(400).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    shop.desk.sell(&lease, 0, 1, 3);
    shop.desk.push(&shop.world).await;
    redeem(&shop.world, &lease.code(0, 1), 1).await.expect(200);

    shop.world.clock.set(START.plus_days(60).plus_ms(1));
    let other = shop.world.app.clone();
    // Several processes at once, and again: it happens once.
    tokio::join!(jobs::run_once(&shop.world.app), jobs::run_once(&other));
    jobs::run_once(&shop.world.app).await;
    let books = shop.balance().await;
    assert_eq!((books.available, books.reserved, books.spent), (310, 0, 90));
    prove(&shop.world).await;

    // An unseen code is now a late claim on the wallet.
    redeem(&shop.world, &lease.code(1, 9), 2).await.expect(200);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM code WHERE flagged").await, 1);
    assert_eq!(shop.balance().await.available, 220);

    shop.world.clock.set(START.plus_days(365).plus_ms(1));
    assert_eq!(redeem(&shop.world, &lease.code(0, 2), 3).await.expect(409).code(), "code_expired");
    assert_eq!(redeem(&shop.world, &lease.code(0, 50), 3).await.expect(409).code(), "code_expired");
    jobs::run_once(&shop.world.app).await;
    // Two were sold and never used: what they cost is released.
    let books = shop.balance().await;
    assert_eq!((books.available, books.reserved, books.spent), (280, 0, 120));
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM candidate").await, 4);
    assert_eq!(redeem(&shop.world, &lease.code(0, 2), 3).await.expect(409).code(), "code_expired");
    assert_eq!(redeem(&shop.world, &lease.code(0, 50), 3).await.expect(404).code(), "code_unknown");
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_theft_that_is_noticed_late_stops_what_is_still_unseen() {
    let shop = Shop::with_credits(400).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    shop.world.clock.set(START.plus_days(60).plus_ms(1));
    jobs::run_once(&shop.world.app).await;
    assert_eq!(shop.balance().await.reserved, 0);
    // The lease is over, and its codes are claims on the wallet, until somebody notices.
    redeem(&shop.world, &lease.code(0, 9), 1).await.expect(200);
    let support = shop.world.staff_token(StaffRole::Support).await;
    let path = format!("/api/v1/admin/leases/{}/revoke", lease.id());
    let theft = json!({ "cut": 9, "reason": "stolen" });
    assert_eq!(shop.world.post(&path, Some(&support), &theft).await.expect(200).text("/state"), "revoked");
    assert_eq!(redeem(&shop.world, &lease.code(0, 10), 2).await.expect(409).code(), "code_held");
    redeem(&shop.world, &lease.code(0, 8), 3).await.expect(200);
    jobs::run_once(&shop.world.app).await;
    let books = shop.balance().await;
    assert_eq!((books.available, books.reserved, books.spent), (340, 0, 60));
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_stolen_laptops_codes_are_held_above_the_cut_until_a_person_approves() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    let support = shop.world.staff_token(StaffRole::Support).await;
    let revoke = async |token: &str, cut: u32, id: LeaseId| {
        let path = format!("/api/v1/admin/leases/{id}/revoke");
        shop.world.post(&path, Some(token), &json!({ "cut": cut, "reason": "stolen" })).await
    };
    let auditor = shop.world.staff_token(StaffRole::Auditor).await;
    assert_eq!(revoke(&auditor, 2, lease.id()).await.expect(403).code(), "not_permitted");
    revoke(&support, 2, lease_id(77)).await.expect(404);
    assert_eq!(revoke(&support, 900, lease.id()).await.expect(422).text("/fields/0/field"), "cut");
    let revoked = revoke(&support, 2, lease.id()).await.expect(200);
    assert_eq!((revoked.text("/state").as_str(), &revoked.body["cut"]), ("revoked", &json!(2)));
    revoke(&support, 2, lease.id()).await.expect(200);
    assert_eq!(revoke(&support, 3, lease.id()).await.expect(409).code(), "wrong_state");

    redeem(&shop.world, &lease.code(0, 1), 1).await.expect(200);
    let code = lease.code(0, 3);
    assert_eq!(redeem(&shop.world, &code, 3).await.expect(409).code(), "code_held");
    shop.desk.sell(&lease, 0, 1, 4);
    assert_eq!(outcomes(&shop.desk.push(&shop.world).await), ["held after_cut"]);
    let public = shop.world.get(&format!("/api/v1/public/codes/{code}"), None).await.expect(200);
    assert_eq!(public.text("/state"), "held");
    prove(&shop.world).await;

    // Money alone frees nothing; a person does.
    assert_eq!(fund(&shop.world, shop.reseller, 500).await, 0);
    let held = shop.world.get("/api/v1/admin/codes?state=held", Some(&support)).await.expect(200);
    let rows = held.body["items"].as_array().expect("rows").clone();
    let row = rows.iter().find(|row| row["seq"] == 3).expect("held code");
    assert_eq!((rows.len(), row["held_reason"].as_str()), (2, Some("after_cut")));
    let approve = format!("/api/v1/admin/codes/{}/approve", row["code_id"].as_str().expect("id"));
    let approved = shop.world.post(&approve, Some(&support), &json!({ "reason": "receipt seen" })).await.expect(200);
    assert_eq!(approved.text("/state"), "sold");
    redeem(&shop.world, &code, 3).await.expect(200);
    prove(&shop.world).await;

    // Its escrow goes back in time, and the cut goes on to hold.
    shop.world.clock.set(Timestamp(START.plus_days(60).0 + 1));
    jobs::run_once(&shop.world.app).await;
    assert_eq!(shop.balance().await.reserved, 0);
    assert_eq!(redeem(&shop.world, &lease.code(0, 9), 4).await.expect(409).code(), "code_held");
    prove(&shop.world).await;
}
