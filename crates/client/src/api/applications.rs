//! Applications, and the commission rates of resellers. These pages need Central.

use std::sync::Arc;

use counterfoil_domain::{application, commission as rules};
use counterfoil_wire::{applications as wire, commission, page::MAX_LIMIT};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::admin::{ResellerRef, SettlementMode};
use super::notices::NoticeState;
use super::permissions::Template;
use super::types::{PageRequest, id};
use super::{ApiError, ErrorCode};
use crate::Client;
use crate::applications;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ApplicantKind {
    Individual,
    Company,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationState {
    Pending,
    Approved,
    Rejected,
}

/// Whose address an application came with as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DoubleOf {
    Application,
    Reseller,
}

/// A reseller's rate: a fixed one beats the tiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum CommissionRate {
    /// 0 to 10,000.
    Fixed {
        basis_points: u16,
    },
    ByTier,
}

/// There is no way to jump: `page.offset` is refused.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ApplicationsRequest {
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<ApplicationState>,
    pub search: String,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ApplicationsPage {
    pub rows: Vec<ApplicationView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ApplicationView {
    pub application_id: String,
    pub state: ApplicationState,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub business_name: String,
    pub address: String,
    pub kind: ApplicantKind,
    pub expected_customers: u32,
    pub terms_accepted_at: i64,
    pub created_at: i64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<ApplicationDecision>,
    /// Who else has its address; only of a pending one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub double_of: Option<DoubleOf>,
    /// A free user name made from the business name; only of a pending one, and not in lists.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed_username: Option<String>,
    /// What to write to the applicant; only of a decided one, and not in lists.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter: Option<LetterView>,
}

/// Who decided, when and how.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ApplicationDecision {
    pub at: i64,
    pub by: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<String>,
}

/// An e-mail to copy.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct LetterView {
    pub to: String,
    pub subject: String,
    pub text: String,
    /// What became of it as a mail; absent: it was not sent by Central.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mailed: Option<LetterMail>,
}

