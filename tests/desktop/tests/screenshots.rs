//! The pictures of docs/, taken of the real window with sample data: `make screenshots`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use counterfoil_desktop_tests::{Window, customer};
use counterfoil_testkit::central::{ADMIN, Central, Engine, SHOP};
use counterfoil_testkit::desk::Desk;
use counterfoil_testkit::within;

const LIMIT: Duration = Duration::from_mins(5);

#[tokio::test]
#[ignore = "writes into docs/: run by make screenshots"]
async fn every_page_in_light_and_dark() -> Result<()> {
    let folder = std::env::var_os("COUNTERFOIL_SCREENSHOTS").context("COUNTERFOIL_SCREENSHOTS names no folder")?;
    let folder = PathBuf::from(folder);
    std::fs::create_dir_all(&folder)?;
    within(LIMIT, async {
        let mut central = Central::start(Engine::Sqlite).await?;
        shop(&mut central, &folder).await?;
        admin(&central, &folder).await
    })
    .await
}

async fn shop(central: &mut Central, folder: &Path) -> Result<()> {
    let desk = Desk::new()?;
    let window = Window::start(&desk).await?;
    window.find("sign-in").await?;
    picture(&window, folder, "start").await?;
    window.sign_in(&central.url(), SHOP, "Till 1").await?;
    window.take_lease(1_200, 40).await?;
    let mut sold = Vec::new();
    for plan in [1, 2, 1] {
        sold.push(window.sell(plan).await?);
    }
    window.sync().await?;
    customer::activate(central, &sold[0].code).await?;
    window.sync().await?;

    // Offline is the normal state that most pictures should show some of.
    central.stop().await?;
    window.sell(1).await?;
    window.wait_for_attribute("status-connection", "data-state", "offline").await?;
    window.click("nav-queue").await?;
    window.find("queue-item").await?;
    picture(&window, folder, "queue-offline").await?;
    central.start_again().await?;
    window.sync().await?;

    window.click("nav-sell").await?;
    window.click("plan-tile-1").await?;
    window.fill("customer-email", "mira@example.org").await?;
    window.click("sell-button").await?;
    window.find("counterfoil-code").await?;
    picture(&window, folder, "sell").await?;
    window.click("sell-another").await?;
    window.click("plan-tile-2").await?;
    picture(&window, folder, "sell-plans").await?;
    for page in ["codes", "credit", "queue"] {
        window.click(&format!("nav-{page}")).await?;
        picture(&window, folder, page).await?;
    }
    window.close().await
}

async fn admin(central: &Central, folder: &Path) -> Result<()> {
    let desk = Desk::new()?;
    let window = Window::start(&desk).await?;
    window.sign_in_as_admin(&central.url(), ADMIN, "Office").await?;
    for page in ["plans", "resellers"] {
        window.click(&format!("nav-{page}")).await?;
        picture(&window, folder, page).await?;
    }
    window.close().await
}

/// In both themes, small enough for a repository.
async fn picture(window: &Window<'_>, folder: &Path, name: &str) -> Result<()> {
    // Let skeletons, fonts and transitions come to rest.
    tokio::time::sleep(Duration::from_millis(800)).await;
    for theme in ["light", "dark"] {
        let set = format!("document.documentElement.dataset.theme = '{theme}'");
        window.client().execute(&set, Vec::new()).await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let path = folder.join(format!("{name}-{theme}.png"));
        window.screenshot(&path).await?;
        let shrunk = Command::new("convert")
            .arg(&path)
            .args(["-strip", "-dither", "None", "-colors", "128"])
            .arg(format!("PNG8:{}", path.display()))
            .status()?;
        ensure!(shrunk.success(), "convert could not shrink {}", path.display());
    }
    Ok(())
}
