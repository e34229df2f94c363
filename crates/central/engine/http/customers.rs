//! Who bought: a reseller sees its own customers, staff those of each.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, QueryString};
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::customers::{Customer, CustomersQuery};
use counterfoil_wire::page::Page;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller};
use crate::engine::{App, customers};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(of_reseller)).routes(routes!(own))
}

/// Customers of a reseller, by e-mail address.
#[utoipa::path(get, path = "/api/v1/admin/resellers/{id}/customers", tag = "accounts",
    params(("id" = ResellerId, Path), CustomersQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<Customer>)))]
async fn of_reseller(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
    QueryString(query): QueryString<CustomersQuery>,
) -> Result<Json<Page<Customer>>, Failure> {
    caller.require(StaffAction::View)?;
    customers::list(&app, caller.operator, &caller.scope, id, &query).await.map(Json)
}

/// Customers of the caller's reseller, by e-mail address.
#[utoipa::path(get, path = "/api/v1/reseller/customers", tag = "accounts", params(CustomersQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<Customer>)))]
async fn own(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<CustomersQuery>,
) -> Result<Json<Page<Customer>>, Failure> {
    caller.require_granted(&app, MemberAction::ViewAccounts, Grant::ViewAccounts).await?;
    customers::list(&app, caller.operator, &caller.scope, caller.reseller, &query).await.map(Json)
}
