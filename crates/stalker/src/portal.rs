//! One portal, ready to be called.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use reqwest::Method;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

use crate::address::{ApiAddress, Path};
use crate::answer::Results;
use crate::capability::OwnerField;
use crate::config::Config;
use crate::error::Error;
use crate::form::Form;
use crate::list::RowStream;
use crate::record::{AccountRecord, BoxRecord};
use crate::transport::Transport;

/// A portal. Cheap to clone; all clones share the connections and the limit of calls at one time.
///
/// No call is ever sent twice. Whoever wants to try again looks first: [`Error::outcome`] tells what is known.
#[derive(Clone, Debug)]
pub struct Portal {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    transport: Transport,
    permits: Arc<Semaphore>,
    /// Writes in progress, by the account's own name.
    writes: Mutex<HashMap<String, Weak<AsyncMutex<()>>>>,
    owner: OwnerField,
}

impl Portal {
    /// Makes the client; nothing is sent yet.
    pub fn new(config: &Config) -> Result<Self, Error> {
        let inner = Inner {
            transport: Transport::new(config)?,
            permits: Arc::new(Semaphore::new(config.limits.concurrency.max(1))),
            writes: Mutex::default(),
            owner: config.owner,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Where it is called.
    pub fn api(&self) -> &ApiAddress {
        self.inner.transport.api()
    }

    /// The field in which owners are written here.
    pub fn owner_field(&self) -> OwnerField {
        self.inner.owner
    }

    /// Every account, with everything. Slow: about a millisecond a row for the portal, which sends nothing before the
    /// last one. [`Portal::boxes`] is some twenty times cheaper.
    pub async fn accounts(&self) -> Result<RowStream<AccountRecord>, Error> {
        self.list("accounts").await
    }

    /// Every account, as a box: the cheap list, to find out what has changed.
    pub async fn boxes(&self) -> Result<RowStream<BoxRecord>, Error> {
        self.list("stb").await
    }

    async fn list<T>(&self, resource: &'static str) -> Result<RowStream<T>, Error>
    where
        T: serde::de::DeserializeOwned + Send + 'static,
    {
        let permit = self.permit().await;
        let transport = &self.inner.transport;
        let response = transport.list(&Path::all(resource)).await?;
        let limits = transport.limits();
        Ok(RowStream::over(response, limits.list_bytes, limits.list, permit))
    }

    async fn permit(&self) -> OwnedSemaphorePermit {
        // Never closed.
        self.inner.permits.clone().acquire_owned().await.expect("an open semaphore")
    }

    pub(crate) async fn get(&self, path: &Path) -> Result<Results, Error> {
        let _permit = self.permit().await;
        self.inner.transport.call(Method::GET, path, None).await
    }

    pub(crate) async fn send(&self, method: Method, path: &Path, form: &Form) -> Result<Results, Error> {
        let _permit = self.permit().await;
        self.inner.transport.call(method, path, Some(form)).await
    }

    pub(crate) async fn delete_at(&self, path: &Path) -> Result<Results, Error> {
        let _permit = self.permit().await;
        self.inner.transport.call(Method::DELETE, path, None).await
    }

    pub(crate) async fn text(&self, path: &Path, accept: &'static str) -> Result<String, Error> {
        let _permit = self.permit().await;
        self.inner.transport.text(path, accept).await
    }

    /// The same for a second name of an account, once it is known. Names are taken in one order, from account number over
    /// MAC to login, so that no two writers wait for each other.
    pub(crate) async fn writing_also(&self, held: &str, name: &str) -> Option<OwnedMutexGuard<()>> {
        if held == name { None } else { Some(self.writing(name).await) }
    }

    /// Waits until nobody else of this process writes to the account of this name.
    pub(crate) async fn writing(&self, name: &str) -> OwnedMutexGuard<()> {
        let lock = {
            let mut writes = self.inner.writes.lock().unwrap_or_else(PoisonError::into_inner);
            writes.retain(|_, lock| lock.strong_count() > 0);
            let lock = writes.get(name).and_then(Weak::upgrade).unwrap_or_default();
            writes.insert(name.to_owned(), Arc::downgrade(&lock));
            lock
        };
        lock.lock_owned().await
    }
}
