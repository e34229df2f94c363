//! Accounts that people make and keep: what they cost, who may, and what stands on the portal.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{AccountId, ResellerId, SubscriptionId};
use counterfoil_domain::permission::{MemberRole, StaffRole};
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_stalker_fake::Setup;
use serde_json::{Value, json};

use super::desk::{Shop, fund};
use super::portals::Served;
use super::proof::{count, prove};
use super::world::{Answer, PASSWORD, START, World, foreign};
use crate::engine::audit::Actor;
use crate::engine::members;

const DAY_MS: i64 = 86_400_000;

/// Someone who signed in as staff or for a shop.
struct Hand<'a> {
    world: &'a World,
    audience: &'static str,
    token: String,
}

impl<'a> Hand<'a> {
    async fn of(world: &'a World, username: &str) -> Self {
        Self { world, audience: "reseller", token: world.token("reseller", username).await }
    }

    async fn staff(world: &'a World, role: StaffRole) -> Self {
        Self { world, audience: "admin", token: world.staff_token(role).await }
    }

    async fn get(&self, path: &str) -> Answer {
        self.world.get(&format!("/api/v1/{}/accounts{path}", self.audience), Some(&self.token)).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        self.world.post(&format!("/api/v1/{}/accounts{path}", self.audience), Some(&self.token), body).await
    }

    async fn put(&self, path: &str, body: &Value) -> Answer {
        self.world.put(&format!("/api/v1/{}/accounts{path}", self.audience), Some(&self.token), body).await
    }

    async fn create(&self, shop: &Shop, change: impl FnOnce(&mut Value)) -> Answer {
        let mut body = json!({ "account_id": new(self.world), "plan_id": shop.plans[0] });
        change(&mut body);
        self.post("", &body).await
    }

    /// A customer with a month; its id.
    async fn customer(&self, shop: &Shop, username: &str) -> String {
        let made = self.create(shop, |body| body["username"] = json!(username)).await.expect(200);
        made.text("/account/account_id")
    }

    async fn extend(&self, account: &str, service: Value) -> Answer {
        let id: SubscriptionId = mint(self.world.app.now());
        self.post(&format!("/{account}/extend"), &json!({ "subscription_id": id, "service": service })).await
    }

