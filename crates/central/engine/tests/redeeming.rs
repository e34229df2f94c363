//! The public routes: what a person with a code is told, and what a guesser gets.

use counterfoil_domain::code::{CURRENT_LIST, Prefix, SourceKey, derive_code};
use counterfoil_domain::permission::StaffRole;
use serde_json::json;

use super::desk::{Shop, outcomes, redeem};
use super::proof::{count, prove};
use super::world::START;

/// Well-formed codes that nobody made.
fn guess(number: u32) -> String {
    let prefix = Prefix::new("PM2D").expect("prefix");
    let source = counterfoil_domain::code::SourceId([0; 16]);
    derive_code(&SourceKey::from_bytes([0; 32]), source, &prefix, 0, number, CURRENT_LIST).reveal()
}

#[tokio::test]
async fn a_slip_of_the_finger_is_told_and_costs_nothing() {
    let shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    let code = lease.code(0, 1);
    let wrong = if code.ends_with('0') { '1' } else { '0' };
    let one_wrong = format!("{}{wrong}", &code[..code.len() - 1]);
    for (typed, says) in
        [(one_wrong.as_str(), "One symbol is wrong"), ("PM2D-123", "too short"), ("PM2D-****-0000-0000", "Symbol 5")]
    {
        let refused = redeem(&shop.world, typed, 1).await.expect(422);
        assert_eq!(refused.code(), "code_mistyped");
        assert!(refused.text("/detail").contains(says), "{}", refused.text("/detail"));
    }
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM rate_window WHERE bucket LIKE 'miss/%'").await, 0);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM activation_attempt").await, 0);
    // Fifty slips later the right code still works.
    for _ in 0..50 {
        redeem(&shop.world, &one_wrong, 1).await.expect(422);
    }
    redeem(&shop.world, &code, 1).await.expect(200);
}

#[tokio::test]
async fn guessing_is_stopped_for_an_account_and_for_a_network() {
    let shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    for number in 1..=5 {
        assert_eq!(redeem(&shop.world, &guess(number), 1).await.expect(404).code(), "code_unknown");
    }
    let refused = redeem(&shop.world, &guess(6), 1).await.expect(429);
    assert_eq!(refused.code(), "rate_limited");
    assert!(refused.headers.contains_key("retry-after") && refused.body["retry_after_ms"].as_u64() > Some(0));
    // Another account goes on, until the network has had enough.
    for number in 7..=31 {
        let account = u8::try_from(number).expect("account");
        redeem(&shop.world, &guess(number), account).await.expect(404);
    }
    redeem(&shop.world, &guess(32), 32).await.expect(429);
    redeem(&shop.world, &lease.code(0, 1), 33).await.expect(429);
    let looked = shop.world.get(&format!("/api/v1/public/codes/{}", guess(33)), None).await;
    assert_eq!(looked.expect(429).code(), "rate_limited");
    shop.world.clock.set(START.plus_ms(3_600_001));
    redeem(&shop.world, &lease.code(0, 1), 33).await.expect(200);
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM activation_attempt WHERE outcome = 'unknown'").await, 30);
    prove(&shop.world).await;
}

