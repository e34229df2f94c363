//! The operator's staff: people with a sign-in and a role.

use counterfoil_domain::ids::StaffId;
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One of the staff, as others of the staff see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffMember {
    pub staff_id: StaffId,
    pub version: u32,
    pub username: String,
    /// Empty where nobody said.
    pub full_name: String,
    /// Empty where nobody said.
    pub email: String,
    pub role: StaffRole,
    /// One who is not cannot sign in.
    pub active: bool,
    /// Somebody else chose the password: it has to be changed before anything else.
    pub must_change_password: bool,
    pub created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_login_at: Option<Timestamp>,
}

/// Somebody new. Whoever it is chooses another password at the first sign-in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateStaff {
    /// Minted by the caller: a repeat with the same content is answered, without a password.
    pub staff_id: StaffId,
    /// Fixed at creation.
    pub username: String,
    #[serde(default)]
    pub full_name: String,
    #[serde(default)]
    pub email: String,
    pub role: StaffRole,
    /// Central makes one where it is absent, and answers it once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

impl std::fmt::Debug for CreateStaff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreateStaff")
            .field("staff_id", &self.staff_id)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// An edit of one as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveStaff {
    pub version: u32,
    pub full_name: String,
    pub email: String,
    pub role: StaffRole,
}

/// Which version was read: for a step that takes nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffVersion {
    pub version: u32,
}

/// One of the staff, and the password that Central made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffWithPassword {
    pub staff: StaffMember,
    /// Shown once and kept nowhere; absent where the caller chose it, or where this is the answer to a repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

impl std::fmt::Debug for StaffWithPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaffWithPassword").field("staff", &self.staff).finish_non_exhaustive()
    }
}
