//! Tests of the engine, the same on both databases.

mod business;
mod crowds;
mod desk;
mod edge;
mod leases;
mod ledger;
mod proof;
mod pulling;
mod pushing;
mod races;
mod redeeming;
mod routes;
mod selling;
mod sessions;
mod web;
mod world;
