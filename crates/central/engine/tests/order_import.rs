//! Orders of an older system, out of a file: all of its lines or none, once, to the billionth, and booked like any other.

use serde_json::{Value, json};

use super::orders::{OWN, ending, id};
use super::proof::{count, prove};
use super::stall::{Sold, Stall, euros};

const ALL: &str = "/api/v1/admin/orders";
const IMPORT: &str = "/api/v1/admin/orders/import";

/// An order of 41.48 euros, of which 37.04 are the provider's.
fn line(number: u32, contract_id: &str, state: &str) -> Value {
    json!({ "line": number, "contract_id": contract_id, "reseller": "Shop", "provider": "northlight media",
        "offering": "cinema, 4K", "quantity": "3", "unit_price": "12.345678901", "markup": "12", "state": state,
        "placed": "2026-03-01", "customer_name": "Ada Ames", "customer_email": "Ada@mail.example" })
}

fn with(mut line: Value, change: &Value) -> Value {
    for (name, cell) in change.as_object().expect("cells") {
        line[name] = cell.clone();
    }
    line
}

impl Stall {
    async fn import(&self, dry_run: bool, lines: &[Value]) -> Value {
        let body = json!({ "dry_run": dry_run, "lines": lines });
        self.world.post(IMPORT, Some(&self.staff), &body).await.expect(200).body
    }

    /// What is wrong with the first of these lines.
    async fn wrong(&self, lines: &[Value]) -> (String, String) {
        let answer = self.import(false, lines).await;
        assert_eq!(answer["written"], json!(false), "{answer}");
        let text = |name: &str| answer["refused"][0][name].as_str().unwrap_or_default().to_owned();
        (text("field"), text("detail"))
    }

    /// By contract id, without what each Central has its own of.
    async fn all(&self) -> Vec<Value> {
        let page = self.world.get(&format!("{ALL}?limit=500"), Some(&self.staff)).await.expect(200).body;
        let mut orders = page["items"].as_array().cloned().expect("items");
        for order in &mut orders {
            for own in ["order_id", "reseller_id", "provider_id", "offering_id", "revision", "changed_at"] {
                order[own].take();
            }
        }
        orders.sort_by_key(|order| order["contract_id"].to_string());
        orders
    }

    async fn own_sums(&self) -> Value {
        let books = self.own_books().await;
        json!([books["customers"], books["payable"], books["settled"], books["markup"]])
    }
}

fn told(answer: &Value) -> (i64, i64, bool) {
    let number = |name: &str| answer[name].as_i64().expect("a number");
    (number("created"), number("same"), answer["written"].as_bool().expect("whether"))
}

/// The line that an export writes of an order.
fn exported(number: usize, order: &Value) -> Value {
    let text = |name: &str| order[name].as_str().unwrap_or_default().to_owned();
    let price = |name: &str| order["price"][name].as_str().expect("a price").to_owned();
    let moment = |name: &str| {
        let at = order[name].as_i64().map(|at| jiff::Timestamp::from_millisecond(at).expect("a moment"));
        at.map(|at| at.to_string()).unwrap_or_default()
    };
    let customer = |name: &str| order["customer"][name].as_str().expect("a text").to_owned();
    let refunded = order["refunded"]["value"].as_i64().expect("an amount");
    json!({ "line": number + 2, "contract_id": text("contract_id"), "reseller": text("reseller_username"),
        "provider": text("provider_name"), "offering": text("offering_name"),
        "quantity": order["quantity"].to_string(), "unit_price": price("unit_base"),
        "markup": order["price"]["markup_percent"].to_string(), "base": price("base_exact"),
        "commission": price("markup_exact"), "total": price("total_exact"), "currency": "EUR",
        "state": text("state"), "delivered": order["delivered"].to_string(),
        "refunded": format!("{}.{:02}", refunded / 100, refunded % 100), "placed": moment("placed_at"),
        "paid": moment("paid_at"), "ended": moment("ended_at"), "term_days": order["term_days"].to_string(),
        "external_id": text("external_id"), "details": order["details"].to_string(),
        "customer_name": customer("name"), "customer_email": customer("email"), "customer_phone": customer("phone"),
        "customer_note": customer("note"), "payment_method": text("payment_method"),
        "payment_reference": text("payment_reference"), "reason": text("reason"), "source": text("source") })
}

impl Stall {
    async fn step(&self, sold: &Sold, step: &str, body: &Value) {
        self.world.clock.advance_ms(1_234);
        self.world.post(&format!("{}/{step}", sold.path), Some(&self.owner), body).await.expect(200);
    }

