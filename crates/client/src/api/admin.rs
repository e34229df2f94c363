//! Resellers and lost devices for administrators. These pages need Central.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use counterfoil_domain::reseller;
use counterfoil_wire::page::PageQuery;
use counterfoil_wire::{devices, leases, resellers};

use super::types::id;
use super::{ApiError, ErrorCode, FieldProblem};
use crate::Client;
use crate::admin;

use super::credit::LeaseView;
use super::credit_packs::PackRef;
use super::permissions::Template;
use super::session::Audience;
use super::types::{AmountView, PageRequest};

/// Who may try again after too many wrong passwords.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UnlockSignIn {
    pub audience: Audience,
    pub username: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct UnlockedSignIn {
    pub username: String,
    /// Otherwise only its wrong tries are forgotten.
    pub was_locked: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SettlementMode {
    Wholesale,
    Share,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ResellerStatus {
    Active,
    Suspended,
    Inactive,
}

impl From<reseller::ResellerStatus> for ResellerStatus {
    fn from(status: reseller::ResellerStatus) -> Self {
        match status {
            reseller::ResellerStatus::Active => Self::Active,
            reseller::ResellerStatus::Suspended => Self::Suspended,
            reseller::ResellerStatus::Inactive => Self::Inactive,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ResellerView {
    pub reseller_id: String,
    pub version: u32,
    pub username: String,
    pub company: String,
    pub email: String,
    pub contact: String,
    pub phone: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_company: Option<String>,
    pub settlement_mode: SettlementMode,
    pub status: ResellerStatus,
    pub balance: AmountView,
    pub reserved: AmountView,
    pub credit_limit: AmountView,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_login_at: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ResellersRequest {
    pub search: String,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ResellersPage {
    pub rows: Vec<ResellerView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Create or edit, as `SavePlan`. `password` is required on create, absent keeps it on edit.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveReseller {
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
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    pub settlement_mode: SettlementMode,
    /// How far the wallet may go below zero, in its own unit.
    pub credit_limit: i64,
    pub status: ResellerStatus,
    /// Only at creation: what it may do at first; absent: the defaults.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<Template>,
}

impl std::fmt::Debug for SaveReseller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SaveReseller")
            .field("reseller_id", &self.reseller_id)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ResellerRef {
    pub reseller_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TopUp {
    /// Minted by the caller: a repeat is answered, not booked again.
    pub top_up_id: String,
    pub reseller_id: String,
    pub amount: i64,
    pub note: String,
    /// The pack that is sold; `amount` is its credits then.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack: Option<PackRef>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DeviceView {
    pub device_id: String,
    pub name: String,
    pub status: DeviceStatus,
    pub enrolled_at: i64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<i64>,
    pub leases: Vec<LeaseView>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeviceStatus {
    Active,
    Quarantined,
    /// Blocked for good.
    Retired,
}

impl From<devices::DeviceStatus> for DeviceStatus {
    fn from(status: devices::DeviceStatus) -> Self {
        match status {
            devices::DeviceStatus::Active => Self::Active,
            devices::DeviceStatus::Quarantined => Self::Quarantined,
            devices::DeviceStatus::Retired => Self::Retired,
        }
    }
}

/// A lost machine, of the caller's own shop or, for staff, of any: it is heard no more, and is not let back.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BlockDevice {
    pub device_id: String,
    pub reason: String,
}

/// The lost-laptop switch. Sales up to `cut` (the last sequence on a printed receipt) are honoured,
/// later ones are held. Without `cut` every unseen sale is held.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RevokeLease {
    pub lease_id: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<u32>,
}

impl From<reseller::SettlementMode> for SettlementMode {
    fn from(mode: reseller::SettlementMode) -> Self {
        match mode {
            reseller::SettlementMode::Wholesale => Self::Wholesale,
            reseller::SettlementMode::Share => Self::Share,
        }
    }
}

impl From<SettlementMode> for reseller::SettlementMode {
    fn from(mode: SettlementMode) -> Self {
        match mode {
            SettlementMode::Wholesale => Self::Wholesale,
            SettlementMode::Share => Self::Share,
        }
    }
}

pub async fn resellers_page(client: &Arc<Client>, request: ResellersRequest) -> Result<ResellersPage, ApiError> {
    let search = Some(request.search.trim().to_owned()).filter(|search| !search.is_empty());
    let query = PageQuery { after: request.page.after, limit: Some(request.page.limit.clamp(1, 500)), search };
    let page = admin::resellers(&*client.till()?, &query).await?;
    Ok(ResellersPage { rows: page.items.into_iter().map(reseller_view).collect(), next: page.next })
}

pub async fn save_reseller(client: &Arc<Client>, request: SaveReseller) -> Result<ResellerView, ApiError> {
    let reseller = resellers::SaveReseller {
        reseller_id: id(&request.reseller_id)?,
        version: request.version,
        username: request.username,
        password: request.password,
        company: request.company,
        email: request.email,
        contact: request.contact,
        phone: request.phone,
        parent_id: request.parent_id.as_deref().map(id).transpose()?,
        settlement_mode: request.settlement_mode.into(),
        credit_limit: request.credit_limit,
        status: match request.status {
            ResellerStatus::Active => reseller::ResellerStatus::Active,
            ResellerStatus::Suspended => reseller::ResellerStatus::Suspended,
            ResellerStatus::Inactive => reseller::ResellerStatus::Inactive,
        },
        template: request.template.map(Into::into),
    };
    Ok(reseller_view(admin::save_reseller(&*client.till()?, &reseller).await?))
}

pub async fn unlock_sign_in(client: &Arc<Client>, request: UnlockSignIn) -> Result<UnlockedSignIn, ApiError> {
    let unlocked = admin::unlock_sign_in(&*client.till()?, request.audience.into(), request.username).await?;
    Ok(UnlockedSignIn { username: unlocked.username, was_locked: unlocked.was_locked })
}

pub async fn top_up(client: &Arc<Client>, request: TopUp) -> Result<ResellerView, ApiError> {
    let (transfer, reseller) = (id(&request.top_up_id)?, id(&request.reseller_id)?);
    let pack = request.pack.map(PackRef::shown).transpose()?;
    let topped = admin::top_up(&*client.till()?, transfer, reseller, request.amount, request.note, pack).await?;
    Ok(reseller_view(topped))
}

pub async fn reseller_devices(client: &Arc<Client>, request: ResellerRef) -> Result<Vec<DeviceView>, ApiError> {
    let till = client.till()?;
    let own = till.device().await?.map(|device| device.device_id);
    let devices = admin::devices(&till, id(&request.reseller_id)?).await?;
    Ok(devices
        .into_iter()
        .map(|(device, leases)| DeviceView {
            device_id: device.device_id.to_string(),
            name: device.name,
            status: device.status.into(),
            enrolled_at: device.enrolled_at.0,
            last_seen_at: device.last_seen_at.map(|at| at.0),
            leases: leases.into_iter().map(|lease| lease_view(lease, own == Some(device.device_id))).collect(),
        })
        .collect())
}

pub async fn revoke_lease(client: &Arc<Client>, request: RevokeLease) -> Result<(), ApiError> {
    admin::revoke_lease(&*client.till()?, id(&request.lease_id)?, request.cut).await?;
    Ok(())
}

pub async fn block_device(client: &Arc<Client>, request: BlockDevice) -> Result<(), ApiError> {
    admin::block_device(&*client.till()?, id(&request.device_id)?, request.reason).await?;
    Ok(())
}

pub(super) fn wrong(field: &str, message: &str) -> ApiError {
    let problem = FieldProblem { field: field.into(), message: message.into() };
    ApiError::new(ErrorCode::ValidationFailed, message).with_fields(vec![problem])
}

pub(super) fn reseller_view(saved: resellers::Reseller) -> ResellerView {
    ResellerView {
        reseller_id: saved.reseller_id.to_string(),
        version: saved.version,
        username: saved.username,
        company: saved.company,
        email: saved.email,
        contact: saved.contact,
        phone: saved.phone,
        parent_id: saved.parent_id.map(|parent| parent.to_string()),
        parent_company: saved.parent_company,
        settlement_mode: saved.settlement_mode.into(),
        status: saved.status.into(),
        balance: saved.balance.into(),
        reserved: saved.reserved.into(),
        credit_limit: saved.credit_limit.into(),
        last_login_at: saved.last_login_at.map(|at| at.0),
    }
}

fn lease_view(lease: leases::Lease, this_device: bool) -> LeaseView {
    let unit = lease.amount.unit().to_string();
    LeaseView {
        lease_id: lease.lease_id.to_string(),
        number: lease.number,
        device_name: lease.device_name,
        this_device,
        state: lease.state.into(),
        used: AmountView { value: lease.amount.value() - lease.escrow.value(), unit },
        amount: lease.amount.into(),
        codes_used: lease.codes_settled,
        max_codes: lease.max_codes,
        issue_until: lease.issue_until.0,
        settle_until: lease.settle_until.0,
        redeem_by: Some(lease.redeem_by.0),
    }
}
