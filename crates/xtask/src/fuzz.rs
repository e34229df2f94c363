//! `make fuzz`: libFuzzer searches for bytes that break a property of `fuzz/src`, from the corpus on.

use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};

use crate::process::{Interrupted, Running};
use crate::workspace::{cargo, root, target};

/// No input may need more, be it the parser's fault or the property's.
const LIMITS: [&str; 3] = ["-timeout=5", "-rss_limit_mb=1024", "-max_len=65536"];

/// `cargo xtask fuzz [--target NAME] [--seconds N]`: every target in turn unless one is named.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (mut only, mut seconds) = (None, 60_u32);
    for pair in arguments.chunks(2) {
        match pair {
            [flag, name] if flag == "--target" => only = Some(name.as_str()).filter(|name| !name.is_empty()),
            [flag, number] if flag == "--seconds" => {
                seconds = number.parse().with_context(|| format!("{number} is not a number of seconds"))?;
            }
            _ => bail!("usage: cargo xtask fuzz [--target NAME] [--seconds N]"),
        }
    }
    let targets = targets()?;
    let chosen: Vec<&String> = targets.iter().filter(|name| only.is_none_or(|only| only == *name)).collect();
    ensure!(!chosen.is_empty(), "there is no such target; there are: {}", targets.join(", "));

    // The same versions as the workspace's, whose lock file does not know libFuzzer.
    std::fs::copy(root().join("Cargo.lock"), root().join("fuzz/guided/Cargo.lock"))?;
    let interrupted = Interrupted::listen()?;
    for name in chosen {
        search(name, seconds, &interrupted)?;
        if interrupted.is_set() {
            bail!("interrupted");
        }
    }
    Ok(())
}

/// A target has a folder in the corpus.
fn targets() -> Result<Vec<String>> {
    let entries = std::fs::read_dir(root().join("fuzz/corpus"))?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// New inputs go to the target folder and are tried first the next time; the committed corpus stays as it is.
fn search(name: &str, seconds: u32, interrupted: &Interrupted) -> Result<()> {
    println!("\n=== {name}: {seconds} s");
    let room = target().join("fuzz");
    let (found, broken) = (room.join("corpus").join(name), room.join("broken").join(name));
    for folder in [&found, &broken] {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    let mut command = cargo();
    // No sanitizer: our code has no unsafe. With debug assertions, hence with checked arithmetic.
    command.args(["fuzz", "run", "--sanitizer", "none", "--fuzz-dir"]).arg(root().join("fuzz/guided"));
    command
        .arg("--target-dir")
        .arg(room.join("build"))
        .arg(name)
        .arg(&found)
        .arg(root().join("fuzz/corpus").join(name));
    command.arg("--").args(LIMITS).arg(format!("-max_total_time={seconds}"));
    command.args(["-print_final_stats=1", "-verbosity=0"]).arg(format!("-artifact_prefix={}/", shown(&broken)));
    let status = Running::start(name, &mut command)?.wait(interrupted)?;
    ensure!(
        status.success() || interrupted.is_set(),
        "{name}: an input breaks its property. It is in {}: mend the fault, test it by name, and add the input to \
         fuzz/corpus/{name}",
        broken.display()
    );
    Ok(())
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
