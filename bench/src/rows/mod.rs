//! The rows, one file each. A new one is a file with a [`Row`] and a line in [`ALL`].
//!
//! Still to come, each in a file of its own: `initial_sync` (1,000,000 and 100,000 rows against `sqlite3 .import` and
//! PouchDB), `delta`, `search` (as you type over 1,000,000 rows against a LIKE scan), `sale` (one sale of the client
//! against one raw durable insert), `cold_start`.

mod codes_openssl;
mod codes_raw;
mod redemption_postgres;
mod redemption_sqlite;
mod redemption_sqlite_tpcb;

use anyhow::Result;

use crate::row::Row;

type Make = fn() -> Result<Box<dyn Row>>;

pub(crate) const ALL: [(&str, Make); 5] = [
    ("redemption-postgres", redemption_postgres::row),
    ("redemption-sqlite", redemption_sqlite::row),
    ("redemption-sqlite-tpcb", redemption_sqlite_tpcb::row),
    ("codes-raw", codes_raw::row),
    ("codes-openssl", codes_openssl::row),
];
