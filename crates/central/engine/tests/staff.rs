//! The operator's staff: who comes, goes and is shut out, and passwords that somebody else chose.

use counterfoil_domain::ids::StaffId;
use counterfoil_domain::permission::StaffRole;
use counterfoil_wire::problem::Code;
use counterfoil_wire::staff::{SaveStaff, StaffMember};
use serde_json::{Value, json};
use uuid::Uuid;

use super::proof::count;
use super::world::{Answer, PASSWORD, World, tokens};
use crate::engine::audit::Actor;
use crate::engine::staff;

const STAFF: &str = "/api/v1/admin/staff";
const OWN_PASSWORD: &str = "/api/v1/me/password";

fn new(n: u128, username: &str, role: &str) -> Value {
    json!({ "staff_id": Uuid::from_u128(n), "username": username, "role": role })
}

fn at(id: &str, step: &str) -> String {
    format!("{STAFF}/{id}{step}")
}

fn change(current: &str, new: &str) -> Value {
    json!({ "current_password": current, "new_password": new })
}

/// A world with a super admin who is signed in.
async fn office() -> (World, String) {
    let world = World::new().await;
    let boss = world.staff_token(StaffRole::SuperAdmin).await;
    (world, boss)
}

async fn named(world: &World, username: &str) -> StaffMember {
    let mut reader = world.app.reader().await.expect("reader");
    let found = staff::list(&mut reader, world.operator, username, "", 2).await.expect("listed");
    found.into_iter().find(|one| one.username == username).expect("there")
}

async fn id_of(world: &World, username: &str) -> String {
    named(world, username).await.staff_id.to_string()
}

/// Somebody who chose a password of his or her own.
async fn settled(world: &World, boss: &str, n: u128, username: &str, role: &str) -> String {
    let made = world.post(STAFF, Some(boss), &new(n, username, role)).await.expect(200);
    let first = made.text("/password");
    let token = world.sign_in("admin", username, &first).await.expect(200).text("/access_token");
    world.put(OWN_PASSWORD, Some(&token), &change(&first, PASSWORD)).await.expect(204);
    token
}

fn version(n: u32) -> Value {
    json!({ "version": n })
}

#[tokio::test]
async fn a_new_colleague_gets_a_password_once_and_chooses_another() {
    let (world, boss) = office().await;
    let made = world.post(STAFF, Some(&boss), &new(1, " Nina ", "finance")).await.expect(200);
    assert_eq!((made.text("/staff/username"), made.text("/staff/role")), ("nina".to_owned(), "finance".to_owned()));
    let first = made.text("/password");
    assert_eq!(first.len(), 20);
    // A repeat is answered, and nobody knows the password any more.
    let again = world.post(STAFF, Some(&boss), &new(1, "nina", "finance")).await.expect(200);
    assert_eq!(again.body.pointer("/password"), None);
    assert_eq!(world.post(STAFF, Some(&boss), &new(1, "nina", "admin")).await.expect(409).code(), "id_reused");
    assert_eq!(world.post(STAFF, Some(&boss), &new(2, "nina", "admin")).await.expect(409).code(), "username_taken");

    let signed_in = tokens(world.sign_in("admin", "nina", &first).await);
    assert!(signed_in.me.must_change_password);
    let token = signed_in.access_token;
    for path in ["/api/v1/admin/plans", "/api/v1/sessions"] {
        assert_eq!(world.get(path, Some(&token)).await.expect(403).code(), "password_change_needed", "{path}");
    }
    world.get("/api/v1/me", Some(&token)).await.expect(200);
    world.put(OWN_PASSWORD, Some(&token), &change(&first, PASSWORD)).await.expect(204);
    world.get("/api/v1/admin/plans", Some(&token)).await.expect(200);
    assert!(!tokens(world.sign_in("admin", "nina", PASSWORD).await).me.must_change_password);
    let audit = world.get("/api/v1/admin/audit?limit=500", Some(&boss)).await.expect(200).body.to_string();
    assert!(audit.contains("staff.create") && !audit.contains(&first) && !audit.contains("argon2"), "{audit}");
    assert_eq!(count(&world, "SELECT COUNT(*) FROM audit WHERE action = 'session.password'").await, 1);
}

