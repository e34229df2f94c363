//! Another plan for what is left of service: for one account and for many, on its portal and on another.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{AccountId, BulkId, PlanChangeId, PlanId, PortalId, PriceId, SubscriptionId};
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_stalker_fake::{FakePortal, Fault, Planned, Setup};
use serde_json::{Value, json};

use super::bulk::{Desk, all, counts};
use super::desk::fund;
use super::portals::Served;
use super::proof::prove;
use super::world::{Answer, START, World, foreign};
use crate::engine::run_bulk_once;

async fn change(desk: &Desk, account: &str, plan: PlanId) -> Answer {
    let body = json!({ "plan_change_id": desk.mint::<PlanChangeId>(), "plan_id": plan });
    desk.post("admin", &format!("/{account}/plan"), &body).await
}

/// A shop's customer with a month, made by the shop itself.
async fn customer(world: &World, token: &str, plan: PlanId, username: &str) -> String {
    let body = json!({ "account_id": mint::<AccountId>(world.app.now()), "plan_id": plan, "username": username });
    let made = world.post("/api/v1/reseller/accounts", Some(token), &body).await.expect(200);
    made.text("/account/account_id")
}

#[tokio::test]
async fn another_plan_costs_nothing_keeps_the_last_day_and_stands_on_the_portal_and_in_the_history() {
    let served = Served::with(Setup::ministra()).await;
    let (world, [month, quarter]) = (served.world(), served.shop.plans);
    let both = json!([{ "plan_id": month, "tariff": "T2" }, { "plan_id": quarter, "tariff": "T1" }]);
    served.edit(|portal| portal["plans"] = both).await.expect(200);
    let token = world.token("reseller", "shop").await;
    let account = customer(world, &token, month, "anna").await;
    served.provision().await;
    assert_eq!(served.user("anna").tariff_plan_id, 2);
    let paid = served.shop.balance().await.available;

    // Later than the creation: the history is told by time.
    world.clock.advance_ms(1_000);
    let path = format!("/api/v1/reseller/accounts/{account}/plan");
    let asked = json!({ "plan_change_id": mint::<PlanChangeId>(world.app.now()), "plan_id": quarter });
    let changed = world.post(&path, Some(&token), &asked).await.expect(200).body;
    let told = (&changed["plan_name"], &changed["last_day"], &changed["version"]);
    assert_eq!(told, (&json!("Quarter"), &json!("2026-12-21"), &json!(2)));
    assert_eq!(served.shop.balance().await.available, paid);
    // A repeat is answered and changes nothing; something else under the same id is not done.
    assert_eq!(world.post(&path, Some(&token), &asked).await.expect(200).body, changed);
    let mut other = asked.clone();
    other["plan_id"] = json!(month);
    assert_eq!(world.post(&path, Some(&token), &other).await.expect(409).code(), "id_reused");
    served.provision().await;
    let user = served.user("anna");
    assert_eq!((user.tariff_plan_id, user.off), (1, false));

    let history = format!("/api/v1/reseller/accounts/{account}/history");
    let newest = world.get(&history, Some(&token)).await.expect(200).body["items"][0].clone();
    assert_eq!((&newest["action"], newest.get("cost")), (&json!("account.change_plan"), None));
    let line = json!({ "field": "plan_name", "before": "Month", "after": "Quarter" });
    assert_eq!(newest["changes"], json!([line]));
    prove(world).await;
}

/// What a dry run of all accounts says of portals.
async fn moves_of_all(served: &Served, operation: Value) -> Value {
    let (world, staff) = (served.world(), served.token().await);
    let bulk: BulkId = mint(world.app.now());
    let body = json!({ "bulk_id": bulk, "operation": operation, "targets": all() });
    world.post("/api/v1/admin/accounts/bulk", Some(&staff), &body).await.expect(200);
    run_bulk_once(&world.app).await;
    let told = world.get(&format!("/api/v1/admin/accounts/bulk/{bulk}"), Some(&staff)).await.expect(200).body;
    assert_eq!(told["bulk"]["planned"], 1);
    told["moves"].clone()
}

