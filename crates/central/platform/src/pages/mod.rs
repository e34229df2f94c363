//! Pages for customers and applicants, and the market. They are whole without a script: every answer is a page, rendered
//! here from what the engine said.
//!
//! The forms carry no token against forged requests, because there is nothing to forge: no cookie and no sign-in stands
//! behind them, so a request can do what the code or token typed into it allows and nothing more, whoever sends it. A
//! form on somebody else's page may only fill ours; see [`Sent::by_another_site`].

pub mod activate;
pub mod apply;
mod brand;
mod form;
pub mod market;
mod mistyped;
pub mod order;
pub mod order_form;
mod stylesheet;
pub mod subscription;
mod words;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use counterfoil_domain::brand::Accent;

pub use brand::sheet as brand_sheet;
pub use form::{MAX_FORM_BYTES, Sent};
pub use stylesheet::{path as stylesheet_path, serve as stylesheet};

/// Nothing but our own sheet, pictures and forms.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
     img-src 'self' data:",
);

/// Whose pages these are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    /// The panel name, where there is one.
    pub operator_name: String,
    /// What this operator's codes begin with, for the example on the form.
    pub code_prefix: String,
    /// Whom customers ask; empty where nobody is named.
    pub support_email: String,
    pub support_phone: String,
    /// The colour of buttons; none is the sheet's own.
    pub accent: Option<Accent>,
    /// SHA-256 of the logo in hexadecimal.
    pub logo: Option<String>,
}

impl Letterhead {
    /// Where the sheet with the operator's colour is.
    fn accent_sheet(&self) -> Option<String> {
        self.accent.map(brand::path)
    }
}

/// For a Central whose operator cannot be read right now: the form must still open.
impl Default for Letterhead {
    fn default() -> Self {
        Self {
            operator_name: "Counterfoil".to_owned(),
            code_prefix: "PM2D".to_owned(),
            support_email: String::new(),
            support_phone: String::new(),
            accent: None,
            logo: None,
        }
    }
}

/// A rendered page with its status. It may show secrets, so it is never stored by anyone and never printed by `Debug`.
pub struct Page {
    status: StatusCode,
    retry_after_s: Option<u64>,
    html: String,
}

impl Page {
    fn render(status: StatusCode, retry_after_s: Option<u64>, template: &impl Template) -> Self {
        match template.render() {
            Ok(html) => Self { status, retry_after_s, html },
            Err(error) => {
                tracing::error!(%error, "a page could not be rendered");
                Self {
                    status: StatusCode::INTERNAL_SERVER_ERROR,
                    retry_after_s: None,
                    html: "<!doctype html><title>Error</title><p>This page could not be made. Try again.".to_owned(),
                }
            }
        }
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub fn html(&self) -> &str {
        &self.html
    }
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Sends the browser on to a page of ours, after a form that did something: reloaded, it does nothing again. The path may
/// open something, so it is kept nowhere.
pub fn go_to(path: &str) -> Response {
    let mut response = Redirect::to(path).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = (self.status, Html(self.html)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
