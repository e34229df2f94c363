//! Price lists: what a reseller may sell and at what price, wherever something is sold, and that its devices are told.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{LotId, PlanId, PriceId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::price_list::{ListedPlan, PriceTerms, SoldBy, price_at};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::pull::{FeedRow, PullPage};
use serde_json::{Value, json};
use uuid::Uuid;

use super::desk::Shop;
use super::proof::count;
use super::world::{Answer, START, foreign};
use crate::engine::prices;

/// The first midnight of December 2026 in Berlin.
const DECEMBER: Timestamp = Timestamp(1_796_079_600_000);

struct Desk {
    shop: Shop,
    staff: String,
}

impl Desk {
    async fn new() -> Self {
        let shop = Shop::with_credits(3_000).await;
        let staff = shop.world.staff_token(StaffRole::Admin).await;
        Self { shop, staff }
    }

    fn path(&self, plan: PlanId) -> String {
        format!("/api/v1/admin/resellers/{}/prices/{plan}", self.shop.reseller)
    }

    async fn set(&self, plan: PlanId, body: &Value) -> Answer {
        self.shop.world.post(&self.path(plan), Some(&self.staff), body).await
    }

    async fn forbid(&self, plan: PlanId) {
        let body = json!({ "price_id": mint::<PriceId>(START), "allowed": false, "note": "" });
        self.set(plan, &body).await.expect(200);
    }

    /// What the reseller sells each plan for at a moment.
    async fn prices(&self, at: Timestamp) -> [Option<i64>; 2] {
        let world = &self.shop.world;
        let mut reader = world.app.reader().await.expect("reader");
        let all = prices::sellable(&mut reader, world.operator, self.shop.reseller, at).await.expect("plans");
        self.shop.plans.map(|plan| all.iter().find(|one| one.id == plan.0).map(|one| one.price))
    }

    /// The reseller's row as its desktop has it, read from the beginning.
    async fn followed(&self) -> Vec<PriceTerms> {
        let answer = self.shop.desk.call(&self.shop.world, "GET", "/api/v1/sync/pull", Vec::new()).await.expect(200);
        let page: PullPage = serde_json::from_value(answer.body).expect("a page");
        let row = page.changes.into_iter().find_map(|change| match change.row {
            FeedRow::Reseller(row) => row.price_list,
            _ => None,
        });
        row.expect("the reseller's row")
    }

    async fn shown(&self) -> Vec<(String, i64)> {
        let token = self.shop.world.token("reseller", "shop").await;
        let plans = self.shop.world.get("/api/v1/reseller/plans", Some(&token)).await.expect(200).body;
        let one = |plan: &Value| {
            let price = plan["price"]["value"].as_i64().expect("a price");
            (plan["name"].as_str().expect("a name").to_owned(), price)
        };
        plans["items"].as_array().expect("a list").iter().map(one).collect()
    }
}

fn price(n: u128, value: i64) -> Value {
    json!({ "price_id": Uuid::from_u128(n), "allowed": true, "price": { "value": value, "unit": "EUR" },
        "note": "two hundred a month" })
}

#[tokio::test]
async fn a_price_holds_from_its_moment_on_central_and_on_a_desktop_alike() {
    let desk = Desk::new().await;
    let [month, quarter] = desk.shop.plans;
    assert_eq!(desk.prices(START).await, [Some(1_000), Some(2_500)]);
    let first = price(1, 900);
    desk.set(month, &first).await.expect(200);
    desk.set(month, &first).await.expect(200);
    assert_eq!(desk.set(month, &price(1, 901)).await.expect(409).code(), "id_reused");
    assert_eq!(desk.set(quarter, &first).await.expect(409).code(), "id_reused");
    let mut later = price(2, 800);
    later["from_day"] = json!("2026-12-01");
    let told = desk.set(month, &later).await.expect(200).body;
    assert_eq!(told.pointer("/now/price/value"), Some(&json!(900)));
    assert_eq!(told.pointer("/now/next/valid_from"), Some(&json!(DECEMBER.0)));
    assert_eq!(told["history"].as_array().expect("history").len(), 2);
    let followed = desk.followed().await;
    for (at, expected) in [(START.plus_ms(-1), 1_000), (START, 900), (DECEMBER.plus_ms(-1), 900), (DECEMBER, 800)] {
        assert_eq!(desk.prices(at).await, [Some(expected), Some(2_500)], "{at:?}");
        let listed = ListedPlan { plan_id: month, sold_by: SoldBy::Everyone, price: 1_000, trial: false };
        assert_eq!(price_at(&followed, listed, at), Some(expected), "a desktop, {at:?}");
    }
    assert_eq!(desk.shown().await, [("Month".to_owned(), 900), ("Quarter".to_owned(), 2_500)]);
    // Back to the plan's own price, from now on.
    let back = json!({ "price_id": Uuid::from_u128(3), "allowed": true, "note": "" });
    desk.shop.world.clock.set(DECEMBER.plus_ms(1));
    let desk = Desk { staff: desk.shop.world.staff_token(StaffRole::Admin).await, ..desk };
    desk.set(month, &back).await.expect(200);
    assert_eq!(desk.prices(DECEMBER.plus_ms(1)).await[0], Some(1_000));
    assert_eq!(desk.followed().await.len(), 1, "what is over is not sent");
    assert_eq!(count(&desk.shop.world, "SELECT COUNT(*) FROM audit WHERE action = 'reseller.price'").await, 3);
}

