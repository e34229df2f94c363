//! A zero byte comes in nowhere: PostgreSQL takes it in no text, and what SQLite would keep could not move there. Bodies of
//! all routes, and queries and paths, are tried in `edge`.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{LeaseId, OpId, SaleId};
use counterfoil_domain::market::Details;
use counterfoil_domain::oplog::OpBody;
use counterfoil_stalker_fake::Setup;
use serde_json::json;

use super::desk::{Desk, Shop, Stock, outcomes};
use super::portals::Served;
use super::proof::{count, prove};
use super::stall::Stall;
use super::world::START;

fn sale_to(stock: &Stock, email: &str) -> OpBody {
    let lease_id: LeaseId = stock.id();
    let plan_id = stock.terms.slot(0).expect("slot").plan_id;
    let sale_id: SaleId = mint(START);
    OpBody::Sale { sale_id, lease_id, slot: 0, plan_id, seq_from: 1, seq_to: 1, customer_email: Some(email.to_owned()) }
}

#[tokio::test]
async fn a_sale_is_taken_without_the_address_that_cannot_be_kept() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    shop.desk.log(sale_to(&lease, "ada\0@example.org"));
    shop.desk.void(&lease, 1);
    assert_eq!(outcomes(&shop.desk.push(&shop.world).await), ["applied", "applied"]);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM code WHERE customer_email IS NOT NULL").await, 0);
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_delivery_is_answered_and_the_log_goes_on() {
    let stall = Stall::new().await;
    let mut desk = Desk::enrol(&stall.world, &stall.owner, 1).await;
    let sold = stall.paid(&stall.owner, 1).await;
    let delivered = |external_id: &str| OpBody::Fulfilment {
        order_id: sold.id,
        units: 1,
        external_id: Some(external_id.to_owned()),
        details: Details::default(),
    };
    desk.log(delivered("NL\0-1"));
    let body = json!({ "kind": "fulfilment", "order_id": sold.id, "units": 1, "details": { "login": "am\0ber" } });
    let op = json!({ "op_id": mint::<OpId>(START), "device_id": desk.id, "op_seq": 2, "schema": 2,
        "created_at": START, "body": body });
    desk.log_raw(op.to_string());
    desk.log(delivered("NL-1"));
    assert_eq!(
        outcomes(&desk.push(&stall.world).await),
        ["rejected fulfilment_refused", "rejected malformed", "applied"]
    );
    prove(&stall.world).await;
}

/// JSON has no bare zero byte, so no device makes such an operation; nothing of its push is begun.
#[tokio::test]
async fn what_cannot_be_an_operation_is_refused_before_it_is_looked_at() {
    let mut shop = Shop::with_credits(1_000).await;
    shop.desk.log_raw("not\0an operation".to_owned());
    let refused = shop.desk.push_request(&shop.world, &shop.desk.request(None)).await.expect(422);
    assert_eq!((refused.code(), refused.text("/fields/0/field").as_str()), ("validation_failed", "ops.0"));
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM device_op").await, 0);
}

#[tokio::test]
async fn a_look_at_a_portal_goes_on_whatever_stands_there() {
    let served = Served::with(Setup::ministra()).await;
    served.change_all(|user| {
        user.full_name = "Ann\0 Bee".to_owned();
        user.comment = Some("moved\0in".to_owned());
    });
    served.change("user000002", |user| user.login = "us\0er".to_owned());
    served.sync().await;
    let report = served.report().await;
    assert_eq!((&report["accounts"], &report["counts"]["unknown"]), (&json!(3), &json!(3)), "{report}");
}
