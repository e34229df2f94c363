//! Walls that no honest program runs into: each refuses what it must, and nothing else.

use counterfoil_domain::ids::LeaseId;
use counterfoil_domain::ledger::{SourceEvent, TransferKind};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::leases::RevokeLease;
use serde_json::json;

use super::desk::{Desk, Shop, fund, outcomes, redeem};
use super::proof::{count, prove};
use super::world::new_transfer;
use crate::engine::audit::Actor;
use crate::engine::credits::{self, Booking};
use crate::engine::{lease, settlement};

#[tokio::test]
async fn a_device_sells_only_from_its_own_leases() {
    let shop = Shop::with_credits(1_000).await;
    let stock = shop.desk.lease(&shop.world, 365).await;
    let token = shop.world.token("reseller", "shop").await;
    let mut other = Desk::enrol(&shop.world, &token, 2).await;
    other.sell(&stock, 0, 1, 1);
    other.void(&stock, 1);
    other.close(&stock, 1, 30);
    let refused = "rejected lease_unknown";
    assert_eq!(outcomes(&other.push(&shop.world).await), [refused, refused, refused]);
    assert_eq!(shop.balance().await.reserved, 365);
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_redemption_moves_its_cost_from_issued_to_consumed() {
    let mut shop = Shop::with_credits(1_000).await;
    let stock = shop.desk.lease(&shop.world, 365).await;
    shop.desk.sell(&stock, 0, 1, 2);
    shop.desk.push(&shop.world).await;
    shop.redeem(&stock.code(0, 1), 1).await.expect(200);
    for kind in [
        "SELECT CAST(SUM(balance) AS BIGINT) FROM ledger_account WHERE kind = 'issued'",
        "SELECT CAST(SUM(balance) AS BIGINT) FROM ledger_account WHERE kind = 'consumed'",
    ] {
        assert_eq!(count(&shop.world, kind).await, 30, "{kind}");
    }
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_dear_code_that_waits_does_not_stop_a_cheaper_one() {
    let mut shop = Shop::with_credits(60).await;
    let stock = shop.desk.lease(&shop.world, 60).await;
    shop.desk.sell(&stock, 0, 1, 2);
    // A tampered device sells what nothing covers, two dear ones first.
    shop.desk.sell(&stock, 1, 3, 4);
    assert_eq!(outcomes(&shop.desk.push(&shop.world).await), ["applied", "held no_credit"]);
    shop.world.clock.advance_ms(1_000);
    shop.desk.sell(&stock, 0, 5, 5);
    assert_eq!(outcomes(&shop.desk.push(&shop.world).await), ["held no_credit"]);
    // 90 for one of the dear ones, which came at the same moment, nothing for the other, 30 for the third.
    assert_eq!(fund(&shop.world, shop.reseller, 120).await, 2);
    let mut dear = [shop.redeem(&stock.code(1, 3), 1).await.status, shop.redeem(&stock.code(1, 4), 2).await.status];
    dear.sort_unstable();
    assert_eq!(dear.map(|status| status.as_u16()), [200, 409]);
    shop.redeem(&stock.code(0, 5), 3).await.expect(200);
    prove(&shop.world).await;
}

/// The job goes on, transaction by transaction, until nothing more can be paid; codes that are too dear fill no turn.
#[tokio::test]
async fn more_codes_than_one_turn_takes_settle_all_and_dear_ones_fill_no_turn() {
    let mut shop = Shop::with_credits(60).await;
    let stock = shop.desk.lease(&shop.world, 60).await;
    shop.desk.sell(&stock, 0, 1, 2);
    // A tampered device sells what nothing covers: three of 90 first, then five of 30.
    for seq in 3..=5 {
        shop.desk.sell(&stock, 1, seq, seq);
    }
    shop.desk.push(&shop.world).await;
    shop.world.clock.advance_ms(1_000);
    for seq in 6..=10 {
        shop.desk.sell(&stock, 0, seq, seq);
    }
    shop.desk.push(&shop.world).await;
    let held = "SELECT COUNT(*) FROM code WHERE state = 'held'";
    let dear = "SELECT COUNT(*) FROM code WHERE state = 'held' AND cost = 90";
    assert_eq!((count(&shop.world, held).await, count(&shop.world, dear).await), (8, 3));
    // As after top-ups whose process ended before it came to the waiting codes; two codes are a turn.
    for (credit, settled, still_held, of_them_dear) in [(0, 0, 8, 3), (80, 2, 6, 3), (250, 3, 3, 0), (100, 3, 0, 0)] {
        if credit > 0 {
            give(&shop, credit).await;
        }
        assert_eq!(settlement::settle_in_turns(&shop.world.app, 2).await.expect("the job runs"), settled, "{credit}");
        assert_eq!((count(&shop.world, held).await, count(&shop.world, dear).await), (still_held, of_them_dear));
    }
    prove(&shop.world).await;
}

/// Credit without a look at what waits for it.
async fn give(shop: &Shop, amount: i64) {
    let mut work = shop.world.app.begin(shop.world.operator).await.expect("work");
    let transfer_id = new_transfer();
    let booking = Booking {
        transfer_id,
        source_event: SourceEvent::request(transfer_id),
        kind: TransferKind::Purchase,
        amount,
        note: "",
        pack: None,
    };
    credits::book(&mut work, &Actor::system(), shop.reseller, &booking).await.expect("booked");
    work.commit().await.expect("commit");
}

#[tokio::test]
async fn only_who_minted_the_account_sees_its_password_again() {
    let shop = Shop::with_credits(1_000).await;
    let stock = shop.desk.lease(&shop.world, 365).await;
    let first = shop.redeem(&stock.code(0, 1), 1).await.expect(200);
    let body = json!({ "code": stock.code(0, 1), "username": first.text("/username"),
        "account_id": uuid::Uuid::from_bytes([9; 16]) });
    let stranger = shop.world.post("/api/v1/public/activations", None, &body).await.expect(200);
    assert_eq!(stranger.body["repeated"], true);
    assert!(stranger.body.get("password").is_none() && stranger.body.get("token").is_none(), "{}", stranger.body);
    let owner = shop.redeem(&stock.code(0, 1), 1).await.expect(200);
    assert_eq!(owner.body["password"], first.body["password"]);
}

#[tokio::test]
async fn a_code_ends_exactly_at_its_last_moment() {
    let shop = Shop::with_credits(1_000).await;
    let stock = shop.desk.lease(&shop.world, 365).await;
    let Timestamp(end) = stock.terms.redeem_by;
    shop.world.clock.set(Timestamp(end - 1));
    redeem(&shop.world, &stock.code(0, 1), 1).await.expect(200);
    shop.world.clock.set(Timestamp(end));
    let refused = redeem(&shop.world, &stock.code(0, 2), 2).await;
    assert_eq!(refused.code(), "code_expired", "{}", refused.body);
    prove(&shop.world).await;
}

#[tokio::test]
async fn another_operators_lease_is_nothing() {
    let shop = Shop::with_credits(1_000).await;
    let stock = shop.desk.lease(&shop.world, 365).await;
    let other = shop.world.other_operator().await;
    let request = RevokeLease { cut: None, reason: "not ours".to_owned() };
    let app = &shop.world.app;
    let theirs = lease::revoke(app, other, &Scope::Operator, &Actor::system(), stock.id(), &request).await;
    let nobodys = LeaseId::from_bytes([7; 16]);
    let unknown = lease::revoke(app, other, &Scope::Operator, &Actor::system(), nobodys, &request).await;
    let told = |outcome: Result<_, _>| outcome.map(|_: counterfoil_wire::leases::Lease| ()).expect_err("refused");
    assert_eq!(told(theirs).to_string(), told(unknown).to_string());
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM lease WHERE state = 'open'").await, 1);
}

#[tokio::test]
async fn a_blocked_device_is_told_so_and_nothing_else() {
    let shop = Shop::with_credits(1_000).await;
    shop.desk.call(&shop.world, "GET", "/api/v1/sync/pull", Vec::new()).await.expect(200);
    let mut tx = shop.world.app.transaction().await.expect("transaction");
    sqlx::query("UPDATE device SET status = 'retired'").execute(&mut *tx).await.expect("retired");
    tx.commit().await.expect("commit");
    let refused = shop.desk.call(&shop.world, "GET", "/api/v1/sync/pull", Vec::new()).await.expect(403);
    assert_eq!(refused.code(), "device_quarantined");
}
