//! The rows, one file each. A new one is a file with a [`Row`] and a line in [`ALL`].

mod accounts;
mod codes_openssl;
mod codes_raw;
mod codes_sold;
mod dashboard;
mod delta;
mod desktop;
mod initial_sync;
mod initial_sync_import;
mod initial_sync_pouchdb;
mod market;
mod portal_sync;
mod provisioning;
mod redemption_postgres;
mod redemption_sqlite;
mod redemption_sqlite_tpcb;
mod sale;
mod search;

use anyhow::Result;

use crate::prepared::Prepared;
use crate::row::Row;

type Make = fn(&mut Prepared) -> Result<Box<dyn Row>>;

pub(crate) const ALL: [(&str, Make); 18] = [
    ("redemption-postgres", redemption_postgres::row),
    ("redemption-sqlite", redemption_sqlite::row),
    ("redemption-sqlite-tpcb", redemption_sqlite_tpcb::row),
    ("provisioning", provisioning::row),
    ("portal-sync", portal_sync::unchanged),
    ("portal-sync-first", portal_sync::first),
    ("codes-raw", codes_raw::row),
    ("codes-openssl", codes_openssl::row),
    ("codes-sold", codes_sold::row),
    ("initial-sync", initial_sync_import::row),
    ("initial-sync-pouchdb", initial_sync_pouchdb::row),
    ("delta", delta::row),
    ("search", search::row),
    ("accounts", accounts::row),
    ("dashboard", dashboard::row),
    ("market", market::row),
    ("sale", sale::row),
    ("desktop", desktop::row),
];
