//! The market over the API: what is sold and at which price, and orders of customers who are nobody. And who is told by
//! mail.

use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};
use uuid::Uuid;

use super::mail_sink::Sink;
use super::proof::count;
use super::world::{Answer, World, call};
use crate::engine::run_notices_once;

const OFFERINGS: &str = "/api/v1/public/offerings";
pub(super) const ORDERS: &str = "/api/v1/public/orders";

/// A Central with a provider and its offerings, and a shop that sells them at 12 %.
pub(super) struct Stall {
    pub(super) world: World,
    pub(super) admin: String,
    pub(super) shop: ResellerId,
    pub(super) owner: String,
}

/// Everything in these tests has an id that is a number.
pub(super) fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

const AURORA: u128 = 0x100;
const SOLD: u128 = 0x200;
/// What the shop sells: `Sports package`, 12.345678901 EUR, 5 in stock.
pub(super) const SPORTS: u128 = 0x301;

impl Stall {
    pub(super) async fn new() -> Self {
        let world = World::new().await;
        let shop = world.add_reseller("shop", None).await;
        let (admin, owner) = (world.staff_token(StaffRole::Admin).await, world.token("reseller", "shop").await);
        let stall = Self { world, admin, shop, owner };
        stall.provider(AURORA, "Aurora Streams", "EUR").await;
        stall.offering(AURORA, SPORTS, "Sports package", "12.345678901", Some(5)).await;
        stall.sell(&stall.owner, AURORA, SOLD, 12).await;
        stall
    }

    pub(super) async fn provider(&self, n: u128, name: &str, currency: &str) {
        let body = json!({ "provider_id": id(n), "name": name, "currency": currency, "status": "active" });
        self.world.post("/api/v1/admin/providers", Some(&self.admin), &body).await.expect(200);
    }

    pub(super) async fn offering(&self, provider: u128, n: u128, name: &str, price: &str, stock: Option<i64>) {
        let mut body = json!({ "offering_id": id(n), "article": format!("A-{n}"), "name": name,
            "description": format!("{name}, live."), "base_price": price, "term_days": 30,
            "attributes": { "quality": "4K" }, "status": "active" });
        if let Some(stock) = stock {
            body["stock"] = json!(stock);
        }
        let path = format!("/api/v1/admin/providers/{}/offerings", id(provider));
        self.world.post(&path, Some(&self.admin), &body).await.expect(200);
    }

    pub(super) async fn sell(&self, owner: &str, provider: u128, n: u128, markup: i64) {
        let body = json!({ "relationship_id": id(n), "provider_id": id(provider), "markup": markup });
        self.world.post("/api/v1/reseller/relationships", Some(owner), &body).await.expect(200);
    }

    async fn market(&self, query: &str) -> Value {
        self.world.get(&format!("{OFFERINGS}?{query}"), None).await.expect(200).body
    }

    /// Names and sellers, in their order.
    async fn lines(&self, query: &str) -> Vec<String> {
        let found = self.market(query).await;
        let text = |line: &Value, name: &str| line[name].as_str().expect("text").to_owned();
        let line = |line: &Value| format!("{} / {}", text(line, "name"), text(line, "company"));
        found["items"].as_array().expect("items").iter().map(line).collect()
    }

    async fn order(&self, n: u128, quantity: u32, total: i64) -> Answer {
        self.world.post(ORDERS, None, &order(n, quantity, total)).await
    }

    async fn step(&self, contract: &str, step: &str, body: &Value) -> Answer {
        let path = format!("/api/v1/reseller/orders/{contract}/{step}");
        self.world.post(&path, Some(&self.owner), body).await
    }
}

/// An order of the sports package by Sam.
pub(super) fn order(n: u128, quantity: u32, total: i64) -> Value {
    json!({ "order_id": id(n), "offering_id": id(SPORTS), "relationship_id": id(SOLD), "quantity": quantity,
        "customer": { "name": "Sam Sample", "email": "sam@example.org", "phone": "", "note": "Ring twice." },
        "total": { "value": total, "unit": "EUR" } })
}

