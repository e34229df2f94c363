//! What the dashboards tell beside sales: who was there, what comes in over and over, who left, what reached the portals.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::SubscriptionId;
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::time::Timestamp;
use counterfoil_stalker_fake::{Fault, Planned, Setup};
use serde_json::{Value, json};

use super::commission::DAY_MS;
use super::dashboard::{DECEMBER, customer, overview, own};
use super::desk::Shop;
use super::portals::Served;
use super::proof::{count, prove};
use super::world::{START, World};
use crate::engine::run_counting_once;

pub(super) async fn report(world: &World, report: &str) -> Value {
    run_counting_once(&world.app).await;
    let token = world.staff_token(StaffRole::Auditor).await;
    world.get(&format!("/api/v1/admin/reports/{report}"), Some(&token)).await.expect(200).body
}

/// Rows or totals with the values alone, as in the reports' own tests.
pub(super) fn plain(shown: &Value, part: &str) -> Value {
    let value = |cell: &Value| match cell.as_object().and_then(|cell| cell.values().next()) {
        Some(inner) => inner.get("value").unwrap_or(inner).clone(),
        None => Value::Null,
    };
    let row = |row: &Value| Value::from(row.as_array().expect("cells").iter().map(value).collect::<Vec<_>>());
    Value::from(shown[part].as_array().expect("rows").iter().map(row).collect::<Vec<_>>())
}

/// As a page of a list asks for it.
async fn told(world: &World, username: &str, account: &Value) -> Value {
    let token = world.token("reseller", username).await;
    let asked = json!({ "account_ids": [account] });
    world.post("/api/v1/reseller/accounts/access", Some(&token), &asked).await.expect(200).body
}

/// As the shop sees its account of this name.
async fn seen_at(served: &Served, login: &str) -> Option<i64> {
    let token = served.world().token("reseller", "shop").await;
    let path = format!("/api/v1/reseller/accounts?search={login}");
    let listed = served.world().get(&path, Some(&token)).await.expect(200).body["items"][0].clone();
    let path = format!("/api/v1/reseller/accounts/{}", listed["account_id"].as_str().expect("an id"));
    let one = served.world().get(&path, Some(&token)).await.expect(200).body;
    assert_eq!(one.get("last_access_at"), listed.get("last_access_at"), "the list and the account say the same");
    let many = told(served.world(), "shop", &listed["account_id"]).await;
    assert_eq!(many[0].get("last_access_at"), one.get("last_access_at"), "and so does a page of them");
    one.get("last_access_at").map(|at| at.as_i64().expect("a moment"))
}

async fn connected(served: &Served) -> (Value, Value) {
    let world = served.world();
    let (shop, all) = (own(world, "shop").await, overview(world).await);
    (shop["figures"]["connections"]["count"].clone(), all["figures"]["connections"]["count"].clone())
}

#[tokio::test]
async fn a_look_tells_when_accounts_were_there_and_is_no_news_for_any_device() {
    let served = Served::with(Setup::ministra()).await;
    let (anna, berta) = (served.customer(1).await, served.customer(2).await);
    let none = own(served.world(), "shop").await;
    assert_eq!(none["figures"].get("connections"), None, "nobody has looked");
    // Half past midnight in the portal's Berlin.
    served.change(&anna, |user| user.last_active = Some("2026-11-21 00:30:00".to_owned()));
    served.change(&berta, |user| user.online = true);
    let feed = "SELECT COALESCE(MAX(version), 0) FROM feed_row";
    let before = count(served.world(), feed).await;
    let looked_at = served.world().app.now();
    served.sync().await;
    assert_eq!(count(served.world(), feed).await, before);
    assert_eq!(seen_at(&served, &anna).await, Some(START.0 - 30 * 60_000));
    assert_eq!(seen_at(&served, &berta).await, None, "nothing tells when");
    assert_eq!(connected(&served).await, (json!(1), json!(1)));
    let as_of = own(served.world(), "shop").await["figures"]["connections"]["as_of"].as_i64().expect("a moment");
    assert!((looked_at.0..=served.world().app.now().0).contains(&as_of));

    // Another shop has none of them, and one that went is connected no more.
    served.world().add_reseller("beside", None).await;
    let path = format!("/api/v1/admin/accounts?search={anna}");
    let found = served.world().get(&path, Some(&served.token().await)).await.expect(200);
    assert_eq!(told(served.world(), "beside", &found.body["items"][0]["account_id"]).await, json!([]));
    assert_eq!(own(served.world(), "beside").await["figures"]["connections"]["count"], 0);
    served.change(&berta, |user| user.online = false);
    served.change(&anna, |user| user.last_active = Some("2026-11-21 00:59:00".to_owned()));
    served.sync().await;
    assert_eq!(seen_at(&served, &anna).await, Some(START.0 - 60_000));
    assert_eq!(connected(&served).await, (json!(1), json!(1)), "a minute ago is connected");
    // The first moment of two minutes ago is not, and a stamp of the future says that a clock is wrong.
    served.world().clock.advance_ms(60_000);
    served.change(&berta, |user| user.last_active = Some("2026-11-21 09:00:00".to_owned()));
    served.sync().await;
    assert_eq!(connected(&served).await, (json!(0), json!(0)));
    assert_eq!(seen_at(&served, &berta).await, None);
    prove(served.world()).await;
}

