//! Where a key may be used, and what it has to be for. The only place that says so: a call that is not named here is
//! refused to every key, so a new one is closed until somebody decides.

use counterfoil_domain::api_key::ApiScope;

/// Below this all calls are the reseller's.
const ROOT: &str = "/api/v1/reseller/";
/// Who asks.
const ME: &str = "/api/v1/me";

/// What a key must be for; none where no key is let in. `route` as it is declared, its parameters in braces.
///
/// Left out are people, their sign-ins and devices, the keys themselves, the brand, payouts and requests for credit, what a
/// file of accounts made (it has their passwords), and whatever is worked by a person at a counter.
pub(crate) fn needs(method: &str, route: &str) -> Option<ApiScope> {
    if (method, route) == ("GET", ME) {
        return Some(ApiScope::Read);
    }
    let route = route.strip_prefix(ROOT)?;
    match (method, route) {
        ("POST", "codes" | "lots") => Some(ApiScope::Sell),
        ("PUT", "accounts/{id}")
        | (
            "POST",
            "accounts"
            | "accounts/{id}/extend"
            | "accounts/{id}/plan"
            | "accounts/{id}/suspend"
            | "accounts/{id}/activate"
            | "accounts/{id}/archive"
            | "accounts/{id}/reset-token",
        ) => Some(ApiScope::Accounts),
        // Asks about many at once and changes nothing.
        ("POST", "accounts/access") => Some(ApiScope::Read),
        ("GET", read) if is_read(read) => Some(ApiScope::Read),
        _ => None,
    }
}

fn is_read(route: &str) -> bool {
    matches!(
        route,
        "accounts"
            | "accounts/{id}"
            | "accounts/{id}/history"
            | "accounts/{id}/portals"
            | "accounts/bulk"
            | "accounts/bulk/{id}"
            | "accounts/bulk/{id}/rows"
            | "codes"
            | "commission-report"
            | "credit-packs"
            | "credits"
            | "customers"
            | "dashboard"
            | "earnings"
            | "earnings/{id}"
            | "external-providers"
            | "external-providers/{provider_id}/offerings"
            | "lots"
            | "lots/{id}"
            | "orders"
            | "orders/summary"
            | "orders/{contract_id}"
            | "payments"
            | "permissions"
            | "plans"
            | "profile"
            | "relationships"
            | "relationships/{provider_id}"
            | "reports/{name}"
            | "stats"
            | "top-up-requests"
            | "trials"
    )
}
