//! Two Central processes are replaced one after the other while shops sell and customers redeem, and a newer Central
//! changes the schema meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Result, ensure};
use counterfoil_system_tests::load::{Shift, counter, customers, sell, still_redeemed};
use counterfoil_system_tests::{Shop, equation};
use counterfoil_testkit::balancer::Balancer;
use counterfoil_testkit::central::{Central, Engine, SHOP};
use counterfoil_testkit::postgres::psql;
use counterfoil_testkit::within;
use serde_json::Value;
use tokio::sync::watch;

const SHOPS: usize = 2;
const EACH: usize = 12;

/// What a newer Central does when it starts: a migration, and the note of it.
fn migrate_as_newer(central: &Central, version: u32, description: &str, change: &str) -> Result<()> {
    let note = format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES ({version}, '{description}', TRUE, '', 0)"
    );
    psql(central.database_url(), &format!("BEGIN; {change}; {note}; COMMIT"))?;
    Ok(())
}

/// Replaces both, one after the other, when customers have begun.
async fn replace(a: &mut Central, b: &mut Central, mut redeemed: watch::Receiver<usize>) -> Result<()> {
    redeemed.wait_for(|count| *count >= EACH).await?;
    a.stop().await?;
    // The second serves on, and knows nothing of it.
    let added = "ALTER TABLE account ADD COLUMN loyalty BIGINT NOT NULL DEFAULT 0; CREATE TABLE voucher (id BIGINT)";
    migrate_as_newer(b, 9001, "vouchers", added)?;
    // The first comes back, older than the database.
    a.start_again().await?;
    ensure!(a.log().contains("migration=9001"), "it says what it does not know: {}", a.log());
    b.stop().await?;
    b.start_again().await
}

async fn story() -> Result<()> {
    let mut a = Central::start(Engine::Postgres).await?;
    let mut b = a.beside().await?;
    let balancer = Balancer::before(&[a.port(), b.port()]).await?;
    let url = balancer.url();
    let folder = tempfile::tempdir()?;
    let mut shops = Vec::new();
    for number in 0..SHOPS {
        let shop = Shop::open(&folder.path().join(number.to_string())).await?;
        shop.sign_in(&url, SHOP.username, SHOP.password).await?;
        shop.settle().await?;
        shops.push(shop);
    }
    let plan = shops[0].cheapest_plan().await?;
    let before = equation(&shops[0].call("credit_overview", Value::Null).await?)?;

    let (sender, receiver) = counter();
    let (told, redeemed_so_far) = watch::channel(0);
    let replaced = AtomicBool::new(false);
    let selling = async {
        let shift = Shift { at_least: EACH, until: Some(&replaced) };
        let sellers = shops.iter().map(|shop| sell(shop, &plan, shift, sender.clone()));
        let outcome = futures_util::future::try_join_all(sellers).await;
        drop(sender);
        outcome
    };
    let replacing = async {
        let outcome = replace(&mut a, &mut b, redeemed_so_far).await;
        replaced.store(true, Ordering::SeqCst);
        outcome
    };
    let redeeming = customers(&url, receiver, |count| {
        told.send_replace(count);
        Ok(())
    });
    let (sold, redeemed, replacing) = tokio::join!(selling, redeeming, replacing);
    replacing?;
    let (sold, redeemed): (usize, _) = (sold?.into_iter().sum(), redeemed?);
    assert_eq!(redeemed.len(), sold, "every code that was sold was redeemed");
    // Two processes went away; each can have cost a request one try.
    let asked_most = redeemed.iter().map(|redeemed| redeemed.tries).max();
    ensure!(asked_most <= Some(3), "somebody had to ask {asked_most:?} times");

    for shop in &shops {
        shop.settle().await?;
    }
    shops[0].settle().await?;
    let after = equation(&shops[0].call("credit_overview", Value::Null).await?)?;
    let cost: i64 = psql(b.database_url(), "SELECT MIN(cost) FROM lease_slot WHERE cost > 0")?.parse()?;
    assert_eq!((after[0], after[3]), (before[0], before[3] + i64::try_from(sold)? * cost), "each was paid once");
    still_redeemed(&url, &redeemed).await?;
    b.run(&["verify"])?;
    broken_with(&mut [a, b], &shops[0], &plan).await
}

/// A change that older ones cannot live with ends them all, and keeps them out; shops go on selling.
async fn broken_with(centrals: &mut [Central; 2], shop: &Shop, plan: &str) -> Result<()> {
    migrate_as_newer(&centrals[0], 9002, "no vouchers breaking", "DROP TABLE voucher")?;
    for central in centrals {
        let ended = central.ended().await?;
        ensure!(!ended.success(), "it was not asked to stop");
        let reason = "changed by a newer Central (migration 9002)";
        ensure!(central.log().contains(reason), "{}", central.log());
        let refused = central.start_again().await.err().map(|error| error.to_string()).unwrap_or_default();
        ensure!(refused.contains(reason), "{refused}");
    }
    assert_eq!(shop.sell(plan, 1).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn both_are_replaced_under_load_and_nothing_is_lost() -> Result<()> {
    within(Duration::from_mins(3), story()).await
}
