//! The market, as anybody sees it. Needs Central.

use counterfoil_domain::ids::ResellerId;
use counterfoil_wire::endpoint::PublicOfferings;
use counterfoil_wire::market::{MarketOffering, MarketQuery};
use counterfoil_wire::page::Page;

use crate::admin::is_staff;
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