    /// An order in every state that a file may have, worked there step by step.
    async fn every_state(&self) {
        let owner = &self.owner;
        let paid = self.paid(owner, 2).await;
        self.refund(owner, &paid, 333).await.expect(200);
        let pending = self.paid(owner, 1).await;
        self.step(&pending, "submit", &json!({ "step_id": id(), "external_id": "NL-4711" })).await;
        for units in [1, 3] {
            let sold = self.paid(owner, 3).await;
            let details = json!({ "login": "amber-17", "host": "n1, port 2" });
            self.step(&sold, "fulfill", &json!({ "step_id": id(), "units": units, "details": details })).await;
        }
        let failed = self.paid(owner, 3).await;
        self.step(&failed, "fail", &ending("The provider has no more")).await;
        self.refund(owner, &failed, 1_001).await.expect(200);
        let cancelled = self.order(owner, 2, true).await;
        self.step(&cancelled, "cancel", &ending("Changed my mind")).await;
        let refunded = self.paid(owner, 1).await;
        self.refund(owner, &refunded, 1_120).await.expect(200);
        let odd = line(2, "OLD-1", "fulfilled");
        assert_eq!(told(&self.import(false, &[odd]).await), (1, 0, true));
    }
}

#[tokio::test]
async fn what_one_central_exports_another_imports_without_loss() {
    let (from, mut to) = (Stall::new().await, Stall::new().await);
    from.every_state().await;
    to.later(1).await;
    let orders = from.all().await;
    let lines: Vec<Value> = orders.iter().enumerate().map(|(number, order)| exported(number, order)).collect();
    assert_eq!(lines.len(), 8);
    assert_eq!(told(&to.import(true, &lines).await), (8, 0, false));
    assert_eq!(to.all().await, Vec::<Value>::new(), "a dry run does nothing");
    let notices = count(&to.world, "SELECT COUNT(*) FROM notice").await;
    assert_eq!(told(&to.import(false, &lines).await), (8, 0, true));
    assert_eq!(to.all().await, orders);
    assert_eq!(to.own_sums().await, from.own_sums().await);
    prove(&to.world).await;

    assert_eq!(count(&to.world, "SELECT COUNT(*) FROM notice").await, notices, "nobody is told");
    assert_eq!(count(&to.world, "SELECT COUNT(*) FROM market_order WHERE remind_at IS NOT NULL").await, 0);
    assert_eq!(count(&to.world, "SELECT COUNT(*) FROM order_step WHERE note <> 'imported'").await, 0);
    let statement = to.books("statement").await;
    assert_eq!(statement["owed_now"], from.books("statement").await["owed_now"]);
    assert_eq!(statement["closing"], statement["owed_now"]);

    let steps = count(&to.world, "SELECT COUNT(*) FROM order_step").await;
    assert_eq!(told(&to.import(false, &lines).await), (0, 8, true), "the same file again changes nothing");
    assert_eq!(count(&to.world, "SELECT COUNT(*) FROM order_step").await, steps);
    assert_eq!(count(&to.world, "SELECT COUNT(*) FROM audit WHERE action = 'order.import'").await, 1);
    assert_eq!(to.all().await, orders);
}

