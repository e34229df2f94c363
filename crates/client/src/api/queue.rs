//! The Queue page: every operation Central has not finished with, and what was refused.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ApiError, ErrorCode};
use crate::Client;

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct QueuePage {
    pub items: Vec<QueueItem>,
    /// Unix ms of the next automatic attempt.
    #[ts(optional)]
    pub next_attempt_at: Option<i64>,
    pub attempts: u32,
    /// Why the last attempt failed, an error code.
    #[ts(optional)]
    pub last_failure: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct QueueItem {
    pub op_seq: u32,
    pub op_id: String,
    pub kind: OpKind,
    /// What it is about: a serial, a lease number, with the plan.
    pub subject: String,
    pub quantity: u32,
    pub created_at: i64,
    pub state: QueueState,
    /// Error code of the refusal; the UI has the words and the remedy.
    #[ts(optional)]
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OpKind {
    Sale,
    Void,
    CloseLease,
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

pub async fn queue_page(_client: &Arc<Client>, _request: ()) -> Result<QueuePage, ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}

pub async fn dismiss_item(_client: &Arc<Client>, _request: DismissItem) -> Result<(), ApiError> {
    Err(ApiError::new(ErrorCode::Internal, "not built yet"))
}
