//! The client a host opens: one per data folder.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use thiserror::Error;
use tokio::sync::{Mutex, broadcast};
use tokio::task::JoinHandle;

use crate::api::{ApiError, ErrorCode, Event, Topic};
use crate::central::Central;
use crate::clock::{Clock, SystemClock};
use crate::events::Events;
use crate::network::{Network, SystemNetwork};
use crate::opening::{self, Opened};
use crate::setting_aside::set_aside;
use crate::store::{Store, StoreError};
use crate::sync;
use crate::till::Till;
use crate::vault::{Kind, Marker, MemoryStore, Vault, VaultError};

/// Events a slow listener may fall behind before it misses some.
const EVENT_BACKLOG: usize = 256;

/// How to open a client.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// Where the databases and the vault's marker are.
    pub data_dir: PathBuf,
    /// Where files are kept that people asked for.
    pub downloads: PathBuf,
    /// Shown to the user and sent to Central.
    pub app_version: String,
    pub(crate) clock: Arc<dyn Clock>,
    /// Instead of the keyring, in tests.
    pub(crate) secrets: Option<MemoryStore>,
    pub(crate) network: Arc<dyn Network>,
    pub(crate) pace: sync::Pace,
    #[cfg(feature = "test-support")]
    pub(crate) simulated: Option<Arc<dyn crate::test_support::Network>>,
}

impl OpenOptions {
    pub fn new(data_dir: impl Into<PathBuf>, app_version: impl Into<String>) -> Self {
        let data_dir = data_dir.into();
        Self {
            downloads: data_dir.join("downloads"),
            data_dir,
            app_version: app_version.into(),
            clock: Arc::new(SystemClock::new()),
            secrets: None,
            network: Arc::new(SystemNetwork),
            pace: sync::Pace::default(),
            #[cfg(feature = "test-support")]
            simulated: None,
        }
    }

    /// The person's own folder for files, instead of one beside the databases.
    #[must_use]
    pub fn with_downloads(mut self, folder: impl Into<PathBuf>) -> Self {
        self.downloads = folder.into();
        self
    }

    /// Another clock, for tests.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Secrets in memory instead of the keyring, for tests: whoever drops them loses the database.
    #[must_use]
    pub fn with_secrets_in_memory(mut self, secrets: MemoryStore) -> Self {
        self.secrets = Some(secrets);
        self
    }
}

/// Why a client cannot be opened at all. A locked vault or a missing key is a phase, not an error.
#[derive(Debug, Error)]
pub enum OpenError {
    #[error("the data folder {path} cannot be used: {source}")]
    Folder { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Two programs on one folder would each number sales.
    #[error("the data folder {0} is in use by another program")]
    InUse(PathBuf),
    #[error("no connections can be made: {0}")]
    Network(String),
}

impl From<OpenError> for ApiError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Store(error) => error.into(),
            OpenError::Vault(error) => error.into(),
            OpenError::Folder { .. } | OpenError::InUse(_) => Self::new(ErrorCode::StorageFailed, error.to_string()),
            OpenError::Network(detail) => Self::new(ErrorCode::Internal, detail),
        }
    }
}

/// Everything the desktop does.
#[derive(Debug)]
pub struct Client {
    options: OpenOptions,
    events: broadcast::Sender<Event>,
    stage: RwLock<Stage>,
    /// One change of the stage at a time.
    opening: Mutex<()>,
    background: Mutex<Option<JoinHandle<()>>>,
    /// Held while the folder is in use; the system lets go of it when a process dies.
    lock: Mutex<Option<File>>,
}

/// How far the secrets and the databases are open.
#[derive(Debug, Clone)]
pub(crate) enum Stage {
    ChoosePassphrase,
    Locked,
    KeyMissing { detail: String },
    Open(Arc<Till>),
}