#[tokio::test]
async fn a_wrong_line_is_named_with_its_column_and_nothing_is_written() {
    let stall = Stall::new().await;
    stall.world.add_reseller("beside", None).await;
    for (change, field) in [
        (json!({ "contract_id": "A/1" }), "contract_id"),
        (json!({ "contract_id": "x".repeat(41) }), "contract_id"),
        (json!({ "reseller": "nobody" }), "reseller"),
        (json!({ "reseller": "beside" }), "reseller"),
        (json!({ "provider": "Nobody Media" }), "provider"),
        (json!({ "offering": "Cinema, 8K" }), "offering"),
        (json!({ "quantity": "" }), "quantity"),
        (json!({ "quantity": "1001" }), "quantity"),
        (json!({ "unit_price": "12,5" }), "unit_price"),
        (json!({ "unit_price": "9000000000" }), "unit_price"),
        (json!({ "markup": "51" }), "markup"),
        (json!({ "base": "37.037036702" }), "base"),
        (json!({ "commission": "4.44" }), "commission"),
        (json!({ "total": "41.48" }), "total"),
        (json!({ "currency": "USD" }), "currency"),
        (json!({ "state": "draft" }), "state"),
        (json!({ "state": "done" }), "state"),
        (json!({ "delivered": "4" }), "delivered"),
        (json!({ "state": "partial" }), "delivered"),
        (json!({ "state": "fulfilled", "delivered": "2" }), "delivered"),
        (json!({ "state": "failed", "delivered": "3" }), "delivered"),
        (json!({ "refunded": "41.48" }), "refunded"),
        (json!({ "refunded": "1.001" }), "refunded"),
        (json!({ "state": "refunded", "refunded": "41.47" }), "refunded"),
        (json!({ "state": "refunded", "unit_price": "0" }), "state"),
        (json!({ "placed": "" }), "placed"),
        (json!({ "placed": "1.3.2026" }), "placed"),
        (json!({ "placed": "2027-03-01" }), "placed"),
        (json!({ "paid": "2026-02-28" }), "paid"),
        (json!({ "state": "cancelled", "paid": "2026-03-01" }), "paid"),
        (json!({ "ended": "2026-03-02" }), "ended"),
        (json!({ "state": "failed", "ended": "2026-02-28" }), "ended"),
        (json!({ "term_days": "3661" }), "term_days"),
        (json!({ "external_id": "x".repeat(101) }), "external_id"),
        (json!({ "details": "[1]" }), "details"),
        (json!({ "customer_name": "" }), "customer_name"),
        (json!({ "customer_email": "nowhere" }), "customer_email"),
        (json!({ "payment_method": "shells" }), "payment_method"),
        (json!({ "reason": "x".repeat(201) }), "reason"),
        (json!({ "source": "fax" }), "source"),
    ] {
        let lines = [with(line(2, "OLD-1", "paid"), &change), line(3, "OLD-2", "paid")];
        let (column, detail) = stall.wrong(&lines).await;
        assert_eq!(column, field, "{change}: {detail}");
    }
    let twice = [line(2, "OLD-1", "paid"), line(3, "old-1", "paid")];
    assert_eq!(stall.wrong(&twice).await.0, "contract_id");
    for lines in [Vec::new(), vec![line(2, "OLD-1", "paid"); 501]] {
        let body = json!({ "dry_run": true, "lines": lines });
        let refused = stall.world.post(IMPORT, Some(&stall.staff), &body).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), "lines");
    }
    assert_eq!(count(&stall.world, "SELECT COUNT(*) FROM market_order").await, 0);
    prove(&stall.world).await;
}

#[tokio::test]
async fn an_imported_order_is_found_by_its_beginning_whatever_follows() {
    let stall = Stall::new().await;
    let ids = ["OLD-20", "OLD-20.A", "OLD-2041", "OLD-20Z_1", "OLD-20_A"];
    let lines: Vec<Value> = (2..).zip(ids).map(|(number, id)| line(number, id, "fulfilled")).collect();
    assert_eq!(told(&stall.import(false, &lines).await), (5, 0, true));
    for (search, found) in [("old-20", 5), ("old-20_", 1), ("old-20z", 1), ("OLD-21", 0)] {
        let page = stall.world.get(&format!("{ALL}?search={search}"), Some(&stall.staff)).await.expect(200).body;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(found), "{search}");
    }
}

#[tokio::test]
async fn an_imported_order_is_worked_on_like_any_other() {
    let stall = Stall::new().await;
    let refunded = json!({ "refunded": "10", "state": "pending", "external_id": "NL-1" });
    let lines = [with(line(2, "old-2041", "paid"), &refunded), line(3, "OLD-2042", "fulfilled")];
    assert_eq!(told(&stall.import(false, &lines).await), (2, 0, true));
    // 41.48 twice, less 10.00: of these, 8.93 were the provider's.
    assert_eq!(stall.own_sums().await, json!([euros(7_296), euros(6_515), euros(0), euros(781)]));

    let sold = Sold { id: id().into(), path: format!("{OWN}/OLD-2041") };
    let order = stall.detail(&stall.owner, &sold).await;
    let steps: Vec<_> = order["steps"].as_array().expect("steps").iter().map(|step| &step["step"]).collect();
    assert_eq!(json!(steps), json!(["place", "pay", "submit", "refund"]));
    let page = order["customer_path"].as_str().expect("a page for the customer");
    stall.world.get(&format!("/api/v1/public/orders/{}", &page["/order/".len()..]), None).await.expect(200);
    stall.deliver(&sold, 3).await.expect(200);
    stall.refund(&stall.owner, &sold, 3_148).await.expect(200);
    assert_eq!(stall.detail(&stall.owner, &sold).await["order"]["state"], "refunded");
    prove(&stall.world).await;

    for (search, found) in [("old-20", 2), ("2041", 0), ("OLD-2042", 1), ("ada@mail.example", 2)] {
        let page = stall.world.get(&format!("{ALL}?search={search}"), Some(&stall.staff)).await.expect(200).body;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(found), "{search}");
    }
    let other = with(line(2, "OLD-2042", "fulfilled"), &json!({ "quantity": "2" }));
    let (column, detail) = stall.wrong(&[other]).await;
    assert!(column == "contract_id" && detail.contains("3 × Cinema, 4K"), "{column}: {detail}");
}
