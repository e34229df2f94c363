//! A throw-away PostgreSQL: a cluster of its own in a temporary folder, on a free loopback port, gone afterwards.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::{Signal, geteuid};
use tempfile::TempDir;

use crate::process::{Interrupted, Running, succeed_quietly};
use crate::workspace::forget_this_package;

/// The variable that tells tests where the server is.
pub(crate) const URL_VARIABLE: &str = "COUNTERFOIL_TEST_POSTGRES_URL";

const SUPERUSER: &str = "postgres";
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// `cargo xtask postgres -- <command>`.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let command = match arguments {
        [dashes, command @ ..] if dashes == "--" => command,
        command => command,
    };
    let Some((program, arguments)) = command.split_first() else {
        bail!("which command? cargo xtask postgres -- <command>");
    };
    let interrupted = Interrupted::listen()?;
    let cluster = Cluster::start(Fsync::Off)?;
    let mut command = Command::new(program);
    forget_this_package(&mut command);
    let status =
        Running::start(program, command.args(arguments).env(URL_VARIABLE, cluster.url()))?.wait(&interrupted)?;
    drop(cluster);
    ensure!(status.success(), "{program} failed ({status})");
    Ok(())
}

/// Whether what is committed is on the disk.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fsync {
    /// As it has to be where anything is served or measured.
    On,
    /// For tests: a server that is killed keeps what was committed all the same, and no test cuts its power.
    Off,
}

/// A running cluster. Dropping it stops the server and deletes its files.
pub(crate) struct Cluster {
    port: u16,
    binaries: PathBuf,
    // Fields drop in this order: the server must be gone before its folder is.
    _server: Running,
    _folder: TempDir,
}

impl Cluster {
    pub(crate) fn start(fsync: Fsync) -> Result<Self> {
        let binaries = binaries()?;
        let folder = tempfile::Builder::new().prefix("counterfoil-postgres-").tempdir()?;
        if geteuid().is_root() {
            // The server refuses to run as root, so the folder belongs to the user that runs it.
            succeed_quietly("chown", Command::new("chown").arg(SUPERUSER).arg(folder.path()))
                .context("run as root, this needs the system user postgres of the Debian package")?;
        }
        let data = folder.path().join("data");
        succeed_quietly(
            "initdb",
            as_server_user(&binaries.join("initdb"), folder.path())
                .args(["--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8"])
                .args(["--locale", "C.UTF-8", "--no-sync", "--pgdata"])
                .arg(&data),
        )?;
        // Another program may take the free port between our look and the server's: then look again.
        let mut last = None;
        for _ in 0..5 {
            match Self::serve(&binaries, folder.path(), &data, fsync) {
                Ok((server, port)) => return Ok(Self { port, binaries, _server: server, _folder: folder }),
                Err(error) => last = Some(error),
            }
        }
        let log = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
        Err(last.expect("five attempts leave an error")).context(log)
    }

    fn serve(binaries: &Path, folder: &Path, data: &Path, fsync: Fsync) -> Result<(Running, u16)> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let log = std::fs::File::create(folder.join("log"))?;
        let fsync = match fsync {
            Fsync::On => "on",
            Fsync::Off => "off",
        };
        let server = Running::start(
            "postgres",
            as_server_user(&binaries.join("postgres"), folder)
                .arg("-D")
                .arg(data)
                .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"])
                .args(["-c", "max_connections=200", "-c", &format!("fsync={fsync}")])
                .args(["-c", "timezone=UTC", "-c", "log_min_messages=warning"])
                .arg("-c")
                .arg(format!("unix_socket_directories={}", folder.display()))
                .stdin(Stdio::null())
                .stdout(log.try_clone()?)
                .stderr(log),
        )?;
        // SIGINT is the "fast" stop: it does not wait for clients to leave.
        let mut server = server.stop_with(Signal::INT);
        let deadline = Instant::now() + START_TIMEOUT;
        while Instant::now() < deadline {
            if let Some(status) = server.exited()? {
                bail!("the PostgreSQL server ended while starting ({status})");
            }
            let ready = Command::new(binaries.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])
                .status()?;
            if ready.success() {
                return Ok((server, port));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("the PostgreSQL server did not answer within {} s", START_TIMEOUT.as_secs())
    }

    /// Connects to the database every cluster has; tests make their own beside it.
    pub(crate) fn url(&self) -> String {
        format!("postgres://{SUPERUSER}@127.0.0.1:{}/postgres", self.port)
    }

    /// Runs a file of SQL in one transaction.
    pub(crate) fn run_sql(&self, file: &Path) -> Result<()> {
        succeed_quietly(
            &format!("psql {}", file.display()),
            Command::new(self.binaries.join("psql"))
                .args(["--no-psqlrc", "--quiet", "--single-transaction", "-v", "ON_ERROR_STOP=1"])
                .arg("--dbname")
                .arg(self.url())
                .arg("--file")
                .arg(file),
        )
    }
}

/// A command run as a user whom the server accepts, that ends when this program ends, however that happens.
fn as_server_user(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if geteuid().is_root() {
        command.args(["--reuid", SUPERUSER, "--regid", SUPERUSER, "--init-groups"]);
    }
    command.args(["--pdeathsig", "INT", "--"]).arg(program).current_dir(folder);
    // The server reads these, and a developer's own settings must not steer it.
    for variable in ["PGDATA", "PGPORT", "PGHOST", "PGUSER", "PGDATABASE", "PGOPTIONS"] {
        command.env_remove(variable);
    }
    command
}

/// The folder of initdb: as told, else the newest that Debian installed, else the one on the PATH.
fn binaries() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("POSTGRES_BIN") {
        return Ok(folder.into());
    }
    let mut installed: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .collect();
    installed.sort();
    if let Some((_, folder)) = installed.pop() {
        return Ok(folder);
    }
    let found = Command::new("pg_config").arg("--bindir").output().ok();
    let folder = found.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    folder
        .filter(|folder| folder.join("initdb").is_file())
        .context("no PostgreSQL server found: run scripts/setup.sh test, or set POSTGRES_BIN")
}
