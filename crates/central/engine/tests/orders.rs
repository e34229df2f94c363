//! Orders of what external providers offer: every step once, exact prices that hold, stock that is never sold twice, and
//! books that say the same.

use counterfoil_central_platform::ids::mint;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::proof::{count, prove};
use super::stall::{Sold, Stall, euros};
use super::world::{Answer, START, call};

pub(super) const OWN: &str = "/api/v1/reseller/orders";
const HANDS: usize = 8;

pub(super) fn id() -> Uuid {
    mint(START)
}

pub(super) fn ending(reason: &str) -> Value {
    json!({ "step_id": id(), "reason": reason })
}

pub(super) fn order_of(offering: Uuid, quantity: u32, place: bool) -> Value {
    json!({ "order_id": id(), "offering_id": offering, "quantity": quantity, "place": place,
        "customer": { "name": "Ada Ames", "email": "ada@mail.example" } })
}

impl Stall {
    async fn take(&self, sold: &Sold, step: &str, body: &Value) -> Answer {
        self.world.post(&format!("{}/{step}", sold.path), Some(&self.owner), body).await
    }

    /// The same, sent twice: a repeat is answered like the first.
    async fn twice(&self, sold: &Sold, step: &str, body: &Value) -> Value {
        let first = self.take(sold, step, body).await.expect(200).body;
        assert_eq!(self.take(sold, step, body).await.expect(200).body, first, "a repeat of {step}");
        first
    }

    pub(super) async fn deliver(&self, sold: &Sold, units: u32) -> Answer {
        self.take(sold, "fulfill", &json!({ "step_id": id(), "units": units })).await
    }

    /// Another offering of the provider.
    pub(super) async fn offer(&self, article: &str, price: &str, stock: Option<i64>) -> Uuid {
        let offering = id();
        let body = json!({ "offering_id": offering, "article": article, "name": article, "base_price": price,
            "term_days": 30, "stock": stock, "status": "active" });
        let path = format!("/api/v1/admin/providers/{}/offerings", self.provider);
        self.world.post(&path, Some(&self.staff), &body).await.expect(200);
        offering
    }

    pub(super) async fn ask(&self, asked: &Value) -> Answer {
        self.world.post(OWN, Some(&self.owner), asked).await
    }

    async fn markup(&self, percent: i64, status: &str) {
        let path = format!("/api/v1/reseller/relationships/{}", self.provider);
        let known = self.world.get(&path, Some(&self.owner)).await.expect(200).body;
        let body = json!({ "markup": percent, "status": status, "revision": known["revision"] });
        self.world.put(&path, Some(&self.owner), &body).await.expect(200);
    }
}

#[tokio::test]
async fn an_order_goes_from_the_draft_to_the_delivery_and_each_step_counts_once() {
    let stall = Stall::new().await;
    let sold = stall.order(&stall.owner, 3, false).await;
    let draft = stall.detail(&stall.owner, &sold).await;
    assert_eq!(
        (&draft["order"]["state"], &draft["steps"], &draft["customer_path"]),
        (&json!("draft"), &json!([]), &Value::Null)
    );

    let placed = stall.twice(&sold, "place", &json!({ "step_id": id(), "total": euros(3_360) })).await;
    assert!(placed["customer_path"].as_str().is_some_and(|path| path.starts_with("/order/") && path.len() == 50));
    assert_eq!(placed["order"]["price"]["total"], euros(3_360));
    stall.twice(&sold, "pay", &json!({ "step_id": id(), "method": "cash", "reference": "R-7" })).await;
    stall.twice(&sold, "submit", &json!({ "step_id": id(), "external_id": "NL-4711" })).await;
    let part = json!({ "step_id": id(), "units": 1, "details": { "login": "amber-17", "key": "first" } });
    let part = stall.twice(&sold, "fulfill", &part).await;
    assert_eq!((&part["order"]["state"], &part["order"]["delivered"]), (&json!("partial"), &json!(1)));
    let rest = json!({ "step_id": id(), "units": 2, "details": { "key": "second" } });
    let done = stall.twice(&sold, "fulfill", &rest).await;
    assert_eq!((&done["order"]["state"], &done["order"]["delivered"]), (&json!("fulfilled"), &json!(3)));
    assert_eq!(done["order"]["details"], json!({ "login": "amber-17", "key": "second" }));
    assert_eq!(done["order"]["external_id"], "NL-4711");

    let steps: Vec<_> = done["steps"].as_array().expect("steps").iter().map(|step| step["step"].clone()).collect();
    assert_eq!(json!(steps), json!(["place", "pay", "submit", "fulfil", "fulfil"]));
    assert_eq!((&done["steps"][1]["amount"], &done["steps"][1]["by"]), (&euros(3_360), &json!("shop")));
    let summary = stall.world.get(&format!("{OWN}/summary"), Some(&stall.owner)).await.expect(200).body;
    assert_eq!(summary["states"], json!([{ "state": "fulfilled", "orders": 1 }]));
    let books = &summary["accounts"][0];
    assert_eq!((&books["customers"], &books["payable"], &books["markup"]), (&euros(3_360), &euros(3_000), &euros(360)));
    // What opens something, and who the customer is, is in no audit.
    let told = "SELECT COUNT(*) FROM audit WHERE detail LIKE '%amber-17%' OR detail LIKE '%ada@mail%'";
    assert_eq!(count(&stall.world, told).await, 0);
    prove(&stall.world).await;
}

