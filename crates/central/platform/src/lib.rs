//! What Central needs that knows no database. Everything that holds a transaction is in `../engine`, compiled once for
//! each database.

pub mod clock;
pub mod failure;
pub mod keys;
pub mod settings;
