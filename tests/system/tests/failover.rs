//! One of two Central processes dies under load: clients move over, nothing is lost and nothing happens twice; and what
//! both do with time happens once.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use counterfoil_system_tests::load::{Shift, counter, customers, sell, still_redeemed};
use counterfoil_system_tests::{Follower, Pulled, Shop, equation};
use counterfoil_testkit::balancer::Balancer;
use counterfoil_testkit::central::{Central, Engine, SHOP};
use counterfoil_testkit::postgres::psql;
use counterfoil_testkit::within;
use serde_json::Value;

const SHOPS: usize = 3;
const EACH: usize = 24;
const ACTIVATIONS: &str = "SELECT COUNT(*) FROM transfer WHERE kind = 'activation'";
const PATIENCE: Duration = Duration::from_mins(1);

/// Reads the feed by turns through both, as long as there is load; a process that is gone is passed over. How many
/// pages each gave, and how many it gave after the other was gone.
async fn follow(follower: &mut Follower, urls: &[String; 2], over: &AtomicBool) -> Result<[usize; 3]> {
    let [mut first, mut second, mut alone] = [0; 3];
    while !over.load(Ordering::SeqCst) {
        let there = follower.pull(&urls[0]).await? != Pulled::NoAnswer;
        first += usize::from(there);
        ensure!(follower.pull(&urls[1]).await? != Pulled::NoAnswer, "the second process is there all the time");
        second += 1;
        alone += usize::from(!there);
    }
    Ok([first, second, alone])
}

/// One figure of the database.
fn figure(central: &Central, sql: &str) -> Result<i64> {
    Ok(psql(central.database_url(), sql)?.parse()?)
}

async fn story() -> Result<()> {
    let mut a = Central::start(Engine::Postgres).await?;
    let mut b = a.beside().await?;
    let balancer = Balancer::before(&[a.port(), b.port()]).await?;
    let folder = tempfile::tempdir()?;
    let shops = open_shops(folder.path(), &balancer.url()).await?;
    let plan = shops[0].cheapest_plan().await?;
    let before = equation(&shops[0].call("credit_overview", Value::Null).await?)?;
    let activations = figure(&b, ACTIVATIONS)?;
    let given = balancer.given();
    ensure!(given.iter().all(|count| *count > 0), "both serve: {given:?}");

    let mut follower = Follower::enrol(&b.url(), SHOP).await?;
    let (urls, over) = ([a.url(), b.url()], AtomicBool::new(false));

    let (sender, receiver) = counter();
    let selling = async {
        let shift = Shift { at_least: EACH, until: None };
        let sellers = shops.iter().map(|shop| sell(shop, &plan, shift, sender.clone()));
        let outcome = futures_util::future::try_join_all(sellers).await;
        drop(sender);
        outcome
    };
    let url = balancer.url();
    let redeeming = async {
        let mut killed = false;
        let outcome = customers(&url, receiver, |count| {
            if count >= SHOPS * EACH / 2 && !killed {
                killed = true;
                a.kill()?;
            }
            Ok(())
        });
        let outcome = outcome.await;
        over.store(true, Ordering::SeqCst);
        outcome
    };
    let (sold, redeemed, pages) = tokio::join!(selling, redeeming, follow(&mut follower, &urls, &over));
    sold?;
    let (redeemed, [first, second, alone]) = (redeemed?, pages?);
    assert_eq!(redeemed.len(), SHOPS * EACH, "every code that was sold was redeemed");
    ensure!(first > 0 && alone > 0 && second > 0, "the kill came while it read: {first} {second} {alone}");

    for shop in &shops {
        shop.settle().await?;
    }
    shops[0].settle().await?;
    let after = equation(&shops[0].call("credit_overview", Value::Null).await?)?;
    let cost = figure(&b, "SELECT MIN(cost) FROM lease_slot WHERE cost > 0")?;
    let all = i64::try_from(SHOPS * EACH)?;
    assert_eq!((after[0], after[3]), (before[0], before[3] + all * cost), "each was paid once");
    still_redeemed(&url, &redeemed).await?;
    live_again(&shops).await?;
    // Whoever reads everything at one process has what was read by turns at two.
    let mut whole = Follower::enrol(&b.url(), SHOP).await?;
    let version = whole.pull_all(&b.url()).await?;
    assert_eq!(follower.pull_all(&b.url()).await?, version);
    assert_eq!(follower.rows(), whole.rows());
    assert_eq!(figure(&b, ACTIVATIONS)?, activations + all, "each was consumed once");
    b.run(&["verify"])?;
    for shop in shops {
        shop.kill()?;
    }
    jobs(&mut a, &mut b).await
}

