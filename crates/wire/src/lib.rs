//! What Central and its clients say to each other: one shape for both ends.
//!
//! Requests refuse unknown fields; responses may grow. Amounts are integers with a unit, times Unix milliseconds,
//! ids UUIDs, binary fields base64 (standard alphabet, padded).

pub mod accounts;
pub mod api_keys;
pub mod applications;
pub mod audit;
pub mod boxes;
pub mod brand;
pub mod bulk;
pub mod codes;
pub mod commission;
pub mod credit_packs;
pub mod credits;
pub mod customers;
pub mod dashboard;
pub mod devices;
pub mod drift;
pub mod endpoint;
pub mod jobs;
pub mod leases;
pub mod live;
pub mod lots;
pub mod market;
pub mod members;
pub mod notices;
pub mod order_import;
pub mod orders;
pub mod page;
pub mod payments;
pub mod payouts;
pub mod permissions;
pub mod plans;
pub mod portals;
pub mod prices;
pub mod problem;
pub mod providers;
pub mod public;
pub mod pull;
pub mod push;
pub mod ranges;
pub mod rates;
pub mod relationships;
pub mod reports;
pub mod resellers;
pub mod second_factor;
pub mod sendings;
pub mod sessions;
pub mod settings;
pub mod settlements;
pub mod signature;
pub mod simulation;
pub mod snapshot;
pub mod staff;
pub mod statistics;
pub mod top_ups;
pub mod troubleshooting;

/// Every path of the API begins with it.
pub const API_ROOT: &str = "/api/v1";
