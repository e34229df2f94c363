//! What the stories look at: public activations, the equation, states.

use anyhow::{Context as _, Result, ensure};
use counterfoil_testkit::central::Central;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::Shop;
use crate::shop::fresh_id;

/// Redeems a code for a new account, as the public page does.
pub async fn redeem(central: &Central, code: &str) -> Result<(u16, Value)> {
    redeem_for(central, code, fresh_id()).await
}

/// Redeems a code for an account of the caller's choice.
pub async fn redeem_for(central: &Central, code: &str, account: Uuid) -> Result<(u16, Value)> {
    let answer = reqwest::Client::new()
        .post(format!("{}/api/v1/public/activations", central.url()))
        .json(&json!({ "code": code, "account_id": account }))
        .send()
        .await?;
    Ok((answer.status().as_u16(), answer.json().await?))
}

/// The four figures of the Credit page, after checking that they add up.
pub fn equation(overview: &Value) -> Result<[i64; 4]> {
    let figure = |name: &str| overview[name]["value"].as_i64().with_context(|| format!("{name} in {overview}"));
    let [funded, available, reserved, spent] =
        [figure("funded")?, figure("available")?, figure("reserved")?, figure("spent")?];
    ensure!(funded == available + reserved + spent, "the equation does not hold: {overview}");
    ensure!(overview["balanced"] == true, "the core says it does not hold: {overview}");
    Ok([funded, available, reserved, spent])
}

/// The state of a code on the Codes page, found by its serial.
pub async fn state_of(shop: &Shop, serial: &str) -> Result<String> {
    let request = json!({ "filter": { "search": serial, "states": [] }, "page": { "limit": 10 } });
    let page = shop.call("codes_page", request).await?;
    let row = page["rows"].get(0).with_context(|| format!("no code with serial {serial}"))?;
    Ok(row["state"].as_str().context("a row has a state")?.to_owned())
}
