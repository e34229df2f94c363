//! Central is lost and comes back from a backup of before: what the shops sold since is sold, and the books are exact.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use counterfoil_system_tests::{Shop, equation, fresh_id, redeem, redeem_for};
use counterfoil_testkit::central::{Central, Engine, SHOP};
use counterfoil_testkit::within;
use serde_json::{Value, json};

async fn open_shop(folder: &Path, central: &Central) -> Result<Shop> {
    let shop = Shop::open(folder).await?;
    shop.sign_in(&central.url(), SHOP.username, SHOP.password).await?;
    shop.settle().await?;
    Ok(shop)
}

async fn books(shop: &Shop) -> Result<[i64; 4]> {
    shop.settle().await?;
    equation(&shop.call("credit_overview", Value::Null).await?)
}

/// The backup is only a database again when somebody says so. A dump of PostgreSQL is loaded into an empty one.
async fn restore(central: &mut Central, engine: Engine, backup: &Path) -> Result<()> {
    central.kill()?;
    central.restore_from(backup)?;
    if engine == Engine::Sqlite {
        let refused = central.start_again().await.err().context("a copy must not serve")?.to_string();
        ensure!(refused.contains("this database is a backup"), "{refused}");
    }
    central.run(&["restored"])?;
    central.start_again().await
}

async fn story(engine: Engine) -> Result<()> {
    let mut central = Central::start(engine).await?;
    let folder = tempfile::tempdir()?;
    let shop = open_shop(&folder.path().join("1"), &central).await?;
    let quiet = open_shop(&folder.path().join("2"), &central).await?;
    let plan = shop.cheapest_plan().await?;
    let mut early = shop.sell(&plan, 2).await?;
    early.extend(quiet.sell(&plan, 1).await?);
    books(&shop).await?;
    books(&quiet).await?;
    let backup = folder.path().join("backup");
    central.run(&["backup", "--to", backup.to_str().context("a path of text")?])?;
    // What the backup holds is forgotten here.
    books(&shop).await?;

    // More than the first lease holds: the rest comes from one that the backup does not know.
    let mut late = shop.sell(&plan, 9).await?;
    shop.settle().await?;
    late.extend(shop.sell(&plan, 4).await?);
    shop.settle().await?;
    // Nor does it know this desktop.
    let newcomer = open_shop(&folder.path().join("3"), &central).await?;
    late.extend(newcomer.sell(&plan, 2).await?);
    newcomer.settle().await?;
    let customer = fresh_id();
    let (status, answer) = redeem_for(&central, &late[0], customer).await?;
    assert_eq!(status, 200, "{answer}");
    let before = books(&shop).await?;

    restore(&mut central, engine, &backup).await?;
    // Neither has anything to send, and both find out.
    shop.settle().await?;
    quiet.settle().await?;
    // Central does not know this one: it is enrolled again at its sign-in, as the same device.
    newcomer.sign_in(&central.url(), SHOP.username, SHOP.password).await?;
    newcomer.settle().await?;
    assert_eq!(books(&shop).await?, before, "the same credit, reserved and spent, to the unit");
    for shop in [&shop, &quiet, &newcomer] {
        let status = shop.call("app_state", Value::Null).await?;
        ensure!(status["quarantined"].is_null(), "no copy, only a restored Central: {status}");
        let queue = shop.call("queue_page", Value::Null).await?;
        assert_eq!(queue["items"].as_array().map(Vec::len), Some(0), "nothing was refused: {queue}");
    }
    central.run(&["verify"])?;

    // The redemption was Central's own and is gone with it: the same customer gets the term again.
    let (status, again) = redeem_for(&central, &late[0], customer).await?;
    assert_eq!(status, 200, "{again}");
    for code in late.iter().skip(1).chain(&early) {
        let (status, answer) = redeem(&central, code).await?;
        assert_eq!(status, 200, "{code}: {answer}");
        let (status, answer) = redeem(&central, code).await?;
        assert_eq!((status, answer["code"].as_str()), (409, Some("already_activated")), "{code}");
    }
    // All three go on selling, and the first backup of the new time does its work, too.
    central.run(&["backup", "--to", folder.path().join("next").to_str().context("a path of text")?])?;
    for shop in [&shop, &quiet, &newcomer] {
        let code = shop.sell(&plan, 1).await?.remove(0);
        shop.settle().await?;
        assert_eq!(redeem(&central, &code).await?.0, 200, "{code}");
    }
    let after = books(&shop).await?;
    assert_eq!(after[0], before[0]);
    central.run(&["verify"])?;
    Ok(())
}

/// The operator has only a backup older than the newest: what devices forgot by then is lost to the log, and nothing else.
async fn too_old(engine: Engine) -> Result<()> {
    let mut central = Central::start(engine).await?;
    let folder = tempfile::tempdir()?;
    let shop = open_shop(&folder.path().join("1"), &central).await?;
    let plan = shop.cheapest_plan().await?;
    let first = folder.path().join("first");
    central.run(&["backup", "--to", first.to_str().context("a path of text")?])?;
    let mut sold = Vec::new();
    for _ in 0..3 {
        sold.extend(shop.sell(&plan, 1).await?);
    }
    shop.settle().await?;
    central.run(&["backup", "--to", folder.path().join("second").to_str().context("a path of text")?])?;
    // Now the desktop forgets the three; and sells one that no backup has.
    shop.settle().await?;
    sold.extend(shop.sell(&plan, 1).await?);
    shop.settle().await?;

    restore(&mut central, engine, &first).await?;
    shop.settle().await?;
    sold.extend(shop.sell(&plan, 1).await?);
    let status = shop.settle().await?;
    ensure!(status["quarantined"].is_null(), "{status}");
    for code in &sold {
        let (status, answer) = redeem(&central, code).await?;
        assert_eq!(status, 200, "{code}: {answer}");
    }
    shop.settle().await?;
    let queue = shop.call("queue_page", Value::Null).await?;
    assert_eq!(queue["items"], json!([]), "{queue}");
    central.run(&["verify"])?;
    Ok(())
}

#[tokio::test]
async fn a_restored_central_has_everything_again_on_sqlite() -> Result<()> {
    within(Duration::from_mins(4), story(Engine::Sqlite)).await
}

#[tokio::test]
async fn a_restored_central_has_everything_again_on_postgres() -> Result<()> {
    within(Duration::from_mins(4), story(Engine::Postgres)).await
}

#[tokio::test]
async fn a_backup_older_than_the_newest_loses_no_code() -> Result<()> {
    within(Duration::from_mins(4), too_old(Engine::Sqlite)).await
}
