//! The HTTP edge: one file per feature, each thin (parse, authorise, call, convert).

mod account_portals;
mod accounts;
mod api_keys;
mod applications;
mod audit;
mod boxes;
mod brand;
mod bulk;
mod caller;
mod codes;
mod commission;
mod credit_packs;
mod credits;
mod customers;
mod dashboard;
mod document;
mod drift;
mod jobs;
mod leases;
mod live;
mod lots;
mod market;
mod members;
mod notices;
mod operations;
mod orders;
mod paging;
mod payments;
mod payouts;
mod permissions;
mod plans;
mod portals;
mod prices;
mod providers;
mod public;
mod relationships;
mod reports;
mod reseller_brand;
mod resellers;
mod second_factor;
mod sendings;
mod sessions;
mod settings;
mod settlements;
mod signed;
mod snapshot;
mod staff;
mod sync;
mod top_ups;
mod troubleshooting;
mod web;
mod web_market;

use axum::Router;
use counterfoil_central_platform::http::{TrustedProxies, wrap};
use counterfoil_central_platform::settings::ServeSettings;
use utoipa_axum::router::OpenApiRouter;

pub(crate) use caller::{AnyCaller, Caller, KnownCaller, MemberCaller, StaffCaller};
pub(crate) use paging::{key_of, key_text, limit, newest_before, page};

use super::App;

/// Every route of this Central.
pub fn router(app: App, settings: &ServeSettings) -> Router {
    let (api, _) = routes().split_for_parts();
    let router = api.merge(operations::router()).merge(document::router()).merge(web::router()).with_state(app);
    wrap(router, TrustedProxies(settings.trusted_proxies.clone()), settings.tls.is_some())
}

/// The API's description, from the code.
pub fn openapi() -> utoipa::openapi::OpenApi {
    document::finish(routes().split_for_parts().1)
}

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(document::frame())
        .merge(sessions::router())
        .merge(staff::router())
        .merge(second_factor::router())
        .merge(plans::router())
        .merge(portals::router())
        .merge(jobs::router())
        .merge(drift::router())
        .merge(boxes::router())
        .merge(sendings::router())
        .merge(applications::router())
        .merge(resellers::router())
        .merge(permissions::router())
        .merge(prices::router())
        .merge(providers::router())
        .merge(relationships::router())
        .merge(accounts::router())
        .merge(account_portals::router())
        .merge(bulk::router())
        .merge(commission::router())
        .merge(customers::router())
        .merge(orders::router())
        .merge(payments::router())
        .merge(payouts::router())
        .merge(dashboard::router())
        .merge(reports::router())
        .merge(settlements::router())
        .merge(members::router())
        .merge(api_keys::router())
        .merge(notices::router())
        .merge(settings::router())
        .merge(brand::router())
        .merge(reseller_brand::router())
        .merge(credits::router())
        .merge(credit_packs::router())
        .merge(top_ups::router())
        .merge(codes::router())
        .merge(lots::router())
        .merge(audit::router())
        .merge(troubleshooting::router())
        .merge(leases::router())
        .merge(sync::router())
        .merge(snapshot::router())
        .merge(live::router())
        .merge(public::router())
        .merge(market::router())
}