#[tokio::test]
async fn a_plan_of_another_portal_moves_the_account_there() {
    let served = Served::with(Setup::ministra()).await;
    let (world, [month, quarter]) = (served.world(), served.shop.plans);
    let second = FakePortal::start(Setup::ministra()).await;
    {
        let state = &mut *second.state();
        state.tables.add_reseller("Corner Shop", "0", state.now);
    }
    let id: PortalId = mint(world.app.now());
    let mut settings = served.settings();
    settings["portal_id"] = json!(id);
    settings["name"] = json!("Second portal");
    settings["address"] = json!(second.origin());
    settings["plans"] = json!([{ "plan_id": quarter, "tariff": "T2" }]);
    served.create(&settings).await.expect(200);
    let probe = format!("/api/v1/admin/portals/{id}/probe");
    world.post(&probe, Some(&served.token().await), &json!({})).await.expect(200);
    world.add_reseller("stranger", None).await;
    let token = world.token("reseller", "shop").await;
    let account = customer(world, &token, month, "anna").await;
    served.provision().await;
    assert!(second.state().tables.user("anna").is_none());

    // Whoever asks is told both names before, and after the change the new one.
    let portals = format!("/api/v1/reseller/accounts/{account}/portals");
    let told = world.get(&portals, Some(&token)).await.expect(200);
    let (first, there) = (told.text("/now"), settings["name"].as_str().expect("a name"));
    let serving = |plan| {
        let plans = told.body["plans"].as_array().expect("plans");
        plans.iter().find(|one| one["plan_id"] == json!(plan)).map(|one| one["portal"].clone())
    };
    assert_eq!((serving(month), serving(quarter)), (Some(json!(first)), Some(json!(there))));
    let stranger = world.token("reseller", "stranger").await;
    world.get(&portals, Some(&stranger)).await.expect(404);

    let operation = json!({ "kind": "plan_change", "plan_id": quarter });
    let moved = json!([{ "from": first, "to": there, "accounts": 1 }]);
    assert_eq!(moves_of_all(&served, operation).await, moved);
    let operation = json!({ "kind": "extend", "service": { "days": 1 } });
    assert_eq!(moves_of_all(&served, operation).await, Value::Null, "only another plan moves accounts");

    let path = format!("/api/v1/reseller/accounts/{account}/plan");
    let asked = json!({ "plan_change_id": mint::<PlanChangeId>(world.app.now()), "plan_id": quarter });
    world.post(&path, Some(&token), &asked).await.expect(200);
    assert_eq!(world.get(&portals, Some(&token)).await.expect(200).text("/now"), there);
    // It is served where it was for as long as the other portal is away.
    second.plan(Planned::always(Fault::DatabaseDown));
    served.provision().await;
    served.wait_ms(60_000).await;
    assert!(!served.user("anna").off, "nobody is cut off for that");
    second.heal();
    for _ in 0..3 {
        served.wait_ms(20 * 60_000).await;
    }
    assert!(served.user("anna").off, "switched off where it was");
    // What is bought since does not bring it back there.
    let token = world.token("reseller", "shop").await;
    let more = json!({ "subscription_id": mint::<SubscriptionId>(world.app.now()), "service": { "days": 1 } });
    world.post(&format!("/api/v1/reseller/accounts/{account}/extend"), Some(&token), &more).await.expect(200);
    served.provision().await;
    assert!(served.user("anna").off, "and it stays off there");
    let there = second.state().tables.user("anna").cloned().expect("opened there");
    assert_eq!((there.off, there.end_date.as_deref()), (false, Some("2026-12-23 00:00:00")));
}

#[tokio::test]
async fn what_an_account_cannot_have_is_refused_with_what_to_do() {
    let desk = Desk::with_credits(1_000).await;
    let [month, quarter] = desk.shop.plans;
    let anna = desk.customer("anna").await;
    let refused = change(&desk, &anna, month).await.expect(422);
    assert!(refused.text("/fields/0/message").contains("already"), "{}", refused.body);
    assert_eq!(change(&desk, &anna, PlanId(foreign())).await.expect(422).text("/fields/0/field"), "plan_id");
    let forbid = json!({ "price_id": mint::<PriceId>(START), "allowed": false, "note": "" });
    let list = format!("/api/v1/admin/resellers/{}/prices/{quarter}", desk.shop.reseller);
    desk.world().post(&list, Some(&desk.staff), &forbid).await.expect(200);
    let refused = change(&desk, &anna, quarter).await.expect(422);
    assert!(refused.text("/fields/0/message").contains("price list"), "{}", refused.body);

    // What cost nothing is not carried over, and nobody gets it twice.
    let week = json!({ "plan_id": desk.mint::<PlanId>(), "name": "Week", "kind": "custom",
        "price": { "value": 0, "unit": "EUR" }, "term_days": 7, "features": [], "status": "active", "trials_a_month": 3 });
    let made = desk.world().post("/api/v1/admin/plans", Some(&desk.staff), &week).await.expect(200);
    let trial: PlanId = made.text("/plan_id").parse().expect("an id");
    let refused = change(&desk, &anna, trial).await.expect(422);
    assert!(refused.text("/fields/0/message").contains("trial"), "{}", refused.body);
    let boris = json!({ "account_id": desk.mint::<AccountId>(), "reseller_id": desk.shop.reseller, "plan_id": trial });
    let boris = desk.post("admin", "", &boris).await.expect(200).text("/account/account_id");
    let refused = change(&desk, &boris, month).await.expect(409);
    assert_eq!((refused.code(), refused.text("/detail").contains("Extend it")), ("wrong_state", true));

    desk.post("admin", &format!("/{anna}/archive"), &json!({ "reason": "moved away" })).await.expect(200);
    assert_eq!(change(&desk, &anna, month).await.expect(409).code(), "wrong_state");
    desk.post("admin", &format!("/{}/plan", foreign()), &json!({ "plan_change_id": foreign(), "plan_id": month }))
        .await
        .expect(404);
    prove(desk.world()).await;
}

