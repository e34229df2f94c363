//! The market at a device: what needs Central is asked again under the same id until it is answered, and is done once; who
//! may give money back; and a delivery that Central refused.

use counterfoil_domain::ids::{OperatorId, ResellerId, SessionId};
use counterfoil_domain::market::OrderState;
use counterfoil_domain::oplog::{OpBody, RejectCode};
use counterfoil_wire::second_factor::SecondFactor;
use counterfoil_wire::sessions::{Audience, Me, SignedIn};
use serde_json::{Value, json};
use uuid::Uuid;

use super::START;
use super::orders::{bodies, counted, fulfil, in_state, order, with_orders};
use super::stand_in::{ACCESS, Fault, StandIn, in_step, synced};
use crate::api::{self, ErrorCode};
use crate::device;
use crate::orders::{Rights, rights};
use crate::till::Till;

/// As after a sign-in.
pub(super) async fn signed_in(till: &Till, audience: Audience, role: &str) {
    let of_shop = audience == Audience::Reseller;
    let me = Me {
        user_id: Uuid::from_u128(3),
        username: "leila".into(),
        audience,
        role: role.into(),
        operator_id: OperatorId(Uuid::from_u128(1)),
        reseller_id: of_shop.then_some(ResellerId(Uuid::from_u128(2))),
        reseller_name: of_shop.then(|| "Kiosk".into()),
        must_change_password: false,
        second_factor: SecondFactor::default(),
    };
    let mut transaction = till.store().write_local().await.expect("transaction");
    device::repo::save_member(&mut transaction, &me).await.expect("saved");
    transaction.commit().await.expect("committed");
    let signed_in = SignedIn {
        session_id: SessionId(Uuid::from_u128(5)),
        access_token: ACCESS.into(),
        access_expires_at: START.plus_days(1),
        refresh_token: "a-refresh-token".into(),
        me,
    };
    till.session.adopt(till, &signed_in).await.expect("kept");
}

fn id(n: u128) -> String {
    Uuid::from_u128(n).to_string()
}

fn market(search: &str, own: bool) -> Value {
    json!({ "search": search, "own": own, "page": { "limit": 50 } })
}

/// Names, sellers, and whether it is the shop's own.
fn lines(page: &Value) -> Vec<String> {
    let line = |row: &Value| format!("{} of {}, own: {}", row["name"], row["company"], row["own"]).replace('"', "");
    page["rows"].as_array().expect("rows").iter().map(line).collect()
}

#[tokio::test]
async fn what_is_found_on_the_market_is_ordered_once_whatever_is_lost() {
    for (at, fault) in [Fault::Unheard, Fault::Unanswered].into_iter().enumerate() {
        let (central, _rig, client, till) = StandIn::with_till().await;
        signed_in(&till, Audience::Reseller, "owner").await;
        let all = api::call(&client, "market_page", market("", false)).await.expect("a page");
        assert_eq!(
            lines(&all),
            ["Seat of Shop 2, own: true", "Seat of Shop 9, own: false", "Films of Shop 9, own: false"]
        );
        let seats = api::call(&client, "market_page", market(" SEA ", false)).await.expect("a page");
        assert_eq!(lines(&seats), ["Seat of Shop 2, own: true", "Seat of Shop 9, own: false"]);
        let own = api::call(&client, "market_page", market("", true)).await.expect("a page");
        assert_eq!(lines(&own), ["Seat of Shop 2, own: true"]);

        let order = json!({ "order_id": id(0x0de4), "offering_id": own["rows"][0]["offering_id"], "quantity": 2,
            "customer": { "name": "Nora", "email": "nora@example.org", "phone": "", "note": "" },
            "place": true, "total": { "value": 165, "unit": "EUR" } });
        central.forget_requests();
        central.world().faults.insert(1, fault);
        let lost = api::call(&client, "save_order", order.clone()).await.expect_err("nobody answered");
        assert_eq!(lost.code, ErrorCode::ServerUnreachable);
        assert_eq!(central.world().orders.len(), at, "{fault:?}: whether it was heard, nobody here knows");
        let placed = api::call(&client, "save_order", order).await.expect("placed");
        assert_eq!((&placed["order"]["state"], &placed["order"]["quantity"]), (&json!("placed"), &json!(2)));
        assert!(placed["customer_url"].as_str().is_some_and(|url| url.ends_with("/order/page-of-CF-0000000077")));
        synced(&till).await;
        in_step(&central, &till).await;
        assert_eq!(counted(&till).await, [(OrderState::Placed, 1)]);
        client.shutdown().await;
    }
}

