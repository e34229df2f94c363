//! Which providers a reseller sells, and at which markup.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::RelationshipId;
use counterfoil_domain::permission::{MemberRole, StaffRole};
use counterfoil_domain::reseller::SettlementMode;
use serde_json::{Value, json};

use super::proof::{count, prove};
use super::providers::{add_offering, add_provider, edit_provider, offering};
use super::world::{Answer, PASSWORD, START, World, call, foreign};
use crate::engine::audit::Actor;
use crate::engine::members;

const RELATIONSHIPS: &str = "/api/v1/reseller/relationships";
const EXTERNAL: &str = "/api/v1/reseller/external-providers";

struct Market {
    world: World,
    staff: String,
    shop: String,
    harbour: Value,
}

impl Market {
    async fn new() -> Self {
        let world = World::new().await;
        let staff = world.staff_token(StaffRole::Admin).await;
        world.add_reseller("shop", None).await;
        let shop = world.token("reseller", "shop").await;
        let harbour = add_provider(&world, &staff, "Harbour Lights").await;
        add_offering(&world, &staff, &harbour, &offering("HL-1", "Harbour Month", "12.345678901")).await;
        Self { world, staff, shop, harbour }
    }

    async fn open(&self, body: &Value) -> Answer {
        self.world.post(RELATIONSHIPS, Some(&self.shop), body).await
    }

    async fn save(&self, provider: &Value, body: &Value) -> Answer {
        self.world.put(&with(provider), Some(&self.shop), body).await
    }

    async fn end(&self, provider: &Value) -> Answer {
        call(&self.world.router, "DELETE", &with(provider), Some(&self.shop), None).await
    }
}

fn with(provider: &Value) -> String {
    format!("{RELATIONSHIPS}/{}", provider["provider_id"].as_str().expect("id"))
}

fn asked(provider: &Value, markup: Option<i64>) -> Value {
    let id: RelationshipId = mint(START);
    let mut body = json!({ "relationship_id": id, "provider_id": provider["provider_id"] });
    if let Some(markup) = markup {
        body["markup"] = markup.into();
    }
    body
}

#[tokio::test]
async fn a_relationship_is_opened_once_with_its_books() {
    let market = Market::new().await;
    let body = asked(&market.harbour, None);
    let opened = market.open(&body).await.expect(200).body;
    assert_eq!((&opened["markup"], &opened["status"], &opened["revision"]), (&json!(10), &json!("active"), &json!(1)));
    assert_eq!((&opened["company"], &opened["currency"]), (&json!("Company of shop"), &json!("EUR")));
    assert_eq!(market.open(&body).await.expect(200).body, opened, "a repeat is answered");
    let books = "SELECT COUNT(*) FROM ledger_account WHERE unit = 'EUR' AND balance = 0
                 AND kind IN ('order_customers', 'provider_payable', 'provider_paid', 'order_markup')";
    assert_eq!(count(&market.world, books).await, 4);
    let double = market.open(&asked(&market.harbour, Some(12))).await.expect(409);
    assert_eq!(double.code(), "conflict");
    assert!(double.text("/detail").contains("active at 10 %"), "{}", double.body);
    assert_eq!(count(&market.world, "SELECT COUNT(*) FROM relationship").await, 1);
    assert_eq!(count(&market.world, "SELECT COUNT(*) FROM audit WHERE action = 'relationship.open'").await, 1);
    let polder = add_provider(&market.world, &market.staff, "Polder Sports").await;
    let mut reused = body.clone();
    reused["provider_id"] = polder["provider_id"].clone();
    assert_eq!(market.open(&reused).await.expect(409).code(), "id_reused");
    let seen = market.world.get("/api/v1/admin/providers", Some(&market.staff)).await.expect(200).body;
    assert_eq!(seen.pointer("/items/0/resellers"), Some(&json!(1)));
    prove(&market.world).await;
}

