//! Who finds which orders: the queue, a search in it, another reseller, staff; and who is reminded of what waits.

use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};

use super::orders::{OWN, ending, id};
use super::proof::{count, prove};
use super::stall::{Sold, Stall, euros};
use crate::engine::run_jobs_once;

const ALL: &str = "/api/v1/admin/orders";

impl Stall {
    async fn contracts(&self, query: &str) -> Vec<String> {
        let page = self.world.get(&format!("{OWN}?{query}"), Some(&self.owner)).await.expect(200).body;
        let items = page["items"].as_array().cloned().expect("items");
        items.iter().map(|order| order["contract_id"].as_str().expect("a contract").to_owned()).collect()
    }
}

fn contract(sold: &Sold) -> String {
    sold.path.rsplit('/').next().expect("a contract").to_owned()
}

#[tokio::test]
async fn another_reseller_finds_nothing_and_staff_find_all() {
    let stall = Stall::new().await;
    let sold = stall.paid(&stall.owner, 1).await;
    let beside = stall.beside("beside").await;
    stall.world.get(&sold.path, Some(&beside)).await.expect(404);
    stall.refund(&beside, &sold, 1).await.expect(404);
    stall.pay(&beside, &sold).await.expect(404);
    // Not there is said before what is wrong with the rest.
    stall.world.post(&format!("{}/cancel", sold.path), Some(&beside), &ending("")).await.expect(404);
    assert_eq!(stall.world.get(OWN, Some(&beside)).await.expect(200).body["items"], json!([]));
    let of_other = format!("{ALL}?reseller_id={}", id());
    stall.world.get(&of_other, Some(&stall.staff)).await.expect(404);

    let staff = stall.world.get(ALL, Some(&stall.staff)).await.expect(200).body;
    assert_eq!(staff["items"].as_array().map(Vec::len), Some(1));
    let path = format!("{ALL}/{}", contract(&sold).to_lowercase());
    let seen = stall.world.get(&path, Some(&stall.staff)).await.expect(200).body;
    assert_eq!(seen["customer_path"], Value::Null, "the customer's page is the reseller's and the customer's");
    for role in [StaffRole::Support, StaffRole::Auditor] {
        let token = stall.world.staff_token(role).await;
        let refund = json!({ "refund_id": id(), "amount": euros(120), "reason": "Not theirs to say" });
        let refused = stall.world.post(&format!("{path}/refund"), Some(&token), &refund).await.expect(403);
        assert_eq!(refused.code(), "not_permitted", "{role:?}");
    }
    let finance = stall.world.staff_token(StaffRole::Finance).await;
    let refund = json!({ "refund_id": id(), "amount": euros(120), "reason": "As agreed" });
    let after = stall.world.post(&format!("{path}/refund"), Some(&finance), &refund).await.expect(200).body;
    assert_eq!((&after["order"]["refunded"], &after["steps"][2]["by"]), (&euros(120), &json!("staff-finance")));
    let own = stall.detail(&stall.owner, &sold).await;
    assert_eq!(own["steps"][2]["by"], Value::Null, "who of the staff it was");
    prove(&stall.world).await;
}

