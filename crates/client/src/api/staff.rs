//! The operator's staff and locked names, for administrators. These pages need Central.

use std::sync::Arc;

use counterfoil_domain::permission;
use counterfoil_wire::{sessions, staff as wire};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::session::Audience;
use super::types::id;
use crate::Client;
use crate::staff;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    SuperAdmin,
    Admin,
    Finance,
    Support,
    Auditor,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct StaffView {
    pub staff_id: String,
    pub version: u32,
    pub username: String,
    /// Empty where nobody said, as the next one.
    pub full_name: String,
    pub email: String,
    pub role: StaffRole,
    /// One who is not cannot sign in.
    pub active: bool,
    /// Somebody else chose the password, and it was not changed yet.
    pub must_change_password: bool,
    pub created_at: i64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_login_at: Option<i64>,
}

/// `staff_id` is minted by the caller.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CreateStaff {
    pub staff_id: String,
    pub username: String,
    pub full_name: String,
    pub email: String,
    pub role: StaffRole,
    /// Central makes one where it is absent.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
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

/// An edit of the version that was read.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveStaff {
    pub staff_id: String,
    pub version: u32,
    pub full_name: String,
    pub email: String,
    pub role: StaffRole,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetStaffActive {
    pub staff_id: String,
    pub version: u32,
    pub active: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ResetStaffPassword {
    pub staff_id: String,
    pub version: u32,
}

#[derive(Clone, Serialize, Deserialize, TS)]
pub struct StaffPassword {
    pub staff: StaffView,
    /// What Central made; shown once.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

impl std::fmt::Debug for StaffPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaffPassword").field("staff", &self.staff).finish_non_exhaustive()
    }
}

/// A user name that is locked after too many wrong passwords.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct LockedNameView {
    pub audience: Audience,
    pub username: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_name: Option<String>,
    pub since: i64,
    pub until: i64,
    /// Wrong passwords that locked it.
    pub tries: u32,
}

pub async fn staff_list(client: &Arc<Client>, (): ()) -> Result<Vec<StaffView>, ApiError> {
    Ok(staff::all(&*client.till()?).await?.into_iter().map(Into::into).collect())
}

pub async fn create_staff(client: &Arc<Client>, request: CreateStaff) -> Result<StaffPassword, ApiError> {
    let new = wire::CreateStaff {
        staff_id: id(&request.staff_id)?,
        username: request.username,
        full_name: request.full_name,
        email: request.email,
        role: request.role.into(),
        password: request.password,
    };
    Ok(staff::create(&*client.till()?, &new).await?.into())
}

pub async fn save_staff(client: &Arc<Client>, request: SaveStaff) -> Result<StaffView, ApiError> {
    let edited = wire::SaveStaff {
        version: request.version,
        full_name: request.full_name,
        email: request.email,
        role: request.role.into(),
    };
    Ok(staff::save(&*client.till()?, id(&request.staff_id)?, &edited).await?.into())
}

pub async fn set_staff_active(client: &Arc<Client>, request: SetStaffActive) -> Result<StaffView, ApiError> {
    let staff = id(&request.staff_id)?;
    Ok(staff::set_active(&*client.till()?, staff, request.version, request.active).await?.into())
}

pub async fn reset_staff_password(
    client: &Arc<Client>,
    request: ResetStaffPassword,
) -> Result<StaffPassword, ApiError> {
    Ok(staff::reset(&*client.till()?, id(&request.staff_id)?, request.version).await?.into())
}

pub async fn locked_names(client: &Arc<Client>, (): ()) -> Result<Vec<LockedNameView>, ApiError> {
    Ok(staff::locked(&*client.till()?).await?.into_iter().map(Into::into).collect())
}

impl From<StaffRole> for permission::StaffRole {
    fn from(role: StaffRole) -> Self {
        match role {
            StaffRole::SuperAdmin => Self::SuperAdmin,
            StaffRole::Admin => Self::Admin,
            StaffRole::Finance => Self::Finance,
            StaffRole::Support => Self::Support,
            StaffRole::Auditor => Self::Auditor,
        }
    }
}

impl From<permission::StaffRole> for StaffRole {
    fn from(role: permission::StaffRole) -> Self {
        match role {
            permission::StaffRole::SuperAdmin => Self::SuperAdmin,
            permission::StaffRole::Admin => Self::Admin,
            permission::StaffRole::Finance => Self::Finance,
            permission::StaffRole::Support => Self::Support,
            permission::StaffRole::Auditor => Self::Auditor,
        }
    }
}

impl From<wire::StaffMember> for StaffView {
    fn from(staff: wire::StaffMember) -> Self {
        Self {
            staff_id: staff.staff_id.to_string(),
            version: staff.version,
            username: staff.username,
            full_name: staff.full_name,
            email: staff.email,
            role: staff.role.into(),
            active: staff.active,
            must_change_password: staff.must_change_password,
            created_at: staff.created_at.0,
            last_login_at: staff.last_login_at.map(|at| at.0),
        }
    }
}

impl From<wire::StaffWithPassword> for StaffPassword {
    fn from(made: wire::StaffWithPassword) -> Self {
        Self { staff: made.staff.into(), password: made.password }
    }
}

impl From<sessions::LockedName> for LockedNameView {
    fn from(locked: sessions::LockedName) -> Self {
        Self {
            audience: locked.audience.into(),
            username: locked.username,
            reseller_name: locked.reseller_name,
            since: locked.since.0,
            until: locked.until.0,
            tries: locked.tries,
        }
    }
}
