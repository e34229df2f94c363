//! Dashboards: what was sold stands in its month, once, in its currency, whatever became of it since.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{AccountId, CodeId, PlanId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::time::Timestamp;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::commission::{DAY_MS, Trade};
use super::desk::{Shop, fund, redeem};
use super::proof::{count, prove};
use super::world::{Answer, START, World};
use crate::dialect::Db;
use crate::engine::{run_code_jobs_once, run_counting_once, run_jobs_once};

const OWN: &str = "/api/v1/reseller/dashboard";
const OVERVIEW: &str = "/api/v1/admin/reports/overview";
/// 2026-12-01 00:00 in Berlin, which is still November in Greenwich.
pub(super) const DECEMBER: Timestamp = Timestamp(START.0 + 9 * DAY_MS + 23 * 3_600_000);

pub(super) async fn own(world: &World, username: &str) -> Value {
    run_counting_once(&world.app).await;
    prove(world).await;
    let token = world.token("reseller", username).await;
    world.get(OWN, Some(&token)).await.expect(200).body
}

pub(super) async fn overview(world: &World) -> Value {
    run_counting_once(&world.app).await;
    prove(world).await;
    let token = world.staff_token(StaffRole::Auditor).await;
    world.get(OVERVIEW, Some(&token)).await.expect(200).body
}

/// Codes, services, voided, activated and accounts of a month.
fn counts(shown: &Value, month: &str) -> [u64; 5] {
    let found = of_month(shown, month);
    ["codes", "services", "voided", "activated", "accounts"].map(|name| found[name].as_u64().expect("a count"))
}

/// `revenue`, `used` or `earned` of a month, as `10.00 EUR` would be (1000, "EUR").
fn amounts(shown: &Value, month: &str, of: &str) -> Vec<(i64, String)> {
    pairs(&of_month(shown, month)[of])
}

fn pairs(amounts: &Value) -> Vec<(i64, String)> {
    let amounts = amounts.as_array().expect("amounts").iter();
    amounts.map(|one| (one["value"].as_i64().expect("a value"), one["unit"].as_str().expect("unit").into())).collect()
}

fn of_month(shown: &Value, month: &str) -> Value {
    let months = shown["figures"]["months"].as_array().expect("months");
    months.iter().find(|one| one["month"] == month).cloned().expect("a month of the series")
}

/// Total, active, ending soon, expired, suspended.
fn accounts(shown: &Value) -> [u64; 5] {
    ["total", "active", "ending_soon", "expired", "suspended"]
        .map(|name| shown["figures"]["accounts"][name].as_u64().expect("a count"))
}

fn eur(value: i64) -> Vec<(i64, String)> {
    vec![(value, "EUR".to_owned())]
}

fn credits(value: i64) -> Vec<(i64, String)> {
    vec![(value, "credits".to_owned())]
}

/// A code made online.
pub(super) async fn make(world: &World, username: &str, plan: PlanId) -> Answer {
    let token = world.token("reseller", username).await;
    let id: CodeId = mint(world.app.now());
    let body = json!({ "code_id": id, "plan_id": plan });
    world.post("/api/v1/reseller/codes", Some(&token), &body).await.expect(200)
}

pub(super) async fn change(world: &World, code: &str, what: &str) {
    let token = world.staff_token(StaffRole::Support).await;
    let path = format!("/api/v1/admin/codes/{code}/{what}");
    world.post(&path, Some(&token), &json!({ "reason": "a test" })).await.expect(200);
}

pub(super) async fn customer(world: &World, username: &str, plan: PlanId, name: &str) -> String {
    let token = world.token("reseller", username).await;
    let id: AccountId = mint(world.app.now());
    let body = json!({ "account_id": id, "plan_id": plan, "username": name });
    world.post("/api/v1/reseller/accounts", Some(&token), &body).await.expect(200).text("/account/account_id")
}

pub(super) async fn write(world: &World, statement: &'static str) {
    let mut work = world.app.begin(world.operator).await.expect("begun");
    sqlx::query::<Db>(statement).execute(&mut *work.conn()).await.expect("written");
    work.commit().await.expect("committed");
}

