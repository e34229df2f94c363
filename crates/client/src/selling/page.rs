//! What the Sell page shows: plans, and how much of each is in hand.

use counterfoil_domain::ids::{PlanId, ResellerId};
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_domain::time::Timestamp;
use sqlx::SqliteConnection;

use crate::lease::HeldLease;
use crate::prices;
use crate::store::StoreError;

/// A plan on the Sell page.
#[derive(Debug, Clone)]
pub(crate) struct Tile {
    pub(crate) plan_id: PlanId,
    pub(crate) name: String,
    pub(crate) term_days: u32,
    pub(crate) price: i64,
    pub(crate) currency: String,
    pub(crate) cost: i64,
    pub(crate) unit: String,
    pub(crate) sellable: u32,
}

/// What can be sold with no network.
#[derive(Debug, Clone)]
pub(crate) struct InHand {
    pub(crate) amount: i64,
    pub(crate) unit: String,
    pub(crate) codes: u32,
    pub(crate) until: Timestamp,
}

pub(crate) fn in_hand(held: &[HeldLease], now: Timestamp) -> Option<InHand> {
    let open: Vec<&HeldLease> = usable(held, now).collect();
    let until = open.iter().map(|lease| lease.issue_until).min()?;
    Some(InHand {
        amount: open.iter().map(|lease| lease.budget().amount_left()).sum(),
        unit: open.first().map(|lease| lease.unit.clone())?,
        codes: open.iter().map(|lease| lease.budget().codes_left()).sum(),
        until,
    })
}

fn usable(held: &[HeldLease], now: Timestamp) -> impl Iterator<Item = &HeldLease> {
    held.iter().filter(move |lease| lease.budget().is_open() && now < lease.issue_until)
}

/// The plans of the open leases with their pinned prices, then the operator's other plans, which need another lease.
pub(crate) async fn tiles(
    db: &mut SqliteConnection,
    held: &[HeldLease],
    reseller: Option<ResellerId>,
    now: Timestamp,
) -> Result<Vec<Tile>, StoreError> {
    let mut tiles: Vec<Tile> = Vec::new();
    for lease in usable(held, now) {
        for slot in &lease.slots {
            let sellable = lease.budget().sellable(slot.slot.cost);
            match tiles.iter_mut().find(|tile| tile.plan_id == slot.slot.plan_id) {
                Some(tile) => tile.sellable = tile.sellable.saturating_add(sellable),
                None => tiles.push(Tile {
                    plan_id: slot.slot.plan_id,
                    name: slot.plan_name.clone(),
                    term_days: u32::from(slot.slot.term_days),
                    price: slot.slot.price,
                    currency: slot.currency.clone(),
                    cost: slot.slot.cost,
                    unit: lease.unit.clone(),
                    sellable,
                }),
            }
        }
    }
    for tile in of_cache(db, reseller, now).await? {
        if !tiles.iter().any(|known| known.plan_id == tile.plan_id) {
            tiles.push(tile);
        }
    }
    tiles.sort_by(|a, b| (a.term_days, a.price, &a.name).cmp(&(b.term_days, b.price, &b.name)));
    Ok(tiles)
}

async fn of_cache(
    db: &mut SqliteConnection,
    reseller: Option<ResellerId>,
    now: Timestamp,
) -> Result<Vec<Tile>, StoreError> {
    let Some(reseller) = reseller else { return Ok(Vec::new()) };
    let mode = sqlx::query_scalar!("SELECT settlement_mode FROM cached_reseller WHERE reseller_id = ?1", reseller.0)
        .fetch_optional(&mut *db)
        .await?;
    let Some(mode) = mode else { return Ok(Vec::new()) };
    let mode = SettlementMode::from_stored(&mode)
        .ok_or_else(|| StoreError::unknown("cached_reseller", "settlement_mode", mode))?;
    let rows = prices::listed(db, reseller, now).await?;
    rows.into_iter()
        .map(|row| {
            let term_days = u16::try_from(row.term_days)
                .map_err(|_| StoreError::unknown("cached_plan", "term_days", row.term_days.to_string()))?;
            let unit = match mode {
                SettlementMode::Wholesale => "credits".to_owned(),
                SettlementMode::Share => row.currency.clone(),
            };
            Ok(Tile {
                plan_id: row.plan_id,
                name: row.name,
                term_days: u32::from(term_days),
                price: row.price,
                currency: row.currency,
                cost: mode.cost(term_days, row.price),
                unit,
                sellable: 0,
            })
        })
        .collect()
}
