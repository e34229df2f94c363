//! What a till without a network sells for once Central changed a price, or the currency: what is in a lease stands as it was
//! signed, and everything else is as the records have it.

use std::sync::Arc;
use std::time::Duration;

use counterfoil_domain::ids::PlanId;
use counterfoil_domain::price_list::PriceTerms;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{COST, PLAN, Rig, START, sell};
use crate::api::selling::{PlanTile, sell_page};
use crate::client::Client;
use crate::till::Till;

const SHOP: Uuid = Uuid::from_u128(2);
const OTHER: PlanId = PlanId(Uuid::from_u128(0x52));
const DAY_MS: i64 = 86_400_000;

/// A plan as the feed would bring it.
async fn plan(till: &Till, plan: PlanId, price: i64, currency: &str) {
    sqlx::query(
        "INSERT INTO cached_plan (plan_id, name, term_days, price, currency, status, body, version)
        VALUES (?1, 'A plan', 30, ?2, ?3, 'active', '{}', 1)
        ON CONFLICT (plan_id) DO UPDATE SET price = ?2, currency = ?3",
    )
    .bind(plan.0)
    .bind(price)
    .bind(currency)
    .execute(&till.store().cache_pool())
    .await
    .expect("written");
}

/// The shop's own row, with how it settles and its price list.
async fn shop(till: &Till, mode: &str, price_list: &[PriceTerms]) {
    let body = json!({ "company": "Kiosk", "price_list": price_list }).to_string();
    sqlx::query(
        "INSERT INTO cached_reseller (reseller_id, company, settlement_mode, body, version) VALUES (?1, 'Kiosk', ?2, ?3, 1)
        ON CONFLICT (reseller_id) DO UPDATE SET settlement_mode = ?2, body = ?3",
    )
    .bind(SHOP)
    .bind(mode)
    .bind(body)
    .execute(&till.store().cache_pool())
    .await
    .expect("written");
}

/// Price and cost of a plan on the Sell page, as the screen gets them.
async fn shown(client: &Arc<Client>, plan: PlanId) -> [Value; 2] {
    let page = sell_page(client, ()).await.expect("a page");
    let tile: &PlanTile = page.plans.iter().find(|tile| tile.plan_id == plan.to_string()).expect("a tile");
    [json!(tile.price), json!(tile.cost)]
}

fn amount(value: i64, unit: &str) -> Value {
    json!({ "value": value, "unit": unit })
}

#[tokio::test]
async fn what_a_lease_holds_keeps_its_price_and_its_currency() {
    let (_rig, client, till, _) = Rig::with_lease().await;
    shop(&till, "wholesale", &[]).await;
    plan(&till, PLAN, 999, "EUR").await;
    plan(&till, OTHER, 1_500, "EUR").await;
    let signed = [amount(999, "EUR"), amount(COST, "credits")];
    assert_eq!(shown(&client, PLAN).await, signed);

    // The operator changes its prices, and then its currency.
    plan(&till, PLAN, 1_299, "EUR").await;
    assert_eq!(shown(&client, PLAN).await, signed);
    plan(&till, PLAN, 180_000, "JPY").await;
    plan(&till, OTHER, 250_000, "JPY").await;
    assert_eq!(shown(&client, PLAN).await, signed, "what was signed is what the customer pays");
    assert_eq!(shown(&client, OTHER).await[0], amount(250_000, "JPY"), "what needs another lease is as it is now");

    let sold = sell(&till, 1, 1).await.expect("sold without a network");
    assert_eq!((sold[0].price, sold[0].currency.as_str()), (999, "EUR"));
    assert_eq!((sold[0].cost, sold[0].unit.as_str()), (COST, "credits"));
    let page = sell_page(&client, ()).await.expect("a page");
    assert_eq!(json!(page.recent[0].price), amount(999, "EUR"), "and the receipt says so");
    client.shutdown().await;
}

#[tokio::test]
async fn a_shop_that_settles_in_money_sees_the_cost_in_the_currency_of_the_plan() {
    let rig = Rig::new();
    let client = rig.open().await;
    let till = client.till().expect("open");
    rig.enrol(&till).await;
    shop(&till, "share", &[]).await;
    plan(&till, OTHER, 1_500, "EUR").await;
    let [price, cost] = shown(&client, OTHER).await;
    assert_eq!((&price["unit"], &cost["unit"]), (&json!("EUR"), &json!("EUR")));
    plan(&till, OTHER, 250_000, "JPY").await;
    let [price, cost] = shown(&client, OTHER).await;
    assert_eq!(
        (&price, &cost["unit"]),
        (&amount(250_000, "JPY"), &json!("JPY")),
        "never an amount of one in the other"
    );
    client.shutdown().await;
}

#[tokio::test]
async fn a_price_of_tomorrow_begins_tomorrow_and_without_a_network() {
    let rig = Rig::new();
    let client = rig.open().await;
    let till = client.till().expect("open");
    rig.enrol(&till).await;
    plan(&till, OTHER, 1_500, "EUR").await;
    let tomorrow = PriceTerms { plan_id: OTHER, allowed: true, price: Some(1_800), valid_from: START.plus_ms(DAY_MS) };
    shop(&till, "wholesale", &[tomorrow]).await;
    assert_eq!(shown(&client, OTHER).await[0], amount(1_500, "EUR"));
    rig.clock.set_wall(START.plus_ms(DAY_MS - 1));
    rig.clock.pass(Duration::from_millis(86_400_000 - 1));
    assert_eq!(shown(&client, OTHER).await[0], amount(1_500, "EUR"));
    rig.clock.set_wall(START.plus_ms(DAY_MS));
    rig.clock.pass(Duration::from_millis(1));
    assert_eq!(shown(&client, OTHER).await[0], amount(1_800, "EUR"));
    client.shutdown().await;
}
