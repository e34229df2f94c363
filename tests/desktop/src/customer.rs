//! A customer with a browser that runs no scripts, on Central's public pages; and one whose program orders on the market.

use anyhow::{Context as _, Result, ensure};
use counterfoil_testkit::central::Central;
use counterfoil_wire::endpoint::{Endpoint, PublicOfferings, PublicOrderPlace};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Who orders: nothing of it may be seen outside the shop's window.
pub const NAME: &str = "Sam Sample";
pub const EMAIL: &str = "sam@example.org";

/// What the page said.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub html: String,
}

/// Opens `/activate`, fills in the code and sends the form with all that it holds.
pub async fn activate(central: &Central, code: &str) -> Result<Page> {
    let http = reqwest::Client::new();
    let address = format!("{}/activate", central.url());
    let form = http.get(&address).send().await?.error_for_status()?.text().await?;
    let mut fields: Vec<(String, String)> = inputs(&form);
    let field = fields.iter_mut().find(|(name, _)| name == "code").context("the page has no field for a code")?;
    code.clone_into(&mut field.1);
    let response = http.post(&address).form(&fields).send().await?;
    Ok(Page { status: response.status(), html: response.text().await? })
}

/// Orders one unit of what stands first on the market, and returns the contract's id. Another number is another order.
pub async fn order(central: &Central, number: u8) -> Result<String> {
    let http = reqwest::Client::new();
    let offers = http.get(format!("{}{}", central.url(), PublicOfferings::PATH)).send().await?.error_for_status()?;
    let offers: Value = offers.json().await?;
    let offer = &offers["items"][0];
    let order = json!({
        "order_id": format!("00000000-0000-7000-8000-0000000004{number:02x}"),
        "offering_id": offer["offering_id"],
        "relationship_id": offer["relationship_id"],
        "quantity": 1,
        "customer": { "name": NAME, "email": EMAIL },
        "total": offer["price"],
    });
    let placed = http.post(format!("{}{}", central.url(), PublicOrderPlace::PATH)).json(&order).send().await?;
    let (status, text) = (placed.status(), placed.text().await?);
    ensure!(status.is_success(), "the order was answered with {status}: {text}");
    let placed: Value = serde_json::from_str(&text)?;
    placed["contract_id"].as_str().map(str::to_owned).with_context(|| format!("no contract in {placed}"))
}

/// Name and value of each input of the page.
fn inputs(html: &str) -> Vec<(String, String)> {
    html.split("<input")
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())))
        .collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::inputs;

    #[test]
    fn the_fields_of_a_form_are_read() {
        let html = r#"<form><input type="hidden" name="account_id" value="7"><input name="code" required></form>"#;
        assert_eq!(inputs(html), [("account_id".into(), "7".into()), ("code".into(), String::new())]);
    }
}
