//! Documents the page offers to keep, such as a receipt: saved in the user's download folder and opened from there,
//! which is where people look and from where they print.

use std::path::{Path, PathBuf};

use tauri::webview::DownloadEvent;
use tauri::{Manager, Runtime, Webview};
use tauri_plugin_opener::OpenerExt as _;

/// Says whether a download may go on, and where to.
pub(crate) fn handle<R: Runtime>(webview: &Webview<R>, event: DownloadEvent<'_>) -> bool {
    match event {
        DownloadEvent::Requested { url, destination } => {
            // The page makes its documents itself; nothing is ever fetched from elsewhere.
            if url.scheme() != "blob" && url.scheme() != "data" {
                tracing::warn!(scheme = url.scheme(), "refused a download that the page did not make itself");
                return false;
            }
            match folder(webview) {
                Ok(folder) => {
                    let name = destination.file_name().map_or_else(|| "document.pdf".into(), PathBuf::from);
                    *destination = free_name(&folder, &name);
                    true
                }
                Err(error) => {
                    tracing::warn!(%error, "there is no folder to keep a document in");
                    false
                }
            }
        }
        DownloadEvent::Finished { path: Some(path), success: true, .. } => {
            if let Err(error) = webview.opener().open_path(path.to_string_lossy(), None::<&str>) {
                tracing::warn!(%error, "no program opens the document");
            }
            true
        }
        DownloadEvent::Finished { success, .. } => {
            tracing::debug!(success, "a download ended");
            true
        }
        _ => false,
    }
}

/// The user's download folder, or what most desktops name it where none is configured.
pub(crate) fn folder<R: Runtime>(app: &impl Manager<R>) -> anyhow::Result<PathBuf> {
    let paths = app.path();
    let folder = paths.download_dir().or_else(|_| paths.home_dir().map(|home| home.join("Downloads")))?;
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// `receipt.pdf`, or `receipt (2).pdf` where that exists: nothing a user kept is overwritten.
fn free_name(folder: &Path, name: &Path) -> PathBuf {
    let stem = name.file_stem().unwrap_or_default().to_string_lossy();
    let extension = name.extension().unwrap_or_default().to_string_lossy();
    let numbered = (2_u32..).map(|number| folder.join(format!("{stem} ({number}).{extension}")));
    std::iter::once(folder.join(name)).chain(numbered).find(|path| !path.exists()).expect("some number is free")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_existing_document_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let name = Path::new("receipt.pdf");
        assert_eq!(free_name(folder.path(), name), folder.path().join("receipt.pdf"));
        std::fs::write(folder.path().join("receipt.pdf"), "kept").unwrap();
        assert_eq!(free_name(folder.path(), name), folder.path().join("receipt (2).pdf"));
    }
}