#[tokio::test]
async fn what_is_sold_is_shown_with_the_sellers_name_and_price() {
    let stall = Stall::new().await;
    let found = stall.market("").await;
    let line = &found["items"][0];
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    assert_eq!((&line["price_exact"], &line["price"]["value"]), (&json!("13.827160369"), &json!(1_383)));
    assert_eq!((&line["company"], &line["provider_name"]), (&json!("Company of shop"), &json!("Aurora Streams")));
    assert_eq!((&line["stock"], &line["attributes"]["quality"]), (&json!(5), &json!("4K")));
    assert!(
        line.get("base_price").is_none() && line.get("markup").is_none(),
        "what it is made of is nobody's business"
    );

    // Another shop sells it as well, at its own price.
    stall.world.add_reseller("other", None).await;
    let other = stall.world.token("reseller", "other").await;
    stall.sell(&other, AURORA, SOLD + 1, 0).await;
    let both = stall.market("").await;
    let prices: Vec<i64> =
        both["items"].as_array().expect("items").iter().filter_map(|one| one["price"]["value"].as_i64()).collect();
    assert_eq!(prices, [1_383, 1_235]);
    assert_eq!(stall.lines(&format!("reseller_id={}", stall.shop)).await, ["Sports package / Company of shop"]);
}

#[tokio::test]
async fn what_is_not_sold_any_more_is_not_shown() {
    let stall = Stall::new().await;
    let path = format!("/api/v1/reseller/relationships/{}", id(AURORA));
    let save = json!({ "markup": 12, "status": "suspended", "revision": 1 });
    stall.world.put(&path, Some(&stall.owner), &save).await.expect(200);
    assert!(stall.lines("").await.is_empty());
    assert!(!stall.order(0x401, 1, 1_383).await.status.is_success());
    let save = json!({ "markup": 12, "status": "active", "revision": 2 });
    stall.world.put(&path, Some(&stall.owner), &save).await.expect(200);
    assert_eq!(stall.lines("").await.len(), 1);
    let provider = json!({ "provider_id": id(AURORA), "name": "Aurora Streams", "currency": "EUR", "status": "suspended",
        "revision": 1 });
    let path = format!("/api/v1/admin/providers/{}", id(AURORA));
    stall.world.put(&path, Some(&stall.admin), &provider).await.expect(200);
    assert!(stall.lines("").await.is_empty());
}

#[tokio::test]
async fn pages_and_searches_find_everything_once() {
    let stall = Stall::new().await;
    stall.world.add_reseller("other", None).await;
    let other = stall.world.token("reseller", "other").await;
    stall.provider(AURORA + 1, "Boreal", "USD").await;
    stall.offering(AURORA + 1, 0x311, "sports radio", "1", None).await;
    stall.offering(AURORA + 1, 0x312, "Films", "2", None).await;
    stall.offering(AURORA, 0x313, "Too dear", "9000000000", None).await;
    stall.sell(&other, AURORA + 1, SOLD + 2, 10).await;
    stall.sell(&other, AURORA, SOLD + 3, 10).await;
    let all = [
        "Films / Company of other",
        "Sports package / Company of shop",
        "Sports package / Company of other",
        "sports radio / Company of other",
    ];
    assert_eq!(stall.lines("").await, all, "what nobody can pay is left out");

    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = stall.market(&format!("limit=1{after}")).await;
        seen.push(page["items"][0]["relationship_id"].clone());
        assert!(seen.len() <= all.len(), "the same line again");
        assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen, [SOLD + 2, SOLD, SOLD + 3, SOLD + 2].map(|n| json!(id(n))));

    for (query, found) in [
        ("search=SPO", 3),
        ("search=sport+pack", 2),
        ("search=sport+films", 0),
        ("search=nothing", 0),
        ("search=-", 4),
        ("search=live+sports+radio", 1),
    ] {
        assert_eq!(stall.lines(query).await.len(), found, "{query}");
    }
    assert_eq!(stall.lines(&format!("provider_id={}", id(AURORA + 1))).await.len(), 2);
    assert_eq!(stall.lines(&format!("provider_id={}&search=sports", id(AURORA))).await.len(), 2);
    assert_eq!(stall.lines(&format!("reseller_id={}&search=sports", stall.shop)).await.len(), 1);
    for query in ["after=nonsense", "limit=0", "colour=red", "provider_id=x"] {
        assert!(stall.world.get(&format!("{OFFERINGS}?{query}"), None).await.status.is_client_error(), "{query}");
    }
}

