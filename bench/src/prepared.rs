//! What several rows share and what takes long to make: a desk, and shops with very many codes.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use counterfoil_testkit::desk::Desk;

use crate::server::{self, Server};

/// Raise it when the rows of a base are to be others.
const GENERATION: u32 = 1;
/// The wholesale shop of the sample data has all codes.
const SHOPS: u32 = 1;

/// Made when a row first asks, kept to the end of the run.
#[derive(Default)]
pub(crate) struct Prepared {
    desk: Option<Rc<Desk>>,
    shops: BTreeMap<u32, Rc<Server>>,
}

/// Files of a Central with so many codes, kept between runs.
pub(crate) struct Base {
    pub(crate) database: PathBuf,
    pub(crate) keys: PathBuf,
}

impl Prepared {
    /// A session with a display, a bus and a keyring, on which programs of a shop run.
    pub(crate) fn desk(&mut self) -> Result<Rc<Desk>> {
        if self.desk.is_none() {
            needs(&["Xvfb", "dbus-daemon", "gnome-keyring-daemon"])?;
            self.desk = Some(Rc::new(Desk::new()?));
        }
        self.desk.clone().context("made a moment ago")
    }

    /// Central whose one shop has so many codes. Rows that use it leave what they changed.
    pub(crate) fn shop(&mut self, codes: u32) -> Result<Rc<Server>> {
        if let Some(shop) = self.shops.get(&codes) {
            return Ok(Rc::clone(shop));
        }
        let shop = Rc::new(Server::on_base(&base(codes)?)?);
        self.shops.insert(codes, Rc::clone(&shop));
        Ok(shop)
    }
}

/// A tool that is not there, so that a row cannot be measured: no failure of the others.
#[derive(Debug, thiserror::Error)]
#[error("it needs {0}: run `make setup-bench`")]
pub(crate) struct Missing(pub(crate) String);

/// Whether these programs are on the PATH.
pub(crate) fn needs(programs: &[&str]) -> Result<()> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |program: &&&str| std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    let missing: Vec<&str> = programs.iter().filter(|program| !is_there(program)).copied().collect();
    if missing.is_empty() { Ok(()) } else { Err(Missing(missing.join(", ")).into()) }
}

/// Beside the profile folder of this program: `target/bench`.
pub(crate) fn kept() -> Result<PathBuf> {
    let bench = std::env::current_exe()?;
    let target = bench.parent().and_then(Path::parent).context("a program lies in target/<profile>")?;
    let folder = target.join("bench");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Fills one, unless an earlier run did with the same tables.
fn base(codes: u32) -> Result<Base> {
    let kept = kept()?;
    let name = format!("base-{codes}-");
    let folder = kept.join(format!("{name}{:016x}", schema()?));
    if !folder.is_dir() {
        // Of older tables.
        for old in std::fs::read_dir(&kept)?.flatten() {
            if old.file_name().to_string_lossy().starts_with(&name) {
                std::fs::remove_dir_all(old.path())?;
            }
        }
        println!("  filling a Central with {codes} codes …");
        let started = Instant::now();
        let partial = tempfile::Builder::new().prefix("filling-").tempdir_in(&kept)?;
        let base = files(partial.path());
        server::fill(&format!("sqlite:{}", base.database.display()), &base.keys, codes, SHOPS)?;
        std::fs::rename(partial.keep(), &folder)?;
        println!("  … took {:.0} s", started.elapsed().as_secs_f64());
    }
    Ok(files(&folder))
}

fn files(folder: &Path) -> Base {
    Base { database: folder.join("central.db"), keys: folder.join("central.keys") }
}

/// What tells one set of tables from another.
fn schema() -> Result<u64> {
    let folder = Path::new("migrations/central/sqlite");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .context("run this at the root of the repository")?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    ensure!(!files.is_empty(), "{} is empty", folder.display());
    files.sort();
    let mut hasher = DefaultHasher::new();
    GENERATION.hash(&mut hasher);
    for file in files {
        std::fs::read(file)?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}
