//! The live stream: Central tells a device that its feed moved, and the device pulls.
//!
//! `GET /api/v1/sync/live` answers with `text/event-stream`. It carries versions and nothing else, so a stream cannot
//! show anybody a row that a pull would not.

use counterfoil_domain::ids::Epoch;
use serde::{Deserialize, Serialize};

/// Name of the only event; its data is a [`Head`].
pub const HEAD_EVENT: &str = "head";

/// Central writes at least this often, if only a comment. Milliseconds.
pub const KEEP_ALIVE_MS: u64 = 15_000;

/// How far the feed has come. The first event of a stream says where it stands; each further one, that something in
/// the device's scope changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Head {
    /// As in the cursor of a pull: another one than the device's makes it read everything again.
    pub epoch: Epoch,
    /// Everything up to this version can be pulled.
    pub version: i64,
}