#[tokio::test]
async fn each_step_at_central_is_taken_once_whatever_is_lost() {
    let eur = |value: i64| json!({ "value": value, "unit": "EUR" });
    let back = |n: u128, value: i64| json!({ "refund_id": id(n), "amount": eur(value), "reason": "One was late" });
    let end = |n: u128| json!({ "step_id": id(n), "reason": "Out of stock" });
    let steps = [
        ("pay_order", 1, json!({ "step_id": id(81), "method": "cash", "reference": "R-7" }), "paid"),
        ("submit_order", 1, json!({ "step_id": id(82), "external_id": "NL-4711" }), "pending"),
        ("fail_order", 1, end(83), "failed"),
        ("refund_order", 2, back(84, 65), "paid"),
        ("refund_order", 2, back(85, 100), "refunded"),
        ("cancel_order", 4, end(86), "cancelled"),
    ];
    for fault in [Fault::Unheard, Fault::Unanswered] {
        let (central, _rig, client, till) = with_orders().await;
        central.set_order(order(4, OrderState::Placed, 1));
        signed_in(&till, Audience::Reseller, "owner").await;
        for (taken, (command, key, asked, state)) in (0..).zip(&steps) {
            let mut asked = asked.clone();
            asked["contract_id"] = json!(format!("CF-{key:010}"));
            central.forget_requests();
            central.world().faults.insert(1, fault);
            let lost = api::call(&client, command, asked.clone()).await.expect_err("nobody answered");
            assert_eq!(lost.code, ErrorCode::ServerUnreachable, "{command}");
            for _ in 0..2 {
                let done = api::call(&client, command, asked.clone()).await.expect(command);
                assert_eq!((&done["order"]["state"], &done["fresh"]), (&json!(state), &json!(true)), "{command}");
            }
            assert_eq!(central.world().steps.len(), taken + 1, "{fault:?} of {command}");
        }
        let late = json!({ "contract_id": "CF-0000000002", "step_id": id(90), "method": "cash", "reference": "" });
        let refused = api::call(&client, "pay_order", late).await.expect_err("the money is back");
        assert_eq!(refused.code, ErrorCode::Conflict);
        synced(&till).await;
        in_step(&central, &till).await;
        let expected =
            [(OrderState::Paid, 1), (OrderState::Failed, 1), (OrderState::Cancelled, 1), (OrderState::Refunded, 1)];
        assert_eq!(counted(&till).await, expected);
        client.shutdown().await;
    }
}

#[tokio::test]
async fn without_central_the_list_and_its_searches_go_on_and_the_steps_say_so() {
    let (central, _rig, client, till) = with_orders().await;
    signed_in(&till, Audience::Reseller, "clerk").await;
    central.forget_requests();
    central.world().faults = (1..50).map(|at| (at, Fault::Unheard)).collect();
    let listed = async |change: Value| {
        let mut asked = json!({ "search": "", "page": { "limit": 50 } });
        for (name, value) in change.as_object().expect("an object") {
            asked[name] = value.clone();
        }
        let page = api::call(&client, "order_page", asked).await.expect("from this device");
        let rows = page["rows"].as_array().expect("rows").iter();
        rows.map(|row| row["contract_id"].as_str().expect("text")[10..].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed(json!({})).await, ["003", "002", "001"]);
    assert_eq!(listed(json!({ "state": "paid" })).await, ["002", "003"]);
    assert_eq!(listed(json!({ "state": "paid", "search": "cf-0000000003" })).await, ["003"]);
    assert_eq!(listed(json!({ "search": "NORA1@example.org" })).await, ["001"]);
    assert_eq!(listed(json!({ "provider_id": id(0x941) })).await, ["003", "001"]);

    let shown = api::call(&client, "order", json!({ "contract_id": "CF-0000000002" })).await.expect("from this device");
    assert_eq!((&shown["fresh"], &shown["order"]["state"]), (&json!(false), &json!("paid")));
    assert!(shown["customer_url"].is_null(), "only Central can tell it");
    let asked = json!({ "contract_id": "CF-0000000002", "step_id": id(81), "external_id": "NL-1" });
    let refused = api::call(&client, "submit_order", asked).await.expect_err("needs Central");
    assert_eq!(refused.code, ErrorCode::ServerUnreachable);
    let refused = api::call(&client, "market_page", market("", false)).await.expect_err("needs Central");
    assert_eq!(refused.code, ErrorCode::ServerUnreachable);
    assert_eq!(in_state(&till, OrderState::Paid).await, [2, 3]);
    client.shutdown().await;
}

#[tokio::test]
async fn staff_settle_with_a_provider_once_and_never_another_sum() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    signed_in(&till, Audience::Admin, "finance").await;
    central.world().owed = 3_000;
    let provider = id(0x940);
    let books = async || {
        let asked = json!({ "provider_id": provider });
        api::call(&client, "provider_accounts", asked).await.expect("the books")["owed"]["value"].clone()
    };
    assert_eq!(books().await, 3_000);
    let settle = |n: u128, value: i64| {
        json!({ "provider_id": provider, "settlement_id": id(n), "amount": { "value": value, "unit": "EUR" },
            "paid_on": "2026-11-21", "reference": "T-1", "note": "" })
    };
    let refused = api::call(&client, "settle_provider", settle(70, 2_999)).await.expect_err("another sum is owed");
    assert_eq!(refused.code, ErrorCode::Conflict);
    central.forget_requests();
    central.world().faults.insert(1, Fault::Unanswered);
    let lost = api::call(&client, "settle_provider", settle(71, 3_000)).await.expect_err("the answer is lost");
    assert_eq!(lost.code, ErrorCode::ServerUnreachable);
    let settled = api::call(&client, "settle_provider", settle(71, 3_000)).await.expect("answered");
    assert_eq!((&settled["amount"]["value"], &settled["reference"]), (&json!(3_000), &json!("T-1")));
    assert_eq!(central.world().steps.len(), 1);
    assert_eq!(books().await, 0);
    // A refund by staff, of any shop's order, is no more than one either.
    central.set_order(order(2, OrderState::Paid, 3));
    let refund = json!({ "contract_id": "CF-0000000002", "refund_id": id(72), "reason": "Agreed",
        "amount": { "value": 165, "unit": "EUR" } });
    central.forget_requests();
    central.world().faults.insert(1, Fault::Unanswered);
    api::call(&client, "refund_staff_order", refund.clone()).await.expect_err("the answer is lost");
    let refunded = api::call(&client, "refund_staff_order", refund).await.expect("answered");
    assert_eq!((&refunded["order"]["state"], &refunded["customer_url"]), (&json!("refunded"), &Value::Null));
    assert_eq!(central.world().steps.len(), 2);
    // Staff have no shop of their own, at a shop's machine too.
    let refused = api::call(&client, "market_page", market("", true)).await.expect_err("nothing is theirs");
    assert_eq!(refused.code, ErrorCode::NotPermitted);
    client.shutdown().await;
}

