//! A PostgreSQL server of a test's own, which it may stop as hard as it likes.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use rustix::process::{Pid, Signal, geteuid, kill_process};
use tempfile::TempDir;

use crate::postgres::{psql, shared};
use crate::programs::free_port;

const SUPERUSER: &str = "postgres";
const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);

/// The server and its files. Dropping it ends the one and removes the others.
pub struct Cluster {
    // Fields drop in this order: the server must be gone before its folder is.
    server: Option<Server>,
    binaries: PathBuf,
    port: u16,
    folder: TempDir,
}

struct Server(Child);

impl Cluster {
    /// Of the same version as the cluster of all tests. It runs.
    pub fn new() -> Result<Self> {
        let binaries = psql(&shared()?, "SELECT setting FROM pg_config() WHERE name = 'BINDIR'")?;
        let folder = tempfile::Builder::new().prefix("counterfoil-cluster-").tempdir()?;
        if geteuid().is_root() {
            // The server refuses to run as root, so the folder belongs to the user that runs it.
            let given = Command::new("chown").arg(SUPERUSER).arg(folder.path()).status()?;
            ensure!(given.success(), "cannot give the folder to {SUPERUSER}");
        }
        let mut cluster = Self { server: None, binaries: binaries.into(), port: free_port()?, folder };
        let made = cluster
            .as_server_user("initdb")
            .args(["--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8"])
            .args(["--no-sync", "--pgdata"])
            .arg(cluster.data())
            .output()?;
        ensure!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        cluster.start()?;
        Ok(cluster)
    }

    /// The address of the database every cluster has.
    pub fn url(&self) -> String {
        format!("postgres://{SUPERUSER}@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts it where it was, and waits until it answers.
    pub fn start(&mut self) -> Result<()> {
        ensure!(self.server.is_none(), "it runs already");
        let log = std::fs::File::create(self.log())?;
        let child = self
            .as_server_user("postgres")
            .arg("-D")
            .arg(self.data())
            .args(["-p", &self.port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=100"])
            .arg("-c")
            .arg(format!("unix_socket_directories={}", self.folder.path().display()))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let mut server = Server(child);
        let deadline = Instant::now() + PATIENCE;
        while psql(&self.url(), "SELECT 1").is_err() {
            let ended = server.0.try_wait()?;
            let log = || std::fs::read_to_string(self.log()).unwrap_or_default();
            ensure!(ended.is_none() && Instant::now() < deadline, "PostgreSQL does not start ({ended:?}): {}", log());
            std::thread::sleep(POLL);
        }
        self.server = Some(server);
        Ok(())
    }

    /// As `pg_ctl stop --mode immediate`: every session ends without a word, and the next start recovers.
    pub fn stop_immediately(&mut self) -> Result<()> {
        // Dropping it does just that.
        self.server.take().map(drop).context("it does not run")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// One of its programs, that ends when this test ends, however that happens.
    fn as_server_user(&self, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        if geteuid().is_root() {
            command.args(["--reuid", SUPERUSER, "--regid", SUPERUSER, "--init-groups"]);
        }
        command.args(["--pdeathsig", "QUIT", "--"]).arg(self.binaries.join(program));
        command.current_dir(self.folder.path() as &Path);
        for variable in ["PGDATA", "PGPORT", "PGHOST", "PGUSER", "PGDATABASE", "PGOPTIONS"] {
            command.env_remove(variable);
        }
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(pid) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process(pid, Signal::QUIT);
        }
        let _ = self.0.wait();
    }
}
