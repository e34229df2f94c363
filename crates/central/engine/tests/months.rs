//! What recurred in months that are over, and how bringing accounts to portals came out in them.

use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::time::Timestamp;
use counterfoil_stalker_fake::{Fault, Planned, Setup};
use serde_json::{Value, json};

use super::commission::DAY_MS;
use super::dashboard::{DECEMBER, customer, make, overview, write};
use super::desk::{Shop, redeem};
use super::figures::{plain, report};
use super::portals::Served;
use super::proof::count;
use super::world::{START, World};
use crate::engine::run_counting_once;

const BY_MONTH: &str = "recurring-by-month?start_date=2026-11-01&end_date=2027-02-28";

/// Month, minor units, accounts and how it is known, of each.
fn months(shown: &Value) -> Vec<Value> {
    let Some(months) = shown["recurring_months"].as_array() else { return Vec::new() };
    let of = |one: &Value| {
        json!([one["month"].clone(), one["amount"]["value"].clone(), one["accounts"].clone(), one["source"].clone()])
    };
    months.iter().map(of).collect()
}

async fn suspend(world: &World, account: &str) {
    let staff = world.staff_token(StaffRole::SuperAdmin).await;
    let path = format!("/api/v1/admin/accounts/{account}/suspend");
    world.post(&path, Some(&staff), &json!({ "reason": "a test" })).await.expect(200);
}

#[tokio::test]
async fn a_month_is_written_down_when_the_next_begins_and_stands() {
    let shop = Shop::with_credits(2_000).await;
    let world = &shop.world;
    let anna = customer(world, "shop", shop.plans[0], "anna").await;
    customer(world, "shop", shop.plans[0], "berta").await;
    customer(world, "shop", shop.plans[1], "carla").await;
    assert_eq!(months(&overview(world).await), Vec::<Value>::new(), "November is not over");
    world.clock.set(DECEMBER);
    let rows = "SELECT COUNT(*) FROM account WHERE status = 'active' AND last_day >= '2026-11-30'";
    assert_eq!(count(world, rows).await, 3);
    // 10.00 for 30 days twice, and 25.00 for 90.
    let november = json!(["2026-11", 2_833, 3, "counted"]);
    assert_eq!(months(&overview(world).await), std::slice::from_ref(&november));
    let of_shop =
        "SELECT CAST(SUM(accounts) AS BIGINT) FROM statistic_recurring WHERE scope_id IN (SELECT id FROM reseller)";
    assert_eq!(count(world, of_shop).await, 3);

    // What happens later, another price and another process change no month that is over.
    suspend(world, &anna).await;
    write(world, "UPDATE plan SET price = price * 2").await;
    run_counting_once(&world.open_again().await.expect("another process")).await;
    assert_eq!(months(&overview(world).await), std::slice::from_ref(&november));
    let shown = report(world, BY_MONTH).await;
    let month = json!(["2026-11", "Month", 2, 1_000, 30, 2_000, "counted", "2026-12-01"]);
    let quarter = json!(["2026-11", "Quarter", 1, 2_500, 90, 833, "counted", "2026-12-01"]);
    assert_eq!(plain(&shown, "rows"), json!([month, quarter]));
    assert_eq!(shown.get("totals"), None, "what stood at the end of several months is no sum");

    // Nobody counted for two months: what is written down then says so.
    world.clock.set(START.plus_ms(80 * DAY_MS));
    let found = months(&overview(world).await);
    // Carla alone, whose 90 days are not over.
    assert_eq!(found, [november, json!(["2026-12", 1_667, 1, "late"]), json!(["2027-01", 1_667, 1, "late"])]);
}

#[tokio::test]
async fn months_before_the_first_count_are_rebuilt_from_what_is_on_record() {
    let shop = Shop::with_credits(2_000).await;
    let world = &shop.world;
    let anna = customer(world, "shop", shop.plans[0], "anna").await;
    customer(world, "shop", shop.plans[1], "carla").await;
    let code = make(world, "shop", shop.plans[0]).await.text("/code");
    redeem(world, &code, 7).await.expect(200);
    suspend(world, &anna).await;
    world.clock.set(Timestamp(DECEMBER.0 + 35 * DAY_MS));
    // Anna's 30 days and those of the code end on the 21st of December. That she is suspended is not known of then.
    let november = json!(["2026-11", 2_833, 3, "rebuilt"]);
    assert_eq!(months(&overview(world).await), [november, json!(["2026-12", 833, 1, "rebuilt"])]);
    let rebuilt = "SELECT COUNT(*) FROM statistic_recurring_month";
    assert_eq!(count(world, rebuilt).await, 2, "there was no account before");
    run_counting_once(&world.open_again().await.expect("another process")).await;
    assert_eq!(count(world, rebuilt).await, 2);
    let of_shop =
        "SELECT CAST(SUM(accounts) AS BIGINT) FROM statistic_recurring WHERE scope_id IN (SELECT id FROM reseller)";
    assert_eq!(count(world, of_shop).await, 4, "the shop's own sums are kept as well");
}

#[tokio::test]
async fn jobs_of_a_portal_are_counted_by_how_they_came_out() {
    let served = Served::with(Setup::ministra()).await;
    assert_eq!(overview(served.world()).await.get("portal_jobs"), None);
    served.bought(1).await;
    served.provision().await;
    let jobs = async || overview(served.world()).await["portal_jobs"][0].clone();
    let of = |jobs: &Value| {
        ["agreed", "first_try", "within_an_hour", "failed"].map(|name| jobs[name].as_u64().expect("a count"))
    };
    assert_eq!(of(&jobs().await), [1, 1, 1, 0]);

    // A second account waits while the portal's database is down, and agrees an hour and a minute later.
    served.fake.plan(Planned::always(Fault::DatabaseDown));
    served.bought(2).await;
    served.provision().await;
    served.fake.state().faults.clear();
    for _ in 0..2 {
        served.wait_ms(61 * 60_000).await;
    }
    let after = jobs().await;
    assert_eq!(of(&after), [2, 1, 1, 0]);
    assert_eq!((&after["portal"], &after["month"]), (&json!("Main"), &json!("2026-11")));
    let shown = report(served.world(), "portal-jobs").await;
    assert_eq!(plain(&shown, "rows"), json!([["2026-11", "Main", 2, 1, 5_000, 1, 5_000, 0, 0]]));
    assert_eq!(plain(&shown, "totals"), json!([[null, null, 2, 1, 5_000, 1, 5_000, 0, 0]]));
}

#[tokio::test]
async fn devices_that_sell_are_in_time_until_what_they_may_sell_is_over() {
    let shop = Shop::with_credits(1_000).await;
    assert_eq!(overview(&shop.world).await.get("device_sync"), None, "no device has a lease");
    let stock = shop.desk.lease(&shop.world, 300).await;
    let sync = async || overview(&shop.world).await["device_sync"].clone();
    let now = sync().await;
    assert_eq!((&now["selling"], &now["in_time"]), (&json!(1), &json!(1)));
    shop.world.clock.set(stock.terms.issue_until);
    let late = sync().await;
    assert_eq!((&late["selling"], &late["in_time"]), (&json!(1), &json!(0)));
}
