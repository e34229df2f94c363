//! The operation log: each operation answered once, whatever the network repeats, and forks caught.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::oplog::{LogHead, Lost, OpBody};
use counterfoil_wire::push::PushRequest;
use serde_json::json;

use super::desk::{Shop, outcomes};
use super::proof::{count, prove};
use super::world::START;

#[tokio::test]
async fn a_repeated_or_overlapping_push_is_answered_as_before() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    shop.desk.sell(&lease, 0, 1, 1);
    shop.desk.sell(&lease, 0, 2, 2);
    let first = shop.desk.request(None);
    let answer = shop.desk.push_request(&shop.world, &first).await.expect(200);
    let again = shop.desk.push_request(&shop.world, &first).await.expect(200);
    assert_eq!(answer.body["results"], again.body["results"]);

    shop.desk.void(&lease, 1);
    shop.desk.void(&lease, 1);
    let overlap = shop.desk.push(&shop.world).await;
    assert_eq!(outcomes(&overlap), ["applied", "applied", "applied", "rejected already_voided"]);
    assert_eq!(overlap.results[0].version, answer.body["results"][0]["version"].as_i64().expect("version"));
    assert!(overlap.results[2].version > overlap.results[1].version);
    let books = shop.balance().await;
    assert_eq!((books.available, books.reserved, books.spent), (665, 305, 30));
    prove(&shop.world).await;

    let tail = shop.desk.call(&shop.world, "GET", "/api/v1/sync/log?after=1", Vec::new()).await.expect(200);
    assert_eq!(tail.body["ops"].as_array().map(Vec::len), Some(3));
    assert_eq!(tail.body["head"]["hash"], tail.body["ops"][2]["hash"]);
    assert_eq!(tail.body["ops"][2]["result"]["code"], "already_voided");
}

#[tokio::test]
async fn a_refusal_is_an_answer_and_the_log_goes_on() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    let mut stranger = lease.clone();
    stranger.terms.lease_id = counterfoil_domain::ids::LeaseId::from_bytes([3; 16]);
    shop.desk.log_raw("{ not an operation".to_owned());
    shop.desk.log_raw(json!({ "schema": 1, "kind": "sale" }).to_string());
    shop.desk.sell(&stranger, 0, 1, 1);
    shop.desk.sell(&lease, 0, 128, 129);
    shop.desk.sell(&lease, 0, 2, 1);
    shop.desk.void(&lease, 1);
    shop.desk.close(&lease, 1, 9_999);
    shop.desk.sell(&lease, 0, 1, 1);
    // The same number sold as another plan: proof of a copy.
    shop.desk.sell(&lease, 1, 1, 2);
    shop.desk.sell(&lease, 1, 2, 2);
    assert_eq!(
        outcomes(&shop.desk.push(&shop.world).await),
        [
            "rejected malformed",
            "rejected malformed",
            "rejected lease_unknown",
            "rejected outside_lease",
            "rejected outside_lease",
            "rejected code_unknown",
            "rejected close_refused",
            "applied",
            "rejected fork",
            "applied",
        ]
    );
    let incidents = "SELECT COUNT(*) FROM incident WHERE kind = 'number_in_two_plans'";
    assert_eq!(count(&shop.world, incidents).await, 1);
    let books = shop.balance().await;
    assert_eq!((books.reserved, books.spent), (245, 120));
    // Redeeming the plan that was not sold under that number is refused for good.
    assert_eq!(shop.redeem(&lease.code(1, 1), 1).await.expect(409).code(), "code_revoked");
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_second_copy_of_a_device_is_caught_and_frozen() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    let mut copy = shop.desk.clone();
    shop.desk.sell(&lease, 0, 1, 1);
    shop.desk.push(&shop.world).await;
    copy.sell(&lease, 1, 1, 1);
    let refused = copy.push_request(&shop.world, &copy.request(None)).await.expect(409);
    assert_eq!((refused.code(), &refused.body["head"]["seq"]), ("device_forked", &json!(1)));
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM incident WHERE kind = 'log_fork'").await, 1);

    shop.desk.sell(&lease, 0, 2, 2);
    let frozen = shop.desk.push_request(&shop.world, &shop.desk.request(None)).await.expect(403);
    assert_eq!(frozen.code(), "device_quarantined");
    let id = counterfoil_domain::ids::LeaseId::from_bytes([8; 16]);
    assert_eq!(shop.desk.ask_lease(&shop.world, id, None, None).await.expect(403).code(), "device_quarantined");
    shop.desk.call(&shop.world, "GET", "/api/v1/sync/pull", Vec::new()).await.expect(200);
    // A customer who bought honestly is not made to pay for it.
    shop.redeem(&lease.code(0, 2), 1).await.expect(200);
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_gap_is_told_and_a_loss_recorded() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    shop.desk.sell(&lease, 0, 1, 1);
    let behind = shop.desk.base;
    let ahead = PushRequest { base: shop.desk.head, lost: None, epoch: None, ops: Vec::new() };
    let gap = shop.desk.push_request(&shop.world, &ahead).await.expect(409);
    assert_eq!((gap.code(), &gap.body["head"]["seq"]), ("log_gap", &json!(0)));

    // Two operations were numbered and lost with the database; the keyring knows the head.
    shop.desk.sell(&lease, 0, 2, 2);
    let through: LogHead = shop.desk.forget_unsent();
    shop.desk.sell(&lease, 0, 3, 3);
    let request = PushRequest { base: behind, ..shop.desk.request(Some(Lost { through })) };
    let answer = shop.desk.push_request(&shop.world, &request).await.expect(200);
    assert_eq!((&answer.body["head"]["seq"], &answer.body["results"][0]["outcome"]), (&json!(3), &json!("applied")));
    shop.desk.push_request(&shop.world, &request).await.expect(200);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM device_op WHERE body IS NULL").await, 2);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM incident WHERE kind = 'operations_lost'").await, 1);
    // What was sold and lost is still good.
    shop.redeem(&lease.code(0, 1), 1).await.expect(200);
    prove(&shop.world).await;
}

