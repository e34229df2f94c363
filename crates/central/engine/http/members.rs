//! Members: an owner manages the people of its own reseller.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::MemberId;
use counterfoil_domain::permission::MemberAction;
use counterfoil_wire::members::{Member, SaveMember};
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::second_factor::RemovedSecondFactor;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, key_of, key_text, limit, page};
use crate::engine::{App, members};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(edit)).routes(routes!(remove_second_factor))
}

/// The people of the caller's reseller, by user name.
#[utoipa::path(get, path = "/api/v1/reseller/members", tag = "members", params(PageQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<Member>)))]
async fn list(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<Member>>, Failure> {
    caller.require(MemberAction::ManageMembers)?;
    let (limit, after) = (limit(query.limit)?, key_of::<String>(query.after.as_deref())?.unwrap_or_default());
    let search = query.search.as_deref().unwrap_or_default();
    let rows = members::list(&mut *app.reader().await?, caller.reseller, search, &after, limit).await?;
    Ok(Json(page(rows, limit, |member| key_text(&member.username))))
}

/// Adds somebody, with a sign-in.
#[utoipa::path(post, path = "/api/v1/reseller/members", tag = "members", request_body = SaveMember,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Member)))]
async fn create(
    State(app): State<App>,
    caller: MemberCaller,
    JsonBody(asked): JsonBody<SaveMember>,
) -> Result<Json<Member>, Failure> {
    caller.require(MemberAction::ManageMembers)?;
    members::create(&app, caller.operator, &caller.actor, caller.reseller, asked).await.map(Json)
}

/// Edits somebody as it was read: role, whether it may sign in, a new password.
#[utoipa::path(put, path = "/api/v1/reseller/members/{id}", tag = "members", params(("id" = MemberId, Path)),
    request_body = SaveMember, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Member)))]
async fn edit(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<MemberId>,
    JsonBody(asked): JsonBody<SaveMember>,
) -> Result<Json<Member>, Failure> {
    caller.require(MemberAction::ManageMembers)?;
    members::edit(&app, caller.operator, &caller.actor, caller.reseller, id, asked).await.map(Json)
}

/// Takes the second factor away from somebody who lost app and recovery codes. Nobody's own.
#[utoipa::path(delete, path = "/api/v1/reseller/members/{id}/second-factor", tag = "members",
    params(("id" = MemberId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The password alone opens", body = RemovedSecondFactor)))]
async fn remove_second_factor(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<MemberId>,
) -> Result<Json<RemovedSecondFactor>, Failure> {
    caller.require(MemberAction::ManageMembers)?;
    members::remove_second_factor(&app, caller.operator, &caller.actor, caller.reseller, id).await.map(Json)
}
