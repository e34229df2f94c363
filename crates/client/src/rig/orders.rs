//! Orders at a device: deliveries recorded without a network, laid over what Central has, taken or refused by it.

use std::collections::BTreeSet;
use std::sync::Arc;

use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::ids::{OfferingId, OpId, OrderId, ProviderId, ResellerId};
use counterfoil_domain::market::{Details, OrderSource, OrderState};
use counterfoil_domain::oplog::{Op, OpBody, RejectCode};
use counterfoil_wire::orders::{Order, OrderCustomer, OrderPrice};
use serde_json::{Value, json};
use uuid::Uuid;

use super::stand_in::{Fault, StandIn, in_step, restarted, synced};
use super::{START, refused, sell};
use crate::api::{self, ApiError, ErrorCode};
use crate::client::Client;
use crate::orders::{self, Detail, Fulfilling, Wanted};
use crate::outbox::{Marks, repo as log};
use crate::till::Till;
use crate::vault::names;

const SECRET: &str = "amber-17-opens-it";

/// An order of so many units, made `key` minutes after the start.
pub(crate) fn order(key: u32, state: OrderState, quantity: u32) -> Order {
    let amount = |value| Amount::new(value, "EUR".parse::<Unit>().expect("unit")).expect("amount");
    let exact = |text: &str| text.parse().expect("a price");
    let at = START.plus_ms(i64::from(key) * 60_000);
    let paid = !matches!(state, OrderState::Draft | OrderState::Placed | OrderState::Cancelled);
    let ended =
        matches!(state, OrderState::Fulfilled | OrderState::Failed | OrderState::Cancelled | OrderState::Refunded);
    Order {
        order_id: OrderId(Uuid::from_u128(0x0de4_0000 + u128::from(key))),
        contract_id: format!("CF-{key:010}"),
        reseller_id: ResellerId(Uuid::from_u128(2)),
        reseller_username: "kiosk".into(),
        company: "Kiosk".into(),
        provider_id: ProviderId(Uuid::from_u128(0x940 + u128::from(key % 2))),
        provider_name: "Sample Cloud".into(),
        offering_id: OfferingId(Uuid::from_u128(0x0ff)),
        offering_name: "Seat".into(),
        term_days: 30,
        source: OrderSource::Market,
        state,
        quantity,
        price: OrderPrice {
            unit_base: exact("1.5"),
            markup_percent: 10,
            base_exact: exact("1.5"),
            markup_exact: exact("0.15"),
            total_exact: exact("1.65"),
            base: amount(150),
            markup: amount(15),
            total: amount(165),
        },
        refunded: amount(0),
        delivered: 0,
        customer: OrderCustomer { name: "Nora".into(), email: format!("nora{key}@example.org"), ..Default::default() },
        payment_method: None,
        payment_reference: String::new(),
        external_id: None,
        details: Details::from_json(&format!(r#"{{"key":"{SECRET}"}}"#)).expect("details"),
        reason: None,
        revision: 1,
        created_at: at,
        placed_at: Some(at),
        paid_at: paid.then_some(at),
        changed_at: at,
        ended_at: ended.then_some(at),
    }
}

fn delivery(key: u32, step: u128, units: u32) -> Fulfilling {
    Fulfilling {
        contract_id: format!("CF-{key:010}"),
        step_id: OpId(Uuid::from_u128(step)),
        units,
        external_id: Some(format!("X-{step}")),
        details: Details::from_json(r#"{"login":"nora"}"#).expect("details"),
    }
}

pub(super) async fn fulfil(till: &Till, key: u32, step: u128, units: u32) -> Result<Detail, ApiError> {
    Ok(orders::fulfil(till, delivery(key, step, units)).await?)
}

fn wanted(state: Option<OrderState>, search: &str) -> Wanted {
    Wanted { state, search: search.into(), provider_id: None, after: None, limit: 500 }
}

/// Numbers of the orders that are listed.
async fn listed(till: &Till, wanted: &Wanted) -> Vec<u32> {
    let page = orders::list(till, wanted).await.expect("a list");
    page.rows.iter().map(|shown| shown.order.contract_id[3..].parse().expect("a number")).collect()
}

pub(super) async fn in_state(till: &Till, state: OrderState) -> Vec<u32> {
    listed(till, &wanted(Some(state), "")).await
}

pub(super) async fn counted(till: &Till) -> Vec<(OrderState, u32)> {
    orders::list(till, &wanted(None, "")).await.expect("a list").counts
}

pub(super) async fn bodies(till: &Till) -> Vec<Op> {
    let tail = log::tail(&mut till.read().await.expect("db"), 0, 1_000).await.expect("tail");
    tail.iter().map(|op| Op::from_bytes(op.body.as_bytes()).expect("an operation")).collect()
}

/// A till that has three orders: placed, paid and paid, of three units each.
pub(super) async fn with_orders() -> (StandIn, super::Rig, Arc<Client>, Arc<Till>) {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..3);
    for (key, state) in [(1, OrderState::Placed), (2, OrderState::Paid), (3, OrderState::Paid)] {
        central.set_order(order(key, state, 3));
    }
    synced(&till).await;
    in_step(&central, &till).await;
    (central, rig, client, till)
}

#[tokio::test]
async fn a_delivery_without_a_network_is_on_the_disk_and_shows_at_once() {
    let (central, rig, client, till) = with_orders().await;
    let part = fulfil(&till, 2, 71, 1).await.expect("delivered");
    assert!(!part.fresh && part.steps.is_empty());
    assert_eq!((part.shown.order.state, part.shown.order.delivered, part.shown.unsent), (OrderState::Partial, 1, 1));
    assert_eq!(in_state(&till, OrderState::Paid).await, [3]);
    assert_eq!(in_state(&till, OrderState::Partial).await, [2]);
    let whole = fulfil(&till, 2, 72, 2).await.expect("delivered");
    assert_eq!(whole.shown.order.state, OrderState::Fulfilled);
    assert_eq!(whole.shown.waiting.iter().map(|own| own.units).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(counted(&till).await, [(OrderState::Placed, 1), (OrderState::Paid, 1), (OrderState::Fulfilled, 1)]);
    let ops = bodies(&till).await;
    assert_eq!(ops.iter().map(|op| (op.op_id.0.as_u128(), op.schema)).collect::<Vec<_>>(), [(71, 2), (72, 2)]);
    let units = |op: &Op| match &op.body {
        OpBody::Fulfilment { order_id, units, .. } => (*order_id, *units),
        other => panic!("{other:?}"),
    };
    let order_id = order(2, OrderState::Paid, 3).order_id;
    assert_eq!(ops.iter().map(units).collect::<Vec<_>>(), [(order_id, 1), (order_id, 2)]);
    let (client, till) = restarted(&rig, client, till).await;
    assert_eq!(in_state(&till, OrderState::Fulfilled).await, [2]);
    // Central takes them; until its row comes they stay laid over, and then once.
    synced(&till).await;
    central.set_order(Order { delivered: 3, ..order(2, OrderState::Fulfilled, 3) });
    synced(&till).await;
    in_step(&central, &till).await;
    let detail = orders::list(&till, &wanted(Some(OrderState::Fulfilled), "")).await.expect("a list").rows.remove(0);
    assert_eq!((detail.order.delivered, detail.unsent, detail.waiting.len()), (3, 0, 0));
    client.shutdown().await;
}

#[tokio::test]
async fn a_repeat_of_a_delivery_is_answered_and_delivers_nothing() {
    let (_central, rig, client, till) = with_orders().await;
    fulfil(&till, 2, 71, 1).await.expect("delivered");
    let again = fulfil(&till, 2, 71, 1).await.expect("answered");
    assert_eq!(again.shown.order.delivered, 1);
    let (client, till) = restarted(&rig, client, till).await;
    fulfil(&till, 2, 71, 1).await.expect("answered");
    assert_eq!(bodies(&till).await.len(), 1);
    client.shutdown().await;
}

#[tokio::test]
async fn what_cannot_be_delivered_is_refused_before_it_is_in_the_log() {
    let (_central, _rig, client, till) = with_orders().await;
    assert_eq!(refused(fulfil(&till, 1, 71, 1).await), ErrorCode::Conflict, "nobody paid");
    for units in [0, 4] {
        assert_eq!(refused(fulfil(&till, 2, 71, units).await), ErrorCode::ValidationFailed);
    }
    fulfil(&till, 2, 72, 2).await.expect("delivered");
    assert_eq!(refused(fulfil(&till, 2, 73, 2).await), ErrorCode::ValidationFailed, "one is left");
    assert_eq!(bodies(&till).await.len(), 1);
    client.shutdown().await;
}

#[tokio::test]
async fn deliveries_at_once_never_make_more_than_all() {
    let (_central, _rig, client, till) = with_orders().await;
    let deliveries = (0..6).map(|step| {
        let till = Arc::clone(&till);
        tokio::spawn(async move { fulfil(&till, 3, 80 + step, 1).await })
    });
    let mut refusals = 0;
    for delivery in deliveries.collect::<Vec<_>>() {
        refusals += usize::from(delivery.await.expect("ran").is_err());
    }
    assert_eq!((refusals, bodies(&till).await.len()), (3, 3));
    client.shutdown().await;
}

#[tokio::test]
async fn a_refused_delivery_is_taken_back_and_explained() {
    let (central, _rig, client, till) = with_orders().await;
    fulfil(&till, 2, 71, 3).await.expect("delivered");
    // The customer got the money back meanwhile.
    central.set_order(order(2, OrderState::Refunded, 3));
    central.world().rejects = Some(RejectCode::OrderMoved);
    synced(&till).await;
    assert_eq!(in_state(&till, OrderState::Fulfilled).await, [0_u32; 0]);
    assert_eq!(in_state(&till, OrderState::Refunded).await, [2]);
    let page = api::call(&client, "queue_page", Value::Null).await.expect("the queue");
    let item = &page["items"][0];
    assert_eq!(
        (&item["kind"], &item["state"], &item["reason"], &item["quantity"]),
        (&json!("fulfilment"), &json!("rejected"), &json!("order_moved"), &json!(3))
    );
    assert_eq!(item["contract_id"], "CF-0000000002");
    assert_eq!(item["subject"], "CF-0000000002 · Seat");
    client.shutdown().await;
}

#[tokio::test]
async fn a_crash_between_keyring_and_commit_burns_a_number_and_delivers_nothing() {
    let (central, rig, client, till) = with_orders().await;
    fulfil(&till, 2, 71, 1).await.expect("delivered");
    let mut ahead: Marks = till.vault().read(names::WATERMARK).await.expect("read").expect("kept");
    ahead.log = ahead.log.extend(b"an operation nobody has");
    till.vault().write(names::WATERMARK, &ahead).await.expect("kept");
    let (client, till) = restarted(&rig, client, till).await;
    assert_eq!(in_state(&till, OrderState::Partial).await, [2]);
    fulfil(&till, 2, 72, 2).await.expect("delivered");
    assert_eq!(bodies(&till).await.iter().map(|op| op.op_seq).collect::<Vec<_>>(), [1, 3]);
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(central.world().numbers(), [1, 3]);
    client.shutdown().await;
}

#[tokio::test]
async fn a_keyring_that_refuses_delivers_nothing() {
    let (_central, rig, client, till) = with_orders().await;
    rig.secrets.refuse_writes(true);
    assert_eq!(refused(fulfil(&till, 2, 71, 1).await), ErrorCode::VaultUnavailable);
    rig.secrets.refuse_writes(false);
    assert_eq!(in_state(&till, OrderState::Paid).await, [2, 3]);
    assert!(bodies(&till).await.is_empty());
    client.shutdown().await;
}

#[tokio::test]
async fn a_lost_request_or_answer_delivers_once() {
    for fault in [Fault::Unheard, Fault::Unanswered] {
        let (central, _rig, client, till) = with_orders().await;
        fulfil(&till, 2, 71, 3).await.expect("delivered");
        central.forget_requests();
        central.world().faults.insert(1, fault);
        crate::sync::run_now(&till).await.expect_err("the answer is lost");
        assert_eq!(in_state(&till, OrderState::Fulfilled).await, [2], "{fault:?}");
        synced(&till).await;
        in_step(&central, &till).await;
        assert_eq!(central.world().numbers(), [1], "{fault:?}");
        client.shutdown().await;
    }
}

#[tokio::test]
async fn deliveries_come_back_from_central_to_a_database_older_than_its_keyring() {
    let (central, rig, client, till) = with_orders().await;
    sell(&till, 1, 1).await.expect("sold");
    drop(till);
    client.shutdown().await;
    let backup = rig.backup();
    let (client, till) = super::stand_in::opened(&rig).await;
    fulfil(&till, 2, 71, 1).await.expect("delivered");
    sell(&till, 2, 1).await.expect("sold");
    synced(&till).await;
    drop(till);
    client.shutdown().await;
    rig.restore(&backup);
    let (client, till) = super::stand_in::opened(&rig).await;
    synced(&till).await;
    in_step(&central, &till).await;
    let kinds = |op: &Op| matches!(op.body, OpBody::Fulfilment { .. });
    assert_eq!(bodies(&till).await.iter().map(kinds).collect::<Vec<_>>(), [false, true, false]);
    client.shutdown().await;
}

#[tokio::test]
async fn what_a_restored_central_forgot_is_laid_over_again() {
    let (central, _rig, client, till) = with_orders().await;
    fulfil(&till, 2, 71, 1).await.expect("delivered");
    synced(&till).await;
    central.restore(0);
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(central.world().numbers(), [1]);
    client.shutdown().await;
}

#[tokio::test]
async fn the_cache_keeps_nothing_that_opens_what_was_delivered() {
    let (_central, rig, client, till) = with_orders().await;
    fulfil(&till, 3, 71, 1).await.expect("delivered");
    let shown = orders::list(&till, &wanted(None, "")).await.expect("a list").rows;
    assert!(shown.iter().all(|shown| shown.order.details.iter().all(|(_, text)| text != SECRET)));
    drop(till);
    client.shutdown().await;
    for entry in std::fs::read_dir(rig.folder.path()).expect("a folder") {
        let file = entry.expect("an entry").path();
        let Ok(bytes) = std::fs::read(&file) else { continue };
        assert!(!bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()), "{}", file.display());
    }
}

#[tokio::test]
async fn pages_follow_one_another_with_what_is_laid_over_in_its_place() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    for key in 1..=20 {
        central.set_order(order(key, if key % 4 == 0 { OrderState::Placed } else { OrderState::Paid }, 1));
    }
    synced(&till).await;
    for (key, step) in [(3, 71), (10, 72), (17, 73)] {
        fulfil(&till, key, step, 1).await.expect("delivered");
    }
    assert_eq!(in_state(&till, OrderState::Fulfilled).await, [3, 10, 17], "oldest first");
    assert_eq!(in_state(&till, OrderState::Placed).await, [4, 8, 12, 16, 20]);
    let all: Vec<u32> = (1..=20).rev().collect();
    assert_eq!(listed(&till, &wanted(None, "")).await, all, "latest first");
    for state in [None, Some(OrderState::Paid)] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = Wanted { limit: 3, after: after.take(), ..wanted(state, "") };
            let page = orders::list(&till, &page).await.expect("a page");
            seen.extend(page.rows.into_iter().map(|shown| shown.order.contract_id));
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len(), "none twice");
        assert_eq!(seen.len(), if state.is_none() { 20 } else { 12 });
    }
    assert_eq!(listed(&till, &wanted(None, "cf-000000001")).await, [19, 18, 17, 16, 15, 14, 13, 12, 11, 10]);
    assert_eq!(listed(&till, &wanted(Some(OrderState::Fulfilled), "CF-000000001")).await, [10, 17]);
    assert_eq!(listed(&till, &wanted(None, " Nora7@example.org ")).await, [7]);
    assert_eq!(listed(&till, &wanted(None, "nora7@example")).await, [0_u32; 0], "a whole address");
    let of_provider = Wanted { provider_id: Some(order(1, OrderState::Paid, 1).provider_id), ..wanted(None, "") };
    assert_eq!(listed(&till, &of_provider).await, [19, 17, 15, 13, 11, 9, 7, 5, 3, 1]);
    let nowhere = Wanted { after: Some("nowhere".into()), ..wanted(None, "") };
    assert!(orders::list(&till, &nowhere).await.is_err());
    client.shutdown().await;
}

