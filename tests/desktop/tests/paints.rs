//! The window opens, paints, reaches its core, and ends when told to.

use std::time::Duration;

use anyhow::{Result, ensure};
use counterfoil_desktop_tests::{Desk, Window, within};
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
async fn a_killed_application_starts_again_on_the_same_desk() -> Result<()> {
    within(LIMIT, async {
        let desk = Desk::new()?;
        Window::start(&desk).await?.kill()?;
        let window = Window::start(&desk).await?;
        window.call("app_state", json!(null)).await?;
        window.close().await
    })
    .await
}
