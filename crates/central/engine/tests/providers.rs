//! External providers, what they offer, and files of offerings.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{OfferingId, ProviderId};
use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};

use super::proof::count;
use super::world::{Answer, START, World, foreign};

pub(super) const PROVIDERS: &str = "/api/v1/admin/providers";

pub(super) fn provider(name: &str) -> Value {
    json!({ "provider_id": mint::<ProviderId>(START), "name": name, "contact_name": "Mira Castell",
        "email": "Sales@Provider.example.org", "phone": "+49 30 5550177", "website": "https://provider.example.org",
        "currency": "EUR", "status": "active", "notes": "Pays on the 5th." })
}

pub(super) async fn add_provider(world: &World, token: &str, name: &str) -> Value {
    world.post(PROVIDERS, Some(token), &provider(name)).await.expect(200).body
}

pub(super) fn offering(article: &str, name: &str, price: &str) -> Value {
    json!({ "offering_id": mint::<OfferingId>(START), "article": article, "name": name,
        "description": "In two languages.", "base_price": price, "term_days": 30,
        "attributes": { "quality": "4K" }, "stock": 20, "status": "active" })
}

pub(super) async fn add_offering(world: &World, token: &str, provider: &Value, new: &Value) -> Value {
    world.post(&offerings_of(provider), Some(token), new).await.expect(200).body
}

pub(super) fn offerings_of(provider: &Value) -> String {
    format!("{PROVIDERS}/{}/offerings", provider["provider_id"].as_str().expect("id"))
}

fn changed(known: &Value, fields: &[&str], change: &Value) -> Value {
    let mut body = json!({});
    for field in fields {
        body[*field] = known[*field].clone();
    }
    for (name, value) in change.as_object().expect("fields") {
        body[name] = value.clone();
    }
    body
}

pub(super) async fn edit_provider(world: &World, token: &str, known: &Value, change: Value) -> Answer {
    let fields =
        ["provider_id", "name", "contact_name", "email", "phone", "website", "currency", "status", "notes", "revision"];
    let path = format!("{PROVIDERS}/{}", known["provider_id"].as_str().expect("id"));
    world.put(&path, Some(token), &changed(known, &fields, &change)).await
}

async fn edit_offering(world: &World, token: &str, provider: &Value, known: &Value, change: Value) -> Answer {
    let fields = [
        "offering_id",
        "article",
        "name",
        "description",
        "base_price",
        "term_days",
        "attributes",
        "stock",
        "status",
        "revision",
    ];
    let path = format!("{}/{}", offerings_of(provider), known["offering_id"].as_str().expect("id"));
    world.put(&path, Some(token), &changed(known, &fields, &change)).await
}

/// Articles of a page, in its order.
async fn articles(world: &World, token: &str, provider: &Value, query: &str) -> Vec<String> {
    let page = world.get(&format!("{}?{query}", offerings_of(provider)), Some(token)).await.expect(200).body;
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| item["article"].as_str().expect("an article").to_owned()).collect()
}

#[tokio::test]
async fn a_provider_is_made_once_and_edited_as_it_was_read() {
    let world = World::new().await;
    let token = world.staff_token(StaffRole::Admin).await;
    let new = provider(" Harbour Lights ");
    let made = world.post(PROVIDERS, Some(&token), &new).await.expect(200).body;
    assert_eq!((&made["name"], &made["email"]), (&json!("Harbour Lights"), &json!("sales@provider.example.org")));
    assert_eq!((&made["revision"], &made["offerings"], &made["resellers"]), (&json!(1), &json!(0), &json!(0)));
    assert_eq!(world.post(PROVIDERS, Some(&token), &new).await.expect(200).body, made, "a repeat is answered");
    let mut other = new.clone();
    other["notes"] = "Something else".into();
    assert_eq!(world.post(PROVIDERS, Some(&token), &other).await.expect(409).code(), "id_reused");
    let double = world.post(PROVIDERS, Some(&token), &provider("HARBOUR lights")).await.expect(409);
    assert_eq!(double.code(), "conflict");
    assert!(double.text("/detail").contains("HARBOUR lights"), "{}", double.body);

    let edited = edit_provider(&world, &token, &made, json!({ "status": "suspended" })).await.expect(200).body;
    assert_eq!((&edited["revision"], &edited["status"]), (&json!(2), &json!("suspended")));
    let stale = edit_provider(&world, &token, &made, json!({ "phone": "" })).await.expect(409);
    assert!(stale.text("/detail").contains("revision 2"), "{}", stale.body);
    let second = add_provider(&world, &token, "Polder Sports").await;
    let taken = edit_provider(&world, &token, &second, json!({ "name": "harbour lights" })).await.expect(409);
    assert_eq!(taken.code(), "conflict");
    assert_eq!(count(&world, "SELECT COUNT(*) FROM audit WHERE action LIKE 'provider.%'").await, 3);
}

