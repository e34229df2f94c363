//! A Central that can be stopped, sent back to an earlier moment, and started again.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, ensure};
use counterfoil_central_platform::clock::Clock;
use counterfoil_central_platform::console::{NewOperator, NewStaff};
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::keys::Keys;
use counterfoil_central_platform::passwords::Passwords;
use counterfoil_central_platform::settings::ServeSettings;
use counterfoil_domain::permission::StaffRole;
use counterfoil_testkit::line::Line;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use {counterfoil_central_postgres as postgres, counterfoil_central_sqlite as sqlite};

use crate::store::{Engine, Kept, Store};

/// The user name of the shop.
pub const SHOP: &str = "shop";

/// Everybody's password.
pub const PASSWORD: &str = "correct horse";

/// What staff give the shop's owner, who chooses [`PASSWORD`] instead.
const GIVEN: &str = "from the office";

enum App {
    Sqlite(sqlite::App),
    Postgres(postgres::App),
}

struct Running {
    app: App,
    address: SocketAddr,
    server: JoinHandle<()>,
}

/// One Central with an operator, a plan and a shop.
pub struct Central {
    store: Store,
    /// Between it and its database, where there is a connection to cut.
    pub(crate) to_database: Option<Line>,
    running: Option<Running>,
    clock: Arc<dyn Clock>,
    /// Survives restarts, as an administrator's browser does.
    token: String,
    pub(crate) reseller: String,
    pub(crate) plan: String,
}

impl Central {
    /// Makes one with a shop of 1,000 credits and one plan of 30 days, and starts it.
    pub async fn new(engine: Engine, clock: Arc<dyn Clock>) -> Result<Self> {
        let store = Store::new(engine)?;
        let empty = String::new();
        let (token, reseller, plan) = (empty.clone(), empty.clone(), empty);
        let to_database = if engine == Engine::Postgres { Some(Line::new().await?) } else { None };
        let mut central = Self { store, to_database, running: None, clock, token, reseller, plan };
        central.start().await?;
        central.furnish().await?;
        Ok(central)
    }