#[tokio::test]
async fn an_order_is_placed_once_and_opened_by_its_token() {
    let stall = Stall::new().await;
    let placed = stall.order(0x401, 3, 4_148).await.expect(200);
    let again = stall.order(0x401, 3, 4_148).await.expect(200);
    assert_eq!(placed.body, again.body);
    assert_eq!(count(&stall.world, "SELECT COUNT(*) FROM market_order").await, 1);
    assert_eq!(count(&stall.world, "SELECT COUNT(*) FROM offering WHERE stock = 2").await, 1);
    let token = placed.text("/token");
    let shown = stall.world.get(&format!("{ORDERS}/{token}"), None).await.expect(200);
    assert_eq!((shown.text("/state"), shown.text("/contract_id")), ("placed".to_owned(), placed.text("/contract_id")));
    assert!(shown.body.get("customer").is_none(), "who has the address learns nobody's");
    for wrong in ["nobody", &token[1..], &"x".repeat(200)] {
        stall.world.get(&format!("{ORDERS}/{wrong}"), None).await.expect(404);
    }
}

#[tokio::test]
async fn what_cannot_be_ordered_says_why_and_takes_nothing() {
    let stall = Stall::new().await;
    assert_eq!(stall.order(0x401, 3, 4_147).await.status.as_u16(), 409, "another price than was shown");
    assert!(!stall.order(0x402, 6, 8_296).await.status.is_success(), "more than there are");
    let mut wrong = order(0x403, 0, 4_148);
    wrong["customer"] = json!({ "name": " ", "email": "sam", "phone": "1".repeat(41), "note": "x".repeat(1_001) });
    let refused = stall.world.post(ORDERS, None, &wrong).await.expect(422);
    assert_eq!(refused.body["fields"].as_array().map(Vec::len), Some(5), "{}", refused.body);
    let mut foreign = order(0x404, 1, 1_383);
    foreign["relationship_id"] = json!(id(0x999));
    stall.world.post(ORDERS, None, &foreign).await.expect(404);
    assert_eq!(count(&stall.world, "SELECT COUNT(*) FROM market_order").await, 0);
    assert_eq!(count(&stall.world, "SELECT COUNT(*) FROM offering WHERE stock = 5").await, 1);
}

#[tokio::test]
async fn nobody_orders_without_end_and_nobody_tries_tokens_without_end() {
    let stall = Stall::new().await;
    for _ in 0..30 {
        stall.order(0x401, 1, 1_383).await.expect(200);
    }
    assert_eq!(stall.order(0x402, 1, 1_383).await.expect(429).code(), "rate_limited");
    for n in 0..60 {
        stall.world.get(&format!("{ORDERS}/nobody-{n}"), None).await.expect(404);
    }
    assert_eq!(stall.world.get(&format!("{ORDERS}/nobody"), None).await.expect(429).code(), "rate_limited");
    stall.world.clock.advance_ms(3_600_000);
    stall.order(0x402, 1, 1_383).await.expect(200);
}

