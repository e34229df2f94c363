//! Many accounts at once, as they stand on one portal and in Central.

use std::collections::HashMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::keys::Keys;
use counterfoil_domain::ids::{AccountId, PortalId};
use counterfoil_domain::portal::{OwnerField, ProvisioningState};
use counterfoil_domain::time::Timestamp;
use counterfoil_portals::Wanted;
use uuid::Uuid;

use super::desired::desired;
use super::repo::{self, Claim, Grounds};
use crate::dialect::Conn;
use crate::engine::stored::stored;

/// An account that has a row on a portal.
pub(crate) struct Standing {
    pub(crate) account_id: Uuid,
    /// No reseller owns it.
    pub(crate) nobodys: bool,
    pub(super) state: String,
    pub(super) claim: Claim,
    pub(super) grounds: Grounds,
}

impl Standing {
    pub(crate) fn state(&self) -> Result<ProvisioningState, Failure> {
        stored(ProvisioningState::from_stored(&self.state), "provisioning", "state", self.account_id)
    }

    /// Counts the changes of the account: the same number, and nothing was wanted of it since.
    pub(crate) const fn wanted_count(&self) -> i64 {
        self.claim.wanted
    }

    /// What the account should be there; none where nothing is wanted.
    pub(crate) fn desired(
        &self,
        keys: &Keys,
        portal: PortalId,
        owner_field: OwnerField,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Option<Wanted>, Failure> {
        let desired = desired(keys, portal, owner_field, account, &self.claim, &self.grounds, now)?;
        Ok(desired.map(|desired| desired.wanted))
    }
}

/// The accounts of these that have a row on the portal.
pub(crate) async fn standings(
    conn: &mut Conn,
    portal: PortalId,
    accounts: &[Uuid],
) -> Result<HashMap<Uuid, Standing>, Failure> {
    let rows = repo::standings(conn, portal, accounts).await?;
    Ok(rows.into_iter().map(|standing| (standing.account_id, standing)).collect())
}
