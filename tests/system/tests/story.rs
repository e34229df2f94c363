//! Sold offline, killed, redeemed before the shop is back, synced: the books are exact on both sides.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use counterfoil_system_tests::{Shop, equation, fresh_id, redeem, redeem_for, state_of};
use counterfoil_testkit::central::{Central, Engine, SHOP};
use counterfoil_testkit::within;
use serde_json::{Value, json};

async fn story(engine: Engine) -> Result<()> {
    let mut central = Central::start(engine).await?;
    let folder = tempfile::tempdir()?;
    let desk = folder.path().join("1");
    let shop = Shop::open(&desk).await?;
    shop.sign_in(&central.url(), SHOP.username, SHOP.password).await?;
    let plan = shop.cheapest_plan().await?;
    shop.settle().await?;
    let before = equation(&shop.call("credit_overview", Value::Null).await?)?;
    ensure!(before[2] > 0, "a lease was taken at sign-in: {before:?}");

    central.stop().await?;
    let mut sold = Vec::new();
    for _ in 0..5 {
        sold.push(shop.sell(&plan, 1).await?.remove(0));
    }
    shop.kill()?;

    let shop = Shop::open(&desk).await?;
    let page = shop.call("sell_page", Value::Null).await?;
    let recent = page["recent"].as_array().context("recent sales")?.clone();
    let mut shown: Vec<_> = recent.iter().filter_map(|sale| sale["code"].as_str()).collect();
    shown.reverse();
    assert_eq!(shown, sold, "what was shown to a customer is still there after the kill");
    let serials: Vec<String> =
        recent.iter().rev().filter_map(|sale| Some(sale["serial"].as_str()?.to_owned())).collect();
    let offline = equation(&shop.call("credit_overview", Value::Null).await?)?;
    let cost = (before[2] - offline[2]) / 5;
    assert_eq!(offline, [before[0], before[1], before[2] - 5 * cost, before[3] + 5 * cost]);
    shop.kill()?;

    central.start_again().await?;
    let customer = fresh_id();
    let (status, first) = redeem_for(&central, &sold[0], customer).await?;
    assert_eq!(status, 200, "redeemed before the shop is back: {first}");
    let (status, second) = redeem(&central, &sold[1]).await?;
    assert_eq!(status, 200, "{second}");

    let shop = Shop::open(&desk).await?;
    shop.settle().await?;
    let after = equation(&shop.call("credit_overview", Value::Null).await?)?;
    assert_eq!(after[0], before[0], "nothing was funded meanwhile");
    assert_eq!(after[3], before[3] + 5 * cost, "five codes are spent, redeemed or not");
    for (serial, state) in serials.iter().zip(["activated", "activated", "sold", "sold", "sold"]) {
        assert_eq!(state_of(&shop, serial).await?, state, "{serial}");
    }

    let (status, again) = redeem(&central, &sold[0]).await?;
    assert_eq!((status, again["code"].as_str()), (409, Some("already_activated")), "{again}");
    ensure!(again["detail"].as_str().is_some_and(|detail| detail.len() > 20), "it says what to do: {again}");
    let (status, repeated) = redeem_for(&central, &sold[0], customer).await?;
    assert_eq!((status, &repeated["repeated"]), (200, &json!(true)), "the same customer gets the first answer");
    assert_eq!(repeated["last_day"], first["last_day"]);
    central.run(&["verify"])?;
    Ok(())
}

#[tokio::test]
async fn sold_offline_redeemed_before_sync_on_sqlite() -> Result<()> {
    within(Duration::from_mins(3), story(Engine::Sqlite)).await
}

#[tokio::test]
async fn sold_offline_redeemed_before_sync_on_postgres() -> Result<()> {
    within(Duration::from_mins(3), story(Engine::Postgres)).await
}
