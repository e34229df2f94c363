//! The client as a shop has it: its functions in a process of its own, with its databases and the keyring of a desk,
//! called the way the screens call them.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use counterfoil_testkit::central::{ADMIN, SHOP, SignIn};
use counterfoil_testkit::desk::Desk;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::server::{folder, program};

const PROGRAM: &str = "counterfoil-devhost";
/// A first sync of a million rows, on a machine that does other things besides.
const PATIENCE: Duration = Duration::from_mins(5);

/// A running client. Dropping it ends it and leaves its folder to whoever gave it.
pub(crate) struct Till {
    process: Child,
    http: reqwest::Client,
    runtime: Runtime,
    address: String,
    token: String,
}

impl Till {
    /// Opens the client on a folder of its own or one it left.
    pub(crate) fn open(desk: &Desk, data: &Path) -> Result<Self> {
        let mut process = desk
            .command(&program(PROGRAM)?)
            .arg("--data-dir")
            .arg(data)
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the client")?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("its output was piped")?).read_line(&mut line)?;
        let (address, token) = line
            .trim()
            .strip_prefix("Open ")
            .and_then(|url| url.split_once("/?token="))
            .with_context(|| format!("the client said {line:?}"))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let http = reqwest::Client::builder().timeout(PATIENCE).build()?;
        Ok(Self { process, http, runtime, address: address.to_owned(), token: token.to_owned() })
    }

    /// One function of the command list.
    pub(crate) fn call(&self, command: &str, arguments: &Value) -> Result<Value> {
        self.runtime.block_on(async {
            let request = self.http.post(format!("{}/api/{command}", self.address)).bearer_auth(&self.token);
            let answer = request.json(arguments).send().await?;
            let status = answer.status();
            let body = answer.text().await?;
            ensure!(status.is_success(), "{command}: {status}: {body}");
            Ok(serde_json::from_str(&body)?)
        })
    }

    /// Enrols this machine with the sample shop, and returns when its first sync is over.
    pub(crate) fn sign_in(&self, server: &str) -> Result<()> {
        self.sign_in_as(server, "reseller", SHOP)
    }

    /// The same for the operator's administrator, who has the rows of every reseller.
    pub(crate) fn sign_in_as_staff(&self, server: &str) -> Result<()> {
        self.sign_in_as(server, "admin", ADMIN)
    }

    fn sign_in_as(&self, server: &str, audience: &str, person: SignIn) -> Result<()> {
        let state = self.call(
            "sign_in",
            &json!({ "url": server, "audience": audience, "username": person.username, "password": person.password,
                "device_name": "Bench" }),
        )?;
        ensure!(state["phase"] == "ready", "signing in led to {state}");
        Ok(())
    }

    /// How many codes the Codes page shows.
    pub(crate) fn codes(&self) -> Result<u64> {
        let counts = self.call("codes_counts", &json!({ "search": "", "states": [] }))?;
        counts["total"].as_u64().context("a total")
    }

    /// Ends it in order.
    pub(crate) fn close(mut self) -> Result<()> {
        if let Some(pid) = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw) {
            kill_process(pid, Signal::TERM)?;
        }
        let status = self.process.wait()?;
        ensure!(status.success(), "the client ended with {status}");
        Ok(())
    }
}

impl Drop for Till {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Where a client keeps its data, on the disk that holds the build.
pub(crate) struct Data(TempDir);

impl Data {
    pub(crate) fn new() -> Result<Self> {
        folder().map(Self)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The copy of Central's rows that is in use: the file with the highest number.
    pub(crate) fn cache(&self) -> Result<PathBuf> {
        let number = |name: &str| match name.strip_prefix("cache")?.strip_suffix(".db")? {
            "" => Some(0),
            number => number.strip_prefix('-')?.parse::<u64>().ok(),
        };
        let files = std::fs::read_dir(self.path())?.flatten();
        let caches = files.filter_map(|file| Some((number(file.file_name().to_str()?)?, file.path())));
        Ok(caches.max().context("no cache")?.1)
    }
}
