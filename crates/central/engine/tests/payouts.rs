//! Payouts: asked for once, taken through their states, and the money with them.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::PayoutId;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::commission::{DAY_MS, Trade, prove_commission};
use super::proof::count;
use super::world::{Answer, call};
use crate::engine::run_jobs_once;

const OWN: &str = "/api/v1/reseller/payouts";

fn wish(trade: &Trade) -> Value {
    let id: PayoutId = mint(trade.world.app.now());
    json!({ "payout_id": id, "method": "bank_transfer", "destination": "DE02 1203 0000 0000 2020 51" })
}

async fn ask(trade: &Trade) -> Answer {
    trade.world.post(OWN, Some(&trade.owner), &wish(trade)).await
}

async fn step(trade: &Trade, payout: &Value, step: &str, body: Option<Value>) -> Answer {
    let path = format!("/api/v1/admin/payouts/{}/{step}", payout["payout_id"].as_str().expect("id"));
    call(&trade.world.router, "POST", &path, Some(&trade.finance), body.as_ref()).await
}

#[tokio::test]
async fn a_payout_is_asked_for_approved_sent_and_confirmed_and_the_money_goes_with_it() {
    let mut trade = Trade::new().await;
    trade.earn(1, 24).await;
    trade.earn(30, 1).await;
    assert_eq!(trade.balances(&trade.owner).await, [0, 5_000, 0, 0, 0]);
    let asked = wish(&trade);
    let payout = trade.world.post(OWN, Some(&trade.owner), &asked).await.expect(200).body;
    assert_eq!((&payout["state"], &payout["amount"]["value"]), (&json!("requested"), &json!(5_000)));
    assert_eq!((&payout["description"], &payout["earnings"]), (&json!("Commission for November 2026"), &json!(25)));
    assert_eq!(trade.balances(&trade.owner).await, [0, 0, 5_000, 0, 0]);
    assert_eq!(trade.world.post(OWN, Some(&trade.owner), &asked).await.expect(200).body, payout, "a repeat");
    let mut other = asked.clone();
    other["destination"] = json!("elsewhere");
    assert_eq!(trade.world.post(OWN, Some(&trade.owner), &other).await.expect(409).code(), "id_reused");

    assert_eq!(step(&trade, &payout, "confirm", None).await.expect(409).code(), "wrong_state", "no step is skipped");
    step(&trade, &payout, "approve", None).await.expect(200);
    step(&trade, &payout, "approve", None).await.expect(200);
    step(&trade, &payout, "sent", Some(json!({ "reference": " " }))).await.expect(422);
    let sent = step(&trade, &payout, "sent", Some(json!({ "reference": "T-77" }))).await.expect(200).body;
    assert_eq!((&sent["state"], &sent["changed_by"]), (&json!("sent"), &json!("staff-finance")));
    let confirmed = step(&trade, &payout, "confirm", None).await.expect(200).body;
    assert_eq!(confirmed["state"], "confirmed");
    step(&trade, &payout, "confirm", None).await.expect(200);
    assert_eq!(trade.balances(&trade.owner).await, [0, 0, 0, 5_000, 0], "once");
    let late = step(&trade, &payout, "fail", Some(json!({ "reason": "too late" }))).await.expect(409);
    assert_eq!(late.code(), "wrong_state");

    let own = trade.world.get(OWN, Some(&trade.owner)).await.expect(200).body;
    assert_eq!(own.pointer("/items/0/reference"), Some(&json!("T-77")));
    assert_eq!(own.pointer("/items/0/changed_by"), None, "who of the staff it was is the operator's");
    assert_eq!(count(&trade.world, "SELECT COUNT(*) FROM earning WHERE state = 'paid'").await, 25);
    assert_eq!(count(&trade.world, "SELECT COUNT(*) FROM audit WHERE action LIKE 'payout.%'").await, 4);
    // Payouts are no revenue: nothing is earned of one.
    assert_eq!(trade.accrue().await, 0);
    prove_commission(&trade.world).await;
}

