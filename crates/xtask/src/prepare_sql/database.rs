//! A database with a package's tables and nothing in them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::package::{Engine, Package};
use crate::postgres::{Cluster, Fsync};
use crate::workspace::root;

pub(super) struct Database {
    pub(super) url: String,
    _cluster: Option<Cluster>,
}

/// `folder` takes the file of an SQLite database.
pub(super) fn migrated(package: &Package, folder: &Path) -> Result<Database> {
    match package.engine {
        Engine::Sqlite => {
            let file = folder.join(format!("{}.db", package.name));
            Ok(Database { url: sqlite(package, &file)?, _cluster: None })
        }
        Engine::Postgres => {
            let cluster = Cluster::start(Fsync::Off)?;
            for migration in migrations(package)? {
                cluster.run_sql(&migration)?;
            }
            Ok(Database { url: cluster.url(), _cluster: Some(cluster) })
        }
    }
}

fn sqlite(package: &Package, file: &Path) -> Result<String> {
    for migration in migrations(package)? {
        let output = Command::new("sqlite3")
            .args(["-batch", "-bail"])
            .arg(file)
            .stdin(File::open(&migration)?)
            .output()
            .context("cannot run sqlite3: run scripts/setup.sh run")?;
        ensure!(output.status.success(), "{} fails:\n{}", migration.display(), String::from_utf8_lossy(&output.stderr));
    }
    Ok(format!("sqlite://{}", file.display()))
}

/// Ascending by file name in each folder, which is the order of their versions. A `.down.sql` undoes and is left out.
fn migrations(package: &Package) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for folder in package.migrations {
        let entries = fs::read_dir(root().join(folder)).with_context(|| format!("no folder {folder}"))?;
        let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
        paths.retain(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(".sql") && !name.ends_with(".down.sql")
        });
        paths.sort();
        all.extend(paths);
    }
    Ok(all)
}
