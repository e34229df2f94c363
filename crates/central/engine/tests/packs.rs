//! Credit packs: what there is from the start, edits, and sales that keep their price.

use counterfoil_domain::ids::{CreditPackId, ResellerId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::reseller::SettlementMode;
use serde_json::{Value, json};

use super::proof::{count, prove};
use super::world::{Answer, World, foreign, new_transfer};

const PACKS: &str = "/api/v1/admin/credit-packs";

/// The packs of this Central, as staff see them.
pub(super) async fn packs(world: &World, token: &str) -> Vec<Value> {
    let listed = world.get(PACKS, Some(token)).await.expect(200);
    listed.body.as_array().expect("a list").clone()
}

pub(super) fn shown(pack: &Value) -> Value {
    json!({ "pack_id": pack["pack_id"], "version": pack["version"] })
}

fn save(pack: &Value, change: &Value) -> Value {
    let mut body = json!({ "pack_id": pack["pack_id"], "version": pack["version"], "name": pack["name"],
        "credits": pack["credits"], "price": pack["price"], "status": pack["status"] });
    for (name, value) in change.as_object().expect("fields") {
        body[name] = value.clone();
    }
    body
}

pub(super) async fn edit(world: &World, token: &str, pack: &Value, change: Value) -> Answer {
    let path = format!("{PACKS}/{}", pack["pack_id"].as_str().expect("id"));
    world.put(&path, Some(token), &save(pack, &change)).await
}

async fn sell(world: &World, token: &str, reseller: ResellerId, sale: Value) -> Answer {
    world.post(&format!("/api/v1/admin/resellers/{reseller}/credits"), Some(token), &sale).await
}

fn sale(pack: &Value, transfer: impl serde::Serialize) -> Value {
    json!({ "transfer_id": transfer, "kind": "purchase", "amount": pack["credits"], "note": "Invoice 7",
        "pack": shown(pack) })
}

#[tokio::test]
async fn every_operator_starts_with_the_same_packs_and_their_discounts() {
    let world = World::new().await;
    let token = world.staff_token(StaffRole::Admin).await;
    let packs = packs(&world, &token).await;
    let told: Vec<(&str, i64, i64, i64)> = packs
        .iter()
        .map(|pack| {
            let number = |pointer: &str| pack.pointer(pointer).and_then(Value::as_i64).expect("a number");
            (pack["name"].as_str().expect("a name"), number("/credits"), number("/price/value"), number("/discount_bp"))
        })
        .collect();
    assert_eq!(
        told,
        [("Starter", 900, 5_000, 0), ("Business", 3_600, 18_000, 1_000), ("Enterprise", 10_800, 50_000, 1_667)]
    );
    assert!(packs.iter().all(|pack| pack["price"]["unit"] == "EUR"));
    let other = world.other_operator().await;
    let query = "SELECT COUNT(*) FROM credit_pack";
    assert_eq!(count(&world, query).await, 6, "three of {other}, too");
}

#[tokio::test]
async fn a_pack_is_made_edited_as_it_was_read_and_archived() {
    let world = World::new().await;
    let token = world.staff_token(StaffRole::Admin).await;
    let id = CreditPackId(foreign());
    let new = json!({ "pack_id": id, "name": "Quarter", "credits": 900, "term_days": 90,
        "price": { "value": 4_800, "unit": "EUR" }, "status": "active" });
    let made = world.post(PACKS, Some(&token), &new).await.expect(200).body;
    assert_eq!((made["version"].as_u64(), made["discount_bp"].as_u64()), (Some(1), Some(400)));
    assert_eq!(world.post(PACKS, Some(&token), &new).await.expect(200).body, made);
    let mut other = new.clone();
    other["credits"] = 901.into();
    assert_eq!(world.post(PACKS, Some(&token), &other).await.expect(409).code(), "id_reused");

    let edited = edit(&world, &token, &made, json!({ "status": "archived" })).await.expect(200).body;
    assert_eq!(edited["version"], 2);
    assert_eq!(edit(&world, &token, &made, json!({ "credits": 1 })).await.expect(409).code(), "conflict");
    for (change, field) in [
        (json!({ "name": " " }), "name"),
        (json!({ "credits": 0 }), "credits"),
        (json!({ "price": { "value": -1, "unit": "EUR" } }), "price"),
        (json!({ "price": { "value": 1, "unit": "USD" } }), "price"),
        (json!({ "term_days": 0 }), "term_days"),
    ] {
        let refused = edit(&world, &token, &edited, change).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), field, "{}", refused.body);
    }
    world.add_reseller("shop", None).await;
    let shop = world.token("reseller", "shop").await;
    let for_sale = world.get("/api/v1/reseller/credit-packs", Some(&shop)).await.expect(200);
    assert_eq!(for_sale.body.as_array().expect("packs").len(), 3, "the archived one is not for sale");
    assert_eq!(packs(&world, &token).await.len(), 4, "and stays in the list");
    assert_eq!(count(&world, "SELECT COUNT(*) FROM audit WHERE action LIKE 'credit_pack.%'").await, 2);
}