#[tokio::test]
async fn the_queue_has_the_oldest_first_and_a_search_finds() {
    let stall = Stall::new().await;
    let mut sold = Vec::new();
    for _ in 0..3 {
        stall.world.clock.advance_ms(1_000);
        sold.push(contract(&stall.order(&stall.owner, 1, true).await));
    }
    assert_eq!(stall.contracts("status=placed").await, sold);
    let latest: Vec<_> = sold.iter().rev().cloned().collect();
    assert_eq!(stall.contracts("").await, latest);
    assert_eq!(stall.contracts("status=paid").await, Vec::<String>::new());
    assert_eq!(stall.contracts(&format!("provider_id={}", stall.provider)).await, latest);
    assert_eq!(stall.contracts(&format!("provider_id={}", id())).await, Vec::<String>::new());
    for order in ["status=placed", "search=ADA@mail.example", ""] {
        let (mut paged, mut after) = (Vec::new(), String::new());
        loop {
            let path = format!("{OWN}?limit=1&{order}{after}");
            let page = stall.world.get(&path, Some(&stall.owner)).await.expect(200).body;
            paged.push(page["items"][0]["contract_id"].as_str().expect("one").to_owned());
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!(paged, if order == "status=placed" { sold.clone() } else { latest.clone() }, "{order}");
    }
    let one = &sold[1];
    assert_eq!(stall.contracts(&format!("search={}", one.to_lowercase())).await, std::slice::from_ref(one));
    assert!(stall.contracts(&format!("search={}", &one[3..6])).await.contains(one));
    assert_eq!(stall.contracts("search=eve@mail.example").await, Vec::<String>::new());
    let refused = stall.world.get(&format!("{OWN}?search=CF-7"), Some(&stall.owner)).await.expect(422);
    assert_eq!(refused.text("/fields/0/field"), "search");
    let path = format!("{ALL}?search=ada@mail.example&provider_id={}", stall.provider);
    let staff = stall.world.get(&path, Some(&stall.staff)).await.expect(200).body;
    assert_eq!(staff["items"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn a_reseller_is_reminded_three_times_of_who_waits_and_anew_after_each_step() {
    let mut stall = Stall::new().await;
    let sold = stall.order(&stall.owner, 1, true).await;
    stall.order(&stall.owner, 1, false).await;
    let told = "SELECT CAST(SUM(reminders) AS BIGINT) FROM market_order";
    let due = "SELECT COUNT(*) FROM market_order WHERE remind_at IS NOT NULL";
    assert_eq!(count(&stall.world, due).await, 1, "a draft keeps nobody waiting");
    for (days, reminders) in [(0, 0), (1, 1), (1, 1), (1, 2), (3, 2), (1, 3), (30, 3)] {
        stall.world.clock.advance_ms(days * 86_400_000);
        run_jobs_once(&stall.world.app).await;
        run_jobs_once(&stall.world.app).await;
        assert_eq!(count(&stall.world, told).await, reminders, "after {days} days more");
    }
    assert_eq!(count(&stall.world, due).await, 0);
    stall.later(0).await;
    stall.pay(&stall.owner, &sold).await.expect(200);
    assert_eq!((count(&stall.world, told).await, count(&stall.world, due).await), (0, 1));
    stall.world.clock.advance_ms(86_400_000);
    run_jobs_once(&stall.world.app).await;
    assert_eq!(count(&stall.world, told).await, 1);
    stall.later(0).await;
    stall.deliver(&sold, 1).await.expect(200);
    assert_eq!(count(&stall.world, due).await, 0, "nobody waits any more");
}

#[tokio::test]
async fn nobody_is_reminded_of_what_failed_once_its_money_is_back() {
    let stall = Stall::new().await;
    let due = "SELECT COUNT(*) FROM market_order WHERE remind_at IS NOT NULL";
    let sold = stall.paid(&stall.owner, 3).await;
    stall.deliver(&sold, 1).await.expect(200);
    let fail = format!("{}/fail", sold.path);
    stall.world.post(&fail, Some(&stall.owner), &ending("The provider has no more")).await.expect(200);
    assert_eq!(count(&stall.world, due).await, 1);
    // Two of three units at 33.60 in all.
    stall.refund(&stall.owner, &sold, 2_239).await.expect(200);
    assert_eq!(count(&stall.world, due).await, 1, "a cent is owed");
    stall.refund(&stall.owner, &sold, 1).await.expect(200);
    assert_eq!(count(&stall.world, due).await, 0);
    assert_eq!(stall.detail(&stall.owner, &sold).await["order"]["state"], "failed", "one unit is the customer's");
    prove(&stall.world).await;
}
