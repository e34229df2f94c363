//! One of two Central processes dies under load: clients move over, nothing is lost and nothing happens twice; and what
//! both do with time happens once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use counterfoil_system_tests::{Shop, equation, fresh_id};
use counterfoil_testkit::balancer::Balancer;
use counterfoil_testkit::central::{Central, Engine, SHOP};
use counterfoil_testkit::postgres::psql;
use counterfoil_testkit::within;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use uuid::Uuid;

const SHOPS: usize = 3;
const EACH: usize = 24;
const ACTIVATIONS: &str = "SELECT COUNT(*) FROM transfer WHERE kind = 'activation'";
const PATIENCE: Duration = Duration::from_mins(1);

/// Sells one by one and says each code. An empty lease is no end: the next sync brings another.
async fn seller(shop: &Shop, plan: &str, sold: mpsc::UnboundedSender<String>) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    let mut count = 0;
    while count < EACH {
        ensure!(Instant::now() < deadline, "sold only {count} in time");
        match shop.attempt("sell", Shop::sale(plan, 1)).await? {
            Ok(sale) => {
                count += 1;
                sold.send(sale["codes"][0]["code"].as_str().context("a code")?.to_owned())?;
            }
            // The sync may meet the killed process: then the next one.
            Err(refused) if refused.code == "insufficient_lease" => {
                shop.attempt("sync_now", Value::Null).await?.ok();
            }
            Err(refused) => bail!("not sold: {}", refused.answer),
        }
    }
    Ok(())
}

/// Redeems as a customer does whose page did not load: the same again, until there is an answer.
async fn redeem_until_answered(url: &str, code: &str, account: Uuid) -> Result<(u16, Value)> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        let request = reqwest::Client::new()
            .post(format!("{url}/api/v1/public/activations"))
            .json(&json!({ "code": code, "account_id": account }));
        let Ok(answer) = request.send().await else { continue };
        let status = answer.status().as_u16();
        let Ok(body) = answer.json().await else { continue };
        if status < 500 {
            return Ok((status, body));
        }
    }
    bail!("{code} got no answer")
}

/// Redeems every code that is sold, and kills the first Central when half of them are.
async fn customers(
    url: &str,
    dying: &mut Central,
    mut sold: mpsc::UnboundedReceiver<String>,
) -> Result<Vec<(String, Uuid)>> {
    let redeemed = AtomicUsize::new(0);
    let mut done = Vec::new();
    let mut under_way = tokio::task::JoinSet::new();
    let mut killed = false;
    loop {
        tokio::select! {
            Some(code) = sold.recv() => {
                let (url, account) = (url.to_owned(), fresh_id());
                under_way.spawn(async move {
                    let answer = redeem_until_answered(&url, &code, account).await;
                    (code, account, answer)
                });
            }
            Some(joined) = under_way.join_next() => {
                let (code, account, answer) = joined?;
                let (status, body) = answer?;
                ensure!(status == 200, "{code}: {status} {body}");
                done.push((code, account));
                if redeemed.fetch_add(1, Ordering::Relaxed) + 1 >= SHOPS * EACH / 2 && !killed {
                    killed = true;
                    dying.kill()?;
                }
            }
            else => break,
        }
    }
    ensure!(killed, "the kill came in the middle");
    Ok(done)
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
    let mut shops = Vec::new();
    for number in 0..SHOPS {
        let shop = Shop::open(&folder.path().join(number.to_string())).await?;
        shop.sign_in(&balancer.url(), SHOP.username, SHOP.password).await?;
        shop.settle().await?;
        shops.push(shop);
    }
    let plan = shops[0].cheapest_plan().await?;
    let before = equation(&shops[0].call("credit_overview", Value::Null).await?)?;
    let activations = figure(&b, ACTIVATIONS)?;
    let given = balancer.given();
    ensure!(given.iter().all(|count| *count > 0), "both serve: {given:?}");

    let (sender, receiver) = mpsc::unbounded_channel();
    let selling = async {
        let sellers = shops.iter().map(|shop| seller(shop, &plan, sender.clone()));
        let outcome = futures_util::future::try_join_all(sellers).await;
        drop(sender);
        outcome
    };
    let url = balancer.url();
    let (sold, redeemed) = tokio::join!(selling, customers(&url, &mut a, receiver));
    sold?;
    let redeemed = redeemed?;
    assert_eq!(redeemed.len(), SHOPS * EACH, "every code that was sold was redeemed");

    for shop in &shops {
        shop.settle().await?;
    }
    shops[0].settle().await?;
    let after = equation(&shops[0].call("credit_overview", Value::Null).await?)?;
    let cost = figure(&b, "SELECT MIN(cost) FROM lease_slot WHERE cost > 0")?;
    let all = i64::try_from(SHOPS * EACH)?;
    assert_eq!((after[0], after[3]), (before[0], before[3] + all * cost), "each was paid once");
    for (code, account) in &redeemed {
        let (status, answer) = redeem_until_answered(&url, code, *account).await?;
        assert_eq!((status, &answer["repeated"]), (200, &json!(true)), "{code} belongs to who redeemed it");
    }
    assert_eq!(figure(&b, ACTIVATIONS)?, activations + all, "each was consumed once");
    b.run(&["verify"])?;
    for shop in shops {
        shop.kill()?;
    }
    jobs(&mut a, &mut b).await
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
