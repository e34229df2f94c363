//! One operation on many accounts: tried dry, run, cancelled, taken back.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::bulk::BulkKind;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::BulkId;
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::bulk::{
    AddBulkLines, Bulk, BulkDetail, BulkOperation, BulkRow, BulkRowsQuery, CreatedAccount, PlanBulk,
};
use counterfoil_wire::page::{Page, PageQuery};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::accounts::no_gift;
use super::{MemberCaller, StaffCaller};
use crate::engine::App;
use crate::engine::bulk::{self, Decision, Orderer};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(admin_list, admin_plan))
        .routes(routes!(admin_get))
        .routes(routes!(admin_rows))
        .routes(routes!(admin_lines))
        .routes(routes!(admin_created))
        .routes(routes!(admin_run))
        .routes(routes!(admin_cancel))
        .routes(routes!(admin_undo))
        .routes(routes!(list, plan))
        .routes(routes!(get))
        .routes(routes!(rows))
        .routes(routes!(lines))
        .routes(routes!(created))
        .routes(routes!(run))
        .routes(routes!(cancel))
        .routes(routes!(undo))
}

impl StaffCaller {
    fn orderer(&self) -> Orderer<'_> {
        Orderer { asker: self.asker(), of: None, by: self.id.0 }
    }

    /// What the operation on one account takes.
    fn require_operation(&self, operation: &BulkOperation) -> Result<(), Failure> {
        match operation {
            BulkOperation::Transfer { .. } => self.require(StaffAction::ManageResellers),
            BulkOperation::Extend { gift, .. } | BulkOperation::Create { gift, .. } => self.require_gift(*gift),
            BulkOperation::Suspend { .. } | BulkOperation::Activate | BulkOperation::PlanChange { .. } => Ok(()),
        }
    }

    async fn decide(&self, app: &App, id: BulkId, decision: Decision) -> Result<Json<Bulk>, Failure> {
        self.require(StaffAction::ManageAccounts)?;
        let operation = bulk::operation(&mut *app.reader().await?, self.operator, None, id).await?;
        // Whoever may change accounts may stop what goes wrong.
        if decision != Decision::Cancel {
            self.require_operation(&operation)?;
        }
        bulk::decide(app, &self.orderer(), id, decision).await.map(Json)
    }
}

impl MemberCaller {
    fn orderer(&self) -> Orderer<'_> {
        Orderer { asker: self.asker(), of: Some(self.reseller), by: self.by }
    }

    async fn require_bulk(&self, app: &App) -> Result<(), Failure> {
        self.require_granted(app, MemberAction::ManageAccounts, Grant::BulkOperations).await
    }

    /// What the operation on one account takes.
    async fn require_operation(&self, app: &App, operation: &BulkOperation) -> Result<(), Failure> {
        if let BulkOperation::Extend { gift, .. } | BulkOperation::Create { gift, .. } = operation {
            no_gift(*gift)?;
        }
        match operation.kind() {
            BulkKind::Extend | BulkKind::PlanChange => {
                self.require_granted(app, MemberAction::Sell, Grant::ExtendAccounts).await
            }
            BulkKind::Suspend | BulkKind::Activate => {
                self.require_granted(app, MemberAction::ManageAccounts, Grant::EditAccounts).await
            }
            BulkKind::Create => self.require_granted(app, MemberAction::Sell, Grant::CreateAccounts).await,
            BulkKind::Transfer => {
                let message = "only the operator gives accounts to another reseller";
                Err(Failure::validation(vec![field("operation", message)]))
            }
        }
    }

    async fn decide(&self, app: &App, id: BulkId, decision: Decision) -> Result<Json<Bulk>, Failure> {
        self.require_bulk(app).await?;
        let operation = bulk::operation(&mut *app.reader().await?, self.operator, Some(self.reseller), id).await?;
        if decision != Decision::Cancel {
            self.require_operation(app, &operation).await?;
        }
        bulk::decide(app, &self.orderer(), id, decision).await.map(Json)
    }
}

/// Operations on many accounts that staff ordered, the newest first.
#[utoipa::path(get, path = "/api/v1/admin/accounts/bulk", tag = "accounts", params(PageQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<Bulk>)))]
async fn admin_list(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<Bulk>>, Failure> {
    caller.require(StaffAction::View)?;
    bulk::list(&mut *app.reader().await?, caller.operator, None, &query).await.map(Json)
}

/// Writes down the accounts of an operation and tries each, changing nothing.
#[utoipa::path(post, path = "/api/v1/admin/accounts/bulk", tag = "accounts", request_body = PlanBulk,
    security(("bearer" = [])), responses((status = 200, description = "Its dry run, which goes on", body = Bulk)))]
