//! Statements: filters, pages, and when a wallet is low.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::CodeId;
use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};

use super::desk::{Shop, fund};
use super::proof::prove;
use super::world::{START, World, new_transfer};
use crate::scratch::plan_of;

/// A wallet with lines of several kinds, a minute apart.
async fn busy() -> (Shop, String) {
    let shop = Shop::with_credits(1_000).await;
    let staff = shop.world.staff_token(StaffRole::Admin).await;
    let path = format!("/api/v1/admin/resellers/{}/credits", shop.reseller);
    for (kind, amount) in [("bonus", 10), ("adjustment", -3), ("adjustment", 4), ("refund", 5), ("debit", 6)] {
        shop.world.clock.advance_ms(60_000);
        let body = json!({ "transfer_id": new_transfer(), "kind": kind, "amount": amount, "note": "a test" });
        shop.world.post(&path, Some(&staff), &body).await.expect(200);
    }
    shop.desk.lease(&shop.world, 90).await;
    (shop, staff)
}

async fn lines(world: &World, token: &str, query: &str) -> Vec<(String, i64)> {
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("/api/v1/reseller/credits?limit=2{query}{after}");
        let page = world.get(&path, Some(token)).await.expect(200).body;
        let entries = page["entries"].as_array().expect("entries");
        found.extend(
            entries
                .iter()
                .map(|line| (line["kind"].as_str().expect("kind").to_owned(), line["delta"].as_i64().expect("delta"))),
        );
        let Some(next) = page["next"].as_str() else { return found };
        after = format!("&after={next}");
    }
}

#[tokio::test]
async fn a_statement_is_filtered_by_kind_and_period_and_pages_through_either() {
    let (shop, _) = busy().await;
    let token = shop.world.token("reseller", "shop").await;
    let all = lines(&shop.world, &token, "").await;
    let expected = [
        ("lease_grant", -90),
        ("debit", -6),
        ("refund", -5),
        ("adjustment", 4),
        ("adjustment", -3),
        ("bonus", 10),
        ("purchase", 1_000),
    ];
    assert_eq!(all, expected.map(|(kind, delta)| (kind.to_owned(), delta)));
    for kind in ["purchase", "bonus", "adjustment", "refund", "debit", "lease_grant", "credit", "void"] {
        let of_kind: Vec<_> = all.iter().filter(|line| line.0 == kind).cloned().collect();
        assert_eq!(lines(&shop.world, &token, &format!("&kind={kind}")).await, of_kind, "{kind}");
    }
    let minute = |minutes: i64| START.0 + minutes * 60_000;
    let period = format!("&from={}&until={}", minute(1), minute(4));
    assert_eq!(lines(&shop.world, &token, &period).await, all[3..6], "from the first to before the last");
    let both = format!("&kind=adjustment&from={}", minute(3));
    assert_eq!(lines(&shop.world, &token, &both).await, [("adjustment".to_owned(), 4)]);
    for wrong in ["&kind=nothing", "&from=x"] {
        let path = format!("/api/v1/reseller/credits?limit=2{wrong}");
        shop.world.get(&path, Some(&token)).await.expect(400);
    }
    shop.world.get("/api/v1/reseller/credits?kind=bonus&after=7", Some(&token)).await.expect(422);
    prove(&shop.world).await;
}

