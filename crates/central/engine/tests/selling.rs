//! A sale, end to end: enrol, lease, sell offline, redeem before and after the sync.

use serde_json::json;

use super::desk::{Desk, Shop, outcomes, redeem};
use super::proof::{count, prove};

#[tokio::test]
async fn a_code_sold_offline_is_redeemed_before_its_sale_arrives() {
    let mut shop = Shop::with_credits(1_000).await;
    let stock = shop.desk.lease(&shop.world, 365).await;
    assert_eq!((shop.balance().await.available, shop.balance().await.reserved), (635, 365));
    shop.desk.sell(&stock, 0, 1, 2);

    let first = shop.redeem(&stock.code(0, 1), 1).await.expect(200);
    assert_eq!((first.body["repeated"].as_bool(), first.text("/last_day").as_str()), (Some(false), "2026-12-21"));
    assert!(!first.text("/password").is_empty() && !first.text("/token").is_empty());
    let again = shop.redeem(&stock.code(0, 1).to_lowercase().replace('-', " "), 1).await.expect(200);
    assert_eq!(again.body["repeated"], true);
    assert_eq!(again.body["password"], first.body["password"]);
    assert_eq!(shop.redeem(&stock.code(0, 1), 2).await.expect(409).code(), "already_activated");
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM code WHERE sold_at IS NOT NULL").await, 0);

    let answer = shop.desk.push(&shop.world).await;
    assert_eq!(outcomes(&answer), ["applied"]);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM code WHERE sold_at IS NOT NULL").await, 2);
    let activated = "SELECT COUNT(*) FROM code WHERE state = 'activated' AND customer_email = 'ada@example.org'";
    assert_eq!(count(&shop.world, activated).await, 1);
    let books = shop.balance().await;
    assert_eq!((books.available, books.reserved, books.spent), (635, 305, 60));

    shop.redeem(&stock.code(0, 2), 2).await.expect(200);
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_second_code_extends_the_account_by_user_name() {
    let shop = Shop::with_credits(1_000).await;
    let stock = shop.desk.lease(&shop.world, 365).await;
    let first = shop.redeem(&stock.code(0, 1), 1).await.expect(200);
    let body = json!({ "code": stock.code(1, 2), "username": first.text("/username"),
        "account_id": uuid::Uuid::from_bytes([9; 16]) });
    let second = shop.world.post("/api/v1/public/activations", None, &body).await.expect(200);
    assert_eq!(second.text("/last_day"), "2027-03-21");
    assert!(second.body.get("password").is_none() && second.body.get("token").is_none());
    assert_eq!(second.body["account_id"], first.body["account_id"]);
    let again = shop.world.post("/api/v1/public/activations", None, &body).await.expect(200);
    assert_eq!((&again.body["repeated"], again.text("/last_day").as_str()), (&json!(true), "2027-03-21"));

    let nobody = json!({ "code": stock.code(0, 3), "username": "nobody", "account_id": uuid::Uuid::nil() });
    let refused = shop.world.post("/api/v1/public/activations", None, &nobody).await.expect(422);
    assert_eq!(refused.text("/fields/0/field"), "username");
    // The code is as good as before.
    shop.redeem(&stock.code(0, 3), 3).await.expect(200);

    let token = first.text("/token");
    let shown = shop.world.get(&format!("/api/v1/public/subscriptions/{token}"), None).await.expect(200);
    assert_eq!((shown.text("/status").as_str(), shown.text("/last_day").as_str()), ("active", "2027-03-21"));
    shop.world.get("/api/v1/public/subscriptions/nonsense", None).await.expect(404);
    prove(&shop.world).await;
}

#[tokio::test]
async fn two_devices_sell_until_both_leases_are_empty_and_no_further() {
    let shop = Shop::with_credits(120).await;
    let token = shop.world.token("reseller", "shop").await;
    let mut desks = [shop.desk.clone(), Desk::enrol(&shop.world, &token, 2).await];
    let mut leases = Vec::new();
    for desk in &desks {
        leases.push(desk.lease(&shop.world, 60).await);
    }
    let refused =
        desks[0].ask_lease(&shop.world, counterfoil_domain::ids::LeaseId::from_bytes([5; 16]), Some(60), None);
    let refused = refused.await.expect(409);
    assert_eq!(refused.code(), "insufficient_credit");
    assert_eq!(
        refused.text("/detail"),
        "You need 60 credits for this lease, but you only have 0. Buy more credits or ask for a smaller lease."
    );
    for (desk, lease) in desks.iter_mut().zip(&leases) {
        desk.sell(lease, 0, 1, 1);
        desk.sell(lease, 0, 2, 2);
        // A tampered device sells a third one that nothing covers.
        desk.sell(lease, 0, 3, 3);
        assert_eq!(outcomes(&desk.push(&shop.world).await), ["applied", "applied", "held no_credit"]);
        shop.world.clock.advance_ms(1_000);
    }
    assert_eq!(redeem(&shop.world, &leases[0].code(0, 3), 7).await.expect(409).code(), "code_held");
    prove(&shop.world).await;

    // The next top-up frees them, oldest first, and no further than it reaches.
    assert_eq!(super::desk::fund(&shop.world, shop.reseller, 45).await, 1);
    redeem(&shop.world, &leases[0].code(0, 3), 7).await.expect(200);
    assert_eq!(redeem(&shop.world, &leases[1].code(0, 3), 8).await.expect(409).code(), "code_held");
    prove(&shop.world).await;
}