impl Client {
    /// Opens what can be opened now. A first start, a locked vault and a missing key succeed: the UI asks on.
    pub async fn open(options: OpenOptions) -> Result<Arc<Self>, OpenError> {
        // A host that installed one already keeps it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        create_folder(&options.data_dir)
            .await
            .map_err(|source| OpenError::Folder { path: options.data_dir.clone(), source })?;
        let lock = lock(&options.data_dir)?;
        let (events, _) = broadcast::channel(EVENT_BACKLOG);
        let client = Arc::new(Self {
            options,
            events,
            stage: RwLock::new(Stage::Locked),
            opening: Mutex::default(),
            background: Mutex::default(),
            lock: Mutex::new(Some(lock)),
        });
        let opened = opening::without_passphrase(&client.options).await?;
        client.enter(opened).await?;
        Ok(client)
    }

    /// What the core tells without being asked, from now on.
    pub fn events(&self) -> Events {
        Events::new(self.events.subscribe())
    }

    /// Finishes what is being written and closes the databases.
    pub async fn shutdown(&self) {
        self.close().await;
        *self.lock.lock().await = None;
    }

    /// A simulation asks for each sync itself.
    #[allow(clippy::unused_self, reason = "only a simulation's client has something to look at")]
    const fn runs_by_itself(&self) -> bool {
        #[cfg(feature = "test-support")]
        return self.options.simulated.is_none();
        #[cfg(not(feature = "test-support"))]
        true
    }

    async fn close(&self) {
        let Stage::Open(till) = self.stage() else { return };
        till.sync.stop();
        till.direct.stop();
        till.files.stop().await;
        if let Some(background) = self.background.lock().await.take() {
            // It stops between two exchanges, or in the middle of one: nothing is lost either way.
            let _ = background.await;
        }
        drop(till.writer().await);
        till.store().close().await;
    }

    /// Puts the records of a till that cannot go on aside and begins as on a first start; false when it can go on.
    pub(crate) async fn start_over(&self) -> Result<bool, OpenError> {
        let _one = self.opening.lock().await;
        let over = match self.stage() {
            // A passphrase that is forgotten, or whose file is damaged, is a key that is gone.
            Stage::KeyMissing { .. } | Stage::Locked => true,
            Stage::Open(till) => till.device().await?.is_some_and(|device| device.quarantined.is_some()),
            Stage::ChoosePassphrase => false,
        };
        if !over {
            return Ok(false);
        }
        self.close().await;
        // A closed till is none: whatever fails from here on is tried again like any key that is missing.
        self.set_stage(Stage::KeyMissing { detail: "this machine is being set up again".into() });
        let folder = &self.options.data_dir;
        let moved = set_aside(folder).map_err(|source| OpenError::Folder { path: folder.clone(), source });
        // Whether or not they could be moved, the databases are closed and must be opened again.
        self.enter(opening::without_passphrase(&self.options).await?).await?;
        tracing::warn!(place = %moved?.display(), "the records of this till were put aside");
        Ok(true)
    }

    pub(crate) fn options(&self) -> &OpenOptions {
        &self.options
    }

