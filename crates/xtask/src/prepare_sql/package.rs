//! The crates whose SQL is checked against a database while they compile.

use std::path::PathBuf;

use anyhow::Result;

use crate::workspace::{fingerprint, target};

pub(super) struct Package {
    pub(super) name: &'static str,
    pub(super) folder: &'static str,
    pub(super) url_variable: &'static str,
    pub(super) engine: Engine,
    /// Folders of migrations, applied to one database in this order.
    pub(super) migrations: &'static [&'static str],
    /// What its SQL is compiled from, besides its own folder.
    sources: &'static [&'static str],
}

#[derive(PartialEq)]
pub(super) enum Engine {
    Sqlite,
    Postgres,
}

pub(super) const PACKAGES: [Package; 4] = [
    Package {
        name: "counterfoil-cache",
        folder: "crates/cache",
        url_variable: "COUNTERFOIL_CACHE_CHECK_URL",
        engine: Engine::Sqlite,
        migrations: &["migrations/desktop/cache"],
        sources: &[],
    },
    Package {
        name: "counterfoil-client",
        folder: "crates/client",
        url_variable: "COUNTERFOIL_CLIENT_CHECK_URL",
        engine: Engine::Sqlite,
        // Two files on a device, but their tables are disjoint and a crate can be checked against one schema only.
        migrations: &["migrations/desktop/local", "migrations/desktop/cache"],
        sources: &[],
    },
    Package {
        name: "counterfoil-central-sqlite",
        folder: "crates/central/sqlite",
        url_variable: "COUNTERFOIL_SQLITE_CHECK_URL",
        engine: Engine::Sqlite,
        migrations: &["migrations/central/sqlite"],
        sources: &["crates/central/engine"],
    },
    Package {
        name: "counterfoil-central-postgres",
        folder: "crates/central/postgres",
        url_variable: "COUNTERFOIL_POSTGRES_CHECK_URL",
        engine: Engine::Postgres,
        migrations: &["migrations/central/postgres"],
        sources: &["crates/central/engine"],
    },
];

impl Package {
    /// Holds what `inputs` were when they were last compared and found right.
    pub(super) fn stamp(&self) -> PathBuf {
        target().join("xtask").join(format!("sql-{}", self.name))
    }

    /// Of everything that decides what the answers must be, the committed answers included.
    pub(super) fn inputs(&self) -> Result<String> {
        let folders: Vec<&str> = [self.folder, "Cargo.lock"]
            .into_iter()
            .chain(self.sources.iter().copied())
            .chain(self.migrations.iter().copied())
            .collect();
        fingerprint(&folders)
    }
}
