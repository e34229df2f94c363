//! Pages by key.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::zero_byte;
use counterfoil_wire::page::{DEFAULT_LIMIT, MAX_LIMIT, Page};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// The rows of a page, as asked for.
pub(crate) fn limit(asked: Option<u32>) -> Result<i64, Failure> {
    let limit = asked.unwrap_or(DEFAULT_LIMIT);
    if (1..=MAX_LIMIT).contains(&limit) {
        Ok(i64::from(limit))
    } else {
        Err(Failure::validation(vec![field("limit", format!("a page has 1 to {MAX_LIMIT} rows"))]))
    }
}

/// A page out of rows read with one more than `limit`: the extra row only tells that there are more. `key` names the
/// last row of the page, for the `after` of the next.
pub(crate) fn page<T>(mut rows: Vec<T>, limit: i64, key: impl Fn(&T) -> String) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(key) } else { None };
    Page { items: rows, next }
}

/// A key as opaque text for `after`.
pub(crate) fn key_text(key: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

/// The key behind an `after`.
pub(crate) fn key_of<T: DeserializeOwned>(after: Option<&str>) -> Result<Option<T>, Failure> {
    let Some(text) = after else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| !zero_byte::is_in_json(bytes));
    bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .map(Some)
        .ok_or_else(|| Failure::validation(vec![field("after", "not a `next` of this list: start again without it")]))
}

/// The key (time, id) that the rows of a list, newest first, stand before; all stand before the end of time.
pub(crate) fn newest_before(after: Option<&str>) -> Result<(i64, Uuid), Failure> {
    Ok(key_of(after)?.unwrap_or((i64::MAX, Uuid::max())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_as_it_was_and_nothing_else_is_one() {
        let key = ("Corner Shop".to_owned(), 7_i64);
        assert_eq!(key_of(Some(&key_text(&key))).expect("key"), Some(key));
        assert!(key_of::<(String, i64)>(Some("x.y")).is_err());
        assert!(key_of::<(String, i64)>(Some(&key_text(&7))).is_err());
        assert!(key_of::<(String, i64)>(Some(&key_text(&("Corner\0Shop", 7)))).is_err());
    }

    #[test]
    fn the_extra_row_only_tells_that_there_are_more() {
        let full = page(vec![1, 2, 3], 2, ToString::to_string);
        assert_eq!((full.items, full.next.as_deref()), (vec![1, 2], Some("2")));
        assert_eq!(page(vec![1, 2], 2, ToString::to_string).next, None);
        assert!(limit(Some(0)).is_err() && limit(Some(501)).is_err() && limit(None).is_ok_and(|l| l == 100));
    }
}
