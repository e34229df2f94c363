//! `make bench`: the programs as they are shipped, then the measurements beside a throw-away PostgreSQL.

use std::process::Command;

use anyhow::{Result, bail};

use crate::postgres::{Cluster, Fsync, URL_VARIABLE};
use crate::process::{Interrupted, Running, succeed};
use crate::screens;
use crate::workspace::{cargo, root, target};

/// Cargo builds what one call names with the features of all of it. Central and the measurements stand on plain SQLite,
/// the client on SQLCipher: in one call Central would be built with the client's.
const BUILDS: [[&str; 2]; 2] =
    [["counterfoil-central", "counterfoil-bench"], ["counterfoil-devhost", "counterfoil-desktop"]];

/// `cargo xtask bench [--write] [--seconds N] [row ...]`.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    screens::build()?;
    for [one, other] in BUILDS {
        succeed(
            "the build",
            cargo().args(["build", "--release", "--package", one, "--package", other]).env("CARGO_INCREMENTAL", "0"),
        )?;
    }
    let interrupted = Interrupted::listen()?;
    let cluster = Cluster::start(Fsync::On)?;
    let mut command = Command::new(target().join("release/counterfoil-bench"));
    command.args(arguments).env(URL_VARIABLE, cluster.url()).current_dir(root());
    let status = Running::start("the bench", &mut command)?.wait(&interrupted)?;
    drop(cluster);
    if !status.success() {
        bail!("{status}");
    }
    Ok(())
}
