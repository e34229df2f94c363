//! The real Central: its engine, its router, its database. One or two processes of it on one database.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use counterfoil_central_platform::clock::{Clock as _, ManualClock};
use counterfoil_central_platform::console::{NewOperator, NewStaff, Report};
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::keys::Keys;
use counterfoil_central_platform::passwords::Passwords;
use counterfoil_central_platform::settings::ServeSettings;
use counterfoil_central_postgres as on_postgres;
use counterfoil_central_sqlite as on_sqlite;
use counterfoil_domain::permission::StaffRole;
use counterfoil_faulty_disk::{Disk, Fate};
use counterfoil_testkit::postgres::Database;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::truth::Truth;

pub const MASTER: [u8; 32] = [1; 32];
pub const LEASE_SEED: [u8; 32] = [3; 32];
pub const PASSWORD: &str = "correct horse";
/// What staff give a new shop's owner, who chooses [`PASSWORD`] instead.
pub const GIVEN: &str = "from the office";
/// An answer of Central is never larger in a story.
const LARGEST: usize = 64 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// What Central answered.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The problem's code; nothing for a success.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Runs one expression on whichever engine there is.
macro_rules! on_either {
    ($app:expr, $engine:ident, $one:ident => $run:expr) => {
        match $app {
            App::Sqlite($one) => {
                #[allow(unused_imports)]
                use on_sqlite as $engine;
                $run
            }
            App::Postgres($one) => {
                #[allow(unused_imports)]
                use on_postgres as $engine;
                $run
            }
        }
    };
}

#[derive(Clone)]
enum App {
    Sqlite(on_sqlite::App),
    Postgres(on_postgres::App),
}

struct Process {
    app: App,
    router: Router,
}

/// Where the data is.
enum Place {
    File { folder: TempDir, disk: Disk },
    Database(Database),
}

/// A copy of the whole database, as a backup program takes it.
pub enum Copy {
    File(Vec<u8>),
    Database(Database),
}

pub struct Central {
    pub clock: Arc<ManualClock>,
    keys: Arc<Keys>,
    passwords: Passwords,
    place: Place,
    processes: Vec<Process>,
    truth: Option<Truth>,
    turn: usize,
}

/// A folder whose syncs cost nothing, where there is one: whether a sync happened is the faulty disk's to know.
pub fn fast_folder(prefix: &str) -> Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    let shared = Path::new("/dev/shm");
    Ok(if shared.is_dir() { builder.tempdir_in(shared)? } else { builder.tempdir()? })
}

impl Central {
    /// A Central with an empty database, or with a copy of one.
    pub async fn start(engine: Engine, clock: Arc<ManualClock>, from: Option<&Copy>) -> Result<Self> {
        let place = match engine {
            Engine::Sqlite => {
                let folder = fast_folder("counterfoil-sim-central-")?;
                let disk = Disk::at(folder.path());
                Place::File { folder, disk }
            }
            Engine::Postgres => Place::Database(match from {
                Some(Copy::Database(original)) => original.copy()?,
                _ => Database::create()?,
            }),
        };
        let mut central = Self {
            clock,
            keys: Arc::new(Keys::fixed(MASTER, [2; 32], LEASE_SEED)),
            passwords: Passwords::fast().context("parameters")?,
            place,
            processes: Vec::new(),
            truth: None,
            turn: 0,
        };
        if let (Some(Copy::File(content)), Some(file)) = (from, central.file()) {
            std::fs::write(file, content)?;
        }
        central.open(1).await?;
        Ok(central)
    }

    pub const fn engine(&self) -> Engine {
        match self.place {
            Place::File { .. } => Engine::Sqlite,
            Place::Database(_) => Engine::Postgres,
        }
    }

    fn file(&self) -> Option<PathBuf> {
        match &self.place {
            Place::File { folder, .. } => Some(folder.path().join("central.db")),
            Place::Database(_) => None,
        }
    }

    fn url(&self) -> String {
        match &self.place {
            Place::File { folder, .. } => format!("sqlite:{}", folder.path().join("central.db").display()),
            Place::Database(database) => database.url(),
        }
    }

    /// Starts that many processes on the database.
    pub async fn open(&mut self, processes: usize) -> Result<()> {
        let url = self.url();
        let settings =
            ServeSettings { listen: "127.0.0.1:0".parse().context("address")?, trusted_proxies: Vec::new(), tls: None };
        for _ in 0..processes {
            let (keys, clock, passwords) = (Arc::clone(&self.keys), self.clock.clone(), self.passwords.clone());
            let app = match self.engine() {
                Engine::Sqlite => App::Sqlite(on_sqlite::App::open(&url, keys, clock, passwords).await?),
                Engine::Postgres => App::Postgres(on_postgres::App::open(&url, keys, clock, passwords).await?),
            };
            let router = on_either!(&app, engine, app => engine::router(app.clone(), &settings));
            self.processes.push(Process { app, router });
        }
        self.truth = Some(Truth::open(self.engine(), &url).await?);
        Ok(())
    }

    pub async fn close(&mut self) {
        if let Some(truth) = self.truth.take() {
            truth.close().await;
        }
        for process in self.processes.drain(..) {
            on_either!(&process.app, engine, app => app.close().await);
        }
    }

    pub fn processes(&self) -> usize {
        self.processes.len()
    }

