//! Deliveries that a device records in the field: applied once, and what contradicts Central is answered, not lost.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{OpId, OrderId};
use counterfoil_domain::market::Details;
use counterfoil_domain::oplog::{Op, OpBody};
use serde_json::json;

use super::desk::{Desk, outcomes};
use super::proof::{count, prove};
use super::stall::Stall;
use super::world::{START, foreign};

pub(super) fn delivered(order_id: OrderId, units: u32) -> OpBody {
    let details = Details::from_json(r#"{"login":"amber-17"}"#).expect("flat texts");
    OpBody::Fulfilment { order_id, units, external_id: Some("NL-4711".to_owned()), details }
}

/// Writes one under this id into a device's log.
fn log_as(desk: &mut Desk, op_id: OpId, body: OpBody) {
    let (op_seq, schema) = (desk.head.seq + 1, body.schema());
    let op = Op { op_id, device_id: desk.id, op_seq, schema, created_at: START, body };
    desk.log_raw(String::from_utf8(op.to_bytes()).expect("JSON"));
}

#[tokio::test]
async fn a_delivery_in_the_field_is_recorded_once_whatever_is_repeated() {
    let stall = Stall::new().await;
    let mut desk = Desk::enrol(&stall.world, &stall.owner, 1).await;
    let sold = stall.paid(&stall.owner, 3).await;
    desk.log(delivered(sold.id, 2));
    let request = desk.request(None);
    assert_eq!(outcomes(&desk.push(&stall.world).await), ["applied"]);
    let again = desk.push_request(&stall.world, &request).await.expect(200);
    assert_eq!(again.body["results"][0]["outcome"], "applied");
    let detail = stall.detail(&stall.owner, &sold).await;
    let order = &detail["order"];
    assert_eq!((&order["state"], &order["delivered"]), (&json!("partial"), &json!(2)));
    assert_eq!((&order["external_id"], &order["details"]["login"]), (&json!("NL-4711"), &json!("amber-17")));
    let step = detail["steps"].as_array().and_then(|steps| steps.last()).expect("a step");
    assert_eq!((&step["by"], &step["device"]), (&json!(null), &json!("Till")), "the device, as it was enrolled");
    assert_eq!((&step["step"], &step["units"], &step["device_at"]), (&json!("fulfil"), &json!(2), &json!(START)));

    // The desk recorded the rest while the device was on its way: its operation has the same id and adds nothing.
    let op_id: OpId = mint(START);
    let body = json!({ "step_id": op_id, "units": 1, "external_id": "NL-4711" });
    stall.world.post(&format!("{}/fulfill", sold.path), Some(&stall.owner), &body).await.expect(200);
    log_as(&mut desk, op_id, delivered(sold.id, 1));
    assert_eq!(outcomes(&desk.push(&stall.world).await), ["applied"]);
    let detail = stall.detail(&stall.owner, &sold).await;
    assert_eq!((&detail["order"]["state"], &detail["order"]["delivered"]), (&json!("fulfilled"), &json!(3)));
    desk.log(delivered(sold.id, 1));
    assert_eq!(outcomes(&desk.push(&stall.world).await), ["rejected order_moved"]);
    assert_eq!(count(&stall.world, "SELECT COUNT(*) FROM order_step WHERE step = 'fulfil'").await, 2);
    prove(&stall.world).await;
}

#[tokio::test]
async fn what_contradicts_central_is_answered_and_the_log_goes_on() {
    let stall = Stall::new().await;
    let beside = stall.beside("beside").await;
    let mut desk = Desk::enrol(&stall.world, &stall.owner, 1).await;
    let (refunded, unpaid) = (stall.paid(&stall.owner, 1).await, stall.order(&stall.owner, 1, true).await);
    let (theirs, open) = (stall.paid(&beside, 1).await, stall.paid(&stall.owner, 2).await);
    stall.refund(&stall.owner, &refunded, 1_120).await.expect(200);
    desk.log(delivered(refunded.id, 1));
    desk.log(delivered(unpaid.id, 1));
    desk.log(delivered(theirs.id, 1));
    desk.log(delivered(OrderId(foreign()), 1));
    desk.log(delivered(open.id, 3));
    desk.log(delivered(open.id, 0));
    let external_id = Some("x".repeat(101));
    desk.log(OpBody::Fulfilment { order_id: open.id, units: 1, external_id, details: Details::default() });
    desk.log(delivered(open.id, 1));
    let expected = [
        "rejected order_moved",
        "rejected order_moved",
        "rejected order_unknown",
        "rejected order_unknown",
        "rejected order_moved",
        "rejected fulfilment_refused",
        "rejected fulfilment_refused",
        "applied",
    ];
    assert_eq!(outcomes(&desk.push(&stall.world).await), expected);
    let detail = stall.detail(&stall.owner, &open).await;
    assert_eq!((&detail["order"]["state"], &detail["order"]["delivered"]), (&json!("partial"), &json!(1)));
    assert_eq!(stall.detail(&beside, &theirs).await["order"]["state"], "paid");
    prove(&stall.world).await;
}

#[tokio::test]
async fn an_operation_with_nested_details_is_none_and_staff_deliver_nothing() {
    let stall = Stall::new().await;
    let sold = stall.paid(&stall.owner, 1).await;
    let mut desk = Desk::enrol(&stall.world, &stall.owner, 1).await;
    let body = json!({ "kind": "fulfilment", "order_id": sold.id, "units": 1, "details": { "a": { "b": "c" } } });
    let op = json!({ "op_id": mint::<OpId>(START), "device_id": desk.id, "op_seq": 1, "schema": 2,
        "created_at": START, "body": body });
    desk.log_raw(op.to_string());
    assert_eq!(outcomes(&desk.push(&stall.world).await), ["rejected malformed"]);
    let mut office = Desk::enrol(&stall.world, &stall.staff, 9).await;
    office.log(delivered(sold.id, 1));
    assert_eq!(outcomes(&office.push(&stall.world).await), ["rejected order_unknown"]);
    assert_eq!(stall.detail(&stall.owner, &sold).await["order"]["state"], "paid");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn devices_that_deliver_the_same_units_at_once_deliver_them_once() {
    let stall = Stall::new().await;
    let (first, second) = (stall.paid(&stall.owner, 4).await, stall.paid(&stall.owner, 4).await);
    let mut desks = Vec::new();
    for seed in 1..=4 {
        let mut desk = Desk::enrol(&stall.world, &stall.owner, seed).await;
        // In another order each: all orders of a push are locked before any is changed.
        let mut orders = [first.id, second.id];
        orders.rotate_left(usize::from(seed % 2));
        for order in orders {
            desk.log(delivered(order, 2));
        }
        desks.push(desk);
    }
    let pushes = desks.iter_mut().map(|desk| desk.push(&stall.world));
    let answers: Vec<String> = futures_util::future::join_all(pushes).await.iter().flat_map(outcomes).collect();
    let applied = answers.iter().filter(|answer| *answer == "applied").count();
    let moved = answers.iter().filter(|answer| *answer == "rejected order_moved").count();
    assert_eq!((applied, moved), (4, 4));
    for sold in [&first, &second] {
        assert_eq!(stall.detail(&stall.owner, sold).await["order"]["state"], "fulfilled");
    }
    prove(&stall.world).await;
}
