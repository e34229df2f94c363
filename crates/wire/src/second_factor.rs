//! A second factor beside the password: six digits from an app, or a recovery code.

use serde::{Deserialize, Serialize};

use crate::sessions::Audience;

/// How somebody stands to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondFactor {
    /// It is asked for at each sign-in.
    pub on: bool,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
    /// Staff who need one before they may do anything else.
    pub required: bool,
}

/// Begins one: what an app was given before is void.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BeginSecondFactor {
    /// The caller's.
    pub password: String,
}

/// What the app computes the digits from. Shown this once; it counts when it is confirmed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondFactorSecret {
    /// Base 32, for typing.
    pub secret: String,
    /// `otpauth://…`, for a QR.
    pub uri: String,
}

/// Shows that the app has it: from now on it is asked for, and the caller's other sessions are over.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfirmSecondFactor {
    /// Six digits.
    pub code: String,
}

/// For what a thief of a session must not do.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProveSecondFactor {
    /// The caller's.
    pub password: String,
    /// Six digits, or a recovery code.
    pub code: String,
}

/// Shown this once, each good for one sign-in. Older ones are void.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    pub codes: Vec<String>,
}

/// Takes it away from somebody who lost app and recovery codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RemoveSecondFactor {
    /// `admin`: one of the operator's staff. `reseller`: a member of a reseller.
    pub audience: Audience,
    pub username: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RemovedSecondFactor {
    /// As it is written.
    pub username: String,
    /// Whether there was one; its sessions are over then.
    pub was_on: bool,
}

/// None of these is ever printed.
macro_rules! secret {
    ($($name:ident)*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

secret! { BeginSecondFactor SecondFactorSecret ConfirmSecondFactor ProveSecondFactor RecoveryCodes }
