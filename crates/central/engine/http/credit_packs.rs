//! Credit packs: staff create and edit them, resellers see what they can buy.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody};
use counterfoil_domain::ids::CreditPackId;
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::credit_packs::{CreditPack, SaveCreditPack};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller};
use crate::engine::{App, credit_packs};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(edit)).routes(routes!(for_sale))
}

/// All packs: those that can be bought by size, then archived ones.
#[utoipa::path(get, path = "/api/v1/admin/credit-packs", tag = "credits", security(("bearer" = [])),
    responses((status = 200, description = "All of them", body = Vec<CreditPack>)))]
async fn list(State(app): State<App>, caller: StaffCaller) -> Result<Json<Vec<CreditPack>>, Failure> {
    caller.require(StaffAction::View)?;
    credit_packs::list(&mut *app.reader().await?, caller.operator, false).await.map(Json)
}

/// Creates a pack.
#[utoipa::path(post, path = "/api/v1/admin/credit-packs", tag = "credits", request_body = SaveCreditPack,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = CreditPack)))]
async fn create(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(pack): JsonBody<SaveCreditPack>,
) -> Result<Json<CreditPack>, Failure> {
    caller.require(StaffAction::ManagePlans)?;
    credit_packs::create(&app, caller.operator, &caller.actor, &pack).await.map(Json)
}

/// Edits a pack as it was read.
#[utoipa::path(put, path = "/api/v1/admin/credit-packs/{id}", tag = "credits", params(("id" = CreditPackId, Path)),
    request_body = SaveCreditPack, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = CreditPack)))]
async fn edit(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<CreditPackId>,
    JsonBody(pack): JsonBody<SaveCreditPack>,
) -> Result<Json<CreditPack>, Failure> {
    caller.require(StaffAction::ManagePlans)?;
    credit_packs::edit(&app, caller.operator, &caller.actor, id, &pack).await.map(Json)
}

/// The packs that can be bought, by size.
#[utoipa::path(get, path = "/api/v1/reseller/credit-packs", tag = "credits", security(("bearer" = [])),
    responses((status = 200, description = "Those that can be bought", body = Vec<CreditPack>)))]
async fn for_sale(State(app): State<App>, caller: MemberCaller) -> Result<Json<Vec<CreditPack>>, Failure> {
    caller.require(MemberAction::ViewCredit)?;
    credit_packs::list(&mut *app.reader().await?, caller.operator, true).await.map(Json)
}