#[tokio::test]
async fn who_may_not_see_connections_is_told_none() {
    let served = Served::with(Setup::ministra()).await;
    let anna = served.customer(1).await;
    served.change(&anna, |user| user.online = true);
    served.sync().await;
    assert_eq!(connected(&served).await, (json!(1), json!(1)));
    let path = format!("/api/v1/admin/resellers/{}/permissions", served.shop.reseller);
    let less = json!({ "version": 0, "permissions": { "grants": ["view_statistics"], "max_connections": 3 } });
    served.world().put(&path, Some(&served.token().await), &less).await.expect(200);
    assert_eq!(connected(&served).await, (Value::Null, json!(1)), "the operator sees them all the same");
}

#[tokio::test]
async fn a_list_that_breaks_off_says_nothing_of_who_is_connected() {
    let served = Served::with(Setup::stalker()).await;
    let anna = served.customer(1).await;
    served.change(&anna, |user| user.online = true);
    served.sync().await;
    assert_eq!(connected(&served).await, (json!(1), json!(1)));
    served.change(&anna, |user| user.online = false);
    served.fake.plan(Planned::always(Fault::HalfAnswer).on("stb"));
    served.look().await;
    assert_eq!(connected(&served).await, (json!(1), json!(1)));
}

#[tokio::test]
async fn what_recurs_is_of_accounts_with_service_today_by_thirty_days_of_their_plans() {
    let shop = Shop::with_credits(2_000).await;
    let world = &shop.world;
    let anna = customer(world, "shop", shop.plans[0], "anna").await;
    customer(world, "shop", shop.plans[0], "berta").await;
    customer(world, "shop", shop.plans[1], "carla").await;
    let recurring =
        |shown: &Value| (shown["recurring"]["amount"]["value"].clone(), shown["recurring"]["accounts"].clone());
    // 10.00 for 30 days twice, and 25.00 for 90.
    assert_eq!(recurring(&overview(world).await), (json!(2_833), json!(3)));
    let staff = world.staff_token(StaffRole::SuperAdmin).await;
    let path = format!("/api/v1/admin/accounts/{anna}/suspend");
    world.post(&path, Some(&staff), &json!({ "reason": "a test" })).await.expect(200);
    assert_eq!(recurring(&overview(world).await), (json!(1_833), json!(2)));
    let shown = report(world, "recurring-revenue").await;
    let rows = json!([["Month", 1, 1_000, 30, 1_000], ["Quarter", 1, 2_500, 90, 833]]);
    assert_eq!(plain(&shown, "rows"), rows);
    assert_eq!(plain(&shown, "totals"), json!([[null, 2, null, null, 1_833]]));
    assert_eq!(shown.get("period"), None, "it is of now");
    // The day comes on which Berta has no service, and nothing is written.
    world.clock.set(START.plus_ms(31 * DAY_MS - 3_600_001));
    assert_eq!(recurring(&overview(world).await), (json!(1_833), json!(2)));
    world.clock.set(START.plus_ms(31 * DAY_MS - 3_600_000));
    assert_eq!(recurring(&overview(world).await), (json!(833), json!(1)));
}

