//! What the operator and its resellers look like, which needs Central; and what this computer shows, which needs no network.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_domain::brand::check_logo;
use counterfoil_wire::brand as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::types::id;
use crate::till::Till;
use crate::{Client, brand as at_central, status, sync};

/// Whose brand it is.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Whose {
    /// Staff only.
    Operator,
    /// Of the shop that is signed in: its owner only, and where the operator allows it.
    Own,
    /// Staff only.
    Reseller { reseller_id: String },
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BrandRef {
    pub whose: Whose,
}

/// As it is now.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct BrandView {
    pub version: u32,
    /// Empty where it is the operator's name, or the reseller's company.
    pub panel_name: String,
    /// `#rrggbb`; absent is Counterfoil's own.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// The PNG picture in base64; absent where there is none.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
}

/// With `version` as it was read.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveBrand {
    pub whose: Whose,
    pub version: u32,
    pub panel_name: String,
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
}

/// With `version` as it was read.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveLogo {
    pub whose: Whose,
    pub version: u32,
    /// A PNG picture in base64.
    pub png: String,
}

/// What this computer shows.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ShownBrand {
    pub name: String,
    /// `#rrggbb`; absent is Counterfoil's own.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// The PNG picture in base64; absent where there is none, or it has not come yet.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
}

/// The brand in force on this computer. Needs no network.
pub async fn shown_brand(client: &Arc<Client>, (): ()) -> Result<ShownBrand, ApiError> {
    let shown = at_central::shown(&*client.till()?).await?;
    Ok(ShownBrand { name: shown.name, accent: shown.accent, logo: shown.logo.map(|png| STANDARD.encode(png)) })
}

/// A brand as it is set.
pub async fn brand(client: &Arc<Client>, request: BrandRef) -> Result<BrandView, ApiError> {
    let till = client.till()?;
    view(&till, at_central::read(&till, whose(request.whose)?).await?).await
}

/// Saves name and colour as they were read.
pub async fn save_brand(client: &Arc<Client>, request: SaveBrand) -> Result<BrandView, ApiError> {
    let till = client.till()?;
    let SaveBrand { whose: of, version, panel_name, accent } = request;
    let saved = at_central::save(&till, whose(of)?, &wire::SaveBrand { version, panel_name, accent }).await?;
    show(&till, saved).await
}

/// Puts another logo in place of the one that was read.
pub async fn save_logo(client: &Arc<Client>, request: SaveLogo) -> Result<BrandView, ApiError> {
    let till = client.till()?;
    let asked = wire::SaveLogo { version: request.version, png: request.png };
    let saved = at_central::save_logo(&till, whose(request.whose)?, &asked).await?;
    show(&till, saved).await
}

/// Takes the logo away.
pub async fn delete_logo(client: &Arc<Client>, request: BrandRef) -> Result<BrandView, ApiError> {
    let till = client.till()?;
    let saved = at_central::delete_logo(&till, whose(request.whose)?).await?;
    show(&till, saved).await
}

fn whose(whose: Whose) -> Result<at_central::Whose, ApiError> {
    Ok(match whose {
        Whose::Operator => at_central::Whose::Operator,
        Whose::Own => at_central::Whose::Own,
        Whose::Reseller { reseller_id } => at_central::Whose::Reseller(id(&reseller_id)?),
    })
}

/// What was saved may be what this computer shows: it comes with the next rows, and until then the older one is shown.
async fn show(till: &Till, saved: wire::Brand) -> Result<BrandView, ApiError> {
    if let Err(error) = sync::run_now(till).await {
        tracing::debug!(%error, "no sync after the brand");
    }
    status::announce(till).await;
    view(till, saved).await
}

/// With the picture. One that cannot be had, or is none, is left out: what was saved is saved.
async fn view(till: &Till, brand: wire::Brand) -> Result<BrandView, ApiError> {
    let logo = match &brand.logo {
        Some(hash) => at_central::logo(till, hash).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "no logo to show");
            None
        }),
        None => None,
    };
    let logo = logo.filter(|png| check_logo(png).is_ok()).map(|png| STANDARD.encode(png));
    Ok(BrandView { version: brand.version, panel_name: brand.panel_name, accent: brand.accent, logo })
}
