//! API keys: shown once, let in where they are for, refused at once when they should be, and named in what they did.

use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::tokens::token_hash;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::AccountId;
use counterfoil_domain::permission::{MemberRole, StaffRole};
use serde_json::{Value, json};
use uuid::Uuid;

use super::accounts::allow;
use super::desk::Shop;
use super::proof::{count, prove};
use super::routes::{Door, Route, all};
use super::world::{Answer, PASSWORD, START, World, call, foreign};
use crate::dialect::Db;
use crate::engine::audit::Actor;
use crate::engine::{console, members};

const KEYS: &str = "/api/v1/reseller/api-keys";
const ME: &str = "/api/v1/me";

fn asked(n: u128, name: &str, scopes: &[&str]) -> Value {
    json!({ "key_id": Uuid::from_u128(n), "name": name, "scopes": scopes })
}

fn at(n: u128) -> String {
    format!("{KEYS}/{}", Uuid::from_u128(n))
}

/// A shop that is allowed everything, and its owner.
struct Keys {
    shop: Shop,
    owner: String,
}

impl Keys {
    async fn new() -> Self {
        let shop = Shop::with_credits(1_000).await;
        allow(&shop.world, shop.reseller, Grant::ALL, None).await;
        let owner = shop.world.token("reseller", "shop").await;
        Self { shop, owner }
    }

    fn world(&self) -> &World {
        &self.shop.world
    }

    async fn ask(&self, body: &Value) -> Answer {
        self.world().post(KEYS, Some(&self.owner), body).await
    }

    /// The secret of a new key.
    async fn secret(&self, n: u128, scopes: &[&str]) -> String {
        self.ask(&asked(n, &format!("Key {n}"), scopes)).await.expect(200).text("/secret")
    }

    async fn revoke(&self, n: u128) -> Answer {
        call(&self.world().router, "DELETE", &at(n), Some(&self.owner), None).await
    }

    async fn listed(&self) -> Value {
        self.world().get(KEYS, Some(&self.owner)).await.expect(200).body
    }

    async fn me(&self, secret: &str) -> Answer {
        self.world().get(ME, Some(secret)).await
    }
}

#[tokio::test]
async fn a_key_is_shown_once_and_only_its_hash_is_kept() {
    let keys = Keys::new().await;
    let made = keys.ask(&asked(1, " Webshop ", &["sell", "read"])).await.expect(200);
    let secret = made.text("/secret");
    assert!(secret.starts_with(&made.text("/key/begins")) && secret.len() > 64, "{secret}");
    assert_eq!((made.text("/key/name"), made.text("/key/made_by")), ("Webshop".to_owned(), "shop".to_owned()));

    let me = keys.me(&secret).await.expect(200);
    assert_eq!((&me.body["username"], &me.body["role"]), (&json!("Webshop"), &json!("api_key")));
    assert_eq!(me.text("/user_id"), Uuid::from_u128(1).to_string());
    assert_eq!(me.text("/reseller_id"), keys.shop.reseller.to_string());

    let again = keys.ask(&asked(1, "Webshop", &["sell", "read"])).await.expect(409);
    assert_eq!(again.code(), "id_reused");
    let staff = keys.world().staff_token(StaffRole::SuperAdmin).await;
    let audit = keys.world().get("/api/v1/admin/audit?action=api_key.create", Some(&staff)).await.expect(200).body;
    assert_eq!(audit["items"][0]["subject_name"], "Webshop", "{audit}");
    for told in [keys.listed().await, audit, again.body] {
        assert!(!told.to_string().contains(&secret[13..40]), "{told}");
    }
    let mut reader = keys.world().app.reader().await.expect("reader");
    let stored = sqlx::query_scalar::<Db, Vec<u8>>("SELECT secret_hash FROM api_key").fetch_one(&mut *reader).await;
    assert_eq!(stored.expect("one key"), token_hash(&secret));
}

