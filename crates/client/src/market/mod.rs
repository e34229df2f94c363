//! The market, as anybody sees it. Needs Central.

use counterfoil_domain::ids::{OfferingId, ProviderId, ResellerId};
use counterfoil_domain::market::Markup;
use counterfoil_wire::endpoint::PublicOfferings;
use counterfoil_wire::market::{MarketOffering, MarketQuery};
use counterfoil_wire::page::{MAX_LIMIT, Page};
use counterfoil_wire::providers::{Offering, OfferingsQuery};

use crate::admin::is_staff;
use crate::relationships;
use crate::session::{SessionError, call};
use crate::till::Till;

pub(crate) async fn page(till: &Till, query: &MarketQuery) -> Result<Page<MarketOffering>, SessionError> {
    call::<PublicOfferings>(till, &[], query).await
}

/// The shop whose member is signed in. Staff have none, at a shop's machine too.
pub(crate) async fn own_reseller(till: &Till) -> Result<Option<ResellerId>, SessionError> {
    if is_staff(till).await? {
        return Ok(None);
    }
    Ok(till.device().await?.and_then(|device| device.reseller_id))
}

/// How the signed-in shop sells an offering: what customers' prices are computed from. None where it does not sell it, or
/// where it is not called so. The provider's prices are not on the market, so they are asked of the shop's own list.
pub(crate) async fn terms(
    till: &Till,
    provider: ProviderId,
    id: OfferingId,
    name: &str,
) -> Result<Option<(Offering, Markup)>, SessionError> {
    let Some(relationship) = relationships::with(till, provider).await? else { return Ok(None) };
    let mut query =
        OfferingsQuery { search: Some(name.to_owned()), limit: Some(MAX_LIMIT), ..OfferingsQuery::default() };
    loop {
        let page = relationships::offerings(till, provider, &query).await?;
        if let Some(found) = page.items.into_iter().find(|offering| offering.offering_id == id) {
            return Ok(Some((found, relationship.markup)));
        }
        if page.next.is_none() {
            return Ok(None);
        }
        query.after = page.next;
    }
}
