//! Tests of the engine, the same on both databases.

mod business;
mod edge;
mod ledger;
mod routes;
mod sessions;
mod web;
mod world;
