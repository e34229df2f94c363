//! A `.sqlx` folder: one file for each query, with what the database answered about it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Result;

/// File names with their contents.
pub(super) type Answers = BTreeMap<String, Vec<u8>>;

/// Those in this folder, which need not be there.
pub(super) fn read(folder: &Path) -> Result<Answers> {
    let mut answers = Answers::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            answers.insert(entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?);
        }
    }
    Ok(answers)
}

/// Leaves a file alone that is already right: its time would make cargo build again.
pub(super) fn add(folder: &Path, answers: &Answers) -> Result<()> {
    fs::create_dir_all(folder)?;
    for (name, content) in answers {
        let path = folder.join(name);
        if fs::read(&path).ok().as_ref() != Some(content) {
            fs::write(path, content)?;
        }
    }
    Ok(())
}

/// Makes the folder hold these and no others.
pub(super) fn replace(folder: &Path, old: &Answers, new: &Answers) -> Result<()> {
    for stale in old.keys().filter(|name| !new.contains_key(*name)) {
        fs::remove_file(folder.join(stale))?;
    }
    add(folder, new)
}

pub(super) fn differences(old: &Answers, new: &Answers) -> String {
    let added = new.keys().filter(|name| !old.contains_key(*name)).count();
    let removed = old.keys().filter(|name| !new.contains_key(*name)).count();
    let changed = new.iter().filter(|(name, content)| old.get(*name).is_some_and(|o| o != *content)).count();
    format!("{added} new, {removed} gone, {changed} changed")
}
