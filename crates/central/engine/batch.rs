//! Statements that write or ask for many rows at once.

/// Rows of one statement. SQLite takes 32,766 values, and no table written like this has more than 24 columns.
pub(crate) const ROWS: usize = 1_000;

/// Statements kept prepared on a connection; some of them come in a few lengths.
pub(crate) const STATEMENTS: usize = 400;

/// Whether a statement of so many rows comes again often enough to stay prepared.
pub(crate) fn kept<T>(batch: &[T]) -> bool {
    batch.len() <= 16 || batch.len() == ROWS
}