#[tokio::test]
async fn what_cannot_follow_is_refused_and_changes_nothing() {
    let stall = Stall::new().await;
    let draft = stall.order(&stall.owner, 2, false).await;
    let placed = stall.order(&stall.owner, 2, true).await;
    let paid = stall.paid(&stall.owner, 2).await;
    let cancelled = stall.order(&stall.owner, 2, true).await;
    stall.twice(&cancelled, "cancel", &ending("Changed my mind")).await;
    let pay = || json!({ "step_id": id(), "method": "cash" });
    let submit = || json!({ "step_id": id(), "external_id": "X" });
    let refund = || json!({ "refund_id": id(), "amount": euros(1), "reason": "Why not" });
    let place = || json!({ "step_id": id() });
    for (sold, step, body) in [
        (&draft, "pay", pay()),
        (&draft, "submit", submit()),
        (&draft, "fail", ending("No")),
        (&draft, "refund", refund()),
        (&placed, "place", place()),
        (&placed, "submit", submit()),
        (&placed, "refund", refund()),
        (&paid, "pay", pay()),
        (&paid, "cancel", ending("No")),
        (&cancelled, "place", place()),
        (&cancelled, "pay", pay()),
        (&cancelled, "cancel", ending("Again")),
    ] {
        let before = stall.detail(&stall.owner, sold).await;
        assert_eq!(stall.take(sold, step, &body).await.expect(409).code(), "wrong_state", "{step} of {sold:?}");
        assert_eq!(stall.detail(&stall.owner, sold).await, before, "{step} of {sold:?}");
    }
    for sold in [&draft, &placed, &cancelled] {
        assert_eq!(stall.deliver(sold, 1).await.expect(409).code(), "wrong_state");
    }
    assert_eq!(stall.deliver(&paid, 3).await.expect(409).code(), "wrong_state", "more than are left");
    stall.deliver(&paid, 0).await.expect(422);
    for (step, body, field) in [
        ("cancel", ending(" "), "reason"),
        ("fail", ending(&"x".repeat(201)), "reason"),
        ("submit", json!({ "step_id": id(), "external_id": "" }), "external_id"),
        ("refund", json!({ "refund_id": id(), "amount": euros(0), "reason": "Why not" }), "amount"),
        ("refund", json!({ "refund_id": id(), "amount": { "value": 1, "unit": "USD" }, "reason": "No" }), "amount"),
    ] {
        let refused = stall.take(&paid, step, &body).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), field, "{step}");
    }
    prove(&stall.world).await;
}