    async fn names(&self, query: &str) -> Vec<String> {
        let page = self.get(query).await.expect(200).body;
        let items = page["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|one| one["username"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

fn new(world: &World) -> AccountId {
    world.clock.advance_ms(1);
    mint(world.app.now())
}

/// Lets a shop do exactly this.
pub(super) async fn allow(world: &World, reseller: ResellerId, grants: &[Grant], max_accounts: Option<u32>) {
    let token = world.staff_token(StaffRole::Admin).await;
    let path = format!("/api/v1/admin/resellers/{reseller}/permissions");
    let version = world.get(&path, Some(&token)).await.expect(200).body["version"].clone();
    let mut permissions = json!({ "grants": grants, "max_connections": 3 });
    if let Some(most) = max_accounts {
        permissions["max_accounts"] = json!(most);
    }
    world.put(&path, Some(&token), &json!({ "version": version, "permissions": permissions })).await.expect(200);
}

async fn available(shop: &Shop) -> i64 {
    shop.balance().await.available
}

#[tokio::test]
async fn an_account_is_made_once_paid_once_and_stands_on_the_portal_with_its_owner() {
    let served = Served::with(Setup::ministra()).await;
    let (world, shop) = (served.world(), &served.shop);
    let hand = Hand::of(world, "shop").await;
    let id = new(world);
    let asked = json!({ "account_id": id, "plan_id": shop.plans[0], "username": "anna.b", "email": " Anna@Example.org ",
        "mac": "00-1a-79-0b-2c-3d", "notes": "Second floor", "max_connections": 2 });
    let made = hand.post("", &asked).await.expect(200).body;
    let account = &made["account"];
    assert_eq!((&account["username"], &account["email"]), (&json!("anna.b"), &json!("anna@example.org")));
    assert_eq!((&account["mac"], &account["status"]), (&json!("00:1A:79:0B:2C:3D"), &json!("active")));
    assert_eq!((&account["last_day"], &account["max_connections"]), (&json!("2026-12-21"), &json!(2)));
    assert_eq!(made["cost"], json!({ "value": 30, "unit": "credits" }));
    assert_eq!(available(shop).await, 10_000 - 30);
    // A repeat is answered alike; something else under the same id is not.
    assert_eq!(hand.post("", &asked).await.expect(200).body, made);
    let mut other = asked.clone();
    other["plan_id"] = json!(shop.plans[1]);
    assert_eq!(hand.post("", &other).await.expect(409).code(), "id_reused");
    assert_eq!(available(shop).await, 10_000 - 30);

    served.provision().await;
    let user = served.user("anna.b");
    assert_eq!(Some(user.password.as_str()), made["password"].as_str());
    assert_eq!((user.reseller_id, user.mac.as_str(), user.off), (1, "00:1A:79:0B:2C:3D", false));
    assert_eq!(user.end_date.as_deref(), Some("2026-12-22 00:00:00"));
    // The token opens the customer's own page.
    let token = made["token"].as_str().expect("a token");
    let own = world.get(&format!("/api/v1/public/subscriptions/{token}"), None).await.expect(200);
    assert_eq!((own.text("/username"), own.text("/status")), ("anna.b".into(), "active".into()));
    // An edit keeps the owner; a box that was changed on the portal stays.
    served.change("anna.b", |user| user.mac = "00:1A:79:0B:2C:FF".into());
    let edit = json!({ "version": 1, "mac": "00:1A:79:0B:2C:3D", "notes": "Third floor", "max_connections": 1 });
    let path = format!("/{id}");
    let edited = hand.put(&path, &edit).await.expect(200).body;
    assert_eq!((&edited["version"], edited.get("email")), (&json!(2), None));
    assert_eq!(hand.put(&path, &edit).await.expect(409).code(), "conflict");
    hand.extend(&id.to_string(), json!({ "days": 1 })).await.expect(200);
    served.provision().await;
    let user = served.user("anna.b");
    assert_eq!((user.reseller_id, user.mac.as_str()), (1, "00:1A:79:0B:2C:FF"));
    assert_eq!(user.end_date.as_deref(), Some("2026-12-23 00:00:00"));
    // Another box, said here, goes to the portal.
    let edit = json!({ "version": 2, "mac": "001A790B2CAA", "notes": "", "max_connections": 1 });
    hand.put(&path, &edit).await.expect(200);
    served.provision().await;
    assert_eq!(served.user("anna.b").mac, "00:1A:79:0B:2C:AA");
    assert_eq!(served.sync().await["state"], "done");
    assert_eq!(served.report().await["counts"]["differs"], 0, "a look finds nothing to repair");
    prove(world).await;
}

#[tokio::test]
async fn without_credit_nothing_is_made_and_the_answer_says_what_to_do() {
    let shop = Shop::with_credits(15).await;
    let hand = Hand::of(&shop.world, "shop").await;
    let refused = hand.create(&shop, |_| {}).await.expect(409);
    let sentence = "You need 30 credits to create this account, but you only have 15. Buy more credits or choose a \
                    shorter period.";
    assert_eq!((refused.code(), refused.text("/detail")), ("insufficient_credit", sentence.to_owned()));
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM account").await, 0);
    fund(&shop.world, shop.reseller, 15).await;
    let account = hand.customer(&shop, "anna").await;
    assert_eq!(available(&shop).await, 0);
    assert_eq!(hand.extend(&account, json!({ "days": 1 })).await.expect(409).code(), "insufficient_credit");
    prove(&shop.world).await;
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_what_is_taken_by_its_name() {
    let shop = Shop::with_credits(1_000).await;
    let hand = Hand::of(&shop.world, "shop").await;
    let wrong = |body: &mut Value| {
        body["username"] = json!("Anna B");
        body["email"] = json!("nobody");
        body["mac"] = json!("00:1A:79");
        body["notes"] = json!("x".repeat(501));
        body["max_connections"] = json!(4);
        body["plan_id"] = json!(foreign());
    };
    let refused = hand.create(&shop, wrong).await.expect(422).body;
    let fields: Vec<_> = refused["fields"].as_array().expect("fields").iter().map(|field| &field["field"]).collect();
    assert_eq!(fields, ["username", "email", "mac", "notes", "max_connections"]);
    let plan = hand.create(&shop, |body| body["plan_id"] = json!(foreign())).await.expect(422);
    assert_eq!(plan.body["fields"][0]["field"], "plan_id");
    hand.create(&shop, |body| {
        body["username"] = json!("anna");
        body["mac"] = json!("00:1A:79:00:00:01");
    })
    .await
    .expect(200);
    let taken = hand.create(&shop, |body| body["username"] = json!("anna")).await.expect(409);
    assert_eq!(taken.code(), "username_taken");
    let taken = hand.create(&shop, |body| body["mac"] = json!("001A79000001")).await.expect(409);
    assert_eq!(taken.code(), "mac_taken");
    assert_eq!(hand.create(&shop, |body| body["gift"] = json!(true)).await.expect(422).code(), "validation_failed");
    assert_eq!(available(&shop).await, 1_000 - 30);
    prove(&shop.world).await;
}

#[tokio::test]
async fn service_is_extended_from_the_later_of_now_and_the_end_and_charged_once() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    let hand = Hand::of(world, "shop").await;
    let account = hand.customer(&shop, "anna").await;
    let id: SubscriptionId = mint(world.app.now());
    let asked = json!({ "subscription_id": id, "service": { "plan": shop.plans[1] } });
    let path = format!("/{account}/extend");
    let first = hand.post(&path, &asked).await.expect(200).body;
    assert_eq!((&first["account"]["last_day"], &first["cost"]["value"]), (&json!("2027-03-21"), &json!(90)));
    assert_eq!(first["account"]["plan_name"], "Quarter");
    let again = hand.post(&path, &asked).await.expect(200).body;
    assert_eq!((&again["repeated"], &again["account"]), (&json!(true), &first["account"]));
    let other = hand.customer(&shop, "berta").await;
    assert_eq!(hand.post(&format!("/{other}/extend"), &asked).await.expect(409).code(), "id_reused");
    assert_eq!(available(&shop).await, 1_000 - 30 - 90 - 30);
    // Long after its end, from today.
    world.clock.set(START.plus_ms(200 * DAY_MS));
    let hand = Hand::of(world, "shop").await;
    assert_eq!(hand.get(&format!("/{account}")).await.expect(200).text("/status"), "expired");
    let later = hand.extend(&account, json!({ "days": 10 })).await.expect(200);
    assert_eq!(
        (later.text("/account/last_day"), later.text("/account/status")),
        ("2027-06-19".into(), "active".into())
    );
    assert_eq!(hand.extend(&account, json!({ "days": 0 })).await.expect(422).body["fields"][0]["field"], "service");
    prove(world).await;
}

#[tokio::test]
async fn a_share_reseller_pays_a_plans_price_and_never_days() {
    let shop = Shop::with_credits(0).await;
    let world = &shop.world;
    let share = world.add_reseller_of(world.operator, "share", None, SettlementMode::Share).await;
    fund(world, share, 5_000).await;
    let hand = Hand::of(world, "share").await;
    let made = hand.create(&shop, |_| {}).await.expect(200);
    assert_eq!(made.body["cost"], json!({ "value": 1_000, "unit": "EUR" }));
    let account = made.text("/account/account_id");
    assert_eq!(hand.extend(&account, json!({ "days": 5 })).await.expect(422).code(), "validation_failed");
    let plan = hand.extend(&account, json!({ "plan": shop.plans[1] })).await.expect(200);
    assert_eq!(plan.body["cost"]["value"], 2_500);
    prove(world).await;
}

#[tokio::test]
async fn accounts_are_switched_off_and_on_and_out_of_use_and_their_portal_follows() {
    let served = Served::with(Setup::ministra()).await;
    let (world, shop) = (served.world(), &served.shop);
    let hand = Hand::of(world, "shop").await;
    let account = hand.customer(shop, "anna").await;
    served.provision().await;
    let suspend = format!("/{account}/suspend");
    assert_eq!(hand.post(&suspend, &json!({ "reason": " " })).await.expect(422).code(), "validation_failed");
    let off = hand.post(&suspend, &json!({ "reason": "Has not paid" })).await.expect(200);
    assert_eq!(off.text("/status"), "suspended");
    served.provision().await;
    assert!(served.user("anna").off);
    // More service does not switch it on; a person does.
    hand.extend(&account, json!({ "days": 3 })).await.expect(200);
    served.provision().await;
    assert!(served.user("anna").off);
    let on = hand.post(&format!("/{account}/activate"), &json!({})).await.expect(200);
    assert_eq!((on.text("/status"), on.text("/last_day")), ("active".into(), "2026-12-24".into()));
    served.provision().await;
    assert!(!served.user("anna").off);
    let activate = hand.post(&format!("/{account}/activate"), &json!({})).await;
    assert_eq!(activate.expect(200).text("/status"), "active", "what is so already is answered");

    let old = served.user("anna").password;
    let reset = hand.post(&format!("/{account}/reset-token"), &json!({})).await.expect(200);
    served.provision().await;
    assert_eq!(served.user("anna").password, reset.text("/password"));
    assert_ne!(old, reset.text("/password"));

    let archive = format!("/{account}/archive");
    assert_eq!(hand.post(&archive, &json!({ "reason": "Moved away" })).await.expect(403).code(), "not_granted");
    let staff = Hand::staff(world, StaffRole::Support).await;
    let archived = staff.post(&archive, &json!({ "reason": "Moved away" })).await.expect(200);
    assert_eq!(archived.text("/status"), "archived");
    served.provision().await;
    assert!(served.user("anna").off);
    for (path, body) in [("activate", json!({})), ("suspend", json!({ "reason": "again" })), ("reset-token", json!({}))]
    {
        assert_eq!(hand.post(&format!("/{account}/{path}"), &body).await.expect(409).code(), "wrong_state", "{path}");
    }
    assert_eq!(hand.extend(&account, json!({ "days": 3 })).await.expect(409).code(), "wrong_state");
    prove(world).await;
}

#[tokio::test]
async fn the_operator_decides_what_a_shop_may_and_how_much() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    let hand = Hand::of(world, "shop").await;
    let account = hand.customer(&shop, "anna").await;
    allow(world, shop.reseller, &[Grant::ViewAccounts], None).await;
    let tries = [
        ("", json!({ "account_id": new(world), "plan_id": shop.plans[0] })),
        ("/extend", json!({ "subscription_id": foreign(), "service": { "days": 1 } })),
        ("/suspend", json!({ "reason": "a test" })),
        ("/reset-token", json!({})),
    ];
    for (action, body) in &tries {
        let path = if action.is_empty() { String::new() } else { format!("/{account}{action}") };
        let refused = hand.post(&path, body).await.expect(403);
        assert_eq!(refused.code(), "not_granted", "{action}");
        assert!(refused.text("/detail").contains("An administrator of the operator can allow it."), "{action}");
    }
    allow(world, shop.reseller, &[], None).await;
    assert_eq!(hand.get("").await.expect(403).code(), "not_granted");
    // As many as it may have, and not one more; an archived one makes room.
    allow(world, shop.reseller, Grant::ALL, Some(2)).await;
    hand.customer(&shop, "berta").await;
    let refused = hand.create(&shop, |_| {}).await.expect(409);
    assert_eq!(refused.code(), "account_limit");
    assert!(refused.text("/detail").starts_with("You have reached your maximum account limit (2)."));
    let token = Some(hand.token.as_str());
    let own = world.get("/api/v1/reseller/permissions", token).await.expect(200).body;
    assert_eq!((&own["accounts"], &own["permissions"]["max_accounts"]), (&json!(2), &json!(2)));
    hand.post(&format!("/{account}/archive"), &json!({ "reason": "Moved away" })).await.expect(200);
    hand.customer(&shop, "carla").await;
    // Staff have no such limits.
    let staff = Hand::staff(world, StaffRole::Admin).await;
    let more = staff.create(&shop, |body| {
        body["reseller_id"] = json!(shop.reseller);
        body["max_connections"] = json!(9);
    });
    more.await.expect(200);
    prove(world).await;
}

#[tokio::test]
async fn a_role_does_what_it_may_and_only_who_moves_credits_gives_service_away() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    let add = members::add;
    let (boss, agent) = (Actor::system(), MemberRole::FieldAgent);
    add(&world.app, world.operator, &boss, shop.reseller, "agent", PASSWORD.into(), agent).await.expect("a member");
    let agent = Hand::of(world, "agent").await;
    let account = agent.customer(&shop, "anna").await;
    let edit = json!({ "version": 1, "notes": "", "max_connections": 1 });
    assert_eq!(agent.put(&format!("/{account}"), &edit).await.expect(403).code(), "not_permitted");

    let before = available(&shop).await;
    let gift = json!({ "subscription_id": foreign(), "service": { "days": 7 }, "gift": true });
    let path = format!("/{account}/extend");
    let support = Hand::staff(world, StaffRole::Support).await;
    assert_eq!(support.post(&path, &gift).await.expect(403).code(), "not_permitted");
    let boss = Hand::staff(world, StaffRole::Admin).await;
    let given = boss.post(&path, &gift).await.expect(200).body;
    assert_eq!((given.get("cost"), &given["account"]["last_day"]), (None, &json!("2026-12-28")));
    assert_eq!(available(&shop).await, before);
    // Staff who are not giving take it from the reseller's wallet.
    support.extend(&account, json!({ "days": 7 })).await.expect(200);
    assert_eq!(available(&shop).await, before - 7);
    prove(world).await;
}

#[tokio::test]
async fn a_shop_sees_its_own_accounts_and_those_below_and_a_transfer_moves_one() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    let below = world.add_reseller("below", Some(shop.reseller)).await;
    let beside = world.add_reseller("beside", None).await;
    fund(world, below, 100).await;
    let (top, low) = (Hand::of(world, "shop").await, Hand::of(world, "below").await);
    let other = Hand::of(world, "beside").await;
    let mine = top.customer(&shop, "anna").await;
    let theirs = low.customer(&shop, "berta").await;
    assert_eq!(top.names("").await, ["anna"]);
    assert_eq!(top.names(&format!("?reseller_id={below}")).await, ["berta"]);
    assert_eq!(top.get(&format!("/{theirs}")).await.expect(200).text("/username"), "berta");
    assert_eq!(low.get(&format!("?reseller_id={}", shop.reseller)).await.expect(404).code(), "not_found");
    for path in [format!("/{mine}"), format!("/{mine}/history")] {
        assert_eq!(low.get(&path).await.expect(404).code(), "not_found");
        assert_eq!(other.get(&path).await.expect(404).code(), "not_found");
    }
    assert_eq!(low.extend(&mine, json!({ "days": 1 })).await.expect(404).code(), "not_found");

