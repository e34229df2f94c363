//! A real desktop process ends, or its disk fails, at a file-system call of one sale. Whatever was shown is there
//! afterwards, no number is given out twice, and the sync goes on.
//!
//! A statement of SQL changes nothing outside the process until a file is written, so a crash at each statement is a
//! crash before the next of these calls.
#![allow(clippy::print_stdout, reason = "says how much was tried")]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use counterfoil_central_platform::clock::SystemClock;
use counterfoil_cuts::{Central, Engine, Kept, PASSWORD, SHOP, copy_files};
use counterfoil_faulty_calls::{At, FOLDER, Fault, SWITCH, Switch};
use counterfoil_system_tests::{Shop, fresh_id};
use counterfoil_testkit::line::Line;
use counterfoil_testkit::programs::built;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A shop with a lease and one sale in the books, and how to come back to there.
struct Start {
    central: Central,
    line: Line,
    folder: TempDir,
    kept: Kept,
    switch: Switch,
    plan: String,
    sold: Vec<String>,
}

impl Start {
    async fn new() -> Result<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut central = Central::new(Engine::Sqlite, Arc::new(SystemClock)).await?;
        let line = Line::new().await?;
        line.lead_to(central.address()?);
        line.mend().await;
        let folder = tempfile::tempdir()?;
        let shop = Shop::open(&folder.path().join("till")).await?;
        shop.sign_in(&line.url(), SHOP, PASSWORD).await?;
        shop.settle().await?;
        let plan = shop.cheapest_plan().await?;
        let sold = shop.sell(&plan, 1).await?;
        shop.settle().await?;
        shop.kill()?;
        line.take_down().await;
        let kept = central.keep().await?;
        let copy = folder.path().join("copy");
        std::fs::create_dir(&copy)?;
        copy_files(&folder.path().join("till"), &copy)?;
        let switch = Switch::new(&folder.path().join("switch"))?;
        Ok(Self { central, line, folder, kept, switch, plan, sold })
    }

    fn till(&self) -> PathBuf {
        self.folder.path().join("till")
    }

    /// The shop's process as it was, its file-system calls in our hands.
    async fn open(&mut self) -> Result<Shop> {
        self.line.take_down().await;
        let address = self.central.go_back(&self.kept).await?;
        self.line.lead_to(address);
        std::fs::remove_dir_all(self.till())?;
        std::fs::create_dir(self.till())?;
        copy_files(&self.folder.path().join("copy"), &self.till())?;
        self.switch.set(At::Never)?;
        let (library, till) = (built("libcounterfoil_faulty_calls.so")?, self.till());
        let switch = self.folder.path().join("switch");
        let variables: [(&str, &OsStr); 3] =
            [("LD_PRELOAD", library.as_ref()), (SWITCH, switch.as_ref()), (FOLDER, till.as_ref())];
        Shop::open_with(&self.till(), &variables).await
    }

    /// How many calls a sale makes. What the process does besides is counted with them, so the least of a few counts.
    async fn count(&mut self) -> Result<u64> {
        let mut least = u64::MAX;
        for _ in 0..3 {
            let shop = self.open().await?;
            self.switch.set(At::OnlyCount)?;
            shop.sell(&self.plan, 1).await?;
            least = least.min(self.switch.calls()?);
        }
        Ok(least)
    }

    async fn fail(&mut self, call: u64, fault: Fault) -> Result<()> {
        let mut shop = self.open().await?;
        let sale = json!({ "sale_id": fresh_id(), "plan_id": self.plan, "quantity": 1 });
        self.switch.set(At::Call(call, fault))?;
        let first = shop.attempt("sell", sale.clone()).await;
        let made = self.switch.calls()?;
        self.switch.set(At::Never)?;
        ensure!(made >= call, "the sale made only {made} calls");
        let shown = first.ok().and_then(Result::ok).map(|answer| texts(&answer)).transpose()?;
        if fault == Fault::End {
            ensure!(shown.is_none(), "a process that had ended answered");
        } else {
            // The disk works again, and so does the process; only then it is restarted.
            let retried = texts(&shop.call("sell", sale.clone()).await?)?;
            ensure!(shown.is_none() || shown.as_ref() == Some(&retried), "shown {shown:?}, then {retried:?}");
        }
        shop.kill()?;
        shop = Shop::open(&self.till()).await?;
        let again = texts(&shop.call("sell", sale).await?)?;
        ensure!(shown.is_none() || shown.as_ref() == Some(&again), "shown {shown:?}, and now {again:?}");
        let next = shop.sell(&self.plan, 1).await?;
        self.check(&shop, &again, &next).await
    }

    async fn check(&self, shop: &Shop, again: &[String], next: &[String]) -> Result<()> {
        let codes: BTreeSet<&String> = self.sold.iter().chain(again).chain(next).collect();
        ensure!(codes.len() == 3, "a number was given out twice: {again:?} {next:?}");
        self.line.mend().await;
        let status = shop.settle().await?;
        ensure!(status["quarantined"].is_null() && status["attention"] == 0, "{status}");
        let request = json!({ "filter": { "search": "", "states": [] }, "page": { "limit": 50 } });
        let page = shop.call("codes_page", request).await?;
        let rows = page["rows"].as_array().context("rows")?;
        let serials: BTreeSet<_> = rows.iter().map(|row| row["serial"].to_string()).collect();
        ensure!((rows.len(), serials.len()) == (3, 3), "{page}");
        for code in codes {
            self.redeem(code).await?;
        }
        shop.settle().await?;
        let credit = shop.call("credit_overview", Value::Null).await?;
        ensure!((&credit["spent"]["value"], &credit["balanced"]) == (&json!(90), &json!(true)), "{credit}");
        let faults = self.central.faults().await?;
        ensure!(faults.is_empty(), "{}", faults.join("; "));
        Ok(())
    }

    async fn redeem(&self, code: &str) -> Result<()> {
        let request = reqwest::Client::new().post(format!("{}/api/v1/public/activations", self.line.url()));
        let answer = request.json(&json!({ "code": code, "account_id": fresh_id() })).send().await?;
        let (status, body) = (answer.status(), answer.text().await?);
        ensure!(status.is_success(), "{code}: {status} {body}");
        Ok(())
    }
}

fn texts(sale: &Value) -> Result<Vec<String>> {
    let codes = sale["codes"].as_array().context("a sale has codes")?;
    codes.iter().map(|code| Ok(code["code"].as_str().context("a code has a text")?.to_owned())).collect()
}

async fn fail_at(pick: impl Fn(u64, u64) -> Vec<Fault>) -> Result<()> {
    let started = Instant::now();
    let mut start = Start::new().await?;
    let calls = start.count().await?;
    ensure!(calls > 10, "a sale makes more than {calls} calls: is the library loaded?");
    let mut failed = 0;
    for call in 1..=calls {
        for fault in pick(call, calls) {
            start.fail(call, fault).await.with_context(|| format!("{fault:?} at call {call} of {calls}"))?;
            failed += 1;
        }
    }
    println!("{calls} calls of one sale, {failed} failures made, all mended, in {} s", started.elapsed().as_secs());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sample_of_all_calls() -> Result<()> {
    fail_at(|call, calls| match call {
        call if call == calls / 2 => vec![Fault::End],
        // Not the last of them: not every sale makes as many.
        call if call == calls * 3 / 4 => vec![Fault::Broken],
        _ => Vec::new(),
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "every call: `make cuts`"]
async fn every_call_of_a_sale() -> Result<()> {
    fail_at(|_, _| vec![Fault::End, Fault::Full, Fault::Broken]).await
}