#[tokio::test]
async fn a_markup_is_a_whole_number_from_0_to_50() {
    let market = Market::new().await;
    for markup in [-1, 51, 256, i64::MIN, i64::MAX] {
        let refused = market.open(&asked(&market.harbour, Some(markup))).await.expect(422);
        assert_eq!(refused.text("/fields/0/field"), "markup");
        assert!(refused.text("/fields/0/message").contains(&markup.to_string()), "{}", refused.body);
    }
    let mut half = asked(&market.harbour, None);
    half["markup"] = json!(12.5);
    assert_eq!(market.open(&half).await.expect(400).code(), "malformed");
    assert_eq!(count(&market.world, "SELECT COUNT(*) FROM relationship").await, 0);
    assert_eq!(market.open(&asked(&market.harbour, Some(0))).await.expect(200).body["markup"], 0);
    let save = json!({ "markup": 50, "status": "active", "revision": 1 });
    assert_eq!(market.save(&market.harbour, &save).await.expect(200).body["markup"], 50);
    let over = json!({ "markup": 51, "status": "active", "revision": 2 });
    assert_eq!(market.save(&market.harbour, &over).await.expect(422).text("/fields/0/field"), "markup");
}

#[tokio::test]
async fn it_is_changed_as_it_was_read_suspended_ended_and_opened_again() {
    let market = Market::new().await;
    let opened = market.open(&asked(&market.harbour, Some(12))).await.expect(200).body;
    let suspend = json!({ "markup": 15, "status": "suspended", "revision": 1 });
    let after = market.save(&market.harbour, &suspend).await.expect(200).body;
    assert_eq!((&after["markup"], &after["status"], &after["revision"]), (&json!(15), &json!("suspended"), &json!(2)));
    let stale = market.save(&market.harbour, &suspend).await.expect(409);
    assert!(stale.text("/detail").contains("revision 2"), "{}", stale.body);
    assert_eq!(market.open(&asked(&market.harbour, None)).await.expect(409).code(), "conflict");
    let inactive = json!({ "markup": 15, "status": "inactive", "revision": 2 });
    assert_eq!(market.save(&market.harbour, &inactive).await.expect(422).text("/fields/0/field"), "status");

    let ended = market.end(&market.harbour).await.expect(200).body;
    assert_eq!((&ended["status"], &ended["markup"]), (&json!("inactive"), &json!(15)));
    assert_eq!(market.end(&market.harbour).await.expect(200).body, ended, "ended before is answered");
    let late = json!({ "markup": 15, "status": "active", "revision": 3 });
    assert_eq!(market.save(&market.harbour, &late).await.expect(409).code(), "wrong_state");
    let again = market.open(&asked(&market.harbour, Some(20))).await.expect(200).body;
    assert_eq!(again["relationship_id"], opened["relationship_id"], "the same, with its books");
    assert_eq!((&again["markup"], &again["status"]), (&json!(20), &json!("active")));
    let books = "SELECT COUNT(*) FROM ledger_account WHERE kind = 'provider_payable'";
    assert_eq!(count(&market.world, books).await, 1);
    assert_eq!(count(&market.world, "SELECT COUNT(*) FROM audit WHERE action LIKE 'relationship.%'").await, 4);
}

#[tokio::test]
async fn what_is_unknown_foreign_or_suspended_is_refused() {
    let market = Market::new().await;
    let mut unknown = market.harbour.clone();
    unknown["provider_id"] = json!(foreign());
    assert_eq!(market.open(&asked(&unknown, Some(99))).await.expect(404).code(), "not_found");
    let save = json!({ "markup": 99, "status": "active", "revision": 1 });
    market.save(&unknown, &save).await.expect(404);
    market.save(&market.harbour, &save).await.expect(404);
    market.end(&market.harbour).await.expect(404);
    market.world.get(&with(&market.harbour), Some(&market.shop)).await.expect(404);

    // Another operator's reseller sees nothing of it.
    let other = market.world.other_operator().await;
    market.world.add_reseller_of(other, "their-shop", None, SettlementMode::Wholesale).await;
    let theirs = market.world.token("reseller", "their-shop").await;
    let listed = market.world.get(EXTERNAL, Some(&theirs)).await.expect(200).body;
    assert_eq!(listed["items"], json!([]));
    let body = asked(&market.harbour, None);
    market.world.post(RELATIONSHIPS, Some(&theirs), &body).await.expect(404);
    let offerings = format!("{EXTERNAL}/{}/offerings", market.harbour["provider_id"].as_str().expect("id"));
    market.world.get(&offerings, Some(&theirs)).await.expect(404);

    let suspend = json!({ "status": "suspended" });
    edit_provider(&market.world, &market.staff, &market.harbour, suspend).await.expect(200);
    assert_eq!(market.open(&asked(&market.harbour, None)).await.expect(409).code(), "wrong_state");
    market.world.get(&offerings, Some(&market.shop)).await.expect(404);
    assert_eq!(market.world.get(EXTERNAL, Some(&market.shop)).await.expect(200).body["items"], json!([]));
}

