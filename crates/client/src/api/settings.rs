//! What the operator sets for itself. Staff only; it needs Central.

use std::sync::Arc;

use counterfoil_wire::settings as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use crate::{Client, settings, status, sync};

/// As they are now.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OperatorSettings {
    pub version: u32,
    pub operator_name: String,
    /// IANA name.
    pub time_zone: String,
    /// Set once.
    pub currency: String,
    /// What new codes begin with.
    pub code_prefix: String,
    /// Days in which a new code can be redeemed.
    pub redeem_days: u16,
    /// Empty where none is named.
    pub support_email: String,
    pub support_phone: String,
    /// Empty follows `started_with_address`.
    pub public_address: String,
    /// Staff need a second factor before they may do anything.
    pub staff_second_factor: bool,
    /// What Central was started with.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_with_address: Option<String>,
}

/// With `version` as it was read.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveOperatorSettings {
    pub version: u32,
    pub operator_name: String,
    pub time_zone: String,
    pub code_prefix: String,
    pub redeem_days: u16,
    pub support_email: String,
    pub support_phone: String,
    pub public_address: String,
    pub staff_second_factor: bool,
}

/// The settings of the operator.
pub async fn operator_settings(client: &Arc<Client>, (): ()) -> Result<OperatorSettings, ApiError> {
    Ok(settings::read(&*client.till()?).await?.into())
}

/// Saves them as they were read.
pub async fn save_operator_settings(
    client: &Arc<Client>,
    request: SaveOperatorSettings,
) -> Result<OperatorSettings, ApiError> {
    let till = client.till()?;
    let asked = wire::SaveSettings {
        version: request.version,
        operator_name: request.operator_name,
        time_zone: request.time_zone,
        code_prefix: request.code_prefix,
        redeem_days: request.redeem_days,
        support_email: request.support_email,
        support_phone: request.support_phone,
        public_address: request.public_address,
        staff_second_factor: Some(request.staff_second_factor),
    };
    let saved = settings::save(&till, &asked).await?;
    // The name above every page comes with the next rows; until then it is the older one.
    if let Err(error) = sync::run_now(&till).await {
        tracing::debug!(%error, "no sync after the settings");
    }
    status::announce(&till).await;
    Ok(saved.into())
}

impl From<wire::OperatorSettings> for OperatorSettings {
    fn from(settings: wire::OperatorSettings) -> Self {
        Self {
            version: settings.version,
            operator_name: settings.operator_name,
            time_zone: settings.time_zone,
            currency: settings.currency,
            code_prefix: settings.code_prefix,
            redeem_days: settings.redeem_days,
            support_email: settings.support_email,
            support_phone: settings.support_phone,
            public_address: settings.public_address,
            staff_second_factor: settings.staff_second_factor,
            started_with_address: settings.started_with_address,
        }
    }
}