#[tokio::test]
async fn what_is_wrong_is_refused_and_no_entry_is_ever_changed() {
    let desk = Desk::new().await;
    let month = desk.shop.plans[0];
    for (name, value, field) in [
        ("price", json!({ "value": -1, "unit": "EUR" }), "price"),
        ("price", json!({ "value": 1, "unit": "USD" }), "price"),
        ("price", json!({ "value": 1, "unit": "credits" }), "price"),
        ("note", json!("x".repeat(501)), "note"),
        ("from_day", json!("2026-01-01"), "from_day"),
        ("from_day", json!("soon"), "from_day"),
    ] {
        let mut body = price(9, 900);
        body[name] = value;
        let refused = desk.set(month, &body).await.expect(422);
        assert_eq!(refused.body["fields"][0]["field"], field);
    }
    desk.set(PlanId(foreign()), &price(9, 900)).await.expect(404);
    assert_eq!(count(&desk.shop.world, "SELECT COUNT(*) FROM price_entry").await, 0);
    desk.set(month, &price(9, 900)).await.expect(200);
    for change in ["UPDATE price_entry SET price = 1", "DELETE FROM price_entry"] {
        let mut tx = desk.shop.world.app.transaction().await.expect("transaction");
        assert!(sqlx::query(change).execute(&mut *tx).await.is_err(), "{change}");
    }
    assert_eq!(count(&desk.shop.world, "SELECT COUNT(*) FROM price_entry WHERE price = 900").await, 1);
}

#[tokio::test]
async fn what_a_reseller_may_not_sell_is_sold_nowhere() {
    let desk = Desk::new().await;
    let (world, [month, quarter]) = (&desk.shop.world, desk.shop.plans);
    let before = desk.shop.desk.lease(world, 900).await;
    desk.forbid(month).await;
    let after = desk.shop.desk.lease(world, 900).await;
    let plans = |stock: &super::desk::Stock| stock.terms.slots.iter().map(|slot| slot.plan_id).collect::<Vec<_>>();
    assert_eq!((plans(&before), plans(&after)), (vec![month, quarter], vec![quarter]), "a lease keeps its terms");
    assert_eq!(desk.shown().await, [("Quarter".to_owned(), 2_500)]);
    let lot = json!({ "lot_id": mint::<LotId>(START), "job_id": foreign(), "reseller_id": desk.shop.reseller,
        "plan_id": month, "count": 2, "label": "" });
    let refused = world.post("/api/v1/admin/lots", Some(&desk.staff), &lot).await.expect(422);
    assert_eq!(refused.body["fields"][0]["field"], "plan_id");
    assert!(refused.text("/fields/0/message").contains("may sell"), "{}", refused.body);
    let token = world.token("reseller", "shop").await;
    let account = json!({ "account_id": Uuid::from_u128(77), "plan_id": month });
    let refused = world.post("/api/v1/reseller/accounts", Some(&token), &account).await;
    assert_eq!(refused.expect(422).body["fields"][0]["field"], "plan_id");
    assert_eq!(count(world, "SELECT COUNT(*) FROM account").await, 0);
}

#[tokio::test]
async fn a_plan_for_chosen_resellers_is_sold_by_those_whose_list_allows_it() {
    let desk = Desk::new().await;
    let (world, month) = (&desk.shop.world, desk.shop.plans[0]);
    let path = format!("/api/v1/admin/plans/{month}");
    let mut plan = world.get(&path, Some(&desk.staff)).await.expect(200).body;
    plan["sold_by"] = json!("chosen");
    assert_eq!(world.put(&path, Some(&desk.staff), &plan).await.expect(200).body["sold_by"], "chosen");
    assert_eq!(desk.prices(START).await, [None, Some(2_500)]);
    // A program that does not know the choice leaves it as it is.
    let mut older = world.get(&path, Some(&desk.staff)).await.expect(200).body;
    older.as_object_mut().expect("an object").remove("sold_by");
    assert_eq!(world.put(&path, Some(&desk.staff), &older).await.expect(200).body["sold_by"], "chosen");
    let list = format!("/api/v1/admin/resellers/{}/prices", desk.shop.reseller);
    let shown = world.get(&list, Some(&desk.staff)).await.expect(200).body;
    let allowed: Vec<&Value> = shown["items"].as_array().expect("items").iter().map(|one| &one["allowed"]).collect();
    assert_eq!(allowed, [&json!(false), &json!(true)]);
    desk.set(month, &price(1, 0)).await.expect(200);
    assert_eq!(desk.prices(START).await, [Some(0), Some(2_500)]);
    let other = world.add_reseller("other", None).await;
    let mut reader = world.app.reader().await.expect("reader");
    let theirs = prices::sellable(&mut reader, world.operator, other, START).await.expect("plans");
    assert_eq!(theirs.len(), 1, "another's list says nothing");
}
