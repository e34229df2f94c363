//! The status strip: what is true right now. Pushed as the event `status` whenever it changes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use crate::Client;
use crate::status::current;
use crate::sync;

use super::audit::HistoryBreak;
use super::types::AmountView;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Status {
    pub connection: Connection,
    pub updates: Updates,
    /// Unix ms of the last completed sync.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_sync_at: Option<i64>,
    pub syncing: bool,
    /// How far a long sync is.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<SyncProgress>,
    /// The rows here do not add up to Central's, and reading them again did not help.
    pub differs: bool,
    /// Operations not yet answered by Central.
    pub unsent: u32,
    /// Refused or held operations a person has not looked at.
    pub attention: u32,
    /// What can be sold with no network.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_hand: Option<InHand>,
    /// Wallet balance as of the last sync.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance: Option<AmountView>,
    /// Set while the balance is below it.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low_credit: Option<AmountView>,
    /// Set when Central froze this device (fork); says why.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quarantined: Option<String>,
    /// Set when Central told its history otherwise than before: from which line on, and when that was seen.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rewritten: Option<HistoryBreak>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Connection {
    Online,
    /// Normal: the shop goes on selling.
    Offline {
        since: i64,
    },
    /// Central answers but refuses this device's requests; `code` says why.
    Refused {
        code: String,
    },
    /// Not enrolled yet.
    None,
}

/// How changes made elsewhere come to this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Updates {
    /// Central tells of them at once.
    Live,
    /// The device asks now and then.
    Polling,
    /// Not at the moment.
    Offline,
}

/// How far a whole new copy of Central's rows is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncProgress {
    pub phase: SyncPhase,
    /// Bytes, or rows while reading.
    pub done: u64,
    /// Unknown while rows are read page by page.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncPhase {
    Fetching,
    Unpacking,
    Reading,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InHand {
    pub amount: AmountView,
    pub codes: u32,
    /// The earliest `issue_until` of the open leases, Unix ms.
    pub until: i64,
}

pub async fn status(client: &Arc<Client>, (): ()) -> Result<Status, ApiError> {
    current(&*client.till()?).await
}

/// Syncs now and answers when it is over. A sync that fails is a state of the strip, not an error.
pub async fn sync_now(client: &Arc<Client>, (): ()) -> Result<Status, ApiError> {
    let till = client.till()?;
    if let Err(error) = sync::run_now(&till).await {
        tracing::debug!(%error, "the sync that was asked for did not finish");
    }
    till.sync.wake();
    current(&till).await
}