async fn open_shops(folder: &Path, url: &str) -> Result<Vec<Shop>> {
    let mut shops = Vec::new();
    for number in 0..SHOPS {
        let shop = Shop::open(&folder.join(number.to_string())).await?;
        shop.sign_in(url, SHOP.username, SHOP.password).await?;
        shop.settle().await?;
        shops.push(shop);
    }
    Ok(shops)
}

/// Their streams hung on both; now all are at the one that is left.
async fn live_again(shops: &[Shop]) -> Result<()> {
    for shop in shops {
        shop.until(
            "its live stream is back",
            async || Ok(shop.call("status", Value::Null).await?["updates"] == "live"),
        )
        .await?;
    }
    Ok(())
}

/// What both processes do when they start is done once.
async fn jobs(a: &mut Central, b: &mut Central) -> Result<()> {
    b.stop().await?;
    let url = b.database_url().to_owned();
    psql(&url, "UPDATE lease SET settle_until = 1 WHERE released_at IS NULL")?;
    psql(&url, "UPDATE code SET redeem_by = 1 WHERE state IN ('sold', 'held')")?;
    let leases = figure(b, "SELECT COUNT(*) FROM lease WHERE released_at IS NULL")?;
    let codes = figure(b, "SELECT COUNT(*) FROM code WHERE state IN ('sold', 'held')")?;
    ensure!(leases >= i64::try_from(SHOPS)? && codes > 0, "{leases} leases and {codes} codes are due");

    let (one, two) = tokio::join!(a.start_again(), b.start_again());
    one?;
    two?;
    let deadline = Instant::now() + PATIENCE;
    let left = "SELECT (SELECT COUNT(*) FROM lease WHERE released_at IS NULL)
        + (SELECT COUNT(*) FROM code WHERE state IN ('sold', 'held'))";
    while figure(b, left)? > 0 {
        ensure!(Instant::now() < deadline, "the jobs did not end: {}\n{}", a.log(), b.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // A batch is told after its last commit; stopping waits for nothing but requests.
    let told = |job: &str| done(&a.log(), job) + done(&b.log(), job);
    while told("lease expiry") < leases || told("code expiry") < codes {
        ensure!(Instant::now() < deadline, "not all was told: {}\n{}", a.log(), b.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!((told("lease expiry"), told("code expiry")), (leases, codes), "each by one of the two");
    let released = figure(b, "SELECT COUNT(*) FROM transfer WHERE source_event LIKE 'lease/%/expiry'")?;
    ensure!(released <= leases, "{released} releases of {leases} leases");
    b.run(&["verify"])?;
    Ok(())
}

/// How many rows a job did, by a log.
fn done(log: &str, job: &str) -> i64 {
    let lines = log.lines().filter(|line| line.contains("job done") && line.contains(job));
    lines.filter_map(|line| line.split("count=").nth(1)?.split_whitespace().next()?.parse::<i64>().ok()).sum()
}

#[tokio::test]
async fn a_central_killed_under_load_loses_and_doubles_nothing() -> Result<()> {
    within(Duration::from_mins(4), story()).await
}
