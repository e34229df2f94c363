//! A database of its own for each test.

use sqlx::{QueryBuilder, Row as _};
use tempfile::TempDir;

use crate::dialect::{Conn, Db};

/// A file in a folder that goes with this value.
pub(crate) struct Scratch {
    folder: TempDir,
}

impl Scratch {
    #[allow(clippy::unused_async, reason = "the other engine has to wait here")]
    pub(crate) async fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub(crate) fn url(&self) -> String {
        format!("sqlite:{}", self.folder.path().join("central.db").display())
    }
}

/// How a query would be answered.
pub(crate) async fn plan_of(conn: &mut Conn, query: &str) -> String {
    let mut explained = QueryBuilder::<Db>::new("EXPLAIN QUERY PLAN ");
    let rows = explained.push(query).build().fetch_all(conn).await.expect("a plan");
    rows.iter().map(|row| row.get::<String, _>("detail") + "\n").collect()
}
