//! How a form is read.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use counterfoil_wire::problem::Code;
use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::http::RawBody;
use crate::zero_byte;

/// The largest form: its fields are a line each.
pub const MAX_FORM_BYTES: usize = 16 * 1024;

/// A form as it was sent.
#[derive(Debug, Clone, Copy)]
pub struct Sent<T> {
    pub form: T,
    /// The form stood on a page of somebody else. It may fill ours; the customer decides whether to send it. This keeps
    /// foreign pages from trying codes through their visitors, and lets a shop's page hand a code over.
    pub by_another_site: bool,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let by_another_site = another_site(request.headers());
        if !is_form(request.headers()) {
            return Err(Failure::new(
                Code::UnsupportedMediaType,
                "This page takes its own form. Programs use /api/v1/public.",
            ));
        }
        let RawBody(bytes) = RawBody::from_request(request, state).await?;
        zero_byte::refuse_in_pairs(&bytes)?;
        // What was typed must not come back in the message: it may be a code.
        let form = serde_urlencoded::from_bytes(&bytes)
            .map_err(|_| Failure::new(Code::Malformed, "The form did not arrive whole. Fill it in again."))?;
        Ok(Self { form, by_another_site })
    }
}

/// Browsers say it themselves, and a page cannot make them say otherwise. The origin would not do: without a referrer
/// it is `null` on our own forms too.
fn another_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site" || site == "same-site")
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Typed {
        code: String,
    }

    async fn read(kind: &str, site: Option<&str>, body: &'static str) -> Result<Sent<Typed>, Failure> {
        let mut request = Request::post("/activate").header(header::CONTENT_TYPE, kind);
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        Sent::from_request(request.body(Body::from(body)).expect("request"), &()).await
    }

    const FORM: &str = "application/x-www-form-urlencoded";

    #[tokio::test]
    async fn a_form_is_read_as_browsers_send_it() {
        let sent = read(&format!("{FORM}; charset=utf-8"), Some("same-origin"), "code=pm2d+m0bp%20%E2%80%93").await;
        let sent = sent.expect("form");
        assert_eq!(sent.form.code, "pm2d m0bp –");
        assert!(!sent.by_another_site);
        assert!(!read(FORM, None, "code=x").await.expect("form").by_another_site);
        assert!(read(FORM, Some("cross-site"), "code=x").await.expect("form").by_another_site);
    }

    #[tokio::test]
    async fn what_is_not_a_form_is_refused_without_repeating_it() {
        let refused = read("application/json", None, r#"{"code":"PM2D"}"#).await.expect_err("refused");
        assert_eq!(refused.code(), Code::UnsupportedMediaType);
        let refused = read(FORM, None, "code=PM2DSECRET&code=PM2DSECRET").await.expect_err("refused");
        assert_eq!(refused.code(), Code::Malformed);
        assert!(!refused.problem().detail.contains("SECRET"));
        let refused = read(FORM, None, "code=PM2D%00SECRET").await.expect_err("refused");
        assert_eq!((refused.code(), refused.problem().fields[0].field.as_str()), (Code::ValidationFailed, "code"));
        assert!(!format!("{:?}", refused.problem()).contains("SECRET"));
    }
}
