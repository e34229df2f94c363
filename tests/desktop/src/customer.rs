//! A customer with a browser that runs no scripts, on Central's public pages.

use anyhow::{Context as _, Result};
use counterfoil_testkit::central::Central;
use reqwest::StatusCode;

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
