//! Templates of permissions, how a reseller comes by one, and that its devices are told.

use counterfoil_domain::grant::{Grant, Permissions, Template};
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_wire::permissions::Policy;
use counterfoil_wire::pull::{FeedRow, PullPage};
use serde_json::{Value, json};

use super::desk::{Desk, Shop};
use super::proof::count;
use super::world::{World, foreign, save_reseller};

const TEMPLATES: &str = "/api/v1/admin/permission-templates";

fn of(reseller: ResellerId) -> String {
    format!("/api/v1/admin/resellers/{reseller}/permissions")
}

fn named<'a>(templates: &'a Value, name: &str) -> &'a Value {
    let all = templates.as_array().expect("a list");
    all.iter().find(|one| one["template"] == name).expect("the template")
}

/// What a desk has of its reseller once it has read on from a place.
async fn policy(world: &World, desk: &Desk, cursor: &mut Option<String>) -> Option<Policy> {
    let from = cursor.as_ref().map(|cursor| format!("?cursor={cursor}")).unwrap_or_default();
    let path = format!("/api/v1/sync/pull{from}");
    let answer = desk.call(world, "GET", &path, Vec::new()).await.expect(200);
    let page: PullPage = serde_json::from_value(answer.body).expect("a page");
    *cursor = Some(page.cursor);
    page.changes.into_iter().find_map(|change| match change.row {
        FeedRow::Reseller(row) => row.policy,
        _ => None,
    })
}

#[tokio::test]
async fn templates_are_as_built_in_until_somebody_changes_one() {
    let world = World::new().await;
    let admin = world.staff_token(StaffRole::Admin).await;
    let all = world.get(TEMPLATES, Some(&admin)).await.expect(200).body;
    for template in Template::ALL {
        let shown = named(&all, template.as_str());
        assert_eq!((&shown["version"], shown.get("changed_at")), (&json!(0), None));
        assert_eq!(shown["permissions"], serde_json::to_value(template.built_in()).expect("json"));
    }
    let trial = format!("{TEMPLATES}/trial");
    let mine = json!({ "version": 0, "permissions": { "grants": ["view_accounts"], "max_accounts": 5, "max_connections": 2 } });
    let saved = world.put(&trial, Some(&admin), &mine).await.expect(200).body;
    assert_eq!((&saved["version"], &saved["permissions"]), (&json!(1), &mine["permissions"]));
    let all = world.get(TEMPLATES, Some(&admin)).await.expect(200).body;
    assert_eq!(named(&all, "trial"), &saved);
    assert_eq!(named(&all, "basic")["version"], 0);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM audit WHERE action = 'permission_template.edit'").await, 1);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM permission_template").await, 1, "only what was changed is stored");
    // Who read it before is told; another operator's is as built in.
    assert_eq!(world.put(&trial, Some(&admin), &mine).await.expect(409).code(), "conflict");
    let ahead = json!({ "version": 7, "permissions": mine["permissions"] });
    assert_eq!(world.put(&format!("{TEMPLATES}/basic"), Some(&admin), &ahead).await.expect(409).code(), "conflict");
    let other = world.other_operator().await;
    let theirs = crate::engine::permissions::templates(&mut world.app.reader().await.expect("reader"), other).await;
    assert!(theirs.expect("read").iter().all(|one| one.version == 0));
}

#[tokio::test]
async fn a_template_that_is_wrong_or_unknown_is_refused() {
    let world = World::new().await;
    let admin = world.staff_token(StaffRole::Admin).await;
    let body = |connections| json!({ "version": 0, "permissions": { "grants": [], "max_connections": connections } });
    for name in ["gold", "Basic", "%20"] {
        let answer = world.put(&format!("{TEMPLATES}/{name}"), Some(&admin), &body(0)).await.expect(404);
        assert_eq!(answer.code(), "not_found", "{name}");
    }
    for connections in [0, Permissions::MOST_CONNECTIONS + 1] {
        let answer = world.put(&format!("{TEMPLATES}/basic"), Some(&admin), &body(connections)).await.expect(422);
        assert_eq!(answer.body["fields"][0]["field"], "permissions.max_connections");
    }
    let unknown = json!({ "version": 0, "permissions": { "grants": ["fly"], "max_connections": 1 } });
    world.put(&format!("{TEMPLATES}/basic"), Some(&admin), &unknown).await.expect(400);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM permission_template").await, 0);
}

