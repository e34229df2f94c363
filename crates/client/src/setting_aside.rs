//! Putting a till's records aside, so that this machine can be set up as a new till.
//!
//! The way out for a till that Central froze and for one whose key or passphrase is gone for good. Nothing is deleted: the
//! databases and the vault's marker move into a folder of their own, the keyring keeps what belongs to them, and put back in
//! place they open as before.

use std::io;
use std::path::{Path, PathBuf};

use crate::vault::Marker;

/// Beside the databases; one numbered folder for each time.
const FOLDER: &str = "set-aside";
/// Held by the program that is running.
const LOCK: &str = "lock";

/// Moves everything of a closed data folder into the next numbered folder of `set-aside`, and says which.
///
/// The marker goes first: whatever stops this half-way, what is left behind reads as "the key is missing", never as a
/// till that could go on selling.
pub(crate) fn set_aside(data_dir: &Path) -> io::Result<PathBuf> {
    let place = next_folder(&data_dir.join(FOLDER))?;
    std::fs::create_dir_all(&place)?;
    let marker = Marker::path(data_dir);
    let mut entries = vec![marker.clone()];
    for entry in std::fs::read_dir(data_dir)? {
        let entry = entry?;
        if entry.path() != marker && entry.file_name() != FOLDER && entry.file_name() != LOCK {
            entries.push(entry.path());
        }
    }
    for from in entries {
        let Some(name) = from.file_name() else { continue };
        match std::fs::rename(&from, place.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            outcome => outcome?,
        }
    }
    Ok(place)
}

fn next_folder(all: &Path) -> io::Result<PathBuf> {
    let mut highest = 0_u32;
    match std::fs::read_dir(all) {
        Ok(entries) => {
            for entry in entries {
                let number = entry?.file_name().to_str().and_then(|name| name.parse().ok());
                highest = highest.max(number.unwrap_or(0));
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    Ok(all.join(highest.saturating_add(1).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_moves_but_the_lock_and_what_was_set_aside_before() {
        let folder = tempfile::tempdir().expect("folder");
        let has = |path: &str| folder.path().join(path).is_file();
        for round in 1..=2 {
            for name in ["vault.json", "local.db", "local.db-wal", "cache-3.db", "next.db", "snapshot.part", "lock"] {
                std::fs::write(folder.path().join(name), name).expect("written");
            }
            let place = set_aside(folder.path()).expect("moved");
            assert_eq!(place, folder.path().join(format!("set-aside/{round}")));
            assert!(has("lock") && !has("local.db") && !has("vault.json"));
            assert!(!has("cache-3.db") && !has("next.db") && !has("snapshot.part"));
            assert!(has(&format!("set-aside/{round}/local.db-wal")) && has(&format!("set-aside/{round}/vault.json")));
        }
        assert!(has("set-aside/1/cache-3.db"));
    }
}
