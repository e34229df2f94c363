//! Members, machines and Sub-resellers, for owners. These pages need Central.

use std::sync::Arc;

use counterfoil_domain::permission;
use counterfoil_wire::{members as wire, resellers};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::admin::{DeviceStatus, ResellerView, reseller_view};
use super::second_factor::RemovedSecondFactor;
use super::types::id;
use crate::Client;
use crate::{admin, members};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MemberRole {
    Owner,
    Clerk,
    FieldAgent,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct MemberView {
    pub member_id: String,
    pub version: u32,
    pub username: String,
    pub role: MemberRole,
    /// One who is not cannot sign in.
    pub active: bool,
    /// The owner that came with the reseller: always active, always an owner.
    pub principal: bool,
    pub created_at: i64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_login_at: Option<i64>,
    /// Somebody else gave a new password, and it was not changed yet.
    pub must_change_password: bool,
    /// One is asked for at each sign-in.
    pub second_factor: bool,
}

/// Whose second factor is lost.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RemoveMemberSecondFactor {
    pub member_id: String,
}

/// A machine that is enrolled for the shop, or for the operator.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OwnDevice {
    pub device_id: String,
    pub name: String,
    pub status: DeviceStatus,
    /// The one that asks.
    pub this_device: bool,
    pub enrolled_at: i64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<i64>,
}

/// Create (`member_id` minted by the caller, `version` absent, `password` required) or edit (`version` = the one that
/// was read; a `password` is a new one, and ends the member's sessions).
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveMember {
    pub member_id: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    pub username: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
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

/// Create or edit, as `SaveReseller`, directly below the caller's reseller.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveSubReseller {
    pub reseller_id: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    pub username: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    pub company: String,
    pub email: String,
    pub contact: String,
    pub phone: String,
}

impl std::fmt::Debug for SaveSubReseller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SaveSubReseller")
            .field("reseller_id", &self.reseller_id)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

pub async fn members_list(client: &Arc<Client>, (): ()) -> Result<Vec<MemberView>, ApiError> {
    Ok(members::all(&*client.till()?).await?.into_iter().map(Into::into).collect())
}

pub async fn save_member(client: &Arc<Client>, request: SaveMember) -> Result<MemberView, ApiError> {
    let member = wire::SaveMember {
        member_id: id(&request.member_id)?,
        version: request.version,
        username: request.username,
        password: request.password,
        role: request.role.into(),
        active: request.active,
    };
    Ok(members::save(&*client.till()?, &member).await?.into())
}

/// Takes the second factor away from a member of the shop who lost app and recovery codes. Owners only, nobody's own.
pub async fn remove_member_second_factor(
    client: &Arc<Client>,
    request: RemoveMemberSecondFactor,
) -> Result<RemovedSecondFactor, ApiError> {
    Ok(members::remove_second_factor(&*client.till()?, id(&request.member_id)?).await?.into())
}

/// The shop's machines; for staff the operator's own. The newest first.
pub async fn own_devices(client: &Arc<Client>, (): ()) -> Result<Vec<OwnDevice>, ApiError> {
    let till = client.till()?;
    let own = till.device().await?.map(|device| device.device_id);
    let devices = if admin::is_staff(&till).await? {
        admin::staff_devices(&till).await?
    } else {
        members::devices(&till).await?
    };
    Ok(devices
        .into_iter()
        .map(|device| OwnDevice {
            device_id: device.device_id.to_string(),
            name: device.name,
            status: device.status.into(),
            this_device: own == Some(device.device_id),
            enrolled_at: device.enrolled_at.0,
            last_seen_at: device.last_seen_at.map(|at| at.0),
        })
        .collect())
}

pub async fn save_sub_reseller(client: &Arc<Client>, request: SaveSubReseller) -> Result<ResellerView, ApiError> {
    let reseller = resellers::SaveSubReseller {
        reseller_id: id(&request.reseller_id)?,
        version: request.version,
        username: request.username,
        password: request.password,
        company: request.company,
        email: request.email,
        contact: request.contact,
        phone: request.phone,
    };
    Ok(reseller_view(members::save_below(&*client.till()?, &reseller).await?))
}

impl From<MemberRole> for permission::MemberRole {
    fn from(role: MemberRole) -> Self {
        match role {
            MemberRole::Owner => Self::Owner,
            MemberRole::Clerk => Self::Clerk,
            MemberRole::FieldAgent => Self::FieldAgent,
        }
    }
}

impl From<wire::Member> for MemberView {
    fn from(member: wire::Member) -> Self {
        Self {
            member_id: member.member_id.to_string(),
            version: member.version,
            username: member.username,
            role: match member.role {
                permission::MemberRole::Owner => MemberRole::Owner,
                permission::MemberRole::Clerk => MemberRole::Clerk,
                permission::MemberRole::FieldAgent => MemberRole::FieldAgent,
            },
            active: member.active,
            principal: member.principal,
            created_at: member.created_at.0,
            last_login_at: member.last_login_at.map(|at| at.0),
            must_change_password: member.must_change_password,
            second_factor: member.second_factor,
        }
    }
}
