//! Central's engine: every feature that holds a transaction, and the HTTP edge over it.
//!
//! This folder is compiled twice, by `../sqlite` and `../postgres`, so that one set of SQL is checked against both
//! databases. A feature is a folder: `mod.rs` decides, `repo.rs` has all its SQL; its edge is in `http/`.

pub(crate) mod account;
mod app;
mod applications;
mod audit;
mod backup;
mod batch;
mod begins;
mod boxes;
mod candidate;
pub(crate) mod code;
mod code_jobs;
mod commission;
mod console;
mod credit_packs;
mod credits;
mod customers;
mod dashboard;
mod device;
mod drift;
mod feed;
mod http;
mod jobs;
mod lease;
mod ledger;
mod live;
mod lot;
mod members;
mod operators;
mod payments;
mod permissions;
mod plans;
mod portal_jobs;
mod portal_sync;
mod portals;
mod prices;
mod provisioning;
mod push;
mod rate;
mod redemption;
mod resellers;
mod sample_data;
pub(crate) mod schema;
mod search;
mod sendings;
mod sessions;
mod settlement;
mod snapshot;
mod staff;
mod stored;
#[cfg(test)]
mod tests;
mod together;
mod top_ups;
mod troubleshooting;
mod work;

pub use app::{App, OpenError};
pub use audit::{run as run_sealing, run_once as run_sealing_once};
pub(crate) use backup::repo as backup_repo;
pub use backup::{backup_begin, backup_finish, backup_to, is_backup, restored};
pub use code_jobs::{run_code_jobs, run_code_jobs_once};
pub use commission::{run_accruals, run_accruals_once};
pub use console::{create_admin, observe, verify};
pub use dashboard::{run_counting, run_counting_once};
pub use http::{openapi, router};
pub use jobs::{run_jobs, run_once as run_jobs_once};
pub use portal_jobs::{run_portal_jobs, run_portal_jobs_once};
pub use provisioning::{run_provisioning, run_provisioning_once};
pub use sample_data::fill as fill_with_sample_data;
pub use schema::SchemaError;
pub use sendings::{run_sendings, run_sendings_once};
