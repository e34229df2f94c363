//! Customers' accounts, for staff and for the members of resellers.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::AccountId;
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::accounts::{
    Account, AccountEvent, AccountReason, AccountSeen, AccountsQuery, AskAccess, ChangePlan, CreateAccount,
    Credentials, ExtendAccount, Extended, SaveAccount, TransferAccount,
};
use counterfoil_wire::page::{Page, PageQuery};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller};
use crate::engine::App;
use crate::engine::account::{self, Asker};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(admin_list, admin_create))
        .routes(routes!(admin_get, admin_edit))
        .routes(routes!(admin_access))
        .routes(routes!(admin_history))
        .routes(routes!(admin_extend))
        .routes(routes!(admin_change_plan))
        .routes(routes!(admin_suspend))
        .routes(routes!(admin_activate))
        .routes(routes!(admin_archive))
        .routes(routes!(admin_transfer))
        .routes(routes!(admin_reset_token))
        .routes(routes!(list, create))
        .routes(routes!(get, edit))
        .routes(routes!(access))
        .routes(routes!(history))
        .routes(routes!(extend))
        .routes(routes!(change_plan))
        .routes(routes!(suspend))
        .routes(routes!(activate))
        .routes(routes!(archive))
        .routes(routes!(reset_token))
}

impl StaffCaller {
    pub(super) fn asker(&self) -> Asker<'_> {
        Asker { operator: self.operator, scope: &self.scope, actor: &self.actor }
    }

    /// A gift costs the operator: who may move credits may make it.
    pub(super) fn require_gift(&self, gift: bool) -> Result<(), Failure> {
        if gift { self.require(StaffAction::MoveCredits) } else { Ok(()) }
    }
}

impl MemberCaller {
    pub(super) fn asker(&self) -> Asker<'_> {
        Asker { operator: self.operator, scope: &self.scope, actor: &self.actor }
    }
}

pub(super) fn no_gift(gift: bool) -> Result<(), Failure> {
    if gift { Err(Failure::validation(vec![field("gift", "only the operator gives service away")])) } else { Ok(()) }
}

/// Accounts, by user name.
#[utoipa::path(get, path = "/api/v1/admin/accounts", tag = "accounts", params(AccountsQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<Account>)))]
async fn admin_list(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<AccountsQuery>,
) -> Result<Json<Page<Account>>, Failure> {
    caller.require(StaffAction::View)?;
    account::list(&app, caller.operator, &caller.scope, &query).await.map(Json)
}

/// Creates an account with its first service. Its reseller pays, unless it is a gift.
#[utoipa::path(post, path = "/api/v1/admin/accounts", tag = "accounts", request_body = CreateAccount,
    security(("bearer" = [])), responses((status = 200, description = "With what opens it", body = Credentials)))]
async fn admin_create(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<CreateAccount>,
) -> Result<Json<Credentials>, Failure> {
    caller.require(StaffAction::ManageAccounts)?;
    caller.require_gift(asked.gift)?;
    account::create(&app, &caller.asker(), &asked).await.map(Json)
}

/// When accounts were last at their portals. It changes nothing.
#[utoipa::path(post, path = "/api/v1/admin/accounts/access", tag = "accounts", request_body = AskAccess,
    security(("bearer" = [])), responses((status = 200, description = "Those that a portal has told of", body = Vec<AccountSeen>)))]
async fn admin_access(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<AskAccess>,
) -> Result<Json<Vec<AccountSeen>>, Failure> {
    caller.require(StaffAction::View)?;
    account::seen(&mut *app.reader().await?, caller.operator, &caller.scope, &asked).await.map(Json)
}

/// One account.
#[utoipa::path(get, path = "/api/v1/admin/accounts/{id}", tag = "accounts", params(("id" = AccountId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The account", body = Account)))]
async fn admin_get(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<AccountId>,
) -> Result<Json<Account>, Failure> {
    caller.require(StaffAction::View)?;
    account::get(&mut *app.reader().await?, caller.operator, &caller.scope, id, app.now()).await.map(Json)
}

/// Edits an account as it was read.
#[utoipa::path(put, path = "/api/v1/admin/accounts/{id}", tag = "accounts", params(("id" = AccountId, Path)), request_body = SaveAccount,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Account)))]
async fn admin_edit(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<AccountId>,
    JsonBody(asked): JsonBody<SaveAccount>,
) -> Result<Json<Account>, Failure> {
    caller.require(StaffAction::ManageAccounts)?;
    account::edit(&app, &caller.asker(), id, &asked).await.map(Json)
}