#[tokio::test]
async fn a_new_shop_sees_twelve_months_of_nothing() {
    let shop = Shop::with_credits(0).await;
    let shown = own(&shop.world, "shop").await;
    let months = shown["figures"]["months"].as_array().expect("months");
    let named: Vec<_> = months.iter().map(|month| month["month"].as_str().expect("month")).collect();
    assert_eq!((named.len(), named[0], named[11]), (12, "2025-12", "2026-11"));
    assert_eq!(counts(&shown, "2026-11"), [0; 5]);
    assert_eq!(amounts(&shown, "2026-11", "revenue"), eur(0));
    assert_eq!(accounts(&shown), [0; 5]);
    let revenue = &shown["figures"]["revenue"][0];
    assert_eq!((&revenue["this_month"]["value"], revenue.get("trend")), (&json!(0), None));
    assert_eq!(shown["figures"].get("activation_rate"), None);
    assert_eq!(
        (shown.get("commission"), &shown["transactions"], &shown["figures"]["plans"]),
        (None, &json!([]), &json!([]))
    );
    assert_eq!((&shown["balance"]["value"], &shown["company"]), (&json!(0), &json!("Company of shop")));
    let all = overview(&shop.world).await;
    assert_eq!(all["resellers"], json!({ "total": 1, "active": 1, "selling": 0 }));
    assert_eq!((&all["payouts"], &all["paid_out"], &all["top_resellers"]), (&json!(0), &json!([]), &json!([])));
}

#[tokio::test]
async fn months_begin_in_the_operators_zone_and_closed_ones_stand() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    world.clock.set(DECEMBER.plus_ms(-1));
    let november = make(world, "shop", shop.plans[1]).await;
    world.clock.set(DECEMBER);
    let december = make(world, "shop", shop.plans[0]).await;
    let kept = make(world, "shop", shop.plans[0]).await;
    let shown = own(world, "shop").await;
    assert_eq!((counts(&shown, "2026-11"), counts(&shown, "2026-12")), ([1, 0, 0, 0, 0], [2, 0, 0, 0, 0]));
    assert_eq!(amounts(&shown, "2026-11", "revenue"), eur(2_500));
    assert_eq!((amounts(&shown, "2026-12", "revenue"), amounts(&shown, "2026-12", "used")), (eur(2_000), credits(60)));
    let trend = json!({ "this_month": { "value": 2_000, "unit": "EUR" },
        "month_before": { "value": 2_500, "unit": "EUR" }, "trend": -2_000 });
    assert_eq!(shown["figures"]["revenue"], json!([trend]));

    // A void is of its own month, also where the sale was before it; a code that is revoked stays sold.
    change(world, &november.text("/row/code_id"), "void").await;
    change(world, &december.text("/row/code_id"), "revoke").await;
    change(world, &kept.text("/row/code_id"), "hold").await;
    let shown = own(world, "shop").await;
    assert_eq!(amounts(&shown, "2026-11", "revenue"), eur(2_500));
    assert_eq!((counts(&shown, "2026-12"), amounts(&shown, "2026-12", "revenue")), ([2, 0, 1, 0, 0], eur(-500)));
    assert_eq!(amounts(&shown, "2026-12", "used"), credits(-30));
    let plans = shown["figures"]["plans"].as_array().expect("plans");
    let brought = |name: &str| plans.iter().find(|plan| plan["name"] == name).expect("a plan")["revenue"].clone();
    assert_eq!(brought("Quarter")["this_month"]["value"], json!(-2_500));
    assert_eq!((&brought("Month")["this_month"]["value"], &plans[0]["sales"]), (&json!(2_000), &json!(2)));
    // What is held and let pass, or held and voided, was sold once.
    change(world, &kept.text("/row/code_id"), "approve").await;
    assert_eq!(counts(&own(world, "shop").await, "2026-12"), [2, 0, 1, 0, 0]);
    change(world, &kept.text("/row/code_id"), "hold").await;
    change(world, &kept.text("/row/code_id"), "void").await;
    let shown = own(world, "shop").await;
    assert_eq!((counts(&shown, "2026-12"), amounts(&shown, "2026-12", "revenue")), ([2, 0, 2, 0, 0], eur(-1_500)));
}

