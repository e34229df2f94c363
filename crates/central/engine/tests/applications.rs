//! Applications from the form to the first sign-in, and the rates that an approval begins.

use counterfoil_domain::commission::CommissionRate;
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::time::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::proof::{count, prove};
use super::world::{Answer, PASSWORD, START, World, call};
use crate::engine::commission;

const APPLICATIONS: &str = "/api/v1/admin/applications";

fn application(n: u128) -> Value {
    json!({ "application_id": Uuid::from_u128(n), "name": "Sam Sample", "email": format!("Sam{n}@Example.org"),
        "phone": "+49 30 5550100", "password": PASSWORD, "business_name": format!("Corner Shop {n}"),
        "address": "1 Long Road\n Springfield", "kind": "company", "expected_customers": 40,
        "terms_accepted": true })
}

async fn apply(world: &World, n: u128) -> Answer {
    world.post("/api/v1/reseller/signup", None, &application(n)).await
}

fn approval(reseller: u128, username: &str) -> Value {
    json!({ "reseller_id": Uuid::from_u128(reseller), "username": username, "settlement_mode": "wholesale",
        "rate": { "kind": "fixed", "basis_points": 2_000 }, "credit_limit": 90, "notes": "Known from the fair" })
}

fn one(n: u128) -> String {
    format!("{APPLICATIONS}/{}", Uuid::from_u128(n))
}

/// A world with an administrator and an application.
async fn applied() -> (World, String) {
    let world = World::new().await;
    let admin = world.staff_token(StaffRole::Admin).await;
    apply(&world, 1).await.expect(200);
    (world, admin)
}

#[tokio::test]
async fn an_application_waits_and_its_password_is_nowhere_readable() {
    let (world, admin) = applied().await;
    let shown = world.get(&one(1), Some(&admin)).await.expect(200);
    assert_eq!((shown.text("/state"), shown.text("/email")), ("pending".to_owned(), "sam1@example.org".to_owned()));
    assert_eq!(shown.text("/proposed_username"), "corner-shop-1");
    assert_eq!(shown.text("/address"), "1 Long Road, Springfield");
    assert!(shown.body.get("letter").is_none() && !shown.body.to_string().contains("argon2"));
    let hashed = "SELECT COUNT(*) FROM application WHERE password_hash LIKE '$argon2id$%'";
    assert_eq!(count(&world, hashed).await, 1);
    let told = "SELECT COUNT(*) FROM audit WHERE detail LIKE '%argon2%' OR detail LIKE '%correct horse%'";
    assert_eq!(count(&world, told).await, 0);
    // The same again is the same; another under the same id is not.
    apply(&world, 1).await.expect(200);
    let mut other = application(1);
    other["name"] = "Somebody Else".into();
    assert_eq!(world.post("/api/v1/reseller/signup", None, &other).await.expect(409).code(), "id_reused");
    assert_eq!(count(&world, "SELECT COUNT(*) FROM application").await, 1);
    assert_eq!(world.sign_in("reseller", "corner-shop-1", PASSWORD).await.code(), "invalid_credentials");
}

#[tokio::test]
async fn staff_read_all_that_was_asked_for() {
    let world = World::new().await;
    let admin = world.staff_token(StaffRole::Admin).await;
    for (n, kind, customers) in [(1, "company", 40), (2, "individual", 7)] {
        let mut asked = application(n);
        asked["kind"] = json!(kind);
        asked["expected_customers"] = json!(customers);
        world.post("/api/v1/reseller/signup", None, &asked).await.expect(200);
        let shown = world.get(&one(n), Some(&admin)).await.expect(200).body;
        for field in ["name", "phone", "business_name", "kind", "expected_customers"] {
            assert_eq!(shown[field], asked[field], "{field}");
        }
        assert_eq!(shown["email"], format!("sam{n}@example.org"));
        assert_eq!(shown["address"], "1 Long Road, Springfield");
        let received = json!(world.app.now().0);
        assert_eq!((&shown["terms_accepted_at"], &shown["created_at"]), (&received, &received));
    }
}

#[tokio::test]
async fn every_wrong_field_is_told_at_once() {
    let world = World::new().await;
    let mut empty = application(1);
    for name in ["name", "email", "phone", "password", "business_name", "address"] {
        empty[name] = "".into();
    }
    empty["expected_customers"] = 1_000_001.into();
    empty["terms_accepted"] = false.into();
    let refused = world.post("/api/v1/reseller/signup", None, &empty).await.expect(422);
    let fields: Vec<&str> =
        refused.body["fields"].as_array().expect("fields").iter().filter_map(|one| one["field"].as_str()).collect();
    let all =
        ["name", "email", "phone", "password", "business_name", "address", "expected_customers", "terms_accepted"];
    assert_eq!(fields, all);
}

