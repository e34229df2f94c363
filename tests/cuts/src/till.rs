//! The client: a folder, its secrets, and the core that is open on them.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use counterfoil_client::{Client, MemoryStore, OpenOptions, api};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::clock::StoppedClock;
use crate::store::{copy_files, empty};

/// One device.
pub struct Till {
    folder: TempDir,
    secrets: MemoryStore,
    client: Option<Arc<Client>>,
}

/// A copy of everything a device has.
pub struct KeptTill {
    folder: TempDir,
    secrets: MemoryStore,
}

impl Till {
    pub async fn new() -> Result<Self> {
        let mut till = Self { folder: crate::folder()?, secrets: MemoryStore::default(), client: None };
        till.open().await?;
        Ok(till)
    }

    pub async fn open(&mut self) -> Result<()> {
        ensure!(self.client.is_none(), "it is open already");
        let options = OpenOptions::new(self.folder.path(), "0.0.0")
            .with_clock(Arc::new(StoppedClock))
            .with_secrets_in_memory(self.secrets.clone());
        self.client = Some(Client::open(options).await?);
        Ok(())
    }

    pub async fn close(&mut self) -> Result<()> {
        self.client.take().context("it is not open")?.shutdown().await;
        Ok(())
    }

    /// A copy of everything; the core is closed for it and opened again.
    pub async fn keep(&mut self) -> Result<KeptTill> {
        self.close().await?;
        let folder = crate::folder()?;
        copy_files(self.folder.path(), folder.path())?;
        let kept = KeptTill { folder, secrets: self.secrets.fork() };
        self.open().await?;
        Ok(kept)
    }

    /// Back to a copy.
    pub async fn go_back(&mut self, to: &KeptTill) -> Result<()> {
        if self.client.is_some() {
            self.close().await?;
        }
        empty(self.folder.path())?;
        copy_files(to.folder.path(), self.folder.path())?;
        self.secrets = to.secrets.fork();
        self.open().await
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Calls a command, as a page does.
    pub async fn call(&self, command: &str, arguments: Value) -> Result<Value> {
        let client = self.client.as_ref().context("it is not open")?;
        let answer = api::call(client, command, arguments).await;
        answer.map_err(|error| anyhow::anyhow!("{command} was refused: {error}"))
    }

    pub async fn sign_in(&self, url: &str) -> Result<()> {
        let arguments = json!({ "url": url, "audience": "reseller", "username": "shop",
            "password": crate::central::PASSWORD, "device_name": "Till 1" });
        self.call("sign_in", arguments).await.map(|_| ())
    }

    /// Sells and returns the codes as they are printed.
    pub async fn sell(&self, plan: &str, quantity: u32) -> Result<Vec<String>> {
        let sale = json!({ "sale_id": crate::central::id(), "plan_id": plan, "quantity": quantity });
        let sale = self.call("sell", sale).await?;
        let codes = sale["codes"].as_array().context("a sale has codes")?;
        codes.iter().map(|code| Ok(code["code"].as_str().context("a code has a text")?.to_owned())).collect()
    }

    /// Voids the code with this serial.
    pub async fn void(&self, serial: &str) -> Result<()> {
        let request = json!({ "filter": { "search": serial, "states": [] }, "page": { "limit": 10 } });
        let page = self.call("codes_page", request).await?;
        let id = page["rows"][0]["code_id"].as_str().with_context(|| format!("no code {serial}: {page}"))?;
        self.call("void_codes", json!({ "code_ids": [id] })).await.map(|_| ())
    }

    /// Closes its open lease.
    pub async fn close_lease(&self) -> Result<()> {
        let overview = self.call("credit_overview", Value::Null).await?;
        let leases = overview["leases"].as_array().context("leases")?;
        let open = leases.iter().find(|lease| lease["state"] == "open").context("no open lease")?;
        self.call("close_lease", json!({ "lease_id": open["lease_id"] })).await.map(|_| ())
    }

    /// Funded, available, reserved and spent, as its page shows them.
    pub async fn figures(&self) -> Result<Value> {
        let page = self.call("credit_overview", Value::Null).await?;
        Ok(json!([page["funded"], page["available"], page["reserved"], page["spent"]]))
    }

    /// One sync; an error when it did not reach its end with everything sent.
    pub async fn sync(&self) -> Result<()> {
        let status = self.call("sync_now", Value::Null).await?;
        let done = status["unsent"] == 0 && status["connection"]["state"] == "online";
        ensure!(done, "not everything is sent: {status}");
        Ok(())
    }
}
