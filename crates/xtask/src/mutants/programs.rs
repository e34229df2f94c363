//! The test programs of the copy: built once, run with one fault at a time.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::copy::tree;
use super::{Package, SWITCH};
use crate::postgres;
use crate::workspace::{cargo, target};

/// A fault may make a test wait for ever; that is an objection too.
const PATIENCE: Duration = Duration::from_mins(3);
const POLL: Duration = Duration::from_millis(20);

pub(super) struct Programs(Vec<Program>);

struct Program {
    package: String,
    executable: PathBuf,
    folder: PathBuf,
}

/// How a run with a fault ended.
pub(super) enum Verdict {
    /// The tests that failed.
    Caught(Vec<String>),
    Survived,
}

impl Programs {
    /// Builds the tests of all packages concerned. What does not compile is no fault that anyone caught.
    pub(super) fn build() -> Result<Self> {
        let mut command = cargo();
        command.args(["test", "--no-run", "--quiet", "--message-format=json", "--package", "counterfoil-domain"]);
        for package in Package::ALL {
            command.args(["--package", package.name()]);
        }
        let output = command
            .current_dir(tree())
            .env("CARGO_TARGET_DIR", target().join("mutants"))
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_TERM_COLOR", "never")
            .stderr(Stdio::inherit())
            .output()?;
        let messages: Vec<Value> =
            output.stdout.split(|b| *b == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
        if !output.status.success() {
            for message in messages.iter().filter(|m| m["message"]["level"] == "error") {
                eprintln!("{}", message["message"]["rendered"].as_str().unwrap_or_default());
            }
        }
        ensure!(output.status.success(), "the copy with its faults does not build");
        let programs: Vec<Program> = messages.iter().filter_map(Program::of).collect();
        ensure!(!programs.is_empty(), "cargo built no tests");
        Ok(Self(programs))
    }

    /// Runs these tests of a package with a fault switched on, or with none.
    pub(super) fn run(&self, package: Package, tests: &[&str], fault: Option<&str>, postgres: &str) -> Result<Verdict> {
        let mut wanted = tests.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        if wanted.is_empty() {
            return Ok(Verdict::Survived);
        }
        let (mut run, mut failed) = (0, Vec::new());
        for program in self.0.iter().filter(|program| program.package == package.name()) {
            let mut command = Command::new(&program.executable);
            command.arg("--exact").args(&wanted).current_dir(&program.folder);
            command.env(postgres::URL_VARIABLE, postgres).env_remove(SWITCH);
            if let Some(fault) = fault {
                command.env(SWITCH, fault);
            }
            let told = told(&mut command)?;
            run += told.passed + told.failed.len();
            failed.extend(told.failed);
        }
        // A process that a fault aborts or hangs says nothing of its tests; without a fault each must have run.
        ensure!(
            fault.is_some() || run == wanted.len(),
            "{} of {} tests were found in {}",
            run,
            wanted.len(),
            package.name()
        );
        Ok(if failed.is_empty() { Verdict::Survived } else { Verdict::Caught(failed) })
    }

    /// Runs all tests of a package whose names begin like this, and says which passed and which failed.
    pub(super) fn run_all(&self, package: &str, prefix: &str) -> Result<Vec<(String, bool)>> {
        let mut outcomes = Vec::new();
        for program in self.0.iter().filter(|program| program.package == package) {
            let mut command = Command::new(&program.executable);
            let told = told(command.arg(prefix).current_dir(&program.folder).env_remove(SWITCH))?;
            outcomes.extend(told.names.into_iter().map(|name| (name.clone(), !told.failed.contains(&name))));
        }
        Ok(outcomes)
    }
}

impl Program {
    fn of(message: &Value) -> Option<Self> {
        if message["reason"] != "compiler-artifact" || message["profile"]["test"] != true {
            return None;
        }
        let manifest = Path::new(message["manifest_path"].as_str()?);
        let folder = manifest.parent()?.to_owned();
        // `path+file:///…/crates/client#counterfoil-client@0.1.0`
        let id = message["package_id"].as_str()?;
        let package = id.rsplit('#').next()?.split('@').next()?.to_owned();
        Some(Self { package, executable: message["executable"].as_str()?.into(), folder })
    }
}

/// What a test program said.
struct Told {
    names: Vec<String>,
    passed: usize,
    failed: Vec<String>,
}

fn told(command: &mut Command) -> Result<Told> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start a test program")?;
    let mut output = child.stdout.take().context("its output was piped")?;
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        output.read_to_end(&mut text).map(|_| String::from_utf8_lossy(&text).into_owned())
    });
    let deadline = Instant::now() + PATIENCE;
    let (ended, hung) = loop {
        if let Some(status) = child.try_wait()? {
            break (status, false);
        }
        if Instant::now() > deadline {
            child.kill()?;
            break (child.wait()?, true);
        }
        std::thread::sleep(POLL);
    };
    let text = reader.join().map_err(|_| anyhow::anyhow!("the reader of a test program died"))??;
    let mut told = Told { names: Vec::new(), passed: 0, failed: Vec::new() };
    // `test name ... ok`
    for line in text.lines().filter_map(|line| line.strip_prefix("test ")) {
        let Some((name, outcome)) = line.split_once(" ... ") else { continue };
        told.names.push(name.to_owned());
        match outcome.split_whitespace().next() {
            Some("ok") => told.passed += 1,
            Some("FAILED") => told.failed.push(name.to_owned()),
            _ => {}
        }
    }
    if hung {
        told.failed.push(format!("no end within {} s", PATIENCE.as_secs()));
    } else if !ended.success() && told.failed.is_empty() {
        told.failed.push(format!("the program ended: {ended}"));
    }
    Ok(told)
}
