//! Commission: the rates of a reseller, the operator's rules, and what is earned.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::{EarningId, OperatorId, ResellerId};
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::commission::{
    CommissionReport, CommissionsQuery, EarningDetail, Earnings, EarningsQuery, PeriodQuery, ResellerCommission,
    ResellerRates, ReverseEarning, RuleBook, SetRate, SetRules,
};
use counterfoil_wire::page::Page;
use counterfoil_wire::rates::{RatesSet, SetRates};
use counterfoil_wire::simulation::{SimulateCommission, SimulatedPart};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller, key_of, key_text, limit, newest_before, page};
use crate::engine::App;
use crate::engine::commission::{self, Part, Viewer};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(rates, set_rate))
        .routes(routes!(overview))
        .routes(routes!(rules, set_rules))
        .routes(routes!(simulate))
        .routes(routes!(set_rates))
        .routes(routes!(of_reseller))
        .routes(routes!(admin_detail))
        .routes(routes!(reverse))
        .routes(routes!(own))
        .routes(routes!(own_detail))
        .routes(routes!(report))
}

/// A reseller's rate and its history.
#[utoipa::path(get, path = "/api/v1/admin/resellers/{id}/rates", tag = "commission",
    params(("id" = ResellerId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The rates", body = ResellerRates)))]
async fn rates(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
) -> Result<Json<ResellerRates>, Failure> {
    caller.require(StaffAction::View)?;
    commission::rates(&mut *app.reader().await?, caller.operator, &caller.scope, id, app.now()).await.map(Json)
}

/// Sets a reseller's rate from now or from a day to come. What was before stays as it was.
#[utoipa::path(post, path = "/api/v1/admin/resellers/{id}/rates", tag = "commission",
    params(("id" = ResellerId, Path)), request_body = SetRate, security(("bearer" = [])),
    responses((status = 200, description = "The rates now", body = ResellerRates)))]
async fn set_rate(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
    JsonBody(asked): JsonBody<SetRate>,
) -> Result<Json<ResellerRates>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    commission::set(&app, caller.operator, &caller.actor, caller.id, id, &asked).await.map(Json)
}

/// What all resellers earned in a period, and where their commission stands; by company.
#[utoipa::path(get, path = "/api/v1/admin/commissions", tag = "commission", params(CommissionsQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<ResellerCommission>)))]
async fn overview(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<CommissionsQuery>,
) -> Result<Json<Page<ResellerCommission>>, Failure> {
    caller.require(StaffAction::View)?;
    let (limit, after) = (limit(query.limit)?, key_of(query.after.as_deref())?);
    let (search, days) =
        (query.search.as_deref().unwrap_or_default(), (query.start_date.as_deref(), query.end_date.as_deref()));
    let mut moment = app.snapshot().await?;
    let rows = commission::overview(&mut moment, caller.operator, search, days, (after, limit, app.now())).await?;
    Ok(Json(page(rows, limit, |row| key_text(&(&row.company, row.reseller_id)))))
}

/// The rules of commission, with all versions.
#[utoipa::path(get, path = "/api/v1/admin/commissions/rules", tag = "commission", security(("bearer" = [])),
    responses((status = 200, description = "The rules", body = RuleBook)))]
async fn rules(State(app): State<App>, caller: StaffCaller) -> Result<Json<RuleBook>, Failure> {
    caller.require(StaffAction::View)?;
    commission::book(&mut *app.reader().await?, caller.operator, app.now()).await.map(Json)
}

/// Sets rules for sales from now on or from a day to come. What was sold before keeps its own.
#[utoipa::path(post, path = "/api/v1/admin/commissions/rules", tag = "commission", request_body = SetRules,
    security(("bearer" = [])), responses((status = 200, description = "The rules now", body = RuleBook)))]
async fn set_rules(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<SetRules>,
) -> Result<Json<RuleBook>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    commission::set_rules(&app, caller.operator, &caller.actor, caller.id, &asked).await.map(Json)
}

/// What the sales of a period would have earned by other rules and rates: a part at a time, and nothing is written.
#[utoipa::path(post, path = "/api/v1/admin/commissions/simulate", tag = "commission", request_body = SimulateCommission,
    security(("bearer" = [])), responses((status = 200, description = "One part", body = SimulatedPart)))]
async fn simulate(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<SimulateCommission>,
) -> Result<Json<SimulatedPart>, Failure> {
    caller.require(StaffAction::ViewReports)?;
    let from = (key_of(asked.after.as_deref())?, Part::default());
    let mut moment = app.snapshot().await?;
    let (mut part, next) = commission::simulate(&mut moment, caller.operator, &asked, from, app.now()).await?;
    part.next = next.as_ref().map(key_text);
    Ok(Json(part))
}

