//! The feed's cursor.

use counterfoil_domain::feed::Cursor;

/// A cursor has one text: two texts for one place would be two places to whoever compares them.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Cursor::from_text(&text) {
        Ok(cursor) => {
            assert_eq!(cursor.to_text(), text);
            assert!(cursor.version >= 0);
            assert!(!cursor.is_before(cursor.version, cursor.table, cursor.key));
        }
        Err(reason) => crate::says_why(&reason),
    }
}
