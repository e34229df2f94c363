//! One rate for many resellers: what a dry run says is what is done, once, and each has its line in the audit.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{RateId, ResellerId};
use counterfoil_domain::reseller::SettlementMode;
use serde_json::{Value, json};

use super::commission::Trade;
use super::proof::count;
use super::world::foreign;

const RATES: &str = "/api/v1/admin/commissions/rates";
const ENTRIES: &str = "SELECT COUNT(*) FROM reseller_rate";

fn chosen(trade: &Trade, resellers: &[ResellerId]) -> Value {
    let now = trade.world.app.now();
    resellers.iter().map(|id| json!({ "reseller_id": id, "rate_id": mint::<RateId>(now) })).collect()
}

fn body(resellers: &Value, basis_points: u16) -> Value {
    json!({ "resellers": resellers, "rate": { "kind": "fixed", "basis_points": basis_points }, "note": "A test" })
}

async fn rate_of(trade: &Trade, reseller: ResellerId) -> Value {
    let path = format!("/api/v1/admin/resellers/{reseller}/rates");
    trade.world.get(&path, Some(&trade.admin)).await.expect(200).body["now"].clone()
}

#[tokio::test]
async fn what_a_dry_run_says_is_done_once_for_who_is_not_refused() {
    let trade = Trade::new().await;
    let (world, admin) = (&trade.world, Some(trade.admin.as_str()));
    let wholesale = world.add_reseller("wholesale", None).await;
    let other = world.other_operator().await;
    let stranger = world.add_reseller_of(other, "stranger", None, SettlementMode::Share).await;
    world.post(RATES, admin, &body(&chosen(&trade, &[trade.upline]), 1_500)).await.expect(200);

    let resellers = chosen(&trade, &[trade.seller, trade.upline, wholesale, stranger]);
    let mut asked = body(&resellers, 1_500);
    asked["dry_run"] = json!(true);
    let dry = world.post(RATES, admin, &asked).await.expect(200).body;
    let outcome = |answer: &Value, at: usize| {
        let row = &answer["rows"][at];
        (row["known"]["company"].clone(), row["known"]["now"]["kind"].clone(), row["refused"].clone())
    };
    assert_eq!(outcome(&dry, 0), (json!("Company of seller"), json!("by_tier"), Value::Null));
    assert_eq!(outcome(&dry, 1), (json!("Company of upline"), json!("fixed"), json!("same")));
    assert_eq!(dry.pointer("/rows/2/known/settlement_mode"), Some(&json!("wholesale")));
    assert_eq!(outcome(&dry, 3), (Value::Null, Value::Null, json!("unknown")), "another operator's");
    assert_eq!(count(world, ENTRIES).await, 1, "nothing was done");

    asked["dry_run"] = json!(false);
    let done = world.post(RATES, admin, &asked).await.expect(200).body;
    assert_eq!(done["rows"], dry["rows"]);
    assert_eq!(count(world, ENTRIES).await, 3);
    let fixed = json!({ "kind": "fixed", "basis_points": 1_500 });
    for reseller in [trade.seller, trade.upline, wholesale] {
        assert_eq!(rate_of(&trade, reseller).await, fixed);
    }
    assert_eq!(count(world, "SELECT COUNT(*) FROM audit WHERE action = 'reseller.rate'").await, 3);

    let again = world.post(RATES, admin, &asked).await.expect(200).body;
    assert_eq!(again.pointer("/rows/0/refused"), None, "a repeat is answered like the first");
    assert_eq!(count(world, ENTRIES).await, 3);
    asked["rate"] = json!({ "kind": "by_tier" });
    assert_eq!(world.post(RATES, admin, &asked).await.expect(409).code(), "id_reused");
}

#[tokio::test]
async fn a_rate_to_come_begins_in_its_day_and_a_wrong_request_sets_none() {
    let trade = Trade::new().await;
    let (world, admin) = (&trade.world, Some(trade.admin.as_str()));
    let mut asked = body(&chosen(&trade, &[trade.seller]), 1_500);
    asked["from_day"] = json!("2026-12-01");
    world.post(RATES, admin, &asked).await.expect(200);
    assert_eq!(rate_of(&trade, trade.seller).await, json!({ "kind": "by_tier" }));
    // From a day on which it has the rate already it is no change.
    let mut same = body(&chosen(&trade, &[trade.seller]), 1_500);
    same["from_day"] = json!("2026-12-02");
    let answer = world.post(RATES, admin, &same).await.expect(200).body;
    assert_eq!(answer.pointer("/rows/0/refused"), Some(&json!("same")));

    let one = json!({ "reseller_id": trade.seller, "rate_id": foreign() });
    let many: Value = (0..1_001).map(|_| json!({ "reseller_id": foreign(), "rate_id": foreign() })).collect();
    for (field, change) in [
        ("resellers", json!({ "resellers": [] })),
        ("resellers", json!({ "resellers": many })),
        ("resellers", json!({ "resellers": [one, one] })),
        ("rate", json!({ "rate": { "kind": "fixed", "basis_points": 10_001 } })),
        ("note", json!({ "note": "x".repeat(501) })),
        ("from_day", json!({ "from_day": "2026-11-01" })),
    ] {
        let mut wrong = body(&chosen(&trade, &[trade.seller, trade.upline]), 2_500);
        for (name, value) in change.as_object().expect("an object") {
            wrong[name] = value.clone();
        }
        let refused = world.post(RATES, admin, &wrong).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), field);
    }
    assert_eq!(count(world, ENTRIES).await, 1);
}