    pub(crate) fn stage(&self) -> Stage {
        self.stage.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The open till, or why there is none.
    pub(crate) fn till(&self) -> Result<Arc<Till>, ApiError> {
        match self.stage() {
            Stage::Open(till) => Ok(till),
            Stage::ChoosePassphrase | Stage::Locked => {
                Err(ApiError::new(ErrorCode::VaultUnavailable, "the vault is locked"))
            }
            Stage::KeyMissing { detail } => Err(ApiError::new(ErrorCode::KeyMissing, detail)),
        }
    }

    /// A command met a database that did not do what was asked. If that is the cache, the next sync makes it anew.
    pub(crate) fn storage_failed(&self) {
        if let Stage::Open(till) = self.stage()
            && till.sync.suspect_cache(till.clock())
        {
            till.sync.wake();
        }
    }

    /// Tries again what failed because the keyring did not answer.
    pub(crate) async fn retry(&self) {
        let Ok(_one) = self.opening.try_lock() else { return };
        if !matches!(self.stage(), Stage::KeyMissing { .. }) {
            return;
        }
        match opening::without_passphrase(&self.options).await {
            Ok(opened) => {
                if let Err(error) = self.enter(opened).await {
                    tracing::warn!(%error, "the databases still do not open");
                }
            }
            Err(error) => tracing::warn!(%error, "the keyring still does not answer"),
        }
    }

    /// Makes the sealed file.
    pub(crate) async fn choose_passphrase(&self, passphrase: String) -> Result<(), OpenError> {
        let _one = self.opening.lock().await;
        if !matches!(self.stage(), Stage::ChoosePassphrase) {
            return Ok(());
        }
        let failed = match opening::with_new_passphrase(&self.options, passphrase).await {
            Ok(opened) => return self.enter(opened).await,
            Err(error) => error,
        };
        // What was sealed by then holds the key of what was made behind it: it is opened the next time, not made anew.
        if let Ok(Some(Marker { kind: Kind::SealedFile, .. })) = Marker::read(&self.options.data_dir) {
            self.enter(Opened::Locked).await?;
        }
        Err(failed)
    }

    /// Opens the sealed file.
    pub(crate) async fn unlock(&self, passphrase: String) -> Result<(), OpenError> {
        let _one = self.opening.lock().await;
        if !matches!(self.stage(), Stage::Locked) {
            return Ok(());
        }
        let opened = opening::with_passphrase(&self.options, passphrase).await?;
        self.enter(opened).await
    }

    async fn enter(&self, opened: Opened) -> Result<(), OpenError> {
        let stage = match opened {
            Opened::ChoosePassphrase => Stage::ChoosePassphrase,
            Opened::Locked => Stage::Locked,
            Opened::KeyMissing { detail } => Stage::KeyMissing { detail },
            Opened::Ready { store, vault } => {
                let till = Arc::new(self.till_of(store, vault).await?);
                if self.runs_by_itself() {
                    let network = Arc::clone(&self.options.network);
                    *self.background.lock().await = Some(sync::start(&till, network, self.options.pace));
                }
                Stage::Open(till)
            }
        };
        self.set_stage(stage);
        let _ = self.events.send(Event::Changed(Topic::Session));
        Ok(())
    }

    fn set_stage(&self, stage: Stage) {
        *self.stage.write().unwrap_or_else(PoisonError::into_inner) = stage;
    }

    /// The till of open databases, which are closed when there can be none.
    async fn till_of(&self, store: Store, vault: Vault) -> Result<Till, OpenError> {
        let opened = store.clone();
        let till = async {
            let central =
                Central::new(&self.options.app_version).map_err(|error| OpenError::Network(error.to_string()))?;
            #[cfg(feature = "test-support")]
            let central = central.through(self.options.simulated.clone());
            let clock = Arc::clone(&self.options.clock);
            let till = Till::new(store, vault, clock, central, self.events.clone()).await?;
            opening::notice_older_database(&till).await?;
            Ok(till)
        };
        match till.await {
            Ok(till) => Ok(till),
            Err(error) => {
                opened.close().await;
                Err(error)
            }
        }
    }
}

/// Databases that are closed by being dropped close later, on threads of their own; a process that ends meanwhile can
/// crash, since SQLCipher gives up its memory at the end.
#[cfg(test)]
impl Drop for Client {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        if let Stage::Open(till) = self.stage() {
            assert!(till.store().is_closed(), "a client was dropped before its shutdown");
        }
    }
}

fn lock(folder: &Path) -> Result<File, OpenError> {
    let failed = |source| OpenError::Folder { path: folder.to_owned(), source };
    let file = File::create(folder.join("lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Only its owner may look into it.
async fn create_folder(path: &Path) -> std::io::Result<()> {
    tokio::fs::create_dir_all(path).await?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        tokio::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).await?;
    }
    Ok(())
}
