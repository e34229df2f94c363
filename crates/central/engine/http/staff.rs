//! The operator's staff: who they are, what they may do, and whether they may sign in.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::StaffId;
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::staff::{CreateStaff, SaveStaff, StaffMember, StaffVersion, StaffWithPassword};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{StaffCaller, key_of, key_text, limit, page};
use crate::engine::{App, staff};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, edit))
        .routes(routes!(disable))
        .routes(routes!(enable))
        .routes(routes!(reset))
}

/// The staff, by user name.
#[utoipa::path(get, path = "/api/v1/admin/staff", tag = "staff", operation_id = "staff_list", params(PageQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<StaffMember>)))]
async fn list(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<StaffMember>>, Failure> {
    caller.require(StaffAction::ViewStaff)?;
    let (limit, after) = (limit(query.limit)?, key_of::<String>(query.after.as_deref())?.unwrap_or_default());
    let search = query.search.as_deref().unwrap_or_default();
    let rows = staff::list(&mut *app.reader().await?, caller.operator, search, &after, limit).await?;
    Ok(Json(page(rows, limit, |one| key_text(&one.username))))
}

/// Adds somebody, with a sign-in whose password has to be changed.
#[utoipa::path(post, path = "/api/v1/admin/staff", tag = "staff", operation_id = "create_staff",
    request_body = CreateStaff, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = StaffWithPassword)))]
async fn create(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<CreateStaff>,
) -> Result<Json<StaffWithPassword>, Failure> {
    caller.require(StaffAction::ManageStaff)?;
    staff::add(&app, caller.operator, &caller.actor, asked).await.map(Json)
}

/// One of the staff.
#[utoipa::path(get, path = "/api/v1/admin/staff/{id}", tag = "staff", operation_id = "staff_member",
    params(("id" = StaffId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = StaffMember)))]
async fn get(State(app): State<App>, caller: StaffCaller, Id(id): Id<StaffId>) -> Result<Json<StaffMember>, Failure> {
    caller.require(StaffAction::ViewStaff)?;
    staff::get(&mut *app.reader().await?, caller.operator, id).await.map(Json)
}

/// Edits somebody as it was read. Nobody changes the own role.
#[utoipa::path(put, path = "/api/v1/admin/staff/{id}", tag = "staff", operation_id = "edit_staff",
    params(("id" = StaffId, Path)), request_body = SaveStaff, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = StaffMember)))]
async fn edit(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<StaffId>,
    JsonBody(asked): JsonBody<SaveStaff>,
) -> Result<Json<StaffMember>, Failure> {
    caller.require(StaffAction::ManageStaff)?;
    staff::edit(&app, &of(&caller), id, asked).await.map(Json)
}

/// Shuts somebody out: no sign-in, and all sessions end at once. What was done under the name stays.
#[utoipa::path(post, path = "/api/v1/admin/staff/{id}/disable", tag = "staff", operation_id = "disable_staff",
    params(("id" = StaffId, Path)), request_body = StaffVersion, security(("bearer" = [])),
    responses((status = 200, description = "Shut out, now or before", body = StaffMember)))]
async fn disable(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<StaffId>,
    JsonBody(asked): JsonBody<StaffVersion>,
) -> Result<Json<StaffMember>, Failure> {
    caller.require(StaffAction::ManageStaff)?;
    staff::set_active(&app, &of(&caller), id, asked.version, false).await.map(Json)
}

/// Lets somebody sign in again, with the password there was.
#[utoipa::path(post, path = "/api/v1/admin/staff/{id}/enable", tag = "staff", operation_id = "enable_staff",
    params(("id" = StaffId, Path)), request_body = StaffVersion, security(("bearer" = [])),
    responses((status = 200, description = "May sign in, now or before", body = StaffMember)))]
async fn enable(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<StaffId>,
    JsonBody(asked): JsonBody<StaffVersion>,
) -> Result<Json<StaffMember>, Failure> {
    caller.require(StaffAction::ManageStaff)?;
    staff::set_active(&app, &of(&caller), id, asked.version, true).await.map(Json)
}

/// Gives somebody a password that Central makes, shown here and nowhere else. All sessions end, and it has to be changed at
/// the next sign-in.
#[utoipa::path(post, path = "/api/v1/admin/staff/{id}/reset-password", tag = "staff",
    operation_id = "reset_staff_password", params(("id" = StaffId, Path)), request_body = StaffVersion,
    security(("bearer" = [])), responses((status = 200, description = "With the password", body = StaffWithPassword)))]
async fn reset(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<StaffId>,
    JsonBody(asked): JsonBody<StaffVersion>,
) -> Result<Json<StaffWithPassword>, Failure> {
    caller.require(StaffAction::ManageStaff)?;
    staff::reset_password(&app, &of(&caller), id, asked.version).await.map(Json)
}

const fn of(caller: &StaffCaller) -> staff::By<'_> {
    staff::By { operator: caller.operator, id: caller.id, actor: &caller.actor }
}
