//! A file is either the old one or the new one, whenever the power goes.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// Writes beside it, makes it durable, and puts it in place.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a file lies in a folder"))?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut file = create(Path::new(&beside))?;
    file.write_all(content)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&beside, path)?;
    sync_folder(folder)
}

/// Readable by its owner only, from its first byte.
fn create(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A rename is durable once its folder is.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the other systems can fail here")]
pub(crate) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
