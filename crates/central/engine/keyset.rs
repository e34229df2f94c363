//! Pages of what is ordered by time and id, the newest first: the key of the last row is the `after` of the next page.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

/// The key of a row, as the caller gives it back.
pub(crate) fn key(at: Timestamp, id: Uuid) -> String {
    format!("{}.{}", at.0, id.simple())
}

/// What the rows of the page stand before; everything stands before the end of time.
pub(crate) fn before(after: Option<&str>) -> Result<(i64, Uuid), Failure> {
    let Some(text) = after else { return Ok((i64::MAX, Uuid::max())) };
    let read = || {
        let (at, id) = text.split_once('.')?;
        Some((at.parse().ok()?, id.parse().ok()?))
    };
    read().ok_or_else(|| Failure::validation(vec![field("after", "give the `next` of the page before")]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_as_it_was_given() {
        let id = Uuid::from_bytes([7; 16]);
        assert_eq!(before(Some(&key(Timestamp(5), id))).expect("key"), (5, id));
        assert_eq!(before(None).expect("key"), (i64::MAX, Uuid::max()));
        assert!(before(Some("5")).is_err() && before(Some("x.y")).is_err());
    }
}