/// As Central judges it: its routes ask the same table for the same action.
#[tokio::test]
async fn who_may_work_on_orders_and_who_gives_money_back() {
    let (_central, _rig, client, till) = StandIn::with_till().await;
    let table = [
        (Audience::Admin, "super_admin", false, true, true),
        (Audience::Admin, "admin", false, true, true),
        (Audience::Admin, "finance", false, true, false),
        (Audience::Admin, "support", false, false, false),
        (Audience::Admin, "auditor", false, false, false),
        (Audience::Admin, "a role of tomorrow", false, false, false),
        (Audience::Reseller, "owner", true, true, false),
        (Audience::Reseller, "clerk", true, true, false),
        (Audience::Reseller, "field_agent", true, false, false),
        (Audience::Reseller, "a role of tomorrow", false, false, false),
    ];
    for (audience, role, handle, refund, import) in table {
        signed_in(&till, audience, role).await;
        assert_eq!(rights(&till).await.expect("rights"), Rights { handle, refund, import }, "{role}");
    }
    client.shutdown().await;
}

#[tokio::test]
async fn a_delivery_of_an_order_that_central_lost_is_explained_kept_and_recorded_anew() {
    let (central, _rig, client, till) = with_orders().await;
    fulfil(&till, 2, 71, 3).await.expect("delivered");
    // Central was restored from a backup of before the order.
    let lost = central.world().orders.remove(&order(2, OrderState::Paid, 3).order_id.0);
    central.restore(0);
    central.world().rejects = Some(RejectCode::OrderUnknown);
    synced(&till).await;
    let page = api::call(&client, "queue_page", Value::Null).await.expect("the queue");
    let item = &page["items"][0];
    let found = (&item["kind"], &item["state"], &item["reason"], &item["quantity"]);
    assert_eq!(found, (&json!("fulfilment"), &json!("rejected"), &json!("order_unknown"), &json!(3)));
    let kept = bodies(&till).await;
    let [op] = kept.as_slice() else { panic!("one operation: {kept:?}") };
    let OpBody::Fulfilment { details, .. } = &op.body else { panic!("{op:?}") };
    assert_eq!(details.iter().collect::<Vec<_>>(), [("login", "nora")], "what was typed is still here");

    // It is written down anew at Central, and its delivery recorded again.
    central.set_order(lost.expect("it was there").1);
    central.world().rejects = None;
    synced(&till).await;
    assert_eq!(in_state(&till, OrderState::Paid).await, [2, 3], "the refused delivery is not laid over it");
    fulfil(&till, 2, 72, 3).await.expect("delivered");
    synced(&till).await;
    let op_seq = item["op_seq"].clone();
    api::call(&client, "dismiss_item", json!({ "op_seq": op_seq })).await.expect("seen");
    let page = api::call(&client, "queue_page", Value::Null).await.expect("the queue");
    assert_eq!(page["items"], json!([]));
    assert_eq!(central.world().numbers(), [1, 2]);
    client.shutdown().await;
}
