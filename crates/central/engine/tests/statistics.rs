//! Statistics of one plan and of one reseller: the same sums as the dashboards, and codes as they are now.

use counterfoil_domain::code::CodeState;
use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};

use super::commission::DAY_MS;
use super::dashboard::{DECEMBER, change, customer, make, own, write};
use super::desk::{Shop, fund, redeem};
use super::world::{World, foreign};
use crate::engine::run_counting_once;

async fn staff(world: &World, path: &str) -> Value {
    run_counting_once(&world.app).await;
    let token = world.staff_token(StaffRole::Auditor).await;
    world.get(path, Some(&token)).await.expect(200).body
}

async fn of_plan(shop: &Shop, plan: usize) -> Value {
    staff(&shop.world, &format!("/api/v1/admin/plans/{}/stats", shop.plans[plan])).await
}

/// How many codes are in each of these states; the others have none.
fn codes(shown: &Value, states: [&str; 3]) -> [u64; 3] {
    let by_state = shown["codes"]["by_state"].as_array().expect("states");
    let of =
        |state: &str| by_state.iter().find(|of| of["state"] == state).map_or(0, |of| of["count"].as_u64().expect("n"));
    let counts = states.map(of);
    assert_eq!(shown["codes"]["total"], json!(counts.iter().sum::<u64>()), "{shown}");
    counts
}

/// Codes, services, voided and activated.
fn counts(month: &Value) -> [u64; 4] {
    ["codes", "services", "voided", "activated"].map(|name| month[name].as_u64().expect("a count"))
}

fn brought(shown: &Value) -> (i64, i64) {
    let only = &shown["revenue"][0];
    let value = |of: &str| only[of]["value"].as_i64().expect("a value");
    (value("this_month"), value("month_before"))
}

#[tokio::test]
async fn a_plan_that_nobody_sells_has_nothing_to_show() {
    let shop = Shop::with_credits(0).await;
    let shown = of_plan(&shop, 0).await;
    assert_eq!((&shown["name"], &shown["codes"]), (&json!("Month"), &json!({ "total": 0, "by_state": [] })));
    assert_eq!(shown["service"], json!({ "running": 0, "ending_in_7_days": 0, "ending_in_30_days": 0 }));
    assert_eq!((counts(&shown["this_month"]), brought(&shown)), ([0; 4], (0, 0)));
    assert_eq!(
        (&shown["this_month"]["month"], &shown["month_before"]["month"]),
        (&json!("2026-11"), &json!("2026-10"))
    );
    assert_eq!(shown["top_resellers"], json!([]));
}

#[tokio::test]
async fn a_plan_is_counted_by_itself_in_the_operators_months() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    world.clock.set(DECEMBER.plus_ms(-1));
    let november = make(world, "shop", shop.plans[0]).await;
    make(world, "shop", shop.plans[1]).await;
    world.clock.set(DECEMBER);
    let used = make(world, "shop", shop.plans[0]).await;
    make(world, "shop", shop.plans[0]).await;
    change(world, &november.text("/row/code_id"), "void").await;
    redeem(world, &used.text("/code"), 1).await.expect(200);
    customer(world, "shop", shop.plans[0], "ada").await;

    let month = of_plan(&shop, 0).await;
    assert_eq!(codes(&month, ["sold", "activated", "voided"]), [1, 1, 1]);
    assert_eq!((counts(&month["this_month"]), counts(&month["month_before"])), ([2, 1, 1, 1], [1, 0, 0, 0]));
    // Two codes and a service, less the code of November.
    assert_eq!(brought(&month), (2_000, 1_000));
    let top = &month["top_resellers"][0];
    assert_eq!((&top["company"], &top["sales"]), (&json!("Company of shop"), &json!(3)));
    assert_eq!((&top["revenue"], month["top_resellers"].as_array().map(Vec::len)), (&month["revenue"][0], Some(1)));

    let quarter = of_plan(&shop, 1).await;
    assert_eq!((codes(&quarter, ["sold", "activated", "voided"]), brought(&quarter)), ([1, 0, 0], (0, 2_500)));
    assert_eq!(quarter["service"]["running"], json!(0));
}

#[tokio::test]
async fn service_is_counted_by_the_days_that_are_left() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    customer(world, "shop", shop.plans[0], "ada").await;
    let service = async || {
        let shown = of_plan(&shop, 0).await;
        ["running", "ending_in_7_days", "ending_in_30_days"].map(|of| shown["service"][of].as_u64().expect("a count"))
    };
    // Thirty days from the 21st: the last is the 30th day after it, one more than thirty days with today.
    let last_day = world.app.now().plus_days(30);
    assert_eq!(service().await, [1, 0, 0]);
    world.clock.set(last_day.plus_ms(-29 * DAY_MS));
    assert_eq!(service().await, [1, 0, 1]);
    world.clock.set(last_day.plus_ms(-7 * DAY_MS));
    assert_eq!(service().await, [1, 0, 1]);
    world.clock.set(last_day.plus_ms(-6 * DAY_MS));
    assert_eq!(service().await, [1, 1, 1]);
    world.clock.set(last_day.plus_ms(DAY_MS));
    assert_eq!(service().await, [0, 0, 0]);
}

