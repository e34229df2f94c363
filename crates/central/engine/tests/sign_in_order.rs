//! Who has a second factor and a password that somebody else chose: what comes before what.

use counterfoil_domain::permission::StaffRole;
use serde_json::json;

use super::second_factor::{OWN, RECOVERY, begin, confirm, demand_of_staff, enrol};
use super::world::{PASSWORD, World, tokens};

const NAME: &str = "staff-finance";
const PLANS: &str = "/api/v1/admin/plans";

/// Another password for whose token this is, as a super admin gives one.
async fn reset(world: &World, boss: &str, token: &str) -> String {
    let id = world.get("/api/v1/me", Some(token)).await.expect(200).text("/user_id");
    let path = format!("/api/v1/admin/staff/{id}/reset-password");
    world.post(&path, Some(boss), &json!({ "version": 1 })).await.expect(200).text("/password")
}

async fn choose(world: &World, token: &str, given: &str) {
    let change = json!({ "current_password": given, "new_password": PASSWORD });
    world.put("/api/v1/me/password", Some(token), &change).await.expect(204);
}

#[tokio::test]
async fn the_second_factor_is_asked_for_before_another_password() {
    let world = World::new().await;
    let boss = world.staff_token(StaffRole::SuperAdmin).await;
    let finance = world.staff_token(StaffRole::Finance).await;
    let (app, _) = enrol(&world, &finance).await;
    let given = reset(&world, &boss, &finance).await;
    assert_eq!(world.sign_in("admin", NAME, &given).await.expect(401).code(), "second_factor_needed");
    let shown = json!({ "username": NAME, "password": given, "second_factor": app.now(&world) });
    let signed_in = tokens(world.post("/api/v1/admin/login", None, &shown).await);
    assert!(signed_in.me.must_change_password && signed_in.me.second_factor.on);

    // It opens the way to another password and nothing else, not even the factor's own routes.
    let token = signed_in.access_token;
    assert_eq!(world.get(PLANS, Some(&token)).await.expect(403).code(), "password_change_needed");
    let proof = json!({ "password": given, "code": "000000" });
    assert_eq!(world.post(RECOVERY, Some(&token), &proof).await.expect(403).code(), "password_change_needed");
    choose(&world, &token, &given).await;
    world.get(PLANS, Some(&token)).await.expect(200);
}

#[tokio::test]
async fn staff_who_owe_both_choose_a_password_and_then_set_a_factor_up() {
    let world = World::new().await;
    let boss = world.staff_token(StaffRole::SuperAdmin).await;
    let finance = world.staff_token(StaffRole::Finance).await;
    let given = reset(&world, &boss, &finance).await;
    demand_of_staff(&world, &boss, true).await.expect(200);
    let signed_in = tokens(world.sign_in("admin", NAME, &given).await);
    assert!(signed_in.me.must_change_password && signed_in.me.second_factor.required);

    let token = signed_in.access_token;
    for answer in
        [world.get(PLANS, Some(&token)).await, world.post(OWN, Some(&token), &json!({ "password": given })).await]
    {
        assert_eq!(answer.expect(403).code(), "password_change_needed");
    }
    choose(&world, &token, &given).await;
    assert_eq!(world.get(PLANS, Some(&token)).await.expect(403).code(), "second_factor_not_set_up");
    let app = begin(&world, &token).await;
    confirm(&world, &token, &app).await;
    world.get(PLANS, Some(&token)).await.expect(200);
}
