//! What the portal sends back.

use crate::json::Json;

const FORBIDDEN: &str = "You don't have permission to access this resource.";
const NOT_FOUND: &str = "The requested URL was not found on this server.";

/// One answer: status, content type and body are the portal's to the byte; other headers are not claimed.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) header: Option<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// What a resource answers: results, or the text of an error.
pub(crate) type Outcome = Result<Json, String>;

pub(crate) fn refuse<T>(text: &str) -> Result<T, String> {
    Err(text.to_owned())
}

impl Answer {
    fn new(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, content_type, header: None, body: body.into() }
    }

    /// The envelope. `output` is what PHP printed on the way.
    pub(crate) fn json(outcome: &Outcome, output: &str) -> Self {
        let mut body = String::new();
        match outcome {
            Ok(results) => {
                body.push_str("{\"status\":\"OK\",\"results\":");
                results.write(&mut body);
            }
            Err(text) => {
                body.push_str("{\"status\":\"ERROR\",\"results\":null,\"error\":");
                Json::text(text).write(&mut body);
            }
        }
        if !output.is_empty() {
            body.push_str(",\"output\":");
            Json::text(output).write(&mut body);
        }
        body.push('}');
        Self::new(200, "application/json", body)
    }

    pub(crate) fn unauthorized(realm: &str) -> Self {
        let body = r#"{"status":"ERROR","results":"","error":"401 Unauthorized request"}"#;
        let header = Some(("www-authenticate", format!("Basic realm=\"{realm}\"")));
        Self { header, ..Self::new(401, "application/json", body) }
    }

    /// Nothing at all, with 200.
    pub(crate) fn empty() -> Self {
        Self::new(200, "application/json", "")
    }

    pub(crate) fn plain_text(body: &str) -> Self {
        Self::new(200, "text/plain;charset=UTF-8", body)
    }

    pub(crate) fn api_disabled() -> Self {
        Self::new(404, "text/html; charset=UTF-8", "API not enabled")
    }

    /// A page that PHP printed in place of an answer.
    pub(crate) fn php_page(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "text/html; charset=UTF-8", body)
    }

    pub(crate) fn moved(location: String) -> Self {
        Self {
            header: Some(("location", location)),
            ..Self::apache(301, "Moved Permanently", "The document has moved.")
        }
    }

    pub(crate) fn forbidden() -> Self {
        Self::apache(403, "Forbidden", FORBIDDEN)
    }

    pub(crate) fn not_found() -> Self {
        Self::apache(404, "Not Found", NOT_FOUND)
    }

    pub(crate) fn apache(status: u16, reason: &str, text: &str) -> Self {
        // Apache titles 403 with its number and heads the page with the reason alone.
        let body = format!(
            "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\" \"http://www.w3.org/TR/html4/strict.dtd\">\n\
             <html><head>\n<title>{status} {reason}</title>\n</head><body>\n<h1>{reason}</h1>\n<p>{text}</p>\n\
             </body></html>\n"
        );
        Self::new(status, "text/html; charset=iso-8859-1", body)
    }
}
