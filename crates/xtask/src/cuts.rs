//! `cargo xtask cuts`: the line cut after every byte, a sale ended at every file-system call, Central killed in a loop.

use std::time::Instant;

use anyhow::{Result, ensure};

use crate::postgres::{self, Cluster, Fsync};
use crate::process::{Interrupted, Running, succeed};
use crate::workspace::cargo;

/// `cargo xtask cuts [test ...]`.
pub(crate) fn run(only: &[String]) -> Result<()> {
    let started = Instant::now();
    let interrupted = Interrupted::listen()?;
    succeed(
        "the build",
        cargo()
            .args(["build", "--quiet", "--package", "counterfoil-devhost", "--package", "counterfoil-central"])
            .args(["--package", "counterfoil-faulty-calls"]),
    )?;
    let cluster = Cluster::start(Fsync::On)?;
    let mut command = cargo();
    command
        .args(["test", "--quiet", "--package", "counterfoil-cuts", "--no-fail-fast", "--"])
        // Each uses all cores by itself, and says its figures.
        .args(["--include-ignored", "--nocapture", "--test-threads", "1"])
        .args(only)
        .env(postgres::URL_VARIABLE, cluster.url());
    let status = Running::start("the cuts", &mut command)?.wait(&interrupted)?;
    println!("{} s in all", started.elapsed().as_secs());
    ensure!(status.success(), "a cut left something behind ({status})");
    Ok(())
}