#[tokio::test]
async fn an_id_is_of_one_step_of_one_order() {
    let stall = Stall::new().await;
    let [one, other] = [stall.order(&stall.owner, 1, true).await, stall.order(&stall.owner, 1, true).await];
    let step = json!({ "step_id": id(), "method": "cash" });
    stall.twice(&one, "pay", &step).await;
    assert_eq!(stall.take(&other, "pay", &step).await.expect(409).code(), "id_reused");
    let same_id = json!({ "step_id": step["step_id"], "external_id": "X" });
    assert_eq!(stall.take(&one, "submit", &same_id).await.expect(409).code(), "id_reused");

    let asked = order_of(stall.offering, 2, true);
    let first = stall.ask(&asked).await.expect(200).body;
    assert_eq!(stall.ask(&asked).await.expect(200).body, first, "a repeat");
    let mut more = asked.clone();
    more["quantity"] = json!(3);
    assert_eq!(stall.ask(&more).await.expect(409).code(), "id_reused");
    let beside = stall.beside("beside").await;
    assert_eq!(stall.world.post(OWN, Some(&beside), &asked).await.expect(409).code(), "id_reused");
}

#[tokio::test]
async fn a_price_holds_from_the_moment_it_is_placed() {
    let stall = Stall::new().await;
    let placed = stall.order(&stall.owner, 1, true).await;
    let draft = stall.order(&stall.owner, 1, false).await;
    let before = stall.detail(&stall.owner, &placed).await;
    stall.markup(50, "active").await;
    assert_eq!(stall.detail(&stall.owner, &placed).await, before);
    let shown = json!({ "step_id": id(), "total": euros(1_120) });
    assert_eq!(stall.take(&draft, "place", &shown).await.expect(409).code(), "conflict");
    let now = stall.twice(&draft, "place", &json!({ "step_id": id(), "total": euros(1_500) })).await;
    assert_eq!(now["order"]["price"]["markup_percent"], 50);
    stall.pay(&stall.owner, &placed).await.expect(200);
    assert_eq!(stall.detail(&stall.owner, &placed).await["order"]["price"], before["order"]["price"]);

    // What is open is worked to its end; nothing new is sold.
    stall.markup(50, "suspended").await;
    assert_eq!(stall.ask(&order_of(stall.offering, 1, true)).await.expect(409).code(), "wrong_state");
    stall.deliver(&placed, 1).await.expect(200);
    prove(&stall.world).await;
}

#[tokio::test]
async fn a_billionth_is_neither_lost_nor_found() {
    let stall = Stall::new().await;
    let offering = stall.offer("NL-EXACT", "12.345678901", None).await;
    let placed = stall.ask(&order_of(offering, 3, true)).await.expect(200).body;
    let price = &placed["order"]["price"];
    assert_eq!(
        json!([price["unit_base"], price["base_exact"], price["markup_exact"], price["total_exact"]]),
        json!(["12.345678901", "37.037036703", "4.444444404", "41.481481107"])
    );
    assert_eq!(
        json!([price["base"], price["markup"], price["total"]]),
        json!([euros(3_704), euros(444), euros(4_148)])
    );
    let dear = stall.offer("NL-DEAR", "9000000000", None).await;
    assert_eq!(stall.ask(&order_of(dear, 2, false)).await.expect(422).text("/fields/0/field"), "quantity");
    for quantity in [0, 1_001] {
        let refused = stall.ask(&order_of(offering, quantity, true)).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), "quantity");
    }
    prove(&stall.world).await;
}

#[tokio::test]
async fn of_many_hands_one_takes_the_payment_and_no_more_goes_back_than_came() {
    let stall = Stall::new().await;
    let sold = stall.order(&stall.owner, 3, true).await;
    let at_once = async |step: &str, bodies: Vec<Value>| {
        let mut hands = JoinSet::new();
        for body in bodies {
            let (router, token) = (stall.world.router.clone(), stall.owner.clone());
            let path = format!("{}/{step}", sold.path);
            hands.spawn(async move { call(&router, "POST", &path, Some(&token), Some(&body)).await });
        }
        let answers = hands.join_all().await;
        assert!(answers.iter().all(|answer| answer.status == 200 || answer.status == 409), "{step}");
        answers.iter().filter(|answer| answer.status == 200).count()
    };
    let pays = (0..HANDS).map(|_| json!({ "step_id": id(), "method": "cash" })).collect();
    assert_eq!(at_once("pay", pays).await, 1);
    let back = |_| json!({ "refund_id": id(), "amount": euros(500), "reason": "One was broken" });
    assert_eq!(at_once("refund", (0..HANDS).map(back).collect()).await, 6, "of 33.60");
    let over = stall.refund(&stall.owner, &sold, 361).await.expect(409);
    assert!(over.text("/detail").contains("3.60 EUR"), "{}", over.body);
    let rest = json!({ "refund_id": id(), "amount": euros(360), "reason": "The rest" });
    assert_eq!(at_once("refund", vec![rest.clone(); HANDS]).await, HANDS, "one refund, told to all");
    let order = stall.detail(&stall.owner, &sold).await["order"].clone();
    assert_eq!((&order["state"], &order["refunded"]), (&json!("refunded"), &euros(3_360)));
    let summary = stall.world.get(&format!("{OWN}/summary"), Some(&stall.owner)).await.expect(200).body;
    let books = &summary["accounts"][0];
    assert_eq!((&books["customers"], &books["payable"], &books["markup"]), (&euros(0), &euros(0), &euros(0)));
    prove(&stall.world).await;
}

