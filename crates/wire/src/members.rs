//! Members: the people who work for a reseller.

use counterfoil_domain::ids::MemberId;
use counterfoil_domain::permission::MemberRole;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    pub member_id: MemberId,
    pub version: u32,
    pub username: String,
    pub role: MemberRole,
    /// One who is not cannot sign in.
    pub active: bool,
    /// The owner that came with the reseller: always active, always an owner.
    pub principal: bool,
    pub created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_login_at: Option<Timestamp>,
    /// Somebody else chose the password: it has to be changed before anything else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub must_change_password: bool,
    /// One is asked for at each sign-in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub second_factor: bool,
}

/// Create (no `version`, `password` required) or edit (`version` as it was read). A new password and the end of a
/// membership end the member's sessions. Whose password it is, first or new, has to change it at the next sign-in. Nobody's
/// own: that is changed with the current one (`me/password`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveMember {
    /// Minted by the caller.
    pub member_id: MemberId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Fixed at creation.
    pub username: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    pub role: MemberRole,
    pub active: bool,
}

impl std::fmt::Debug for SaveMember {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SaveMember")
            .field("member_id", &self.member_id)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}
