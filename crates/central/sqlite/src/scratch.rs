//! A database of its own for each test.

use tempfile::TempDir;

/// A file in a folder that goes with this value.
pub(crate) struct Scratch {
    folder: TempDir,
}

impl Scratch {
    #[allow(clippy::unused_async, reason = "the other engine has to wait here")]
    pub(crate) async fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub(crate) fn url(&self) -> String {
        format!("sqlite:{}", self.folder.path().join("central.db").display())
    }
}