#[tokio::test]
async fn a_shop_needs_the_grant_to_extend_and_who_pays_prices_pays_the_new_one_next_time() {
    let desk = Desk::with_credits(0).await;
    let [month, quarter] = desk.shop.plans;
    let share = desk.world().add_reseller_of(desk.world().operator, "share", None, SettlementMode::Share).await;
    fund(desk.world(), share, 5_000).await;
    let token = desk.world().token("reseller", "share").await;
    let anna = customer(desk.world(), &token, month, "anna").await;
    let path = format!("/api/v1/reseller/accounts/{anna}");
    let asked = json!({ "plan_change_id": desk.mint::<PlanChangeId>(), "plan_id": quarter });
    desk.world().post(&format!("{path}/plan"), Some(&token), &asked).await.expect(200);
    let more = json!({ "subscription_id": desk.mint::<SubscriptionId>(), "service": { "plan": quarter } });
    let extended = desk.world().post(&format!("{path}/extend"), Some(&token), &more).await.expect(200);
    assert_eq!(extended.body["cost"], json!({ "value": 2_500, "unit": "EUR" }));

    // Another shop reaches it no more than if there were none; and editing alone is not enough.
    let own = json!({ "plan_change_id": desk.mint::<PlanChangeId>(), "plan_id": month });
    assert_eq!(desk.post("reseller", &format!("/{anna}/plan"), &own).await.expect(404).code(), "not_found");
    desk.allow(&[Grant::EditAccounts, Grant::ViewAccounts]).await;
    let refused = desk.post("reseller", &format!("/{anna}/plan"), &own).await.expect(403);
    assert_eq!((refused.code(), refused.text("/detail").contains("administrator")), ("not_granted", true));
    prove(desk.world()).await;
}

#[tokio::test]
async fn many_get_another_plan_and_come_back_unless_service_was_sold_since() {
    let desk = Desk::with_credits(1_000).await;
    let [month, quarter] = desk.shop.plans;
    let (anna, boris) = (desk.customer("anna").await, desk.customer("boris").await);
    let (carla, dora) = (desk.customer("carla").await, desk.customer("dora").await);
    change(&desk, &dora, quarter).await.expect(200);
    let operation = json!({ "kind": "plan_change", "plan_id": quarter });
    let bulk = desk.plan("admin", operation.clone(), all()).await;
    let planned = desk.bulk("admin", bulk).await;
    assert_eq!((counts(&planned), &planned["cost"]), ([3, 1, 0, 0, 0], &json!([])));
    let rows = desk.rows("admin", bulk, "").await;
    assert_eq!((&rows[0]["plan_name"], rows[0].get("new_last_day")), (&json!("Month"), None));
    assert!(rows[3]["refusal"]["detail"].as_str().expect("words").contains("already"), "{}", rows[3]);
    assert_eq!(desk.account(&anna).await["plan_id"], json!(month), "nothing happened yet");

    let done = desk.act("admin", bulk, "run").await;
    assert_eq!((counts(&done), &done["undoable"]), ([0, 1, 3, 0, 0], &json!(3)));
    assert_eq!(desk.account(&anna).await["plan_id"], json!(quarter));
    // One is sold more service on its new plan, and one is edited.
    let more = json!({ "subscription_id": desk.mint::<SubscriptionId>(), "service": { "days": 5 } });
    desk.post("admin", &format!("/{boris}/extend"), &more).await.expect(200);
    let edit = json!({ "version": 2, "notes": "third floor", "max_connections": 1 });
    let path = format!("/api/v1/admin/accounts/{carla}");
    desk.world().put(&path, Some(&desk.staff), &edit).await.expect(200);
    let undone = desk.act("admin", bulk, "undo").await;
    assert_eq!((&undone["state"], counts(&undone)), (&json!("undone"), [0, 1, 0, 1, 2]));
    let back = desk.account(&anna).await;
    assert_eq!((&back["plan_id"], &back["last_day"]), (&json!(month), &json!("2026-12-21")));
    for stays in [&boris, &carla, &dora] {
        assert_eq!(desk.account(stays).await["plan_id"], json!(quarter));
    }
    assert_eq!(desk.available().await, 1_000 - 4 * 30 - 5);

    desk.allow(&[Grant::BulkOperations, Grant::EditAccounts, Grant::ViewAccounts]).await;
    let asked =
        |operation: Value| json!({ "bulk_id": desk.mint::<BulkId>(), "operation": operation, "targets": all() });
    assert_eq!(desk.post("reseller", "/bulk", &asked(operation)).await.expect(403).code(), "not_granted");
    let none = asked(json!({ "kind": "plan_change", "plan_id": foreign() }));
    assert_eq!(desk.post("admin", "/bulk", &none).await.expect(422).text("/fields/0/field"), "plan_id");
    prove(desk.world()).await;
}
