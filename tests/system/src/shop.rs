//! One shop's desktop: a devhost process on a folder of data.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use counterfoil_testkit::programs::built;
use serde_json::{Value, json};
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(50);

/// Under it the secrets of these shops lie in a sealed file: no keyring is on their session bus.
const PASSPHRASE: &str = "a long passphrase for tests";

/// An id nobody has used.
#[expect(clippy::disallowed_methods, reason = "what stands for the caller mints its ids here")]
pub fn fresh_id() -> Uuid {
    Uuid::now_v7()
}

/// A refusal of the core: its code and the whole answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    pub code: String,
    pub answer: Value,
}

/// A running desktop core. Dropping it kills the process as a power cut would.
pub struct Shop {
    folder: PathBuf,
    process: Child,
    address: String,
    token: String,
    http: reqwest::Client,
}

impl Shop {
    /// Starts on a folder, new or used before, and opens its vault.
    pub async fn open(folder: &Path) -> Result<Self> {
        Self::open_with(folder, &[]).await
    }

    /// The same with further variables in its environment.
    pub async fn open_with(folder: &Path, variables: &[(&str, &OsStr)]) -> Result<Self> {
        let mut process = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "--"])
            .arg(built("counterfoil-devhost")?)
            .arg("--data-dir")
            .arg(folder)
            // Started elsewhere, it finds the built screens by itself; these tests need none.
            .args(["--ui", "."])
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .env_remove("XDG_RUNTIME_DIR")
            .envs(variables.iter().copied())
            .current_dir(folder.parent().context("a folder inside another")?)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the desktop's core")?;
        let mut lines = BufReader::new(process.stdout.take().context("its output was piped")?).lines();
        let opened = lines.next().context("the core ended before it said where it listens")??;
        let (address, token) = opened
            .rsplit_once(' ')
            .and_then(|(_, url)| url.split_once("/?token="))
            .with_context(|| format!("no address in {opened:?}"))?;
        let shop = Self {
            folder: folder.to_owned(),
            process,
            address: address.to_owned(),
            token: token.to_owned(),
            http: reqwest::Client::new(),
        };
        match shop.call("app_state", Value::Null).await?["phase"].as_str() {
            Some("choose_passphrase") => shop.call("choose_passphrase", json!({ "passphrase": PASSPHRASE })).await?,
            Some("locked") => shop.call("unlock", json!({ "passphrase": PASSPHRASE })).await?,
            other => bail!("an unexpected first phase: {other:?}"),
        };
        Ok(shop)
    }

    /// Where its databases are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Calls a command; a refusal is an error of the test.
    pub async fn call(&self, command: &str, arguments: Value) -> Result<Value> {
        self.attempt(command, arguments)
            .await?
            .map_err(|refused| anyhow::anyhow!("{command} was refused: {}", refused.answer))
    }

    /// Calls a command that must be refused.
    pub async fn refusal(&self, command: &str, arguments: Value) -> Result<Refused> {
        match self.attempt(command, arguments).await? {
            Ok(answer) => bail!("{command} was not refused: {answer}"),
            Err(refused) => Ok(refused),
        }
    }

    /// Calls a command, whichever way it goes.
    pub async fn attempt(&self, command: &str, arguments: Value) -> Result<Result<Value, Refused>> {
        let answer = self
            .http
            .post(format!("{}/api/{command}", self.address))
            .bearer_auth(&self.token)
            .json(&arguments)
            .timeout(PATIENCE * 2)
            .send()
            .await?;
        let succeeded = answer.status().is_success();
        let answer: Value = answer.json().await?;
        if succeeded {
            return Ok(Ok(answer));
        }
        let code = answer["code"].as_str().context("a refusal has a code")?.to_owned();
        Ok(Err(Refused { code, answer }))
    }

    /// Signs in and enrols this desktop.
    pub async fn sign_in(&self, central: &str, username: &str, password: &str) -> Result<Value> {
        let device = format!("Till {}", self.folder.file_name().unwrap_or_default().to_string_lossy());
        let arguments = json!({
            "url": central,
            "audience": "reseller",
            "username": username,
            "password": password,
            "device_name": device,
        });
        self.call("sign_in", arguments).await
    }

    /// What a sale asks for, under an id of its own.
    pub fn sale(plan_id: &str, quantity: u32) -> Value {
        json!({ "sale_id": fresh_id(), "plan_id": plan_id, "quantity": quantity })
    }

    /// Sells and returns the codes as they are printed.
    pub async fn sell(&self, plan_id: &str, quantity: u32) -> Result<Vec<String>> {
        let sale = self.call("sell", Self::sale(plan_id, quantity)).await?;
        let codes = sale["codes"].as_array().context("a sale has codes")?;
        codes.iter().map(|code| Ok(code["code"].as_str().context("a code has a text")?.to_owned())).collect()
    }

    /// The id of the plan with the lowest cost.
    pub async fn cheapest_plan(&self) -> Result<String> {
        let page = self.call("sell_page", Value::Null).await?;
        let plans = page["plans"].as_array().context("the page lists plans")?;
        let cheapest = plans.iter().min_by_key(|plan| plan["cost"]["value"].as_i64()).context("there is a plan")?;
        Ok(cheapest["plan_id"].as_str().context("a plan has an id")?.to_owned())
    }

    /// Syncs until nothing is unsent, and returns the status.
    pub async fn settle(&self) -> Result<Value> {
        let mut status = Value::Null;
        let settled = self
            .until("everything is sent", async || {
                status = self.call("sync_now", Value::Null).await?;
                Ok(status["unsent"] == 0 && status["connection"]["state"] == "online" && status["syncing"] == false)
            })
            .await;
        settled.with_context(|| format!("the last status was {status}"))?;
        Ok(status)
    }

    /// Asks until it is so, for a limited time.
    pub async fn until(&self, what: &str, mut ask: impl AsyncFnMut() -> Result<bool>) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !ask().await? {
            ensure!(Instant::now() < deadline, "waited {} s in vain until {what}", PATIENCE.as_secs());
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// Ends the process as a power cut would; its folder stays.
    pub fn kill(mut self) -> Result<()> {
        self.end()
    }

    /// The same for a shop that somebody holds: whatever it is asked from now on fails.
    pub fn end(&mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