/// Sets one rate for many resellers, or only says what would become of each.
#[utoipa::path(post, path = "/api/v1/admin/commissions/rates", tag = "commission", request_body = SetRates,
    security(("bearer" = [])), responses((status = 200, description = "What was done", body = RatesSet)))]
async fn set_rates(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<SetRates>,
) -> Result<Json<RatesSet>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    commission::set_many(&app, caller.operator, &caller.actor, caller.id, &asked).await.map(Json)
}

async fn list(
    app: &App,
    operator: OperatorId,
    scope: &Scope,
    reseller: ResellerId,
    query: &EarningsQuery,
) -> Result<Json<Earnings>, Failure> {
    let (limit, before) = (limit(query.limit)?, newest_before(query.after.as_deref())?);
    let mut moment = app.snapshot().await?;
    let asked = (before, limit, app.now());
    let mut earnings = commission::list(&mut moment, operator, scope, reseller, query.state, asked).await?;
    let rows = page(std::mem::take(&mut earnings.items), limit, |row| key_text(&(row.sold_at.0, row.earning_id)));
    (earnings.items, earnings.next) = (rows.items, rows.next);
    Ok(Json(earnings))
}

/// What a reseller earned, the newest first, and where its commission stands.
#[utoipa::path(get, path = "/api/v1/admin/resellers/{id}/earnings", tag = "commission",
    params(("id" = ResellerId, Path), EarningsQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Earnings)))]
async fn of_reseller(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
    QueryString(query): QueryString<EarningsQuery>,
) -> Result<Json<Earnings>, Failure> {
    caller.require(StaffAction::View)?;
    list(&app, caller.operator, &caller.scope, id, &query).await
}

/// One earning with all that explains it.
#[utoipa::path(get, path = "/api/v1/admin/earnings/{id}", tag = "commission", params(("id" = EarningId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The earning", body = EarningDetail)))]
async fn admin_detail(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<EarningId>,
) -> Result<Json<EarningDetail>, Failure> {
    caller.require(StaffAction::View)?;
    commission::detail(&mut *app.snapshot().await?, caller.operator, Viewer::Staff, id).await.map(Json)
}

/// Takes back all shares of the sale behind an earning, because its customer was refunded.
#[utoipa::path(post, path = "/api/v1/admin/earnings/{id}/reverse", tag = "commission",
    params(("id" = EarningId, Path)), request_body = ReverseEarning, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = EarningDetail)))]
async fn reverse(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<EarningId>,
    JsonBody(asked): JsonBody<ReverseEarning>,
) -> Result<Json<EarningDetail>, Failure> {
    caller.require(StaffAction::MoveCredits)?;
    commission::reverse(&app, caller.operator, &caller.actor, id, &asked).await.map(Json)
}

/// What the caller's reseller earned, the newest first, and where its commission stands.
#[utoipa::path(get, path = "/api/v1/reseller/earnings", tag = "commission", params(EarningsQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Earnings)))]
async fn own(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<EarningsQuery>,
) -> Result<Json<Earnings>, Failure> {
    caller.require(MemberAction::ViewEarnings)?;
    list(&app, caller.operator, &caller.scope, caller.reseller, &query).await
}

/// One earning of the caller's reseller with all that explains it.
#[utoipa::path(get, path = "/api/v1/reseller/earnings/{id}", tag = "commission", params(("id" = EarningId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The earning", body = EarningDetail)))]
async fn own_detail(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<EarningId>,
) -> Result<Json<EarningDetail>, Failure> {
    caller.require(MemberAction::ViewEarnings)?;
    let viewer = Viewer::Reseller(caller.reseller);
    commission::detail(&mut *app.snapshot().await?, caller.operator, viewer, id).await.map(Json)
}

/// The commission of a period, line by line; the month to date when nothing else is asked for.
#[utoipa::path(get, path = "/api/v1/reseller/commission-report", tag = "commission", params(PeriodQuery),
    security(("bearer" = [])), responses((status = 200, description = "The report", body = CommissionReport)))]
async fn report(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<PeriodQuery>,
) -> Result<Json<CommissionReport>, Failure> {
    caller.require(MemberAction::ViewEarnings)?;
    let days = (query.start_date.as_deref(), query.end_date.as_deref());
    let mut moment = app.snapshot().await?;
    commission::report(&mut moment, caller.operator, &caller.scope, caller.reseller, days, app.now()).await.map(Json)
}