async fn renew(shop: &Shop, account: &str) {
    let token = shop.world.token("reseller", "shop").await;
    let id: SubscriptionId = mint(shop.world.app.now());
    let body = json!({ "subscription_id": id, "service": { "plan": shop.plans[0] } });
    let path = format!("/api/v1/reseller/accounts/{account}/extend");
    shop.world.post(&path, Some(&token), &body).await.expect(200);
}

/// One o'clock in Berlin, so many days behind the 21st of November.
fn day(days: i64) -> Timestamp {
    START.plus_ms(days * DAY_MS)
}

#[tokio::test]
async fn who_is_not_renewed_within_seven_days_has_left_once_and_for_good() {
    let shop = Shop::with_credits(2_000).await;
    let world = &shop.world;
    // The last day of all three is the 21st of December.
    let mut ids = Vec::new();
    for name in ["ada", "bea", "cleo"] {
        ids.push(customer(world, "shop", shop.plans[0], name).await);
    }
    let months = "churn?start_date=2026-11-01&end_date=2026-12-31";
    let nothing = report(world, months).await;
    let rows = json!([["2026-11", null, 0, null], ["2026-12", null, null, null]]);
    assert_eq!(plain(&nothing, "rows"), rows);
    world.clock.set(DECEMBER);
    assert_eq!(plain(&report(world, months).await, "rows")[1], json!(["2026-12", 3, null, null]));
    // Bea is renewed on the last of the seven days.
    world.clock.set(day(37));
    renew(&shop, &ids[1]).await;
    assert_eq!(plain(&report(world, months).await, "rows")[1], json!(["2026-12", 3, 0, null]));
    world.clock.set(day(38).plus_ms(-3_600_000));
    assert_eq!(plain(&report(world, months).await, "rows")[1], json!(["2026-12", 3, 2, null]));
    // Who comes back later has been away.
    world.clock.set(day(39));
    renew(&shop, &ids[2]).await;
    assert_eq!(plain(&report(world, months).await, "rows")[1], json!(["2026-12", 3, 2, null]));
    assert_eq!(overview(world).await.get("churn"), None, "the month is not over");
    world.clock.set(day(49));
    let shown = report(world, months).await;
    assert_eq!(plain(&shown, "rows"), json!([["2026-11", null, 0, null], ["2026-12", 3, 2, 6_667]]));
    assert_eq!(plain(&shown, "totals"), json!([[null, null, 2, null]]));
    let churn = json!({ "month": "2026-12", "active": 3, "ended": 2, "rate": 6_667 });
    assert_eq!(overview(world).await["churn"], churn);
    // Counting again, by another process too, counts nobody twice.
    run_counting_once(&world.open_again().await.expect("another process")).await;
    assert_eq!(overview(world).await["churn"], churn);
    let theirs = world.other_operator().await;
    run_counting_once(&world.app).await;
    let mut moment = world.app.snapshot().await.expect("a moment");
    let none = crate::engine::dashboard::overview(&mut moment, theirs, world.app.now()).await.expect("figures");
    assert_eq!((none.churn, none.recurring.map(|recurring| recurring.accounts)), (None, Some(0)));
}

#[tokio::test]
async fn attempts_to_write_to_a_portal_are_counted_by_how_they_ended() {
    let served = Served::with(Setup::ministra()).await;
    assert_eq!(overview(served.world()).await.get("portal_writes"), None);
    served.fake.plan(Planned::always(Fault::DatabaseDown));
    served.bought(1).await;
    served.provision().await;
    assert_eq!(overview(served.world()).await["portal_writes"], json!({ "attempts": 1, "went_through": 0 }));
    served.fake.state().faults.clear();
    for _ in 0..3 {
        served.wait_ms(60_000).await;
    }
    assert_eq!(overview(served.world()).await["portal_writes"], json!({ "attempts": 2, "went_through": 1 }));
    let shown = report(served.world(), "portal-writes").await;
    assert_eq!(plain(&shown, "rows"), json!([["2026-11", 2, 1, 5_000]]));
    assert_eq!(plain(&shown, "totals"), json!([[null, 2, 1, 5_000]]));
    let kpis = plain(&report(served.world(), "kpis").await, "rows");
    let kpis = kpis.as_array().expect("rows");
    let figure = |name: &str| kpis.iter().find(|row| row[0] == name).expect("a figure")[1].clone();
    assert_eq!(["recurring", "churn", "sync_success"].map(figure), [json!(1_000), Value::Null, json!(5_000)]);
}
