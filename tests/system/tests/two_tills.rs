//! Two devices of one reseller sell offline at once until both leases are empty.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use counterfoil_system_tests::{Refused, Shop, equation};
use counterfoil_testkit::central::{Central, Engine, SHOP};
use counterfoil_testkit::within;
use serde_json::Value;

/// Sells one by one until refused; returns the codes and the refusal.
async fn sell_out(shop: &Shop, plan: &str) -> Result<(Vec<String>, Refused)> {
    let mut sold = Vec::new();
    loop {
        match shop.attempt("sell", Shop::sale(plan, 1)).await? {
            Ok(sale) => sold.push(sale["codes"][0]["code"].as_str().context("a code")?.to_owned()),
            Err(refused) => return Ok((sold, refused)),
        }
        ensure!(sold.len() < 1_000, "a lease has no end");
    }
}

async fn story(engine: Engine) -> Result<()> {
    let mut central = Central::start(engine).await?;
    let folder = tempfile::tempdir()?;
    let one = Shop::open(&folder.path().join("1")).await?;
    let two = Shop::open(&folder.path().join("2")).await?;
    for shop in [&one, &two] {
        shop.sign_in(&central.url(), SHOP.username, SHOP.password).await?;
        shop.settle().await?;
    }
    let plan = one.cheapest_plan().await?;
    let before = equation(&two.call("credit_overview", Value::Null).await?)?;

    central.stop().await?;
    let (first, second) = tokio::join!(sell_out(&one, &plan), sell_out(&two, &plan));
    let ((first, refused), (second, _)) = (first?, second?);
    assert_eq!(refused.code, "insufficient_lease", "{}", refused.answer);
    let needed = refused.answer["needed"]["value"].as_i64().context("what is needed")?;
    let available = refused.answer["available"]["value"].as_i64().context("what there is")?;
    ensure!(needed > 0 && available >= 0 && available < needed, "{}", refused.answer);
    let mut all: Vec<_> = first.iter().chain(&second).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), first.len() + second.len(), "no two customers hold the same code");

    central.start_again().await?;
    for shop in [&one, &two] {
        shop.settle().await?;
    }
    one.settle().await?;
    let after = equation(&one.call("credit_overview", Value::Null).await?)?;
    ensure!(after[1] >= 0 && after[2] >= 0, "an overdraft: {after:?}");
    assert_eq!(after[0], before[0]);
    ensure!(after[3] > before[3], "the sales are booked: {before:?} {after:?}");
    for shop in [&one, &two] {
        let queue = shop.call("queue_page", Value::Null).await?;
        assert_eq!(queue["items"].as_array().map(Vec::len), Some(0), "every sale was accepted: {queue}");
    }
    central.run(&["verify"])?;
    Ok(())
}

#[tokio::test]
async fn both_leases_sold_out_on_sqlite() -> Result<()> {
    within(Duration::from_mins(5), story(Engine::Sqlite)).await
}

#[tokio::test]
async fn both_leases_sold_out_on_postgres() -> Result<()> {
    within(Duration::from_mins(5), story(Engine::Postgres)).await
}
