//! A shop's machine: the real client on a disk that fails, with a keyring, a clock and a line of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use counterfoil_client::test_support::{self, Facts};
use counterfoil_client::{Client, Clock, MemoryStore, OpenOptions, api};
use counterfoil_domain::time::Timestamp;
use counterfoil_faulty_disk::{Disk, Fate};
use serde_json::Value;
use tempfile::TempDir;

use crate::central::fast_folder;
use crate::chance::Chance;
use crate::network::{Line, Plug, Street};
use crate::story::{Trouble, Weather};

/// A machine's clocks: one people turn, one that only runs.
#[derive(Debug)]
pub struct MachineClock {
    wall: AtomicI64,
    elapsed: AtomicI64,
}

impl Clock for MachineClock {
    fn wall(&self) -> Timestamp {
        Timestamp(self.wall.load(Ordering::Relaxed))
    }

    fn elapsed(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.elapsed.load(Ordering::Relaxed)).unwrap_or(0))
    }
}

/// A machine that does not run: its files and its keyring.
#[derive(Debug, Clone)]
pub struct Image {
    pub device: usize,
    pub files: Vec<(String, Vec<u8>)>,
    pub secrets: MemoryStore,
}

pub struct Machine {
    pub device: usize,
    folder: TempDir,
    disk: Disk,
    secrets: MemoryStore,
    pub clock: Arc<MachineClock>,
    pub line: Arc<Line>,
    client: Option<Arc<Client>>,
    backups: Vec<Vec<(String, Vec<u8>)>>,
    /// The codes this machine has shown, by its id of each. True while its own list must have it; a restored backup makes
    /// that open until the sync.
    pub listed: BTreeMap<String, bool>,
    pub last_sale: Option<Value>,
    pub(crate) last_delivery: Option<Value>,
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Done(Value),
    Refused(String),
    /// The power went: nobody saw an answer.
    Unknown,
}

impl Machine {
    /// Sets an image up as a machine.
    pub fn new(name: String, image: &Image, street: &Arc<Street>, now: Timestamp) -> Result<Self> {
        let folder = fast_folder("counterfoil-sim-machine-")?;
        write_files(folder.path(), &image.files)?;
        let disk = Disk::at(folder.path());
        let secrets = image.secrets.fork();
        let power = disk.clone();
        secrets.powered_by(move || power.event());
        let line = Line::new(name, Arc::clone(street), disk.clone());
        let clock = MachineClock { wall: AtomicI64::new(now.0), elapsed: AtomicI64::new(0) };
        Ok(Self {
            device: image.device,
            folder,
            disk,
            secrets,
            clock: Arc::new(clock),
            line,
            client: None,
            backups: Vec::new(),
            listed: BTreeMap::new(),
            last_sale: None,
            last_delivery: None,
        })
    }

    /// A machine with nothing on it.
    pub fn blank(device: usize, street: &Arc<Street>, now: Timestamp) -> Result<Self> {
        let image = Image { device, files: Vec::new(), secrets: MemoryStore::default() };
        Self::new(format!("machine-{device}"), &image, street, now)
    }

    fn options(&self) -> OpenOptions {
        let clock: Arc<dyn Clock> = Arc::<MachineClock>::clone(&self.clock);
        OpenOptions::new(self.folder.path(), "0.0.0")
            .with_clock(clock)
            .with_secrets_in_memory(self.secrets.clone())
            .with_network(Arc::new(Plug(Arc::clone(&self.line))))
    }

    /// The client, started if it does not run.
    pub async fn client(&mut self) -> Result<Arc<Client>> {
        if let Some(client) = &self.client {
            return Ok(Arc::clone(client));
        }
        let client = Client::open(self.options()).await.context("a machine starts again")?;
        Ok(Arc::clone(self.client.insert(client)))
    }

    pub async fn stop(&mut self) {
        if let Some(client) = self.client.take() {
            client.shutdown().await;
        }
    }

