//! What a shop person does in the window, named as they would name it.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use counterfoil_testkit::central::SignIn;
use fantoccini::elements::Element;

use crate::window::Window;

/// A sale as the window shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sale {
    pub serial: String,
    pub code: String,
}

/// The four figures of the Credit page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Equation {
    pub funded: i64,
    pub available: i64,
    pub reserved: i64,
    pub spent: i64,
}

impl Window<'_> {
    /// Signs a member of a reseller in on the first page and waits for the shop's home.
    pub async fn sign_in(&self, server: &str, who: SignIn, device_name: &str) -> Result<()> {
        self.fill_in_start(server, "audience-reseller", who, device_name).await?;
        self.find("nav-sell").await.context("signing in did not lead to the shop")?;
        Ok(())
    }

    /// Signs one of the operator's staff in on the first page and waits for the administrator's home.
    pub async fn sign_in_as_admin(&self, server: &str, who: SignIn, device_name: &str) -> Result<()> {
        self.fill_in_start(server, "audience-admin", who, device_name).await?;
        self.find("nav-resellers").await.context("signing in did not lead to the administrator's pages")?;
        Ok(())
    }

    async fn fill_in_start(&self, server: &str, audience: &str, who: SignIn, device_name: &str) -> Result<()> {
        self.fill("server-url", server).await?;
        // The note about the server moves what is below it.
        self.press("\u{e004}").await?;
        self.find("server-found").await?;
        self.click(audience).await?;
        self.fill("username", who.username).await?;
        self.fill("password", who.password).await?;
        self.fill("device-name", device_name).await?;
        self.click("sign-in").await
    }

    /// What can be sold with no network, once there is something: enrolling takes a first lease by itself.
    pub async fn in_hand(&self) -> Result<i64> {
        self.until("something is in hand", async || {
            let value = self.attribute("status-lease", "data-value").await?;
            let value: i64 = value.parse().with_context(|| format!("the strip shows {value:?} in hand"))?;
            Ok((value > 0).then_some(value))
        })
        .await
    }

    /// Takes a further lease on the Credit page and waits until it is in hand; returns what is then in hand.
    pub async fn take_lease(&self, amount: i64, max_codes: u32) -> Result<i64> {
        let in_hand = self.in_hand().await? + amount;
        self.click("nav-credit").await?;
        self.click("take-lease").await?;
        self.fill("lease-amount", &amount.to_string()).await?;
        self.fill("lease-max-codes", &max_codes.to_string()).await?;
        self.click("take-lease-confirm").await?;
        self.wait_for_attribute("status-lease", "data-value", &in_hand.to_string()).await?;
        Ok(in_hand)
    }

    /// Sells one code of the plan with this number key, and reads it off the counterfoil.
    pub async fn sell(&self, plan: u32) -> Result<Sale> {
        self.click("nav-sell").await?;
        self.click(&format!("plan-tile-{plan}")).await?;
        self.click("sell-button").await?;
        let serial = self.attribute("counterfoil", "data-serial").await?;
        // Shown in groups, each in an element of its own.
        let shown = self.text("counterfoil-code").await?;
        let code = shown.chars().filter(|letter| !letter.is_whitespace()).collect();
        self.click("sell-another").await?;
        self.find("sell-button").await?;
        Ok(Sale { serial, code })
    }

    /// The recent sales on the Sell page with their states, once there are as many.
    pub async fn recent_sales(&self, count: usize) -> Result<BTreeMap<Sale, String>> {
        self.click("nav-sell").await?;
        let rows = self
            .until(&format!("{count} recent sales are shown"), async || {
                let rows = self.all("recent-sale").await?;
                Ok((rows.len() == count).then_some(rows))
            })
            .await?;
        let mut sales = BTreeMap::new();
        for row in rows {
            let sale = Sale { serial: read(&row, "data-serial").await?, code: read(&row, "data-code").await? };
            sales.insert(sale, read(&row, "data-state").await?);
        }
        Ok(sales)
    }

    /// Asks for a sync and waits until Central has answered for everything.
    pub async fn sync(&self) -> Result<()> {
        self.wait_for_attribute("status-connection", "data-state", "online").await?;
        let before = self.find("status-last-sync").await?.attr("data-at").await?;
        self.click("sync-now").await?;
        self.until("a sync has ended", async || {
            let now = self.find("status-last-sync").await?.attr("data-at").await?;
            Ok((now != before).then_some(()))
        })
        .await?;
        self.wait_for_attribute("status-unsent", "data-count", "0").await
    }

    /// Reads the Credit page.
    pub async fn equation(&self) -> Result<Equation> {
        self.click("nav-credit").await?;
        Ok(Equation {
            funded: self.figure("credit-funded").await?,
            available: self.figure("credit-available").await?,
            reserved: self.figure("credit-reserved").await?,
            spent: self.figure("credit-spent").await?,
        })
    }

    async fn figure(&self, test_id: &str) -> Result<i64> {
        let value = self.attribute(test_id, "data-value").await?;
        value.parse().with_context(|| format!("{test_id} shows {value:?}"))
    }
}

async fn read(element: &Element, attribute: &str) -> Result<String> {
    element.attr(attribute).await?.with_context(|| format!("a row without {attribute}"))
}