    let staff = Hand::staff(world, StaffRole::Admin).await;
    let transfer = json!({ "reseller_id": beside, "reason": "The shop closed" });
    let path = format!("/{mine}/transfer");
    let moved = staff.post(&path, &transfer).await.expect(200);
    assert_eq!((moved.text("/reseller_id"), moved.text("/last_day")), (beside.to_string(), "2026-12-21".into()));
    assert_eq!(staff.post(&path, &transfer).await.expect(422).body["fields"][0]["field"], "reseller_id");
    assert_eq!((top.names("").await, other.names("").await), (vec![], vec!["anna".to_owned()]));
    // Its new owner reads what was before, without the names of people it does not know.
    let history = other.get(&format!("/{mine}/history")).await.expect(200).body;
    let events = history["items"].as_array().expect("events");
    let told: Vec<_> = events.iter().map(|one| (&one["action"], &one["by"], one.get("by_name"))).collect();
    let expected = [("account.transfer", "staff"), ("account.create", "member")];
    assert_eq!(told, expected.map(|(action, by)| (json!(action), json!(by))).each_ref().map(|(a, b)| (a, b, None)));
    assert_eq!(events[0]["reason"], "The shop closed");
    prove(world).await;
}

#[tokio::test]
async fn accounts_are_found_by_name_address_and_state_page_by_page() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    let hand = Hand::of(world, "shop").await;
    for (name, email, mac) in [
        ("anna", "a@example.org", "001A79000001"),
        ("anton", "b@example.org", "001A79000002"),
        ("berta", "an@x.org", ""),
    ] {
        let made = hand.create(&shop, |body| {
            body["username"] = json!(name);
            body["email"] = json!(email);
            body["mac"] = json!(mac);
        });
        made.await.expect(200);
    }
    let staff = Hand::staff(world, StaffRole::Auditor).await;
    for hand in [&hand, &staff] {
        assert_eq!(hand.names("").await, ["anna", "anton", "berta"]);
        assert_eq!(hand.names("?search=AN").await, ["anna", "anton"]);
        assert_eq!(hand.names("?search=an@x.org").await, ["berta"]);
        assert_eq!(hand.names("?search=00:1a:79:00:00:02").await, ["anton"]);
        assert_eq!(hand.names("?search=nobody").await, Vec::<String>::new());
        assert_eq!(hand.names("?status=suspended").await, Vec::<String>::new());
        let first = hand.get("?limit=2&search=an").await.expect(200).body;
        assert!(first.get("next").is_none(), "{first}");
        let first = hand.get("?limit=2").await.expect(200).body;
        let next = first["next"].as_str().expect("another page");
        assert_eq!(hand.names(&format!("?limit=2&after={next}")).await, ["berta"]);
    }
    world.clock.set(START.plus_ms(40 * DAY_MS));
    let hand = Hand::of(world, "shop").await;
    assert_eq!(hand.names("?status=expired").await, ["anna", "anton", "berta"]);
    assert_eq!(hand.names("?status=active").await, Vec::<String>::new());
    assert_eq!(staff_code(world, "/api/v1/admin/accounts?status=wrong").await, "malformed");
}

