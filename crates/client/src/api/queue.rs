//! The Queue page: every operation Central has not finished with, and what was refused.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::boxes::BoxOutcome;
use super::direct::BoxContact;
use crate::Client;
use crate::outbox::About;
use crate::outbox::listing::{Listed, ListedAccount, ListedOrder};
use crate::queue;
use crate::store::StoreError;

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct QueuePage {
    pub items: Vec<QueueItem>,
    /// Unix ms of the next automatic attempt.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<i64>,
    pub attempts: u32,
    /// Why the last attempt failed, an error code.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_failure: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct QueueItem {
    pub op_seq: u32,
    pub op_id: String,
    pub kind: OpKind,
    /// What it is about: a serial, a lease number, with the plan; of a delivery, the order with what it is of; of what is
    /// about a portal, the account's login with the portal's name.
    pub subject: String,
    /// Codes, units of an order, or one account.
    pub quantity: u32,
    /// Of a delivery: the order, to open it.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract_id: Option<String>,
    /// Of what was done to a box: what it was, and whether it is known to have been done.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<BoxContact>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_outcome: Option<BoxOutcome>,
    pub created_at: i64,
    pub state: QueueState,
    /// Error code of the refusal; the UI has the words and the remedy.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OpKind {
    Sale,
    Void,
    CloseLease,
    Fulfilment,
    /// An account is to be written to its portal once more.
    Reprovision,
    /// Something was done to a box while Central was away.
    BoxContact,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum QueueState {
    Waiting,
    Rejected,
    Held,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DismissItem {
    pub op_seq: u32,
}

pub async fn queue_page(client: &Arc<Client>, (): ()) -> Result<QueuePage, ApiError> {
    let till = client.till()?;
    let items = queue::list(&till).await?;
    let state = till.sync.state();
    Ok(QueuePage {
        items: items.into_iter().map(item).collect::<Result<_, _>>()?,
        next_attempt_at: state.next_attempt_at.map(|at| at.0),
        attempts: state.attempts,
        last_failure: state.last_failure.map(super::ErrorCode::as_str),
    })
}

/// A person has seen a refusal; it leaves the page and stays in the log.
pub async fn dismiss_item(client: &Arc<Client>, request: DismissItem) -> Result<(), ApiError> {
    if queue::dismiss(&*client.till()?, request.op_seq).await? {
        Ok(())
    } else {
        Err(ApiError::new(super::ErrorCode::NotFound, "nothing to dismiss under that number"))
    }
}

fn item(listed: Listed) -> Result<QueueItem, ApiError> {
    let unknown = |column, value: &str| ApiError::from(StoreError::unknown("op", column, value));
    let kind = match listed.kind.as_str() {
        "sale" => OpKind::Sale,
        "void" => OpKind::Void,
        "close_lease" => OpKind::CloseLease,
        "fulfilment" => OpKind::Fulfilment,
        "reprovision" => OpKind::Reprovision,
        "box_contact" => OpKind::BoxContact,
        other => return Err(unknown("kind", other)),
    };
    let state = match listed.outcome.as_deref() {
        None => QueueState::Waiting,
        Some("held") => QueueState::Held,
        Some("rejected") => QueueState::Rejected,
        Some(other) => return Err(unknown("outcome", other)),
    };
    let told = listed.account.as_ref().and_then(|account| account.contact);
    let (subject, quantity, contract_id) = match (listed.order, listed.codes, listed.account) {
        (Some(order), ..) => of_order(order),
        (None, Some(codes), _) => {
            let (subject, quantity) = of_codes(kind, codes, listed.lease_number, listed.plan_name);
            (subject, quantity, None)
        }
        (None, None, Some(account)) => (of_account(account), 1, None),
        (None, None, None) => return Err(unknown("lease_id", "nothing")),
    };
    Ok(QueueItem {
        op_seq: listed.op_seq,
        op_id: listed.op_id.to_string(),
        kind,
        subject,
        quantity,
        contract_id,
        contact: told.map(|(contact, _)| contact.into()),
        contact_outcome: told.map(|(_, outcome)| outcome.into()),
        created_at: listed.created_at.0,
        state,
        reason: listed.reason,
    })
}

fn of_codes(kind: OpKind, codes: About, number: Option<u32>, plan: Option<String>) -> (String, u32) {
    let About { lease_id, seq_from, seq_to } = codes;
    let number = number.map_or_else(|| lease_id.to_string(), |number| format!("{number:06}"));
    if kind == OpKind::CloseLease {
        return (number, 1);
    }
    let plan = plan.map(|plan| format!(" · {plan}")).unwrap_or_default();
    let subject = if seq_from == seq_to {
        format!("{number}-{seq_from:04}{plan}")
    } else {
        format!("{number}-{seq_from:04}…{seq_to:04}{plan}")
    };
    (subject, seq_to.saturating_sub(seq_from) + 1)
}

fn of_order(order: ListedOrder) -> (String, u32, Option<String>) {
    let name = order.contract_id.clone().unwrap_or_else(|| order.order_id.to_string());
    let offering = order.offering_name.map(|offering| format!(" · {offering}")).unwrap_or_default();
    (format!("{name}{offering}"), order.units, order.contract_id)
}

/// The login; of a portal that was forgotten meanwhile only the account's id is left.
fn of_account(account: ListedAccount) -> String {
    let login = account.login.unwrap_or_else(|| account.account_id.to_string());
    let portal = account.portal_name.map(|name| format!(" · {name}")).unwrap_or_default();
    format!("{login}{portal}")
}
