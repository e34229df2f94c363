//! Central, the tills and PostgreSQL are ended again and again while devices push and customers redeem; each is started
//! where it was.
#![allow(clippy::print_stdout, reason = "says how much was tried")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use counterfoil_system_tests::{Shop, equation, fresh_id};
use counterfoil_testkit::central::{Central, SHOP};
use counterfoil_testkit::cluster::Cluster;
use counterfoil_testkit::postgres::Database;
use counterfoil_testkit::within;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use uuid::Uuid;

const TILLS: u64 = 2;
const PATIENCE: Duration = Duration::from_mins(2);

/// Numbers from a seed (xorshift), so that the moments of the kills can be had again.
struct Moments(u64);

impl Moments {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn within(&mut self, longest: Duration) -> Duration {
        Duration::from_micros(self.below(u64::try_from(longest.as_micros()).unwrap_or(u64::MAX)))
    }
}

fn number(name: &str, otherwise: u64) -> Result<u64> {
    std::env::var(name).map_or(Ok(otherwise), |text| text.parse().with_context(|| format!("{name}={text}")))
}

/// A shop whose process is ended in the middle of every fourth sale.
struct Till {
    folder: PathBuf,
    shop: Shop,
    plan: String,
    moments: Moments,
    sales: u64,
    kills: u64,
}

impl Till {
    async fn open(folder: &Path, central: &str, moments: Moments) -> Result<Self> {
        let shop = Shop::open(folder).await?;
        shop.sign_in(central, SHOP.username, SHOP.password).await?;
        shop.settle().await?;
        let plan = shop.cheapest_plan().await?;
        Ok(Self { folder: folder.to_owned(), shop, plan, moments, sales: 0, kills: 0 })
    }

    /// Sells, and says each code; syncs as it goes. Whether Central is there does not matter to it.
    async fn work(mut self, stop: Arc<AtomicBool>, sold: mpsc::UnboundedSender<String>) -> Result<Self> {
        while !stop.load(Ordering::SeqCst) {
            let sale = Shop::sale(&self.plan, 1);
            let shown = if self.moments.below(4) == 0 { self.die_selling(&sale).await? } else { None };
            match self.shop.attempt("sell", sale).await? {
                Ok(answer) => {
                    let code = text(&answer)?;
                    ensure!(shown.as_ref().is_none_or(|shown| *shown == code), "shown {shown:?}, and now {code}");
                    self.sales += 1;
                    sold.send(code)?;
                }
                Err(refused) if refused.code == "insufficient_lease" && shown.is_none() => {}
                Err(refused) => bail!("shown {shown:?}, not sold: {}", refused.answer),
            }
            self.shop.attempt("sync_now", Value::Null).await?.ok();
        }
        Ok(self)
    }

    /// The process ends while it sells; the code, if it still was shown.
    async fn die_selling(&mut self, sale: &Value) -> Result<Option<String>> {
        let patience = self.moments.within(Duration::from_millis(60));
        let answer = tokio::time::timeout(patience, self.shop.attempt("sell", sale.clone())).await;
        let shown = answer.ok().transpose()?.and_then(Result::ok).map(|answer| text(&answer)).transpose()?;
        self.shop.end()?;
        self.shop = Shop::open(&self.folder).await?;
        self.kills += 1;
        Ok(shown)
    }
}

fn text(sale: &Value) -> Result<String> {
    Ok(sale["codes"][0]["code"].as_str().context("a code")?.to_owned())
}

/// Redeems as a customer does whose page did not load: the same again, until there is an answer.
async fn redeem(url: &str, code: &str, account: Uuid) -> Result<Value> {
    let http = reqwest::Client::new();
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        let request = http.post(format!("{url}/api/v1/public/activations"));
        let Ok(answer) = request.json(&json!({ "code": code, "account_id": account })).send().await else { continue };
        let status = answer.status();
        let Ok(body) = answer.json().await else { continue };
        if status.is_success() {
            return Ok(body);
        }
        ensure!(status.is_server_error(), "{code}: {status} {body}");
    }
    bail!("{code} got no answer")
}

