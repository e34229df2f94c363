//! Price lists. Staff set them at Central; a shop's own comes with its records, so that its prices are right without a
//! network.

mod repo;

use counterfoil_domain::ids::{PlanId, ResellerId};
use counterfoil_wire::endpoint::{AdminPrice, AdminPriceSet, AdminPrices};
use counterfoil_wire::page::{MAX_LIMIT, PageQuery};
use counterfoil_wire::prices::{PlanPrice, PriceHistory, SetPrice};

pub(crate) use self::repo::listed;
use crate::session::{SessionError, call};
use crate::till::Till;

/// Pages of a list that is shown whole, at most.
const MOST_PAGES: usize = 40;

/// Every active plan, with what the reseller's price list says about it.
pub(crate) async fn of(till: &Till, reseller: ResellerId) -> Result<Vec<PlanPrice>, SessionError> {
    let mut plans = Vec::new();
    let mut query = PageQuery { after: None, limit: Some(MAX_LIMIT), search: None };
    for _ in 0..MOST_PAGES {
        let page = call::<AdminPrices>(till, &[&reseller.to_string()], &query).await?;
        plans.extend(page.items);
        if page.next.is_none() {
            break;
        }
        query.after = page.next;
    }
    Ok(plans)
}

pub(crate) async fn history(till: &Till, reseller: ResellerId, plan: PlanId) -> Result<PriceHistory, SessionError> {
    call::<AdminPrice>(till, &[&reseller.to_string(), &plan.to_string()], &()).await
}

/// Adds an entry; the same again is answered like the first.
pub(crate) async fn set(
    till: &Till,
    reseller: ResellerId,
    plan: PlanId,
    asked: &SetPrice,
) -> Result<PriceHistory, SessionError> {
    let set = call::<AdminPriceSet>(till, &[&reseller.to_string(), &plan.to_string()], asked).await?;
    till.sync.wake();
    Ok(set)
}