#[tokio::test]
async fn a_key_that_cannot_be_is_refused_with_what_is_wrong() {
    let keys = Keys::new().await;
    let mut past = asked(1, "Webshop", &["sell"]);
    past["expires_at"] = json!(START);
    for (body, field) in [
        (asked(1, "  ", &["sell"]), "name"),
        (asked(1, &"a".repeat(61), &["sell"]), "name"),
        (asked(1, "Webshop", &[]), "scopes"),
        (past, "expires_at"),
    ] {
        let refused = keys.ask(&body).await.expect(422);
        assert_eq!((refused.code(), refused.text("/fields/0/field")), ("validation_failed", field.to_owned()));
    }
    assert_eq!(keys.ask(&asked(1, "Webshop", &["everything"])).await.expect(400).code(), "malformed");
    keys.ask(&asked(1, "Webshop", &["sell"])).await.expect(200);
    let taken = keys.ask(&asked(2, "Webshop", &["read"])).await.expect(422);
    assert_eq!(taken.text("/fields/0/field"), "name");
    keys.revoke(1).await.expect(200);
    keys.ask(&asked(2, "Webshop", &["read"])).await.expect(200);
}

/// What a key for codes may do beyond looking things up.
const SELL: [(&str, &str); 2] = [("POST", "/api/v1/reseller/codes"), ("POST", "/api/v1/reseller/lots")];
/// What a key for accounts may.
const ACCOUNTS: [(&str, &str); 8] = [
    ("POST", "/api/v1/reseller/accounts"),
    ("PUT", "/api/v1/reseller/accounts/{id}"),
    ("POST", "/api/v1/reseller/accounts/{id}/extend"),
    ("POST", "/api/v1/reseller/accounts/{id}/plan"),
    ("POST", "/api/v1/reseller/accounts/{id}/suspend"),
    ("POST", "/api/v1/reseller/accounts/{id}/activate"),
    ("POST", "/api/v1/reseller/accounts/{id}/archive"),
    ("POST", "/api/v1/reseller/accounts/{id}/reset-token"),
];
/// What of the shop no key may look up: people and their machines, keys, the log, the brand, and what has passwords in it.
const CLOSED: [&str; 10] = [
    "/api/v1/reseller/accounts/bulk/{id}/created",
    "/api/v1/reseller/api-keys",
    "/api/v1/reseller/audit",
    "/api/v1/reseller/audit/file",
    "/api/v1/reseller/brand",
    "/api/v1/reseller/devices",
    "/api/v1/reseller/members",
    "/api/v1/reseller/notices",
    "/api/v1/reseller/payouts",
    "/api/v1/reseller/sub-resellers",
];

/// Whether a key for this is let in.
fn lets_in(route: &Route, scope: &str) -> bool {
    let this = (route.method, route.path);
    let asks = this == ("POST", "/api/v1/reseller/accounts/access") || this == ("GET", ME);
    let reads = route.method == "GET" && route.path.starts_with("/api/v1/reseller/") && !CLOSED.contains(&route.path);
    asks || reads || (scope == "sell" && SELL.contains(&this)) || (scope == "accounts" && ACCOUNTS.contains(&this))
}

#[tokio::test]
async fn every_route_lets_exactly_the_keys_in_that_are_for_it() {
    let keys = Keys::new().await;
    let id = foreign().to_string();
    let mut tried = 0;
    for (n, scope) in [(1, "read"), (2, "sell"), (3, "accounts")] {
        let secret = keys.secret(n, &[scope]).await;
        for route in all().iter().filter(|route| !matches!(route.door, Door::Public | Door::Device)) {
            // Slowly enough for the limit, which is another test's.
            keys.world().clock.advance_ms(250);
            let answer =
                call(&keys.world().router, route.method, &route.at(&id), Some(&secret), route.body.as_ref()).await;
            let refused = (answer.status.as_u16(), answer.code()) == (403, "api_key_scope");
            assert_eq!(!refused, lets_in(route, scope), "{scope} {route:?} {}", answer.body);
            assert!(refused || answer.status != 401, "{scope} {route:?} {}", answer.body);
            tried += 1;
        }
        keys.world().clock.set(START);
    }
    assert!(tried > 300, "{tried}");
    let both = keys.secret(4, &["sell", "accounts"]).await;
    for (_, path) in [SELL[0], ACCOUNTS[0]] {
        let answer = keys.world().post(path, Some(&both), &json!({})).await.expect(400);
        assert_eq!(answer.code(), "malformed", "let in, and then told what is missing");
    }
}

