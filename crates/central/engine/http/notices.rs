//! Mail: whether it goes, what became of each, in which words; and which of it a reseller wants.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString, Segment};
use counterfoil_domain::ids::NoticeId;
use counterfoil_domain::notice::NoticeKind;
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::notices::{
    MailSetup, Notice, NoticeChoices, NoticePreview, NoticeTemplate, NoticeWords, NoticesQuery, SaveNoticeChoices,
    SaveNoticeTemplate, TestMail, TestedMail,
};
use counterfoil_wire::page::Page;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller, key_text, limit, newest_before, page};
use crate::engine::{App, notices};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(setup))
        .routes(routes!(test))
        .routes(routes!(list))
        .routes(routes!(send_again))
        .routes(routes!(templates))
        .routes(routes!(save_template))
        .routes(routes!(preview))
        .routes(routes!(choices, save_choices))
}

/// Whether this Central sends mail, through whom, and how much waits.
#[utoipa::path(get, path = "/api/v1/admin/mail", tag = "notices", security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = MailSetup)))]
async fn setup(State(app): State<App>, caller: StaffCaller) -> Result<Json<MailSetup>, Failure> {
    caller.require(StaffAction::ManageNotices)?;
    notices::setup(&app, caller.operator).await.map(Json)
}

/// Sends a mail now, past the queue: at most ten an hour for each member of staff.
#[utoipa::path(post, path = "/api/v1/admin/mail/test", tag = "notices", request_body = TestMail,
    security(("bearer" = [])), responses((status = 200, description = "What came of it", body = TestedMail)))]
async fn test(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<TestMail>,
) -> Result<Json<TestedMail>, Failure> {
    caller.require(StaffAction::ManageNotices)?;
    notices::test(&app, caller.operator, &caller.actor, caller.id, &asked).await.map(Json)
}

/// Mails, the newest first.
#[utoipa::path(get, path = "/api/v1/admin/notices", tag = "notices", params(NoticesQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<Notice>)))]
async fn list(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<NoticesQuery>,
) -> Result<Json<Page<Notice>>, Failure> {
    caller.require(StaffAction::ManageNotices)?;
    let (limit, before) = (limit(query.limit)?, newest_before(query.after.as_deref())?);
    let rows = notices::list(&mut *app.reader().await?, caller.operator, query.state, before, limit).await?;
    Ok(Json(page(rows, limit, |row| key_text(&(row.created_at.0, row.notice_id)))))
}

/// Puts a mail back into the queue that was refused or given up.
#[utoipa::path(post, path = "/api/v1/admin/notices/{id}/send-again", tag = "notices",
    params(("id" = NoticeId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Notice)))]
async fn send_again(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<NoticeId>,
) -> Result<Json<Notice>, Failure> {
    caller.require(StaffAction::ManageNotices)?;
    notices::send_again(&app, caller.operator, &caller.actor, id).await.map(Json)
}

/// The words of each kind of mail, as they are built in or as somebody changed them.
#[utoipa::path(get, path = "/api/v1/admin/notice-templates", tag = "notices", security(("bearer" = [])),
    responses((status = 200, description = "All of them", body = Vec<NoticeTemplate>)))]
async fn templates(State(app): State<App>, caller: StaffCaller) -> Result<Json<Vec<NoticeTemplate>>, Failure> {
    caller.require(StaffAction::ManageNotices)?;
    notices::templates(&mut *app.reader().await?, caller.operator).await.map(Json)
}

/// Changes the words of a kind, as they were read, or puts the built-in ones back. Mail that waits keeps its words.
#[utoipa::path(put, path = "/api/v1/admin/notice-templates/{kind}", tag = "notices",
    params(("kind" = NoticeKind, Path)), request_body = SaveNoticeTemplate, security(("bearer" = [])),
    responses((status = 200, description = "As they are now", body = NoticeTemplate)))]
async fn save_template(
    State(app): State<App>,
    caller: StaffCaller,
    Segment(kind): Segment,
    JsonBody(asked): JsonBody<SaveNoticeTemplate>,
) -> Result<Json<NoticeTemplate>, Failure> {
    caller.require(StaffAction::ManageNotices)?;
    notices::save_template(&app, caller.operator, &caller.actor, kind_of(&kind)?, &asked).await.map(Json)
}

/// The words with invented values in them; nothing is saved.
#[utoipa::path(post, path = "/api/v1/admin/notice-templates/{kind}/preview", tag = "notices",
    params(("kind" = NoticeKind, Path)), request_body = NoticeWords, security(("bearer" = [])),
    responses((status = 200, description = "As somebody would read them", body = NoticePreview)))]
async fn preview(
    caller: StaffCaller,
    Segment(kind): Segment,
    JsonBody(asked): JsonBody<NoticeWords>,
) -> Result<Json<NoticePreview>, Failure> {
    caller.require(StaffAction::ManageNotices)?;
    notices::preview(kind_of(&kind)?, &asked).map(Json)
}

fn kind_of(name: &str) -> Result<NoticeKind, Failure> {
    NoticeKind::from_stored(name).ok_or_else(|| Failure::not_found("kind of mail"))
}

/// Which mails the caller's reseller gets.
#[utoipa::path(get, path = "/api/v1/reseller/notices", tag = "notices", security(("bearer" = [])),
    responses((status = 200, description = "As they are now", body = NoticeChoices)))]
async fn choices(State(app): State<App>, caller: MemberCaller) -> Result<Json<NoticeChoices>, Failure> {
    caller.require(MemberAction::ChooseNotices)?;
    notices::choices(&app, caller.operator, caller.reseller).await.map(Json)
}

/// Switches exactly these off. What was decided on an application is always told.
#[utoipa::path(put, path = "/api/v1/reseller/notices", tag = "notices", request_body = SaveNoticeChoices,
    security(("bearer" = [])), responses((status = 200, description = "As they are now", body = NoticeChoices)))]
async fn save_choices(
    State(app): State<App>,
    caller: MemberCaller,
    JsonBody(asked): JsonBody<SaveNoticeChoices>,
) -> Result<Json<NoticeChoices>, Failure> {
    caller.require(MemberAction::ChooseNotices)?;
    notices::save_choices(&app, caller.operator, &caller.actor, caller.reseller, &asked).await.map(Json)
}
