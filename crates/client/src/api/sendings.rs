//! Sendings to the boxes of many accounts, for administrators. Central sends; this page only asks and follows.

use std::sync::Arc;

use counterfoil_wire::page::{MAX_LIMIT, PageQuery};
use counterfoil_wire::sendings as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::boxes::{BoxAction, BoxAddress};
use super::portals::{PortalTrouble, ProvisioningState, named};
use super::types::{PageRequest, id};
use super::{ApiError, ErrorCode};
use crate::Client;
use crate::portals::sendings;

named! {
    /// How far a sending is.
    SendingState { Waiting, Sending, Done, Cancelled, Expired, }
    /// What became of an account that was not served: the portal refused it, its answer was lost, or its box was gone or
    /// somebody else's by then.
    Unserved { Failed, Unknown, Skipped, }
}

/// Whose boxes are meant. Everybody is a word of its own: nothing that was left out by mistake is it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Addressees {
    /// 1 to 500 accounts.
    These {
        accounts: Vec<String>,
    },
    /// Accounts of this reseller and of all below it.
    Reseller {
        reseller_id: String,
    },
    Plan {
        plan_id: String,
    },
    /// Accounts that stand so.
    State {
        state: ProvisioningState,
    },
    /// All accounts of ours that are on the portal.
    Linked,
    /// Every account on the portal, known to Central or not: a broadcast.
    Everybody,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReachRequest {
    pub portal_id: String,
    pub to: Addressees,
}

/// Who is reached. For accounts of ours `chosen` is the sum of the other counts.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ReachView {
    /// Of a broadcast those that Central knows.
    pub chosen: u64,
    /// Of a broadcast all that the portal lists.
    pub reached: u64,
    /// Not on the portal yet.
    pub not_linked: u64,
    /// Linked, and the portal does not list them.
    pub missing: u64,
    pub without_box: u64,
    /// With a box that cannot be addressed without reaching others, or not at all.
    pub unusable: u64,
    /// The first 100 of those.
    pub problems: Vec<ReachProblem>,
}

/// An account whose box cannot be addressed.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ReachProblem {
    pub username: String,
    pub mac: String,
    pub why: BoxAddress,
    /// Other logins with the same MAC, at most five.
    pub shared_with: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct StartSending {
    pub portal_id: String,
    /// Minted by the caller: the same again is the same sending.
    pub sending_id: String,
    pub what: BoxAction,
    pub to: Addressees,
    /// As it was shown: nothing is sent when it is another number now.
    pub reached: u64,
    /// For everybody: the portal's name, typed.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SendingRef {
    pub sending_id: String,
}

/// Sendings on a portal, the newest first. There is no way to jump: `page.offset` is refused.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SendingsRequest {
    pub portal_id: String,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SendingsPage {
    pub rows: Vec<SendingView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A sending and how far it is. What is left is `reach.reached` less the other counts.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SendingView {
    pub sending_id: String,
    pub portal_id: String,
    pub what: BoxAction,
    pub to: Addressees,
    pub state: SendingState,
    pub reach: ReachView,
    pub created_at: i64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
    pub served: u64,
    pub failed: u64,
    pub unknown: u64,
    pub skipped: u64,
    /// Why it waits.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<PortalTrouble>,
    /// The first 100 accounts that were not served; none in lists.
    pub unserved: Vec<UnservedAccount>,
}

/// An account that was not served.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct UnservedAccount {
    /// Absent for a broadcast, which names nobody.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    pub outcome: Unserved,
    pub detail: String,
}

pub async fn portal_reach(client: &Arc<Client>, request: ReachRequest) -> Result<ReachView, ApiError> {
    let portal = id(&request.portal_id)?;
    let to = addressees(request.to)?;
    Ok(sendings::reach(&*client.till()?, portal, to).await?.into())
}

pub async fn start_sending(client: &Arc<Client>, request: StartSending) -> Result<SendingView, ApiError> {
    let portal = id(&request.portal_id)?;
    let asked = to_start(request)?;
    Ok(sendings::start(&*client.till()?, portal, &asked).await?.into())
}

pub async fn portal_sendings(client: &Arc<Client>, request: SendingsRequest) -> Result<SendingsPage, ApiError> {
    let portal = id(&request.portal_id)?;
    if request.page.after.is_none() && request.page.offset.is_some_and(|offset| offset > 0) {
        return Err(ApiError::new(ErrorCode::ValidationFailed, "these rows are read one page after the other"));
    }
    let limit = Some(request.page.limit.clamp(1, MAX_LIMIT));
    let query = PageQuery { after: request.page.after, limit, search: None };
    let page = sendings::list(&*client.till()?, portal, &query).await?;
    Ok(SendingsPage { rows: page.items.into_iter().map(Into::into).collect(), next: page.next })
}

pub async fn sending(client: &Arc<Client>, request: SendingRef) -> Result<SendingView, ApiError> {
    Ok(sendings::one(&*client.till()?, id(&request.sending_id)?).await?.into())
}

pub async fn cancel_sending(client: &Arc<Client>, request: SendingRef) -> Result<SendingView, ApiError> {
    Ok(sendings::cancel(&*client.till()?, id(&request.sending_id)?).await?.into())
}