#[tokio::test]
async fn wrong_fields_are_told_at_once() {
    let (world, boss) = office().await;
    let mut wrong = new(1, "Nina Sample", "support");
    wrong["email"] = "nobody".into();
    wrong["password"] = "short".into();
    wrong["full_name"] = "x".repeat(81).into();
    let refused = world.post(STAFF, Some(&boss), &wrong).await.expect(422);
    let fields: Vec<&str> = refused.body["fields"]
        .as_array()
        .expect("fields")
        .iter()
        .map(|field| field["field"].as_str().expect("name"))
        .collect();
    assert_eq!(fields, ["full_name", "email", "username", "password"]);
}

#[tokio::test]
async fn an_admin_sees_the_staff_and_changes_nobody() {
    let (world, _) = office().await;
    let admin = world.staff_token(StaffRole::Admin).await;
    let listed = world.get(STAFF, Some(&admin)).await.expect(200);
    assert_eq!(listed.text("/items/0/username"), "staff-admin");
    let id = id_of(&world, "staff-super_admin").await;
    world.get(&at(&id, ""), Some(&admin)).await.expect(200);
    world.post(&at(&id, "/disable"), Some(&admin), &version(1)).await.expect(403);
    let support = world.staff_token(StaffRole::Support).await;
    world.get(STAFF, Some(&support)).await.expect(403);
}

#[tokio::test]
async fn who_is_shut_out_is_out_at_once_and_comes_back_with_the_old_password() {
    let (world, boss) = office().await;
    world.add_staff("nina", StaffRole::Support).await;
    let open = tokens(world.sign_in("admin", "nina", PASSWORD).await);
    let id = id_of(&world, "nina").await;
    let out = world.post(&at(&id, "/disable"), Some(&boss), &version(1)).await.expect(200);
    assert_eq!((&out.body["active"], &out.body["version"]), (&json!(false), &json!(2)));
    world.get("/api/v1/me", Some(&open.access_token)).await.expect(401);
    world.refresh(&open.refresh_token).await.expect(401);
    assert_eq!(world.sign_in("admin", "nina", PASSWORD).await.expect(401).code(), "invalid_credentials");
    // Twice is once.
    world.post(&at(&id, "/disable"), Some(&boss), &version(1)).await.expect(200);
    assert_eq!(world.post(&at(&id, "/enable"), Some(&boss), &version(1)).await.expect(409).code(), "conflict");
    world.post(&at(&id, "/enable"), Some(&boss), &version(2)).await.expect(200);
    // What ended stays ended.
    world.refresh(&open.refresh_token).await.expect(401);
    world.sign_in("admin", "nina", PASSWORD).await.expect(200);
    let audited = "SELECT COUNT(*) FROM audit WHERE action IN ('staff.disable', 'staff.enable') AND actor = 'staff'";
    assert_eq!(count(&world, audited).await, 2);
}

#[tokio::test]
async fn nobody_takes_the_own_role_or_sign_in_away() {
    let (world, boss) = office().await;
    world.add_staff("nina", StaffRole::SuperAdmin).await;
    let id = id_of(&world, "staff-super_admin").await;
    let demoted = json!({ "version": 1, "full_name": "", "email": "", "role": "auditor" });
    for answer in [
        world.put(&at(&id, ""), Some(&boss), &demoted).await,
        world.post(&at(&id, "/disable"), Some(&boss), &version(1)).await,
        world.post(&at(&id, "/reset-password"), Some(&boss), &version(1)).await,
    ] {
        assert_eq!(answer.expect(403).code(), "not_permitted");
    }
    // The own name and address are one's own.
    let named = json!({ "version": 1, "full_name": "Boss", "email": "boss@example.org", "role": "super_admin" });
    assert_eq!(world.put(&at(&id, ""), Some(&boss), &named).await.expect(200).text("/full_name"), "Boss");
    let stale = world.put(&at(&id, ""), Some(&boss), &named).await.expect(409);
    assert_eq!(stale.code(), "conflict");
}

