//! A database of its own for each test, in the server of the test run.

use std::path::Path;

use sqlx::{Connection as _, PgConnection, QueryBuilder, Row as _};

use crate::dialect::{Conn, Db, Store};
use crate::engine::schema::Schema;

const URL: &str = "COUNTERFOIL_TEST_POSTGRES_URL";

/// The server's lock while one test makes what all others copy.
const MAKING: i64 = 24_000_001;

/// A new database in the server; dropped with this value.
pub(crate) struct Scratch {
    server: String,
    name: String,
}

impl Scratch {
    /// With the tables of this program and nothing in them: a copy of a database that the first test of all migrated.
    pub(crate) async fn new() -> Self {
        let scratch = Self::named();
        scratch.copy_model().await.expect("a new database");
        scratch
    }

    /// With what a backup holds, loaded as an operator loads it.
    pub(crate) async fn of_backup(archive: &Path) -> Self {
        let scratch = Self::named();
        let mut connection = PgConnection::connect(&scratch.server).await.expect("the server");
        tell(&mut connection, &["CREATE DATABASE ", &scratch.name]).await.expect("a new database");
        connection.close().await.expect("closed");
        let mut restore = tokio::process::Command::new("pg_restore");
        restore.args(["--exit-on-error", "--dbname", &scratch.url()]).arg(archive);
        let output = restore.output().await.expect("pg_restore runs: scripts/setup.sh test installs it");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        scratch
    }

    /// A name that no other has; nothing is there yet.
    fn named() -> Self {
        let Ok(server) = std::env::var(URL) else {
            panic!("{URL} is not set: run `cargo xtask postgres -- cargo nextest run -p counterfoil-central-postgres`")
        };
        let id: uuid::Uuid =
            counterfoil_central_platform::ids::mint(counterfoil_domain::time::Timestamp(1_795_219_200_000));
        Self { server, name: format!("central_{}", id.simple()) }
    }

    pub(crate) fn url(&self) -> String {
        self.url_of(&self.name)
    }

    fn url_of(&self, database: &str) -> String {
        let (server, _) = self.server.rsplit_once('/').expect("a URL with a database");
        format!("{server}/{database}")
    }

    async fn copy_model(&self) -> Result<(), sqlx::Error> {
        let model = format!("migrated_{}", Schema::of_this_program().fingerprint());
        let mut connection = PgConnection::connect(&self.server).await?;
        sqlx::query("SELECT pg_advisory_lock($1)").bind(MAKING).execute(&mut connection).await?;
        let whole: Option<bool> = sqlx::query_scalar("SELECT datistemplate FROM pg_database WHERE datname = $1")
            .bind(&model)
            .fetch_optional(&mut connection)
            .await?;
        if whole != Some(true) {
            self.make_model(&mut connection, &model).await?;
        }
        sqlx::query("SELECT pg_advisory_unlock($1)").bind(MAKING).execute(&mut connection).await?;
        tell(&mut connection, &["CREATE DATABASE ", &self.name, " TEMPLATE ", &model]).await?;
        connection.close().await
    }

    /// One that was left unfinished is no template yet, and is made anew.
    async fn make_model(&self, connection: &mut PgConnection, model: &str) -> Result<(), sqlx::Error> {
        tell(connection, &["DROP DATABASE IF EXISTS ", model, " WITH (FORCE)"]).await?;
        tell(connection, &["CREATE DATABASE ", model]).await?;
        let store = Store::open(&self.url_of(model)).await?;
        store.migrate(&Schema::of_this_program()).await.expect("migrates");
        store.close().await;
        tell(connection, &["ALTER DATABASE ", model, " IS_TEMPLATE true"]).await
    }
}

/// The name of a database cannot be a parameter; these were made here.
async fn tell(connection: &mut PgConnection, parts: &[&str]) -> Result<(), sqlx::Error> {
    let mut order = QueryBuilder::<Db>::new("");
    for part in parts {
        order.push(part);
    }
    order.build().persistent(false).execute(connection).await.map(|_| ())
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let this = Self { server: self.server.clone(), name: self.name.clone() };
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            // Left behind at worst; the server of a test run is thrown away whole.
            let _ = runtime.map(|runtime| runtime.block_on(this.drop_database()));
            std::mem::forget(this);
        });
        let _ = dropping.join();
    }
}

impl Scratch {
    async fn drop_database(&self) -> Result<(), sqlx::Error> {
        let mut connection = PgConnection::connect(&self.server).await?;
        tell(&mut connection, &["DROP DATABASE ", &self.name, " WITH (FORCE)"]).await?;
        connection.close().await
    }
}

/// How a query would be answered. Tables of tests are so small that reading them whole would be cheapest; that is not
/// what is asked.
pub(crate) async fn plan_of(conn: &mut Conn, query: &str) -> String {
    for order in ["SET enable_seqscan = off", "SET enable_bitmapscan = off", "SET enable_sort = off"] {
        sqlx::query(order).execute(&mut *conn).await.expect("a setting");
    }
    let mut explained = QueryBuilder::<Db>::new("EXPLAIN ");
    let rows = explained.push(query).build().fetch_all(conn).await.expect("a plan");
    rows.iter().map(|row| row.get::<String, _>(0) + "\n").collect()
}
