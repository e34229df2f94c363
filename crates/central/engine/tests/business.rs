//! Plans, resellers and credits through their routes.

use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::reseller::SettlementMode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{PASSWORD, World, foreign, new_transfer, save_reseller};

fn plan(id: Uuid, name: &str) -> Value {
    json!({ "plan_id": id, "name": name, "kind": "monthly", "price": { "value": 999, "unit": "EUR" },
        "term_days": 30, "features": ["One screen"], "status": "active" })
}

#[tokio::test]
async fn a_plan_is_made_once_edited_as_read_and_archived() {
    let world = World::new().await;
    let boss = world.staff_token(StaffRole::Admin).await;
    let (boss, id) = (Some(boss.as_str()), foreign());
    let path = format!("/api/v1/admin/plans/{id}");
    let made = world.post("/api/v1/admin/plans", boss, &plan(id, "Month")).await.expect(200);
    assert_eq!(made.body["version"], 1);
    // A repeat is answered, another plan under the same id is not.
    assert_eq!(world.post("/api/v1/admin/plans", boss, &plan(id, "Month")).await.expect(200).body, made.body);
    assert_eq!(world.post("/api/v1/admin/plans", boss, &plan(id, "Year")).await.expect(409).code(), "id_reused");

    let mut edit = plan(id, "Family Month");
    assert_eq!(world.put(&path, boss, &edit).await.expect(422).code(), "validation_failed");
    edit["version"] = json!(1);
    assert_eq!(world.put(&path, boss, &edit).await.expect(200).body["version"], 2);
    assert_eq!(world.put(&path, boss, &edit).await.expect(409).code(), "conflict");
    edit["version"] = json!(2);
    edit["status"] = json!("archived");
    world.put(&path, boss, &edit).await.expect(200);

    let mut wrong = plan(Uuid::from_u128(2), " ");
    wrong["price"] = json!({ "value": -1, "unit": "USD" });
    wrong["term_days"] = json!(0);
    let refused = world.post("/api/v1/admin/plans", boss, &wrong).await.expect(422);
    let fields: Vec<&str> =
        refused.body["fields"].as_array().expect("fields").iter().filter_map(|f| f["field"].as_str()).collect();
    assert_eq!(fields, ["name", "price", "term_days", "price"]);

    // What is archived is no longer for sale, and stays in the operator's list.
    world.add_reseller("shop", None).await;
    let shop = world.token("reseller", "shop").await;
    assert_eq!(world.get("/api/v1/reseller/plans", Some(&shop)).await.expect(200).body["items"], json!([]));
    assert_eq!(world.get("/api/v1/admin/plans", boss).await.expect(200).body["items"][0]["status"], "archived");
}

#[tokio::test]
async fn a_plan_of_each_rhythm_keeps_what_was_typed() {
    let world = World::new().await;
    let boss = world.staff_token(StaffRole::Admin).await;
    let kinds = [("monthly", 30), ("quarterly", 90), ("yearly", 365), ("custom", 3)];
    for (number, (kind, term_days)) in (1_u128..).zip(kinds) {
        let mut body = plan(Uuid::from_u128(number), &format!("Plan {kind}"));
        body["kind"] = json!(kind);
        body["term_days"] = json!(term_days);
        body["features"] = json!(["Two screens", "Sport in 4K"]);
        let made = world.post("/api/v1/admin/plans", Some(&boss), &body).await.expect(200).body;
        let path = format!("/api/v1/admin/plans/{}", Uuid::from_u128(number));
        let read = world.get(&path, Some(&boss)).await.expect(200).body;
        assert_eq!(read, made);
        for field in ["name", "kind", "price", "term_days", "features", "status"] {
            assert_eq!(read[field], body[field], "{field} of a {kind} plan");
        }
    }
    let mut weekly = plan(Uuid::from_u128(9), "Week");
    weekly["kind"] = json!("weekly");
    assert_eq!(world.post("/api/v1/admin/plans", Some(&boss), &weekly).await.expect(400).code(), "malformed");
}