#[tokio::test]
async fn too_little_is_refused_with_what_is_there_and_what_is_to_come() {
    let mut trade = Trade::new().await;
    let refused = ask(&trade).await.expect(409);
    assert_eq!(refused.code(), "payout_too_small");
    assert_eq!(
        refused.text("/detail"),
        "You need 50.00 EUR available to ask for a payout, but you have 0.00 EUR. Sell more, and ask again."
    );
    trade.earn(1, 6).await;
    trade.activate(40, 3).await;
    trade.accrue().await;
    let refused = ask(&trade).await.expect(409);
    assert_eq!(
        refused.text("/detail"),
        "You need 50.00 EUR available to ask for a payout, but you have 12.00 EUR. 6.00 EUR are pending: an earning is \
         available 7 days after its sale."
    );
    assert_eq!((&refused.body["needed"]["value"], &refused.body["available"]["value"]), (&json!(5_000), &json!(1_200)));
    let mut nowhere = wish(&trade);
    nowhere["destination"] = json!(" ");
    trade.world.post(OWN, Some(&trade.owner), &nowhere).await.expect(422);
    assert_eq!(count(&trade.world, "SELECT COUNT(*) FROM payout").await, 0);
    prove_commission(&trade.world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_requests_at_once_one_wins() {
    let mut trade = Trade::new().await;
    trade.earn(1, 30).await;
    let second = trade.world.second_process().await;
    let mut hands = JoinSet::new();
    for hand in 0..12 {
        let router = if hand % 2 == 0 { &trade.world.router } else { &second }.clone();
        let (token, body) = (trade.owner.clone(), wish(&trade));
        hands.spawn(async move { call(&router, "POST", OWN, Some(&token), Some(&body)).await });
    }
    let answers = hands.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answers.iter().all(|answer| answer.status == 200 || answer.code() == "wrong_state"));
    assert_eq!(trade.balances(&trade.owner).await, [0, 0, 6_000, 0, 0]);
    prove_commission(&trade.world).await;
}

#[tokio::test]
async fn what_is_taken_back_after_a_payout_comes_off_what_is_earned_later() {
    let mut trade = Trade::new().await;
    trade.earn(1, 30).await;
    let payout = ask(&trade).await.expect(200).body;
    let items = trade.earnings(&trade.owner).await["items"].as_array().cloned().expect("items");
    // While it is on its way, and after it has arrived.
    trade.reverse(&items[0]).await.expect(200);
    assert_eq!(trade.balances(&trade.owner).await, [0, 0, 6_000, 0, 200]);
    step(&trade, &payout, "approve", None).await.expect(200);
    step(&trade, &payout, "sent", Some(json!({ "reference": "T-1" }))).await.expect(200);
    step(&trade, &payout, "confirm", None).await.expect(200);
    trade.reverse(&items[1]).await.expect(200);
    assert_eq!(trade.balances(&trade.owner).await, [0, 0, 0, 6_000, 400]);
    prove_commission(&trade.world).await;

    trade.earn(60, 1).await;
    assert_eq!(trade.balances(&trade.owner).await, [0, 0, 0, 6_000, 200]);
    trade.earn(70, 30).await;
    assert_eq!(trade.balances(&trade.owner).await, [0, 5_800, 0, 6_000, 0]);
    let next = ask(&trade).await.expect(200).body;
    assert_eq!((&next["amount"]["value"], &next["earned"]["value"]), (&json!(5_800), &json!(6_200)));
    prove_commission(&trade.world).await;
}

#[tokio::test]
async fn a_payout_that_fails_gives_back_less_what_is_owed_by_then() {
    let mut trade = Trade::new().await;
    trade.earn(1, 30).await;
    let payout = ask(&trade).await.expect(200).body;
    let items = trade.earnings(&trade.owner).await["items"].as_array().cloned().expect("items");
    trade.reverse(&items[0]).await.expect(200);
    step(&trade, &payout, "fail", Some(json!({ "reason": "" }))).await.expect(422);
    let failed = step(&trade, &payout, "fail", Some(json!({ "reason": "No such account" }))).await.expect(200).body;
    assert_eq!((&failed["state"], &failed["reason"]), (&json!("failed"), &json!("No such account")));
    step(&trade, &payout, "fail", Some(json!({ "reason": "No such account" }))).await.expect(200);
    assert_eq!(trade.balances(&trade.owner).await, [0, 5_800, 0, 0, 0]);
    // The rest can be asked for again.
    trade.advance(DAY_MS).await;
    run_jobs_once(&trade.world.app).await;
    let next = ask(&trade).await.expect(200).body;
    assert_eq!((&next["amount"]["value"], &next["earnings"]), (&json!(5_800), &json!(29)));
    prove_commission(&trade.world).await;
}