#[tokio::test]
async fn a_sale_without_a_network_counts_in_its_month_when_it_arrives_later() {
    let mut shop = Shop::with_credits(1_000).await;
    let stock = shop.desk.lease(&shop.world, 600).await;
    shop.desk.sell(&stock, 0, 1, 2);
    shop.world.clock.set(DECEMBER.plus_ms(DAY_MS));
    // Used before its sale is known: nobody can say yet when it was sold.
    redeem(&shop.world, &stock.code(0, 1), 1).await.expect(200);
    let shown = own(&shop.world, "shop").await;
    assert_eq!((counts(&shown, "2026-11"), counts(&shown, "2026-12")), ([0; 5], [1, 0, 0, 1, 1]));
    assert_eq!(shown["figures"]["activation_rate"], json!(10_000));
    shop.desk.push(&shop.world).await;
    let shown = own(&shop.world, "shop").await;
    assert_eq!((counts(&shown, "2026-11"), counts(&shown, "2026-12")), ([2, 0, 0, 0, 0], [0, 0, 0, 1, 1]));
    assert_eq!((amounts(&shown, "2026-11", "revenue"), amounts(&shown, "2026-12", "revenue")), (eur(2_000), eur(0)));
    assert_eq!(shown["figures"].get("activation_rate"), None);
    shop.desk.push(&shop.world).await;
    assert_eq!(counts(&own(&shop.world, "shop").await, "2026-11"), [2, 0, 0, 0, 0]);
}

#[tokio::test]
async fn a_code_that_waits_for_credit_counts_once_it_is_charged() {
    let mut shop = Shop::with_credits(60).await;
    let stock = shop.desk.lease(&shop.world, 60).await;
    shop.desk.sell(&stock, 0, 1, 4);
    shop.desk.push(&shop.world).await;
    assert_eq!(counts(&own(&shop.world, "shop").await, "2026-11"), [2, 0, 0, 0, 0]);
    // Voided before it was ever charged: no sale, and nothing to take back.
    shop.desk.void(&stock, 4);
    shop.desk.push(&shop.world).await;
    let shown = own(&shop.world, "shop").await;
    assert_eq!((counts(&shown, "2026-11"), amounts(&shown, "2026-11", "revenue")), ([2, 0, 0, 0, 0], eur(2_000)));
    assert_eq!(fund(&shop.world, shop.reseller, 100).await, 1);
    let shown = own(&shop.world, "shop").await;
    assert_eq!((counts(&shown, "2026-11"), amounts(&shown, "2026-11", "used")), ([3, 0, 0, 0, 0], credits(90)));
}

#[tokio::test]
async fn codes_that_expire_stay_sold_and_give_their_credits_back() {
    let shop = Shop::with_credits(100).await;
    make(&shop.world, "shop", shop.plans[0]).await;
    shop.world.clock.advance_ms(366 * DAY_MS);
    run_jobs_once(&shop.world.app).await;
    let shown = own(&shop.world, "shop").await;
    assert_eq!(amounts(&shown, "2027-11", "used"), credits(-30));
    assert_eq!((amounts(&shown, "2027-11", "revenue"), counts(&shown, "2027-11")), (eur(0), [0; 5]));
}

