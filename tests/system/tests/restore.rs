//! A restored backup of `local.db` numbers nothing twice; a second copy of the whole device is caught.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use counterfoil_system_tests::{Shop, equation, redeem};
use counterfoil_testkit::central::{Central, Engine, SHOP};
use counterfoil_testkit::within;
use serde_json::{Value, json};

const LOCAL_DATABASE: [&str; 3] = ["local.db", "local.db-wal", "local.db-shm"];

fn copy_files(from: &Path, to: &Path, names: impl IntoIterator<Item = String>) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for name in names {
        let (source, target) = (from.join(&name), to.join(&name));
        if source.exists() {
            std::fs::copy(&source, &target).with_context(|| name.clone())?;
        } else if target.exists() {
            std::fs::remove_file(&target)?;
        }
    }
    Ok(())
}

fn everything_in(folder: &Path) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    Ok(entries.into_iter().filter(|e| e.path().is_file()).map(|e| e.file_name().to_string_lossy().into()).collect())
}

async fn serials(shop: &Shop) -> Result<Vec<String>> {
    let request = json!({ "filter": { "search": "", "states": [] }, "page": { "limit": 200 } });
    let page = shop.call("codes_page", request).await?;
    let rows = page["rows"].as_array().context("rows")?;
    Ok(rows.iter().filter_map(|row| Some(row["serial"].as_str()?.to_owned())).collect())
}

/// Sells, backs up `local.db`, sells more, restores the backup, sells again.
async fn restored(engine: Engine, pushed_before_restore: bool) -> Result<()> {
    let mut central = Central::start(engine).await?;
    let folder = tempfile::tempdir()?;
    let (desk, backup) = (folder.path().join("1"), folder.path().join("backup"));
    let shop = Shop::open(&desk).await?;
    shop.sign_in(&central.url(), SHOP.username, SHOP.password).await?;
    let plan = shop.cheapest_plan().await?;
    shop.settle().await?;
    let before = equation(&shop.call("credit_overview", Value::Null).await?)?;
    if !pushed_before_restore {
        central.stop().await?;
    }
    let mut sold: Vec<String> = shop.sell(&plan, 2).await?;
    shop.kill()?;
    copy_files(&desk, &backup, LOCAL_DATABASE.map(String::from))?;

    let shop = Shop::open(&desk).await?;
    sold.extend(shop.sell(&plan, 3).await?);
    if pushed_before_restore {
        shop.settle().await?;
    }
    shop.kill()?;
    copy_files(&backup, &desk, LOCAL_DATABASE.map(String::from))?;

    let shop = Shop::open(&desk).await?;
    let after_restore = shop.sell(&plan, 2).await?;
    for code in &after_restore {
        ensure!(!sold.contains(code), "{code} was sold twice");
    }
    sold.extend(after_restore);
    if !pushed_before_restore {
        central.start_again().await?;
    }
    let status = shop.settle().await?;
    ensure!(status["quarantined"].is_null(), "a restored backup is no fork: {status}");

    // Every code that a customer was shown can be redeemed, also those the backup did not know.
    for code in &sold {
        let (status, answer) = redeem(&central, code).await?;
        assert_eq!(status, 200, "{code}: {answer}");
    }
    shop.settle().await?;
    let after = equation(&shop.call("credit_overview", Value::Null).await?)?;
    assert_eq!(after[0], before[0]);
    let listed = serials(&shop).await?;
    assert_eq!(listed.iter().collect::<HashSet<_>>().len(), listed.len(), "a serial stands twice: {listed:?}");
    central.run(&["verify"])?;
    Ok(())
}

/// A copy of the whole device, vault and all, sells beside the first.
async fn copied(engine: Engine) -> Result<()> {
    let mut central = Central::start(engine).await?;
    let folder = tempfile::tempdir()?;
    let (desk, copy) = (folder.path().join("1"), folder.path().join("2"));
    let shop = Shop::open(&desk).await?;
    shop.sign_in(&central.url(), SHOP.username, SHOP.password).await?;
    let plan = shop.cheapest_plan().await?;
    shop.settle().await?;
    shop.kill()?;
    copy_files(&desk, &copy, everything_in(&desk)?)?;

    central.stop().await?;
    let (shop, twin) = (Shop::open(&desk).await?, Shop::open(&copy).await?);
    let first = shop.sell(&plan, 1).await?;
    let second = twin.sell(&plan, 1).await?;
    assert_eq!(first, second, "a whole copy cannot know better while it is offline");
    // Whichever reaches Central first is believed, and both look for it by themselves.
    twin.kill()?;

    central.start_again().await?;
    shop.settle().await?;
    let twin = Shop::open(&copy).await?;
    let mut status = Value::Null;
    twin.until("the copy is found", async || {
        status = twin.call("sync_now", Value::Null).await?;
        Ok(!status["quarantined"].is_null())
    })
    .await?;
    let refused = twin.refusal("sell", Shop::sale(&plan, 1)).await?;
    ensure!(["device_forked", "device_quarantined"].contains(&refused.code.as_str()), "{}", refused.answer);
    central.run(&["verify"])?;
    Ok(())
}

#[tokio::test]
async fn a_restored_backup_numbers_nothing_twice_when_central_has_the_rest() -> Result<()> {
    within(Duration::from_mins(4), restored(Engine::Sqlite, true)).await
}

#[tokio::test]
async fn a_restored_backup_numbers_nothing_twice_when_the_rest_is_lost() -> Result<()> {
    within(Duration::from_mins(4), restored(Engine::Postgres, false)).await
}

#[tokio::test]
async fn a_second_copy_is_caught_on_sqlite() -> Result<()> {
    within(Duration::from_mins(4), copied(Engine::Sqlite)).await
}

#[tokio::test]
async fn a_second_copy_is_caught_on_postgres() -> Result<()> {
    within(Duration::from_mins(4), copied(Engine::Postgres)).await
}