/// All that happened to an account, the newest first.
#[utoipa::path(get, path = "/api/v1/admin/accounts/{id}/history", tag = "accounts", params(("id" = AccountId, Path), PageQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<AccountEvent>)))]
async fn admin_history(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<AccountId>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<AccountEvent>>, Failure> {
    caller.require(StaffAction::View)?;
    account::history(&app, caller.operator, &caller.scope, id, &query).await.map(Json)
}

/// More service, from the later of now and the current end.
#[utoipa::path(post, path = "/api/v1/admin/accounts/{id}/extend", tag = "accounts", params(("id" = AccountId, Path)), request_body = ExtendAccount,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Extended)))]
async fn admin_extend(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<AccountId>,
    JsonBody(asked): JsonBody<ExtendAccount>,
) -> Result<Json<Extended>, Failure> {
    caller.require(StaffAction::ManageAccounts)?;
    caller.require_gift(asked.gift)?;
    account::extend_service(&app, &caller.asker(), id, &asked).await.map(Json)
}

/// Another plan for what is left of the service. Its last day stays, and nothing is charged or given back.
#[utoipa::path(post, path = "/api/v1/admin/accounts/{id}/plan", tag = "accounts", params(("id" = AccountId, Path)), request_body = ChangePlan,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Account)))]
async fn admin_change_plan(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<AccountId>,
    JsonBody(asked): JsonBody<ChangePlan>,
) -> Result<Json<Account>, Failure> {
    caller.require(StaffAction::ManageAccounts)?;
    account::change_plan(&app, &caller.asker(), id, &asked).await.map(Json)
}

/// Switches an account off; its term runs on.
#[utoipa::path(post, path = "/api/v1/admin/accounts/{id}/suspend", tag = "accounts", params(("id" = AccountId, Path)), request_body = AccountReason,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Account)))]
async fn admin_suspend(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<AccountId>,
    JsonBody(asked): JsonBody<AccountReason>,
) -> Result<Json<Account>, Failure> {
    caller.require(StaffAction::ManageAccounts)?;
    account::suspend(&app, &caller.asker(), id, &asked.reason).await.map(Json)
}

/// Switches a suspended account on again.
#[utoipa::path(post, path = "/api/v1/admin/accounts/{id}/activate", tag = "accounts", params(("id" = AccountId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Account)))]
async fn admin_activate(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<AccountId>,
) -> Result<Json<Account>, Failure> {
    caller.require(StaffAction::ManageAccounts)?;
    account::activate(&app, &caller.asker(), id).await.map(Json)
}

/// Takes an account out of use for good.
#[utoipa::path(post, path = "/api/v1/admin/accounts/{id}/archive", tag = "accounts", params(("id" = AccountId, Path)), request_body = AccountReason,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Account)))]
async fn admin_archive(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<AccountId>,
    JsonBody(asked): JsonBody<AccountReason>,
) -> Result<Json<Account>, Failure> {
    caller.require(StaffAction::ManageAccounts)?;
    account::archive(&app, &caller.asker(), id, &asked.reason).await.map(Json)
}

/// Gives an account to another reseller. No credit moves.
#[utoipa::path(post, path = "/api/v1/admin/accounts/{id}/transfer", tag = "accounts", params(("id" = AccountId, Path)), request_body = TransferAccount,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Account)))]
async fn admin_transfer(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<AccountId>,
    JsonBody(asked): JsonBody<TransferAccount>,
) -> Result<Json<Account>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    account::transfer(&app, &caller.asker(), id, &asked).await.map(Json)
}

/// A new password and token; the old ones open nothing any more.
#[utoipa::path(post, path = "/api/v1/admin/accounts/{id}/reset-token", tag = "accounts", params(("id" = AccountId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "With what opens it now", body = Credentials)))]
async fn admin_reset_token(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<AccountId>,
) -> Result<Json<Credentials>, Failure> {
    caller.require(StaffAction::ManageAccounts)?;
    account::reset_token(&app, &caller.asker(), id).await.map(Json)
}

/// Accounts of the caller's reseller, or of one below it, by user name.
#[utoipa::path(get, path = "/api/v1/reseller/accounts", tag = "accounts", params(AccountsQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<Account>)))]
async fn list(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<AccountsQuery>,
) -> Result<Json<Page<Account>>, Failure> {
    caller.require_granted(&app, MemberAction::ViewAccounts, Grant::ViewAccounts).await?;
    account::list(&app, caller.operator, &caller.scope, &query).await.map(Json)
}

/// Creates an account with its first service.
#[utoipa::path(post, path = "/api/v1/reseller/accounts", tag = "accounts", request_body = CreateAccount,
    security(("bearer" = [])), responses((status = 200, description = "With what opens it", body = Credentials)))]
async fn create(
    State(app): State<App>,
    caller: MemberCaller,
    JsonBody(asked): JsonBody<CreateAccount>,
) -> Result<Json<Credentials>, Failure> {
    caller.require_granted(&app, MemberAction::Sell, Grant::CreateAccounts).await?;
    no_gift(asked.gift)?;
    account::create(&app, &caller.asker(), &asked).await.map(Json)
}

/// When accounts of the caller's reseller and of those below it were last at their portals. It changes nothing.
#[utoipa::path(post, path = "/api/v1/reseller/accounts/access", tag = "accounts", request_body = AskAccess,
    security(("bearer" = [])), responses((status = 200, description = "Those that a portal has told of", body = Vec<AccountSeen>)))]
async fn access(
    State(app): State<App>,
    caller: MemberCaller,
    JsonBody(asked): JsonBody<AskAccess>,
) -> Result<Json<Vec<AccountSeen>>, Failure> {
    caller.require_granted(&app, MemberAction::ViewAccounts, Grant::ViewAccounts).await?;
    account::seen(&mut *app.reader().await?, caller.operator, &caller.scope, &asked).await.map(Json)
}

