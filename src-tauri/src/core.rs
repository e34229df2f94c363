//! The client inside the window.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use counterfoil_client::api::ApiError;
use counterfoil_client::{Client, OpenOptions};
use serde_json::Value;
use serde_json::value::RawValue;
use tauri::{AppHandle, Emitter as _, State, async_runtime};

use crate::downloads;
use crate::opening::Opening;

/// How long closing the window may take. What was shown to a customer is on the disk long before.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// The client, opened beside the window so that the first page paints while databases and keyring answer.
pub(crate) struct Core(Arc<Opening>);

impl Core {
    pub(crate) fn open(app: &AppHandle, data_dir: PathBuf) -> Self {
        let mut options = OpenOptions::new(data_dir, env!("CARGO_PKG_VERSION"));
        match downloads::folder(app) {
            Ok(folder) => options = options.with_downloads(folder),
            Err(error) => tracing::warn!(%error, "files are kept beside the data: there is no download folder"),
        }
        let app = app.clone();
        let opening = Arc::new(Opening::new(options, move |client| {
            async_runtime::spawn(forward_events(app.clone(), Arc::clone(client)));
        }));
        let first = Arc::clone(&opening);
        // What goes wrong is told to whoever calls next.
        async_runtime::spawn(async move { first.client().await.map(drop) });
        Self(opening)
    }

    /// Lets the client finish what it is writing, for a limited time.
    pub(crate) fn close(&self) {
        async_runtime::block_on(async {
            if tokio::time::timeout(CLOSE_TIMEOUT, self.0.close()).await.is_err() {
                tracing::warn!("the client took too long to close");
            }
        });
    }
}

/// The one command of the window: the list of what can be called is the client's.
#[tauri::command]
pub(crate) async fn call(core: State<'_, Core>, command: String, args: Value) -> Result<Box<RawValue>, ApiError> {
    let client = core.0.client().await?;
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