#[tokio::test]
async fn voided_revoked_and_held_codes_say_what_to_do() {
    let mut shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    shop.desk.sell(&lease, 0, 1, 4);
    shop.desk.void(&lease, 1);
    assert_eq!(outcomes(&shop.desk.push(&shop.world).await), ["applied", "applied"]);
    let support = shop.world.staff_token(StaffRole::Support).await;
    let listed = shop.world.get("/api/v1/admin/codes", Some(&support)).await.expect(200);
    let id_of = |seq: u32| {
        let rows = listed.body["items"].as_array().expect("rows");
        rows.iter().find(|row| row["seq"] == seq).and_then(|row| row["code_id"].as_str()).expect("id").to_owned()
    };
    let change = async |seq: u32, what: &str| {
        let path = format!("/api/v1/admin/codes/{}/{what}", id_of(seq));
        shop.world.post(&path, Some(&support), &json!({ "reason": "asked by the shop" })).await
    };
    change(2, "revoke").await.expect(200);
    change(3, "hold").await.expect(200);
    for (seq, code, state) in
        [(1, "code_revoked", "withdrawn"), (2, "code_revoked", "withdrawn"), (3, "code_held", "held")]
    {
        let refused = redeem(&shop.world, &lease.code(0, seq), 1).await.expect(409);
        assert_eq!(refused.code(), code);
        assert!(refused.text("/detail").contains("shop"));
        let public = shop.world.get(&format!("/api/v1/public/codes/{}", lease.code(0, seq)), None).await.expect(200);
        assert_eq!(public.text("/state"), state);
    }
    // A code a person held had settled: letting it pass posts nothing twice.
    change(3, "approve").await.expect(200);
    redeem(&shop.world, &lease.code(0, 3), 1).await.expect(200);
    assert_eq!(change(3, "void").await.expect(409).code(), "already_activated");
    change(4, "void").await.expect(200);
    assert_eq!(change(4, "void").await.expect(409).code(), "already_voided");
    let books = shop.balance().await;
    assert_eq!((books.available, books.reserved, books.spent), (695, 245, 60));
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_suspended_account_keeps_the_code_for_another() {
    let shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    redeem(&shop.world, &lease.code(0, 1), 1).await.expect(200);
    let mut tx = shop.world.app.transaction().await.expect("transaction");
    sqlx::query("UPDATE account SET status = 'suspended'").execute(&mut *tx).await.expect("suspended");
    tx.commit().await.expect("commit");
    let refused = redeem(&shop.world, &lease.code(0, 2), 1).await.expect(409);
    assert_eq!(refused.code(), "wrong_state");
    redeem(&shop.world, &lease.code(0, 2), 2).await.expect(200);
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_code_made_online_costs_the_wallet_and_redeems_like_any() {
    let shop = Shop::with_credits(40).await;
    let token = shop.world.token("reseller", "shop").await;
    let body = json!({ "code_id": uuid::Uuid::from_bytes([4; 16]), "plan_id": shop.plans[0] });
    let made = shop.world.post("/api/v1/reseller/codes", Some(&token), &body).await.expect(200);
    let again = shop.world.post("/api/v1/reseller/codes", Some(&token), &body).await.expect(200);
    assert_eq!(made.text("/code"), again.text("/code"));
    let other = json!({ "code_id": uuid::Uuid::from_bytes([5; 16]), "plan_id": shop.plans[0] });
    let refused = shop.world.post("/api/v1/reseller/codes", Some(&token), &other).await.expect(409);
    assert_eq!(
        refused.text("/detail"),
        "You need 30 credits to create this code, but you only have 10. Buy more credits or choose a shorter plan."
    );
    redeem(&shop.world, &made.text("/code"), 1).await.expect(200);
    assert_eq!(redeem(&shop.world, &made.text("/code"), 2).await.expect(409).code(), "already_activated");
    assert_eq!(shop.balance().await.spent, 30);
    prove(&shop.world).await;
}

#[tokio::test]
async fn codes_are_found_by_serial_address_state_and_whole_and_counted_by_state() {
    let shop = Shop::with_credits(1_000).await;
    let (world, reseller) = (&shop.world, shop.reseller);
    let owner = world.token("reseller", "shop").await;
    let support = world.staff_token(StaffRole::Support).await;
    let make = async |number: u8, email: Option<&str>| {
        world.clock.advance_ms(1);
        let mut body = json!({ "code_id": uuid::Uuid::from_bytes([number; 16]), "plan_id": shop.plans[0] });
        if let Some(email) = email {
            body["customer_email"] = json!(email);
        }
        world.post("/api/v1/reseller/codes", Some(&owner), &body).await.expect(200)
    };
    let [first, used, withdrawn] = [make(1, Some("Ada@Example.org")).await, make(2, None).await, make(3, None).await];
    redeem(world, &used.text("/code"), 1).await.expect(200);
    let revoke = format!("/api/v1/admin/codes/{}/revoke", withdrawn.text("/row/code_id"));
    world.post(&revoke, Some(&support), &json!({ "reason": "a test" })).await.expect(200);

    world.add_reseller("beside", None).await;
    let other = world.token("reseller", "beside").await;
    let found = async |audience: &str, token: &str, query: &str| -> Vec<String> {
        let page = world.get(&format!("/api/v1/{audience}/codes?{query}"), Some(token)).await.expect(200).body;
        let rows = page["items"].as_array().expect("rows");
        rows.iter().map(|row| row["serial"].as_str().expect("a serial").to_owned()).collect()
    };
    let serials = [&first, &used, &withdrawn].map(|made| made.text("/row/serial"));
    for (query, expected) in [
        (String::new(), vec![2, 1, 0]),
        (format!("search={}", serials[1]), vec![1]),
        ("search=ADA@example.org".to_owned(), vec![0]),
        (format!("search={}", used.text("/code")), vec![1]),
        (format!("search={}", guess(1)), vec![]),
        ("state=activated".to_owned(), vec![1]),
        ("state=revoked".to_owned(), vec![2]),
        (format!("reseller_id={reseller}&state=sold"), vec![0]),
    ] {
        let expected: Vec<String> = expected.into_iter().map(|at: usize| serials[at].clone()).collect();
        assert_eq!(found("admin", &support, &query).await, expected, "staff, {query}");
        assert_eq!(found("reseller", &owner, &query).await, expected, "the shop, {query}");
    }
    assert!(found("reseller", &other, &format!("search={}", serials[0])).await.is_empty());

    let counted = world.get("/api/v1/admin/codes/stats", Some(&support)).await.expect(200).body;
    let of = |state: &str| {
        let states = counted["by_state"].as_array().expect("states");
        states.iter().find(|one| one["state"] == state).map(|one| one["count"].clone())
    };
    assert_eq!(counted["total"], 3);
    assert_eq!(["sold", "activated", "revoked"].map(of), [Some(json!(1)), Some(json!(1)), Some(json!(1))]);
}

#[tokio::test]
async fn voiding_a_code_that_waits_gives_nothing_back() {
    let mut shop = Shop::with_credits(60).await;
    let lease = shop.desk.lease(&shop.world, 60).await;
    shop.desk.sell(&lease, 0, 1, 3);
    assert_eq!(outcomes(&shop.desk.push(&shop.world).await), ["held no_credit"]);
    shop.desk.void(&lease, 3);
    assert_eq!(outcomes(&shop.desk.push(&shop.world).await), ["applied"]);
    let books = shop.balance().await;
    assert_eq!((books.available, books.reserved, books.spent), (0, 0, 60));
    assert_eq!(super::desk::fund(&shop.world, shop.reseller, 100).await, 0);
    assert_eq!(redeem(&shop.world, &lease.code(0, 3), 1).await.expect(409).code(), "code_revoked");
    prove(&shop.world).await;
}

#[tokio::test]
async fn who_had_to_wait_for_the_shop_is_shown_the_password_with_the_first_service() {
    let mut shop = Shop::with_credits(60).await;
    let lease = shop.desk.lease(&shop.world, 60).await;
    shop.desk.sell(&lease, 0, 1, 2);
    assert_eq!(outcomes(&shop.desk.push(&shop.world).await), ["applied"]);
    // The account is opened, and nobody is told what opens it.
    assert_eq!(redeem(&shop.world, &lease.code(0, 3), 7).await.expect(409).code(), "code_held");
    // Whoever tries it again under another id opens no other.
    for account in 8..12 {
        assert_eq!(redeem(&shop.world, &lease.code(0, 3), account).await.expect(409).code(), "code_held");
    }
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM account").await, 1);
    assert_eq!(super::desk::fund(&shop.world, shop.reseller, 30).await, 1);
    let first = redeem(&shop.world, &lease.code(0, 3), 7).await.expect(200);
    assert_eq!(first.body["repeated"], false);
    assert!(!first.text("/password").is_empty() && !first.text("/token").is_empty(), "{}", first.body);
    let again = redeem(&shop.world, &lease.code(0, 3), 7).await.expect(200);
    assert_eq!((&again.body["repeated"], &again.body["password"]), (&json!(true), &first.body["password"]));
    // The next code extends what the first one opened.
    let second = redeem(&shop.world, &lease.code(0, 1), 7).await.expect(200);
    assert_eq!(second.body["account_id"], first.body["account_id"]);
    assert!(second.body.get("password").is_none() && second.body.get("token").is_none(), "{}", second.body);
    prove(&shop.world).await;
}

#[tokio::test]
async fn a_code_that_the_next_credit_lets_pass_is_not_said_to_be_held() {
    let mut shop = Shop::with_credits(60).await;
    let lease = shop.desk.lease(&shop.world, 60).await;
    shop.desk.sell(&lease, 0, 1, 3);
    assert_eq!(outcomes(&shop.desk.push(&shop.world).await), ["held no_credit"]);
    let support = shop.world.staff_token(StaffRole::Support).await;
    let waiting = shop.world.get("/api/v1/admin/codes?state=held", Some(&support)).await.expect(200);
    let change = async |what: &str| {
        let path = format!("/api/v1/admin/codes/{}/{what}", waiting.text("/items/0/code_id"));
        shop.world.post(&path, Some(&support), &json!({ "reason": "the card was stolen" })).await
    };
    assert_eq!(change("hold").await.expect(409).code(), "wrong_state");
    change("void").await.expect(200);
    assert_eq!(super::desk::fund(&shop.world, shop.reseller, 100).await, 0);
    assert_eq!(redeem(&shop.world, &lease.code(0, 3), 1).await.expect(409).code(), "code_revoked");
    prove(&shop.world).await;
}