#[tokio::test]
async fn operations_declared_lost_are_taken_when_another_backup_has_them() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    shop.desk.sell(&lease, 0, 1, 1);
    shop.desk.sell(&lease, 0, 2, 2);
    let found = shop.desk.request(None);
    let through = shop.desk.forget_unsent();
    shop.desk.sell(&lease, 0, 3, 3);
    let request = shop.desk.request(Some(Lost { through }));
    shop.desk.push_request(&shop.world, &request).await.expect(200);
    let answer = shop.desk.push_request(&shop.world, &found).await.expect(200);
    assert_eq!(answer.body["results"].as_array().map(Vec::len), Some(2));
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM device_op WHERE body IS NULL").await, 0);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM code WHERE state = 'sold'").await, 3);
    assert_eq!(answer.body["head"]["seq"], 3);
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_compressed_push_is_opened_within_bounds() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    shop.desk.sell(&lease, 0, 1, 1);
    let plain = serde_json::to_vec(&shop.desk.request(None)).expect("JSON");
    let send = async |encoding: &'static str, body: Vec<u8>| {
        shop.desk.call_as(&shop.world, shop.desk.id, "POST", "/api/v1/sync/push", Some(encoding), body).await
    };
    send("gzip", plain.clone()).await.expect(415);
    assert_eq!(send("zstd", plain.clone()).await.expect(400).code(), "malformed");
    let bomb = zstd::bulk::compress(&vec![b' '; 64 << 20], 1).expect("compressed");
    assert_eq!(send("zstd", bomb).await.expect(413).code(), "body_too_large");
    send("zstd", zstd::bulk::compress(&plain, 3).expect("compressed")).await.expect(200);
    let many = PushRequest { base: shop.desk.head, lost: None, epoch: None, ops: vec![String::new(); 257] };
    assert_eq!(shop.desk.push_request(&shop.world, &many).await.expect(422).text("/fields/0/field"), "ops");
    prove(&shop.world).await;
}

#[tokio::test]
async fn an_address_that_no_database_takes_is_left_out_and_the_sale_stands() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    shop.desk.log(OpBody::Sale {
        sale_id: mint(START),
        lease_id: lease.id(),
        slot: 0,
        plan_id: lease.terms.slot(0).expect("slot").plan_id,
        seq_from: 1,
        seq_to: 1,
        customer_email: Some("ada\0@example.org".to_owned()),
    });
    assert_eq!(outcomes(&shop.desk.push(&shop.world).await), ["applied"]);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM code WHERE customer_email IS NULL").await, 1);
    // What could not even be kept as malformed is refused, and the log stands where it stood.
    shop.desk.log_raw("\0".to_owned());
    let refused = shop.desk.push_request(&shop.world, &shop.desk.request(None)).await.expect(422);
    assert_eq!(refused.text("/fields/0/field"), "ops.0");
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM device_op").await, 1);
    prove(&shop.world).await;
}
