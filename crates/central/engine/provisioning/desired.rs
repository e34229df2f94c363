//! What an account should be on a portal, as its row says now.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::keys::Keys;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::ids::{AccountId, PortalId};
use counterfoil_domain::portal::OwnerField;
use counterfoil_domain::time::Timestamp;
use counterfoil_portals::Wanted;
use counterfoil_wire::portals::WantedService;
use zeroize::Zeroizing;

use super::repo::{Claim, Grounds};
use crate::engine::account;
use crate::engine::stored::stored;

/// What is wanted, and what has to be remembered of it.
pub(super) struct Desired {
    pub(super) wanted: Wanted,
    pub(super) credential_generation: i64,
    /// The MAC address that is known to have been written, once this is.
    pub(super) mac: Option<String>,
    /// It is served here only until it stands on the portal where its plan is now.
    pub(super) moving: bool,
    /// The account has an owner, the portal has a place for it, and nobody said which number the owner has there.
    pub(super) owner_unmapped: bool,
}

/// None when nothing is wanted: the plan is provisioned nowhere, and what the portal has stays as it is until its end.
pub(super) fn desired(
    keys: &Keys,
    portal: PortalId,
    owner_field: OwnerField,
    account: AccountId,
    claim: &Claim,
    grounds: &Grounds,
    now: Timestamp,
) -> Result<Option<Desired>, Failure> {
    // An account that was taken in from a portal may have no plan: it is served where it stands.
    let here = if grounds.has_plan { grounds.plan_portal } else { Some(portal.0).filter(|_| claim.created) };
    let over = grounds.ends_at.is_some_and(|end| end < now.0);
    // What is provisioned nowhere stays on the portal as it is, until the promised day is over.
    let Some(here) = here.or_else(|| Some(portal.0).filter(|_| claim.created && over)) else { return Ok(None) };
    let status = stored(AccountStatus::from_stored(&grounds.status), "account", "status", account)?;
    // Nobody said when it ends: it does not.
    let active = matches!(status, AccountStatus::Active);
    let served = active && !over;
    // Nobody is cut off because the portal that the plan moved to is away.
    let moving = served && here != portal.0 && claim.created && !grounds.has_been_there;
    let holds_owner = owner_field.holds_one();
    let owner = grounds.owner.filter(|_| holds_owner).and_then(|owner| u32::try_from(owner).ok());
    let generation = grounds.credential_generation;
    let known = claim.created && claim.credential_generation == generation;
    let password = (!known).then(|| Zeroizing::new(account::password(keys, account, generation)));
    // The portal owns its boxes: what a person gave here is written once, and a box that changes there later stays.
    let mac = grounds.mac.as_ref().filter(|mac| !claim.created || claim.mac.as_ref() != Some(*mac));
    let wanted = Wanted {
        login: claim.login.clone(),
        created: claim.created,
        mark: format!("Counterfoil {account}"),
        service: WantedService {
            // An account whose plan moved to another portal is served there.
            enabled: served && (here == portal.0 || moving),
            over: active && over,
            until: grounds.ends_at.map(Timestamp),
            tariff: grounds.tariff.clone().filter(|_| here == portal.0),
            owner,
        },
        mac: mac.cloned(),
        password,
    };
    Ok(Some(Desired {
        wanted,
        credential_generation: generation,
        mac: grounds.mac.clone(),
        moving,
        owner_unmapped: holds_owner && owner.is_none(),
    }))
}
