//! What Central needs that knows no database. Everything that holds a transaction is in `../engine`, compiled once for
//! each database.

pub mod api_keys;
pub mod calendar;
pub mod chance;
pub mod clock;
pub mod console;
pub mod copied_file;
pub mod csv;
pub mod failure;
pub mod http;
pub mod ids;
pub mod in_words;
pub mod inflate;
pub mod keys;
pub mod live;
pub mod mail;
pub mod pages;
pub mod passwords;
pub mod salt;
pub mod seal;
pub mod sealed;
pub mod second_factor;
pub mod settings;
pub mod snapshots;
pub mod tokens;
pub mod zero_byte;