#[tokio::test]
async fn the_five_that_brought_the_most_are_named() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    for at in 1..=6 {
        let username = format!("shop-{at}");
        let reseller = world.add_reseller(&username, None).await;
        fund(world, reseller, 1_000).await;
        for _ in 0..at {
            make(world, &username, shop.plans[0]).await;
        }
    }
    make(world, "shop", shop.plans[1]).await;
    let shown = of_plan(&shop, 0).await;
    let top: Vec<_> = shown["top_resellers"].as_array().expect("resellers").iter().map(|of| &of["sales"]).collect();
    assert_eq!(top, [6, 5, 4, 3, 2]);
    assert_eq!(codes(&shown, ["sold", "activated", "voided"]), [21, 0, 0]);
}

const fn set_to(state: CodeState) -> &'static str {
    match state {
        CodeState::Generated => "UPDATE code SET state = 'generated'",
        CodeState::Allocated => "UPDATE code SET state = 'allocated'",
        CodeState::Leased => "UPDATE code SET state = 'leased'",
        CodeState::Sold => "UPDATE code SET state = 'sold'",
        CodeState::Activated => "UPDATE code SET state = 'activated'",
        CodeState::Held => "UPDATE code SET state = 'held'",
        CodeState::Expired => "UPDATE code SET state = 'expired'",
        CodeState::Revoked => "UPDATE code SET state = 'revoked'",
        CodeState::Voided => "UPDATE code SET state = 'voided'",
    }
}

#[tokio::test]
async fn codes_of_a_plan_are_counted_in_every_state() {
    let shop = Shop::with_credits(100).await;
    make(&shop.world, "shop", shop.plans[0]).await;
    for state in CodeState::ALL {
        write(&shop.world, set_to(state)).await;
        let shown = of_plan(&shop, 0).await;
        assert_eq!(shown["codes"], json!({ "total": 1, "by_state": [{ "state": state, "count": 1 }] }));
    }
}

#[tokio::test]
async fn a_reseller_reads_what_staff_read_and_what_its_dashboard_says() {
    let shop = Shop::with_credits(1_000).await;
    let world = &shop.world;
    let other = world.add_reseller("other", None).await;
    fund(world, other, 1_000).await;
    make(world, "other", shop.plans[0]).await;
    let used = make(world, "shop", shop.plans[0]).await;
    make(world, "shop", shop.plans[1]).await;
    redeem(world, &used.text("/code"), 1).await.expect(200);

    let dashboard = own(world, "shop").await;
    let token = world.token("reseller", "shop").await;
    let shown = world.get("/api/v1/reseller/stats", Some(&token)).await.expect(200).body;
    let staffs = staff(world, &format!("/api/v1/admin/resellers/{}/stats", shop.reseller)).await;
    for of in ["company", "accounts", "codes", "used", "revenue", "members", "devices", "settlement_mode"] {
        assert_eq!(shown[of], staffs[of], "{of}");
    }
    assert_eq!(codes(&shown, ["sold", "activated", "voided"]), [1, 1, 0]);
    assert_eq!(shown["used"], json!([{ "value": 120, "unit": "credits" }]));
    assert_eq!(shown["revenue"], dashboard["figures"]["revenue"]);
    assert_eq!((&shown["accounts"], brought(&shown)), (&dashboard["figures"]["accounts"], (3_500, 0)));
    assert_eq!((&shown["members"], &shown["devices"]), (&json!(1), &json!(1)));
    assert_eq!(shown["last_login_at"], json!(world.app.now().0));
    assert_eq!((shown.get("commission"), dashboard.get("commission")), (None, None));
}

#[tokio::test]
async fn nobody_reads_what_is_not_theirs() {
    let shop = Shop::with_credits(0).await;
    let world = &shop.world;
    let auditor = world.staff_token(StaffRole::Auditor).await;
    for of in ["plans", "resellers"] {
        let path = format!("/api/v1/admin/{of}/{}/stats", foreign());
        assert_eq!(world.get(&path, Some(&auditor)).await.expect(404).code(), "not_found");
    }
    let support = world.staff_token(StaffRole::Support).await;
    let path = format!("/api/v1/admin/resellers/{}/stats", shop.reseller);
    assert_eq!(world.get(&path, Some(&support)).await.expect(403).code(), "not_permitted");
}
