//! The thread a secret store lives on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::{Secret, SecretStore, VaultError, names};

/// The store may ask a person to unlock it when it is opened.
const OPEN_LIMIT: Duration = Duration::from_secs(30);
/// An open store answers in milliseconds.
const CALL_LIMIT: Duration = Duration::from_secs(8);

type Job = Box<dyn FnOnce(&mut dyn SecretStore) + Send>;

/// A handle to a secret store on its own thread.
#[derive(Clone)]
pub(crate) struct Vault {
    jobs: mpsc::Sender<Job>,
    /// Calls that ran over their time and have not come back.
    overdue: Arc<AtomicU32>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// Starts the thread and opens the store on it.
    pub(crate) async fn start<S, F>(open: F) -> Result<Self, VaultError>
    where
        S: SecretStore,
        F: FnOnce() -> Result<S, VaultError> + Send + 'static,
    {
        let (jobs, queue) = mpsc::channel::<Job>();
        let (opened, answer) = oneshot::channel();
        std::thread::Builder::new()
            .name("vault".into())
            .spawn(move || {
                let mut store = match open() {
                    Ok(store) => store,
                    Err(error) => {
                        let _ = opened.send(Err(error));
                        return;
                    }
                };
                if opened.send(Ok(())).is_err() {
                    return;
                }
                for job in queue {
                    job(&mut store);
                }
            })
            .map_err(|error| VaultError::Unavailable(format!("no thread for it: {error}")))?;
        match tokio::time::timeout(OPEN_LIMIT, answer).await {
            Ok(Ok(outcome)) => outcome.map(|()| Self { jobs, overdue: Arc::default() }),
            Ok(Err(_)) => Err(VaultError::Unavailable("its thread ended".into())),
            Err(_) => Err(VaultError::Unavailable(format!("not open after {} s", OPEN_LIMIT.as_secs()))),
        }
    }

    /// Writes, reads back and removes a secret: a store that opened may still be locked or read-only.
    pub(crate) async fn probe(&self) -> Result<(), VaultError> {
        self.run(OPEN_LIMIT, |store| {
            let value = b"counterfoil";
            store.set(names::PROBE, value)?;
            let read = store.get(names::PROBE)?;
            store.remove(names::PROBE)?;
            if read.is_some_and(|read| read.as_slice() == value) {
                Ok(())
            } else {
                Err(VaultError::Unavailable("it does not give back what was kept in it".into()))
            }
        })
        .await
    }

    pub(crate) async fn get(&self, name: &'static str) -> Result<Option<Secret>, VaultError> {
        self.run(CALL_LIMIT, move |store| store.get(name)).await
    }

    pub(crate) async fn set(&self, name: &'static str, secret: Secret) -> Result<(), VaultError> {
        self.run(CALL_LIMIT, move |store| store.set(name, &secret)).await
    }

    pub(crate) async fn remove(&self, name: &'static str) -> Result<(), VaultError> {
        self.run(CALL_LIMIT, move |store| store.remove(name)).await
    }

    async fn run<T: Send + 'static>(
        &self,
        limit: Duration,
        call: impl FnOnce(&mut dyn SecretStore) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        if self.overdue.load(Ordering::Acquire) > 0 {
            return Err(VaultError::Unavailable("an earlier call is still waiting: is the keyring locked?".into()));
        }
        let (sender, receiver) = oneshot::channel();
        let overdue = Arc::clone(&self.overdue);
        let job: Job = Box::new(move |store| {
            let outcome = call(store);
            if sender.send(outcome).is_err() {
                // The caller gave up (and counted it, or was dropped); from here on the store answers again.
                came_back(&overdue);
            }
        });
        self.jobs.send(job).map_err(|_| VaultError::Unavailable("its thread ended".into()))?;
        let mut receiver = receiver;
        match tokio::time::timeout(limit, &mut receiver).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(VaultError::Unavailable("its thread ended".into())),
            Err(_) => {
                self.overdue.fetch_add(1, Ordering::AcqRel);
                receiver.close();
                match receiver.try_recv() {
                    // It answered at the very last moment.
                    Ok(outcome) => {
                        came_back(&self.overdue);
                        outcome
                    }
                    Err(_) => Err(VaultError::Unavailable(format!("no answer in {} s", limit.as_secs()))),
                }
            }
        }
    }
}

fn came_back(overdue: &AtomicU32) {
    let _ = overdue.fetch_update(Ordering::AcqRel, Ordering::Acquire, |count| count.checked_sub(1));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::MemoryStore;

    /// A keyring that waits for a person at its first question.
    struct Stuck {
        released: mpsc::Receiver<()>,
        inner: MemoryStore,
    }

    impl SecretStore for Stuck {
        fn get(&mut self, name: &str) -> Result<Option<Secret>, VaultError> {
            let _ = self.released.recv();
            self.inner.get(name)
        }

        fn set(&mut self, name: &str, secret: &[u8]) -> Result<(), VaultError> {
            self.inner.set(name, secret)
        }

        fn remove(&mut self, name: &str) -> Result<(), VaultError> {
            self.inner.remove(name)
        }
    }

    #[tokio::test]
    async fn a_keyring_that_hangs_costs_an_error_and_works_again_when_it_answers() {
        let (release, released) = mpsc::channel();
        let vault = Vault::start(move || Ok(Stuck { released, inner: MemoryStore::default() })).await.expect("starts");
        tokio::time::pause();
        let hung = vault.get(names::PROBE).await;
        assert!(matches!(hung, Err(VaultError::Unavailable(_))), "{hung:?}");
        let meanwhile = vault.set(names::PROBE, Secret::new(b"x".to_vec())).await;
        assert!(matches!(meanwhile, Err(VaultError::Unavailable(_))), "{meanwhile:?}");
        tokio::time::resume();
        drop(release);
        while vault.overdue.load(Ordering::Acquire) > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        vault.set(names::PROBE, Secret::new(b"x".to_vec())).await.expect("works again");
    }
}
