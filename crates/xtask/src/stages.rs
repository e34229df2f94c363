//! `make test`, `make lint` and `make bindings`: what runs, in which order, and how long each part took.

use std::num::NonZero;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::postgres::{self, Cluster, Fsync};
use crate::prepare_sql::Besides;
use crate::process::{Interrupted, Running, succeed};
use crate::workspace::{cargo, linting_cargo, root};
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
    let outcome = quick_stages(&mut stages)
        .and_then(|()| stages.stage("clippy, with the SQL compared", || prepare_sql::lint(Besides::Nothing)));
    stages.report();
    outcome
}

/// `cargo xtask test`.
pub(crate) fn test() -> Result<()> {
    let mut stages = Stages::begin()?;
    let outcome = quick_stages(&mut stages).and_then(|()| test_stages(&mut stages));
    stages.report();
    outcome
}

/// Cheapest first, so that a slip is told soon. The screens are built before any Rust: the application embeds them.
fn quick_stages(stages: &mut Stages) -> Result<()> {
    stages.stage("tidy", tidy::run)?;
    stages.stage("places of the mutants", mutants::check)?;
    stages.command("format of Rust", cargo().args(["fmt", "--all", "--check"]))?;
    stages.command("types of the screens", &mut npm("ui", "check"))?;
    stages.command("lint of the screens", &mut npm("ui", "lint"))?;
    stages.command("types of the browser tests", &mut npm("tests/ui", "check"))?;
    stages.stage("build of the screens", screens::build)
}

fn test_stages(stages: &mut Stages) -> Result<()> {
    stages.command("unit tests of the screens", &mut npm("ui", "test"))?;
    // One build of everything, by the linter, so that each crate is compiled once: the tests start the programs it makes.
    stages.stage("clippy and build, with the SQL compared", || prepare_sql::lint(Besides::Build))?;
    let cluster = Cluster::start(Fsync::Off)?;
    stages.command("tests", nextest(&format!("not {WINDOW_TESTS}")).env(postgres::URL_VARIABLE, cluster.url()))?;
    // Of the whole workspace, because one package alone would be built anew with fewer features. Only the crate that others
    // may use has examples; the rest say `doctest = false`.
    let examples = ["test", "--quiet", "--doc", "--workspace"];
    stages.command("examples in the documentation", linting_cargo().args(examples))?;
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
    // Of the whole workspace, as the tests build it: packages by themselves have other features and are built anew.
    succeed("the build", linting_cargo().args(["build", "--workspace", "--all-targets"]))?;
    let folder = root().join("docs/images");
    let mut window = nextest("package(counterfoil-desktop-tests) & binary(screenshots)");
    window.args(["--ignore-default-filter", "--run-ignored", "only"]).env("COUNTERFOIL_SCREENSHOTS", &folder);
    succeed("the pictures", &mut window)?;
    let mut browser = npm("tests/ui", "test");
    // By the file's whole name: what is given here is looked for in the whole path of each. The first also finds
    // portal-pictures.spec.ts.
    let specs = ["--", "pictures.spec.ts", "walk.spec.ts"];
    succeed("the pictures in a browser", browser.args(specs).env("COUNTERFOIL_SCREENSHOTS", folder))
}

fn nextest(filter: &str) -> Command {
    let mut command = linting_cargo();
    command.args(["nextest", "run", "--workspace", "--cargo-quiet", "--no-fail-fast"]);
    command.args(["--filterset", filter]);
    // One more than there are cores: most of a test that starts programs is waiting for them.
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    command.args(["--test-threads", &(cores + 1).to_string()]);
    // Compare the generated files with the code; without it their tests would write them.
    command.env("COUNTERFOIL_CHECK_BINDINGS", "1");
    command
}

fn npm(folder: &str, script: &str) -> Command {
    let mut command = Command::new("npm");
    command.args(["run", "--silent", script]).current_dir(root().join(folder));
    command
}