    /// The database as it is, past Central.
    pub fn truth(&self) -> Result<&Truth> {
        self.truth.as_ref().context("Central runs")
    }

    /// The next process to be asked, as a balancer would choose.
    pub fn router(&mut self) -> Router {
        self.turn += 1;
        self.processes[self.turn % self.processes.len()].router.clone()
    }

    /// Everything that time does by itself.
    pub async fn run_jobs(&self) {
        if let Some(process) = self.processes.first() {
            on_either!(&process.app, engine, app => engine::run_jobs_once(app).await);
        }
    }

    /// Posts what sales have earned.
    pub async fn accrue(&self) {
        if let Some(process) = self.processes.first() {
            on_either!(&process.app, engine, app => engine::run_accruals_once(app).await);
        }
    }

    /// Writes to the portal whatever is due, and says how many accounts were tried.
    pub async fn provision(&self) -> u32 {
        match self.processes.first() {
            Some(process) => on_either!(&process.app, engine, app => engine::run_provisioning_once(app).await),
            None => 0,
        }
    }

    /// Does the jobs that were started, and says how many those were.
    pub async fn work_on_portals(&self) -> u32 {
        match self.processes.first() {
            Some(process) => on_either!(&process.app, engine, app => engine::run_portal_jobs_once(app).await),
            None => 0,
        }
    }

    /// Makes, gives and revokes codes as staff began it.
    pub async fn work_on_lots(&self) {
        if let Some(process) = self.processes.first() {
            on_either!(&process.app, engine, app => engine::run_code_jobs_once(app).await);
        }
    }

    /// Central's time.
    pub fn clock_ms(&self) -> i64 {
        self.clock.now().0
    }

    /// Proves the books entry by entry, with Central's own command.
    pub async fn verify(&self) -> Result<Report> {
        let app = &self.processes.first().context("Central runs")?.app;
        on_either!(app, engine, app => engine::verify(app).await).map_err(|failure| told(&failure))
    }

    pub async fn create_admin(&self) -> Result<()> {
        let operator = NewOperator {
            name: "Lumen Networks".into(),
            time_zone: "UTC".into(),
            currency: "EUR".into(),
            code_prefix: "PM2D".into(),
        };
        let admin = NewStaff { username: "admin".into(), password: PASSWORD.into(), role: StaffRole::SuperAdmin };
        let app = &self.processes.first().context("Central runs")?.app;
        on_either!(app, engine, app => engine::create_admin(app, &operator, admin).await)
            .map(|_| ())
            .map_err(|failure| told(&failure))
    }

    /// A copy of the database while nothing runs on it; the same processes run again afterwards.
    pub async fn copy(&mut self) -> Result<Copy> {
        let running = self.processes.len();
        self.close().await;
        let copy = match (&self.place, self.file()) {
            (Place::Database(database), _) => Copy::Database(database.copy()?),
            (_, Some(file)) => Copy::File(std::fs::read(file)?),
            (_, None) => anyhow::bail!("a file or a database"),
        };
        self.open(running).await?;
        Ok(copy)
    }

    /// A copy that devices are told of: what it holds they may forget.
    pub async fn back_up(&mut self) -> Result<Copy> {
        let app = self.processes.first().context("Central runs")?.app.clone();
        let marks =
            on_either!(&app, engine, app => engine::backup_begin(app).await).map_err(|failure| told(&failure))?;
        drop(app);
        let copy = self.copy().await?;
        let app = &self.processes.first().context("Central runs")?.app;
        on_either!(app, engine, app => engine::backup_finish(app, &marks).await).map_err(|failure| told(&failure))?;
        Ok(copy)
    }

    /// Puts a copy in place of the database and says so, as whoever restores a backup does.
    pub async fn restore(&mut self, copy: &Copy) -> Result<()> {
        let running = self.processes.len();
        self.close().await;
        match copy {
            Copy::Database(database) => self.place = Place::Database(database.copy()?),
            Copy::File(content) => {
                let file = self.file().context("a file")?;
                for ending in ["-wal", "-shm"] {
                    let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
                }
                std::fs::write(file, content)?;
            }
        }
        self.open(running).await?;
        let app = &self.processes.first().context("Central runs")?.app;
        on_either!(app, engine, app => engine::restored(app).await).map(|_| ()).map_err(|failure| told(&failure))
    }

    /// The disk of a Central that has one of its own.
    pub const fn disk(&self) -> Option<&Disk> {
        match &self.place {
            Place::File { disk, .. } => Some(disk),
            Place::Database(_) => None,
        }
    }

    /// After a power cut: what no sync confirmed is partly gone, and Central starts again.
    pub async fn power_on(&mut self, fate: impl FnMut(usize) -> Fate) -> Result<()> {
        let running = self.processes.len();
        self.close().await;
        if let Some(disk) = self.disk() {
            disk.power_on(fate)?;
        }
        self.open(running).await
    }
}

fn told(failure: &Failure) -> anyhow::Error {
    anyhow::anyhow!("Central failed: {}", failure.cause().unwrap_or_default())
}

/// One request to a process of Central.
pub async fn ask(router: Router, request: Request<Body>) -> Result<Answer> {
    let response = router.oneshot(request).await?;
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, LARGEST).await?.to_vec();
    Ok(Answer { status: parts.status, headers: parts.headers, bytes })
}
