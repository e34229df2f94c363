//! Writes the `.sqlx` folders: what the databases answered about every checked query, so that a build needs none.
//!
//! Each crate with SQL names its own variable in its `sqlx.toml`. While that variable holds the URL of a live database
//! the macros ask it, and save the answer in `SQLX_OFFLINE_DIR`. One crate at a time, because the file's name is a hash
//! of the SQL alone and the two engines share their SQL.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use crate::postgres::Cluster;
use crate::process::succeed;
use crate::workspace::{cargo, fingerprint, root, target};

struct Package {
    name: &'static str,
    folder: &'static str,
    url_variable: &'static str,
    engine: Engine,
    /// Folders of migrations, applied to one database in this order.
    migrations: &'static [&'static str],
    /// What its SQL is compiled from, besides its own folder.
    sources: &'static [&'static str],
}

#[derive(PartialEq)]
enum Engine {
    Sqlite,
    Postgres,
}

const PACKAGES: [Package; 4] = [
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

type Cache = BTreeMap<String, Vec<u8>>;

/// `cargo xtask prepare-sql [--check] [package...]`.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let check = arguments.iter().any(|argument| argument == "--check");
    let wanted: Vec<&String> = arguments.iter().filter(|argument| *argument != "--check").collect();
    for name in &wanted {
        ensure!(
            PACKAGES.iter().any(|package| package.name == **name),
            "{name} has no checked SQL; these have: {}",
            PACKAGES.map(|package| package.name).join(", ")
        );
    }
    if check {
        succeed("clippy", cargo().args(["clippy", "--quiet", "--workspace", "--all-targets"]))?;
    }
    let mut wrong = Vec::new();
    for package in PACKAGES {
        if !wanted.is_empty() && !wanted.iter().any(|name| *name == package.name) {
            continue;
        }
        if !root().join(package.folder).join("sqlx.toml").is_file() {
            println!("{}: has no sqlx.toml yet, skipped", package.name);
            continue;
        }
        let current = inputs(&package)?;
        if check && fs::read_to_string(stamp(&package)).is_ok_and(|seen| seen == current) {
            println!("{}: unchanged since it was last compared", package.name);
            continue;
        }
        match prepare(&package, check) {
            Ok(()) => {
                let stamp = stamp(&package);
                fs::create_dir_all(stamp.parent().expect("a stamp lies in a folder"))?;
                fs::write(stamp, inputs(&package)?)?;
            }
            Err(error) => wrong.push(format!("{}: {error:#}", package.name)),
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

fn prepare(package: &Package, check: bool) -> Result<()> {
    let scratch = tempfile::Builder::new().prefix("counterfoil-sqlx-").tempdir()?;
    let written = scratch.path().join("sqlx");
    fs::create_dir(&written)?;
    let (url, cluster) = match package.engine {
        Engine::Sqlite => (migrated_sqlite(package, &scratch.path().join("schema.db"))?, None),
        Engine::Postgres => {
            let cluster = migrated_postgres(package)?;
            (cluster.url(), Some(cluster))
        }
    };
    let compiled = compile(package, &url, &written, check);
    drop(cluster);
    let fresh = read_cache(&written)?;
    let folder = root().join(package.folder).join(".sqlx");
    if let Err(error) = compiled {
        if !check {
            // What did expand is right, and lets the author go on; nothing is removed on a partial view.
            add(&folder, &fresh)?;
            bail!("{error:#}: kept the {} queries that were understood, removed none", fresh.len());
        }
        return Err(error);
    }
    let committed = read_cache(&folder)?;
    if fresh == committed {
        println!("{}: {} queries, all as they were", package.name, fresh.len());
        return Ok(());
    }
    if check {
        bail!(
            "{}/.sqlx is not what the migrations and queries give: {}. Run `make prepare-sql` and commit the result",
            package.folder,
            differences(&committed, &fresh)
        );
    }
    for stale in committed.keys().filter(|name| !fresh.contains_key(*name)) {
        fs::remove_file(folder.join(stale))?;
    }
    add(&folder, &fresh)?;
    println!("{}: {} queries; {}", package.name, fresh.len(), differences(&committed, &fresh));
    Ok(())
}

fn compile(package: &Package, url: &str, written: &Path, check: bool) -> Result<()> {
    // Cargo does not know that the macros look at these variables, so the crate has to look changed; afterwards it is
    // given its old time back, or everything above it would be built again for nothing.
    let library = root().join(package.folder).join("src/lib.rs");
    let file = File::options().append(true).open(&library)?;
    let before = file.metadata()?.modified()?;
    file.set_modified(now())?;
    let mut command = cargo();
    if check {
        // With everything else up to date this expands the one crate only, and as the linter saw it: compiled by
        // itself it would have other features, and so would all it depends on.
        command.args(["clippy", "--quiet", "--workspace", "--all-targets"]);
    } else {
        command.args(["check", "--quiet", "--all-targets", "--package", package.name]);
    }
    command.env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", written).stdin(Stdio::null());
    for other in PACKAGES {
        command.env_remove(other.url_variable);
    }
    let status = command.env(package.url_variable, url).status();
    file.set_modified(before)?;
    ensure!(status?.success(), "does not compile against its database (see above)");
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a file time that cargo compares with the real clock")]
fn now() -> std::time::SystemTime {
    std::time::SystemTime::now()
}

fn migrated_sqlite(package: &Package, file: &Path) -> Result<String> {
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

fn migrated_postgres(package: &Package) -> Result<Cluster> {
    let cluster = Cluster::start()?;
    for migration in migrations(package)? {
        cluster.run_sql(&migration)?;
    }
    Ok(cluster)
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

fn read_cache(folder: &Path) -> Result<Cache> {
    let mut cache = Cache::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            cache.insert(entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?);
        }
    }
    Ok(cache)
}

/// Leaves a file alone that is already right: its time would make cargo build again.
fn add(folder: &Path, cache: &Cache) -> Result<()> {
    fs::create_dir_all(folder)?;
    for (name, content) in cache {
        let path = folder.join(name);
        if fs::read(&path).ok().as_ref() != Some(content) {
            fs::write(path, content)?;
        }
    }
    Ok(())
}

fn differences(old: &Cache, new: &Cache) -> String {
    let added = new.keys().filter(|name| !old.contains_key(*name)).count();
    let removed = old.keys().filter(|name| !new.contains_key(*name)).count();
    let changed = new.iter().filter(|(name, content)| old.get(*name).is_some_and(|o| o != *content)).count();
    format!("{added} new, {removed} gone, {changed} changed")
}

fn stamp(package: &Package) -> PathBuf {
    target().join("xtask").join(format!("sql-{}", package.name))
}

/// Of everything that decides what the cache must hold, the cache itself included.
fn inputs(package: &Package) -> Result<String> {
    let folders: Vec<&str> = [package.folder, "Cargo.lock"]
        .into_iter()
        .chain(package.sources.iter().copied())
        .chain(package.migrations.iter().copied())
        .collect();
    fingerprint(&folders)
}
