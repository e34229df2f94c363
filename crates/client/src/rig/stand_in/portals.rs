//! What the stand-in answers of portals: whoever asks may know.

use axum::Json;
use axum::extract::{Query, State};
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::portals::{Portal, PortalStanding};

use super::StandIn;

pub(super) async fn list(State(central): State<StandIn>) -> Json<Vec<Portal>> {
    Json(central.world().portals.clone())
}

/// Pages by the number of the row, where Central has a key.
pub(super) async fn standings(
    State(central): State<StandIn>,
    Query(query): Query<PageQuery>,
) -> Json<Page<PortalStanding>> {
    let world = central.world();
    let from: usize = query.after.map_or(0, |after| after.parse().expect("a place"));
    let limit = usize::try_from(query.limit.expect("a limit")).expect("small");
    let until = world.standings.len().min(from + limit);
    let next = (until < world.standings.len()).then(|| until.to_string());
    Json(Page { items: world.standings[from..until].to_vec(), next })
}
