//! The one window.

use tauri::{App, AppHandle, Manager as _, WebviewWindowBuilder};

use crate::downloads;

const LABEL: &str = "main";

/// Creates it as tauri.conf.json describes it.
pub(crate) fn create(app: &App) -> tauri::Result<()> {
    let config = app.config().app.windows.iter().find(|window| window.label == LABEL);
    let config = config.expect("tauri.conf.json describes the main window");
    WebviewWindowBuilder::from_config(app, config)?
        .on_download(|webview, event| downloads::handle(&webview, event))
        .build()?;
    Ok(())
}

/// Brings it to the front.
pub(crate) fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!(%error, "the window cannot be brought to the front");
        }
    }
}