#[tokio::test]
async fn reseller_and_customer_are_told_once_of_each_step() {
    let (mut stall, sink) = (Stall::new().await, Sink::new().await);
    stall.world.send_mail(sink.mailer());
    let placed = stall.order(0x401, 3, 4_148).await.expect(200);
    stall.order(0x401, 3, 4_148).await.expect(200);
    let (contract, token) = (placed.text("/contract_id"), placed.text("/token"));
    let steps = [
        ("pay", json!({ "step_id": id(0x501), "method": "cash", "reference": "" })),
        ("submit", json!({ "step_id": id(0x502), "external_id": "AS-77" })),
        ("fulfill", json!({ "step_id": id(0x503), "units": 2, "details": { "login": "amber-17" } })),
        ("fulfill", json!({ "step_id": id(0x504), "units": 1 })),
        (
            "refund",
            json!({ "refund_id": id(0x505), "amount": { "value": 1_000, "unit": "EUR" }, "reason": "One was late" }),
        ),
    ];
    for (step, body) in &steps {
        stall.step(&contract, step, body).await.expect(200);
        stall.step(&contract, step, body).await.expect(200);
    }
    assert_eq!(count(&stall.world, "SELECT COUNT(*) FROM notice").await, 7);
    let kept = call(&stall.world.router, "GET", "/api/v1/admin/notices", Some(&stall.admin), None).await.expect(200);
    assert!(!kept.body.to_string().contains(&token), "what opens the order is kept nowhere");
    while run_notices_once(&stall.world.app).await > 0 {}
    let mails = sink.taken();
    let of = |to: &str| mails.iter().filter(|mail| mail.recipients == [format!("RCPT TO:<{to}>")]).collect::<Vec<_>>();
    let (shop, sam) = (of("shop@example.org"), of("sam@example.org"));
    assert_eq!((shop.len(), sam.len()), (1, 6));
    assert_eq!(shop[0].header("Subject"), format!("Company of shop: new order {contract}"));
    assert!(shop[0].text().contains("3 × Sports package, delivered by Aurora Streams"), "{}", shop[0].text());
    let link = format!("https://central.lumen.example/order/{token}");
    for mail in &sam {
        assert!(mail.text().contains(&link) && mail.header("Subject").contains(&contract), "{}", mail.text());
        assert!(!mail.text().contains("amber-17"), "what opens what was bought stands on the page only");
    }
    assert!(!shop[0].text().contains(&token));
    let says = |words: &str| sam.iter().any(|mail| mail.text().contains(words));
    for words in [
        "Total: 41.48 EUR",
        "your payment of 41.48 EUR",
        "asked for the delivery",
        "that makes 3 of 3",
        "given you back 10.00 EUR",
        "One was late",
    ] {
        assert!(says(words), "{words}");
    }
}

#[tokio::test]
async fn an_order_that_ends_badly_is_told_with_its_reason() {
    let (mut stall, sink) = (Stall::new().await, Sink::new().await);
    stall.world.send_mail(sink.mailer());
    let contracts = [
        stall.order(0x401, 1, 1_383).await.text("/contract_id"),
        stall.order(0x402, 1, 1_383).await.text("/contract_id"),
    ];
    stall.step(&contracts[0], "cancel", &json!({ "step_id": id(0x501), "reason": "Closed in May" })).await.expect(200);
    stall.step(&contracts[1], "pay", &json!({ "step_id": id(0x502), "method": "card" })).await.expect(200);
    stall.step(&contracts[1], "fail", &json!({ "step_id": id(0x503), "reason": "No signal there" })).await.expect(200);
    while run_notices_once(&stall.world.app).await > 0 {}
    let texts: Vec<String> = sink.taken().iter().map(super::mail_sink::Taken::text).collect();
    for words in ["is cancelled:\n\nClosed in May", "or not wholly:\n\nNo signal there"] {
        assert!(texts.iter().any(|text| text.contains(words)), "{words}: {texts:?}");
    }
}

#[tokio::test]
async fn who_does_without_is_not_told_and_the_customer_always_is() {
    let (mut stall, sink) = (Stall::new().await, Sink::new().await);
    stall.world.send_mail(sink.mailer());
    let off = json!({ "off": ["order_placed", "order_waiting"] });
    stall.world.put("/api/v1/reseller/notices", Some(&stall.owner), &off).await.expect(200);
    let kept = json!({ "off": ["order_received"] });
    stall.world.put("/api/v1/reseller/notices", Some(&stall.owner), &kept).await.expect(422);
    stall.order(0x401, 1, 1_383).await.expect(200);
    while run_notices_once(&stall.world.app).await > 0 {}
    let told: Vec<String> = sink.taken().iter().flat_map(|mail| mail.recipients.clone()).collect();
    assert_eq!(told, ["RCPT TO:<sam@example.org>"]);
    // Staff see that it was sent, and not the address that it opens.
    let answer = call(&stall.world.router, "GET", "/api/v1/admin/notices", Some(&stall.admin), None).await.expect(200);
    assert!(answer.text("/items/0/text").contains("{link}"));
}
