//! Tests of the engine, the same on both databases.

mod business;
mod crowds;
mod desk;
mod drift;
mod edge;
mod following;
mod leases;
mod ledger;
mod live;
mod portals;
mod proof;
mod provisioning;
mod pulling;
mod pushing;
mod races;
mod redeeming;
mod restoring;
mod routes;
mod selling;
mod sessions;
mod snapshots;
mod together;
mod upgrading;
mod walls;
mod web;
mod world;
