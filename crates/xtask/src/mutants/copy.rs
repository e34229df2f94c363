//! The copy of the tree that the faults are built into.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::{Mutant, SWITCH, place};
use crate::workspace::{files, root, target};

/// Where it lies; what is built from it lies beside it.
pub(super) fn tree() -> PathBuf {
    target().join("mutants/tree")
}

/// Brings the copy up to date. A file that did not change keeps its time, so that only what changed is built again.
pub(super) fn write<'a>(mutants: impl Iterator<Item = &'a Mutant>) -> Result<()> {
    let mutants: Vec<&Mutant> = mutants.collect();
    let mut kept = BTreeSet::new();
    for path in files()? {
        if path.starts_with("docs/") || path.starts_with("ui/") {
            continue;
        }
        let mut content = std::fs::read(root().join(&path))?;
        for mutant in mutants.iter().filter(|mutant| mutant.file == path) {
            content = with_fault(content, mutant)?;
        }
        let copy = tree().join(&path);
        if std::fs::read(&copy).ok().as_ref() != Some(&content) {
            std::fs::create_dir_all(copy.parent().context("a file lies in a folder")?)?;
            std::fs::write(&copy, content)?;
        }
        kept.insert(copy);
    }
    remove_others(&tree(), &kept)
}

fn with_fault(content: Vec<u8>, mutant: &Mutant) -> Result<Vec<u8>> {
    let mut text = String::from_utf8(content)?;
    let range = place(&text, mutant.old)
        .map_err(|found| anyhow::anyhow!("the text of {} stands {found} times after the others", mutant.name))?;
    let switch = format!("::std::env::var_os(\"{SWITCH}\").is_some_and(|on| on == \"{}\")", mutant.name);
    text.replace_range(range, &mutant.new.replace("FAULT", &format!("({switch})")));
    Ok(text.into_bytes())
}

/// Removes what the tree no longer has.
fn remove_others(folder: &std::path::Path, kept: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(&path, kept)?;
        } else if !kept.contains(&path) {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}