#[tokio::test]
async fn what_is_wrong_with_a_provider_is_said_field_by_field() {
    let world = World::new().await;
    let token = world.staff_token(StaffRole::Admin).await;
    let made = add_provider(&world, &token, "Harbour Lights").await;
    for (change, field) in [
        (json!({ "name": " " }), "name"),
        (json!({ "name": "n".repeat(101) }), "name"),
        (json!({ "contact_name": "c".repeat(101) }), "contact_name"),
        (json!({ "email": "nowhere" }), "email"),
        (json!({ "phone": "1".repeat(41) }), "phone"),
        (json!({ "website": "javascript:alert(1)" }), "website"),
        (json!({ "notes": "n".repeat(1_001) }), "notes"),
        (json!({ "currency": "euro" }), "currency"),
        (json!({ "currency": "USD" }), "currency"),
        (json!({ "revision": 0 }), "revision"),
        (json!({ "provider_id": foreign() }), "provider_id"),
    ] {
        let refused = edit_provider(&world, &token, &made, change).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), field, "{}", refused.body);
    }
    let mut numbered = provider("Another");
    numbered["revision"] = 1.into();
    let refused = world.post(PROVIDERS, Some(&token), &numbered).await.expect(422);
    assert_eq!(refused.text("/fields/0/field"), "revision");
}

#[tokio::test]
async fn an_offering_is_made_once_edited_and_found_by_its_words() {
    let world = World::new().await;
    let token = world.staff_token(StaffRole::Admin).await;
    let harbour = add_provider(&world, &token, "Harbour Lights").await;
    let polder = add_provider(&world, &token, "Polder Sports").await;
    let new = offering("HL-1", "Harbour Month", "12.345678901");
    let made = add_offering(&world, &token, &harbour, &new).await;
    assert_eq!((&made["base_price"], &made["currency"]), (&json!("12.345678901"), &json!("EUR")));
    assert_eq!((&made["attributes"], &made["stock"]), (&json!({ "quality": "4K" }), &json!(20)));
    assert_eq!(add_offering(&world, &token, &harbour, &new).await, made, "a repeat is answered");
    let elsewhere = world.post(&offerings_of(&polder), Some(&token), &new).await.expect(409);
    assert_eq!(elsewhere.code(), "id_reused");
    let double = offering("HL-1", "Another", "1");
    assert_eq!(world.post(&offerings_of(&harbour), Some(&token), &double).await.expect(409).code(), "conflict");
    add_offering(&world, &token, &polder, &offering("HL-1", "Of another provider", "1")).await;
    add_offering(&world, &token, &harbour, &offering("HL-2", "Cinema Evening", "0.000000001")).await;

    for (query, found) in [
        ("search=harb%20month", vec!["HL-1"]),
        ("search=HL", vec!["HL-2", "HL-1"]),
        ("search=languages%20cine", vec!["HL-2"]),
        ("search=onth", vec![]),
        ("search=-", vec![]),
        ("search=%20", vec!["HL-2", "HL-1"]),
        ("status=withdrawn", vec![]),
    ] {
        assert_eq!(articles(&world, &token, &harbour, query).await, found, "{query}");
    }
    let change = json!({ "name": "Quay Month", "status": "withdrawn", "stock": null, "base_price": "9" });
    let edited = edit_offering(&world, &token, &harbour, &made, change).await.expect(200).body;
    assert_eq!((&edited["revision"], &edited["base_price"], edited.get("stock")), (&json!(2), &json!("9"), None));
    assert_eq!(articles(&world, &token, &harbour, "search=harbour").await, Vec::<String>::new());
    assert_eq!(articles(&world, &token, &harbour, "search=quay&status=withdrawn").await, ["HL-1"]);
    let stale = edit_offering(&world, &token, &harbour, &made, json!({ "name": "Late" })).await.expect(409);
    assert_eq!(stale.code(), "conflict");
    edit_offering(&world, &token, &polder, &made, json!({})).await.expect(404);
    let listed = world.get(PROVIDERS, Some(&token)).await.expect(200).body;
    assert_eq!(listed.pointer("/items/0/offerings"), Some(&json!(1)), "the withdrawn one is not on sale");
}

