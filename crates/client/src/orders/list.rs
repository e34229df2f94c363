//! The list of orders, from this device's memory with what it delivered since.

use counterfoil_domain::ids::ProviderId;
use counterfoil_domain::market::OrderState;
use counterfoil_wire::orders::Order;
use sqlx::{Acquire as _, SqliteConnection};
use uuid::Uuid;

use super::repo::{self, Sought};
use super::{OrdersError, Rights, Shown, rights};
use crate::store::StoreError;
use crate::till::Till;

/// Rows of a page at most.
const MOST: u32 = 500;

/// Which orders.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// With a state the oldest is first, because it waits longest; without one the latest.
    pub(crate) state: Option<OrderState>,
    pub(crate) search: String,
    pub(crate) provider_id: Option<ProviderId>,
    pub(crate) after: Option<String>,
    pub(crate) limit: u32,
}

#[derive(Debug)]
pub(crate) struct OrderList {
    pub(crate) rows: Vec<Shown>,
    pub(crate) next: Option<String>,
    /// Those with none left out.
    pub(crate) counts: Vec<(OrderState, u32)>,
    pub(crate) rights: Rights,
}

/// Where a list stands. Times are below zero where the latest is first: places grow in both orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) at: i64,
    pub(super) order: Uuid,
}

impl Place {
    const START: Self = Self { at: -i64::MAX, order: Uuid::nil() };

    fn of(order: &Order, latest_first: bool) -> Self {
        let at = order.created_at.0;
        Self { at: if latest_first { at.saturating_neg() } else { at }, order: order.order_id.0 }
    }

    fn to_text(self) -> String {
        format!("{}.{}", self.at, self.order.simple())
    }

    fn from_text(text: &str) -> Option<Self> {
        let (at, order) = text.split_once('.')?;
        Some(Self { at: at.parse().ok()?, order: order.parse().ok()? })
    }
}

/// What a person typed, ready to be compared.
struct Search {
    contract: String,
    email: String,
}

impl Search {
    fn of(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        (!typed.is_empty()).then(|| Self { contract: typed.to_uppercase(), email: typed.to_lowercase() })
    }

    fn finds(&self, order: &Order) -> bool {
        order.contract_id.starts_with(&self.contract) || order.customer.email.to_lowercase() == self.email
    }
}

/// A page goes on in the order of the one before.
pub(crate) async fn list(till: &Till, wanted: &Wanted) -> Result<OrderList, OrdersError> {
    let rights = rights(till).await?;
    let limit = usize::try_from(wanted.limit.clamp(1, MOST)).unwrap_or(1);
    let after = match &wanted.after {
        Some(after) => Place::from_text(after).ok_or(OrdersError::Place)?,
        None => Place::START,
    };
    let (search, latest_first) = (Search::of(&wanted.search), wanted.state.is_none());
    let mut reader = till.read().await?;
    // One state of each database: between two statements an order could move from one list to the other.
    let mut db = reader.begin().await.map_err(StoreError::from)?;
    let own = own(&mut db).await?;
    let counts = counts(&mut db, &own).await?;
    // One more than asked for tells whether another page follows.
    let take = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let cached = cached(&mut db, wanted, search.as_ref(), after, take).await?;
    db.rollback().await.map_err(StoreError::from)?;
    let fits = |shown: &Shown| {
        wanted.state.is_none_or(|state| shown.order.state == state)
            && wanted.provider_id.is_none_or(|provider| shown.order.provider_id == provider)
            && search.as_ref().is_none_or(|search| search.finds(&shown.order))
            && Place::of(&shown.order, latest_first) > after
    };
    let mut rows: Vec<Shown> = cached.into_iter().map(|order| Shown::of(order, Vec::new())).collect();
    rows.extend(own.into_iter().map(|(_, shown)| shown).filter(fits));
    rows.sort_by_key(|shown| Place::of(&shown.order, latest_first));
    let more = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().filter(|_| more);
    let next = last.map(|shown| Place::of(&shown.order, latest_first).to_text());
    Ok(OrderList { rows, next, counts, rights })
}

async fn cached(
    db: &mut SqliteConnection,
    wanted: &Wanted,
    search: Option<&Search>,
    after: Place,
    take: i64,
) -> Result<Vec<Order>, StoreError> {
    let (state, provider) = (wanted.state, wanted.provider_id);
    match (search, state) {
        (Some(search), state) => {
            let sought = Sought { contract: &search.contract, email: &search.email, state, provider };
            repo::found(db, &sought, state.is_none(), after, take).await
        }
        (None, Some(state)) => repo::in_state(db, state, provider, after, take).await,
        (None, None) => repo::latest(db, provider, after, take).await,
    }
}

/// Orders with something laid over them, with the state their rows have.
async fn own(db: &mut SqliteConnection) -> Result<Vec<(OrderState, Shown)>, StoreError> {
    let mut all = Vec::new();
    for (order, version) in repo::overlaid(db).await? {
        let deliveries = repo::own(db, order.order_id, version).await?;
        all.push((order.state, Shown::of(order, deliveries)));
    }
    Ok(all)
}

async fn counts(db: &mut SqliteConnection, own: &[(OrderState, Shown)]) -> Result<Vec<(OrderState, u32)>, StoreError> {
    let kept = repo::counts(db).await?;
    let count = |state: OrderState| {
        let kept = kept.iter().find(|(kept, _)| *kept == state).map_or(0, |(_, count)| *count);
        let shown = own.iter().filter(|(_, shown)| shown.order.state == state).count();
        let cached = own.iter().filter(|(cached, _)| *cached == state).count();
        let count = kept + i64::try_from(shown).unwrap_or(0) - i64::try_from(cached).unwrap_or(0);
        u32::try_from(count.max(0)).unwrap_or(u32::MAX)
    };
    let all = OrderState::ALL.iter().map(|state| (*state, count(*state)));
    Ok(all.filter(|(_, count)| *count > 0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rig::orders::order;

    #[test]
    fn a_place_is_the_same_after_a_journey_as_text_and_grows_in_both_orders() {
        let (early, late) = (order(1, OrderState::Paid, 1), order(2, OrderState::Paid, 1));
        for latest_first in [true, false] {
            let places = [Place::of(&early, latest_first), Place::of(&late, latest_first)];
            assert_eq!(places[0] < places[1], !latest_first);
            for place in places {
                assert!(place > Place::START);
                assert_eq!(Place::from_text(&place.to_text()), Some(place));
            }
        }
        for bad in ["", "1", "x.1", "1.x"] {
            assert_eq!(Place::from_text(bad), None, "{bad}");
        }
    }
}
