//! The market for programs: what is sold, a customer's order, and what became of it. Nobody signs in.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{ClientAddress, JsonBody, QueryString, Segment};
use counterfoil_wire::market::{MarketOffering, MarketQuery, PlacePublicOrder, PublicOrder, PublicOrderPlaced};
use counterfoil_wire::page::Page;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::engine::{App, market};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(offerings)).routes(routes!(place)).routes(routes!(order))
}

/// What resellers sell of external providers, by name; each offering once for every reseller that sells it.
#[utoipa::path(get, path = "/api/v1/public/offerings", tag = "public", params(MarketQuery),
    responses((status = 200, description = "A page", body = Page<MarketOffering>)))]
async fn offerings(
    State(app): State<App>,
    QueryString(query): QueryString<MarketQuery>,
) -> Result<Json<Page<MarketOffering>>, Failure> {
    let operator = market::operator(&app).await?;
    market::list(&mut *app.reader().await?, operator.id, &query).await.map(Json)
}

/// Orders from a reseller, who is paid directly. A repeat under the same id is answered like the first.
#[utoipa::path(post, path = "/api/v1/public/orders", tag = "public", request_body = PlacePublicOrder,
    responses((status = 200, description = "Placed, now or before", body = PublicOrderPlaced)))]
async fn place(
    State(app): State<App>,
    address: ClientAddress,
    JsonBody(asked): JsonBody<PlacePublicOrder>,
) -> Result<Json<PublicOrderPlaced>, Failure> {
    market::place(&app, asked, address).await.map(Json)
}

/// The order that this token opens.
#[utoipa::path(get, path = "/api/v1/public/orders/{token}", tag = "public", params(("token" = String, Path)),
    responses((status = 200, description = "As it is now", body = PublicOrder)))]
async fn order(
    State(app): State<App>,
    address: ClientAddress,
    Segment(token): Segment,
) -> Result<Json<PublicOrder>, Failure> {
    market::order(&app, &token, address).await.map(Json)
}