#[tokio::test]
async fn the_last_unit_is_sold_once_and_what_is_not_delivered_comes_back() {
    let stall = Stall::new().await;
    let offering = stall.offer("NL-FEW", "1", Some(3)).await;
    let mut hands = JoinSet::new();
    for _ in 0..HANDS {
        let (router, token, asked) = (stall.world.router.clone(), stall.owner.clone(), order_of(offering, 1, true));
        hands.spawn(async move { call(&router, "POST", OWN, Some(&token), Some(&asked)).await });
    }
    let answers = hands.join_all().await;
    let sold: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(sold.len(), 3);
    assert!(answers.iter().all(|answer| answer.status == 200 || answer.code() == "wrong_state"));
    let left = "SELECT stock FROM offering WHERE article = 'NL-FEW'";
    assert_eq!(count(&stall.world, left).await, 0);
    let path = format!("{OWN}/{}", sold[0].text("/order/contract_id"));
    let cancel = ending("Changed my mind");
    stall.world.post(&format!("{path}/cancel"), Some(&stall.owner), &cancel).await.expect(200);
    stall.world.post(&format!("{path}/cancel"), Some(&stall.owner), &cancel).await.expect(200);
    assert_eq!(count(&stall.world, left).await, 1, "once");

    let some = stall.offer("NL-SOME", "1", Some(5)).await;
    let left = "SELECT stock FROM offering WHERE article = 'NL-SOME'";
    let too_many = stall.ask(&order_of(some, 6, true)).await.expect(409);
    assert!(too_many.text("/detail").contains("5 are left"), "{}", too_many.body);
    let draft = stall.ask(&order_of(some, 4, false)).await.expect(200);
    assert_eq!(count(&stall.world, left).await, 5, "a draft holds nothing");
    let contract = draft.text("/order/contract_id");
    let sold = Sold { id: mint(START), path: format!("{OWN}/{contract}") };
    stall.twice(&sold, "place", &json!({ "step_id": id() })).await;
    assert_eq!(count(&stall.world, left).await, 1);
    stall.pay(&stall.owner, &sold).await.expect(200);
    stall.deliver(&sold, 1).await.expect(200);
    stall.twice(&sold, "fail", &ending("The provider has no more")).await;
    assert_eq!(count(&stall.world, left).await, 4, "what was not delivered");
    let failed = stall.detail(&stall.owner, &sold).await["order"].clone();
    assert_eq!((&failed["state"], &failed["reason"]), (&json!("failed"), &json!("The provider has no more")));
    stall.refund(&stall.owner, &sold, 448).await.expect(200);
    assert_eq!(count(&stall.world, left).await, 4, "a refund gives none back");
    prove(&stall.world).await;
}

impl Stall {
    /// Somebody sets the stock of an offering of [`Self::offer`] by hand.
    async fn restock(&self, offering: Uuid, article: &str, stock: Option<i64>) {
        let path = format!("/api/v1/admin/providers/{}/offerings", self.provider);
        let page = self.world.get(&format!("{path}?search={article}"), Some(&self.staff)).await.expect(200).body;
        let body = json!({ "offering_id": offering, "article": article, "name": article, "base_price": "1",
            "term_days": 30, "stock": stock, "status": "active", "revision": page["items"][0]["revision"] });
        self.world.put(&format!("{path}/{offering}"), Some(&self.staff), &body).await.expect(200);
    }
}

