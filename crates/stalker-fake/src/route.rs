//! From a request line to a resource and its identifiers, through Apache's and the shipped rewrite rules.

use crate::form::{decode, decode_path};

/// Longest path that Apache 2.4 takes before it forbids it, and before it says that it is too long.
const FORBIDDEN_FROM: usize = 4_000;
const TOO_LONG_FROM: usize = 8_000;

/// Where a request leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// The API, with `RESOURCE` and the identifiers, which are empty when none was named.
    Api {
        resource: String,
        ids: Vec<String>,
    },
    /// The resource's name is no UTF-8, so that the error cannot be written as JSON.
    Unwritable,
    /// No slash after `api`.
    Moved(String),
    Forbidden,
    NotFound,
    TooLong,
}

/// `twice` is what something in front may do to a query.
pub(crate) fn route(folder: &str, path: &str, query: Option<&str>, twice: bool) -> Route {
    if path.len() >= TOO_LONG_FROM {
        return Route::TooLong;
    }
    let decoded = decode_path(path);
    if path.to_ascii_lowercase().contains("%2f") {
        return Route::NotFound;
    }
    if path.len() >= FORBIDDEN_FROM || decoded.iter().any(|byte| *byte <= b' ' || *byte == 0x7f) {
        return Route::Forbidden;
    }
    let base = format!("{folder}/api");
    let Some(rest) = decoded.strip_prefix(base.as_bytes()) else { return Route::NotFound };
    let rest = match rest {
        b"" | b"/v1" => return Route::Moved(format!("{path}/")),
        [b'/', rest @ ..] => rest.strip_prefix(b"v1/").unwrap_or(rest),
        _ => return Route::NotFound,
    };
    let q = match rest {
        b"index.php" if twice => decode(&given_query(query.unwrap_or_default())),
        b"index.php" => given_query(query.unwrap_or_default()),
        path => glued_query(path),
    };
    resource(&q)
}

/// `index.php?q=...`, decoded once.
fn given_query(query: &str) -> Vec<u8> {
    let q = query.split('&').find_map(|pair| pair.strip_prefix("q=")).unwrap_or_default();
    decode(q.as_bytes())
}

/// The rewrite rule glues the decoded path into `q=` as it is, and PHP decodes it once more.
fn glued_query(path: &[u8]) -> Vec<u8> {
    decode(path.split(|byte| *byte == b'&').next().unwrap_or_default())
}

fn resource(q: &[u8]) -> Route {
    let mut parts = q.split(|byte| *byte == b'/');
    let Ok(resource) = String::from_utf8(parts.next().unwrap_or_default().to_vec()) else { return Route::Unwritable };
    let ids = String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    // PHP's empty("0") is true.
    let ids = match ids.as_str() {
        "" | "0" => Vec::new(),
        ids => ids.split(',').map(str::to_owned).collect(),
    };
    Route::Api { resource, ids }
}

/// `stb_msg` as a PHP class is named: `StbMsg`.
pub(crate) fn class_name(resource: &str) -> String {
    resource
        .split('_')
        .map(|part| {
            let mut letters = part.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(path: &str, query: Option<&str>) -> Vec<String> {
        match route("/stalker_portal", path, query, false) {
            Route::Api { ids, .. } => ids,
            other => panic!("{path}: {other:?}"),
        }
    }

    #[test]
    fn what_the_rewrite_rules_do_to_an_identifier() {
        let path = |id: &str| ids(&format!("/stalker_portal/api/users/{id}"), None);
        assert_eq!(path("a%2Bb"), ["a b"]);
        assert_eq!(path("a%252Bb"), ["a+b"]);
        assert_eq!(path("ivan%26x"), ["ivan"]);
        assert_eq!(path("100%25"), ["100%"]);
        assert_eq!(path("0"), [""; 0]);
        assert_eq!(path(","), ["", ""]);
        assert_eq!(ids("/stalker_portal/api/v1/index.php", Some("q=users/a%2Bb")), ["a+b"]);
    }

    #[test]
    fn what_apache_answers_itself() {
        let route = |path: &str| route("/stalker_portal", path, None, false);
        assert_eq!(route("/stalker_portal/api/users/a%2Fb"), Route::NotFound);
        assert_eq!(route("/stalker_portal/api/accounts/%20"), Route::Forbidden);
        assert_eq!(route("/stalker_portal/api"), Route::Moved("/stalker_portal/api/".to_owned()));
        assert_eq!(route("/c/"), Route::NotFound);
    }
}
