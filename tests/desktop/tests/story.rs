//! The story the product is made for, in the real window against a real Central: sold with no network, redeemed before
//! the shop is back, and the books exact on both sides through a power cut.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use counterfoil_desktop_tests::{Books, Equation, Sale, Window, customer};
use counterfoil_testkit::central::{Central, Engine, SHOP};
use counterfoil_testkit::desk::Desk;
use counterfoil_testkit::within;
use serde_json::json;

const LIMIT: Duration = Duration::from_mins(4);

/// The wholesale shop of the sample data, and a plan of it by its number key.
const PLAN: u32 = 1;

const LEASE: i64 = 600;
const LEASE_CODES: u32 = 20;

#[tokio::test]
async fn sold_offline_redeemed_before_the_shop_is_back_on_sqlite() -> Result<()> {
    within(LIMIT, story(Engine::Sqlite)).await
}

#[tokio::test]
async fn sold_offline_redeemed_before_the_shop_is_back_on_postgres() -> Result<()> {
    within(LIMIT, story(Engine::Postgres)).await
}

async fn story(engine: Engine) -> Result<()> {
    let desk = Desk::new()?;
    let mut central = Central::start(engine).await?;
    let before = Books::read(&central, SHOP).await?;

    let window = Window::start(&desk).await?;
    window.sign_in(&central.url(), SHOP, "Till 1").await?;
    let lease = window.take_lease(LEASE, LEASE_CODES).await?;
    let moved = |sold| moved(before.equation, lease, sold);
    let leased = moved(0);
    ensure!(window.equation().await? == leased, "the lease does not show as reserved");
    ensure!(Books::read(&central, SHOP).await?.equation == leased, "Central does not show the lease as reserved");
    let cost = cost_of_plan(&window).await?;

    central.stop().await?;
    let mut sales = Vec::new();
    for _ in 0..5 {
        sales.push(window.sell(PLAN).await?);
    }
    window.wait_for_attribute("status-connection", "data-state", "offline").await?;
    window.wait_for_attribute("status-unsent", "data-count", "5").await?;
    ensure!(window.equation().await? == moved(5 * cost), "five sales move five costs");
    window.kill().await?;

    let window = Window::start(&desk).await?;
    expect_states(&window, &sales, &["sold"; 5]).await.context("after the power cut")?;
    window.wait_for_attribute("status-unsent", "data-count", "5").await?;
    window.close().await?;

    central.start_again().await?;
    for sale in &sales[..2] {
        let page = customer::activate(&central, &sale.code).await?;
        ensure!(page.status.is_success(), "{} was not activated: {} {}", sale.serial, page.status, page.html);
    }
    let books = Books::read(&central, SHOP).await?;
    ensure!(books.equation == moved(2 * cost), "two were settled by first sight: {books:?}");

    let window = Window::start(&desk).await?;
    window.sync().await?;
    let states = ["activated", "activated", "sold", "sold", "sold"];
    expect_states(&window, &sales, &states).await.context("after the sync")?;
    let exact = moved(5 * cost);
    let shown = window.equation().await?;
    ensure!(shown == exact, "the window shows {shown:?} and not {exact:?}");
    ensure!(window.attribute("credit-balanced", "data-balanced").await? == "true", "the window's own proof fails");
    let books = Books::read(&central, SHOP).await?;
    ensure!(books.equation == exact, "Central's books say {:?} and not {exact:?}", books.equation);
    for (sale, state) in sales.iter().zip(states) {
        ensure!(books.state(&sale.serial) == Some(state), "{}: {:?}", sale.serial, books.state(&sale.serial));
    }
    ensure!(books.codes.len() == before.codes.len() + 5, "Central knows of other codes than the five");

    let again = customer::activate(&central, &sales[0].code).await?;
    ensure!(again.status.is_client_error(), "a used code was answered with {}", again.status);
    ensure!(again.html.contains("already"), "no guidance for a used code: {}", again.html);
    let books = Books::read(&central, SHOP).await?;
    ensure!(books.equation == exact, "the refused redemption moved something: {books:?}");
    window.close().await
}

/// The equation after this much was leased and this much of it was sold.
fn moved(before: Equation, leased: i64, sold: i64) -> Equation {
    Equation {
        funded: before.funded,
        available: before.available - leased,
        reserved: before.reserved + leased - sold,
        spent: before.spent + sold,
    }
}

async fn cost_of_plan(window: &Window<'_>) -> Result<i64> {
    let page = window.call("sell_page", json!(null)).await?;
    let cost = page["plans"][PLAN as usize - 1]["cost"]["value"].as_i64();
    cost.with_context(|| format!("the Sell page names no cost: {page}"))
}

async fn expect_states(window: &Window<'_>, sales: &[Sale], states: &[&str]) -> Result<()> {
    let wanted: BTreeMap<Sale, String> =
        sales.iter().cloned().zip(states.iter().map(|state| (*state).to_owned())).collect();
    let mut shown = BTreeMap::new();
    let seen = window
        .until("the sales are shown in their states", async || {
            shown = window.recent_sales(sales.len()).await?;
            Ok((shown == wanted).then_some(()))
        })
        .await;
    seen.with_context(|| format!("{shown:?} instead of {wanted:?}"))
}
