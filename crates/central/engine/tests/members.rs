//! Who works for a reseller, and the resellers that an owner creates below its own.

use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::reseller::SettlementMode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::proof::{count, prove};
use super::second_factor::enrol;
use super::world::{Answer, PASSWORD, World, call, save_reseller};

const MEMBERS: &str = "/api/v1/reseller/members";
const BELOW: &str = "/api/v1/reseller/sub-resellers";

fn member(n: u128, username: &str, role: &str) -> Value {
    json!({ "member_id": Uuid::from_u128(n), "username": username, "password": PASSWORD, "role": role, "active": true })
}

fn edited(n: u128, username: &str, role: &str, active: bool) -> Value {
    json!({ "member_id": Uuid::from_u128(n), "version": 1, "username": username, "role": role, "active": active })
}

/// At which version the owner sees this member.
async fn version_of(world: &World, owner: &str, username: &str) -> Value {
    let found = world.get(&format!("{MEMBERS}?search={username}"), Some(owner)).await.expect(200);
    found.body["items"][0]["version"].clone()
}

fn below(n: u128, username: &str) -> Value {
    json!({ "reseller_id": Uuid::from_u128(n), "username": username, "password": PASSWORD,
        "company": format!("Company of {username}"), "email": format!("{username}@example.org"),
        "contact": "Sam Sample", "phone": "030 5550100" })
}

fn at(path: &str, n: u128) -> String {
    format!("{path}/{}", Uuid::from_u128(n))
}

