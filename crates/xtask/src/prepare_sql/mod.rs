//! Writes the `.sqlx` folders: what the databases answered about every checked query, so that a build needs none.
//!
//! Each crate with SQL names its own variable in its `sqlx.toml`. While that variable holds the URL of a live database
//! the macros ask it, and save the answers. That happens while clippy looks at the workspace, so that comparing the
//! answers costs no build of its own.

mod answers;
mod compile;
mod database;
mod package;

use std::fs;
use std::path::Path;

use anyhow::{Result, bail, ensure};

pub(crate) use self::compile::{Besides, stand_in_for_the_compiler};
use self::package::{PACKAGES, Package};
use crate::workspace::root;

/// `cargo xtask prepare-sql [package...]`: asks for these packages, or all, and writes their folders.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    for name in arguments {
        ensure!(
            PACKAGES.iter().any(|package| package.name == *name),
            "{name} has no checked SQL; these have: {}",
            PACKAGES.map(|package| package.name).join(", ")
        );
    }
    let asking: Vec<&Package> = PACKAGES
        .iter()
        .filter(|package| arguments.is_empty() || arguments.iter().any(|name| *name == package.name))
        .collect();
    let scratch = folders(&asking)?;
    let linted = compile::lint(&asking, scratch.path(), Besides::Nothing);
    for package in asking {
        let folder = root().join(package.folder).join(".sqlx");
        let (committed, fresh) = (answers::read(&folder)?, answers::read(&scratch.path().join(package.name))?);
        if linted.is_ok() {
            answers::replace(&folder, &committed, &fresh)?;
            println!("{}: {} queries; {}", package.name, fresh.len(), answers::differences(&committed, &fresh));
        } else {
            // What did expand is right, and lets the author go on; nothing is removed on a partial view.
            answers::add(&folder, &fresh)?;
            println!("{}: kept the {} queries that were understood, removed none", package.name, fresh.len());
        }
    }
    linted
}

/// Clippy over the workspace. Packages that changed since their answers were last compared ask again, and must be
/// answered what is committed.
pub(crate) fn lint(besides: Besides) -> Result<()> {
    let mut asking: Vec<&Package> = Vec::new();
    for package in &PACKAGES {
        let current = package.inputs()?;
        if fs::read_to_string(package.stamp()).is_ok_and(|seen| seen == current) {
            println!("{}: its SQL is as it was when it was last compared", package.name);
        } else {
            asking.push(package);
        }
    }
    let scratch = folders(&asking)?;
    compile::lint(&asking, scratch.path(), besides)?;
    let mut wrong = Vec::new();
    for package in asking {
        match compare(package, &scratch.path().join(package.name)) {
            Ok(()) => {
                let stamp = package.stamp();
                fs::create_dir_all(stamp.parent().expect("a stamp lies in a folder"))?;
                fs::write(stamp, package.inputs()?)?;
            }
            Err(error) => wrong.push(format!("{error:#}")),
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

fn compare(package: &Package, written: &Path) -> Result<()> {
    let committed = answers::read(&root().join(package.folder).join(".sqlx"))?;
    let fresh = answers::read(written)?;
    if fresh == committed {
        println!("{}: {} queries, all as they were", package.name, fresh.len());
        return Ok(());
    }
    bail!(
        "{}/.sqlx is not what the migrations and queries give: {}. Run `make prepare-sql` and commit the result",
        package.folder,
        answers::differences(&committed, &fresh)
    );
}

/// A folder for the answers of each package.
fn folders(asking: &[&Package]) -> Result<tempfile::TempDir> {
    let scratch = tempfile::Builder::new().prefix("counterfoil-sqlx-").tempdir()?;
    for package in asking {
        fs::create_dir(scratch.path().join(package.name))?;
    }
    Ok(scratch)
}
