//! A database of its own for each test.

use std::fs;
use std::path::{Path, PathBuf};

use sqlx::{QueryBuilder, Row as _};
use tempfile::TempDir;

use crate::dialect::{Conn, Db, Store};
use crate::engine::schema::Schema;

/// A file in a folder that goes with this value.
pub(crate) struct Scratch {
    folder: TempDir,
}

impl Scratch {
    /// With the tables of this program and nothing in them: a copy of a file that the first test of all migrated.
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let scratch = Self { folder };
        let model = model();
        if !model.exists() {
            make(&model).await;
        }
        fs::copy(model, scratch.file()).expect("a copy of the migrated file");
        scratch
    }

    /// With what a backup holds, as an operator puts it in place.
    #[allow(clippy::unused_async, reason = "the other engine loads a dump")]
    pub(crate) async fn of_backup(file: &Path) -> Self {
        let scratch = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        fs::copy(file, scratch.file()).expect("a copy of the backup");
        scratch
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("central.db")
    }

    pub(crate) fn url(&self) -> String {
        url(&self.file())
    }
}

fn url(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

/// Beside the program of the tests, each of which is a process of its own.
fn model() -> PathBuf {
    let program = std::env::current_exe().expect("this program");
    program.with_file_name(format!("migrated-{}.db", Schema::of_this_program().fingerprint()))
}

/// Whoever makes it at the same time makes the same; the last one stays.
async fn make(model: &Path) {
    let folder = model.parent().expect("a folder");
    let made = tempfile::tempdir_in(folder).expect("a temporary folder");
    let file = made.path().join("central.db");
    let store = Store::open(&url(&file)).await.expect("opens");
    store.migrate(&Schema::of_this_program()).await.expect("migrates");
    // Then nothing of it stands in a log beside it any more.
    store.close().await;
    fs::rename(file, model).expect("takes its name");
}

/// How a query would be answered.
pub(crate) async fn plan_of(conn: &mut Conn, query: &str) -> String {
    let mut explained = QueryBuilder::<Db>::new("EXPLAIN QUERY PLAN ");
    let rows = explained.push(query).build().fetch_all(conn).await.expect("a plan");
    rows.iter().map(|row| row.get::<String, _>("detail") + "\n").collect()
}