#[tokio::test]
async fn an_address_that_waits_or_sells_is_received_like_any_other_and_staff_see_it() {
    let (world, admin) = applied().await;
    world.add_reseller("shop", None).await;
    let send = async |n: u128, email: &str| {
        let mut asked = application(n);
        asked["email"] = email.into();
        let mut told = world.post("/api/v1/reseller/signup", None, &asked).await.expect(200).body;
        // Everything but its own id is what anybody is told.
        assert_eq!(told["application_id"].take(), json!(Uuid::from_u128(n)));
        told
    };
    let stranger = send(2, "nobody@example.org").await;
    assert_eq!(send(3, "SAM1@example.org").await, stranger);
    assert_eq!(send(4, "Shop@example.org ").await, stranger);

    let list = world.get(APPLICATIONS, Some(&admin)).await.expect(200).body;
    let double = |n: u128| {
        let id = json!(Uuid::from_u128(n));
        let row = list["items"].as_array().expect("items").iter().find(|row| row["application_id"] == id);
        row.expect("listed")["double_of"].clone()
    };
    assert_eq!([double(1), double(3)], [json!("application"), json!("application")]);
    assert_eq!([double(2), double(4)], [Value::Null, json!("reseller")]);

    // Of two with one address one can be approved; the other one then is a reseller's.
    world.post(&format!("{}/approve", one(3)), Some(&admin), &approval(50, "third")).await.expect(200);
    let first = world.get(&one(1), Some(&admin)).await.expect(200);
    assert_eq!(first.text("/double_of"), "reseller");
    let refused = world.post(&format!("{}/approve", one(1)), Some(&admin), &approval(51, "first")).await.expect(409);
    assert_eq!(refused.code(), "email_taken");
    world.post(&format!("{}/reject", one(1)), Some(&admin), &json!({ "reason": "twice" })).await.expect(200);
    let decided = world.get(&one(1), Some(&admin)).await.expect(200);
    assert!(decided.body.get("double_of").is_none());
}

#[tokio::test]
async fn an_approval_creates_the_reseller_and_its_owner_signs_in() {
    let (world, admin) = applied().await;
    let approve = format!("{}/approve", one(1));
    let body = approval(50, "corner");
    let approved = world.post(&approve, Some(&admin), &body).await.expect(200);
    assert_eq!(approved.text("/state"), "approved");
    assert_eq!(approved.text("/decision/by"), "staff-admin");
    assert_eq!(approved.text("/decision/notes"), "Known from the fair");
    let letter = approved.text("/letter/text");
    assert!(letter.contains("User name: corner") && letter.contains("{server}") && !letter.contains(PASSWORD));
    assert_eq!(approved.text("/letter/to"), "sam1@example.org");

    let owner = world.token("reseller", "corner").await;
    let profile = world.get("/api/v1/reseller/profile", Some(&owner)).await.expect(200);
    assert_eq!(profile.text("/company"), "Corner Shop 1");
    assert_eq!(profile.body.pointer("/credit_limit/value"), Some(&json!(90)));
    assert_eq!(count(&world, "SELECT COUNT(*) FROM application WHERE password_hash IS NOT NULL").await, 0);
    let audited = "SELECT COUNT(*) FROM audit WHERE action IN ('application.approve', 'reseller.create')";
    assert_eq!(count(&world, audited).await, 2);
    prove(&world).await;

    // The same again is answered; another is told who was first.
    assert_eq!(world.post(&approve, Some(&admin), &body).await.expect(200).text("/state"), "approved");
    let again = world.post(&approve, Some(&admin), &approval(51, "corner-2")).await.expect(409);
    assert_eq!(again.code(), "conflict");
    assert!(again.text("/detail").contains("approved by staff-admin at 2026-11-21T00:00:00Z"), "{}", again.body);
    let reject = format!("{}/reject", one(1));
    let late = world.post(&reject, Some(&admin), &json!({ "reason": "too late" })).await.expect(409);
    assert!(late.text("/detail").contains("cannot be decided again"));
    assert_eq!(count(&world, "SELECT COUNT(*) FROM reseller").await, 1);
}