#[tokio::test]
async fn an_owner_gives_a_clerk_a_sign_in_and_takes_it_away() {
    let (world, owner) = World::with_shop().await;
    let made = world.post(MEMBERS, Some(&owner), &member(1, " Clara ", "clerk")).await.expect(200);
    assert_eq!((made.text("/username"), made.text("/role")), ("clara".to_owned(), "clerk".to_owned()));
    world.post(MEMBERS, Some(&owner), &member(1, "clara", "clerk")).await.expect(200);
    let reused = world.post(MEMBERS, Some(&owner), &member(1, "other", "clerk")).await.expect(409);
    assert_eq!(reused.code(), "id_reused");
    let taken = world.post(MEMBERS, Some(&owner), &member(2, "clara", "owner")).await.expect(409);
    assert_eq!(taken.code(), "username_taken");

    let clerk = world.first_token("clara").await;
    assert_eq!(world.get(MEMBERS, Some(&clerk)).await.expect(403).code(), "not_permitted");
    let mut out = edited(1, "clara", "clerk", false);
    out["version"] = version_of(&world, &owner, "clara").await;
    assert_eq!(world.put(&at(MEMBERS, 1), Some(&owner), &out).await.expect(200).body["active"], false);
    world.get("/api/v1/reseller/plans", Some(&clerk)).await.expect(401);
    assert_eq!(world.sign_in("reseller", "clara", PASSWORD).await.code(), "invalid_credentials");
    assert_eq!(world.put(&at(MEMBERS, 1), Some(&owner), &out).await.expect(409).code(), "conflict");

    let mut back = edited(1, "clara", "owner", true);
    back["version"] = (out["version"].as_u64().expect("a version") + 1).into();
    world.put(&at(MEMBERS, 1), Some(&owner), &back).await.expect(200);
    let clerk = world.token("reseller", "clara").await;
    world.get(MEMBERS, Some(&clerk)).await.expect(200);
    let audited = "SELECT COUNT(*) FROM audit WHERE action IN ('member.create', 'member.edit') AND actor = 'member'";
    assert_eq!(count(&world, audited).await, 3);
    let told = "SELECT COUNT(*) FROM audit WHERE detail LIKE '%argon2%' OR detail LIKE '%correct horse%'";
    assert_eq!(count(&world, told).await, 0);
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_of_the_old_one() {
    let (world, owner) = World::with_shop().await;
    world.post(MEMBERS, Some(&owner), &member(1, "clara", "clerk")).await.expect(200);
    let signed_in = world.sign_in("reseller", "clara", PASSWORD).await.expect(200);
    let mut reset = edited(1, "clara", "clerk", true);
    reset["password"] = "a new password".into();
    world.put(&at(MEMBERS, 1), Some(&owner), &reset).await.expect(200);
    world.get("/api/v1/me", Some(&signed_in.text("/access_token"))).await.expect(401);
    world.refresh(&signed_in.text("/refresh_token")).await.expect(401);
    assert_eq!(world.sign_in("reseller", "clara", PASSWORD).await.code(), "invalid_credentials");
    // The owner knows it as well: it opens the way to another one, and nothing else.
    let first = world.sign_in("reseller", "clara", "a new password").await.expect(200);
    assert_eq!(first.body.pointer("/me/must_change_password"), Some(&json!(true)));
    let token = first.text("/access_token");
    let refused = world.get("/api/v1/reseller/plans", Some(&token)).await.expect(403);
    assert_eq!(refused.code(), "password_change_needed");
    let change = json!({ "current_password": "a new password", "new_password": "a password of my own" });
    world.put("/api/v1/me/password", Some(&token), &change).await.expect(204);
    world.get("/api/v1/reseller/plans", Some(&token)).await.expect(200);
    world.sign_in("reseller", "clara", "a password of my own").await.expect(200);
}

/// Signs in with what somebody gave, and may do nothing until another password is chosen.
async fn chooses_first(world: &World, username: &str) {
    let signed_in = world.sign_in("reseller", username, PASSWORD).await.expect(200);
    assert_eq!(signed_in.body.pointer("/me/must_change_password"), Some(&json!(true)), "{username}");
    let token = signed_in.text("/access_token");
    let refused = world.get("/api/v1/reseller/plans", Some(&token)).await.expect(403);
    assert_eq!(refused.code(), "password_change_needed");
    let change = json!({ "current_password": PASSWORD, "new_password": "a password of my own" });
    world.put("/api/v1/me/password", Some(&token), &change).await.expect(204);
    world.get("/api/v1/reseller/plans", Some(&token)).await.expect(200);
}

#[tokio::test]
async fn who_is_given_the_first_password_by_somebody_else_chooses_another_one() {
    let (world, owner) = World::with_shop().await;
    let made = world.post(MEMBERS, Some(&owner), &member(1, "clara", "clerk")).await.expect(200);
    assert_eq!(made.body["must_change_password"], true);
    chooses_first(&world, "clara").await;
    world.post(BELOW, Some(&owner), &below(1, "kiosk")).await.expect(200);
    chooses_first(&world, "kiosk").await;
    let admin = world.staff_token(StaffRole::Admin).await;
    let asked = save_reseller(Uuid::from_u128(2).into(), "other", None, SettlementMode::Wholesale);
    let asked = serde_json::to_value(asked).expect("JSON");
    world.post("/api/v1/admin/resellers", Some(&admin), &asked).await.expect(200);
    chooses_first(&world, "other").await;
    let listed = world.get(&format!("{MEMBERS}?search=clara"), Some(&owner)).await.expect(200);
    assert_eq!(listed.body["items"][0].get("must_change_password"), None);
}

#[tokio::test]
async fn an_owner_whom_staff_give_a_password_has_to_change_it() {
    let world = World::new().await;
    let id = world.add_reseller("shop", None).await;
    let admin = world.staff_token(StaffRole::Admin).await;
    let asked = save_reseller(id, "shop", None, SettlementMode::Wholesale);
    let mut asked = serde_json::to_value(asked).expect("JSON");
    asked["version"] = 1.into();
    asked["password"] = "a new password".into();
    world.put(&format!("/api/v1/admin/resellers/{id}"), Some(&admin), &asked).await.expect(200);
    let token = world.sign_in("reseller", "shop", "a new password").await.expect(200).text("/access_token");
    assert_eq!(world.get(MEMBERS, Some(&token)).await.expect(403).code(), "password_change_needed");
    let change = json!({ "current_password": "a new password", "new_password": "a password of my own" });
    world.put("/api/v1/me/password", Some(&token), &change).await.expect(204);
    world.get(MEMBERS, Some(&token)).await.expect(200);
    // An edit without a password leaves it to its owner.
    asked.as_object_mut().expect("object").remove("password");
    asked["version"] = 2.into();
    world.put(&format!("/api/v1/admin/resellers/{id}"), Some(&admin), &asked).await.expect(200);
    world.get(MEMBERS, Some(&token)).await.expect(200);
}

#[tokio::test]
async fn an_owners_own_password_asks_for_the_current_one() {
    let (world, owner) = World::with_shop().await;
    let own = world.get(MEMBERS, Some(&owner)).await.expect(200);
    let id: Uuid = own.text("/items/0/member_id").parse().expect("id");
    let mut reset = edited(id.as_u128(), "shop", "owner", true);
    reset["password"] = "a new password".into();
    let refused = world.put(&at(MEMBERS, id.as_u128()), Some(&owner), &reset).await.expect(422);
    assert_eq!(refused.text("/fields/0/field"), "password");
    world.sign_in("reseller", "shop", PASSWORD).await.expect(200);
}

/// Takes the second factor of this member away.
async fn take_away(world: &World, token: &str, member: u128) -> Answer {
    let path = format!("{}/second-factor", at(MEMBERS, member));
    call(&world.router, "DELETE", &path, Some(token), None).await
}

/// Whether the owner sees that this member has one.
async fn has_factor(world: &World, owner: &str, username: &str) -> bool {
    let found = world.get(&format!("{MEMBERS}?search={username}"), Some(owner)).await.expect(200);
    assert_eq!(found.text("/items/0/username"), username);
    found.body.pointer("/items/0/second_factor") == Some(&json!(true))
}

#[tokio::test]
async fn an_owner_takes_a_lost_second_factor_away_from_the_own_people() {
    let (world, owner) = World::with_shop().await;
    world.add_reseller("other", None).await;
    let stranger = world.token("reseller", "other").await;
    world.post(MEMBERS, Some(&owner), &member(1, "clara", "clerk")).await.expect(200);
    let clerk = world.first_token("clara").await;
    assert!(!has_factor(&world, &owner, "clara").await);
    enrol(&world, &clerk).await;
    assert!(has_factor(&world, &owner, "clara").await);

    assert_eq!(take_away(&world, &stranger, 1).await.expect(404).code(), "not_found");
    assert_eq!(take_away(&world, &clerk, 1).await.expect(403).code(), "not_permitted");
    assert_eq!(world.sign_in("reseller", "clara", PASSWORD).await.code(), "second_factor_needed");
    let removed = take_away(&world, &owner, 1).await.expect(200);
    assert_eq!(removed.body, json!({ "username": "clara", "was_on": true }));
    // Whoever has the telephone may have a session.
    world.get("/api/v1/me", Some(&clerk)).await.expect(401);
    let clerk = world.token("reseller", "clara").await;
    assert!(!has_factor(&world, &owner, "clara").await);
    assert_eq!(take_away(&world, &owner, 1).await.expect(200).body["was_on"], false);
    world.get("/api/v1/me", Some(&clerk)).await.expect(200);

    // Before somebody who was shut out comes back.
    enrol(&world, &clerk).await;
    let mut out = edited(1, "clara", "clerk", false);
    out["version"] = version_of(&world, &owner, "clara").await;
    world.put(&at(MEMBERS, 1), Some(&owner), &out).await.expect(200);
    assert_eq!(take_away(&world, &owner, 1).await.expect(200).body["was_on"], true);
    let told = "SELECT COUNT(*) FROM audit WHERE action = 'second_factor.remove' AND actor = 'member'";
    assert_eq!(count(&world, told).await, 2);
}

#[tokio::test]
async fn an_owners_own_second_factor_is_another_owners_to_take_away() {
    let (world, owner) = World::with_shop().await;
    enrol(&world, &owner).await;
    let own = world.get(MEMBERS, Some(&owner)).await.expect(200);
    let id: Uuid = own.text("/items/0/member_id").parse().expect("id");
    let refused = take_away(&world, &owner, id.as_u128()).await.expect(403);
    assert_eq!(refused.code(), "not_permitted");
    assert!(refused.text("/detail").contains("ask another owner, or the operator"), "{}", refused.body);
    assert_eq!(world.sign_in("reseller", "shop", PASSWORD).await.code(), "second_factor_needed");

    world.post(MEMBERS, Some(&owner), &member(1, "clara", "owner")).await.expect(200);
    let other = world.first_token("clara").await;
    assert_eq!(take_away(&world, &other, id.as_u128()).await.expect(200).body["was_on"], true);
    world.get("/api/v1/me", Some(&owner)).await.expect(401);
    world.sign_in("reseller", "shop", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn the_first_owner_stays_and_no_other_reseller_is_reached() {
    let (world, owner) = World::with_shop().await;
    world.add_reseller("other", None).await;
    let stranger = world.token("reseller", "other").await;
    world.post(MEMBERS, Some(&owner), &member(1, "clara", "clerk")).await.expect(200);
    let foreign = world.put(&at(MEMBERS, 1), Some(&stranger), &edited(1, "x", "clerk", true)).await;
    assert_eq!(foreign.expect(404).code(), "not_found");
    let listed = world.get(MEMBERS, Some(&stranger)).await.expect(200);
    assert_eq!(listed.body["items"].as_array().expect("items").len(), 1);

    let own = world.get(&format!("{MEMBERS}?search=sho"), Some(&owner)).await.expect(200);
    assert_eq!(own.body.pointer("/items/0/principal"), Some(&json!(true)));
    let id: Uuid = own.text("/items/0/member_id").parse().expect("id");
    for (role, active, field) in [("clerk", true, "role"), ("owner", false, "active")] {
        let refused =
            world.put(&at(MEMBERS, id.as_u128()), Some(&owner), &edited(id.as_u128(), "shop", role, active)).await;
        assert_eq!(refused.expect(422).text("/fields/0/field"), field);
    }
    let renamed = world.put(&at(MEMBERS, 1), Some(&owner), &edited(1, "carla", "clerk", true)).await;
    assert_eq!(renamed.expect(422).text("/fields/0/field"), "username");
    let first = world.get(&format!("{MEMBERS}?limit=1"), Some(&owner)).await.expect(200);
    assert_eq!(first.text("/items/0/username"), "clara");
    let next = world.get(&format!("{MEMBERS}?limit=1&after={}", first.text("/next")), Some(&owner)).await;
    assert_eq!(next.text("/items/0/username"), "shop");
}

#[tokio::test]
async fn an_owner_creates_and_edits_directly_below_its_own() {
    let world = World::new().await;
    world.add_reseller_of(world.operator, "shop", None, SettlementMode::Share).await;
    let owner = world.token("reseller", "shop").await;
    let made = world.post(BELOW, Some(&owner), &below(1, "kiosk")).await.expect(200);
    assert_eq!(
        (made.text("/parent_company"), made.text("/settlement_mode")),
        ("Company of shop".into(), "share".into())
    );
    assert_eq!(made.body.pointer("/credit_limit"), Some(&json!({ "value": 0, "unit": "EUR" })));
    world.post(BELOW, Some(&owner), &below(1, "kiosk")).await.expect(200);

    let mut change = below(1, "kiosk");
    change["version"] = 1.into();
    change.as_object_mut().expect("object").remove("password");
    change["company"] = "Kiosk at the Harbour".into();
    assert_eq!(
        world.put(&at(BELOW, 1), Some(&owner), &change).await.expect(200).text("/company"),
        "Kiosk at the Harbour"
    );
    // Depth: two more below, and not a third.
    let kiosk = world.first_token("kiosk").await;
    world.post(BELOW, Some(&kiosk), &below(2, "stand")).await.expect(200);
    let stand = world.first_token("stand").await;
    let deep = world.post(BELOW, Some(&stand), &below(3, "box")).await.expect(422);
    assert_eq!(deep.text("/fields/0/field"), "parent_id");
    // In scope, and not directly below: only its parent edits it.
    let mut change = below(2, "stand");
    change["version"] = 1.into();
    assert_eq!(world.put(&at(BELOW, 2), Some(&owner), &change).await.expect(403).code(), "not_permitted");
    assert_eq!(world.put(&at(BELOW, 1), Some(&stand), &change).await.expect(404).code(), "not_found");
    world.put(&at(BELOW, 2), Some(&kiosk), &change).await.expect(200);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM reseller").await, 3);
    prove(&world).await;
}

#[tokio::test]
async fn whom_staff_suspended_or_trusted_stays_so_whatever_the_parent_edits() {
    let (world, owner) = World::with_shop().await;
    world.post(BELOW, Some(&owner), &below(1, "kiosk")).await.expect(200);
    let admin = world.staff_token(StaffRole::Admin).await;
    let path = format!("/api/v1/admin/resellers/{}", Uuid::from_u128(1));
    let shown = world.get(&path, Some(&admin)).await.expect(200);
    let mut asked = below(1, "kiosk");
    asked["version"] = 1.into();
    asked["parent_id"] = shown.body["parent_id"].clone();
    asked["settlement_mode"] = "wholesale".into();
    asked["credit_limit"] = 90.into();
    asked["status"] = "suspended".into();
    world.put(&path, Some(&admin), &asked).await.expect(200);
    let mut change = below(1, "kiosk");
    change["version"] = 2.into();
    change["phone"] = "030 5550199".into();
    let changed = world.put(&at(BELOW, 1), Some(&owner), &change).await.expect(200);
    assert_eq!((changed.text("/status"), changed.text("/phone")), ("suspended".to_owned(), "030 5550199".to_owned()));
    assert_eq!(changed.body.pointer("/credit_limit/value"), Some(&json!(90)));
    change["status"] = "active".into();
    world.put(&at(BELOW, 1), Some(&owner), &change).await.expect(400);
}
