//! Plans, which staff keep, and the trials among them, which a shop gives away. These need Central.

use std::sync::Arc;

use counterfoil_domain::{plan, price_list};
use counterfoil_wire::codes::CreateCode;
use counterfoil_wire::plans as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::admin::wrong;
use super::types::{AmountView, id};
use crate::{Client, admin, printing, trials};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PlanKind {
    Monthly,
    Quarterly,
    Yearly,
    Custom,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ArchiveStatus {
    Active,
    Archived,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PlanView {
    pub plan_id: String,
    pub version: u32,
    pub name: String,
    pub kind: PlanKind,
    pub price: AmountView,
    pub term_days: u32,
    pub features: Vec<String>,
    pub status: ArchiveStatus,
    pub sold_by: SoldBy,
    /// Of a trial: how often each reseller may give it in a month.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trials_a_month: Option<u16>,
}

/// Who sells a plan where a reseller's price list says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SoldBy {
    Everyone,
    Chosen,
}

/// Create (`plan_id` minted by the caller, `version` absent) or edit (`version` = the one that was read).
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SavePlan {
    pub plan_id: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    pub name: String,
    pub kind: PlanKind,
    pub price: AmountView,
    pub term_days: u32,
    pub features: Vec<String>,
    pub status: ArchiveStatus,
    pub sold_by: SoldBy,
    /// More than 0 makes it a trial.
    pub trials_a_month: u16,
}

/// A trial that the shop may give, and how often it still may this month.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct TrialView {
    pub plan_id: String,
    pub name: String,
    pub term_days: u32,
    pub a_month: u32,
    pub left: u32,
    /// The first day of the next month.
    pub again_on: String,
}

/// Make the code of a trial.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MakeTrial {
    /// Minted by the caller: a repeat returns the same code.
    pub code_id: String,
    pub plan_id: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<String>,
}

/// The code of a trial. It is shown once: this device does not keep it.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct TrialCode {
    pub code_id: String,
    /// The full code, `PM2D-XXXX-XXXX-XXXX`.
    pub code: String,
    pub serial: String,
    pub plan_name: String,
    pub term_days: u32,
    pub redeem_by: i64,
    /// Its QR as an SVG document.
    pub svg: String,
}

impl std::fmt::Debug for TrialCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrialCode")
            .field("code_id", &self.code_id)
            .field("serial", &self.serial)
            .finish_non_exhaustive()
    }
}

pub async fn plans_list(client: &Arc<Client>, (): ()) -> Result<Vec<PlanView>, ApiError> {
    let plans = admin::plans(&*client.till()?).await?;
    Ok(plans.into_iter().map(plan_view).collect())
}

pub async fn save_plan(client: &Arc<Client>, request: SavePlan) -> Result<PlanView, ApiError> {
    let plan = wire::SavePlan {
        plan_id: id(&request.plan_id)?,
        version: request.version,
        name: request.name,
        kind: match request.kind {
            PlanKind::Monthly => plan::PlanKind::Monthly,
            PlanKind::Quarterly => plan::PlanKind::Quarterly,
            PlanKind::Yearly => plan::PlanKind::Yearly,
            PlanKind::Custom => plan::PlanKind::Custom,
        },
        price: request.price.try_into()?,
        term_days: u16::try_from(request.term_days).map_err(|_| wrong("term_days", "a term is 1 to 3,660 days"))?,
        features: request.features,
        status: match request.status {
            ArchiveStatus::Active => plan::PlanStatus::Active,
            ArchiveStatus::Archived => plan::PlanStatus::Archived,
        },
        sold_by: Some(match request.sold_by {
            SoldBy::Everyone => price_list::SoldBy::Everyone,
            SoldBy::Chosen => price_list::SoldBy::Chosen,
        }),
        trials_a_month: Some(request.trials_a_month),
    };
    Ok(plan_view(admin::save_plan(&*client.till()?, &plan).await?))
}

/// Trials that the shop may give, by name.
pub async fn trials(client: &Arc<Client>, (): ()) -> Result<Vec<TrialView>, ApiError> {
    let allowed = trials::list(&*client.till()?).await?;
    let view = |one: wire::TrialAllowance| TrialView {
        plan_id: one.plan_id.to_string(),
        name: one.name,
        term_days: u32::from(one.term_days),
        a_month: u32::from(one.a_month),
        left: u32::from(one.a_month).saturating_sub(one.given),
        again_on: one.again_on,
    };
    Ok(allowed.into_iter().map(view).collect())
}

/// Makes the code of a trial. Needs Central, which counts them.
pub async fn make_trial(client: &Arc<Client>, request: MakeTrial) -> Result<TrialCode, ApiError> {
    let order = CreateCode {
        code_id: id(&request.code_id)?,
        plan_id: id(&request.plan_id)?,
        customer_email: request.customer_email.filter(|email| !email.trim().is_empty()),
    };
    let made = trials::make(&*client.till()?, &order).await?;
    Ok(TrialCode {
        code_id: request.code_id,
        svg: printing::qr_svg(&made.code)?,
        code: made.code,
        serial: made.row.serial,
        plan_name: made.row.plan_name,
        term_days: u32::from(made.row.term_days),
        redeem_by: made.row.redeem_by.0,
    })
}

pub(super) fn plan_view(saved: wire::Plan) -> PlanView {
    PlanView {
        plan_id: saved.plan_id.to_string(),
        version: saved.version,
        name: saved.name,
        kind: match saved.kind {
            plan::PlanKind::Monthly => PlanKind::Monthly,
            plan::PlanKind::Quarterly => PlanKind::Quarterly,
            plan::PlanKind::Yearly => PlanKind::Yearly,
            plan::PlanKind::Custom => PlanKind::Custom,
        },
        price: saved.price.into(),
        term_days: u32::from(saved.term_days),
        features: saved.features,
        status: match saved.status {
            plan::PlanStatus::Active => ArchiveStatus::Active,
            plan::PlanStatus::Archived => ArchiveStatus::Archived,
        },
        sold_by: match saved.sold_by {
            price_list::SoldBy::Everyone => SoldBy::Everyone,
            price_list::SoldBy::Chosen => SoldBy::Chosen,
        },
        trials_a_month: saved.trials_a_month,
    }
}
