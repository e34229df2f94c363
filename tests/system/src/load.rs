//! Shops that sell and customers who redeem, while something happens to Central.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use uuid::Uuid;

use crate::{Shop, fresh_id};

const PATIENCE: Duration = Duration::from_mins(1);

/// Customers who are asking at the same time.
const AT_ONCE: usize = 12;

/// What shops say to customers. Shops wait when there are more codes than customers, so that the load is even.
pub fn counter() -> (Sender<String>, Receiver<String>) {
    channel(AT_ONCE)
}

/// How long a shop sells.
#[derive(Clone, Copy)]
pub struct Shift<'a> {
    /// So many codes, and not fewer.
    pub at_least: usize,
    /// And until this is set.
    pub until: Option<&'a AtomicBool>,
}

/// Sells one by one and says each code; returns how many. An empty lease is no end: the next sync brings another.
pub async fn sell(shop: &Shop, plan: &str, shift: Shift<'_>, sold: Sender<String>) -> Result<usize> {
    let deadline = Instant::now() + PATIENCE;
    let mut count = 0;
    while count < shift.at_least || shift.until.is_some_and(|over| !over.load(Ordering::SeqCst)) {
        ensure!(Instant::now() < deadline, "sold only {count} in time");
        match shop.attempt("sell", Shop::sale(plan, 1)).await? {
            Ok(sale) => {
                count += 1;
                sold.send(sale["codes"][0]["code"].as_str().context("a code")?.to_owned()).await?;
            }
            // The sync may meet a process that ends: then the next one.
            Err(refused) if refused.code == "insufficient_lease" => {
                shop.attempt("sync_now", Value::Null).await?.ok();
            }
            Err(refused) => bail!("not sold: {}", refused.answer),
        }
    }
    Ok(count)
}

/// What a customer was told in the end.
pub struct Answered {
    pub status: u16,
    pub body: Value,
    /// How often it asked.
    pub tries: usize,
}

/// A code and who redeemed it.
pub struct Redeemed {
    pub code: String,
    pub account: Uuid,
    pub tries: usize,
}

/// Redeems as a customer does whose page did not load: the same again, until there is an answer.
pub async fn redeem_until_answered(url: &str, code: &str, account: Uuid) -> Result<Answered> {
    let deadline = Instant::now() + PATIENCE;
    let mut tries = 0;
    while Instant::now() < deadline {
        tries += 1;
        let request = reqwest::Client::new()
            .post(format!("{url}/api/v1/public/activations"))
            .json(&json!({ "code": code, "account_id": account }));
        let Ok(answer) = request.send().await else { continue };
        let status = answer.status().as_u16();
        let Ok(body) = answer.json().await else { continue };
        if status < 500 {
            return Ok(Answered { status, body, tries });
        }
    }
    bail!("{code} got no answer")
}

/// Redeems every code that is sold, many at a time, and says after each how many they are.
pub async fn customers(
    url: &str,
    mut sold: Receiver<String>,
    mut redeemed: impl FnMut(usize) -> Result<()>,
) -> Result<Vec<Redeemed>> {
    let mut done = Vec::new();
    let mut under_way = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            Some(code) = sold.recv(), if under_way.len() < AT_ONCE => {
                let (url, account) = (url.to_owned(), fresh_id());
                under_way.spawn(async move {
                    let answer = redeem_until_answered(&url, &code, account).await;
                    (code, account, answer)
                });
            }
            Some(joined) = under_way.join_next() => {
                let (code, account, answer) = joined?;
                let Answered { status, body, tries } = answer?;
                ensure!(status == 200, "{code}: {status} {body}");
                done.push(Redeemed { code, account, tries });
                redeemed(done.len())?;
            }
            else => return Ok(done),
        }
    }
}

/// Each customer asks once more, and is told that the code is its own.
pub async fn still_redeemed(url: &str, redeemed: &[Redeemed]) -> Result<()> {
    for Redeemed { code, account, .. } in redeemed {
        let Answered { status, body, .. } = redeem_until_answered(url, code, *account).await?;
        ensure!(
            status == 200 && body["repeated"] == true,
            "{code} does not belong to who redeemed it: {status} {body}"
        );
    }
    Ok(())
}
