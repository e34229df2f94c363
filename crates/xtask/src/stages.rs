//! `make test`, `make lint` and `make bindings`: what runs, in which order, and how long each part took.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::postgres::{self, Cluster};
use crate::process::{Interrupted, Running, succeed};
use crate::workspace::{cargo, root};
use crate::{mutants, prepare_sql, screens, tidy};

/// Tests of the real window: each starts a display, a keyring, Central and the application, so few run at once.
const WINDOW_TESTS: &str = "package(counterfoil-desktop-tests)";

struct Stages {
    started: Instant,
    interrupted: Interrupted,
    done: Vec<(&'static str, Duration)>,
}

impl Stages {
    fn begin() -> Result<Self> {
        Ok(Self { started: Instant::now(), interrupted: Interrupted::listen()?, done: Vec::new() })
    }

    fn stage(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        println!("\n=== {name}");
        let started = Instant::now();
        let outcome = work();
        self.done.push((name, started.elapsed()));
        if self.interrupted.is_set() {
            bail!("interrupted during: {name}");
        }
        outcome.map_err(|error| error.context(format!("failed: {name}")))
    }

    fn command(&mut self, name: &'static str, command: &mut Command) -> Result<()> {
        let interrupted = self.interrupted.clone();
        self.stage(name, || {
            let status = Running::start(name, command)?.wait(&interrupted)?;
            if !status.success() {
                bail!("{status}");
            }
            Ok(())
        })
    }

    fn report(&self) {
        println!("\n=== time");
        for (name, took) in &self.done {
            println!("{:>8.1} s  {name}", took.as_secs_f64());
        }
        println!("{:>8.1} s  in all", self.started.elapsed().as_secs_f64());
    }
}

/// `cargo xtask lint`.
pub(crate) fn lint() -> Result<()> {
    let mut stages = Stages::begin()?;
    let outcome = lint_stages(&mut stages);
    stages.report();
    outcome
}

/// `cargo xtask test`.
pub(crate) fn test() -> Result<()> {
    let mut stages = Stages::begin()?;
    let outcome = lint_stages(&mut stages).and_then(|()| test_stages(&mut stages));
    stages.report();
    outcome
}

/// Cheapest first, so that a slip is told soon. The screens are built before any Rust: the application embeds them.
fn lint_stages(stages: &mut Stages) -> Result<()> {
    stages.stage("tidy", tidy::run)?;
    stages.stage("places of the mutants", mutants::check)?;
    stages.command("format of Rust", cargo().args(["fmt", "--all", "--check"]))?;
    stages.command("types of the screens", &mut npm("ui", "check"))?;
    stages.command("lint of the screens", &mut npm("ui", "lint"))?;
    stages.command("types of the browser tests", &mut npm("tests/ui", "check"))?;
    stages.stage("build of the screens", screens::build)?;
    stages.stage("clippy, with the SQL compared", prepare_sql::lint)
}

fn test_stages(stages: &mut Stages) -> Result<()> {
    stages.command("unit tests of the screens", &mut npm("ui", "test"))?;
    // One build of everything, so that each dependency is compiled once: the tests start the programs it makes.
    stages
        .command("build of programs and tests", cargo().args(["build", "--quiet", "--workspace", "--all-targets"]))?;
    let cluster = Cluster::start()?;
    stages.command("tests", nextest(&format!("not {WINDOW_TESTS}")).env(postgres::URL_VARIABLE, cluster.url()))?;
    let examples = ["test", "--quiet", "--doc", "--package", "counterfoil-stalker"];
    stages.command("examples in the documentation", cargo().args(examples))?;
    stages.command("tests in a browser", &mut npm("tests/ui", "test"))?;
    stages.command("tests in the real window", nextest(WINDOW_TESTS).env(postgres::URL_VARIABLE, cluster.url()))
}

/// `cargo xtask bindings`: the tests that compare these files with the code write them instead.
pub(crate) fn bindings() -> Result<()> {
    succeed(
        "the TypeScript of the command list",
        cargo().args(["test", "--quiet", "--package", "counterfoil-client", "--test", "bindings"]),
    )?;
    succeed(
        "the OpenAPI document",
        cargo()
            .args(["test", "--quiet", "--package", "counterfoil-central", "--test", "openapi"])
            .env("COUNTERFOIL_WRITE", "1"),
    )
}

/// `cargo xtask screenshots`: the pictures of docs/, from the real window and a browser, with sample data.
pub(crate) fn screenshots() -> Result<()> {
    screens::build()?;
    succeed(
        "the build",
        cargo()
            .args(["build", "--package", "counterfoil-central", "--package", "counterfoil-desktop"])
            .args(["--package", "counterfoil-devhost"]),
    )?;
    let folder = root().join("docs/images");
    succeed(
        "the pictures",
        cargo()
            .args(["test", "--quiet", "--package", "counterfoil-desktop-tests", "--test", "screenshots"])
            .args(["--", "--ignored"])
            .env("COUNTERFOIL_SCREENSHOTS", &folder),
    )?;
    let mut browser = npm("tests/ui", "test");
    succeed("the pictures of the public pages", browser.args(["--", "pictures"]).env("COUNTERFOIL_SCREENSHOTS", folder))
}

fn nextest(filter: &str) -> Command {
    let mut command = cargo();
    command.args(["nextest", "run", "--workspace", "--cargo-quiet", "--no-fail-fast"]);
    command.args(["--filterset", filter]);
    // Compare the generated files with the code; without it their tests would write them.
    command.env("COUNTERFOIL_CHECK_BINDINGS", "1");
    command
}

fn npm(folder: &str, script: &str) -> Command {
    let mut command = Command::new("npm");
    command.args(["run", "--silent", script]).current_dir(root().join(folder));
    command
}