#[tokio::test]
async fn a_shop_sees_who_it_may_sell_and_what_they_offer() {
    let market = Market::new().await;
    add_provider(&market.world, &market.staff, "polder sports").await;
    let mut withdrawn = offering("HL-2", "Old Month", "1");
    withdrawn["status"] = "withdrawn".into();
    add_offering(&market.world, &market.staff, &market.harbour, &withdrawn).await;
    market.open(&asked(&market.harbour, Some(12))).await.expect(200);
    let first = market.world.get(&format!("{EXTERNAL}?limit=1"), Some(&market.shop)).await.expect(200).body;
    assert_eq!(first.pointer("/items/0/relationship/markup"), Some(&json!(12)));
    assert_eq!(first.pointer("/items/0/offerings"), Some(&json!(1)));
    let next = first["next"].as_str().expect("more");
    let rest = market.world.get(&format!("{EXTERNAL}?after={next}"), Some(&market.shop)).await.expect(200).body;
    assert_eq!(rest.pointer("/items/0/name"), Some(&json!("polder sports")));
    assert_eq!(rest.pointer("/items/0/relationship"), None);
    let found = market.world.get(&format!("{EXTERNAL}?search=POLDER"), Some(&market.shop)).await.expect(200).body;
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));

    let path = format!("{EXTERNAL}/{}/offerings", market.harbour["provider_id"].as_str().expect("id"));
    let on_sale = market.world.get(&path, Some(&market.shop)).await.expect(200).body;
    assert_eq!(on_sale["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(on_sale.pointer("/items/0/base_price"), Some(&json!("12.345678901")));
    let listed = market.world.get(RELATIONSHIPS, Some(&market.shop)).await.expect(200).body;
    assert_eq!(listed.pointer("/items/0/provider_name"), Some(&json!("Harbour Lights")));
    let one = market.world.get(&with(&market.harbour), Some(&market.shop)).await.expect(200).body;
    assert_eq!(listed.pointer("/items/0"), Some(&one));

    // It stays in the list when the operator suspends it.
    let suspend = json!({ "status": "suspended" });
    edit_provider(&market.world, &market.staff, &market.harbour, suspend).await.expect(200);
    let still = market.world.get(EXTERNAL, Some(&market.shop)).await.expect(200).body;
    assert_eq!(still.pointer("/items/0/status"), Some(&json!("suspended")));
}

#[tokio::test]
async fn only_owners_open_relationships_and_all_members_see_them() {
    let market = Market::new().await;
    let shop = market.world.add_reseller("other-shop", None).await;
    for role in MemberRole::ALL {
        let username = format!("m-{}", role.as_str().replace('_', "-"));
        let (app, operator) = (&market.world.app, market.world.operator);
        members::add(app, operator, &Actor::system(), shop, &username, PASSWORD.to_owned(), role)
            .await
            .expect("member");
        let token = market.world.token("reseller", &username).await;
        market.world.get(EXTERNAL, Some(&token)).await.expect(200);
        let body = asked(&market.harbour, None);
        let answer = market.world.post(RELATIONSHIPS, Some(&token), &body).await;
        assert_eq!(answer.status == 403, role != MemberRole::Owner, "{role:?} {}", answer.body);
    }
    // A relationship is its reseller's: the one above or beside sees its own only.
    market.world.get(&with(&market.harbour), Some(&market.shop)).await.expect(404);
}

#[tokio::test]
async fn two_at_once_open_one() {
    let market = Market::new().await;
    let (one, other) = (asked(&market.harbour, Some(11)), asked(&market.harbour, Some(12)));
    let (one, other) = tokio::join!(market.open(&one), market.open(&other));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", one.body, other.body);
    assert_eq!(count(&market.world, "SELECT COUNT(*) FROM relationship").await, 1);
    prove(&market.world).await;
}
