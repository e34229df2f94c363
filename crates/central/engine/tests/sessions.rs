//! Signing in, staying signed in, and what stops guessing.

use counterfoil_domain::permission::StaffRole;
use serde_json::json;
use tokio::task::JoinSet;

use super::proof::count;
use super::world::{PASSWORD, World, call, tokens};
use crate::engine::app::OpenError;

#[tokio::test]
async fn a_session_opens_refreshes_lists_and_ends() {
    let world = World::new().await;
    world.add_reseller("corner-shop", None).await;
    // Names are written one way, however they are typed.
    let first = tokens(world.sign_in("reseller", " Corner-Shop ", PASSWORD).await);
    assert_eq!((first.me.role.as_str(), first.me.username.as_str()), ("owner", "corner-shop"));
    let me = world.get("/api/v1/me", Some(&first.access_token)).await.expect(200);
    assert_eq!(me.text("/reseller_name"), "Company of corner-shop");

    world.clock.advance_ms(15 * 60_000);
    assert_eq!(world.get("/api/v1/me", Some(&first.access_token)).await.expect(401).code(), "not_signed_in");
    let second = tokens(world.refresh(&first.refresh_token).await);
    assert_eq!(second.session_id, first.session_id);
    world.get("/api/v1/me", Some(&second.access_token)).await.expect(200);
    // A refresh token is not an access token, nor the other way round.
    world.get("/api/v1/me", Some(&second.refresh_token)).await.expect(401);
    world.refresh(&second.access_token).await.expect(401);

    let other = tokens(world.sign_in("reseller", "corner-shop", PASSWORD).await);
    let list = world.get("/api/v1/sessions", Some(&second.access_token)).await.expect(200);
    let current: Vec<bool> =
        list.body.as_array().expect("list").iter().map(|s| s["current"].as_bool().expect("current")).collect();
    assert_eq!(current.iter().filter(|c| **c).count(), 1);
    assert_eq!(current.len(), 2);
    let path = format!("/api/v1/sessions/{}", other.session_id);
    call(&world.router, "DELETE", &path, Some(&second.access_token), None).await.expect(204);
    world.get("/api/v1/me", Some(&other.access_token)).await.expect(401);
    world.refresh(&other.refresh_token).await.expect(401);
    call(&world.router, "DELETE", &path, Some(&second.access_token), None).await.expect(404);

    call(&world.router, "POST", "/api/v1/session/logout", Some(&second.access_token), None).await.expect(204);
    world.get("/api/v1/me", Some(&second.access_token)).await.expect(401);
    world.refresh(&second.refresh_token).await.expect(401);
}

#[tokio::test]
async fn a_lost_answer_is_forgiven_and_a_copied_token_ends_the_family() {
    let world = World::new().await;
    world.add_reseller("shop", None).await;
    let first = tokens(world.sign_in("reseller", "shop", PASSWORD).await);
    let second = tokens(world.refresh(&first.refresh_token).await);
    world.clock.advance_ms(10_000);
    // The shop never got the answer and asks again.
    let third = tokens(world.refresh(&first.refresh_token).await);
    world.get("/api/v1/me", Some(&third.access_token)).await.expect(200);
    world.get("/api/v1/me", Some(&second.access_token)).await.expect(200);
    world.clock.advance_ms(1);
    world.refresh(&first.refresh_token).await.expect(401);
    // Everything of the family is out, also what the thief had.
    for token in [&second.access_token, &third.access_token] {
        world.get("/api/v1/me", Some(token)).await.expect(401);
    }
    world.refresh(&third.refresh_token).await.expect(401);
    // Another sign-in of the same user is another family.
    tokens(world.sign_in("reseller", "shop", PASSWORD).await);
}

#[tokio::test]
async fn a_refresh_token_lives_thirty_days() {
    let world = World::new().await;
    world.add_reseller("shop", None).await;
    let first = tokens(world.sign_in("reseller", "shop", PASSWORD).await);
    world.clock.advance_ms(30 * 86_400_000 - 1);
    let second = tokens(world.refresh(&first.refresh_token).await);
    world.clock.advance_ms(30 * 86_400_000);
    world.refresh(&second.refresh_token).await.expect(401);
}

#[tokio::test]
async fn ten_wrong_passwords_lock_a_name_whether_or_not_it_exists() {
    let world = World::new().await;
    world.add_reseller("shop", None).await;
    for name in ["shop", "nobody"] {
        for attempt in 1..=10 {
            let answer = world.sign_in("reseller", name, "wrong horse").await.expect(401);
            assert_eq!(answer.code(), "invalid_credentials", "{name} {attempt}");
        }
        let locked = world.sign_in("reseller", name, PASSWORD).await.expect(423);
        assert_eq!((locked.code(), locked.body["retry_after_ms"].as_u64()), ("locked_out", Some(15 * 60_000)));
        assert_eq!(locked.headers["retry-after"], "900");
    }
    world.clock.advance_ms(15 * 60_000);
    world.sign_in("reseller", "shop", PASSWORD).await.expect(200);
    // A success forgets the tries before it.
    for _ in 0..9 {
        world.sign_in("reseller", "shop", "wrong horse").await.expect(401);
    }
    world.sign_in("reseller", "shop", PASSWORD).await.expect(200);
    world.sign_in("reseller", "shop", "wrong horse").await.expect(401);
}