/// The last super admin, by somebody whose own role was read before the other took it away.
#[tokio::test]
async fn the_last_super_admin_stays() {
    let (world, _) = office().await;
    world.add_staff("nina", StaffRole::SuperAdmin).await;
    let (boss, nina) = (named(&world, "staff-super_admin").await.staff_id, named(&world, "nina").await.staff_id);
    let actor = Actor::system();
    let by = |id: StaffId| staff::By { operator: world.operator, id, actor: &actor };
    staff::set_active(&world.app, &by(boss), nina, 1, false).await.expect("shut out");
    let refused = staff::set_active(&world.app, &by(nina), boss, 1, false).await.expect_err("the last one");
    assert_eq!(refused.problem().code, Code::LastSuperAdmin);
    let demoted = SaveStaff { version: 1, full_name: String::new(), email: String::new(), role: StaffRole::Admin };
    let refused = staff::edit(&world.app, &by(nina), boss, demoted).await.expect_err("the last one");
    assert_eq!(refused.problem().code, Code::LastSuperAdmin);
}

#[tokio::test]
async fn of_two_who_shut_each_other_out_at_once_one_stays() {
    let (world, boss) = office().await;
    world.add_staff("nina", StaffRole::SuperAdmin).await;
    let nina = world.token("admin", "nina").await;
    let (boss_at, nina_at) =
        (at(&id_of(&world, "staff-super_admin").await, "/disable"), at(&id_of(&world, "nina").await, "/disable"));
    let one = version(1);
    let (first, second) =
        tokio::join!(world.post(&nina_at, Some(&boss), &one), world.post(&boss_at, Some(&nina), &one));
    let done = [&first, &second].into_iter().filter(|answer| answer.status == 200).count();
    assert_eq!(done, 1, "{} {}", first.body, second.body);
    let left = "SELECT COUNT(*) FROM staff WHERE role = 'super_admin' AND active";
    assert_eq!(count(&world, left).await, 1);
}

#[tokio::test]
async fn a_password_that_was_reset_ends_all_sessions_and_has_to_be_changed() {
    let (world, boss) = office().await;
    let nina = settled(&world, &boss, 1, "nina", "support").await;
    world.get("/api/v1/admin/plans", Some(&nina)).await.expect(200);
    let known = named(&world, "nina").await;
    let id = known.staff_id.to_string();
    let reset = world.post(&at(&id, "/reset-password"), Some(&boss), &version(known.version)).await.expect(200);
    let made = reset.text("/password");
    world.get("/api/v1/me", Some(&nina)).await.expect(401);
    assert_eq!(world.sign_in("admin", "nina", PASSWORD).await.expect(401).code(), "invalid_credentials");
    let token = world.sign_in("admin", "nina", &made).await.expect(200).text("/access_token");
    assert_eq!(world.get("/api/v1/admin/plans", Some(&token)).await.expect(403).code(), "password_change_needed");
    // The one that somebody else chose is no other one.
    let same = world.put(OWN_PASSWORD, Some(&token), &change(&made, &made)).await.expect(422);
    assert_eq!(same.text("/fields/0/field"), "new_password");
    world.put(OWN_PASSWORD, Some(&token), &change(&made, "a password of my own")).await.expect(204);
    world.get("/api/v1/admin/plans", Some(&token)).await.expect(200);
}

