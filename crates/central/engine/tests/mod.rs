//! Tests of the engine, the same on both databases.

mod ledger;
mod sessions;
mod world;
