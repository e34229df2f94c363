//! What an operator looks like: on the public pages, and wherever its name stands.

use serde::{Deserialize, Serialize};

/// As it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Brand {
    /// Counts the edits, those of the logo as well.
    pub version: u32,
    /// In place of the operator's name wherever shops and customers see one, mails excepted; empty: its own.
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
    /// 60 characters at most; empty is the operator's name.
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
