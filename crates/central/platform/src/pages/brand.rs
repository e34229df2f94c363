//! The operator's colour, as a sheet behind the common one. The colour stands in the path, so a browser may keep it for ever
//! and nothing is read to serve it; a style in the page itself would need a weaker policy.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use counterfoil_domain::brand::Accent;

/// Where the sheet of a colour is served.
pub(super) fn path(accent: Accent) -> String {
    format!("/brand/{}.css", accent.to_string().trim_start_matches('#'))
}

/// The sheet with this file name; none where it names no colour on which text can be read.
pub fn sheet(name: &str) -> Option<Response> {
    let accent: Accent = format!("#{}", name.strip_suffix(".css")?).parse().ok()?;
    let css = format!(":root {{\n  --brand: {accent};\n  --on-brand: {};\n}}\n", accent.text());
    let mut response = css.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_readable_colour_has_a_sheet() {
        let accent: Accent = "#1F4079".parse().expect("a colour");
        assert_eq!(path(accent), "/brand/1f4079.css");
        assert!(sheet("1f4079.css").is_some());
        for bad in ["", "1f4079", "red.css", "808080.css", "#1f4079.css", "1f4079;}body{.css"] {
            assert!(sheet(bad).is_none(), "{bad}");
        }
    }
}
