//! A backup's file: written beside its place, readable by its owner only, and moved there when it is whole and on the
//! disk.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Makes the empty file to write into. Nothing that exists is overwritten.
pub fn begin(file: &Path) -> io::Result<PathBuf> {
    if file.try_exists()? {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} exists", file.display())));
    }
    let mut partial = file.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    match std::fs::remove_file(&partial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&partial)?;
    Ok(partial)
}

/// Puts the whole file in its place. When this returns, it survives a power cut.
pub fn finish(partial: &Path, file: &Path) -> io::Result<()> {
    File::open(partial)?.sync_all()?;
    // A link never overwrites what somebody put there meanwhile.
    std::fs::hard_link(partial, file)?;
    std::fs::remove_file(partial)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_appears_whole_or_not_at_all_and_overwrites_nothing() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("copy.db");
        let partial = begin(&file).expect("begun");
        std::fs::write(&partial, "half").expect("written");
        assert!(!file.exists());
        // A crash left it; the next one begins anew.
        let partial = begin(&file).expect("begun again");
        std::fs::write(&partial, "whole").expect("written");
        finish(&partial, &file).expect("finished");
        assert_eq!(std::fs::read_to_string(&file).expect("read"), "whole");
        assert!(!partial.exists());
        assert_eq!(begin(&file).expect_err("refused").kind(), io::ErrorKind::AlreadyExists);
    }
}