#[tokio::test]
async fn an_approval_that_fails_leaves_the_application_waiting() {
    let (world, admin) = applied().await;
    world.add_reseller("taken", None).await;
    let approve = format!("{}/approve", one(1));
    let refused = world.post(&approve, Some(&admin), &approval(50, "taken")).await.expect(409);
    assert_eq!(refused.code(), "username_taken");
    let mut asked = approval(50, "corner");
    asked["parent_id"] = json!(Uuid::from_u128(99));
    assert_eq!(world.post(&approve, Some(&admin), &asked).await.expect(422).code(), "validation_failed");
    let mut asked = approval(50, "corner");
    asked["rate"] = json!({ "kind": "fixed", "basis_points": 10_001 });
    assert_eq!(world.post(&approve, Some(&admin), &asked).await.expect(422).code(), "validation_failed");
    assert_eq!(world.get(&one(1), Some(&admin)).await.text("/state"), "pending");
    assert_eq!(count(&world, "SELECT COUNT(*) FROM reseller").await, 1);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM reseller_rate").await, 0);
    world.post(&approve, Some(&admin), &approval(50, "corner")).await.expect(200);
}

#[tokio::test]
async fn a_rejection_needs_a_reason_and_the_applicant_may_come_again() {
    let (world, admin) = applied().await;
    let reject = format!("{}/reject", one(1));
    assert_eq!(
        world.post(&reject, Some(&admin), &json!({ "reason": " " })).await.expect(422).code(),
        "validation_failed"
    );
    let body = json!({ "reason": "We have a partner in this street." });
    let rejected = world.post(&reject, Some(&admin), &body).await.expect(200);
    assert_eq!(rejected.text("/decision/reason"), "We have a partner in this street.");
    assert!(rejected.text("/letter/text").contains("We have a partner in this street."));
    world.post(&reject, Some(&admin), &body).await.expect(200);
    let other = world.post(&reject, Some(&admin), &json!({ "reason": "another" })).await.expect(409);
    assert!(other.text("/detail").contains("rejected by staff-admin"));
    assert_eq!(count(&world, "SELECT COUNT(*) FROM application WHERE password_hash IS NOT NULL").await, 0);
    let mut again = application(2);
    again["email"] = "sam1@example.org".into();
    world.post("/api/v1/reseller/signup", None, &again).await.expect(200);
}

#[tokio::test]
async fn of_two_decisions_at_once_one_holds() {
    let (world, admin) = applied().await;
    let second = world.second_process().await;
    let (approve, reject) = (format!("{}/approve", one(1)), format!("{}/reject", one(1)));
    let (body, reason) = (approval(50, "corner"), json!({ "reason": "no" }));
    let (yes, no) = tokio::join!(
        call(&world.router, "POST", &approve, Some(&admin), Some(&body)),
        call(&second, "POST", &reject, Some(&admin), Some(&reason))
    );
    let mut told = [yes.status.as_u16(), no.status.as_u16()];
    told.sort_unstable();
    assert_eq!(told, [200, 409], "{} {}", yes.body, no.body);
    let resellers = count(&world, "SELECT COUNT(*) FROM reseller").await;
    assert_eq!(resellers, i64::from(yes.status == 200));
}

#[tokio::test]
async fn applications_are_listed_by_state_and_found_by_what_they_say() {
    let (world, admin) = applied().await;
    for n in 2..=5 {
        world.clock.set(START.plus_ms(i64::try_from(n).expect("small") * 1_000));
        apply(&world, n).await.expect(200);
    }
    world.post(&format!("{}/reject", one(3)), Some(&admin), &json!({ "reason": "no" })).await.expect(200);
    let names = |answer: &Answer| -> Vec<String> {
        let items = answer.body["items"].as_array().expect("items");
        items.iter().map(|one| one["business_name"].as_str().unwrap_or_default().replace("Corner Shop ", "")).collect()
    };
    let all = world.get(&format!("{APPLICATIONS}?limit=3"), Some(&admin)).await.expect(200);
    assert_eq!(names(&all), ["5", "4", "3"]);
    let rest = world.get(&format!("{APPLICATIONS}?limit=3&after={}", all.text("/next")), Some(&admin)).await;
    assert_eq!(names(&rest), ["2", "1"]);
    let waiting = world.get(&format!("{APPLICATIONS}?state=pending"), Some(&admin)).await;
    assert_eq!(names(&waiting), ["5", "4", "2", "1"]);
    let found = world.get(&format!("{APPLICATIONS}?search=SAM4%40"), Some(&admin)).await;
    assert_eq!(names(&found), ["4"]);
    assert!(names(&world.get(&format!("{APPLICATIONS}?search=%25"), Some(&admin)).await).is_empty());
}

