//! What Central needs that knows no database. Everything that holds a transaction is in `../engine`, compiled once for
//! each database.

pub mod calendar;
pub mod clock;
pub mod console;
pub mod failure;
pub mod http;
pub mod ids;
pub mod in_words;
pub mod inflate;
pub mod keys;
pub mod pages;
pub mod passwords;
pub mod salt;
pub mod seal;
pub mod settings;
pub mod tokens;