async fn admin_plan(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<PlanBulk>,
) -> Result<Json<Bulk>, Failure> {
    caller.require(StaffAction::ManageAccounts)?;
    caller.require_operation(&asked.operation)?;
    bulk::plan(&app, &caller.orderer(), &asked).await.map(Json)
}

/// One operation, with the wallets that have too little for it.
#[utoipa::path(get, path = "/api/v1/admin/accounts/bulk/{id}", tag = "accounts", params(("id" = BulkId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The operation", body = BulkDetail)))]
async fn admin_get(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<BulkId>,
) -> Result<Json<BulkDetail>, Failure> {
    caller.require(StaffAction::View)?;
    bulk::get(&mut *app.reader().await?, caller.operator, None, id).await.map(Json)
}

/// Its accounts, each with its cost or why it is refused.
#[utoipa::path(get, path = "/api/v1/admin/accounts/bulk/{id}/rows", tag = "accounts",
    params(("id" = BulkId, Path), BulkRowsQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<BulkRow>)))]
async fn admin_rows(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<BulkId>,
    QueryString(query): QueryString<BulkRowsQuery>,
) -> Result<Json<Page<BulkRow>>, Failure> {
    caller.require(StaffAction::View)?;
    bulk::rows(&mut *app.reader().await?, caller.operator, None, id, &query).await.map(Json)
}

/// The next lines of the file that accounts are created from. With the last one, each is tried.
#[utoipa::path(post, path = "/api/v1/admin/accounts/bulk/{id}/lines", tag = "accounts",
    params(("id" = BulkId, Path)), request_body = AddBulkLines, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Bulk)))]
async fn admin_lines(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<BulkId>,
    JsonBody(asked): JsonBody<AddBulkLines>,
) -> Result<Json<Bulk>, Failure> {
    caller.require(StaffAction::ManageAccounts)?;
    bulk::receive(&app, &caller.orderer(), id, &asked).await.map(Json)
}

/// What opens the accounts that were created, for whoever ordered them. That it was shown is in the audit.
#[utoipa::path(get, path = "/api/v1/admin/accounts/bulk/{id}/created", tag = "accounts",
    params(("id" = BulkId, Path), PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<CreatedAccount>)))]
async fn admin_created(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<BulkId>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<CreatedAccount>>, Failure> {
    caller.require(StaffAction::ManageAccounts)?;
    bulk::created(&app, &caller.orderer(), id, &query).await.map(Json)
}

/// Does what the dry run showed, or what is left of it.
#[utoipa::path(post, path = "/api/v1/admin/accounts/bulk/{id}/run", tag = "accounts", params(("id" = BulkId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Bulk)))]
async fn admin_run(State(app): State<App>, caller: StaffCaller, Id(id): Id<BulkId>) -> Result<Json<Bulk>, Failure> {
    caller.decide(&app, id, Decision::Run).await
}

/// Stops it where it stands. What was done stays.
#[utoipa::path(post, path = "/api/v1/admin/accounts/bulk/{id}/cancel", tag = "accounts",
    params(("id" = BulkId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Bulk)))]
async fn admin_cancel(State(app): State<App>, caller: StaffCaller, Id(id): Id<BulkId>) -> Result<Json<Bulk>, Failure> {
    caller.decide(&app, id, Decision::Cancel).await
}

/// Puts its accounts back as they were, where nobody changed them since. Service that was given stays.
#[utoipa::path(post, path = "/api/v1/admin/accounts/bulk/{id}/undo", tag = "accounts", params(("id" = BulkId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Bulk)))]
async fn admin_undo(State(app): State<App>, caller: StaffCaller, Id(id): Id<BulkId>) -> Result<Json<Bulk>, Failure> {
    caller.decide(&app, id, Decision::Undo).await
}

/// Operations on many accounts that the caller's reseller ordered, the newest first.
#[utoipa::path(get, path = "/api/v1/reseller/accounts/bulk", tag = "accounts", params(PageQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<Bulk>)))]
async fn list(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<Bulk>>, Failure> {
    caller.require_granted(&app, MemberAction::ViewAccounts, Grant::ViewAccounts).await?;
    bulk::list(&mut *app.reader().await?, caller.operator, Some(caller.reseller), &query).await.map(Json)
}

/// Writes down the accounts of an operation and tries each, changing nothing. Needs the grant `bulk_operations`.
#[utoipa::path(post, path = "/api/v1/reseller/accounts/bulk", tag = "accounts", request_body = PlanBulk,
    security(("bearer" = [])), responses((status = 200, description = "Its dry run, which goes on", body = Bulk)))]