    /// Runs a command while something goes wrong, and puts it right afterwards.
    pub async fn call(
        &mut self,
        command: &str,
        arguments: Value,
        trouble: Trouble,
        weather: Weather,
        chance: &mut Chance,
    ) -> Result<Outcome> {
        let client = self.client().await?;
        self.line.weather(weather);
        match trouble {
            Trouble::None => {}
            Trouble::PowerCut { event } => self.disk.cut_after(u64::from(event)),
            Trouble::DiskFull { event } => self.disk.fill_after(u64::from(event)),
            Trouble::SyncFails { event } => self.disk.fail_sync_after(u64::from(event)),
            Trouble::KeyringLocked => self.secrets.refuse_writes(true),
        }
        let outcome = if command == "sync" {
            test_support::sync_once(&client).await.map(|()| Value::Null)
        } else {
            api::call(&client, command, arguments).await.map_err(|error| {
                serde_json::to_value(error.code)
                    .ok()
                    .and_then(|code| code.as_str().map(str::to_owned))
                    .unwrap_or_default()
            })
        };
        drop(client);
        self.line.weather(Weather(0));
        self.secrets.refuse_writes(false);
        let dead = self.disk.is_dead();
        if dead {
            self.stop().await;
            self.disk.power_on(|sectors| fate(chance, sectors))?;
        }
        self.disk.mend();
        Ok(match outcome {
            _ if dead => Outcome::Unknown,
            Ok(value) => Outcome::Done(value),
            Err(code) => Outcome::Refused(code),
        })
    }

    /// A command with nothing going wrong.
    pub async fn ask(&mut self, command: &str, arguments: Value) -> Result<Outcome> {
        self.call(command, arguments, Trouble::None, Weather(0), &mut Chance::new(0)).await
    }

    pub async fn facts(&mut self) -> Result<Facts> {
        let client = self.client().await?;
        let facts = test_support::facts(&client).await.map_err(|error| anyhow::anyhow!("facts: {error}"))?;
        facts.context("an enrolled machine")
    }

    pub fn turn_clock(&self, ms: i64) {
        // Nobody sets a clock before the epoch or far beyond the calendar.
        let wall = self.clock.wall.load(Ordering::Relaxed).saturating_add(ms).clamp(0, 7_000_000_000_000);
        self.clock.wall.store(wall, Ordering::Relaxed);
    }

    pub fn pass(&self, ms: i64) {
        self.turn_clock(ms);
        self.clock.elapsed.fetch_add(ms, Ordering::Relaxed);
    }

    /// Keeps a copy of the database as a backup program takes it: while the program does not run.
    pub async fn backup(&mut self) -> Result<()> {
        self.stop().await;
        let files = read_files(self.folder.path(), |name| name.starts_with("local.db"))?;
        self.backups.push(files);
        Ok(())
    }

    /// False when there is no backup.
    pub async fn restore(&mut self, pick: usize) -> Result<bool> {
        if self.backups.is_empty() {
            return Ok(false);
        }
        self.stop().await;
        for name in ["local.db", "local.db-wal", "local.db-shm"] {
            let _ = std::fs::remove_file(self.folder.path().join(name));
        }
        write_files(self.folder.path(), &self.backups[pick % self.backups.len()])?;
        self.disk.settle();
        for certain in self.listed.values_mut() {
            *certain = false;
        }
        Ok(true)
    }

    /// Everything on it, keyring included.
    pub async fn image(&mut self) -> Result<Image> {
        self.stop().await;
        let files = read_files(self.folder.path(), |name| name != "lock")?;
        Ok(Image { device: self.device, files, secrets: self.secrets.fork() })
    }

    /// The newest generation of the copy of Central's rows.
    pub fn cache_file(&self) -> Result<PathBuf> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(self.folder.path())? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if let Some(generation) = name.strip_prefix("cache").and_then(|rest| rest.strip_suffix(".db")) {
                files.push((generation.len(), name.clone()));
            }
        }
        let (_, newest) = files.into_iter().max().context("a machine has a cache")?;
        Ok(self.folder.path().join(newest))
    }
}

/// What becomes of a write that no sync confirmed.
pub(crate) fn fate(chance: &mut Chance, sectors: usize) -> Fate {
    match chance.below(3) {
        0 => Fate::Kept,
        1 => Fate::Lost,
        _ => Fate::Torn(chance.index(sectors + 1)),
    }
}

fn read_files(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_file() && !name.ends_with("-shm") && wanted(&name) {
            files.push((name, std::fs::read(entry.path())?));
        }
    }
    files.sort();
    Ok(files)
}

fn write_files(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    for (name, content) in files {
        std::fs::write(folder.join(name), content)?;
    }
    Ok(())
}
