//! Central as a process on sample data, and the codes it sold.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use counterfoil_central_platform::keys::Keys;
use counterfoil_domain::code::{Prefix, SourceId, WordList, derive_code};
use counterfoil_domain::ids::{DeviceId, OperatorId};
use counterfoil_testkit::postgres::{Database, psql};
use tempfile::TempDir;
use uuid::Uuid;

use crate::prepared::Base;

const PATIENCE: Duration = Duration::from_mins(1);
/// Resellers of the sample data.
pub(crate) const ALL_SHOPS: u32 = 4;

/// Orders of one transaction: Central is running, and has to get its turn.
const ORDERS_AT_ONCE: usize = 100_000;

/// Where Central keeps its data.
enum Store {
    File(PathBuf),
    Server(Database),
}

/// A running Central. Dropping it kills it and removes its data.
pub(crate) struct Server {
    process: Option<Child>,
    pub(crate) url: String,
    store: Store,
    folder: TempDir,
}

fn sqlite3(file: &Path, script: &str) -> Result<()> {
    let output = Command::new("sqlite3").arg("-bail").arg(file).arg(script).output()?;
    ensure!(output.status.success(), "sqlite3: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// A program beside this one.
pub(crate) fn program(name: &str) -> Result<PathBuf> {
    let bench = std::env::current_exe()?;
    let program = bench.parent().context("a program lies in a folder")?.join(name);
    ensure!(program.is_file(), "{name} is not built beside {}", bench.display());
    Ok(program)
}

/// A folder on the disk that holds the build, not in memory.
pub(crate) fn folder() -> Result<TempDir> {
    let bench = std::env::current_exe()?;
    Ok(tempfile::Builder::new().prefix("bench-").tempdir_in(bench.parent().context("a program lies in a folder")?)?)
}

impl Server {
    /// Central on an embedded database with so many unused codes; `units` is how many requests may share a commit.
    pub(crate) fn on_sqlite(codes: u32, units: u32) -> Result<Self> {
        let folder = folder()?;
        let file = folder.path().join("central.db");
        Self::start(Store::File(file), folder, codes, units)
    }

    /// Central on the PostgreSQL server that `cargo xtask postgres` started.
    pub(crate) fn on_postgres(codes: u32) -> Result<Self> {
        Self::start(Store::Server(Database::create()?), folder()?, codes, 64)
    }

    /// Central on a copy of a prepared file.
    pub(crate) fn on_base(base: &Base) -> Result<Self> {
        let folder = folder()?;
        let file = folder.path().join("central.db");
        std::fs::copy(&base.database, &file)?;
        std::fs::copy(&base.keys, folder.path().join("central.keys"))?;
        Self::serve(Store::File(file), folder, 64)
    }

    /// Central on an embedded database whose shops have so many accounts and unused codes.
    pub(crate) fn with_accounts(accounts: u32, codes: u32) -> Result<Self> {
        let folder = folder()?;
        let store = Store::File(folder.path().join("central.db"));
        fill_all(&url_of(&store), &keys_in(&folder), [accounts, codes, ALL_SHOPS])?;
        Self::serve(store, folder, 64)
    }

    fn start(store: Store, folder: TempDir, codes: u32, units: u32) -> Result<Self> {
        fill(&url_of(&store), &keys_in(&folder), codes, ALL_SHOPS)?;
        Self::serve(store, folder, units)
    }

    fn serve(store: Store, folder: TempDir, units: u32) -> Result<Self> {
        let listen = format!("127.0.0.1:{}", counterfoil_testkit::programs::free_port()?);
        let mut server = Self { process: None, url: format!("http://{listen}"), store, folder };
        let child = server
            .command("serve")?
            .args(["--listen", &listen])
            .arg("--snapshots")
            .arg(server.folder.path().join("snapshots"))
            .env("COUNTERFOIL_UNITS_PER_COMMIT", units.to_string())
            .env("RUST_LOG", "warn")
            .stdout(Stdio::null())
            .spawn()?;
        server.process = Some(child);
        let deadline = Instant::now() + PATIENCE;
        while std::net::TcpStream::connect(&listen).is_err() {
            ensure!(Instant::now() < deadline, "Central does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    fn command(&self, what: &str) -> Result<Command> {
        central(what, &url_of(&self.store), &keys_in(&self.folder))
    }

    /// Bytes of memory of the process now.
    pub(crate) fn memory_now(&self) -> Result<u64> {
        self.memory("VmRSS:")
    }

    /// The most it had since [`Server::forget_peak`].
    pub(crate) fn memory_peak(&self) -> Result<u64> {
        self.memory("VmHWM:")
    }

    pub(crate) fn forget_peak(&self) -> Result<()> {
        Ok(std::fs::write(format!("/proc/{}/clear_refs", self.pid()?), "5")?)
    }

    fn memory(&self, line: &str) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()?))?;
        let kib = status.lines().find_map(|text| text.strip_prefix(line)).context("a line on memory")?;
        Ok(kib.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
    }

    fn pid(&self) -> Result<u32> {
        Ok(self.process.as_ref().context("Central runs")?.id())
    }

    /// Where its rows are, of one on PostgreSQL.
    pub(crate) fn database(&self) -> Result<&Database> {
        match &self.store {
            Store::Server(database) => Ok(database),
            Store::File(file) => bail!("its rows are in {}", file.display()),
        }
    }

    /// Every unused code, in no lot that the sample data touched.
    pub(crate) fn codes(&self) -> Result<Vec<String>> {
        let keys = Keys::load(&keys_in(&self.folder), false)?;
        let mut codes = Vec::new();
        for line in self.lots()?.lines() {
            let columns: Vec<&str> = line.split('|').collect();
            let [id, salt, words, prefix, operator, count] = columns[..] else { bail!("not a lot: {line}") };
            let source = SourceId(*Uuid::try_parse(id)?.as_bytes());
            let operator = OperatorId(Uuid::try_parse(operator)?);
            let salt: [u8; 16] = hex::decode(salt)?.try_into().ok().context("a salt has 16 bytes")?;
            let key = keys.source_key(&salt, operator, DeviceId(Uuid::nil()), source);
            let words = WordList::by_version(words.parse()?).context("a list of words")?;
            let prefix = Prefix::new(prefix)?;
            codes.extend((1..=count.parse()?).map(|seq| derive_code(&key, source, &prefix, 0, seq, words).reveal()));
        }
        Ok(codes)
    }

    /// Puts so many orders of a provider's offerings into the file, beside Central.
    pub(crate) fn add_orders(&self, provider: Uuid, orders: u32) -> Result<()> {
        let Store::File(file) = &self.store else { bail!("orders are put into a file") };
        for first in (0..orders).step_by(ORDERS_AT_ONCE) {
            let end = orders.min(first + u32::try_from(ORDERS_AT_ONCE)?);
            let script = include_str!("orders.sql")
                .replace("{provider}", &provider.simple().to_string())
                .replace("{first}", &first.to_string())
                .replace("{end}", &end.to_string());
            sqlite3(file, &script)?;
        }
        sqlite3(file, "PRAGMA busy_timeout = 30000; ANALYZE")
    }

    fn lots(&self) -> Result<String> {
        match &self.store {
            Store::Server(database) => psql(
                &database.url(),
                "SELECT replace(l.id::text, '-', ''), encode(l.salt, 'hex'), l.word_list, l.prefix,
                   replace(l.operator_id::text, '-', ''), COUNT(*)
                 FROM lot l JOIN code c ON c.source_id = l.id GROUP BY l.id ORDER BY l.number OFFSET 1",
            ),
            Store::File(file) => {
                let query = "SELECT lower(hex(l.id)), lower(hex(l.salt)), l.word_list, l.prefix,
                     lower(hex(l.operator_id)), COUNT(*)
                   FROM lot l JOIN code c ON c.source_id = l.id GROUP BY l.id ORDER BY l.number LIMIT -1 OFFSET 1";
                let output = Command::new("sqlite3").arg("-readonly").arg(file).arg(query).output()?;
                ensure!(output.status.success(), "sqlite3: {}", String::from_utf8_lossy(&output.stderr));
                Ok(String::from_utf8(output.stdout)?)
            }
        }
    }
}

fn keys_in(folder: &TempDir) -> PathBuf {
    folder.path().join("central.keys")
}

fn url_of(store: &Store) -> String {
    match store {
        Store::File(file) => format!("sqlite:{}", file.display()),
        Store::Server(database) => database.url(),
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn central(what: &str, database: &str, keys: &Path) -> Result<Command> {
    // A run that is broken off cannot tidy up: then the system does.
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program("counterfoil-central")?);
    command.args([what, "--database-url", database]).arg("--keys").arg(keys).stdin(Stdio::null());
    Ok(command)
}

/// Makes a Central with so many codes of the first so many shops, and nothing else.
pub(crate) fn fill(database: &str, keys: &Path, codes: u32, shops: u32) -> Result<()> {
    fill_all(database, keys, [0, codes, shops])
}

fn fill_all(database: &str, keys: &Path, sizes: [u32; 3]) -> Result<()> {
    let [accounts, codes, shops] = sizes.map(|size| size.to_string());
    let mut command = central("sample-data", database, keys)?;
    let output = command.args(["--accounts", &accounts, "--codes", &codes, "--shops", &shops]).output()?;
    ensure!(output.status.success(), "sample-data: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
