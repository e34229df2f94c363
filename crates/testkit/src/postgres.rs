//! A database of its own for each test, in the cluster that the test command started.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context as _, Result, ensure};

/// The address of the cluster's own database, set by `cargo xtask test` and `cargo xtask postgres`.
const URL: &str = "COUNTERFOIL_TEST_POSTGRES_URL";

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A new, empty database. Dropping it removes it.
pub struct Database {
    cluster: String,
    name: String,
}

impl Database {
    pub fn create() -> Result<Self> {
        Self::create_in(&shared()?)
    }

    /// In the cluster with this address.
    pub fn create_in(cluster: &str) -> Result<Self> {
        let name = next_name();
        psql(cluster, &format!("CREATE DATABASE {name}"))?;
        Ok(Self { cluster: cluster.to_owned(), name })
    }

    /// A copy of it as it is now. Nobody may be connected to it.
    pub fn copy(&self) -> Result<Self> {
        let name = next_name();
        // Copying files is quicker than logging every block, for a database of this size.
        psql(&self.cluster, &format!("CREATE DATABASE {name} TEMPLATE {} STRATEGY FILE_COPY", self.name))?;
        Ok(Self { cluster: self.cluster.clone(), name })
    }

    /// Replaces its contents by an archive of `pg_dump`.
    pub fn restore_from(&self, archive: &Path) -> Result<()> {
        psql(&self.cluster, &format!("DROP DATABASE {} WITH (FORCE)", self.name))?;
        psql(&self.cluster, &format!("CREATE DATABASE {}", self.name))?;
        let output = Command::new("pg_restore")
            .args(["--exit-on-error", "--dbname", &self.url()])
            .arg(archive)
            .output()
            .context("cannot run pg_restore: run scripts/setup.sh test")?;
        ensure!(output.status.success(), "pg_restore: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    pub fn url(&self) -> String {
        let (server, _) = self.cluster.rsplit_once('/').unwrap_or((&self.cluster, ""));
        format!("{server}/{}", self.name)
    }
}

/// The address of the cluster that all tests share.
pub(crate) fn shared() -> Result<String> {
    std::env::var(URL).with_context(|| format!("{URL} is not set: run `cargo xtask postgres -- cargo nextest run ...`"))
}

fn next_name() -> String {
    format!("desk_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

impl Drop for Database {
    fn drop(&mut self) {
        let _ = psql(&self.cluster, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

/// Runs SQL and returns its rows, one a line, columns parted by `|`.
pub fn psql(url: &str, sql: &str) -> Result<String> {
    let output = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--dbname", url, "--command", sql])
        .output()
        .context("cannot run psql: run scripts/setup.sh test")?;
    ensure!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