#[tokio::test]
async fn no_more_units_come_back_than_an_order_took() {
    let stall = Stall::new().await;
    let offering = stall.offer("NLFREE", "1", None).await;
    let left = "SELECT COALESCE(stock, -1) FROM offering WHERE article = 'NLFREE'";
    let contract = |answer: &Answer| format!("{OWN}/{}", answer.text("/order/contract_id"));
    let sold = |path: String| Sold { id: mint(START), path };

    // Ordered while there was no limit: nothing came off.
    let free = sold(contract(&stall.ask(&order_of(offering, 3, true)).await.expect(200)));
    let draft = sold(contract(&stall.ask(&order_of(offering, 1, false)).await.expect(200)));
    stall.twice(&draft, "place", &json!({ "step_id": id() })).await;
    stall.restock(offering, "NLFREE", Some(10)).await;
    stall.twice(&free, "cancel", &ending("Changed my mind")).await;
    stall.twice(&draft, "cancel", &ending("Changed my mind")).await;
    assert_eq!(count(&stall.world, left).await, 10);

    // Ordered from a limited stock: as many as are not delivered come back.
    let taken = sold(contract(&stall.ask(&order_of(offering, 4, true)).await.expect(200)));
    let draft = sold(contract(&stall.ask(&order_of(offering, 2, false)).await.expect(200)));
    stall.twice(&draft, "place", &json!({ "step_id": id() })).await;
    assert_eq!(count(&stall.world, left).await, 4);
    stall.pay(&stall.owner, &taken).await.expect(200);
    stall.deliver(&taken, 1).await.expect(200);
    stall.restock(offering, "NLFREE", None).await;
    stall.twice(&draft, "cancel", &ending("Changed my mind")).await;
    assert_eq!(count(&stall.world, left).await, -1, "without limit there is nothing to give back to");
    stall.restock(offering, "NLFREE", Some(10)).await;
    stall.twice(&taken, "fail", &ending("The provider has no more")).await;
    assert_eq!(count(&stall.world, left).await, 13);
    prove(&stall.world).await;
}

#[tokio::test]
async fn a_draft_is_changed_as_a_whole_and_placed_with_the_same() {
    let stall = Stall::new().await;
    let mut asked = order_of(stall.offering, 1, false);
    let path = format!("{OWN}/{}", stall.ask(&asked).await.expect(200).text("/order/contract_id"));
    asked["quantity"] = json!(4);
    asked["customer"] = json!({ "name": "Bo Berg", "email": "BO@mail.example", "phone": "+49 30 5550100" });
    let saved = stall.world.put(&path, Some(&stall.owner), &asked).await.expect(200).body;
    assert_eq!((&saved["order"]["quantity"], &saved["order"]["price"]["total"]), (&json!(4), &euros(4_480)));
    assert_eq!(saved["order"]["customer"]["email"], "bo@mail.example");
    asked["place"] = json!(true);
    let placed = stall.world.put(&path, Some(&stall.owner), &asked).await.expect(200).body;
    assert_eq!((&placed["order"]["state"], placed["steps"].as_array().map(Vec::len)), (&json!("placed"), Some(1)));
    assert_eq!(stall.world.put(&path, Some(&stall.owner), &asked).await.expect(200).body, placed, "a repeat");
    asked["quantity"] = json!(5);
    assert_eq!(stall.world.put(&path, Some(&stall.owner), &asked).await.expect(409).code(), "wrong_state");
    asked["order_id"] = json!(id());
    assert_eq!(
        stall.world.put(&path, Some(&stall.owner), &asked).await.expect(422).text("/fields/0/field"),
        "order_id"
    );
    let mut nobody = order_of(stall.offering, 1, false);
    nobody["customer"] = json!({ "name": "", "email": "nowhere" });
    let refused = stall.ask(&nobody).await.expect(422);
    let fields = [refused.text("/fields/0/field"), refused.text("/fields/1/field")];
    assert_eq!(fields, ["customer.name", "customer.email"]);
}