#[tokio::test]
async fn a_sale_takes_the_pack_as_shown_once_and_keeps_its_price() {
    let world = World::new().await;
    let token = world.staff_token(StaffRole::Finance).await;
    let admin = world.staff_token(StaffRole::Admin).await;
    let reseller = world.add_reseller("shop", None).await;
    let business = packs(&world, &token).await.remove(1);
    let bought = sale(&business, new_transfer());
    let moved = sell(&world, &token, reseller, bought.clone()).await.expect(200);
    assert_eq!(moved.body["balance"]["value"], 3_600);

    // Dearer now: the old price is refused and says the new one; what was sold is answered as it was.
    let dearer = json!({ "price": { "value": 19_000, "unit": "EUR" } });
    edit(&world, &admin, &business, dearer).await.expect(200);
    let refused = sell(&world, &token, reseller, sale(&business, new_transfer())).await.expect(409);
    assert_eq!(refused.code(), "conflict");
    assert!(refused.text("/detail").contains("3600 credits for 190.00 EUR"), "{}", refused.body);
    sell(&world, &token, reseller, bought.clone()).await.expect(200);

    // The same id for something else: without the pack, or of another amount.
    let mut plain = bought.clone();
    plain.as_object_mut().expect("fields").remove("pack");
    assert_eq!(sell(&world, &token, reseller, plain).await.expect(409).code(), "id_reused");
    let mut more = bought.clone();
    more["amount"] = 3_601.into();
    assert_eq!(sell(&world, &token, reseller, more).await.expect(422).text("/fields/0/field"), "amount");

    assert_eq!(count(&world, "SELECT COUNT(*) FROM pack_sale").await, 1);
    let kept = "SELECT COUNT(*) FROM pack_sale WHERE price = 18000 AND credits = 3600 AND pack_version = 1 AND currency = 'EUR'";
    assert_eq!(count(&world, kept).await, 1);
    let statement = world.get(&format!("/api/v1/admin/resellers/{reseller}/credits"), Some(&token)).await.expect(200);
    assert_eq!(statement.body.pointer("/entries/0/reference"), Some(&json!("Business")));
    assert_eq!(statement.body.pointer("/entries/0/by"), Some(&json!("staff-finance")));
    assert_eq!(statement.body["equation"]["funded"], 3_600);
    prove(&world).await;
}

#[tokio::test]
async fn what_cannot_be_sold_is_refused_and_books_nothing() {
    let world = World::new().await;
    let token = world.staff_token(StaffRole::Admin).await;
    let shop = world.add_reseller("shop", None).await;
    let money = world.add_reseller_of(world.operator, "money", None, SettlementMode::Share).await;
    let starter = packs(&world, &token).await.remove(0);
    let mut bonus = sale(&starter, new_transfer());
    bonus["kind"] = "bonus".into();
    assert_eq!(sell(&world, &token, shop, bonus).await.expect(422).text("/fields/0/field"), "pack");
    let in_money = sell(&world, &token, money, sale(&starter, new_transfer())).await.expect(422);
    assert!(in_money.text("/fields/0/message").contains("EUR"), "{}", in_money.body);
    let mut unknown = sale(&starter, new_transfer());
    unknown["pack"]["pack_id"] = json!(foreign());
    sell(&world, &token, shop, unknown).await.expect(422);
    let archived = edit(&world, &token, &starter, json!({ "status": "archived" })).await.expect(200).body;
    assert_eq!(sell(&world, &token, shop, sale(&archived, new_transfer())).await.expect(409).code(), "wrong_state");
    assert_eq!(count(&world, "SELECT COUNT(*) FROM transfer").await, 0);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM pack_sale").await, 0);
    assert!(world.app.begin(world.operator).await.is_ok());
}

/// What was paid is as final as the transfer it belongs to.
#[tokio::test]
async fn a_sale_of_a_pack_cannot_be_changed_afterwards() {
    let world = World::new().await;
    let token = world.staff_token(StaffRole::Admin).await;
    let reseller = world.add_reseller("shop", None).await;
    let starter = packs(&world, &token).await.remove(0);
    sell(&world, &token, reseller, sale(&starter, new_transfer())).await.expect(200);
    for change in ["UPDATE pack_sale SET price = 1", "DELETE FROM pack_sale"] {
        let mut tx = world.app.transaction().await.expect("transaction");
        let refused = sqlx::query(change).execute(&mut *tx).await.expect_err(change);
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
}