#[tokio::test]
async fn currencies_are_never_added_together() {
    let shop = Shop::with_credits(1_000).await;
    make(&shop.world, "shop", shop.plans[0]).await;
    write(&shop.world, "UPDATE operator SET currency = 'USD'").await;
    make(&shop.world, "shop", shop.plans[1]).await;
    let sold = make(&shop.world, "shop", shop.plans[1]).await;
    change(&shop.world, &sold.text("/row/code_id"), "void").await;
    let shown = own(&shop.world, "shop").await;
    let both = vec![(2_500, "USD".to_owned()), (1_000, "EUR".to_owned())];
    assert_eq!(amounts(&shown, "2026-11", "revenue"), both);
    assert_eq!(amounts(&shown, "2026-11", "used"), credits(120));
    let trends = shown["figures"]["revenue"].as_array().expect("trends");
    assert_eq!(trends.iter().map(|one| one["this_month"]["value"].clone()).collect::<Vec<_>>(), [2_500, 1_000]);
    // Who is first is asked in one currency only.
    let all = overview(&shop.world).await;
    assert_eq!(all["top_resellers"][0]["revenue"]["this_month"], json!({ "value": 2_500, "unit": "USD" }));
    assert_eq!(all["top_resellers"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn accounts_are_counted_by_the_day_and_follow_every_change() {
    let shop = Shop::with_credits(2_000).await;
    let world = &shop.world;
    let beside = world.add_reseller("beside", None).await;
    let mut ids = Vec::new();
    for name in ["anna", "berta", "carla", "dora"] {
        ids.push(customer(world, "shop", shop.plans[0], name).await);
    }
    let shown = own(world, "shop").await;
    assert_eq!((accounts(&shown), counts(&shown, "2026-11")), ([4, 4, 0, 0, 0], [0, 4, 0, 0, 4]));
    assert_eq!(amounts(&shown, "2026-11", "revenue"), eur(4_000));
    let staff = world.staff_token(StaffRole::SuperAdmin).await;
    let act = async |id: &str, what: &str, body: Value| {
        let path = format!("/api/v1/admin/accounts/{id}/{what}");
        world.post(&path, Some(&staff), &body).await.expect(200);
    };
    act(&ids[0], "suspend", json!({ "reason": "a test" })).await;
    act(&ids[1], "archive", json!({ "reason": "a test" })).await;
    act(&ids[2], "transfer", json!({ "reseller_id": beside, "reason": "a test" })).await;
    // A gift is no sale, and days have no price.
    let days = |days, gift| json!({ "subscription_id": mint::<AccountId>(START).0, "service": { "days": days }, "gift": gift });
    act(&ids[3], "extend", days(10, true)).await;
    act(&ids[3], "extend", days(5, false)).await;
    let shown = own(world, "shop").await;
    assert_eq!((accounts(&shown), counts(&shown, "2026-11")), ([2, 1, 0, 0, 1], [0, 5, 0, 0, 4]));
    assert_eq!((amounts(&shown, "2026-11", "revenue"), amounts(&shown, "2026-11", "used")), (eur(4_000), credits(125)));
    assert_eq!(accounts(&own(world, "beside").await), [1, 1, 0, 0, 0]);
    let all = overview(world).await;
    assert_eq!(accounts(&all), [3, 2, 0, 0, 1]);

    // Carla's last day is 21 December, Dora's 5 January: the day makes them soon over and over, and nothing is written.
    world.clock.set(START.plus_ms(24 * DAY_MS));
    assert_eq!(accounts(&overview(world).await), [3, 2, 1, 0, 1]);
    world.clock.set(START.plus_ms(31 * DAY_MS - 3_600_001));
    assert_eq!(accounts(&overview(world).await), [3, 2, 1, 0, 1]);
    world.clock.set(START.plus_ms(31 * DAY_MS - 3_600_000));
    assert_eq!(accounts(&overview(world).await), [3, 1, 0, 1, 1]);
}

#[tokio::test]
async fn a_shop_sees_itself_only_and_the_operator_all() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    let below = world.add_reseller("below", Some(shop.reseller)).await;
    fund(world, below, 500).await;
    make(world, "shop", shop.plans[0]).await;
    make(world, "below", shop.plans[1]).await;
    let (top, low, all) = (own(world, "shop").await, own(world, "below").await, overview(world).await);
    assert_eq!(amounts(&top, "2026-11", "revenue"), eur(1_000));
    assert_eq!(amounts(&low, "2026-11", "revenue"), eur(2_500));
    assert_eq!(amounts(&all, "2026-11", "revenue"), eur(3_500));
    assert_eq!(all["resellers"], json!({ "total": 2, "active": 2, "selling": 2 }));
    let best: Vec<_> =
        all["top_resellers"].as_array().expect("best").iter().map(|one| one["company"].clone()).collect();
    assert_eq!(best, ["Company of below", "Company of shop"]);
    assert_eq!(top["transactions"][0]["kind"], "online_sale");
    // Another operator in the same database has none of it.
    let other = world.other_operator().await;
    let mut moment = world.app.snapshot().await.expect("a moment");
    let theirs = crate::engine::dashboard::overview(&mut moment, other, world.app.now()).await.expect("figures");
    let theirs = serde_json::to_value(theirs).expect("json");
    assert_eq!((amounts(&theirs, "2026-11", "revenue"), &theirs["resellers"]["total"]), (eur(0), &json!(0)));
}

#[tokio::test]
async fn who_may_not_see_figures_is_told_who_can_allow_it() {
    let shop = Shop::with_credits(0).await;
    let world = &shop.world;
    let admin = world.staff_token(StaffRole::Admin).await;
    let path = format!("/api/v1/admin/resellers/{}/permissions", shop.reseller);
    let nothing = json!({ "version": 0, "permissions": { "grants": [], "max_connections": 3 } });
    world.put(&path, Some(&admin), &nothing).await.expect(200);
    let owner = world.token("reseller", "shop").await;
    let refused = world.get(OWN, Some(&owner)).await.expect(403);
    assert_eq!(refused.code(), "not_granted");
    let words = "Seeing statistics is not allowed to your shop. An administrator of the operator can allow it.";
    assert_eq!(refused.text("/detail"), words);
}

#[tokio::test]
async fn commission_is_of_the_month_of_its_sale_until_it_is_taken_back() {
    let mut trade = Trade::new().await;
    trade.earn(1, 30).await;
    trade.activate(60, 1).await;
    trade.accrue().await;
    let shown = own(&trade.world, "seller").await;
    let figure = |shown: &Value| {
        ["this_month", "lifetime", "pending"].map(|name| shown["commission"][name]["value"].as_i64().expect("amount"))
    };
    assert_eq!(figure(&shown), [6_200, 6_200, 200]);
    assert_eq!(amounts(&shown, "2026-11", "earned"), eur(6_200));
    // What a share seller pays with is money, and so is what it used.
    assert_eq!(amounts(&shown, "2026-11", "used"), eur(31_000));
    assert_eq!(amounts(&own(&trade.world, "upline").await, "2026-11", "earned"), eur(1_550));
    let earning = trade.earnings(&trade.owner).await["items"][0].clone();
    trade.reverse(&earning).await.expect(200);
    assert_eq!(figure(&own(&trade.world, "seller").await), [6_000, 6_000, 0]);

    let wish = json!({ "payout_id": mint::<AccountId>(START).0, "method": "cash", "destination": "" });
    let payout = trade.world.post("/api/v1/reseller/payouts", Some(&trade.owner), &wish).await.expect(200);
    assert_eq!(pairs(&overview(&trade.world).await["paid_out"]), []);
    let step = async |what: &str, body: Value| {
        let path = format!("/api/v1/admin/payouts/{}/{what}", payout.text("/payout_id"));
        trade.world.post(&path, Some(&trade.finance), &body).await.expect(200);
    };
    step("approve", json!({})).await;
    step("sent", json!({ "reference": "T-1" })).await;
    step("confirm", json!({})).await;
    let all = overview(&trade.world).await;
    assert_eq!((&all["payouts"], pairs(&all["paid_out"])), (&json!(1), eur(6_000)));
    assert_eq!(amounts(&all, "2026-11", "earned"), eur(7_500));
    trade.world.clock.set(DECEMBER);
    let later = overview(&trade.world).await;
    assert_eq!((&later["payouts"], pairs(&later["paid_out"])), (&json!(0), vec![]));
}

#[tokio::test]
async fn a_lot_counts_when_its_codes_are_made() {
    let shop = Shop::with_credits(100_000).await;
    let staff = shop.world.staff_token(StaffRole::SuperAdmin).await;
    let (lot, job) = (mint::<CodeId>(START).0, mint::<CodeId>(START).0);
    let body = json!({ "lot_id": lot, "job_id": job, "reseller_id": shop.reseller, "plan_id": shop.plans[0],
        "count": 1_200, "label": "Cards" });
    shop.world.post("/api/v1/admin/lots", Some(&staff), &body).await.expect(200);
    run_code_jobs_once(&shop.world.app).await;
    let shown = own(&shop.world, "shop").await;
    assert_eq!(
        (counts(&shown, "2026-11"), amounts(&shown, "2026-11", "revenue")),
        ([1_200, 0, 0, 0, 0], eur(1_200_000))
    );
}

#[tokio::test]
async fn however_many_count_at_once_each_sale_counts_once() {
    let shop = Shop::with_credits(2_000).await;
    for _ in 0..20 {
        make(&shop.world, "shop", shop.plans[0]).await;
    }
    let before = shop.world.get(OWN, Some(&shop.world.token("reseller", "shop").await)).await.expect(200).body;
    assert_eq!((counts(&before, "2026-11"), &before["figures"]["waiting"]), ([0; 5], &json!(20)));
    let other = shop.world.open_again().await.expect("another process");
    let mut hands = JoinSet::new();
    for hand in 0..6 {
        let app = if hand % 2 == 0 { other.clone() } else { shop.world.app.clone() };
        hands.spawn(async move { run_counting_once(&app).await });
    }
    assert_eq!(hands.join_all().await.iter().sum::<u32>(), 20);
    let shown = own(&shop.world, "shop").await;
    assert_eq!((counts(&shown, "2026-11"), &shown["figures"]["waiting"]), ([20, 0, 0, 0, 0], &json!(0)));
    assert_eq!(count(&shop.world, "SELECT COUNT(*) FROM statistic_waiting").await, 0);
}

#[tokio::test]
async fn a_clock_that_is_nowhere_near_keeps_nothing_from_being_counted() {
    let shop = Shop::with_credits(100).await;
    make(&shop.world, "shop", shop.plans[0]).await;
    write(&shop.world, "UPDATE statistic_waiting SET at = 9223372036854775807 WHERE kind = 'sold'").await;
    assert_eq!(counts(&own(&shop.world, "shop").await, "2026-11"), [1, 0, 0, 0, 0]);
}
