//! What opens an account: its own, and only until it is given anew. And who is shown it again.

use std::collections::BTreeSet;

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::AccountId;
use counterfoil_domain::permission::{MemberRole, StaffRole};
use serde_json::{Value, json};
use uuid::Uuid;

use super::accounts::allow;
use super::desk::{Shop, redeem};
use super::world::{Answer, PASSWORD};
use crate::engine::audit::Actor;
use crate::engine::members;

const ACCOUNTS: &str = "/api/v1/reseller/accounts";
const CODES: &str = "/api/v1/reseller/codes";

/// Somebody else of the same shop.
async fn clerk(shop: &Shop) -> String {
    let (world, password) = (&shop.world, PASSWORD.to_owned());
    let (operator, reseller, role) = (world.operator, shop.reseller, MemberRole::Clerk);
    members::add(&world.app, operator, &Actor::system(), reseller, "clara", password, role).await.expect("a clerk");
    world.token("reseller", "clara").await
}

#[tokio::test]
async fn each_account_has_a_password_and_a_token_of_its_own() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    let owner = world.token("reseller", "shop").await;
    let (mut passwords, mut tokens) = (BTreeSet::new(), BTreeSet::new());
    let mut keep = |shown: &Answer| {
        let (password, token) = (shown.text("/password"), shown.text("/token"));
        assert!(!password.is_empty() && (1..=64).contains(&token.len()), "{token}");
        assert!(passwords.insert(password) && tokens.insert(token), "nobody else has these");
    };
    let mut last = None;
    for name in ["anna", "berta", "carla"] {
        world.clock.advance_ms(1);
        let id: AccountId = mint(world.app.now());
        let body = json!({ "account_id": id, "plan_id": shop.plans[0], "username": name });
        let made = world.post(ACCOUNTS, Some(&owner), &body).await.expect(200);
        keep(&made);
        last = Some(made);
    }
    // A new one takes the place of the old one, which opens nothing any more.
    let made = last.expect("the last of three");
    let page =
        async |shown: &Answer| world.get(&format!("/api/v1/public/subscriptions/{}", shown.text("/token")), None).await;
    assert_eq!(page(&made).await.expect(200).text("/username"), "carla");
    let path = format!("{ACCOUNTS}/{}/reset-token", made.text("/account/account_id"));
    let reset = world.post(&path, Some(&owner), &json!({})).await.expect(200);
    keep(&reset);
    page(&made).await.expect(404);
    assert_eq!(page(&reset).await.expect(200).text("/username"), "carla");
}

#[tokio::test]
async fn what_opens_an_account_is_shown_again_to_whoever_made_it_until_it_is_given_anew_or_away() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    let beside = world.add_reseller("beside", None).await;
    let (owner, clerk) = (world.token("reseller", "shop").await, clerk(&shop).await);
    let admin = world.staff_token(StaffRole::Admin).await;
    let make = async |token: &str, n: u128| {
        let body = json!({ "account_id": Uuid::from_u128(n), "plan_id": shop.plans[0] });
        world.post(ACCOUNTS, Some(token), &body).await
    };
    for n in [1, 2, 3] {
        let made = make(&owner, n).await.expect(200);
        assert_eq!(make(&owner, n).await.expect(200).body, made.body);
        // Its id is in everybody's list.
        assert_eq!(make(&clerk, n).await.expect(409).code(), "id_reused");
    }
    let at = |n: u128, what: &str| format!("/api/v1/admin/accounts/{}/{what}", Uuid::from_u128(n));
    world.post(&at(1, "reset-token"), Some(&admin), &Value::Null).await.expect(200);
    assert_eq!(make(&owner, 1).await.expect(409).code(), "wrong_state");
    let moved = json!({ "reseller_id": beside, "reason": "The customer moved" });
    world.post(&at(2, "transfer"), Some(&admin), &moved).await.expect(200);
    assert_eq!(make(&owner, 2).await.expect(409).code(), "id_reused");
    world.post(&at(3, "archive"), Some(&admin), &json!({ "reason": "Gone" })).await.expect(200);
    assert_eq!(make(&owner, 3).await.expect(409).code(), "wrong_state");
}

#[tokio::test]
async fn a_used_code_shows_what_it_opened_until_that_is_given_anew() {
    let shop = Shop::with_credits(1_000).await;
    let lease = shop.desk.lease(&shop.world, 365).await;
    let opened = redeem(&shop.world, &lease.code(0, 1), 1).await.expect(200);
    let again = redeem(&shop.world, &lease.code(0, 1), 1).await.expect(200);
    assert!(!opened.text("/password").is_empty());
    assert_eq!(again.text("/password"), opened.text("/password"));
    let owner = shop.world.token("reseller", "shop").await;
    let path = format!("{ACCOUNTS}/{}/reset-token", opened.text("/account_id"));
    shop.world.post(&path, Some(&owner), &json!({})).await.expect(200);
    let later = redeem(&shop.world, &lease.code(0, 1), 1).await.expect(200);
    assert_eq!((later.body.get("password"), later.body.get("token")), (None, None), "{}", later.body);
    assert_eq!(later.body["repeated"], true);
}

#[tokio::test]
async fn a_whole_code_is_shown_again_to_whoever_made_it_and_to_nobody_else() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    allow(world, shop.reseller, &[Grant::BulkOperations], None).await;
    let (owner, clerk) = (world.token("reseller", "shop").await, clerk(&shop).await);
    let support = world.staff_token(StaffRole::Support).await;
    let code = |id: &str| json!({ "code_id": id, "plan_id": shop.plans[0] });
    let own = Uuid::from_u128(1).to_string();
    let made = world.post(CODES, Some(&owner), &code(&own)).await.expect(200);
    assert_eq!(world.post(CODES, Some(&owner), &code(&own)).await.expect(200).text("/code"), made.text("/code"));
    assert_eq!(world.post(CODES, Some(&clerk), &code(&own)).await.expect(409).code(), "id_reused");

    let staffs = Uuid::from_u128(2).to_string();
    let mut body = code(&staffs);
    body["reseller_id"] = json!(shop.reseller);
    world.post("/api/v1/admin/codes", Some(&support), &body).await.expect(200);
    assert_eq!(world.post(CODES, Some(&owner), &code(&staffs)).await.expect(409).code(), "id_reused");

    // Those of a lot have a way of their own, on which looking is audited.
    let lot = json!({ "lot_id": Uuid::from_u128(3), "plan_id": shop.plans[0], "count": 2, "label": "Counter" });
    let lot = world.post("/api/v1/reseller/lots", Some(&owner), &lot).await.expect(200);
    let of_lot = lot.text("/codes/0/row/code_id");
    assert!(!of_lot.is_empty(), "{}", lot.body);
    assert_eq!(world.post(CODES, Some(&owner), &code(&of_lot)).await.expect(409).code(), "id_reused");
}
