//! Where things are in this repository.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use anyhow::{Context as _, Result, ensure};

/// The folder of the workspace's Cargo.toml.
pub(crate) fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        own.ancestors().nth(2).unwrap_or(own).to_path_buf()
    });
    &ROOT
}

/// The folder cargo builds into, which may be set by the environment.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Cargo, the one that runs this program.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    forget_this_package(&mut command);
    command
}

/// Cargo tells each program that it runs of which package it is. Build scripts that look at that would take another
/// package for a change, and run again.
pub(crate) fn forget_this_package(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
}

/// Cargo, with the linter as the compiler of the workspace's own crates: it compiles as the compiler does and denies what
/// it objects to. What one such call has built, another one finds built.
pub(crate) fn linting_cargo() -> Command {
    let mut command = cargo();
    command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    // How `cargo clippy` hands on what stands behind its `--`.
    command.env("CLIPPY_ARGS", "--deny__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
    command
}

/// Every file that git tracks or would track, as a path from the root, sorted.
pub(crate) fn files() -> Result<Vec<String>> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .context("cannot run git")?;
    ensure!(listed.status.success(), "git ls-files failed: is this a git checkout?");
    let mut files: Vec<String> = String::from_utf8(listed.stdout)?
        .split('\0')
        // A file deleted but not yet committed is still listed.
        .filter(|path| !path.is_empty() && root().join(path).is_file())
        .map(str::to_owned)
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// A digest of the names and contents of every file below these paths.
pub(crate) fn fingerprint(below: &[&str]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for path in files()? {
        if below.iter().any(|folder| Path::new(&path).starts_with(folder)) {
            path.hash(&mut hasher);
            std::fs::read(root().join(&path))?.hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}
