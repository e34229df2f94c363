//! The box of one account: shown and told something by Central, which asks the portal.

use counterfoil_domain::ids::{AccountId, PortalId};
use counterfoil_wire::boxes::{ActOnBox, BoxActed, BoxAction, PortalBox};
use counterfoil_wire::endpoint::{AdminPortalBox, AdminPortalBoxAct};

use super::PORTAL_LIMIT;
use crate::session::{SessionError, call_within};
use crate::till::Till;

/// The account as its portal shows it now.
pub(crate) async fn look(till: &Till, portal: PortalId, account: AccountId) -> Result<PortalBox, SessionError> {
    let ids = [portal.to_string(), account.to_string()];
    call_within::<AdminPortalBox>(till, PORTAL_LIMIT, &[&ids[0], &ids[1]], &()).await
}

/// Does something to the box, once.
pub(crate) async fn act(
    till: &Till,
    portal: PortalId,
    account: AccountId,
    action: BoxAction,
) -> Result<BoxActed, SessionError> {
    let ids = [portal.to_string(), account.to_string()];
    call_within::<AdminPortalBoxAct>(till, PORTAL_LIMIT, &[&ids[0], &ids[1]], &ActOnBox { action }).await
}
