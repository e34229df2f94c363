//! What Central itself says about a reseller, over the API that other programs use.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use counterfoil_testkit::central::{Central, SignIn};
use counterfoil_wire::codes::CodeRow;
use counterfoil_wire::credits::Statement;
use counterfoil_wire::endpoint::{Endpoint, ResellerCodes, ResellerCredits, ResellerLogin};
use counterfoil_wire::page::Page;
use counterfoil_wire::sessions::SignedIn;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::till::Equation;

/// A reseller's books, read at one moment.
#[derive(Debug)]
pub struct Books {
    pub equation: Equation,
    /// State by serial, of every code of this reseller that Central knows.
    pub codes: BTreeMap<String, String>,
}

impl Books {
    /// Signs in and reads them.
    pub async fn read(central: &Central, who: SignIn) -> Result<Self> {
        let http = reqwest::Client::new();
        let login = http
            .post(format!("{}{}", central.url(), ResellerLogin::PATH))
            .json(&json!({ "username": who.username, "password": who.password }));
        let signed_in: SignedIn = answer(login).await?;
        let get = |path: String| http.get(format!("{}{path}", central.url())).bearer_auth(&signed_in.access_token);

        let statement: Statement = answer(get(ResellerCredits::PATH.to_owned())).await?;
        let told = &statement.equation;
        ensure!(told.holds(), "Central's own equation does not add up: {told:?}");
        let mut codes = BTreeMap::new();
        let mut after = None;
        loop {
            let key: String = after.map(|key| format!("&after={key}")).unwrap_or_default();
            let page: Page<CodeRow> = answer(get(format!("{}?limit=500{key}", ResellerCodes::PATH))).await?;
            for row in page.items {
                codes.insert(row.serial, serde_json::to_value(row.state)?.as_str().unwrap_or_default().to_owned());
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let equation =
            Equation { funded: told.funded, available: told.available, reserved: told.reserved, spent: told.spent };
        Ok(Self { equation, codes })
    }

    /// The state of one code, if Central knows it.
    pub fn state(&self, serial: &str) -> Option<&str> {
        self.codes.get(serial).map(String::as_str)
    }
}

async fn answer<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T> {
    let response = request.send().await?;
    let (status, address) = (response.status(), response.url().path().to_owned());
    let text = response.text().await?;
    ensure!(status.is_success(), "{address} answered {status}: {text}");
    Ok(serde_json::from_str(&text)?)
}