#[tokio::test]
async fn a_key_is_refused_from_the_moment_on_that_it_expires_or_is_revoked() {
    let keys = Keys::new().await;
    let mut body = asked(1, "For an hour", &["read"]);
    let ends = START.plus_ms(3_600_000);
    body["expires_at"] = json!(ends);
    let short = keys.ask(&body).await.expect(200).text("/secret");
    let long = keys.secret(2, &["read"]).await;
    keys.me(&long).await.expect(200);
    let revoked = keys.revoke(2).await.expect(200);
    assert_eq!((revoked.text("/revoked_by"), &revoked.body["revoked_at"]), ("shop".to_owned(), &json!(START)));
    let refused = keys.me(&long).await.expect(401);
    assert_eq!(refused.code(), "api_key_revoked");
    assert!(refused.text("/detail").contains("An owner of the shop can make a new one"), "{}", refused.body);

    keys.world().clock.advance_ms(1_000);
    let again = keys.revoke(2).await.expect(200);
    assert_eq!(again.body["revoked_at"], json!(START), "the first time counts");
    assert_eq!(count(keys.world(), "SELECT COUNT(*) FROM audit WHERE action = 'api_key.revoke'").await, 1);
    assert_eq!(keys.listed().await["items"].as_array().map(Vec::len), Some(2), "it stays in the list");

    keys.world().clock.set(ends.plus_ms(-1));
    keys.me(&short).await.expect(200);
    keys.world().clock.set(ends);
    let refused = keys.me(&short).await.expect(401);
    assert_eq!(refused.code(), "api_key_expired");
    assert!(refused.text("/detail").contains("An owner of the shop can make a new one"), "{}", refused.body);
}

#[tokio::test]
async fn a_key_ends_with_the_grant_and_with_the_shop() {
    let keys = Keys::new().await;
    let secret = keys.secret(1, &["read"]).await;
    let world = keys.world();
    allow(world, keys.shop.reseller, &[Grant::ViewAccounts], None).await;
    let refused = keys.me(&secret).await.expect(403);
    assert_eq!(refused.code(), "not_granted");
    assert!(refused.text("/detail").contains("An administrator of the operator can allow it."), "{}", refused.body);
    assert_eq!(keys.ask(&asked(2, "Other", &["read"])).await.expect(403).code(), "not_granted");
    assert_eq!(keys.listed().await["items"][0]["name"], "Key 1", "an owner can still look, and revoke");
    allow(world, keys.shop.reseller, Grant::ALL, None).await;
    keys.me(&secret).await.expect(200);

    let boss = world.staff_token(StaffRole::Admin).await;
    let path = format!("/api/v1/admin/resellers/{}", keys.shop.reseller);
    let mut reseller = world.get(&path, Some(&boss)).await.expect(200).body;
    for derived in ["balance", "reserved", "parent_company", "last_login_at"] {
        reseller.as_object_mut().expect("object").remove(derived);
    }
    reseller["credit_limit"] = json!(0);
    reseller["status"] = json!("suspended");
    world.put(&path, Some(&boss), &reseller).await.expect(200);
    assert_eq!(keys.me(&secret).await.expect(403).code(), "reseller_suspended");
}

#[tokio::test]
async fn a_shop_has_twenty_keys_and_not_one_more_of_two_at_once() {
    let keys = Keys::new().await;
    for n in 1..=19 {
        keys.secret(n, &["read"]).await;
    }
    let (one, other) = (asked(20, "One", &["read"]), asked(21, "Other", &["read"]));
    let (one, other) = tokio::join!(keys.ask(&one), keys.ask(&other));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let refused = keys.ask(&asked(22, "More", &["read"])).await.expect(409);
    assert_eq!(refused.code(), "api_key_limit");
    keys.revoke(7).await.expect(200);
    keys.secret(22, &["read"]).await;
}

#[tokio::test]
async fn the_last_use_is_known_to_the_minute() {
    let keys = Keys::new().await;
    let secret = keys.secret(1, &["read"]).await;
    assert_eq!(keys.listed().await["items"][0].get("last_used_at"), None);
    let mut seen = Vec::new();
    for _ in 0..4 {
        keys.me(&secret).await.expect(200);
        let listed = keys.listed().await;
        assert!(listed["items"][0]["last_used_from"].is_string(), "{listed}");
        seen.push(listed["items"][0]["last_used_at"].as_i64().expect("a moment") - START.0);
        keys.world().clock.advance_ms(25_000);
    }
    assert_eq!(seen, [0, 0, 0, 75_000]);
}