#[tokio::test]
async fn one_network_cannot_try_many_names() {
    let world = World::new().await;
    world.add_reseller("shop", None).await;
    for attempt in 0..50 {
        world.sign_in("reseller", &format!("name-{attempt}"), "wrong horse").await.expect(401);
    }
    let limited = world.sign_in("reseller", "shop", PASSWORD).await.expect(429);
    assert_eq!(limited.code(), "rate_limited");
    assert!(limited.body["retry_after_ms"].as_u64().is_some_and(|ms| ms <= 15 * 60_000));
    world.clock.advance_ms(15 * 60_000);
    world.sign_in("reseller", "shop", PASSWORD).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_tries_at_once_one_network_has_no_more_than_one_after_the_other() {
    let world = World::new().await;
    world.add_reseller("shop", None).await;
    let second = world.second_process().await;
    let mut hands = JoinSet::new();
    for hand in 0..100 {
        let router = if hand % 2 == 0 { world.router.clone() } else { second.clone() };
        let body = json!({ "username": format!("name-{hand}"), "password": "wrong horse" });
        hands.spawn(async move { call(&router, "POST", "/api/v1/reseller/login", None, Some(&body)).await });
    }
    let answers = hands.join_all().await;
    let of = |code: &str| answers.iter().filter(|answer| answer.code() == code).count();
    assert_eq!((of("invalid_credentials"), of("rate_limited")), (50, 50));
    // Nor did those that were refused lock a name.
    assert_eq!(count(&world, "SELECT COUNT(*) FROM sign_in_guard").await, 50);
}

#[tokio::test]
async fn who_has_the_right_password_uses_no_try_of_the_network_up() {
    let world = World::new().await;
    world.add_reseller("shop", None).await;
    for _ in 0..60 {
        world.sign_in("reseller", "shop", PASSWORD).await.expect(200);
    }
    let owner = world.token("reseller", "shop").await;
    let change = json!({ "current_password": PASSWORD, "new_password": "another horse" });
    world.put("/api/v1/me/password", Some(&owner), &change).await.expect(204);
    assert_eq!(count(&world, "SELECT CAST(SUM(hits) AS BIGINT) FROM rate_window").await, 0);
}

#[tokio::test]
async fn the_audiences_are_apart() {
    let world = World::new().await;
    world.add_reseller("shop", None).await;
    world.add_staff("boss", StaffRole::SuperAdmin).await;
    // The right password at the wrong door.
    world.sign_in("admin", "shop", PASSWORD).await.expect(401);
    world.sign_in("reseller", "boss", PASSWORD).await.expect(401);
    let (shop, boss) = (world.token("reseller", "shop").await, world.token("admin", "boss").await);
    assert_eq!(world.get("/api/v1/admin/plans", Some(&shop)).await.expect(403).code(), "not_permitted");
    assert_eq!(world.get("/api/v1/reseller/plans", Some(&boss)).await.expect(403).code(), "not_permitted");
    for bad in ["", "Bearer", "Basic abc", "nonsense"] {
        assert_eq!(world.get("/api/v1/me", Some(bad)).await.expect(401).code(), "not_signed_in");
    }
}

#[tokio::test]
async fn a_suspended_reseller_is_out_at_once() {
    let world = World::new().await;
    let id = world.add_reseller("shop", None).await;
    let boss = world.staff_token(StaffRole::Admin).await;
    let signed_in = tokens(world.sign_in("reseller", "shop", PASSWORD).await);
    let path = format!("/api/v1/admin/resellers/{id}");
    let mut reseller = world.get(&path, Some(&boss)).await.expect(200).body;
    for derived in ["balance", "reserved", "parent_company", "last_login_at"] {
        reseller.as_object_mut().expect("object").remove(derived);
    }
    reseller["credit_limit"] = json!(0);
    reseller["status"] = json!("suspended");
    world.put(&path, Some(&boss), &reseller).await.expect(200);
    for answer in [
        world.get("/api/v1/me", Some(&signed_in.access_token)).await,
        world.refresh(&signed_in.refresh_token).await,
        world.sign_in("reseller", "shop", PASSWORD).await,
    ] {
        assert_eq!(answer.expect(403).code(), "reseller_suspended");
    }
    // To the wrong password it says nothing of the kind.
    world.sign_in("reseller", "shop", "wrong horse").await.expect(401);
}

#[tokio::test]
async fn several_processes_behave_as_one() {
    let world = World::new().await;
    world.add_reseller("shop", None).await;
    let other = world.second_process().await;
    let first = tokens(world.sign_in("reseller", "shop", PASSWORD).await);
    call(&other, "GET", "/api/v1/me", Some(&first.access_token), None).await.expect(200);
    let body = json!({ "refresh_token": first.refresh_token });
    let second = tokens(call(&other, "POST", "/api/v1/session/refresh", None, Some(&body)).await);
    world.get("/api/v1/me", Some(&second.access_token)).await.expect(200);
    call(&other, "POST", "/api/v1/session/logout", Some(&second.access_token), None).await.expect(204);
    world.get("/api/v1/me", Some(&second.access_token)).await.expect(401);
    // Half of the tries here, half there.
    let wrong = json!({ "username": "shop", "password": "wrong horse" });
    for _ in 0..5 {
        world.post("/api/v1/reseller/login", None, &wrong).await.expect(401);
        call(&other, "POST", "/api/v1/reseller/login", None, Some(&wrong)).await.expect(401);
    }
    world.sign_in("reseller", "shop", PASSWORD).await.expect(423);
    call(&other, "POST", "/api/v1/reseller/login", None, Some(&wrong)).await.expect(423);
}

#[tokio::test]
async fn what_is_stored_opens_nothing() {
    let world = World::new().await;
    world.add_reseller("shop", None).await;
    let signed_in = tokens(world.sign_in("reseller", "shop", PASSWORD).await);
    let mut reader = world.app.reader().await.expect("reader");
    let hashes: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT token_hash FROM session_token").fetch_all(&mut *reader).await.expect("tokens");
    assert_eq!(hashes.len(), 2);
    for token in [&signed_in.access_token, &signed_in.refresh_token] {
        assert!(hashes.iter().all(|hash| hash.as_slice() != token.as_bytes()));
        assert!(hashes.contains(&counterfoil_central_platform::tokens::token_hash(token)));
    }
    let audit: Vec<String> =
        sqlx::query_scalar("SELECT detail FROM audit").fetch_all(&mut *reader).await.expect("audit");
    assert!(!audit.is_empty());
    for line in audit {
        assert!(
            !line.contains(PASSWORD) && !line.contains("argon2") && !line.contains(&signed_in.access_token),
            "{line}"
        );
    }
}

#[tokio::test]
async fn a_database_opens_only_with_its_own_keys() {
    let world = World::new().await;
    let _second = world.second_process().await;
    assert!(matches!(world.open_with_other_keys().await, Err(OpenError::OtherKeys)));
}

#[tokio::test]
async fn who_may_edit_resellers_unlocks_a_name_and_the_operator_remembers() {
    let world = World::new().await;
    world.add_reseller("shop", None).await;
    let lock = async || {
        for _ in 0..10 {
            world.sign_in("reseller", "shop", "wrong horse").await.expect(401);
        }
        world.sign_in("reseller", "shop", PASSWORD).await.expect(423);
    };
    lock().await;
    let path = "/api/v1/admin/sign-ins/unlock";
    let asked = json!({ "audience": "reseller", "username": " Shop " });
    let auditor = world.staff_token(StaffRole::Auditor).await;
    assert_eq!(world.post(path, Some(&auditor), &asked).await.expect(403).code(), "not_permitted");
    world.sign_in("reseller", "shop", PASSWORD).await.expect(423);
    let admin = world.staff_token(StaffRole::Admin).await;
    let unlocked = world.post(path, Some(&admin), &asked).await.expect(200);
    assert_eq!(unlocked.body, json!({ "username": "shop", "was_locked": true }));
    world.sign_in("reseller", "shop", PASSWORD).await.expect(200);
    // Once more there is nothing to unlock and nothing to remember.
    assert_eq!(world.post(path, Some(&admin), &asked).await.expect(200).body["was_locked"], false);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM audit WHERE action = 'session.unlock'").await, 1);
    let nobody = json!({ "audience": "reseller", "username": "nobody" });
    assert_eq!(world.post(path, Some(&admin), &nobody).await.expect(404).code(), "not_found");
    // A name of the one audience is none of the other, and staff are the super admin's.
    let wrong = json!({ "audience": "admin", "username": "staff-admin" });
    assert_eq!(world.post(path, Some(&admin), &wrong).await.expect(403).code(), "not_permitted");
    let highest = world.staff_token(StaffRole::SuperAdmin).await;
    assert_eq!(world.post(path, Some(&highest), &wrong).await.expect(200).body["was_locked"], false);
    let shop = json!({ "audience": "admin", "username": "shop" });
    world.post(path, Some(&highest), &shop).await.expect(404);
}