#[tokio::test]
async fn a_new_reseller_takes_what_the_template_holds_then() {
    let world = World::new().await;
    let admin = world.staff_token(StaffRole::Admin).await;
    let create = async |name: &str, template: Option<Template>| {
        let id = ResellerId::from_bytes([name.as_bytes()[0]; 16]);
        let asked = save_reseller(id, name, None, SettlementMode::Wholesale);
        let asked = counterfoil_wire::resellers::SaveReseller { template, ..asked };
        let asked = serde_json::to_value(asked).expect("json");
        world.post("/api/v1/admin/resellers", Some(&admin), &asked).await.expect(200);
        world.get(&of(id), Some(&admin)).await.expect(200).body
    };
    let trial = create("tried", Some(Template::Trial)).await;
    assert_eq!((&trial["template"], &trial["version"]), (&json!("trial"), &json!(1)));
    assert_eq!(trial["permissions"], serde_json::to_value(Template::Trial.built_in()).expect("json"));
    let plain = create("plain", None).await;
    assert_eq!((plain.get("template"), &plain["version"]), (None, &json!(0)));
    assert_eq!(plain["permissions"], serde_json::to_value(Permissions::default()).expect("json"));
    // A template that changes leaves who took it alone.
    let changed = json!({ "version": 0, "permissions": { "grants": [], "max_connections": 1 } });
    world.put(&format!("{TEMPLATES}/trial"), Some(&admin), &changed).await.expect(200);
    let id = ResellerId::from_bytes([b't'; 16]);
    assert_eq!(world.get(&of(id), Some(&admin)).await.expect(200).body, trial);
    let later = create("later", Some(Template::Trial)).await;
    assert_eq!(later["permissions"], changed["permissions"]);
    // It is taken once: an edit changes permissions where they are.
    let known = world.get(&format!("/api/v1/admin/resellers/{id}"), Some(&admin)).await.expect(200).body;
    let asked = save_reseller(id, "tried", None, SettlementMode::Wholesale);
    let asked = counterfoil_wire::resellers::SaveReseller { template: Some(Template::Basic), ..asked };
    let mut asked = serde_json::to_value(asked).expect("json");
    asked["version"] = known["version"].clone();
    let refused = world.put(&format!("/api/v1/admin/resellers/{id}"), Some(&admin), &asked).await.expect(422);
    assert_eq!(refused.body["fields"][0]["field"], "template");
}

#[tokio::test]
async fn an_approval_gives_the_template_in_the_same_transaction() {
    let world = World::new().await;
    let admin = world.staff_token(StaffRole::Admin).await;
    let application = json!({ "application_id": foreign(), "name": "Sam Sample", "email": "sam@example.org",
        "phone": "+49 30 5550100", "password": "correct horse", "business_name": "Corner Shop",
        "address": "1 Long Road", "kind": "company", "expected_customers": 40, "terms_accepted": true });
    world.post("/api/v1/reseller/signup", None, &application).await.expect(200);
    let id = ResellerId::from_bytes([9; 16]);
    let approve = json!({ "reseller_id": id, "username": "corner", "settlement_mode": "wholesale",
        "rate": { "kind": "by_tier" }, "credit_limit": 0, "template": "premium", "notes": "" });
    let path = format!("/api/v1/admin/applications/{}/approve", foreign());
    for _ in 0..2 {
        world.post(&path, Some(&admin), &approve).await.expect(200);
    }
    let known = world.get(&of(id), Some(&admin)).await.expect(200).body;
    assert_eq!((&known["template"], &known["version"]), (&json!("premium"), &json!(1)));
    let owner = world.token("reseller", "corner").await;
    let own = world.get("/api/v1/reseller/permissions", Some(&owner)).await.expect(200).body;
    assert_eq!(own["permissions"]["grants"].as_array().map(Vec::len), Some(Grant::ALL.len()));
    assert_eq!(count(&world, "SELECT COUNT(*) FROM audit WHERE action = 'permissions.edit'").await, 1);
}

#[tokio::test]
async fn a_device_reads_what_its_shop_may_do_and_every_change_of_it() {
    let shop = Shop::with_credits(0).await;
    let world = &shop.world;
    let admin = world.staff_token(StaffRole::Admin).await;
    let mut cursor = None;
    let usual = policy(world, &shop.desk, &mut cursor).await.expect("the whole feed has it");
    assert_eq!(Permissions::from(usual), Permissions::default());
    let less = json!({ "version": 0, "template": "basic",
        "permissions": { "grants": ["view_accounts"], "max_accounts": 7, "max_connections": 1 } });
    world.put(&of(shop.reseller), Some(&admin), &less).await.expect(200);
    let told = policy(world, &shop.desk, &mut cursor).await.expect("the change is told");
    let expected = Permissions { grants: [Grant::ViewAccounts].into(), max_accounts: Some(7), max_connections: 1 };
    assert_eq!(Permissions::from(told), expected);
    // What others read of a reseller has no need of it.
    let shown = world.get(&format!("/api/v1/admin/resellers/{}", shop.reseller), Some(&admin)).await.expect(200);
    assert!(shown.body.get("policy").is_none());
}