#[tokio::test]
async fn each_line_says_the_balance_on_both_sides_who_why_and_when() {
    let (shop, staff) = busy().await;
    let path = format!("/api/v1/admin/resellers/{}/credits", shop.reseller);
    let statement = shop.world.get(&path, Some(&staff)).await.expect(200).body;
    let all = statement["entries"].as_array().expect("entries");
    let number = |line: &Value, name: &str| line[name].as_i64().expect("a number");
    assert_eq!(all.len(), 7);
    assert_eq!(number(&all[0], "balance_after"), number(&statement["balance"], "value"));
    assert_eq!(number(&all[6], "balance_before"), 0);
    for line in all {
        assert_eq!(number(line, "balance_before") + number(line, "delta"), number(line, "balance_after"), "{line}");
    }
    for pair in all.windows(2) {
        assert_eq!(number(&pair[0], "balance_before"), number(&pair[1], "balance_after"), "{pair:?}");
    }
    // The newest first: what staff booked a minute apart, each with its note.
    let typed: Vec<_> = all.iter().filter(|line| line["note"] == "a test").collect();
    let told: Vec<_> = typed.iter().map(|line| (line["at"].as_i64(), line["by"].as_str())).collect();
    let minutes = [5, 4, 3, 2, 1];
    assert_eq!(told, minutes.map(|minute| (Some(START.0 + minute * 60_000), Some("staff-admin"))));
    // What it was for, and to the shop not who of the operator's people it was.
    let token = shop.world.token("reseller", "shop").await;
    let body = json!({ "code_id": mint::<CodeId>(START), "plan_id": shop.plans[0] });
    let made = shop.world.post("/api/v1/reseller/codes", Some(&token), &body).await.expect(200);
    let own = shop.world.get("/api/v1/reseller/credits", Some(&token)).await.expect(200);
    assert_eq!((own.text("/entries/0/kind"), number(&own.body["entries"][0], "delta")), ("online_sale".into(), -30));
    assert_eq!(own.text("/entries/0/reference"), made.text("/row/serial"));
    assert_eq!((own.text("/entries/2/kind"), own.body.pointer("/entries/2/by")), ("debit".into(), None));
}

/// A page of a filtered statement is read in the order of an index: nothing is sorted, no other wallet is looked at.
#[tokio::test]
async fn filters_are_served_by_their_indexes() {
    let world = World::new().await;
    for (side, index) in [("debit_id", "transfer_by_giver"), ("credit_id", "transfer_by_taker")] {
        for kind in ["AND kind = 'bonus'", ""] {
            let asked = format!(
                "SELECT id, at FROM transfer WHERE {side} = (SELECT id FROM ledger_account LIMIT 1) {kind}
                   AND kind NOT IN ('sale', 'activation') AND at >= 1 AND at < 9
                   AND (at, id) < (9, (SELECT id FROM operator LIMIT 1)) ORDER BY at DESC, id DESC LIMIT 3"
            );
            let plan = plan_of(&mut world.app.reader().await.expect("reader"), &asked).await;
            assert!(plan.contains(index) && !plan.contains("B-TREE") && !plan.contains("Sort"), "{plan}");
        }
    }
}

#[tokio::test]
async fn a_threshold_is_the_resellers_own_or_the_operators() {
    let world = World::new().await;
    let reseller = world.add_reseller("shop", None).await;
    fund(&world, reseller, 150).await;
    let (owner, staff) = (world.token("reseller", "shop").await, world.staff_token(StaffRole::Finance).await);
    let low = async || -> Value {
        world.get("/api/v1/reseller/credits", Some(&owner)).await.expect(200).body["low_credit"].clone()
    };
    assert_eq!(low().await, json!({ "threshold": { "value": 100, "unit": "credits" }, "own": false }));
    let defaults = json!({ "credits": 200, "money": 7_000 });
    world.put("/api/v1/admin/low-credit", Some(&staff), &defaults).await.expect(200);
    assert_eq!(low().await["threshold"]["value"], 200);
    world.put("/api/v1/reseller/low-credit", Some(&owner), &json!({ "threshold": 30 })).await.expect(200);
    assert_eq!(low().await, json!({ "threshold": { "value": 30, "unit": "credits" }, "own": true }));
    let path = format!("/api/v1/admin/resellers/{reseller}/low-credit");
    world.put(&path, Some(&staff), &json!({ "threshold": null })).await.expect(200);
    assert_eq!(low().await["threshold"]["value"], 200);
    world.put(&path, Some(&staff), &json!({ "threshold": -1 })).await.expect(422);
    world.put("/api/v1/admin/low-credit", Some(&staff), &json!({ "credits": -1, "money": 0 })).await.expect(422);
}
