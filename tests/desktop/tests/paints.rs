//! The window opens, paints, reaches its core, and ends when told to.

use std::time::Duration;

use anyhow::{Result, ensure};
use counterfoil_desktop_tests::Window;
use counterfoil_testkit::desk::Desk;
use counterfoil_testkit::within;
use serde_json::json;

const LIMIT: Duration = Duration::from_mins(2);

#[tokio::test]
async fn the_first_page_paints_and_talks_to_its_core() -> Result<()> {
    within(LIMIT, async {
        let desk = Desk::new()?;
        let window = Window::start(&desk).await?;
        let state = window.call("app_state", json!(null)).await?;
        ensure!(state["version"] == env!("CARGO_PKG_VERSION"), "the core answered {state}");

        let picture = desk.home().join("first.png");
        window.screenshot(&picture).await?;
        ensure!(std::fs::metadata(&picture)?.len() > 2_000, "the picture is as good as empty");
        window.close().await
    })
    .await
}

#[tokio::test]
async fn a_document_the_page_makes_is_kept_beside_the_one_before() -> Result<()> {
    within(LIMIT, async {
        let desk = Desk::new()?;
        let window = Window::start(&desk).await?;
        let downloads = desk.home().join("Downloads");
        for name in ["receipt.pdf", "receipt (2).pdf"] {
            let script = "const link = document.createElement('a');\
                link.href = URL.createObjectURL(new Blob(['%PDF-1.7'], { type: 'application/pdf' }));\
                link.download = 'receipt.pdf'; document.body.append(link); link.click(); link.remove();";
            window.client().execute(script, Vec::new()).await?;
            let kept = window
                .until(&format!("{name} is kept"), async || {
                    // The file is there before what is in it.
                    Ok(std::fs::read(downloads.join(name)).ok().filter(|kept| !kept.is_empty()))
                })
                .await?;
            ensure!(kept == b"%PDF-1.7", "{name} holds {} bytes", kept.len());
        }
        window.close().await
    })
    .await
}

#[tokio::test]
async fn a_killed_application_starts_again_on_the_same_desk() -> Result<()> {
    within(LIMIT, async {
        let desk = Desk::new()?;
        Window::start(&desk).await?.kill().await?;
        let window = Window::start(&desk).await?;
        window.call("app_state", json!(null)).await?;
        window.close().await
    })
    .await
}
