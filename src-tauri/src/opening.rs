//! The client of this window, once it is open. A start that failed is tried again with the next call: by then the disk may
//! have room, or the other program that had the folder is closed.

use std::sync::Arc;

use counterfoil_client::api::ApiError;
use counterfoil_client::{Client, OpenOptions};
use tokio::sync::Mutex;

/// What happens once with a client that was opened.
type Begin = Box<dyn Fn(&Arc<Client>) + Send + Sync>;

pub(crate) struct Opening {
    options: OpenOptions,
    begin: Begin,
    opened: Mutex<Option<Arc<Client>>>,
}

impl Opening {
    pub(crate) fn new(options: OpenOptions, begin: impl Fn(&Arc<Client>) + Send + Sync + 'static) -> Self {
        Self { options, begin: Box::new(begin), opened: Mutex::default() }
    }

    /// The client; whoever asks while it is being opened waits for that.
    pub(crate) async fn client(&self) -> Result<Arc<Client>, ApiError> {
        let mut opened = self.opened.lock().await;
        if let Some(client) = opened.as_ref() {
            return Ok(Arc::clone(client));
        }
        match Client::open(self.options.clone()).await {
            Ok(client) => {
                (self.begin)(&client);
                Ok(Arc::clone(opened.insert(client)))
            }
            Err(error) => {
                tracing::error!(%error, "the client cannot be opened");
                Err(error.into())
            }
        }
    }

    /// Lets an open client finish what it is writing.
    pub(crate) async fn close(&self) {
        if let Some(client) = self.opened.lock().await.as_ref() {
            client.shutdown().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use counterfoil_client::MemoryStore;

    use super::*;

    #[tokio::test]
    async fn a_start_that_failed_is_tried_again_and_one_that_succeeded_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::write(&data, "in the way").unwrap();
        let options = OpenOptions::new(&data, "0.0.0").with_secrets_in_memory(MemoryStore::default());
        let begun = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&begun);
        let opening = Opening::new(options, move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        });
        for _ in 0..2 {
            assert!(opening.client().await.is_err(), "a file is no folder");
        }
        std::fs::remove_file(&data).unwrap();
        let first = opening.client().await.expect("there is nothing in the way any more");
        let second = opening.client().await.expect("open");
        assert!(Arc::ptr_eq(&first, &second));
        assert_eq!(begun.load(Ordering::SeqCst), 1);
        opening.close().await;
    }
}