#[tokio::test]
async fn what_is_wrong_with_an_offering_is_said_field_by_field() {
    let world = World::new().await;
    let token = world.staff_token(StaffRole::Admin).await;
    let harbour = add_provider(&world, &token, "Harbour Lights").await;
    for (change, field) in [
        (json!({ "article": "" }), "article"),
        (json!({ "article": "a".repeat(65) }), "article"),
        (json!({ "name": "" }), "name"),
        (json!({ "description": "d".repeat(2_001) }), "description"),
        (json!({ "term_days": 3_661 }), "term_days"),
        (json!({ "stock": -1 }), "stock"),
        (json!({ "stock": 1_000_000_001_i64 }), "stock"),
        (json!({ "revision": 1 }), "revision"),
    ] {
        let mut body = offering("HL-1", "Harbour Month", "1");
        for (name, value) in change.as_object().expect("fields") {
            body[name] = value.clone();
        }
        let refused = world.post(&offerings_of(&harbour), Some(&token), &body).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), field, "{}", refused.body);
    }
    for price in ["-1", "1e3", "0.0000000001", "9000000000.1", ""] {
        let body = offering("HL-1", "Harbour Month", price);
        world.post(&offerings_of(&harbour), Some(&token), &body).await.expect(400);
    }
    assert_eq!(count(&world, "SELECT COUNT(*) FROM offering").await, 0);
}

fn line(number: u32, article: &str, price: &str) -> Value {
    json!({ "line": number, "article": article, "name": format!("Offering {article}"), "base_price": price,
        "attributes": "{\"quality\":\"4K\"}", "term_days": "30" })
}

async fn import(world: &World, token: &str, provider: &Value, dry_run: bool, lines: &[Value]) -> Value {
    let body = json!({ "dry_run": dry_run, "lines": lines });
    world.post(&format!("{}/import", offerings_of(provider)), Some(token), &body).await.expect(200).body
}

fn told(answer: &Value) -> (i64, i64, i64, bool) {
    let number = |name: &str| answer[name].as_i64().expect("a number");
    (number("created"), number("changed"), number("same"), answer["written"].as_bool().expect("whether"))
}

#[tokio::test]
async fn a_file_is_tried_written_once_and_comes_back_without_loss() {
    let world = World::new().await;
    let token = world.staff_token(StaffRole::Admin).await;
    let harbour = add_provider(&world, &token, "Harbour Lights").await;
    let prices = ["0.000000001", "12.345678901", "9000000000", "3.1", "0"];
    let lines: Vec<Value> =
        (2..).zip(prices).map(|(number, price)| line(number, &format!("A-{number}"), price)).collect();
    assert_eq!(told(&import(&world, &token, &harbour, true, &lines).await), (5, 0, 0, false));
    assert_eq!(count(&world, "SELECT COUNT(*) FROM offering").await, 0, "a dry run does nothing");
    assert_eq!(told(&import(&world, &token, &harbour, false, &lines).await), (5, 0, 0, true));
    let page = world.get(&offerings_of(&harbour), Some(&token)).await.expect(200).body;
    let kept: Vec<&str> = page["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| item["base_price"].as_str().expect("a price"))
        .collect();
    assert_eq!(kept, prices, "every price is exactly what the file said");
    assert_eq!(told(&import(&world, &token, &harbour, false, &lines).await), (0, 0, 5, true));
    assert_eq!(count(&world, "SELECT COUNT(*) FROM audit WHERE action = 'offering.import'").await, 1);

    // One more, one dearer, the rest as they are.
    let mut next = lines.clone();
    next[0] = line(2, "A-2", "0.000000002");
    next.push(line(7, "B-7", "1"));
    assert_eq!(told(&import(&world, &token, &harbour, false, &next).await), (1, 1, 4, true));
    assert_eq!(articles(&world, &token, &harbour, "search=b%207").await, ["B-7"]);
    let changed = "SELECT COUNT(*) FROM offering WHERE article = 'A-2' AND base_price = 2 AND revision = 2";
    assert_eq!(count(&world, changed).await, 1);
}

#[tokio::test]
async fn a_file_with_a_wrong_line_writes_nothing_and_says_where() {
    let world = World::new().await;
    let token = world.staff_token(StaffRole::Admin).await;
    let harbour = add_provider(&world, &token, "Harbour Lights").await;
    let mut stock = line(5, "A-5", "1");
    stock["stock"] = "many".into();
    let lines = [line(2, "A-2", "1"), line(3, "A-3", "1,50"), line(4, "A-2", "2"), stock];
    for dry_run in [true, false] {
        let answer = import(&world, &token, &harbour, dry_run, &lines).await;
        assert_eq!(told(&answer), (1, 0, 0, false));
        let refused: Vec<(i64, &str)> = answer["refused"]
            .as_array()
            .expect("refused")
            .iter()
            .map(|one| (one["line"].as_i64().expect("line"), one["field"].as_str().expect("field")))
            .collect();
        assert_eq!(refused, [(3, "base_price"), (4, "article"), (5, "stock")]);
    }
    assert_eq!(count(&world, "SELECT COUNT(*) FROM offering").await, 0);
    let path = format!("{}/import", offerings_of(&harbour));
    for lines in [Vec::new(), (0..501).map(|number| line(number, &format!("A-{number}"), "1")).collect()] {
        let body = json!({ "dry_run": true, "lines": lines });
        let refused = world.post(&path, Some(&token), &body).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), "lines");
    }
}