#[tokio::test]
async fn a_key_that_asks_too_often_waits_and_others_do_not() {
    let keys = Keys::new().await;
    let (busy, calm) = (keys.secret(1, &["read"]).await, keys.secret(2, &["read"]).await);
    keys.me(&busy).await.expect(200);
    let mut tx = keys.world().app.transaction().await.expect("a transaction");
    let most = "UPDATE rate_window SET hits = 299 WHERE bucket LIKE 'api-key/%'";
    sqlx::query::<Db>(most).execute(&mut *tx).await.expect("written");
    tx.commit().await.expect("commit");
    keys.me(&busy).await.expect(200);
    let refused = keys.me(&busy).await.expect(429);
    assert_eq!(refused.code(), "rate_limited");
    assert_eq!(refused.headers["retry-after"], "60");
    keys.me(&calm).await.expect(200);
    keys.world().clock.advance_ms(60_000);
    keys.me(&busy).await.expect(200);
}

#[tokio::test]
async fn what_a_key_does_is_told_by_its_name() {
    let keys = Keys::new().await;
    let world = keys.world();
    let secret = keys.ask(&asked(1, "Webshop", &["sell", "accounts"])).await.expect(200).text("/secret");
    let plan = keys.shop.plans[0];
    let code = json!({ "code_id": Uuid::from_u128(2), "plan_id": plan });
    let sold = world.post("/api/v1/reseller/codes", Some(&secret), &code).await.expect(200);
    let again = world.post("/api/v1/reseller/codes", Some(&secret), &code).await.expect(200);
    assert_eq!(sold.text("/code"), again.text("/code"), "a repeat is the same code");
    let account: AccountId = mint(START);
    let new = json!({ "account_id": account, "plan_id": plan });
    world.post("/api/v1/reseller/accounts", Some(&secret), &new).await.expect(200);
    let lot = json!({ "lot_id": Uuid::from_u128(3), "plan_id": plan, "count": 2, "label": "Web" });
    let made = world.post("/api/v1/reseller/lots", Some(&secret), &lot).await.expect(200);
    assert_eq!(made.text("/lot/made_by"), "API key Webshop", "{}", made.body);

    let staff = world.staff_token(StaffRole::Auditor).await;
    let lines = world.get("/api/v1/admin/audit?who=Webshop", Some(&staff)).await.expect(200).body;
    let told = |line: &Value| {
        assert_eq!((&line["actor"], &line["actor_name"]), (&json!("api_key"), &json!("Webshop")), "{line}");
        line["action"].as_str().unwrap_or_default().to_owned()
    };
    let mut actions: Vec<String> = lines["items"].as_array().expect("lines").iter().map(told).collect();
    actions.sort_unstable();
    assert_eq!(actions, ["account.create", "code.create", "lot.create"]);

    let history = format!("/api/v1/reseller/accounts/{account}/history");
    let history = world.get(&history, Some(&keys.owner)).await.expect(200);
    assert_eq!(history.text("/items/0/by_name"), "API key Webshop", "{}", history.body);
    let statement = world.get("/api/v1/reseller/credits", Some(&keys.owner)).await.expect(200).body;
    let entries = statement["entries"].as_array().expect("entries");
    let by_key = entries.iter().filter(|entry| entry["by"] == "API key Webshop").count();
    assert_eq!((by_key, entries.len()), (3, 4), "all but what the operator gave: {statement}");
    prove(world).await;
}