#[tokio::test]
async fn lists_page_by_key_and_find_what_is_searched() {
    let world = World::new().await;
    let boss = world.staff_token(StaffRole::Admin).await;
    for number in 0..5_u128 {
        let body = plan(Uuid::from_u128(100 + number), &format!("Plan {}", number % 3));
        world.post("/api/v1/admin/plans", Some(&boss), &body).await.expect(200);
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = world.get(&format!("/api/v1/admin/plans?limit=2{after}"), Some(&boss)).await.expect(200);
        seen.extend(page.body["items"].as_array().expect("items").iter().map(|p| p["plan_id"].to_string()));
        match page.body["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let count = seen.len();
    seen.dedup();
    assert_eq!((count, seen.len()), (5, 5));
    let found = async |search: &str| {
        let path = format!("/api/v1/admin/plans?search={search}");
        world.get(&path, Some(&boss)).await.expect(200).body["items"].as_array().expect("items").len()
    };
    assert_eq!((found("LAN%201").await, found("%25").await, found("nothing").await), (2, 0, 0));
}

#[tokio::test]
async fn resellers_stand_below_one_another_and_see_only_downwards() {
    let world = World::new().await;
    let token = world.staff_token(StaffRole::Admin).await;
    let boss = Some(token.as_str());
    let top = world.add_reseller("top", None).await;
    let middle = world.add_reseller("middle", Some(top)).await;
    let bottom = world.add_reseller("bottom", Some(middle)).await;
    world.add_reseller("beside", None).await;
    let too_deep = save_reseller(foreign().into(), "deep", Some(bottom), SettlementMode::Wholesale);
    let body = serde_json::to_value(&too_deep).expect("JSON");
    let refused = world.post("/api/v1/admin/resellers", boss, &body).await.expect(422);
    assert_eq!(refused.body["fields"][0]["field"], "parent_id");
    let orphan = save_reseller(foreign().into(), "orphan", Some(foreign().into()), SettlementMode::Share);
    let body = serde_json::to_value(&orphan).expect("JSON");
    assert_eq!(world.post("/api/v1/admin/resellers", boss, &body).await.expect(422).code(), "validation_failed");

    let names = async |audience: &str, path: &str, username: &str| -> Vec<String> {
        let token = match audience {
            "admin" => token.clone(),
            _ => world.token("reseller", username).await,
        };
        let body = world.get(path, Some(&token)).await.expect(200).body;
        body["items"].as_array().expect("items").iter().map(|r| r["username"].as_str().unwrap_or("").into()).collect()
    };
    assert_eq!(names("admin", "/api/v1/admin/resellers", "").await, ["beside", "bottom", "middle", "top"]);
    assert_eq!(names("reseller", "/api/v1/reseller/sub-resellers", "top").await, ["bottom", "middle"]);
    assert_eq!(names("reseller", "/api/v1/reseller/sub-resellers", "middle").await, ["bottom"]);
    assert!(names("reseller", "/api/v1/reseller/sub-resellers", "bottom").await.is_empty());
    let token = world.token("reseller", "middle").await;
    let profile = world.get("/api/v1/reseller/profile", Some(&token)).await.expect(200);
    assert_eq!(
        (profile.text("/username"), profile.text("/parent_company")),
        ("middle".into(), "Company of top".into())
    );
}

#[tokio::test]
async fn a_reseller_is_made_once_and_edited_as_read() {
    let world = World::new().await;
    let boss = world.staff_token(StaffRole::Admin).await;
    let boss = Some(boss.as_str());
    let id = foreign();
    let asked = save_reseller(id.into(), "shop", None, SettlementMode::Share);
    let mut body = serde_json::to_value(&asked).expect("JSON");
    let made = world.post("/api/v1/admin/resellers", boss, &body).await.expect(200);
    assert_eq!(made.body["balance"], json!({ "value": 0, "unit": "EUR" }));
    assert_eq!(world.post("/api/v1/admin/resellers", boss, &body).await.expect(200).body, made.body);
    body["reseller_id"] = json!(Uuid::from_u128(9));
    assert_eq!(world.post("/api/v1/admin/resellers", boss, &body).await.expect(409).code(), "username_taken");
    body["username"] = json!("other");
    assert_eq!(world.post("/api/v1/admin/resellers", boss, &body).await.expect(409).code(), "email_taken");
    body["email"] = json!("nonsense");
    body["password"] = json!("short");
    body["username"] = json!("no spaces");
    body["company"] = json!("");
    body["credit_limit"] = json!(-1);
    let refused = world.post("/api/v1/admin/resellers", boss, &body).await.expect(422);
    let fields: Vec<&str> =
        refused.body["fields"].as_array().expect("fields").iter().filter_map(|f| f["field"].as_str()).collect();
    assert_eq!(fields, ["username", "password", "company", "email", "credit_limit"]);

    // A new name and password for the owner end what was open.
    let token = world.token("reseller", "shop").await;
    let path = format!("/api/v1/admin/resellers/{id}");
    let mut edit = serde_json::to_value(&asked).expect("JSON");
    edit["username"] = json!("corner-shop");
    edit["password"] = json!("battery staple");
    edit["version"] = json!(1);
    edit["credit_limit"] = json!(500);
    let edited = world.put(&path, boss, &edit).await.expect(200);
    assert_eq!((&edited.body["version"], &edited.body["credit_limit"]["value"]), (&json!(2), &json!(500)));
    assert_eq!(world.put(&path, boss, &edit).await.expect(409).code(), "conflict");
    world.get("/api/v1/me", Some(&token)).await.expect(401);
    world.sign_in("reseller", "shop", "battery staple").await.expect(401);
    world.sign_in("reseller", "corner-shop", "battery staple").await.expect(200);
    edit["version"] = json!(2);
    edit["settlement_mode"] = json!("wholesale");
    assert_eq!(world.put(&path, boss, &edit).await.expect(422).body["fields"][0]["field"], "settlement_mode");
}

#[tokio::test]
async fn who_signed_in_last_is_told_and_a_reseller_out_of_use_stays_in_the_list() {
    let world = World::new().await;
    let boss = world.staff_token(StaffRole::Admin).await;
    let boss = Some(boss.as_str());
    let id = world.add_reseller("shop", None).await;
    let path = format!("/api/v1/admin/resellers/{id}");
    let asked = serde_json::to_value(save_reseller(id, "shop", None, SettlementMode::Wholesale)).expect("JSON");
    let new = world.get(&path, boss).await.expect(200).body;
    assert_eq!(new.get("last_login_at"), None);
    for field in ["username", "company", "email", "contact", "phone", "status"] {
        assert_eq!(new[field], asked[field], "{field}");
    }
    world.clock.advance_ms(60_000);
    let token = world.token("reseller", "shop").await;
    let known = world.get(&path, boss).await.expect(200).body;
    assert_eq!(known["last_login_at"], json!(world.app.now().0));

    // Archived: nobody of it comes in any more, and all that was stays where it was.
    let mut edit = asked;
    edit.as_object_mut().expect("object").remove("password");
    edit["version"] = known["version"].clone();
    edit["status"] = json!("inactive");
    world.put(&path, boss, &edit).await.expect(200);
    assert_eq!(world.get("/api/v1/me", Some(&token)).await.expect(403).code(), "reseller_suspended");
    assert_eq!(world.sign_in("reseller", "shop", PASSWORD).await.expect(403).code(), "reseller_suspended");
    let listed = world.get("/api/v1/admin/resellers", boss).await.expect(200).body;
    let told = (&listed["items"][0]["status"], &listed["items"][0]["last_login_at"]);
    assert_eq!(told, (&json!("inactive"), &known["last_login_at"]));
}

#[tokio::test]
async fn credits_move_once_and_never_below_the_floor() {
    let world = World::new().await;
    let boss = world.staff_token(StaffRole::Finance).await;
    let admin = world.staff_token(StaffRole::Admin).await;
    let id = world.add_reseller("shop", None).await;
    let path = format!("/api/v1/admin/resellers/{id}/credits");
    let movement = |kind: &str, amount: i64| json!({ "transfer_id": new_transfer(), "kind": kind, "amount": amount, "note": "a test" });
    let purchase = movement("purchase", 900);
    let moved = world.post(&path, Some(&boss), &purchase).await.expect(200);
    assert_eq!((&moved.body["balance"]["value"], &moved.body["settled_held"]), (&json!(900), &json!(0)));
    // The same id again moves nothing; with another amount it is refused.
    assert_eq!(world.post(&path, Some(&boss), &purchase).await.expect(200).body["balance"]["value"], 900);
    let mut reused = purchase.clone();
    reused["amount"] = json!(901);
    assert_eq!(world.post(&path, Some(&boss), &reused).await.expect(409).code(), "id_reused");
    for (kind, amount, balance) in
        [("bonus", 10, 910), ("credit", 5, 915), ("refund", 15, 900), ("debit", 100, 800), ("adjustment", -50, 750)]
    {
        let answer = world.post(&path, Some(&boss), &movement(kind, amount)).await.expect(200);
        assert_eq!(answer.body["balance"]["value"], balance, "{kind}");
    }
    let short = world.post(&path, Some(&boss), &movement("debit", 751)).await.expect(409);
    assert_eq!(short.code(), "insufficient_credit");
    assert_eq!((&short.body["needed"]["value"], &short.body["available"]["value"]), (&json!(751), &json!(750)));
    assert!(short.text("/detail").starts_with("You need 751 credits"), "{}", short.body);
    for (kind, amount) in [("sale", 1), ("lease_grant", 1), ("purchase", 0), ("purchase", -1), ("adjustment", 0)] {
        let answer = world.post(&path, Some(&boss), &movement(kind, amount)).await;
        assert_eq!(answer.expect(422).code(), "validation_failed", "{kind} {amount}");
    }

    // Down to the limit, and the limit not above what is owed.
    let reseller = format!("/api/v1/admin/resellers/{id}");
    let asked = save_reseller(id, "shop", None, SettlementMode::Wholesale);
    let mut edit = serde_json::to_value(&asked).expect("JSON");
    edit.as_object_mut().expect("object").remove("password");
    edit["version"] = json!(1);
    edit["credit_limit"] = json!(100);
    world.put(&reseller, Some(&admin), &edit).await.expect(200);
    world.post(&path, Some(&boss), &movement("debit", 850)).await.expect(200);
    edit["version"] = json!(2);
    edit["credit_limit"] = json!(99);
    let refused = world.put(&reseller, Some(&admin), &edit).await.expect(422);
    assert_eq!(refused.body["fields"][0]["field"], "credit_limit");
    assert_eq!(world.get(&reseller, Some(&admin)).await.expect(200).body["version"], 2);

    let statement = world.get(&format!("{path}?limit=3"), Some(&boss)).await.expect(200);
    assert_eq!(statement.body["equation"], json!({ "funded": -100, "available": -100, "reserved": 0, "spent": 0 }));
    let deltas = |page: &Value| -> Vec<i64> {
        page["entries"].as_array().expect("entries").iter().filter_map(|e| e["delta"].as_i64()).collect()
    };
    assert_eq!(deltas(&statement.body), [-850, -50, -100]);
    let next = statement.text("/next");
    let rest = world.get(&format!("{path}?after={next}"), Some(&boss)).await.expect(200);
    assert_eq!((deltas(&rest.body), rest.body.get("next")), (vec![-15, 5, 10, 900], None));
    let shop = world.token("reseller", "shop").await;
    let own = world.get("/api/v1/reseller/credits", Some(&shop)).await.expect(200);
    assert_eq!(own.body["balance"], json!({ "value": -100, "unit": "credits" }));
}