    pub async fn start(&mut self) -> Result<SocketAddr> {
        ensure!(self.running.is_none(), "it runs already");
        let (url, keys) = (self.line_to_database().await?, Arc::new(Keys::fixed([1; 32], [2; 32], [3; 32])));
        let clock = Arc::clone(&self.clock);
        let passwords = Passwords::fast()?;
        let app = match &self.store {
            Store::Sqlite(_) => App::Sqlite(sqlite::App::open(&url, keys, clock, passwords).await?),
            Store::Postgres(_) => App::Postgres(postgres::App::open(&url, keys, clock, passwords).await?),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let settings = ServeSettings { listen: address, trusted_proxies: Vec::new(), tls: None };
        let router = match &app {
            App::Sqlite(app) => sqlite::router(app.clone(), &settings),
            App::Postgres(app) => postgres::router(app.clone(), &settings),
        };
        let server = tokio::spawn(async move {
            let _ = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await;
        });
        self.running = Some(Running { app, address, server });
        Ok(address)
    }

    /// As a process that is ended: what is not committed did not happen.
    pub async fn stop(&mut self) -> Result<()> {
        let running = self.running.take().context("it does not run")?;
        running.server.abort();
        let _ = running.server.await;
        match running.app {
            App::Sqlite(app) => app.close().await,
            App::Postgres(app) => app.close().await,
        }
        Ok(())
    }

    /// A copy of its data; it is stopped for it and started again.
    pub async fn keep(&mut self) -> Result<Kept> {
        self.stop().await?;
        let kept = self.store.keep()?;
        self.start().await?;
        Ok(kept)
    }

    /// Back to a copy.
    pub async fn go_back(&mut self, to: &Kept) -> Result<SocketAddr> {
        if self.running.is_some() {
            self.stop().await?;
        }
        self.store.go_back(to)?;
        self.start().await
    }

    /// Lays the line to the database, and says what Central calls instead of it.
    async fn line_to_database(&self) -> Result<String> {
        let url = self.store.url();
        let Some(line) = &self.to_database else { return Ok(url) };
        let (user, rest) = url.split_once('@').context("an address has a user")?;
        let (server, name) = rest.split_once('/').context("an address has a database")?;
        line.lead_to(server.parse()?);
        line.mend().await;
        Ok(format!("{user}@{}/{name}", line.address()))
    }

    /// The address of its database, past the line.
    pub fn database_url(&self) -> String {
        self.store.url()
    }

    pub fn address(&self) -> Result<SocketAddr> {
        Ok(self.running.as_ref().context("it does not run")?.address)
    }

    /// What its own proof of the books finds wrong.
    pub async fn faults(&self) -> Result<Vec<String>> {
        let report = match &self.running.as_ref().context("it does not run")?.app {
            App::Sqlite(app) => sqlite::verify(app).await,
            App::Postgres(app) => postgres::verify(app).await,
        };
        Ok(report.map_err(|failure| told(&failure))?.faults)
    }

    /// Puts credits into the shop's wallet, past the line.
    pub async fn top_up(&self, amount: i64) -> Result<()> {
        let movement = json!({ "transfer_id": id(), "kind": "purchase", "amount": amount, "note": "" });
        self.post(&format!("/api/v1/admin/resellers/{}/credits", self.reseller), &movement).await?;
        Ok(())
    }

    async fn furnish(&mut self) -> Result<()> {
        let operator = NewOperator {
            name: "Lumen Networks".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            currency: "EUR".to_owned(),
            code_prefix: "PM2D".to_owned(),
        };
        let staff = NewStaff { username: "chief".to_owned(), password: PASSWORD.to_owned(), role: StaffRole::Admin };
        match &self.running.as_ref().context("it runs")?.app {
            App::Sqlite(app) => sqlite::create_admin(app, &operator, staff).await,
            App::Postgres(app) => postgres::create_admin(app, &operator, staff).await,
        }
        .map_err(|failure| told(&failure))?;
        let login = json!({ "username": "chief", "password": PASSWORD });
        let signed_in = self.post("/api/v1/admin/login", &login).await?;
        signed_in["access_token"].as_str().context("a token")?.clone_into(&mut self.token);
        self.plan = id();
        let plan = json!({ "plan_id": self.plan, "name": "Month", "kind": "custom", "term_days": 30,
            "price": { "value": 1_000, "unit": "EUR" }, "features": [], "status": "active" });
        self.post("/api/v1/admin/plans", &plan).await?;
        self.reseller = id();
        let shop = json!({ "reseller_id": self.reseller, "username": SHOP, "password": GIVEN,
            "company": "Corner Shop", "email": "shop@example.org", "contact": "Sam Sample", "phone": "+49 30 5550100",
            "settlement_mode": "wholesale", "credit_limit": 0, "status": "active" });
        self.post("/api/v1/admin/resellers", &shop).await?;
        self.settle_in().await?;
        self.top_up(1_000).await
    }

    /// The shop's owner signs in with what staff gave, and chooses another password.
    async fn settle_in(&self) -> Result<()> {
        let first = self.post("/api/v1/reseller/login", &json!({ "username": SHOP, "password": GIVEN })).await?;
        let token = first["access_token"].as_str().context("a token")?;
        let change = json!({ "current_password": GIVEN, "new_password": PASSWORD });
        let url = format!("http://{}/api/v1/me/password", self.address()?);
        let answer = reqwest::Client::new().put(url).json(&change).bearer_auth(token).send().await?;
        ensure!(answer.status().is_success(), "the owner chooses a password: {}", answer.status());
        Ok(())
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let request = reqwest::Client::new().post(format!("http://{}{path}", self.address()?)).json(body);
        let answer = request.bearer_auth(&self.token).send().await?;
        let (status, body) = (answer.status(), answer.text().await?);
        ensure!(status.is_success(), "{path}: {status} {body}");
        Ok(serde_json::from_str(&body)?)
    }
}

fn told(failure: &Failure) -> anyhow::Error {
    anyhow!("{}", failure.problem().detail)
}

/// An id nobody has used.
#[expect(clippy::disallowed_methods, reason = "what stands for the caller mints its ids here")]
pub(crate) fn id() -> String {
    uuid::Uuid::now_v7().to_string()
}