#[tokio::test]
async fn keys_are_their_owners_and_the_operators() {
    let keys = Keys::new().await;
    let world = keys.world();
    let secret = keys.secret(1, &["read"]).await;
    let other = world.add_reseller("other", None).await;
    allow(world, other, Grant::ALL, None).await;
    let stranger = world.token("reseller", "other").await;
    let foreign_key = call(&world.router, "DELETE", &at(1), Some(&stranger), None).await;
    assert_eq!(foreign_key.expect(404).code(), "not_found");
    let actor = Actor::system();
    members::add(
        &world.app,
        world.operator,
        &actor,
        keys.shop.reseller,
        "clerk",
        PASSWORD.to_owned(),
        MemberRole::Clerk,
    )
    .await
    .expect("member");
    let clerk = world.token("reseller", "clerk").await;
    assert_eq!(world.get(KEYS, Some(&clerk)).await.expect(403).code(), "not_permitted");

    let boss = world.staff_token(StaffRole::Admin).await;
    let of = |reseller| format!("/api/v1/admin/resellers/{reseller}/api-keys");
    let seen = world.get(&of(keys.shop.reseller), Some(&boss)).await.expect(200);
    assert_eq!(seen.text("/items/0/name"), "Key 1");
    let (id, router) = (Uuid::from_u128(1), &world.router);
    let wrong = call(router, "DELETE", &format!("{}/{id}", of(other)), Some(&boss), None).await;
    assert_eq!(wrong.expect(404).code(), "not_found");
    keys.me(&secret).await.expect(200);
    let ours = format!("{}/{id}", of(keys.shop.reseller));
    let auditor = world.staff_token(StaffRole::Auditor).await;
    call(router, "DELETE", &ours, Some(&auditor), None).await.expect(403);
    let revoked = call(router, "DELETE", &ours, Some(&boss), None).await.expect(200);
    assert_eq!(revoked.text("/revoked_by"), "staff-admin");
    assert_eq!(keys.me(&secret).await.expect(401).code(), "api_key_revoked");
    let own = keys.listed().await["items"][0].clone();
    assert_eq!((&own["revoked_by_staff"], own.get("revoked_by")), (&json!(true), None), "not who of the staff");
}

#[tokio::test]
async fn a_key_that_is_none_opens_nothing_and_says_why() {
    let keys = Keys::new().await;
    let secret = keys.secret(1, &["read"]).await;
    let cut = &secret[..secret.len() - 1];
    let refused = keys.me(cut).await.expect(401);
    assert_eq!(refused.code(), "not_signed_in");
    assert!(refused.text("/detail").contains("not whole"), "{}", refused.body);
    let unknown = counterfoil_central_platform::api_keys::new_key(mint(START));
    let refused = keys.me(&unknown).await.expect(401);
    assert_eq!(refused.code(), "not_signed_in");
    assert!(refused.text("/detail").contains("not known"), "{}", refused.body);
    assert!(!refused.body.to_string().contains(&unknown[13..40]), "{}", refused.body);
}

#[test]
fn the_document_names_the_keys_where_they_are_let_in() {
    let document = serde_json::to_value(crate::engine::openapi()).expect("JSON");
    assert_eq!(document["components"]["securitySchemes"]["api_key"]["scheme"], "bearer");
    for route in all().iter().filter(|route| !matches!(route.door, Door::Public | Door::Device)) {
        let security = &document["paths"][route.path][route.method.to_lowercase()]["security"];
        let named = security.as_array().is_some_and(|all| all.iter().any(|one| one.get("api_key").is_some()));
        let lets_in = ["read", "sell", "accounts"].iter().any(|scope| lets_in(route, scope));
        assert_eq!(named, lets_in, "{route:?} {security}");
    }
}

#[tokio::test]
async fn the_console_revokes_every_key_after_a_restore() {
    let keys = Keys::new().await;
    let secrets = [keys.secret(1, &["read"]).await, keys.secret(2, &["sell"]).await, keys.secret(3, &["read"]).await];
    keys.revoke(3).await.expect(200);
    let app = &keys.world().app;
    assert_eq!(console::count_api_keys(app).await.expect("counted"), 2);
    assert_eq!(console::revoke_api_keys(app).await.expect("revoked"), 2);
    for secret in &secrets {
        assert_eq!(keys.me(secret).await.expect(401).code(), "api_key_revoked");
    }
    let listed = keys.world().get(KEYS, Some(&keys.owner)).await.expect(200);
    let by: Vec<_> = (0..3).map(|n| listed.body["items"][n]["revoked_by_staff"].clone()).collect();
    assert_eq!(by.iter().filter(|by| **by == json!(true)).count(), 2, "{}", listed.body);
    assert_eq!(console::revoke_api_keys(app).await.expect("nothing more"), 0);
    assert_eq!(count(keys.world(), "SELECT COUNT(*) FROM audit WHERE action = 'api_key.revoke'").await, 3);
    assert_eq!(console::count_api_keys(app).await.expect("counted"), 0);
    prove(keys.world()).await;
}