/// Redeems every code that is sold, and remembers what each customer was told.
async fn customers(url: String, mut sold: mpsc::UnboundedReceiver<String>) -> Result<BTreeMap<String, (Uuid, Value)>> {
    let mut told = BTreeMap::new();
    while let Some(code) = sold.recv().await {
        let account = fresh_id();
        let answer = redeem(&url, &code, account).await?;
        ensure!(told.insert(code.clone(), (account, answer)).is_none(), "{code} was sold twice");
    }
    Ok(told)
}

/// Ends Central or, where there is one, its database, so often.
async fn strike(
    central: &mut Central,
    cluster: &mut Option<Cluster>,
    moments: &mut Moments,
    kills: u64,
) -> Result<u64> {
    let mut stops = 0;
    for _ in 0..kills {
        tokio::time::sleep(moments.within(Duration::from_millis(700))).await;
        match cluster {
            Some(cluster) if moments.below(2) == 0 => {
                cluster.stop_immediately()?;
                tokio::time::sleep(moments.within(Duration::from_millis(200))).await;
                cluster.start()?;
                stops += 1;
            }
            _ => {
                central.kill()?;
                central.start_again().await?;
            }
        }
    }
    Ok(stops)
}

async fn story(mut cluster: Option<Cluster>) -> Result<()> {
    let (seed, kills) = (number("COUNTERFOIL_SEED", 1)?.max(1), number("COUNTERFOIL_KILLS", 24)?);
    let database = cluster.as_ref().map(|cluster| Database::create_in(&cluster.url())).transpose()?;
    let mut central = Central::start_on(database).await?;
    let folder = tempfile::tempdir()?;
    let mut tills = Vec::new();
    for at in 0..TILLS {
        let moments = Moments(seed.wrapping_add(at + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        tills.push(Till::open(&folder.path().join(at.to_string()), &central.url(), moments).await?);
    }
    let before = equation(&tills[0].shop.call("credit_overview", Value::Null).await?)?;
    let (stop, (sold, from)) = (Arc::new(AtomicBool::new(false)), mpsc::unbounded_channel());
    let mut working = tokio::task::JoinSet::new();
    for till in tills {
        working.spawn(till.work(Arc::clone(&stop), sold.clone()));
    }
    drop(sold);
    let customers = tokio::spawn(customers(central.url(), from));
    let stops = strike(&mut central, &mut cluster, &mut Moments(seed), kills).await?;
    stop.store(true, Ordering::SeqCst);
    let tills = working.join_all().await.into_iter().collect::<Result<Vec<_>>>()?;
    let told = customers.await??;
    check(&central, &tills, &told, before).await?;
    let (sales, ended) = tills.iter().fold((0, 0), |(sales, ended), till| (sales + till.sales, ended + till.kills));
    let central = kills - stops;
    println!(
        "seed {seed}: Central killed {central} times, PostgreSQL stopped immediately {stops} times, tills killed in the \
         middle of a sale {ended} times; {sales} sales, each redeemed once, 0 failures"
    );
    Ok(())
}

async fn check(
    central: &Central,
    tills: &[Till],
    told: &BTreeMap<String, (Uuid, Value)>,
    before: [i64; 4],
) -> Result<()> {
    for till in tills {
        till.shop.settle().await?;
    }
    for till in tills {
        let status = till.shop.settle().await?;
        ensure!(status["quarantined"].is_null() && status["attention"] == 0, "{status}");
    }
    // Whatever a customer was told still holds.
    for (code, (account, first)) in told {
        let again = redeem(&central.url(), code, *account).await?;
        ensure!(again["repeated"] == true && again["last_day"] == first["last_day"], "{code}: {first} {again}");
    }
    let sales: u64 = tills.iter().map(|till| till.sales).sum();
    ensure!(u64::try_from(told.len())? == sales && sales > 0, "{sales} sales, {} redeemed", told.len());
    central.run(&["verify"])?;
    let after = equation(&tills[0].shop.call("credit_overview", Value::Null).await?)?;
    ensure!(after[0] == before[0] && after[1] >= 0 && after[2] >= 0, "{before:?} {after:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long: `make cuts`"]
async fn a_central_and_its_tills_killed_again_and_again_on_sqlite() -> Result<()> {
    within(Duration::from_mins(10), story(None)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long: `make cuts`"]
async fn a_central_its_tills_and_postgres_ended_again_and_again() -> Result<()> {
    within(Duration::from_mins(10), story(Some(Cluster::new()?))).await
}