async fn plan(
    State(app): State<App>,
    caller: MemberCaller,
    JsonBody(asked): JsonBody<PlanBulk>,
) -> Result<Json<Bulk>, Failure> {
    caller.require_bulk(&app).await?;
    caller.require_operation(&app, &asked.operation).await?;
    bulk::plan(&app, &caller.orderer(), &asked).await.map(Json)
}

/// One operation, with whether the wallet has too little for it.
#[utoipa::path(get, path = "/api/v1/reseller/accounts/bulk/{id}", tag = "accounts", params(("id" = BulkId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The operation", body = BulkDetail)))]
async fn get(State(app): State<App>, caller: MemberCaller, Id(id): Id<BulkId>) -> Result<Json<BulkDetail>, Failure> {
    caller.require_granted(&app, MemberAction::ViewAccounts, Grant::ViewAccounts).await?;
    bulk::get(&mut *app.reader().await?, caller.operator, Some(caller.reseller), id).await.map(Json)
}

/// Its accounts, each with its cost or why it is refused.
#[utoipa::path(get, path = "/api/v1/reseller/accounts/bulk/{id}/rows", tag = "accounts",
    params(("id" = BulkId, Path), BulkRowsQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<BulkRow>)))]
async fn rows(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<BulkId>,
    QueryString(query): QueryString<BulkRowsQuery>,
) -> Result<Json<Page<BulkRow>>, Failure> {
    caller.require_granted(&app, MemberAction::ViewAccounts, Grant::ViewAccounts).await?;
    bulk::rows(&mut *app.reader().await?, caller.operator, Some(caller.reseller), id, &query).await.map(Json)
}

/// The next lines of the file that accounts are created from. With the last one, each is tried. Needs the grants
/// `bulk_operations` and `create_accounts`.
#[utoipa::path(post, path = "/api/v1/reseller/accounts/bulk/{id}/lines", tag = "accounts",
    params(("id" = BulkId, Path)), request_body = AddBulkLines, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Bulk)))]
async fn lines(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<BulkId>,
    JsonBody(asked): JsonBody<AddBulkLines>,
) -> Result<Json<Bulk>, Failure> {
    caller.require_bulk(&app).await?;
    let operation = bulk::operation(&mut *app.reader().await?, caller.operator, Some(caller.reseller), id).await?;
    caller.require_operation(&app, &operation).await?;
    bulk::receive(&app, &caller.orderer(), id, &asked).await.map(Json)
}

/// What opens the accounts that were created, for whoever ordered them. That it was shown is in the audit.
#[utoipa::path(get, path = "/api/v1/reseller/accounts/bulk/{id}/created", tag = "accounts",
    params(("id" = BulkId, Path), PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<CreatedAccount>)))]
async fn created(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<BulkId>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<CreatedAccount>>, Failure> {
    caller.require_bulk(&app).await?;
    let operation = bulk::operation(&mut *app.reader().await?, caller.operator, Some(caller.reseller), id).await?;
    caller.require_operation(&app, &operation).await?;
    bulk::created(&app, &caller.orderer(), id, &query).await.map(Json)
}

/// Does what the dry run showed, or what is left of it.
#[utoipa::path(post, path = "/api/v1/reseller/accounts/bulk/{id}/run", tag = "accounts",
    params(("id" = BulkId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Bulk)))]
async fn run(State(app): State<App>, caller: MemberCaller, Id(id): Id<BulkId>) -> Result<Json<Bulk>, Failure> {
    caller.decide(&app, id, Decision::Run).await
}

/// Stops it where it stands. What was done stays.
#[utoipa::path(post, path = "/api/v1/reseller/accounts/bulk/{id}/cancel", tag = "accounts",
    params(("id" = BulkId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Bulk)))]
async fn cancel(State(app): State<App>, caller: MemberCaller, Id(id): Id<BulkId>) -> Result<Json<Bulk>, Failure> {
    caller.decide(&app, id, Decision::Cancel).await
}

/// Puts its accounts back as they were, where nobody changed them since. Service that was given stays.
#[utoipa::path(post, path = "/api/v1/reseller/accounts/bulk/{id}/undo", tag = "accounts",
    params(("id" = BulkId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Bulk)))]
async fn undo(State(app): State<App>, caller: MemberCaller, Id(id): Id<BulkId>) -> Result<Json<Bulk>, Failure> {
    caller.decide(&app, id, Decision::Undo).await
}
