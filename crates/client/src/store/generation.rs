//! Which cache file is in use: the one with the highest number.
//!
//! A new copy gets a new name instead of the old one's place. SQLite's log of a file lies beside it under its name and
//! readers keep both open, so putting another file under the same name would pair it with the log of the old one; and on
//! Windows an open file cannot be replaced at all. The rename to its numbered name is what makes a new copy the one in
//! use.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A copy that is being made.
pub(super) const NEXT: &str = "next.db";

/// `cache.db`, `cache-1.db`, `cache-2.db` …
pub(super) fn path(folder: &Path, generation: u64) -> PathBuf {
    folder.join(if generation == 0 { "cache.db".to_owned() } else { format!("cache-{generation}.db") })
}

fn generation(name: &str) -> Option<u64> {
    match name.strip_prefix("cache")?.strip_suffix(".db")? {
        "" => Some(0),
        numbered => numbered.strip_prefix('-')?.parse().ok().filter(|number| *number > 0),
    }
}

/// The newest, and 0 where there is none.
pub(super) fn newest(folder: &Path) -> io::Result<u64> {
    let mut newest = 0;
    for entry in fs::read_dir(folder)? {
        newest = newest.max(entry?.file_name().to_str().and_then(generation).unwrap_or(0));
    }
    Ok(newest)
}

/// Removes what newer files replaced.
pub(super) fn remove_older(folder: &Path, than: u64) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if name.to_str().and_then(generation).is_some_and(|number| number < than) {
            remove(&folder.join(name))?;
        }
    }
    Ok(())
}

/// Removes a database with what lies beside it. The file itself goes last: its log alone is nothing.
pub(super) fn remove(file: &Path) -> io::Result<()> {
    for ending in ["-wal", "-shm", ""] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        match fs::remove_file(name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_number_counts_and_lower_ones_go() {
        let folder = tempfile::tempdir().expect("folder");
        assert_eq!(newest(folder.path()).expect("read"), 0);
        for name in ["cache.db", "cache.db-wal", "cache-2.db", "cache-10.db", "cache-x.db", "local.db", "next.db"] {
            fs::write(folder.path().join(name), name).expect("written");
        }
        assert_eq!(newest(folder.path()).expect("read"), 10);
        remove_older(folder.path(), 10).expect("removed");
        let mut left: Vec<_> =
            fs::read_dir(folder.path()).expect("read").map(|e| e.expect("entry").file_name()).collect();
        left.sort();
        assert_eq!(left, ["cache-10.db", "cache-x.db", "local.db", "next.db"]);
    }
}