fn to_start(request: StartSending) -> Result<wire::StartSending, ApiError> {
    Ok(wire::StartSending {
        sending_id: id(&request.sending_id)?,
        what: request.what.into(),
        to: addressees(request.to)?,
        reached: request.reached,
        confirmed: request.confirmed,
    })
}

fn addressees(to: Addressees) -> Result<wire::Addressees, ApiError> {
    Ok(match to {
        Addressees::These { accounts } => {
            wire::Addressees::These { accounts: accounts.iter().map(|one| id(one)).collect::<Result<_, ApiError>>()? }
        }
        Addressees::Reseller { reseller_id } => wire::Addressees::Reseller { reseller_id: id(&reseller_id)? },
        Addressees::Plan { plan_id } => wire::Addressees::Plan { plan_id: id(&plan_id)? },
        Addressees::State { state } => wire::Addressees::State { state: state.into() },
        Addressees::Linked => wire::Addressees::Linked,
        Addressees::Everybody => wire::Addressees::Everybody,
    })
}

impl From<wire::Addressees> for Addressees {
    fn from(to: wire::Addressees) -> Self {
        match to {
            wire::Addressees::These { accounts } => {
                Self::These { accounts: accounts.iter().map(ToString::to_string).collect() }
            }
            wire::Addressees::Reseller { reseller_id } => Self::Reseller { reseller_id: reseller_id.to_string() },
            wire::Addressees::Plan { plan_id } => Self::Plan { plan_id: plan_id.to_string() },
            wire::Addressees::State { state } => Self::State { state: state.into() },
            wire::Addressees::Linked => Self::Linked,
            wire::Addressees::Everybody => Self::Everybody,
        }
    }
}

impl From<wire::Reach> for ReachView {
    fn from(reach: wire::Reach) -> Self {
        let problem = |one: wire::ReachProblem| ReachProblem {
            username: one.username,
            mac: one.mac,
            why: one.why.into(),
            shared_with: one.shared_with,
        };
        Self {
            chosen: reach.chosen,
            reached: reach.reached,
            not_linked: reach.not_linked,
            missing: reach.missing,
            without_box: reach.without_box,
            unusable: reach.unusable,
            problems: reach.problems.into_iter().map(problem).collect(),
        }
    }
}

impl From<wire::Sending> for SendingView {
    fn from(sending: wire::Sending) -> Self {
        let unserved = |one: wire::UnservedAccount| UnservedAccount {
            username: one.username,
            outcome: one.outcome.into(),
            detail: one.detail,
        };
        Self {
            sending_id: sending.sending_id.to_string(),
            portal_id: sending.portal_id.to_string(),
            what: sending.what.into(),
            to: sending.to.into(),
            state: sending.state.into(),
            reach: sending.reach.into(),
            created_at: sending.created_at.0,
            started_at: sending.started_at.map(|at| at.0),
            ended_at: sending.ended_at.map(|at| at.0),
            served: sending.served,
            failed: sending.failed,
            unknown: sending.unknown,
            skipped: sending.skipped,
            trouble: sending.trouble.map(Into::into),
            unserved: sending.unserved.into_iter().map(unserved).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use counterfoil_domain::portal as names;
    use serde_json::json;

    use super::*;

    const ID: &str = "0195c0de-0000-7000-8000-000000000001";

    #[test]
    fn choices_are_those_of_the_wire() {
        for to in [
            json!({ "kind": "these", "accounts": [ID] }),
            json!({ "kind": "reseller", "reseller_id": ID }),
            json!({ "kind": "plan", "plan_id": ID }),
            json!({ "kind": "state", "state": "attention" }),
            json!({ "kind": "linked" }),
            json!({ "kind": "everybody" }),
        ] {
            let typed: Addressees = serde_json::from_value(to.clone()).expect("a choice");
            let sent = addressees(typed.clone()).expect("ids are ids");
            assert_eq!(serde_json::to_value(&sent).expect("plain"), to);
            assert_eq!(Addressees::from(sent), typed);
        }
        // Nothing that is left out is everybody.
        for wrong in [json!({}), json!({ "kind": "these" }), json!({ "kind": "plan" }), json!(null)] {
            serde_json::from_value::<Addressees>(wrong).expect_err("no choice");
        }
    }

    #[test]
    fn what_is_no_id_is_refused_here() {
        let wrong = Addressees::These { accounts: vec![ID.into(), "seven".into()] };
        assert_eq!(addressees(wrong).expect_err("no id").code, ErrorCode::ValidationFailed);
        let start: StartSending = serde_json::from_value(json!({
            "portal_id": ID, "sending_id": "seven", "what": { "kind": "reboot" }, "to": { "kind": "linked" },
            "reached": 3
        }))
        .expect("a request");
        assert_eq!(to_start(start).expect_err("no id").code, ErrorCode::ValidationFailed);
    }

    #[test]
    fn names_are_those_of_the_wire() {
        for state in names::SendingState::ALL {
            assert_eq!(serde_json::to_value(SendingState::from(*state)).expect("plain"), state.as_str());
        }
        for outcome in names::Unserved::ALL {
            assert_eq!(serde_json::to_value(Unserved::from(*outcome)).expect("plain"), outcome.as_str());
        }
    }
}
