//! External providers and what they offer.

use counterfoil_domain::ids::{OfferingId, ProviderId};
use counterfoil_domain::market::{Details, Nanos, OfferingStatus, ProviderStatus};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A provider as it is to be, new or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveProvider {
    /// Minted by the caller: a repeat is answered and makes nothing. Of a change, it is the one in the path.
    pub provider_id: ProviderId,
    /// 1 to 100 characters; no two have the same.
    pub name: String,
    /// Who is asked there; up to 100 characters.
    #[serde(default)]
    pub contact_name: String,
    /// An address, or empty.
    #[serde(default)]
    pub email: String,
    /// Up to 40 characters.
    #[serde(default)]
    pub phone: String,
    /// `https://…` or `http://…` up to 200 characters, or empty.
    #[serde(default)]
    pub website: String,
    /// ISO 4217, of all its prices and books; a change names the one it has.
    pub currency: String,
    pub status: ProviderStatus,
    /// Only staff read it; up to 1,000 characters.
    #[serde(default)]
    pub notes: String,
    /// Of the one that was looked at; 0 for a new one. A change of an older one is refused.
    #[serde(default)]
    pub revision: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Provider {
    pub provider_id: ProviderId,
    pub name: String,
    pub contact_name: String,
    pub email: String,
    pub phone: String,
    pub website: String,
    pub currency: String,
    pub status: ProviderStatus,
    pub notes: String,
    pub revision: i64,
    /// Offerings on sale.
    pub offerings: i64,
    /// Resellers that sell them now.
    pub resellers: i64,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

/// An offering as it is to be, new or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveOffering {
    /// Minted by the caller: a repeat is answered and makes nothing. Of a change, it is the one in the path.
    pub offering_id: OfferingId,
    /// The provider's own name for it, 1 to 64 characters; no two of a provider have the same.
    pub article: String,
    /// 1 to 100 characters.
    pub name: String,
    /// Up to 2,000 characters.
    #[serde(default)]
    pub description: String,
    /// Of one unit, in the provider's currency.
    pub base_price: Nanos,
    /// Days of service, 1 to 3,660; 0 where it does not end.
    pub term_days: u16,
    /// What it is, for people to compare: `quality`, `channels`, `speed`.
    #[serde(default)]
    pub attributes: Details,
    /// Units that can still be ordered, up to 1,000,000,000; absent is without limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<i64>,
    pub status: OfferingStatus,
    /// As in [`SaveProvider`].
    #[serde(default)]
    pub revision: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Offering {
    pub offering_id: OfferingId,
    pub provider_id: ProviderId,
    pub article: String,
    pub name: String,
    pub description: String,
    pub base_price: Nanos,
    /// The provider's.
    pub currency: String,
    pub term_days: u16,
    pub attributes: Details,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<i64>,
    pub status: OfferingStatus,
    pub revision: i64,
    pub changed_at: Timestamp,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct OfferingsQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Words, by their beginnings; all must be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<OfferingStatus>,
}

/// Lines of a file of offerings. What is in the file is made or changed, by article; what is not stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportOfferings {
    /// Says what would be done, and does nothing.
    pub dry_run: bool,
    /// 1 to 500. They are done together or, where one of them is refused, not at all.
    pub lines: Vec<OfferingLine>,
}

/// One line, as it stands in the file: what is wrong with it is Central's to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferingLine {
    /// In the file, from 1.
    pub line: u32,
    pub article: String,
    pub name: String,
    #[serde(default)]
    pub description: String,
    pub base_price: String,
    /// Empty is 0.
    #[serde(default)]
    pub term_days: String,
    /// A JSON object, or empty.
    #[serde(default)]
    pub attributes: String,
    /// Units, `unlimited`, or empty: then it stays as it is, and a new offering is without limit.
    #[serde(default)]
    pub stock: String,
    /// `active`, `withdrawn` or empty, which is active.
    #[serde(default)]
    pub status: String,
}

/// What became of the lines, or would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportedOfferings {
    pub created: u32,
    pub changed: u32,
    /// Already like this.
    pub same: u32,
    /// Whether it was written: not in a dry run, and not where a line is refused.
    pub written: bool,
    pub refused: Vec<RefusedLine>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefusedLine {
    pub line: u32,
    /// The column that is wrong: a field of the line.
    pub field: String,
    pub detail: String,
}
