//! The OpenAPI document: its frame, and what all operations share.

use axum::routing::get;
use axum::{Json, Router};
use counterfoil_wire::problem::Problem;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{Http, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref, RefOr};
use utoipa::{PartialSchema as _, ToSchema as _};

use crate::engine::{App, api_keys};

pub(super) fn router() -> Router<App> {
    Router::new().route("/api/v1/openapi.json", get(async || Json(super::openapi())))
}

/// Title, version and sign-in scheme.
pub(super) fn frame() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Counterfoil Central")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "The operator's server. Errors are RFC 9457 problem documents with a stable `code`; lists page by key: \
             give the `next` of one page as `after` of the following. Amounts are whole numbers with a unit, times \
             Unix milliseconds, binary fields base64.",
        ))
        .license(Some(LicenseBuilder::new().name("MIT").identifier(Some("MIT")).build()))
        .build();
    let mut components = Components::new();
    components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    components.add_security_scheme(API_KEY, api_key());
    let mut schemas = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    components.schemas.extend(schemas);
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

/// The name of the scheme of API keys.
const API_KEY: &str = "api_key";

fn api_key() -> SecurityScheme {
    let description = "For other programs of a reseller. An owner makes a key where the operator grants `api_access`; it is \
                       sent like the token of a session. An operation names what the key has to be for: `read`, `sell` or \
                       `accounts`. Operations that do not name this scheme are refused to every key.";
    let scheme =
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("cfk_…").description(Some(description));
    SecurityScheme::Http(scheme.build())
}

/// Adds what every operation can answer, a problem, and whether an API key will do.
pub(super) fn finish(mut document: OpenApi) -> OpenApi {
    let problem = ResponseBuilder::new()
        .description("What was wrong, what was expected, what to do")
        .content(
            "application/problem+json",
            ContentBuilder::new().schema(Some(RefOr::Ref(Ref::from_schema_name("Problem")))).build(),
        )
        .build();
    for (path, item) in &mut document.paths.paths {
        let operations =
            [("get", &mut item.get), ("post", &mut item.post), ("put", &mut item.put), ("delete", &mut item.delete)];
        for (method, operation) in operations {
            let Some(operation) = operation else { continue };
            operation.operation_id = Some(operation_id(method, path));
            if let Some(scope) = api_keys::needs(&method.to_uppercase(), path) {
                let key = SecurityRequirement::new(API_KEY, [scope.as_str()]);
                operation.security.get_or_insert_default().push(key);
            }
            operation.responses.responses.insert("default".to_owned(), RefOr::T(problem.clone()));
        }
    }
    document
}

/// Unique, as it must be: the names of the functions repeat from feature to feature.
fn operation_id(method: &str, path: &str) -> String {
    let place = path.trim_start_matches(counterfoil_wire::API_ROOT).replace(['{', '}'], "").replace(['/', '-'], "_");
    format!("{method}{place}")
}
