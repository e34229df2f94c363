//! Credit packs: what resellers can buy at once. Needs Central.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use counterfoil_domain::credit_pack;
use counterfoil_wire::credit_packs as wire;

use super::ApiError;
use super::admin::wrong;
use super::plans::ArchiveStatus;
use super::types::{AmountView, id};
use crate::Client;
use crate::credit_packs as packs;

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CreditPackView {
    pub pack_id: String,
    pub version: u32,
    pub name: String,
    /// Days of service.
    pub credits: i64,
    pub price: AmountView,
    /// The term of the plans it is meant for, in days; absent for any.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term_days: Option<u32>,
    pub status: ArchiveStatus,
    /// How much less a credit costs than in the dearest active pack, in basis points.
    pub discount_bp: u32,
}

/// Create (`pack_id` minted by the caller, `version` absent) or edit (`version` = the one that was read).
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveCreditPack {
    pub pack_id: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    pub name: String,
    pub credits: i64,
    pub price: AmountView,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term_days: Option<u32>,
    pub status: ArchiveStatus,
}

/// A pack as it was shown.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PackRef {
    pub pack_id: String,
    pub version: u32,
}

impl PackRef {
    pub(super) fn shown(self) -> Result<wire::PackAsShown, ApiError> {
        Ok(wire::PackAsShown { pack_id: id(&self.pack_id)?, version: self.version })
    }
}

/// For staff archived ones too; for a shop those that it can buy.
pub async fn credit_packs(client: &Arc<Client>, (): ()) -> Result<Vec<CreditPackView>, ApiError> {
    Ok(packs::list(&*client.till()?).await?.into_iter().map(view).collect())
}

pub async fn save_credit_pack(client: &Arc<Client>, request: SaveCreditPack) -> Result<CreditPackView, ApiError> {
    let term = request.term_days.map(u16::try_from).transpose();
    let pack = wire::SaveCreditPack {
        pack_id: id(&request.pack_id)?,
        version: request.version,
        name: request.name,
        credits: request.credits,
        price: request.price.try_into()?,
        term_days: term.map_err(|_| wrong("term_days", "a term is 1 to 3,660 days"))?,
        status: match request.status {
            ArchiveStatus::Active => credit_pack::PackStatus::Active,
            ArchiveStatus::Archived => credit_pack::PackStatus::Archived,
        },
    };
    Ok(view(packs::save(&*client.till()?, &pack).await?))
}

fn view(pack: wire::CreditPack) -> CreditPackView {
    CreditPackView {
        pack_id: pack.pack_id.to_string(),
        version: pack.version,
        name: pack.name,
        credits: pack.credits,
        price: pack.price.into(),
        term_days: pack.term_days.map(u32::from),
        status: match pack.status {
            credit_pack::PackStatus::Active => ArchiveStatus::Active,
            credit_pack::PackStatus::Archived => ArchiveStatus::Archived,
        },
        discount_bp: u32::from(pack.discount_bp),
    }
}
