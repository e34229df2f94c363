//! One run of the linter over the workspace, in which each crate with SQL asks a database of its own.

use std::ffi::OsString;
use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::SystemTime;

use anyhow::{Context as _, Result, ensure};

use super::database::{self, Database};
use super::package::{PACKAGES, Package};
use crate::workspace::{cargo, linting_cargo, root};

/// Set for every compiler of the run: the folder in which each crate has a folder for its answers.
const ANSWERS_VARIABLE: &str = "COUNTERFOIL_SQL_ANSWERS";

/// What the linter does besides.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Besides {
    /// Nothing: the soonest answer for who is writing.
    Nothing,
    /// It compiles, so that whoever also wants programs and tests has each crate looked at once and not twice.
    Build,
}

/// Runs the linter, and has the crates in `asking` ask their databases. Their answers are in `answers`, a folder each
/// by the package's name, as far as they were understood, also when this fails.
pub(super) fn lint(asking: &[&Package], answers: &Path, besides: Besides) -> Result<()> {
    let scratch = tempfile::Builder::new().prefix("counterfoil-sql-").tempdir()?;
    let mut command = match besides {
        Besides::Nothing => cargo(),
        Besides::Build => linting_cargo(),
    };
    command.arg(match besides {
        Besides::Nothing => "clippy",
        Besides::Build => "build",
    });
    command.args(["--quiet", "--workspace", "--all-targets", "--keep-going"]);
    if matches!(besides, Besides::Nothing) {
        command.args(["--", "--deny", "warnings"]);
    }
    for package in &PACKAGES {
        command.env_remove(package.url_variable);
    }
    let mut databases: Vec<Database> = Vec::new();
    for package in asking {
        let database = database::migrated(package, scratch.path())?;
        command.env(package.url_variable, &database.url);
        databases.push(database);
    }
    if !asking.is_empty() {
        command.env("SQLX_OFFLINE", "false").env(ANSWERS_VARIABLE, answers).stdin(Stdio::null());
        // Around the linter, which is the compiler of the workspace's own crates.
        command.env("RUSTC_WRAPPER", std::env::current_exe()?);
    }
    let touched: Vec<Touched> = asking.iter().map(|package| Touched::touch(package)).collect::<Result<_>>()?;
    let status = command.status().context("cannot run cargo")?;
    drop(touched);
    ensure!(status.success(), "clippy objects, see above ({status})");
    Ok(())
}

/// Cargo does not know that the macros look at the environment, so a crate that is to ask has to look changed. When this
/// is dropped the file has its old time back, or everything above it would be built again for nothing.
struct Touched {
    library: File,
    before: SystemTime,
}

impl Touched {
    #[expect(clippy::disallowed_methods, reason = "a file time that cargo compares with the real clock")]
    fn touch(package: &Package) -> Result<Self> {
        let library = File::options().append(true).open(root().join(package.folder).join("src/lib.rs"))?;
        let before = library.metadata()?.modified()?;
        library.set_modified(SystemTime::now())?;
        Ok(Self { library, before })
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        if let Err(error) = self.library.set_modified(self.before) {
            eprintln!("a crate will be compiled once more than needed: {error}");
        }
    }
}

/// Cargo runs this program in place of the compiler, because the macros save the answers of every crate in one folder:
/// the name of an answer's file is a hash of the SQL alone, and the two engines of Central share their SQL.
pub(crate) fn stand_in_for_the_compiler() -> Option<ExitCode> {
    let answers = std::env::var_os(ANSWERS_VARIABLE)?;
    let mut arguments = std::env::args_os().skip(1);
    let Some(compiler) = arguments.next() else {
        eprintln!("{ANSWERS_VARIABLE} is set: this program then runs the compiler it is given, and there is none");
        return Some(ExitCode::from(2));
    };
    let mut command = Command::new(&compiler);
    command.args(arguments.collect::<Vec<OsString>>());
    let name = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    if PACKAGES.iter().any(|package| package.name == name) {
        command.env("SQLX_OFFLINE_DIR", Path::new(&answers).join(name));
    }
    let error = command.exec();
    eprintln!("cannot run {}: {error}", compiler.display());
    Some(ExitCode::FAILURE)
}