#[tokio::test]
async fn one_network_cannot_fill_the_list() {
    let world = World::new().await;
    for n in 1..=20 {
        apply(&world, n).await.expect(200);
    }
    let refused = apply(&world, 21).await.expect(429);
    assert_eq!(refused.code(), "rate_limited");
    assert!(refused.body["retry_after_ms"].as_u64().expect("a wait") > 0);
    // What is refused on the form alone costs nothing, and nothing is told of the limit before it is right.
    let mut wrong = application(22);
    wrong["name"] = "".into();
    world.post("/api/v1/reseller/signup", None, &wrong).await.expect(422);
    world.clock.set(START.plus_ms(3_600_000));
    apply(&world, 21).await.expect(200);
}

#[tokio::test]
async fn a_rate_holds_from_its_moment_and_what_was_before_stays() {
    let world = World::new().await;
    let admin = world.staff_token(StaffRole::Admin).await;
    let reseller = world.add_reseller("shop", None).await;
    let rates = format!("/api/v1/admin/resellers/{reseller}/rates");
    let rate_at = async |at: Timestamp| {
        commission::rate_at(&mut world.app.reader().await.expect("reader"), reseller, at).await.expect("rate")
    };
    let fixed = |basis_points| CommissionRate::Fixed { basis_points };
    let set = |n: u128, rate: CommissionRate, from_day: Option<&str>| {
        let mut body = json!({ "rate_id": Uuid::from_u128(n), "rate": rate, "note": "agreed" });
        if let Some(day) = from_day {
            body["from_day"] = day.into();
        }
        body
    };
    assert_eq!(world.get(&rates, Some(&admin)).await.expect(200).text("/now/kind"), "by_tier");
    let first = set(1, fixed(2_000), None);
    world.post(&rates, Some(&admin), &first).await.expect(200);
    world.post(&rates, Some(&admin), &first).await.expect(200);
    assert_eq!(world.post(&rates, Some(&admin), &set(1, fixed(1), None)).await.expect(409).code(), "id_reused");
    let december =
        world.post(&rates, Some(&admin), &set(2, CommissionRate::ByTier, Some("2026-12-01"))).await.expect(200);
    assert_eq!(december.body.pointer("/now/basis_points"), Some(&json!(2_000)));
    // Midnight in Berlin, not in UTC.
    let begins = Timestamp(1_796_079_600_000);
    assert_eq!(december.body.pointer("/history/0/valid_from"), Some(&json!(begins.0)));
    world.clock.set(begins.plus_ms(1));
    let admin = world.staff_token(StaffRole::Admin).await;
    world.post(&rates, Some(&admin), &set(3, fixed(500), None)).await.expect(200);
    for (at, rate) in [
        (START.plus_ms(-1), CommissionRate::ByTier),
        (START, fixed(2_000)),
        (begins.plus_ms(-1), fixed(2_000)),
        (begins, CommissionRate::ByTier),
        (begins.plus_ms(1), fixed(500)),
    ] {
        assert_eq!(rate_at(at).await, rate, "{at:?}");
    }
    for (day, rate) in [(Some("2026-12-01"), fixed(1)), (Some("tomorrow"), fixed(1)), (None, fixed(10_001))] {
        let refused = world.post(&rates, Some(&admin), &set(9, rate, day)).await.expect(422);
        assert_eq!(refused.code(), "validation_failed");
    }
    let history = world.get(&rates, Some(&admin)).await.expect(200);
    assert_eq!(history.body["history"].as_array().expect("history").len(), 3);
    assert_eq!(history.text("/history/0/set_by"), "staff-admin");
}

#[tokio::test]
async fn an_approval_begins_a_rate_and_no_rate_is_ever_changed() {
    let (world, admin) = applied().await;
    world.post(&format!("{}/approve", one(1)), Some(&admin), &approval(50, "corner")).await.expect(200);
    let reseller = ResellerId(Uuid::from_u128(50));
    let mut reader = world.app.reader().await.expect("reader");
    let now = commission::rate_at(&mut reader, reseller, START).await.expect("rate");
    assert_eq!(now, CommissionRate::Fixed { basis_points: 2_000 });
    drop(reader);
    for change in ["UPDATE reseller_rate SET rate_bp = 1", "DELETE FROM reseller_rate"] {
        let mut tx = world.app.transaction().await.expect("transaction");
        assert!(sqlx::query(change).execute(&mut *tx).await.is_err(), "{change}");
    }
    assert_eq!(count(&world, "SELECT COUNT(*) FROM reseller_rate WHERE rate_bp = 2000").await, 1);
}
