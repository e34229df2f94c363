//! A database of its own for each test, in the server of the test run.

use sqlx::{Connection as _, PgConnection, QueryBuilder, Row as _};

use crate::dialect::{Conn, Db};

const URL: &str = "COUNTERFOIL_TEST_POSTGRES_URL";

/// A new database in the server; dropped with this value.
pub(crate) struct Scratch {
    server: String,
    name: String,
}

impl Scratch {
    pub(crate) async fn new() -> Self {
        let Ok(server) = std::env::var(URL) else {
            panic!("{URL} is not set: run `cargo xtask postgres -- cargo nextest run -p counterfoil-central-postgres`")
        };
        let id: uuid::Uuid =
            counterfoil_central_platform::ids::mint(counterfoil_domain::time::Timestamp(1_795_219_200_000));
        let scratch = Self { server, name: format!("central_{}", id.simple()) };
        scratch.tell("CREATE DATABASE ").await.expect("a new database");
        scratch
    }

    pub(crate) fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').expect("a URL with a database");
        format!("{server}/{}", self.name)
    }

    /// The name of a database cannot be a parameter; this one was made here.
    async fn tell(&self, order: &'static str) -> Result<(), sqlx::Error> {
        let mut connection = PgConnection::connect(&self.server).await?;
        QueryBuilder::<Db>::new(order).push(&self.name).build().persistent(false).execute(&mut connection).await?;
        connection.close().await
    }
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
        let mut order = QueryBuilder::<Db>::new("DROP DATABASE ");
        order.push(&self.name).push(" WITH (FORCE)");
        order.build().persistent(false).execute(&mut connection).await?;
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