#[tokio::test]
async fn a_central_from_before_orders_is_followed_without_them() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    central.world().before_orders = true;
    synced(&till).await;
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn the_page_and_a_delivery_through_the_commands() {
    let (_central, _rig, client, till) = with_orders().await;
    let request = json!({ "state": "paid", "search": "", "page": { "limit": 10 } });
    let page = api::call(&client, "order_page", request).await.expect("a page");
    assert_eq!(page["rows"][0]["contract_id"], "CF-0000000002");
    assert_eq!(page["rows"][0]["price"]["unit_base"], "1.5");
    assert_eq!(page["rights"], json!({ "handle": true, "refund": true, "import": false }));
    let step = Uuid::from_u128(71).to_string();
    let request = |units: u32, details: Value| json!({ "contract_id": "CF-0000000002", "step_id": step, "units": units, "details": details });
    let twice = json!([{ "name": "a", "text": "1" }, { "name": " a ", "text": "2" }]);
    let error = api::call(&client, "fulfil_order", request(1, twice)).await.expect_err("which of the two?");
    assert_eq!((error.code, error.fields.expect("fields")[0].field.as_str()), (ErrorCode::ValidationFailed, "details"));
    let one = json!([{ "name": "login", "text": "nora" }]);
    let done = api::call(&client, "fulfil_order", request(2, one.clone())).await.expect("delivered");
    assert_eq!((&done["fresh"], &done["order"]["state"]), (&json!(false), &json!("partial")));
    assert_eq!((&done["steps"][0]["waiting"], &done["steps"][0]["units"]), (&json!(true), &json!(2)));
    assert_eq!(done["order"]["details"], one);
    drop(till);
    client.shutdown().await;
}
