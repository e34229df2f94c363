//! What accounts should be on a portal: brought from Central, and read as of now.

use counterfoil_domain::ids::PortalId;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::endpoint::AdminPortalStandings;
use counterfoil_wire::page::{MAX_LIMIT, Page, PageQuery};
use counterfoil_wire::portals::{PortalStanding, WantedService};

use crate::central::CentralError;
use crate::session::{SessionError, call};
use crate::till::Till;

/// A page of a portal's accounts by login.
pub(super) async fn page(
    till: &Till,
    portal: PortalId,
    after: Option<String>,
) -> Result<Page<PortalStanding>, SessionError> {
    let query = PageQuery { after, limit: Some(MAX_LIMIT), search: None };
    call::<AdminPortalStandings>(till, &[&portal.to_string()], &query).await
}

/// What is on this page, and on all behind it.
pub(super) async fn from(
    till: &Till,
    portal: PortalId,
    first: Page<PortalStanding>,
) -> Result<Vec<PortalStanding>, SessionError> {
    let Page { items: mut all, mut next } = first;
    while let Some(after) = next {
        let more = page(till, portal, Some(after.clone())).await?;
        if more.next.as_ref() == Some(&after) {
            return Err(CentralError::Incompatible("its list of accounts does not go on".into()).into());
        }
        all.extend(more.items);
        next = more.next;
    }
    Ok(all)
}

/// What Central would want by now: a service that has ended since is over, as it is there.
pub(super) fn wanted(standing: &PortalStanding, now: Timestamp) -> Option<WantedService> {
    let service = standing.service.clone()?;
    let ended = service.enabled && service.until.is_some_and(|until| until < now);
    Some(if ended { WantedService { enabled: false, over: true, ..service } } else { service })
}

#[cfg(test)]
mod tests {
    use counterfoil_domain::ids::AccountId;
    use counterfoil_domain::portal::ProvisioningState;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_service_that_ended_since_it_was_taken_along_is_over() {
        let service =
            WantedService { enabled: true, over: false, until: Some(Timestamp(1_000)), tariff: None, owner: None };
        let standing = |service| PortalStanding {
            account_id: AccountId(Uuid::from_u128(1)),
            login: "ann".into(),
            reseller_company: None,
            nobodys: false,
            state: ProvisioningState::Agreed,
            service,
            agreed: None,
        };
        let at = |service: &WantedService, now| {
            wanted(&standing(Some(service.clone())), Timestamp(now)).map(|wanted| (wanted.enabled, wanted.over))
        };
        assert_eq!(at(&service, 1_000), Some((true, false)));
        assert_eq!(at(&service, 1_001), Some((false, true)));
        // What a person switched off is not over.
        let off = WantedService { enabled: false, ..service };
        assert_eq!(at(&off, 2_000), Some((false, false)));
        assert_eq!(wanted(&standing(None), Timestamp(0)), None);
    }
}