/// One account.
#[utoipa::path(get, path = "/api/v1/reseller/accounts/{id}", tag = "accounts", params(("id" = AccountId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The account", body = Account)))]
async fn get(State(app): State<App>, caller: MemberCaller, Id(id): Id<AccountId>) -> Result<Json<Account>, Failure> {
    caller.require_granted(&app, MemberAction::ViewAccounts, Grant::ViewAccounts).await?;
    account::get(&mut *app.reader().await?, caller.operator, &caller.scope, id, app.now()).await.map(Json)
}

/// Edits an account as it was read.
#[utoipa::path(put, path = "/api/v1/reseller/accounts/{id}", tag = "accounts", params(("id" = AccountId, Path)), request_body = SaveAccount,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Account)))]
async fn edit(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<AccountId>,
    JsonBody(asked): JsonBody<SaveAccount>,
) -> Result<Json<Account>, Failure> {
    caller.require_granted(&app, MemberAction::ManageAccounts, Grant::EditAccounts).await?;
    account::edit(&app, &caller.asker(), id, &asked).await.map(Json)
}

/// All that happened to an account, the newest first.
#[utoipa::path(get, path = "/api/v1/reseller/accounts/{id}/history", tag = "accounts", params(("id" = AccountId, Path), PageQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<AccountEvent>)))]
async fn history(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<AccountId>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<AccountEvent>>, Failure> {
    caller.require_granted(&app, MemberAction::ViewAccounts, Grant::ViewAccounts).await?;
    account::history(&app, caller.operator, &caller.scope, id, &query).await.map(Json)
}

/// More service, from the later of now and the current end.
#[utoipa::path(post, path = "/api/v1/reseller/accounts/{id}/extend", tag = "accounts", params(("id" = AccountId, Path)), request_body = ExtendAccount,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Extended)))]
async fn extend(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<AccountId>,
    JsonBody(asked): JsonBody<ExtendAccount>,
) -> Result<Json<Extended>, Failure> {
    caller.require_granted(&app, MemberAction::Sell, Grant::ExtendAccounts).await?;
    no_gift(asked.gift)?;
    account::extend_service(&app, &caller.asker(), id, &asked).await.map(Json)
}

/// Another plan for what is left of the service. Its last day stays, and nothing is charged or given back.
#[utoipa::path(post, path = "/api/v1/reseller/accounts/{id}/plan", tag = "accounts", params(("id" = AccountId, Path)), request_body = ChangePlan,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Account)))]
async fn change_plan(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<AccountId>,
    JsonBody(asked): JsonBody<ChangePlan>,
) -> Result<Json<Account>, Failure> {
    caller.require_granted(&app, MemberAction::Sell, Grant::ExtendAccounts).await?;
    account::change_plan(&app, &caller.asker(), id, &asked).await.map(Json)
}

/// Switches an account off; its term runs on.
#[utoipa::path(post, path = "/api/v1/reseller/accounts/{id}/suspend", tag = "accounts", params(("id" = AccountId, Path)), request_body = AccountReason,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Account)))]
async fn suspend(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<AccountId>,
    JsonBody(asked): JsonBody<AccountReason>,
) -> Result<Json<Account>, Failure> {
    caller.require_granted(&app, MemberAction::ManageAccounts, Grant::EditAccounts).await?;
    account::suspend(&app, &caller.asker(), id, &asked.reason).await.map(Json)
}

/// Switches a suspended account on again.
#[utoipa::path(post, path = "/api/v1/reseller/accounts/{id}/activate", tag = "accounts", params(("id" = AccountId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Account)))]
async fn activate(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<AccountId>,
) -> Result<Json<Account>, Failure> {
    caller.require_granted(&app, MemberAction::ManageAccounts, Grant::EditAccounts).await?;
    account::activate(&app, &caller.asker(), id).await.map(Json)
}

/// Takes an account out of use for good.
#[utoipa::path(post, path = "/api/v1/reseller/accounts/{id}/archive", tag = "accounts", params(("id" = AccountId, Path)), request_body = AccountReason,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Account)))]
async fn archive(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<AccountId>,
    JsonBody(asked): JsonBody<AccountReason>,
) -> Result<Json<Account>, Failure> {
    caller.require_granted(&app, MemberAction::ManageAccounts, Grant::ArchiveAccounts).await?;
    account::archive(&app, &caller.asker(), id, &asked.reason).await.map(Json)
}

/// A new password and token; the old ones open nothing any more.
#[utoipa::path(post, path = "/api/v1/reseller/accounts/{id}/reset-token", tag = "accounts", params(("id" = AccountId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "With what opens it now", body = Credentials)))]
async fn reset_token(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<AccountId>,
) -> Result<Json<Credentials>, Failure> {
    caller.require_granted(&app, MemberAction::ManageAccounts, Grant::ResetTokens).await?;
    account::reset_token(&app, &caller.asker(), id).await.map(Json)
}
