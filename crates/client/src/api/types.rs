//! Shapes shared by several commands. Every type here is exported to TypeScript.
//!
//! Amounts travel as JSON numbers: `domain::amount` bounds every amount to 2^53 - 1, the largest integer
//! every JSON reader holds exactly. Times are Unix milliseconds (UTC). Ids are UUID strings.

use counterfoil_domain::amount::Amount;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::{ApiError, ErrorCode};

/// An integer amount with its unit: `"credits"` or an ISO 4217 currency code (then minor units).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AmountView {
    /// Integer count of credits or of minor units.
    pub value: i64,
    /// `"credits"` or e.g. `"EUR"`.
    pub unit: String,
}

/// A page of a long list, by key. Give `after` (the `next` of the block before) whenever it is known;
/// `offset` is for a jump of the scroll bar.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PageRequest {
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u32>,
    pub limit: u32,
}

/// A file the core made for the user to keep, print or open.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DocumentFile {
    pub file_name: String,
    pub media_type: String,
    /// Base64 of the content.
    pub content: String,
}

impl From<Amount> for AmountView {
    fn from(amount: Amount) -> Self {
        Self { value: amount.value(), unit: amount.unit().to_string() }
    }
}

impl TryFrom<AmountView> for Amount {
    type Error = ApiError;

    fn try_from(view: AmountView) -> Result<Self, ApiError> {
        let wrong = |error: counterfoil_domain::amount::AmountError| {
            ApiError::new(ErrorCode::ValidationFailed, error.to_string())
        };
        Self::new(view.value, view.unit.parse().map_err(wrong)?).map_err(wrong)
    }
}

/// An id of the UI as the type it is.
pub(crate) fn id<T: From<Uuid>>(text: &str) -> Result<T, ApiError> {
    text.parse::<Uuid>()
        .map(T::from)
        .map_err(|_| ApiError::new(ErrorCode::ValidationFailed, format!("{text:?} is not an id")))
}
