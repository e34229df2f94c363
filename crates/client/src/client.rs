//! The client a host opens: one per data folder.

use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;
use tokio::sync::broadcast;

use crate::api::{ApiError, ErrorCode, Event};

/// Events a slow listener may fall behind before it misses some.
const EVENT_BACKLOG: usize = 256;

/// How to open a client.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// Where the databases and the vault's marker are.
    pub data_dir: PathBuf,
    /// Shown to the user and sent to Central.
    pub app_version: String,
}

impl OpenOptions {
    pub fn new(data_dir: impl Into<PathBuf>, app_version: impl Into<String>) -> Self {
        Self { data_dir: data_dir.into(), app_version: app_version.into() }
    }
}

/// Why a client cannot be opened at all. A locked vault or a missing key is a phase, not an error.
#[derive(Debug, Error)]
pub enum OpenError {
    #[error("the data folder {path} cannot be used: {source}")]
    Folder { path: PathBuf, source: std::io::Error },
}

impl From<OpenError> for ApiError {
    fn from(error: OpenError) -> Self {
        Self::new(ErrorCode::StorageFailed, error.to_string())
    }
}

/// Everything the desktop does.
#[derive(Debug)]
pub struct Client {
    #[expect(dead_code, reason = "used by the next step")]
    options: OpenOptions,
    events: broadcast::Sender<Event>,
}

impl Client {
    pub async fn open(options: OpenOptions) -> Result<Arc<Self>, OpenError> {
        tokio::fs::create_dir_all(&options.data_dir)
            .await
            .map_err(|source| OpenError::Folder { path: options.data_dir.clone(), source })?;
        let (events, _) = broadcast::channel(EVENT_BACKLOG);
        Ok(Arc::new(Self { options, events }))
    }

    /// What the core tells without being asked, from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Finishes what is being written and closes the databases.
    pub async fn shutdown(&self) {}
}
