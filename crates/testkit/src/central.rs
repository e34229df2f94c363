//! A real Central process that can be stopped and started again where it was.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::postgres::Database;
use crate::programs::{built, free_port};

const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(50);

/// A sign-in of the sample data.
#[derive(Debug, Clone, Copy)]
pub struct SignIn {
    pub username: &'static str,
    pub password: &'static str,
}

/// The wholesale shop of the sample data.
pub const SHOP: SignIn = SignIn { username: "anker", password: "sample-anker" };

/// The administrator of the sample data.
pub const ADMIN: SignIn = SignIn { username: "admin", password: "sample-admin" };

/// What Central keeps its data in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file of its own.
    Sqlite,
    /// A database of its own in the tests' cluster.
    Postgres,
}

/// Central with sample data. Dropping it stops the process and removes its data.
pub struct Central {
    // Fields drop in this order: the process must be gone before its data is.
    process: Option<Process>,
    port: u16,
    database_url: String,
    folder: Arc<TempDir>,
    database: Option<Arc<Database>>,
}

impl Central {
    /// Makes the sample data and starts serving on a free port.
    pub async fn start(engine: Engine) -> Result<Self> {
        let database = (engine == Engine::Postgres).then(Database::create).transpose()?;
        Self::start_on(database).await
    }

    /// The same on a PostgreSQL database that is there and empty, or on a file.
    pub async fn start_on(database: Option<Database>) -> Result<Self> {
        let folder = Arc::new(tempfile::Builder::new().prefix("counterfoil-central-").tempdir()?);
        let database = database.map(Arc::new);
        let database_url = match &database {
            Some(database) => database.url(),
            None => format!("sqlite:{}", folder.path().join("central.db").display()),
        };
        let mut central = Self { process: None, port: free_port()?, database_url, folder, database };
        central.run(&["sample-data", "--accounts", "20"])?;
        central.start_again().await?;
        Ok(central)
    }

    /// Starts another process on the same database and key file.
    pub async fn beside(&self) -> Result<Self> {
        let (database_url, folder) = (self.database_url.clone(), Arc::clone(&self.folder));
        let mut other =
            Self { process: None, port: free_port()?, database_url, folder, database: self.database.clone() };
        other.start_again().await?;
        Ok(other)
    }

    /// Its port, the same after each start.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Its address, the same after each start.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The database, for a test that looks at the truth itself.
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// Runs one of Central's own commands on its database and returns what it printed.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command()?.args(arguments).args(["--database-url", &self.database_url]).output()?;
        ensure!(
            output.status.success(),
            "counterfoil-central {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Starts it where it was, and waits until it is ready.
    pub async fn start_again(&mut self) -> Result<()> {
        ensure!(self.process.is_none(), "Central runs already");
        let log = std::fs::File::create(self.log_file())?;
        let listen = format!("127.0.0.1:{}", self.port);
        let child = self
            .command()?
            .args(["serve", "--listen", &listen, "--database-url", &self.database_url])
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let mut process = Process(child);
        let deadline = Instant::now() + PATIENCE;
        while !is_ready(&self.url()).await {
            if let Some(status) = process.0.try_wait()? {
                bail!("Central ended while starting ({status}): {}", self.log());
            }
            ensure!(Instant::now() < deadline, "Central is not ready in time: {}", self.log());
            tokio::time::sleep(POLL).await;
        }
        self.process = Some(process);
        Ok(())
    }

    /// Asks it to stop, as an operator does, and waits for the end.
    pub async fn stop(&mut self) -> Result<()> {
        let mut process = self.process.take().context("Central does not run")?;
        process.signal(Signal::TERM);
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = process.0.try_wait()? {
                ensure!(status.success(), "Central did not stop cleanly ({status}): {}", self.log());
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "Central does not stop when asked to: {}", self.log());
            tokio::time::sleep(POLL).await;
        }
    }

    /// Waits until it has stopped by itself.
    pub async fn ended(&mut self) -> Result<ExitStatus> {
        let mut process = self.process.take().context("Central does not run")?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = process.0.try_wait()? {
                return Ok(status);
            }
            ensure!(Instant::now() < deadline, "Central goes on: {}", self.log());
            tokio::time::sleep(POLL).await;
        }
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) -> Result<()> {
        // Dropping a process kills it and waits for its end.
        self.process.take().map(drop).context("Central does not run")
    }

    /// Replaces its database by a backup, as an operator does: a file put in its place, or `pg_restore` into an empty one.
    pub fn restore_from(&self, backup: &Path) -> Result<()> {
        ensure!(self.process.is_none(), "Central still runs");
        if let Some(database) = &self.database {
            return database.restore_from(backup);
        }
        let file = self.folder.path().join("central.db");
        for log in ["central.db-wal", "central.db-shm"] {
            let log = self.folder.path().join(log);
            if log.exists() {
                std::fs::remove_file(log)?;
            }
        }
        std::fs::copy(backup, file)?;
        Ok(())
    }

    /// What it wrote since it was last started.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join(format!("log-{}", self.port))
    }

    fn command(&self) -> Result<Command> {
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "--"])
            .arg(built("counterfoil-central")?)
            .current_dir(self.folder.path() as &Path)
            .stdin(Stdio::null());
        Ok(command)
    }
}

struct Process(Child);

impl Process {
    fn signal(&self, signal: Signal) {
        if let Some(pid) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process(pid, signal);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn is_ready(url: &str) -> bool {
    let answer = reqwest::Client::new().get(format!("{url}/readyz")).timeout(Duration::from_secs(2)).send().await;
    answer.is_ok_and(|answer| answer.status().is_success())
}
