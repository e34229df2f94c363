//! What the shop hears of while it looks at something else, on the bus of a real desktop.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use counterfoil_desktop_tests::{NotificationServer, Shown, Window, customer};
use counterfoil_testkit::central::{Central, Engine, SHOP};
use counterfoil_testkit::desk::Desk;
use counterfoil_testkit::within;
use serde_json::json;

const LIMIT: Duration = Duration::from_mins(3);

#[tokio::test]
async fn a_new_order_is_told_outside_the_window_and_a_click_opens_it() -> Result<()> {
    within(LIMIT, async {
        let desk = Desk::new()?;
        let server = NotificationServer::start(&desk).await?;
        let central = Central::start(Engine::Sqlite).await?;
        let window = Window::start(&desk).await?;
        window.sign_in(&central.url(), SHOP, "Till 1").await?;
        // What was there before is read together with this count, and is nothing new from then on.
        window.find("nav-orders-count").await.context("the sample shop has orders to deliver")?;

        look_away(&window, true).await?;
        let first = arrives(&window, &central, 1).await?;
        let told = shown(&window, &server, 1).await?;
        let of_first = &told[0];
        ensure!(of_first.title == "New order" && of_first.text.contains(&first), "it says {of_first:?}");
        ensure!(of_first.clickable, "nobody would hear of a click");
        for secret in [customer::NAME, customer::EMAIL] {
            ensure!(!format!("{of_first:?}").contains(secret), "a passer-by reads {secret}");
        }
        server.click(of_first.id).await?;
        window.find("order-panel").await.context("a click leads to the order")?;

        look_away(&window, false).await?;
        arrives(&window, &central, 2).await?;
        look_away(&window, true).await?;
        choose(&window, "notification-kind-orders").await?;
        arrives(&window, &central, 3).await?;
        choose(&window, "notification-kind-orders").await?;
        let last = arrives(&window, &central, 4).await?;
        // What was held back would have come before the last one.
        let told = shown(&window, &server, 2).await?;
        ensure!(told.len() == 2 && told[1].text.contains(&last), "told were {told:?}");
        window.close().await
    })
    .await
}

/// Says whether the person looks elsewhere. No window manager runs here, so the focus is nobody's to give.
async fn look_away(window: &Window<'_>, away: bool) -> Result<()> {
    let script = "const [away] = arguments; document.hasFocus = () => !away;";
    window.client().execute(script, vec![json!(away)]).await?;
    Ok(())
}

/// A customer orders, and the window says so. The answer is the contract.
async fn arrives(window: &Window<'_>, central: &Central, number: u8) -> Result<String> {
    let contract = customer::order(central, number).await?;
    let script = "return [...document.querySelectorAll('[data-testid=toast]')].map((toast) => toast.innerText).join()";
    window
        .until(&format!("the window tells of {contract}"), async || {
            let toasts = window.client().execute(script, Vec::new()).await?;
            Ok(toasts.as_str().is_some_and(|toasts| toasts.contains(&contract)).then_some(()))
        })
        .await?;
    Ok(contract)
}

/// Everything that the desktop showed, once it is so many.
async fn shown(window: &Window<'_>, server: &NotificationServer, count: usize) -> Result<Vec<Shown>> {
    let what = format!("the desktop shows {count} notifications");
    window.until(&what, async || Ok(Some(server.shown()).filter(|shown| shown.len() >= count))).await
}

/// Changes whether a kind is told, as the person does.
async fn choose(window: &Window<'_>, kind: &str) -> Result<()> {
    window.click("orders-notify").await?;
    window.click(kind).await?;
    window.press("\u{e00c}").await
}