#[tokio::test]
async fn a_changed_password_ends_all_other_sessions() {
    let (world, _) = office().await;
    world.add_reseller("shop", None).await;
    for (audience, username) in [("admin", "staff-super_admin"), ("reseller", "shop")] {
        let here = tokens(world.sign_in(audience, username, PASSWORD).await);
        let elsewhere = tokens(world.sign_in(audience, username, PASSWORD).await);
        let asked = change(PASSWORD, "a password of my own");
        world.put(OWN_PASSWORD, Some(&here.access_token), &asked).await.expect(204);
        world.get("/api/v1/me", Some(&here.access_token)).await.expect(200);
        world.get("/api/v1/me", Some(&elsewhere.access_token)).await.expect(401);
        world.refresh(&elsewhere.refresh_token).await.expect(401);
        world.refresh(&here.refresh_token).await.expect(200);
        assert_eq!(world.sign_in(audience, username, PASSWORD).await.expect(401).code(), "invalid_credentials");
        world.sign_in(audience, username, "a password of my own").await.expect(200);
    }
}

#[tokio::test]
async fn guessing_the_current_password_locks_the_name() {
    let (world, boss) = office().await;
    let wrong = change("wrong horse battery", "a password of my own");
    for _ in 0..10 {
        let refused = world.put(OWN_PASSWORD, Some(&boss), &wrong).await.expect(401);
        assert_eq!(refused.code(), "invalid_credentials");
    }
    let right = change(PASSWORD, "a password of my own");
    assert_eq!(world.put(OWN_PASSWORD, Some(&boss), &right).await.expect(423).code(), "locked_out");
    assert_eq!(world.sign_in("admin", "staff-super_admin", PASSWORD).await.expect(423).code(), "locked_out");
}

async fn lock(world: &World, audience: &str, username: &str) -> Answer {
    for _ in 0..10 {
        world.sign_in(audience, username, "wrong horse battery").await.expect(401);
    }
    world.sign_in(audience, username, PASSWORD).await.expect(423)
}

#[tokio::test]
async fn locked_names_are_told_to_whoever_may_let_them_try_again() {
    let (world, boss) = office().await;
    let admin = world.staff_token(StaffRole::Admin).await;
    let path = "/api/v1/admin/sign-ins";
    assert_eq!(world.get(path, Some(&boss)).await.expect(200).body, json!([]));
    world.add_reseller("shop", None).await;
    world.add_staff("nina", StaffRole::Support).await;
    lock(&world, "reseller", "shop").await;
    lock(&world, "admin", "nina").await;
    // Nobody's name, though it is locked like any other.
    lock(&world, "reseller", "nobody").await;
    let told = world.get(path, Some(&boss)).await.expect(200).body;
    let names: Vec<&Value> = told.as_array().expect("list").iter().map(|name| &name["username"]).collect();
    assert_eq!(names.len(), 2, "{told}");
    assert!(names.contains(&&json!("shop")) && names.contains(&&json!("nina")), "{told}");
    let shop = told.as_array().expect("list").iter().find(|name| name["username"] == "shop").expect("there");
    assert_eq!((&shop["reseller_name"], &shop["tries"]), (&json!("Company of shop"), &json!(10)));
    assert_eq!(shop["until"].as_i64().expect("ms") - shop["since"].as_i64().expect("ms"), 15 * 60_000);
    // Staff are let in again by super admins alone.
    let of_admin = world.get(path, Some(&admin)).await.expect(200).body;
    assert_eq!(of_admin.as_array().expect("list").len(), 1, "{of_admin}");
    let unlock = json!({ "audience": "admin", "username": "nina" });
    world.post("/api/v1/admin/sign-ins/unlock", Some(&boss), &unlock).await.expect(200);
    assert_eq!(world.get(path, Some(&boss)).await.expect(200).body.as_array().expect("list").len(), 1);
    world.clock.advance_ms(15 * 60_000);
    let boss = world.token("admin", "staff-super_admin").await;
    assert_eq!(world.get(path, Some(&boss)).await.expect(200).body, json!([]));
}
