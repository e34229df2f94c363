//! What the operator looks like. Staff only; it needs Central.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_domain::brand::check_logo;
use counterfoil_wire::brand as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use crate::till::Till;
use crate::{Client, brand as at_central, status, sync};

/// As it is now.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct BrandView {
    pub version: u32,
    /// Empty where it is the operator's name.
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
    pub version: u32,
    /// A PNG picture in base64.
    pub png: String,
}

/// The brand of the operator.
pub async fn brand(client: &Arc<Client>, (): ()) -> Result<BrandView, ApiError> {
    let till = client.till()?;
    view(&till, at_central::read(&till).await?).await
}

/// Saves name and colour as they were read.
pub async fn save_brand(client: &Arc<Client>, request: SaveBrand) -> Result<BrandView, ApiError> {
    let till = client.till()?;
    let SaveBrand { version, panel_name, accent } = request;
    let saved = at_central::save(&till, &wire::SaveBrand { version, panel_name, accent }).await?;
    // The name above every page comes with the next rows; until then it is the older one.
    if let Err(error) = sync::run_now(&till).await {
        tracing::debug!(%error, "no sync after the brand");
    }
    status::announce(&till).await;
    view(&till, saved).await
}

/// Puts another logo in place of the one that was read.
pub async fn save_logo(client: &Arc<Client>, request: SaveLogo) -> Result<BrandView, ApiError> {
    let till = client.till()?;
    let saved = at_central::save_logo(&till, &wire::SaveLogo { version: request.version, png: request.png }).await?;
    view(&till, saved).await
}

/// Takes the logo away.
pub async fn delete_logo(client: &Arc<Client>, (): ()) -> Result<BrandView, ApiError> {
    let till = client.till()?;
    view(&till, at_central::delete_logo(&till).await?).await
}

/// With the picture. One that cannot be had, or is none, is left out: what was saved is saved.
async fn view(till: &Till, brand: wire::Brand) -> Result<BrandView, ApiError> {
    let logo = if brand.logo.is_some() {
        at_central::logo(till).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "no logo to show");
            None
        })
    } else {
        None
    };
    let logo = logo.filter(|png| check_logo(png).is_ok()).map(|png| STANDARD.encode(png));
    Ok(BrandView { version: brand.version, panel_name: brand.panel_name, accent: brand.accent, logo })
}
