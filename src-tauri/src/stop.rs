//! Ends the application in order when the system asks it to.

use tauri::{AppHandle, async_runtime};

/// SIGTERM and SIGINT close the window as the user would.
#[cfg(unix)]
pub(crate) fn on_signals(app: &AppHandle) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let app = app.clone();
    async_runtime::block_on(async move {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        async_runtime::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            app.exit(0);
        });
        Ok(())
    })
}

/// Elsewhere the system closes the window itself.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the same shape everywhere")]
pub(crate) fn on_signals(_app: &AppHandle) -> std::io::Result<()> {
    Ok(())
}
