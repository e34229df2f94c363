//! Rules of the house that neither the compiler nor clippy knows. Each finding says what to do about it.

mod direction;
mod migrations;
mod requirements;
mod text;

use std::fmt::Write as _;

use anyhow::{Result, bail};

use crate::workspace::files;

/// One broken rule, at a place.
pub(crate) struct Finding {
    place: String,
    advice: String,
}

impl Finding {
    fn new(place: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { place: place.into(), advice: advice.into() }
    }
}

/// `cargo xtask tidy`.
pub(crate) fn run() -> Result<()> {
    let files = files()?;
    let mut findings = direction::check()?;
    findings.extend(migrations::check(&files)?);
    findings.extend(requirements::check(&files)?);
    for path in &files {
        findings.extend(text::check(path)?);
    }
    if findings.is_empty() {
        println!("tidy: {} files, nothing to say", files.len());
        return Ok(());
    }
    let mut report = String::new();
    for finding in &findings {
        let _ = write!(report, "\n{}: {}", finding.place, finding.advice);
    }
    bail!("{} to put right{report}", findings.len())
}
