//! What an operator looks like, or a reseller with a brand of its own: on the public pages, at tills and on paper.

use serde::{Deserialize, Serialize};

/// As it is now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Brand {
    /// Counts the edits, those of the logo as well. A reseller's is 0 before the first.
    pub version: u32,
    /// In place of the operator's name, or the reseller's company, wherever shops and customers see one, mails excepted;
    /// empty: that.
    pub panel_name: String,
    /// `#rrggbb`; absent is Counterfoil's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// SHA-256 of the logo in hexadecimal; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
}

/// The name and the colour, with `version` as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveBrand {
    pub version: u32,
    /// 60 characters at most; empty is the operator's name, or the reseller's company.
    pub panel_name: String,
    /// `#rrggbb`, on which white or dark text reaches 4.5:1; absent is Counterfoil's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
}

/// Another logo, with `version` as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveLogo {
    pub version: u32,
    /// A PNG picture of at most 256 KiB and 1,024 pixels a side, in base64.
    pub png: String,
}

/// The brand in force, as a whole: of a reseller, of one above it, or of the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShownBrand {
    /// The panel name, or the name of whose brand it is.
    pub name: String,
    /// `#rrggbb`; absent is Counterfoil's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// SHA-256 of the logo in hexadecimal, by which anybody is given it; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
}