async fn staff_code(world: &World, path: &str) -> String {
    let token = world.staff_token(StaffRole::Admin).await;
    world.get(path, Some(&token)).await.code().to_owned()
}

#[tokio::test]
async fn all_that_happened_to_an_account_is_told_the_newest_first() {
    let shop = Shop::with_credits(10_000).await;
    let world = &shop.world;
    let hand = Hand::of(world, "shop").await;
    let account = hand.customer(&shop, "anna").await;
    let step = || world.clock.advance_ms(1_000);
    step();
    let edit = json!({ "version": 1, "email": "anna@example.org", "notes": "", "max_connections": 3 });
    hand.put(&format!("/{account}"), &edit).await.expect(200);
    step();
    hand.extend(&account, json!({ "plan": shop.plans[1] })).await.expect(200);
    step();
    hand.post(&format!("/{account}/suspend"), &json!({ "reason": "Has not paid" })).await.expect(200);
    let page = async |query: String| hand.get(&format!("/{account}/history{query}")).await.expect(200).body;
    let all = page(String::new()).await;
    let events = all["items"].as_array().expect("events").clone();
    let actions: Vec<_> = events.iter().map(|event| event["action"].as_str().unwrap_or_default()).collect();
    assert_eq!(actions, ["account.suspend", "account.extend", "account.edit", "account.create"]);
    assert!(events.iter().all(|event| event["by_name"] == "shop"), "{events:?}");
    assert_eq!(events[0]["reason"], "Has not paid");
    assert_eq!(events[0]["changes"], json!([{ "field": "status", "before": "active", "after": "suspended" }]));
    assert_eq!((&events[1]["cost"]["value"], &events[1]["last_day"]), (&json!(90), &json!("2027-03-21")));
    assert_eq!(
        events[2]["changes"],
        json!([{ "field": "email", "after": "anna@example.org" },
            { "field": "max_connections", "before": "1", "after": "3" }])
    );
    assert_eq!((&events[3]["plan_name"], &events[3]["cost"]["value"]), (&json!("Month"), &json!(30)));
    let first = page("?limit=3".into()).await;
    let next = first["next"].as_str().expect("another page").to_owned();
    let last = page(format!("?limit=3&after={next}")).await;
    assert_eq!(last["items"], json!([events[3]]));
    // A code that a customer used is told too.
    let stock = shop.desk.lease(world, 365).await;
    let redeemed = shop.redeem(&stock.code(0, 1), 7).await.expect(200).body;
    let id = redeemed["account_id"].as_str().expect("an id");
    let told = hand.get(&format!("/{id}/history")).await.expect(200).body;
    assert_eq!((&told["items"][0]["action"], &told["items"][0]["by"]), (&json!("code.redeem"), &json!("customer")));
    assert!(told["items"][0]["serial"].as_str().is_some_and(|serial| serial.contains('-')), "{told}");
}