/// How far a letter has come by mail.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct LetterMail {
    pub state: NoticeState,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<i64>,
    /// Why the last try did not work.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ApplicationRef {
    pub application_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ApproveApplication {
    pub application_id: String,
    /// Minted by the caller: a repeat is answered, not done again.
    pub reseller_id: String,
    pub username: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    pub settlement_mode: SettlementMode,
    pub rate: CommissionRate,
    pub credit_limit: i64,
    /// What it may do at first; absent: the defaults.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<Template>,
    pub notes: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RejectApplication {
    pub application_id: String,
    /// The applicant is told.
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ResellerRates {
    pub now: CommissionRate,
    /// The last to begin first.
    pub history: Vec<ResellerRate>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ResellerRate {
    pub rate_id: String,
    pub rate: CommissionRate,
    pub valid_from: i64,
    pub set_at: i64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_by: Option<String>,
    pub note: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetResellerRate {
    pub reseller_id: String,
    /// Minted by the caller: a repeat is answered, not done again.
    pub rate_id: String,
    pub rate: CommissionRate,
    /// `2026-12-01` in the operator's zone; absent: from now on.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_day: Option<String>,
    pub note: String,
}

pub async fn applications_page(
    client: &Arc<Client>,
    request: ApplicationsRequest,
) -> Result<ApplicationsPage, ApiError> {
    if request.page.after.is_none() && request.page.offset.is_some_and(|offset| offset > 0) {
        return Err(ApiError::new(ErrorCode::ValidationFailed, "these rows are read one page after the other"));
    }
    let query = wire::ApplicationsQuery {
        state: request.state.map(Into::into),
        after: request.page.after,
        limit: Some(request.page.limit.clamp(1, MAX_LIMIT)),
        search: Some(request.search.trim().to_owned()).filter(|search| !search.is_empty()),
    };
    let page = applications::list(&*client.till()?, &query).await?;
    Ok(ApplicationsPage { rows: page.items.into_iter().map(Into::into).collect(), next: page.next })
}

pub async fn application(client: &Arc<Client>, request: ApplicationRef) -> Result<ApplicationView, ApiError> {
    Ok(applications::one(&*client.till()?, id(&request.application_id)?).await?.into())
}

pub async fn approve_application(
    client: &Arc<Client>,
    request: ApproveApplication,
) -> Result<ApplicationView, ApiError> {
    let application = id(&request.application_id)?;
    let asked = wire::ApproveApplication {
        reseller_id: id(&request.reseller_id)?,
        username: request.username,
        parent_id: request.parent_id.as_deref().map(id).transpose()?,
        settlement_mode: request.settlement_mode.into(),
        rate: request.rate.into(),
        credit_limit: request.credit_limit,
        template: request.template.map(Into::into),
        notes: request.notes,
    };
    Ok(applications::approve(&*client.till()?, application, &asked).await?.into())
}

pub async fn reject_application(client: &Arc<Client>, request: RejectApplication) -> Result<ApplicationView, ApiError> {
    let application = id(&request.application_id)?;
    Ok(applications::reject(&*client.till()?, application, request.reason).await?.into())
}

pub async fn reseller_rates(client: &Arc<Client>, request: ResellerRef) -> Result<ResellerRates, ApiError> {
    Ok(applications::rates(&*client.till()?, id(&request.reseller_id)?).await?.into())
}

pub async fn set_reseller_rate(client: &Arc<Client>, request: SetResellerRate) -> Result<ResellerRates, ApiError> {
    let reseller = id(&request.reseller_id)?;
    let asked = commission::SetRate {
        rate_id: id(&request.rate_id)?,
        rate: request.rate.into(),
        from_day: request.from_day,
        note: request.note,
    };
    Ok(applications::set_rate(&*client.till()?, reseller, &asked).await?.into())
}

impl From<ApplicationState> for application::ApplicationState {
    fn from(state: ApplicationState) -> Self {
        match state {
            ApplicationState::Pending => Self::Pending,
            ApplicationState::Approved => Self::Approved,
            ApplicationState::Rejected => Self::Rejected,
        }
    }
}

impl From<application::ApplicationState> for ApplicationState {
    fn from(state: application::ApplicationState) -> Self {
        match state {
            application::ApplicationState::Pending => Self::Pending,
            application::ApplicationState::Approved => Self::Approved,
            application::ApplicationState::Rejected => Self::Rejected,
        }
    }
}

impl From<CommissionRate> for rules::CommissionRate {
    fn from(rate: CommissionRate) -> Self {
        match rate {
            CommissionRate::Fixed { basis_points } => Self::Fixed { basis_points },
            CommissionRate::ByTier => Self::ByTier,
        }
    }
}

impl From<rules::CommissionRate> for CommissionRate {
    fn from(rate: rules::CommissionRate) -> Self {
        match rate {
            rules::CommissionRate::Fixed { basis_points } => Self::Fixed { basis_points },
            rules::CommissionRate::ByTier => Self::ByTier,
        }
    }
}

impl From<wire::Application> for ApplicationView {
    fn from(application: wire::Application) -> Self {
        Self {
            application_id: application.application_id.to_string(),
            state: application.state.into(),
            name: application.name,
            email: application.email,
            phone: application.phone,
            business_name: application.business_name,
            address: application.address,
            kind: match application.kind {
                application::ApplicantKind::Individual => ApplicantKind::Individual,
                application::ApplicantKind::Company => ApplicantKind::Company,
            },
            expected_customers: application.expected_customers,
            terms_accepted_at: application.terms_accepted_at.0,
            created_at: application.created_at.0,
            decision: application.decision.map(|decision| ApplicationDecision {
                at: decision.at.0,
                by: decision.by,
                reason: decision.reason,
                notes: decision.notes,
                reseller_id: decision.reseller_id.map(|reseller| reseller.to_string()),
            }),
            double_of: application.double_of.map(|of| match of {
                wire::DoubleOf::Application => DoubleOf::Application,
                wire::DoubleOf::Reseller => DoubleOf::Reseller,
            }),
            proposed_username: application.proposed_username,
            letter: application.letter.map(|letter| LetterView {
                to: letter.to,
                subject: letter.subject,
                text: letter.text,
                mailed: letter.mailed.map(|mail| LetterMail {
                    state: mail.state.into(),
                    sent_at: mail.sent_at.map(|at| at.0),
                    trouble: mail.trouble,
                }),
            }),
        }
    }
}

impl From<commission::ResellerRates> for ResellerRates {
    fn from(rates: commission::ResellerRates) -> Self {
        let entry = |one: commission::ResellerRate| ResellerRate {
            rate_id: one.rate_id.to_string(),
            rate: one.rate.into(),
            valid_from: one.valid_from.0,
            set_at: one.set_at.0,
            set_by: one.set_by,
            note: one.note,
        };
        Self { now: rates.now.into(), history: rates.history.into_iter().map(entry).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_wire() {
        for state in application::ApplicationState::ALL {
            let shown = ApplicationState::from(state);
            assert_eq!(serde_json::to_value(shown).expect("plain"), state.as_str());
            assert_eq!(application::ApplicationState::from(shown), state);
        }
        for rate in [rules::CommissionRate::ByTier, rules::CommissionRate::Fixed { basis_points: 1_250 }] {
            let shown = CommissionRate::from(rate);
            let json = serde_json::to_value(shown).expect("plain");
            assert_eq!(json, serde_json::to_value(rate).expect("plain"));
            assert_eq!(rules::CommissionRate::from(shown), rate);
        }
    }
}
