//! The client inside the window.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use counterfoil_client::api::ApiError;
use counterfoil_client::{Client, OpenOptions};
use serde_json::Value;
use serde_json::value::RawValue;
use tauri::{AppHandle, Emitter as _, State, async_runtime};
use tokio::sync::watch;

use crate::downloads;

/// How long closing the window may take. What was shown to a customer is on the disk long before.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

type Opened = Option<Result<Arc<Client>, ApiError>>;

/// The client, opened beside the window so that the first page paints while databases and keyring answer.
pub(crate) struct Core(watch::Receiver<Opened>);

impl Core {
    pub(crate) fn open(app: &AppHandle, data_dir: PathBuf) -> Self {
        let (sender, receiver) = watch::channel(None);
        let app = app.clone();
        async_runtime::spawn(async move {
            let mut options = OpenOptions::new(data_dir, env!("CARGO_PKG_VERSION"));
            match downloads::folder(&app) {
                Ok(folder) => options = options.with_downloads(folder),
                Err(error) => tracing::warn!(%error, "files are kept beside the data: there is no download folder"),
            }
            let opened = match Client::open(options).await {
                Ok(client) => {
                    async_runtime::spawn(forward_events(app, Arc::clone(&client)));
                    Ok(client)
                }
                Err(error) => {
                    tracing::error!(%error, "the client cannot be opened");
                    Err(ApiError::from(error))
                }
            };
            sender.send_replace(Some(opened));
        });
        Self(receiver)
    }

    async fn client(&self) -> Result<Arc<Client>, ApiError> {
        let mut receiver = self.0.clone();
        let opened = receiver.wait_for(Option::is_some).await;
        let opened = opened.expect("the opener always answers before it ends");
        opened.clone().expect("waited until there was an answer")
    }

    /// Lets the client finish what it is writing, for a limited time.
    pub(crate) fn close(&self) {
        let Some(Ok(client)) = self.0.borrow().clone() else { return };
        async_runtime::block_on(async {
            if tokio::time::timeout(CLOSE_TIMEOUT, client.shutdown()).await.is_err() {
                tracing::warn!("the client took too long to close");
            }
        });
    }
}

/// The one command of the window: the list of what can be called is the client's.
#[tauri::command]
pub(crate) async fn call(core: State<'_, Core>, command: String, args: Value) -> Result<Box<RawValue>, ApiError> {
    let client = core.client().await?;
    counterfoil_client::api::answer(&client, &command, args).await
}

async fn forward_events(app: AppHandle, client: Arc<Client>) {
    let mut events = client.events();
    // The opener must not be kept alive by its own listener.
    drop(client);
    while let Some(event) = events.next().await {
        if let Err(error) = app.emit(event.name(), event.payload()) {
            tracing::warn!(%error, event = event.name(), "the window did not take an event");
        }
    }
}
