//! Portals without Central: what the operator's staff can look at, compare and do from this computer alone.
//!
//! It is set up while Central is there: the person types the password of the portal's API user, because Central hands
//! none out, and what accounts should be is taken along. Nothing that is seen here is believed for the books. What is
//! done to a box is written into this device's log behind it, and what is to be written to a portal waits there for
//! Central: a desktop writes no field of an account.

mod act;
mod comparison;
mod error;
mod look;
mod passwords;
mod reach;
mod repo;
mod reprovision;
mod rights;
mod set_up;
mod standings;

use counterfoil_domain::ids::PortalId;
use counterfoil_domain::permission::StaffAction;
use counterfoil_domain::portal::PortalWarning;
use counterfoil_domain::time::Timestamp;

use crate::store::StoreError;
use crate::till::Till;

pub(crate) use act::act;
pub(crate) use comparison::{Comparison, State, cancel, compare, comparison};
pub(crate) use error::DirectError;
pub(crate) use look::{Seen, look};
pub(crate) use reprovision::{Asked, reprovision};
pub(crate) use set_up::{forget, renew, renew_old, set_up, signed_in};

/// What a till remembers of this while it is open.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    /// One change of what was taken along at a time.
    changing: tokio::sync::Mutex<()>,
    comparisons: comparison::Comparisons,
}

impl Desk {
    /// Nothing goes on: the databases are to be closed.
    pub(crate) fn stop(&self) {
        self.comparisons.forget_all();
    }
}

/// A portal that this computer can use.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) portal_id: PortalId,
    pub(crate) name: String,
    /// As it was typed at Central.
    pub(crate) address: String,
    /// Where its API answered this computer.
    pub(crate) api: String,
    pub(crate) user: Option<String>,
    pub(crate) time_zone: String,
    pub(crate) warnings: Vec<PortalWarning>,
    /// As of when what accounts should be is known.
    pub(crate) taken_at: Timestamp,
    pub(crate) accounts: u64,
}

/// By name; to whom they are of no use there are none.
pub(crate) async fn portals(till: &Till) -> Result<Vec<Known>, StoreError> {
    if !rights::may(till, StaffAction::RepairAccounts).await? {
        return Ok(Vec::new());
    }
    let records = repo::portals(&mut *till.read().await?).await?;
    Ok(records.into_iter().map(|record| record.known).collect())
}
