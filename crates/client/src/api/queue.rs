//! The Queue page: every operation Central has not finished with, and what was refused.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use crate::Client;
use crate::outbox::repo::Listed;
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
    /// What it is about: a serial, a lease number, with the plan; of a delivery, the order with what it is of.
    pub subject: String,
    /// Codes, or units of an order.
    pub quantity: u32,
    /// Of a delivery: the order, to open it.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract_id: Option<String>,
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
        other => return Err(unknown("kind", other)),
    };
    let state = match listed.outcome.as_deref() {
        None => QueueState::Waiting,
        Some("held") => QueueState::Held,
        Some("rejected") => QueueState::Rejected,
        Some(other) => return Err(unknown("outcome", other)),
    };
    let number = listed.lease_number.map_or_else(|| listed.lease_id.to_string(), |number| format!("{number:06}"));
    let plan = listed.plan_name.map(|plan| format!(" · {plan}")).unwrap_or_default();
    let subject = match kind {
        OpKind::CloseLease => number,
        _ if listed.seq_from == listed.seq_to => format!("{number}-{:04}{plan}", listed.seq_from),
        _ => format!("{number}-{:04}…{:04}{plan}", listed.seq_from, listed.seq_to),
    };
    let quantity = match kind {
        OpKind::CloseLease => 1,
        OpKind::Sale | OpKind::Void => listed.seq_to.saturating_sub(listed.seq_from) + 1,
    };
    Ok(QueueItem {
        op_seq: listed.op_seq,
        op_id: listed.op_id.to_string(),
        kind,
        subject,
        quantity,
        created_at: listed.created_at.0,
        state,
        reason: listed.reason,
    })
}