#[tokio::test]
async fn an_empty_stock_leaves_the_one_that_is_there() {
    let world = World::new().await;
    let token = world.staff_token(StaffRole::Admin).await;
    let harbour = add_provider(&world, &token, "Harbour Lights").await;
    let stocked = |stock: &str, price: &str| {
        let mut line = line(2, "A-2", price);
        line["stock"] = stock.into();
        [line]
    };
    let left = "SELECT COALESCE(stock, -1) FROM offering";
    for (stock, price, answer, then) in [
        ("", "1", (1, 0, 0, true), -1),
        ("7", "1", (0, 1, 0, true), 7),
        ("", "1", (0, 0, 1, true), 7),
        ("", "2", (0, 1, 0, true), 7),
        ("unlimited", "2", (0, 1, 0, true), -1),
        ("Unlimited", "2", (0, 0, 1, true), -1),
        ("0", "2", (0, 1, 0, true), 0),
    ] {
        let lines = stocked(stock, price);
        assert_eq!(told(&import(&world, &token, &harbour, false, &lines).await), answer, "{stock:?} at {price}");
        assert_eq!(count(&world, left).await, then, "{stock:?} at {price}");
    }
}

/// So many have the word that they are gone through by name, and pages go on where they stood.
#[tokio::test]
async fn a_word_that_many_have_and_one_that_few_have_find_the_same_order() {
    let world = World::new().await;
    let token = world.staff_token(StaffRole::Admin).await;
    let harbour = add_provider(&world, &token, "Harbour Lights").await;
    for part in 0..3_u32 {
        let lines: Vec<Value> = (0..500)
            .map(|at| {
                let number = part * 500 + at;
                let mut line = line(at + 2, &format!("ART{number:05}"), "1");
                line["name"] = format!("Common {number:05}{}", if number % 500 == 7 { " rare" } else { "" }).into();
                line
            })
            .collect();
        assert_eq!(told(&import(&world, &token, &harbour, false, &lines).await), (500, 0, 0, true));
    }
    assert_eq!(articles(&world, &token, &harbour, "search=rare").await, ["ART00007", "ART00507", "ART01007"]);
    assert_eq!(articles(&world, &token, &harbour, "search=common%20rare").await, ["ART00007", "ART00507", "ART01007"]);
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("{}?search=comm&limit=400{after}", offerings_of(&harbour));
        let page = world.get(&path, Some(&token)).await.expect(200).body;
        let items = page["items"].as_array().expect("items");
        seen.extend(items.iter().map(|item| item["article"].as_str().expect("article").to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    let all: Vec<String> = (0..1_500).map(|number| format!("ART{number:05}")).collect();
    assert_eq!(seen, all);
}

#[tokio::test]
async fn what_is_not_there_is_nothing() {
    let world = World::new().await;
    let token = world.staff_token(StaffRole::Admin).await;
    let harbour = add_provider(&world, &token, "Harbour Lights").await;
    let made = add_offering(&world, &token, &harbour, &offering("HL-1", "Harbour Month", "1")).await;
    let mut nowhere = harbour.clone();
    nowhere["provider_id"] = json!(foreign());
    world.get(&offerings_of(&nowhere), Some(&token)).await.expect(404);
    edit_offering(&world, &token, &nowhere, &made, json!({ "name": "" })).await.expect(404);
    edit_provider(&world, &token, &nowhere, json!({ "name": "" })).await.expect(404);
    let body = json!({ "dry_run": true, "lines": [] });
    world.post(&format!("{}/import", offerings_of(&nowhere)), Some(&token), &body).await.expect(404);
}
